"""What answers while the database does not: static files, the sign of life, the pages for what went wrong."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event
from support.pages import Browser
from support.rigs import Rig

Failure = Callable[[Rig, Path], AbstractContextManager[None]]
ASKED_BY_NOBODY = ("/healthz", "/static/{}", "/static/no-such-file.css")


@contextmanager
def broken(team: Rig, folder: Path) -> Iterator[None]:
    """No session can be read."""
    with team.parts.journal._engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE sessions RENAME TO elsewhere")
    yield


@contextmanager
def locked(team: Rig, folder: Path) -> Iterator[None]:
    """Another program has the database for itself, for reading too."""
    team.parts.journal._engine.dispose()
    with closing(sqlite3.connect(folder / "slipway.db", isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        other.execute("CREATE TABLE mine (number)")
        yield


@contextmanager
def gone(team: Rig, folder: Path) -> Iterator[None]:
    """The file is no database any more."""
    team.parts.journal._engine.dispose()
    for file in folder.glob("slipway.db*"):
        file.write_bytes(b"no database " * 1000)
    yield


FAILURES: dict[str, Failure] = {"broken": broken, "locked": locked, "gone": gone}


@pytest.fixture
def team(team_with: Callable[..., Rig], tmp_path: Path) -> Rig:
    """A Slipway that does not wait long for a lock."""
    return team_with(database_url=f"sqlite:///{tmp_path}/slipway.db?timeout=0.1")


def status(browser: Browser, path: str) -> int:
    name = browser.client.application.extensions["slipway"].assets.address("site.css").rpartition("/")[2]
    return int(browser.client.get(path.format(name), base_url=browser.url).status_code)


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_who_is_signed_in_still_gets_files_signs_of_life_and_error_pages(
    team: Rig, tmp_path: Path, failure: Failure
) -> None:
    browser = team.hired("ada")
    with failure(team, tmp_path):
        assert [status(browser, path) for path in ASKED_BY_NOBODY] == [200, 200, 404]
        assert browser.get("/no-such-page").heading == "There is no such page"
        home = browser.get("/")
        assert (home.status, home.heading) == (503, "Slipway can't use its database")


@pytest.mark.parametrize("failure", [locked, gone], ids=["locked", "gone"])
def test_readiness_says_that_the_database_does_not_answer(team: Rig, tmp_path: Path, failure: Failure) -> None:
    browser = team.hired("ada")
    with failure(team, tmp_path):
        assert status(browser, "/readyz") == 503


@pytest.mark.parametrize("path", ASKED_BY_NOBODY)
def test_nothing_is_asked_of_the_database_for_them(team: Rig, path: str) -> None:
    browser = team.hired("ada")
    statements: list[str] = []

    @event.listens_for(team.parts.journal._engine, "before_cursor_execute")
    def count(connection: object, cursor: object, statement: str, *rest: object) -> None:
        statements.append(statement)

    status(browser, path)
    assert statements == []
    browser.get("/")
    assert statements


def test_behind_a_write_that_does_not_end_nobody_waits_for_good(team: Rig, new_form: str) -> None:
    form = team.hired("ada").get(new_form)
    with team.parts.journal.writing(), ThreadPoolExecutor(1) as other:
        page = other.submit(form.send, name="Run tests").result()
    assert (page.status, page.fields["name"]) == (503, "Run tests")
    assert "Nothing was sent to Buddy" in page.text
