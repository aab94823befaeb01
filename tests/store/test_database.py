"""The tables, and the journal's promises that no page shows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select, update
from sqlalchemy.orm import Session
from support.databases import database_in

from webapp.store.database import open_database
from webapp.store.events import Actor, NewEvent
from webapp.store.failures import JournalUnavailable
from webapp.store.journal import ANY_VERSION, Entry, Journal
from webapp.store.models import Secret, Submission
from webapp.store.reading import Duplicates, HistoryKey
from webapp.store.vault import Vault

KEY = "a key of the tests, long enough"


def entry(id: str, **secrets: str) -> Entry:
    return Entry(id, "local", "buddy", "site", 2, None, "Run tests", {"name": "Run tests"}, {}, secrets)


def test_a_database_that_is_up_to_date_opens_again(tmp_path: Path) -> None:
    for _ in range(2):
        open_database(database_in(tmp_path)).dispose()


@pytest.mark.sqlite
def test_sqlite_survives_a_power_cut_and_waits_for_its_lock(engine: Engine) -> None:
    with engine.connect() as connection:
        pragmas = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")]
        assert pragmas == ["wal", 2]
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 5000


# What a column can not hold; SQLite could, but for the limits that the tests set.
BEYOND: dict[str, dict[str, Any]] = {
    "a text": {"workspace": "w" * 256},
    "a number": {"template_version": 2**31},
    "what is no JSON": {"snapshot": {"size": float("inf")}},
}


@pytest.mark.parametrize("beyond", BEYOND.values(), ids=BEYOND)
def test_what_does_not_fit_a_column_is_written_in_no_database(journal: Journal, beyond: dict[str, Any]) -> None:
    for _ in ("a new row", "a row that is there"):
        with pytest.raises(JournalUnavailable):
            journal.put(replace(entry("a"), **beyond), "draft", {"draft"})
        journal.put(entry("a"), "draft", {"draft"})


def test_a_row_is_written_over_only_in_the_expected_state_and_by_its_owner(journal: Journal) -> None:
    assert journal.put(entry("a"), "draft", {"draft"}) == 1
    assert journal.put(entry("a"), "sending", {"draft"}) == 2
    assert journal.put(entry("a"), "draft", {"draft"}) is None
    stranger = Entry("a", "somebody", "buddy", "site", 2, None, "x", {}, {}, {})
    assert journal.put(stranger, "draft", {"draft", "sending"}) is None
    row = journal.find("a")
    assert row is not None
    assert (row.state, row.name, row.owner) == ("sending", "Run tests", "local")


def test_a_step_is_taken_once(journal: Journal) -> None:
    journal.put(entry("a"), "sending", ())
    assert journal.move("a", 1, "sending", "created") == 2
    assert journal.move("a", 1, "sending", "unknown") is None
    assert journal.move("a", 2, "sending", "unknown") is None


def test_a_secret_is_read_back_until_it_is_wiped_or_its_time_is_over(journal: Journal, engine: Engine) -> None:
    journal.put(entry("a", p="hush", q="quiet"), "sending", ())
    journal.put(entry("b", p="still"), "sending", ())
    assert journal.secrets(["a"]) == {"p": "hush", "q": "quiet"}
    journal.move("a", 1, "sending", "created", wipe=True)
    assert (journal.secrets(["a"]), journal.secrets(["b"])) == ({}, {"p": "still"})
    with engine.begin() as connection:
        longest = connection.scalar(select(func.max(Secret.expires_at)))
        assert longest is not None
        assert longest - datetime.now(UTC) < timedelta(hours=24)
        connection.execute(update(Secret).values(expires_at=datetime.now(UTC)))
    assert journal.secrets(["b"]) == {}
    journal.sweep(timedelta(days=1))
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(Secret)) == 0


def test_old_submissions_are_swept_with_their_secrets(journal: Journal, engine: Engine) -> None:
    journal.put(entry("old", p="hush"), "rejected", ())
    journal.put(entry("new", p="hush"), "rejected", ())
    with engine.begin() as connection:
        long_ago = datetime.now(UTC) - timedelta(days=366)
        connection.execute(update(Submission).where(Submission.id == "old").values(changed_at=long_ago))
    journal.sweep(timedelta(days=365))
    assert (journal.find("old"), journal.find("new") is not None) == (None, True)
    with engine.connect() as connection:
        assert connection.scalars(select(Secret.submission)).all() == ["new"]


def test_a_row_is_locked_before_its_secrets_by_all_who_write_both(journal: Journal, engine: Engine) -> None:
    """Else two of them could wait for each other, where a database locks rows and not the whole."""
    written: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        verb, *words = statement.split()
        if verb in ("INSERT", "UPDATE", "DELETE"):
            written.append(words[verb != "UPDATE"])

    actor, nobody = Actor("local", "this computer"), Duplicates((), (), datetime.now(UTC))
    steps: dict[str, Callable[[], object]] = {
        "keep": lambda: journal.put(entry("a", p="hush"), "draft", {"draft"}),
        "send": lambda: journal.claim(
            entry("a", p="hush"), {"draft"}, ANY_VERSION, NewEvent(actor, "sent"), nobody, fingerprint="f"
        ),
        "prove": lambda: journal.move("a", 2, "sending", "created", wipe=True),
        "sweep": lambda: journal.sweep(timedelta(days=1)),
    }
    event.listen(engine, "before_cursor_execute", note)
    found = {}
    for step, take in steps.items():
        written.clear()
        take()
        found[step] = [table for table in dict.fromkeys(written) if table in ("submissions", "secrets")]
    assert found == dict.fromkeys(steps, ["submissions", "secrets"])


def test_the_history_is_paged_by_key_without_gaps_or_repeats(journal: Journal) -> None:
    moment = datetime.now(UTC)
    for number in range(10):
        journal.put(entry(str(number)), "created", (), sent_at=moment - timedelta(seconds=number // 3))
    journal.put(entry("draft"), "draft", ())
    seen: list[str] = []
    before: HistoryKey | None = None
    while rows := journal.history(3, before):
        seen += [row.id for row in rows]
        before = HistoryKey.parse(str(HistoryKey.of(rows[-1])))
    assert sorted(seen, key=int) == [str(number) for number in range(10)]
    assert seen[:3] == ["2", "1", "0"]


@pytest.mark.parametrize("text", ["", "x", "1", "1-", "-1-1", "1-2-3", "٣-1", "1" * 30 + "-1"])
def test_a_key_that_is_none_begins_at_the_newest(text: str) -> None:
    assert HistoryKey.parse(text) is None


def test_a_new_key_writes_and_the_old_one_still_reads() -> None:
    old, both, new = Vault([KEY]), Vault(["the new key of the tests", KEY]), Vault(["the new key of the tests"])
    assert both.open(old.seal("hush")) == "hush"
    assert new.open(both.seal("hush")) == "hush"
    assert new.open(old.seal("hush")) is None
    mark = old.fingerprint(b"content")
    assert (mark == old.fingerprint(b"content"), mark == new.fingerprint(b"content")) == (True, False)


def test_times_are_kept_to_the_millisecond_in_utc(journal: Journal, engine: Engine) -> None:
    moment = datetime(2026, 3, 1, 12, 30, 15, 123_000, tzinfo=UTC)
    journal.put(entry("a"), "created", (), sent_at=moment)
    with Session(engine) as session:
        assert session.scalar(select(Submission.sent_at)) == moment
