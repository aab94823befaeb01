"""What holds although two replicas write at once: nothing here waits for its turn, as all do who write into SQLite."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, insert, select
from support.databases import empty_database_in
from support.interleaving import interleaved

from webapp.store.accounts import Accounts, Link
from webapp.store.authorisation import Conflict
from webapp.store.connection import ConnectionTable
from webapp.store.database import open_database, versions
from webapp.store.events import SLIPWAY, Actor, NewEvent
from webapp.store.journal import ANY_VERSION, NOTHING, Claimed, Entry, Journal, Mark
from webapp.store.models import (
    Account,
    BuddyToken,
    Event,
    Invitation,
    PreparedTemplate,
    Repeat,
    Submission,
    UnfinishedTemplate,
    table_of,
)
from webapp.store.places import PlaceTable, Spot
from webapp.store.reading import DuplicateFound, Duplicates, Quota, QuotaReached
from webapp.store.sign_in_attempts import Limit, SignInAttempts
from webapp.store.templates import MOST_TEMPLATES, NewVersion, TemplateTable, TooManyTemplates
from webapp.store.unfinished import MOST_UNFINISHED, NoRoom, Unfinished, UnfinishedTable
from webapp.store.vault import Vault

pytestmark = pytest.mark.postgresql

VAULT = Vault(["a key of the tests, long enough"])
ADA = Actor("ada", "Ada")
SENT = NewEvent(ADA, "sent", "sending")


def now() -> datetime:
    return datetime.now(UTC)


def entry(id: str, follows: str | None = None) -> Entry:
    return Entry(id, "ada", "buddy", "site", 2, follows, "Run tests", {"name": "Run tests"}, {}, {})


def kinds(*outcomes: object) -> list[str]:
    return sorted(type(outcome).__name__ for outcome in outcomes)


def count(engine: Engine, model: type[Any]) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(model)) or 0


def claim(journal: Journal, id: str, ends: bool = False, unchanged: Mapping[str, int] = NOTHING) -> Claimed | None:
    """Send something, if the rows are `unchanged`; where it `ends`, it was also answered before the call is over."""
    duplicates = Duplicates(("sending", "unknown"), ("created",), now() - timedelta(minutes=10))
    claimed = journal.claim(
        entry(id), {"draft"}, ANY_VERSION, SENT, duplicates, unchanged, fingerprint="the same", sent_at=now()
    )
    if ends and claimed is not None:
        journal.move(id, claimed.version, "sending", "created", finished_at=now())
    return claimed


def test_the_same_content_is_sent_once_although_the_other_is_answered_meanwhile(
    engine: Engine, journal: Journal
) -> None:
    both = interleaved(
        engine, "submissions.fingerprint =", lambda: claim(journal, "a"), lambda: claim(journal, "b", ends=True)
    )
    assert kinds(*both) == ["Claimed", "DuplicateFound"]
    assert isinstance(both[1], DuplicateFound)
    assert count(engine, Submission) == 1


def test_nobody_keeps_more_drafts_than_there_is_room_for(engine: Engine, journal: Journal) -> None:
    quota = Quota(1, 100_000)
    both = interleaved(
        engine,
        "coalesce(sum(",
        lambda: journal.put(entry("a"), "draft", (), quota=quota),
        lambda: journal.put(entry("b"), "draft", (), quota=quota),
    )
    assert kinds(*both) == ["QuotaReached", "int"]
    assert isinstance(both[1], QuotaReached)


def test_of_two_outcomes_of_one_family_none_waits_for_the_other_in_vain(engine: Engine, journal: Journal) -> None:
    moment = now()
    for id, follows in (("a", None), ("b", "a")):
        journal.put(entry(id, follows), "sending", (), sent_at=moment)
    both = interleaved(
        engine,
        "UPDATE submissions",
        lambda: journal.move("b", 1, "sending", "created", finished_at=moment + timedelta(seconds=2)),
        lambda: journal.move("a", 1, "sending", "created", finished_at=moment + timedelta(seconds=1)),
    )
    assert both == (2, 2)
    with engine.connect() as connection:
        assert connection.scalars(select(Submission.overlaps)).all() == [True, True]


def test_who_sends_once_more_and_who_settles_take_the_rows_of_a_family_in_one_order(
    engine: Engine, journal: Journal
) -> None:
    # Of these two the database may call another one the first than Python does.
    journal.put(entry("B"), "unknown", (), sent_at=now())
    journal.put(entry("a", "B"), "draft", ())
    both = interleaved(
        engine,
        "submissions",
        lambda: claim(journal, "a", unchanged={"B": 1}),
        lambda: journal.settle("B", NewEvent(ADA, "both")),
    )
    assert kinds(*both) == ["Claimed", "NoneType"]


def test_of_two_who_look_one_looks(engine: Engine, journal: Journal) -> None:
    journal.put(entry("a"), "unknown", (), sent_at=now())
    look = (timedelta(seconds=30), timedelta(seconds=2))
    both = interleaved(
        engine,
        "UPDATE submissions SET look_until",
        lambda: journal.take_look("a", 1, *look),
        lambda: journal.take_look("a", 1, *look),
    )
    assert sorted(both, key=str) == [False, True]


def test_of_two_who_stop_a_run_one_stops_it(engine: Engine, journal: Journal) -> None:
    journal.put(entry("a"), "created", (), sent_at=now(), execution=7)
    asked = (timedelta(seconds=30), ("SUCCESSFUL",), NewEvent(ADA, "stopped"))
    both = interleaved(
        engine, "UPDATE submissions", lambda: journal.take_stop("a", *asked), lambda: journal.take_stop("a", *asked)
    )
    assert kinds(*both) == ["NoneType", "datetime"]


def test_two_pages_save_one_draft_and_the_second_is_told(engine: Engine, journal: Journal) -> None:
    journal.put(entry("a"), "draft", (), Mark("one"))
    both = interleaved(
        engine,
        "UPDATE submissions",
        lambda: journal.put(entry("a"), "draft", {"draft"}, Mark("two", 1)),
        lambda: journal.put(entry("a"), "draft", {"draft"}, Mark("three", 1)),
    )
    assert both == (2, None)


def test_of_two_attempts_to_sign_in_only_one_is_the_last_that_is_allowed(engine: Engine, journal: Journal) -> None:
    attempts = SignInAttempts(engine, journal.writing, now)
    limits = [Limit(("login",), 1)]
    both = interleaved(
        engine,
        "SELECT attempts.at",
        lambda: attempts.take("ada", "here", timedelta(hours=1), limits),
        lambda: attempts.take("ada", "there", timedelta(hours=1), limits),
    )
    assert kinds(*both) == ["datetime", "int"]


def test_what_is_done_twice_at_once_is_counted_twice(engine: Engine, journal: Journal) -> None:
    opened = NewEvent(ADA, "was refused")
    interleaved(engine, "UPDATE repeats", lambda: journal.record(opened), lambda: journal.record(opened))
    with engine.connect() as connection:
        assert connection.scalars(select(Repeat.count)).all() == [2]
    assert count(engine, Event) == 1


def test_no_template_is_one_too_many(engine: Engine, journal: Journal) -> None:
    templates = TemplateTable(engine, journal.writing, now, VAULT)
    row = {"name": "", "version": 1, "revision": 1, "made_at": now(), "changed_at": now()}
    with engine.begin() as connection:
        rows = [{"id": str(number), **row} for number in range(MOST_TEMPLATES - 1)]
        connection.execute(insert(table_of(PreparedTemplate)), rows)
    made = NewEvent(ADA, "made a template")
    both = interleaved(
        engine,
        "count(*)",
        lambda: templates.add("a", NewVersion("A", {}, {}), made),
        lambda: templates.add("b", NewVersion("B", {}, {}), made),
    )
    assert isinstance(both[1], TooManyTemplates)
    assert count(engine, PreparedTemplate) == MOST_TEMPLATES


def test_no_unfinished_template_is_one_too_many(engine: Engine, journal: Journal) -> None:
    table = UnfinishedTable(engine, journal.writing, now)
    for number in range(MOST_UNFINISHED - 1):
        table.keep(Unfinished(str(number), "ada", None, {}, False), Mark("one"))
    both = interleaved(
        engine,
        "count(*)",
        lambda: table.keep(Unfinished("a", "ada", None, {}, False), Mark("one")),
        lambda: table.keep(Unfinished("b", "ada", None, {}, False), Mark("two")),
    )
    assert isinstance(both[1], NoRoom)
    assert count(engine, UnfinishedTemplate) == MOST_UNFINISHED


def test_of_two_tokens_the_last_one_counts(engine: Engine, journal: Journal) -> None:
    tokens = ConnectionTable(engine, journal.writing, now)
    columns = {"name": "", "scopes": None, "expires_at": None, "set_by": "Ada"}
    interleaved(
        engine,
        "DELETE FROM buddy_token",
        lambda: tokens.put({"sealed": "one", **columns}, NewEvent(ADA, "connected")),
        lambda: tokens.put({"sealed": "two", **columns}, NewEvent(ADA, "connected")),
    )
    with engine.connect() as connection:
        assert connection.scalars(select(BuddyToken.sealed)).all() == ["two"]


def test_one_of_two_administrators_who_demote_each_other_is_left(engine: Engine, journal: Journal) -> None:
    accounts = Accounts(engine, journal.writing, now)
    for id in ("ada", "bob"):
        accounts.add({"id": id, "name": id, "role": "administrator", "login": id}, NewEvent(SLIPWAY, "added"))
    both = interleaved(
        engine,
        "FOR UPDATE",
        lambda: accounts.manage("bob", {"role": "viewer"}, NewEvent(ADA, "changed a role")),
        lambda: accounts.manage("ada", {"role": "viewer"}, NewEvent(Actor("bob", "bob"), "changed a role")),
    )
    assert kinds(*both) == ["Conflict", "NoneType"]
    assert isinstance(both[1], Conflict)
    with engine.connect() as connection:
        assert connection.scalars(select(Account.role).order_by(Account.id)).all() == ["administrator", "viewer"]


def test_of_two_links_for_a_new_administrator_the_last_one_holds(engine: Engine, journal: Journal) -> None:
    accounts = Accounts(engine, journal.writing, now)
    interleaved(
        engine,
        "DELETE FROM invitations",
        lambda: accounts.invite(Link("one", None, now()), NewEvent(SLIPWAY, "made a link")),
        lambda: accounts.invite(Link("two", None, now()), NewEvent(SLIPWAY, "made a link")),
    )
    with engine.connect() as connection:
        assert connection.scalars(select(Invitation.key)).all() == ["two"]


def test_a_list_is_asked_for_by_one(engine: Engine, journal: Journal) -> None:
    places = PlaceTable(engine, journal.writing, now)
    moment = now()
    both = interleaved(
        engine,
        "count(*)",
        lambda: places.claim("mark", Spot(), moment),
        lambda: places.claim("mark", Spot(), moment),
    )
    assert both == (True, False)


def test_the_names_in_a_list_are_written_by_both_who_have_read_it(engine: Engine, journal: Journal) -> None:
    one, other = (PlaceTable(engine, journal.writing, now) for _ in range(2))
    told = {Spot("buddy", "site", number): "Deploy" for number in range(1, 4)}
    assert interleaved(
        engine,
        "SELECT places.number",
        lambda: one.tell("mark", Spot("buddy", "site"), told, whole=True),
        lambda: other.tell("mark", Spot("buddy", "site"), dict(reversed(told.items())), whole=True),
    ) == (None, None)
    assert one.count("mark", Spot("buddy", "site")) == (3, True)


def test_all_who_start_at_once_bring_the_tables_up_to_date_once(tmp_path: Path) -> None:
    url = empty_database_in(tmp_path)
    with ThreadPoolExecutor(6) as starters:
        engines = list(starters.map(open_database, [url] * 6))
    with engines[0].connect() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all() == versions()[-1:]
    for engine in engines:
        engine.dispose()
