"""`slipway move` and `slipway begin-anew`: everything comes along or nothing does, and what was open is ended."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, insert, make_url, select, text
from support.databases import database_in

from webapp.store.accounts import Accounts
from webapp.store.backups import begin_anew
from webapp.store.database import open_database
from webapp.store.events import INSERT_EVENT, SLIPWAY, Actor, NewEvent
from webapp.store.journal import ANY_VERSION, Entry, Journal
from webapp.store.keys import WrongKey, prove_key
from webapp.store.models import Base, BrowserSession, Event, Invitation, Secret, Submission, table_of
from webapp.store.moving import MoveError, address_from, move
from webapp.store.reading import Duplicates
from webapp.store.templates import NewVersion, TemplateTable
from webapp.store.vault import Vault

KEY = "the key of these tests"
VAULT = Vault([KEY])
ADA = Actor("ada", "Ada")


@pytest.fixture
def before(tmp_path: Path) -> Iterator[Engine]:
    """An SQLite database with something in most tables."""
    (tmp_path / "before").mkdir()
    engine = open_database(address_before(tmp_path))
    prove_key(engine, VAULT)
    journal, now = Journal(engine, VAULT), datetime.now(UTC)
    Accounts(engine, journal.writing, journal._clock).add(
        {"id": "ada", "name": "Ada", "role": "administrator", "login": "ada"}, NewEvent(SLIPWAY, "added")
    )
    TemplateTable(engine, journal.writing, journal._clock, VAULT).add(
        "t", NewVersion("Nightly", {"boxes": [1, "ä"]}, {"password": "canary"}), NewEvent(ADA, "made a template")
    )
    typed = {"name": "Run tests", "inline_commands": "printf '\u0000'"}
    for number in range(3):
        draft = Entry(str(number), "ada", "buddy", "site", 2, None, "Run\0", typed, {}, {"p": f"canary {number}"})
        journal.put(draft, "draft", ())
    nobody = Duplicates((), (), now)
    sent = NewEvent(ADA, "sent", "sending")
    more = {"fingerprint": "f", "sent_at": now, "lease_until": now + timedelta(seconds=90)}
    journal.claim(draft, {"draft"}, ANY_VERSION, sent, nobody, **more)
    with engine.begin() as connection:
        session = {"key": "k", "id": "i", "account": "ada", "begun_at": now, "seen_at": now, "browser": "", "way": "x"}
        connection.execute(insert(table_of(BrowserSession)), session)
        link = {"key": "l", "account": "ada", "expires_at": now, "first": False}
        connection.execute(insert(table_of(Invitation)), link)
    yield engine
    engine.dispose()


@pytest.fixture
def after(tmp_path: Path) -> Iterator[Engine]:
    """An empty database of the kind that the tests are run with."""
    engine = open_database(database_in(tmp_path))
    yield engine
    engine.dispose()


def address_before(folder: Path) -> str:
    return f"sqlite:///{folder}/before/slipway.db"


def content(engine: Engine, but: str = "") -> dict[str, list[Any]]:
    """All rows of all tables, read as Slipway reads them; NUL as what stands for it."""
    with engine.connect() as connection:
        return {
            table.name: [
                tuple(value.replace("\0", "\ufffd") if isinstance(value, str) else value for value in row)
                for row in connection.execute(select(table).order_by(*table.primary_key))
                if but not in row._mapping.values()
            ]
            for table in Base.metadata.sorted_tables
        }


def test_everything_comes_along_as_it_is_and_further_rows_are_numbered_after_it(before: Engine, after: Engine) -> None:
    moved = move(before, after, VAULT)
    counts = moved.counts
    assert moved.shortened == {}
    found = content(after, but="moved the database")
    assert found == content(before, but="moved the database")
    assert counts == {name: len(rows) for name, rows in found.items()}
    assert {"submissions", "secrets", "events", "accounts", "sessions", "templates"} <= {n for n in counts if counts[n]}
    prove_key(after, VAULT)
    journal = Journal(after, VAULT)
    assert journal.secrets(["0"]) == {"p": "canary 0"}
    assert journal.put(Entry("9", "ada", "buddy", "site", 2, None, "New", {}, {}, {}), "draft", ()) == 1
    with after.connect() as connection:
        assert connection.scalar(select(Submission.number).where(Submission.id == "9")) == 4
        assert connection.scalar(select(Event.details).where(Event.verb == "moved the database")) == {
            "rows": sum(counts.values())
        }


def test_and_back_again(before: Engine, after: Engine, tmp_path: Path) -> None:
    move(before, after, VAULT)
    back = open_database(f"sqlite:///{tmp_path}/back.db")
    move(after, back, VAULT)
    assert content(back, but="moved the database") == content(before, but="moved the database")
    back.dispose()


def test_what_can_not_come_along_leaves_nothing_behind_and_a_second_try_succeeds(
    before: Engine, after: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with after.begin() as connection:
        connection.execute(text("ALTER TABLE events RENAME TO elsewhere"))
    with pytest.raises(Exception, match="events"):
        move(before, after, VAULT)
    with after.begin() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO events"))
        assert connection.scalar(select(func.count()).select_from(Submission)) == 0
    assert move(before, after, VAULT).counts["submissions"] == 3


def write_before(engine: Engine, statement: str, **values: object) -> None:
    """Change a row of the SQLite database as an old Slipway could write it."""
    with engine.begin() as connection:
        assert connection.execute(text(statement), values).rowcount == 1


@pytest.mark.postgresql
def test_what_is_too_long_for_postgresql_and_only_tells_something_comes_along_shortened(
    before: Engine, after: Engine
) -> None:
    name, place = "Ada " * 100, "p" * 300
    event = "INSERT INTO events (at, person_name, verb, details, workspace) VALUES (0, :name, 'did', '{}', :place)"
    write_before(before, event, name=name, place=place)
    write_before(before, "UPDATE submissions SET owner_name = :name WHERE id = '0'", name=name)
    write_before(before, "UPDATE sessions SET browser = :name", name=name)
    moved = move(before, after, VAULT)
    shortened = {"events.person_name": 1, "events.workspace": 1, "submissions.owner_name": 1, "sessions.browser": 1}
    assert moved.shortened == shortened
    with after.connect() as connection:
        told = connection.execute(select(Event.person_name, Event.workspace).where(Event.verb == "did")).one()
        assert told == (name[:254] + "…", place[:254] + "…")
        assert connection.scalar(select(Submission.owner_name).where(Submission.id == "0")) == told.person_name
        assert connection.scalar(select(BrowserSession.browser)) == told.person_name
        moving = connection.scalar(select(Event.details).where(Event.verb == "moved the database"))
        assert moving == {"rows": sum(moved.counts.values()), "shortened": shortened}


# What stands in a row that PostgreSQL can't hold → what is said of it.
TOO_MUCH: dict[str, tuple[str, object, str]] = {
    "a text by which a place is found": (
        "workspace",
        "canary" * 50,
        "workspace of the row with number = 2 in the table submissions has 300 characters, and PostgreSQL takes 255: "
        "shorten all that are longer in the database that FROM names, with UPDATE submissions SET workspace = "
        "substr(workspace, 1, 255) WHERE length(workspace) > 255, and start again",
    ),
    "a number": (
        "status",
        2**40,
        "the row with number = 2 in the table submissions can't be held by the new database: integer out of range; "
        "correct or remove it in the database that FROM names, and start again",
    ),
}


@pytest.mark.postgresql
@pytest.mark.parametrize(("column", "value", "told"), TOO_MUCH.values(), ids=TOO_MUCH)
def test_a_row_that_can_not_come_along_is_named_without_its_content_and_with_what_to_do(
    before: Engine, after: Engine, column: str, value: object, told: str
) -> None:
    write_before(before, f"UPDATE submissions SET {column} = :value WHERE number = 2", value=value)
    with pytest.raises(MoveError) as refused:
        move(before, after, VAULT)
    assert str(refused.value) == told
    with after.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(Submission)) == 0
    told_to_do = re.search("UPDATE .* > 255", told)
    write_before(before, told_to_do[0] if told_to_do else "UPDATE submissions SET status = NULL WHERE number = 2")
    assert move(before, after, VAULT).counts["submissions"] == 3


def test_nothing_is_moved_into_what_is_not_empty_or_with_another_key(before: Engine, after: Engine) -> None:
    with pytest.raises(WrongKey):
        move(before, after, Vault(["another key of the tests"]))
    with after.begin() as connection:
        connection.execute(INSERT_EVENT, NewEvent(SLIPWAY, "invited").columns(datetime.now(UTC)))
    with pytest.raises(MoveError, match="is not empty"):
        move(before, after, VAULT)
    with after.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(Submission)) == 0


def test_what_was_only_prepared_is_still_empty_whichever_key_was_set_then(before: Engine, after: Engine) -> None:
    prove_key(after, Vault(["the key that was set when slipway migrate ran"]))
    assert move(before, after, VAULT).counts["key_proof"] == 1
    prove_key(after, VAULT)


def test_from_names_a_file_or_a_variable_and_never_holds_the_address(before: Engine, tmp_path: Path) -> None:
    address = address_before(tmp_path)
    (tmp_path / "address").write_text(f"{address}\n")
    for name in (str(tmp_path / "address"), "BEFORE", str(tmp_path / "before" / "slipway.db")):
        assert address_from(name, {"BEFORE": address}).database == make_url(address).database
    (tmp_path / "mysql").write_text("mysql://slipway:canary@localhost/slipway")
    for name, told in {
        "postgresql://slipway:canary@localhost/slipway": "FROM must be a file that holds the address",
        str(tmp_path / "mysql"): "Slipway can use no other database$",
        "GONE": "there is no SQLite database",
    }.items():
        with pytest.raises(MoveError, match=told) as refused:
            address_from(name, {"GONE": f"sqlite:///{tmp_path}/gone.db"})
        assert "canary" not in str(refused.value)


def command(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    own = {"SLIPWAY_DATABASE_URL": database_in(folder), "SLIPWAY_SECRET_KEY": KEY, "BUDDY_TOKEN": "token-of-the-tests"}
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("SLIPWAY_", "BUDDY_"))}
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "webapp", *words],
        env=inherited | own | {"BEFORE": address_before(folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_nothing_is_moved_from_where_slipway_is_running(before: Engine, tmp_path: Path) -> None:
    with before.connect() as running:
        running.execute(select(table_of(BrowserSession))).all()
        refused = command(tmp_path, "move", "BEFORE")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == ("Nothing was moved: Slipway is running on the database that FROM names: stop it first\n")
    before.dispose()
    assert command(tmp_path, "move", "BEFORE").returncode == 0


def test_of_two_who_move_at_once_one_finds_it_not_empty(before: Engine, after: Engine) -> None:
    both = Barrier(2)

    def wait(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO accounts"):
            with suppress(BrokenBarrierError):
                both.wait(1)

    def ended(_: int) -> str:
        try:
            return "moved" if move(before, after, VAULT) else ""
        except MoveError as error:
            return str(error)

    event.listen(after, "before_cursor_execute", wait)
    with ThreadPoolExecutor(2) as movers:
        ends = sorted(movers.map(ended, range(2)), key=len)
    assert ends[0] == "moved"
    assert ends[1].startswith("the database of SLIPWAY_DATABASE_URL is not empty")


def test_the_commands_say_what_they_did(before: Engine, tmp_path: Path) -> None:
    before.dispose()
    assert command(tmp_path, "migrate").returncode == 0
    moved = command(tmp_path, "move", "BEFORE")
    assert (moved.returncode, moved.stderr) == (0, "")
    assert "Everything is in the database of SLIPWAY_DATABASE_URL now, and the key fits." in moved.stdout
    assert "submissions 3" in moved.stdout
    assert "longer than PostgreSQL takes" not in moved.stdout
    again = command(tmp_path, "move", "BEFORE")
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr.startswith("Nothing was moved: the database of SLIPWAY_DATABASE_URL is not empty")
    ended = command(tmp_path, "begin-anew")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == (
        "Everybody has to sign in again, and links that make somebody choose a password no longer work.\n"
        "Sends that were on their way: 1. Slipway looks for them in Buddy as soon as it runs.\n"
    )


@pytest.mark.postgresql
def test_the_command_says_what_it_has_shortened(before: Engine, tmp_path: Path) -> None:
    for number in range(2):
        write_before(before, f"UPDATE submissions SET owner_name = :name WHERE id = '{number}'", name="n" * 300)
    before.dispose()
    moved = command(tmp_path, "move", "BEFORE")
    assert (moved.returncode, moved.stderr) == (0, "")
    assert (
        "Texts that were longer than PostgreSQL takes end with “…” now; rows: submissions.owner_name in 2.\n"
        "The database before is as it was."
    ) in moved.stdout


def test_after_a_restore_nobody_is_signed_in_and_what_was_being_sent_is_due(before: Engine) -> None:
    assert begin_anew(before) == 1
    found = content(before)
    assert (found["sessions"], found["invitations"], len(found["secrets"])) == ([], [], 3)
    with before.connect() as connection:
        (row,) = connection.execute(select(Submission.next_look, Submission.lease_until).where(Submission.id == "2"))
        assert row.next_look == row.lease_until
        assert connection.scalars(select(Event.verb).order_by(Event.number)).all()[-1] == "restored a backup"
        assert connection.scalars(select(Secret.submission).order_by(Secret.submission)).all() == ["0", "1", "2"]
