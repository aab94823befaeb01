"""The two long lists, searched: the same rows in the same order as row by row, however the words are found."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from benches.filling import fill
from sqlalchemy import Column, Engine, Row, Table, select
from support.databases import database_in, forget_database_in

from webapp.store import activity, lists, record
from webapp.store.database import open_database
from webapp.store.events import EVENTS, ROWS
from webapp.store.journal import Entry, Journal, Names
from webapp.store.models import Submission
from webapp.store.vault import Vault
from webapp.store.words import Words, words_of
from webapp.submissions.states import DONE_STATES

NOW = datetime(2026, 3, 1, tzinfo=UTC)
# Many times what one page looks through.
SUBMISSIONS = 3000
PAGE = 25
# So many of those that are found are compared.
FIRST = 100


@dataclass(frozen=True)
class Filled:
    """A database, and all that lists have of it, newest first."""

    engine: Engine
    submissions: Sequence[Row[Any]]
    events: Sequence[Row[Any]]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """A database with many submissions, and with two events for each."""
    folder: Path = tmp_path_factory.mktemp("filled")
    url = database_in(folder)
    engine = open_database(url)
    names = Names("Buddy Team", "Company Website", "Live mirror")
    journal = Journal(engine, Vault(["a key of the tests, long enough"]))
    entry = Entry("a", "ann", "buddy", "site", 2, None, "Run", {}, {}, {}, names=names)
    journal.put(entry, "created", (), sent_at=NOW, owner_name="Ann")
    fill(url, SUBMISSIONS)
    with engine.connect() as connection:
        sent = select(ROWS.c.number, ROWS.c.owner, ROWS.c.name.label("called"), *names_in(ROWS))
        done = select(EVENTS.c.number, EVENTS.c.verb, EVENTS.c.action.label("called"), *names_in(EVENTS))
        submissions = connection.execute(sent.order_by(ROWS.c.sent_at.desc(), ROWS.c.number.desc())).all()
        events = connection.execute(done.order_by(EVENTS.c.number.desc())).all()
    yield Filled(engine, submissions, events)
    engine.dispose()
    forget_database_in(folder)


def names_in(table: Table) -> list[Column[Any]]:
    return [table.c[name] for name in Submission.NAMES]


# What is typed → how many submissions have it.
SEARCHES = {
    "all": ("mirror", SUBMISSIONS),
    "the oldest tenth": ("legacy", SUBMISSIONS // 10 - 1),
    "one in two hundred": ("mirror 155", SUBMISSIONS // 200),
    "the oldest one": ("NEEDLE", 1),
    "none": ("nowhere", 0),
}
# How many rows are looked through, how few of them let an index be asked, and how many it may find.
LIMITS = {
    "as they are": (lists.LOOKED_THROUGH, lists.FEW, lists.MOST_FOUND),
    "where the newest are looked through part by part": (lists.LOOKED_THROUGH, 1, lists.MOST_FOUND),
    # Pages end at rows that some of the words are in.
    "where an index finds too many": (155, lists.FEW, 1),
}


@pytest.fixture(params=LIMITS.values(), ids=LIMITS)
def limited(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With these limits, one after the other."""
    for name, limit in zip(("LOOKED_THROUGH", "FEW", "MOST_FOUND"), request.param, strict=True):
        monkeypatch.setattr(lists, name, limit)


@pytest.mark.usefixtures("limited")
@pytest.mark.parametrize(("typed", "count"), SEARCHES.values(), ids=SEARCHES)
def test_a_search_of_the_activity_finds_what_reading_every_row_does(filled: Filled, typed: str, count: int) -> None:
    words, here = Words(words_of(typed)), activity.Activity(filled.engine, DONE_STATES)
    for person in (None, "person-19"):
        wanted = activity.Wanted((person,) if person else (), words=words)
        expected = [row.number for row in filled.submissions if person in (None, row.owner) and holds(words, row)]
        assert person or len(expected) == count
        assert [row.number for row in islice(here.all(wanted), FIRST)] == expected[:FIRST]
        found: list[int] = []
        part = here.page(wanted, PAGE)
        while part.older and len(found) < FIRST:
            assert part.cut or len(part.rows) == PAGE
            found += [row.number for row in part.rows]
            part = here.page(wanted, PAGE, part.older)
        found += [row.number for row in part.rows]
        assert found == expected[: len(found)]
        assert part.older or len(found) == len(expected)


@pytest.mark.usefixtures("limited")
@pytest.mark.parametrize(("typed", "count"), SEARCHES.values(), ids=SEARCHES)
def test_a_search_of_the_record_finds_what_reading_every_row_does(filled: Filled, typed: str, count: int) -> None:
    words, here = Words(words_of(typed)), record.Record(filled.engine)
    # A line has both events of a submission, and stands where the newer one that is wanted does.
    for verbs, each in ((), 2), (("sent",), 1):
        wanted = record.Wanted(words=words, verbs=verbs)
        expected = [row.number for row in filled.events if row.verb in (verbs or row.verb) and holds(words, row)]
        assert len(expected) == count * each
        assert [event.number for event in islice(here.all(wanted), FIRST)] == expected[:FIRST]
        found: list[int] = []
        part = here.page(wanted, PAGE)
        while part.older and len(found) < FIRST:
            found += [item.event.number for item in part.rows]
            part = here.page(wanted, PAGE, part.older)
        found += [item.event.number for item in part.rows]
        assert found == expected[::each][: len(found)]
        assert part.older or len(found) == count


def holds(words: Words, row: Row[Any]) -> bool:
    return words.in_names(row.called, (row.workspace_name, row.project_name, row.pipeline_name))
