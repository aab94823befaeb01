"""What PostgreSQL alone can do: say nothing, quote what was typed, refuse a character."""

import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, insert, make_url, text
from sqlalchemy.exc import DataError, IntegrityError
from support.databases import database_in, empty_database_in

from webapp.store.activity import Activity, Wanted
from webapp.store.database import open_database
from webapp.store.engines import address_of, connect_to
from webapp.store.failures import JournalUnavailable, translated
from webapp.store.journal import Entry, Journal, Names
from webapp.store.models import SignInAttempt, Submission, table_of
from webapp.store.vault import Vault
from webapp.store.words import Index, Words, index_of
from webapp.submissions.states import DONE_STATES

pytestmark = pytest.mark.postgresql

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def entry(id: str, name: str = "Run tests") -> Entry:
    names = Names("Buddy Team", "Company Website", "Live mirror")
    return Entry(id, "local", "buddy", "site", 2, None, name, {"name": name}, {}, {}, names=names)


def test_a_server_that_says_nothing_is_not_waited_for(
    engine: Engine, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    from webapp.store.postgresql import Postgres

    monkeypatch.setattr(Postgres, "answer_seconds", 0.5)
    with pytest.raises(JournalUnavailable, match="does not answer"), translated(), engine.connect() as connection:
        process = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        os.kill(process, signal.SIGSTOP)
        try:
            connection.exec_driver_sql("SELECT 1")
        finally:
            os.kill(process, signal.SIGCONT)
    assert journal.put(entry("a"), "draft", ()) == 1


def test_each_connection_has_its_limits_and_what_the_address_says_wins(engine: Engine, tmp_path: Path) -> None:
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "application_name")
    shown = [text(f"SHOW {name}") for name in names]
    with engine.connect() as connection:
        assert [connection.scalar(each) for each in shown] == ["10s", "5s", "1min", "slipway"]
    own = connect_to(address_of(f"{database_in(tmp_path)}?options=-c%20lock_timeout%3D1s&application_name=desk"))
    with own.connect() as connection:
        assert [connection.scalar(each) for each in shown] == ["10s", "1s", "1min", "desk"]
    own.dispose()


def test_an_error_tells_no_value_of_a_row(engine: Engine, journal: Journal) -> None:
    journal.put(entry("canary"), "draft", ())
    row = {"id": "canary", "owner": "", "workspace": "", "project": "", "pipeline": 1, "state": "draft", "version": 1}
    more = {"name": "", "typed": {}, "snapshot": {}, "created_at": NOW, "changed_at": NOW}
    with pytest.raises(IntegrityError, match="duplicate key") as refused, engine.begin() as connection:
        connection.execute(insert(table_of(Submission)), row | more)
    assert "canary" not in str(refused.value) + str(refused.value.orig)


def test_a_row_that_is_refused_among_many_ends_no_connection(engine: Engine) -> None:
    rows = [{"at": NOW, "login": "ada", "origin": "o" * length} for length in (65, *range(50))]
    with engine.connect() as connection:
        process = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        # Which of the answers that follow is read, and when, is another one each time.
        for _ in range(30):
            with pytest.raises(DataError, match="value too long"), connection.begin_nested():
                connection.execute(insert(table_of(SignInAttempt)), rows)
        assert connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one() == process


def test_a_text_with_the_character_nul_is_kept_with_what_stands_for_it(journal: Journal) -> None:
    assert journal.put(entry("a", "Run\0tests"), "draft", ()) == 1
    found = journal.find("a")
    assert found is not None
    assert (found.name, found.typed) == ("Run\ufffdtests", {"name": "Run\0tests"})
    assert journal.find("\0") is None


def test_parts_of_names_are_found_by_an_index(engine: Engine, journal: Journal) -> None:
    for number, name in enumerate(("Run tests", "Nightly report", "Run Ünit tests")):
        journal.put(entry(str(number), name), "created", (), sent_at=NOW)
    assert index_of(engine) is Index.COLUMNS
    activity = Activity(engine, DONE_STATES)

    def found(*words: str) -> list[str]:
        return [row.name for row in activity.page(Wanted(words=Words(words)), 10).rows]

    assert found("run") == ["Run Ünit tests", "Run tests"]
    assert found("ÜNIT") == ["Run Ünit tests"]
    assert found("mirror", "ghtl") == ["Nightly report"]
    assert found("100%_") == []


@pytest.fixture
def guest(tmp_path: Path) -> Iterator[str]:
    """The address of an empty database for somebody who may make tables there, and install nothing."""
    url = make_url(empty_database_in(tmp_path)).set(drivername="postgresql")
    name, address = f"guest_of_{url.database}", url.render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as owner:
        owner.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'guest'".encode())
        owner.execute(f"GRANT ALL ON SCHEMA public TO {name}".encode())
    yield url.set(username=name, password="guest").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as owner:
        owner.execute(f"DROP OWNED BY {name}".encode())
        owner.execute(f"DROP ROLE {name}".encode())


def test_where_pg_trgm_may_not_be_installed_names_are_found_without_it_until_somebody_does(
    guest: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def found(engine: Engine) -> list[str]:
        return [row.name for row in Activity(engine, DONE_STATES).page(Wanted(words=Words(("ghtl",))), 10).rows]

    engine = open_database(guest)
    assert "let an administrator of the database install it" in caplog.text
    Journal(engine, Vault(["the key of these tests"])).put(entry("a", "Nightly report"), "created", (), sent_at=NOW)
    assert (index_of(engine), found(engine)) == (Index.NONE, ["Nightly report"])
    engine.dispose()
    with psycopg.connect(empty_database_in(tmp_path)) as owner:
        owner.execute("CREATE EXTENSION pg_trgm")
    engine = open_database(guest)
    assert (index_of(engine), found(engine)) == (Index.COLUMNS, ["Nightly report"])
    engine.dispose()


def test_what_is_on_record_can_not_be_emptied(engine: Engine) -> None:
    for table in ("events", "template_versions"):
        with pytest.raises(Exception, match="only ever added"), engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {table} CASCADE"))
