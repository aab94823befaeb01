"""A PostgreSQL that was put back or copied by its own tools: told until somebody has begun anew, and never without."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from support import postgres
from support.buddy import StubBuddy
from support.databases import database_in, empty_database_in, forget_database_in
from support.rigs import Rig
from support.signing_in import sign_in
from support.teams import open_team

from webapp.store.backups import begin_anew
from webapp.store.database import open_database
from webapp.store.monitoring import DatabaseMonitor

pytestmark = pytest.mark.postgresql

# As the guide makes and restores a backup.
DUMP = ("pg_dump", "--format=custom")
RESTORE = ("pg_restore", "--no-owner", "--single-transaction")


def run(program: str, *words: str) -> None:
    subprocess.run([postgres.programs() / program, *words], check=True, capture_output=True, timeout=60)


def dump(url: str, file: Path) -> None:
    run(*DUMP, f"--file={file}", f"--dbname={url}")


def restore(file: Path, url: str, *options: str) -> None:
    run(*RESTORE, *options, f"--dbname={url}", str(file))


def told_of(url: str) -> bool:
    """Whether who starts Slipway on a database is told that it was put back."""
    engine = open_database(url)
    told = DatabaseMonitor(engine).put_back()
    engine.dispose()
    return told


def begin_anew_on(url: str) -> None:
    engine = open_database(url)
    begin_anew(engine)
    engine.dispose()


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A backup of a database that Slipway has used."""
    open_database(database_in(tmp_path)).dispose()
    dump(database_in(tmp_path), tmp_path / "slipway.dump")
    return tmp_path / "slipway.dump"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[str]:
    """An empty database beside it."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    yield empty_database_in(folder)
    forget_database_in(folder)


def test_one_that_pg_restore_has_filled_is_told_of_at_each_start_until_somebody_has_begun_anew(
    backup: Path, elsewhere: str
) -> None:
    restore(backup, elsewhere)
    assert [told_of(elsewhere), told_of(elsewhere)] == [True, True]
    begin_anew_on(elsewhere)
    assert not told_of(elsewhere)


def test_so_is_one_whose_tables_were_made_anew_in_their_place(backup: Path, tmp_path: Path) -> None:
    restore(backup, database_in(tmp_path), "--clean")
    assert told_of(database_in(tmp_path))


def test_so_is_a_backup_of_what_was_put_back_before(backup: Path, elsewhere: str, tmp_path: Path) -> None:
    restore(backup, elsewhere)
    begin_anew_on(elsewhere)
    dump(elsewhere, tmp_path / "second.dump")
    restore(tmp_path / "second.dump", elsewhere, "--clean")
    assert told_of(elsewhere)


def test_one_that_was_cleaned_up_is_not(tmp_path: Path) -> None:
    url = database_in(tmp_path)
    assert not told_of(url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM (FULL, FREEZE)")
        connection.execute("VACUUM (FREEZE)")
    assert not told_of(url)


def test_one_that_a_replica_has_taken_over_is_not() -> None:
    with postgres.running() as server:
        open_database(f"{server.url}postgres").dispose()
        with postgres.following(server) as replica:
            assert not told_of(f"{replica.url}postgres")


def test_administrators_read_it_on_the_first_page_and_whoever_starts_slipway_in_the_log(
    team: Rig, upstream: StubBuddy, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    told = "Run slipway begin-anew on the server"
    boss, ada = team.hired("boss", "administrator"), team.hired("ada")
    assert told not in boss.get("/").text
    dump(database_in(tmp_path), tmp_path / "slipway.dump")
    restore(tmp_path / "slipway.dump", database_in(tmp_path), "--clean")
    assert [told in browser.get("/").text for browser in (boss, ada)] == [True, False]
    open_team(tmp_path, upstream, team.clock).parts.close()
    assert "run slipway begin-anew" in caplog.text
    begin_anew_on(database_in(tmp_path))
    assert told not in sign_in(boss, "boss").text
