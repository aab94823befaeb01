"""What the team has sent, as people look through it: filtered, newest first, a page at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, FromClause, Select, column, func, select, table, tuple_
from sqlalchemy.orm import Session, load_only

from webapp.store.distinct import distinct
from webapp.store.events import ROWS
from webapp.store.failures import translated
from webapp.store.lists import MOST_VALUES, Count, Filter, Part, Search, in_order, left, placed, ways
from webapp.store.models import EPOCH, Submission
from webapp.store.reading import DoneStates, HistoryKey, telling_gone
from webapp.store.words import ROOM, Index, Words, index_of

AT_ONCE = 500
MOST_PEOPLE = 500
INDEXED = table("submission_words", column("rowid"), column("number"))
SHOWN = (
    Submission.id,
    Submission.owner,
    Submission.owner_name,
    Submission.workspace,
    Submission.project,
    Submission.pipeline,
    Submission.workspace_name,
    Submission.project_name,
    Submission.pipeline_name,
    Submission.kind,
    Submission.state,
    Submission.name,
    Submission.sent_at,
    Submission.lease_until,
    Submission.template,
    Submission.template_version,
    Submission.execution,
    Submission.run_status,
    Submission.run_at,
)


@dataclass(frozen=True)
class Wanted:
    """What is looked for; what is left empty does not matter.

    `people` are ids; `states` are pairs of a kind and a state of it, `runs` says how far a run is to be, `place` is a
    workspace, its project and its pipeline, `words` are parts of names, `since` and `until` the times from and up to
    which it was sent, the last one excluded.
    """

    people: tuple[str, ...] = ()
    states: tuple[tuple[str, str], ...] = ()
    runs: tuple[str, ...] = ()
    place: tuple[str, str, int] | None = None
    words: Words = Words()
    since: datetime | None = None
    until: datetime | None = None


def senders() -> Select[Any]:
    """Ask who has sent something, and which name they had last."""
    owners = distinct(ROWS, ("owner",), MOST_PEOPLE, {}).subquery()
    names = ROWS.alias()
    last = (
        select(func.coalesce(names.c.owner_name, names.c.owner))
        .where(names.c.owner == owners.c.owner, names.c.sent_at.is_not(None))
        .order_by(names.c.sent_at.desc(), names.c.number.desc())
        .limit(1)
        .correlate(owners)
    )
    return select(owners.c.owner, last.scalar_subquery().label("name"))


# Made once: to make it takes longer than to ask it.
SENDERS = senders()


class Activity:
    """Reads what was sent or tried. Each method raises `JournalUnavailable` when the database can't be read."""

    def __init__(self, engine: Engine, done: DoneStates) -> None:
        self._engine = engine
        self._done = done
        self._index = index_of(engine)

    def page(self, wanted: Wanted, limit: int, before: HistoryKey | None = None) -> Part[Submission, HistoryKey]:
        """Read up to `limit` submissions with what lists show of them; `before` is the key of the last one seen."""
        with translated(), Session(self._engine, expire_on_commit=False) as session:
            found = self._search(wanted).part(session, limit, before)
            query = select(Submission).where(Submission.number.in_([key.number for key in found.rows]))
            query = query.options(load_only(*SHOWN, raiseload=True), *telling_gone(self._done))
            rows = session.scalars(query.order_by(Submission.sent_at.desc(), Submission.number.desc()))
            return Part(list(rows), found.older, found.cut)

    def count(self, wanted: Wanted) -> Count:
        """Count the submissions, as far as it is cheap."""
        with translated(), Session(self._engine) as session:
            return self._search(wanted).count(session, ROWS.c.number)

    def all(self, wanted: Wanted) -> Iterator[Submission]:
        """Read everything, a part at a time, so that neither memory nor a connection is held for long."""
        part = self.page(wanted, AT_ONCE)
        yield from part.rows
        while part.older is not None:
            part = self.page(wanted, AT_ONCE, part.older)
            yield from part.rows

    def people(self) -> list[tuple[str, str]]:
        """Read who has sent something: ids and the names that they had last."""
        with translated(), self._engine.connect() as connection:
            rows = connection.execute(SENDERS).all()
        return sorted(((row.owner, row.name) for row in rows if row.name is not None), key=lambda each: each[1])

    def _search(self, wanted: Wanted) -> Search[HistoryKey]:
        asked = self._filter(wanted)

        def behind(before: HistoryKey | None) -> Select[Any]:
            return between(select(ROWS.c.sent_at, ROWS.c.number), wanted, before)

        def first(before: HistoryKey | None, count: int) -> FromClause:
            if wanted.words and self._index is Index.TABLE:
                return indexed(wanted, before, count).subquery()
            return in_order(behind(before), asked, Submission.SENT, count)

        unordered = wanted.words and self._index is Index.COLUMNS
        return Search(
            ROWS, Submission.SENT, asked, lambda row: HistoryKey(*row[:2]), first, behind if unordered else None
        )

    def _filter(self, wanted: Wanted) -> Filter:
        """What there is an index for, and what is left to look up."""
        people, place, states = owned(wanted), placed(wanted.place, ROWS), state_conditions(wanted)
        runs = [ROWS.c.run_status == status for status in wanted.runs]
        names = [ROWS.c[name] for name in Submission.NAMES]
        words = [wanted.words.condition(ROWS.c.name, names)] if wanted.words else []
        every = ROWS.c.sent_at.is_not(None)
        if words and self._index is Index.TABLE:
            return Filter((every,), left(people, place, states, runs))
        if place:
            return Filter(tuple(place), left(people, states, runs, words))
        if runs:
            return Filter(ways(runs), left(people, states, words))
        if people and len(people) * max(len(states), 1) <= MOST_VALUES:
            return Filter(ways(people, states) if states else ways(people), left(words))
        if states:
            return Filter(ways(states), left(people, words))
        return Filter((every,), left(people, words))


def indexed(wanted: Wanted, before: HistoryKey | None, limit: int) -> Select[Any]:
    """Read from the table of words, which numbers its rows in the order of sending."""
    query = select(ROWS.c.sent_at, ROWS.c.number).select_from(INDEXED.join(ROWS, ROWS.c.number == INDEXED.c.number))
    query = query.where(column("submission_words", is_literal=True).op("MATCH")(wanted.words.query()))
    if before is not None:
        query = query.where(INDEXED.c.rowid < place_in_time(before.sent_at) + before.number % ROOM)
    if wanted.since is not None:
        query = query.where(INDEXED.c.rowid >= place_in_time(wanted.since))
    if wanted.until is not None:
        query = query.where(INDEXED.c.rowid < place_in_time(wanted.until))
    return query.order_by(INDEXED.c.rowid.desc()).limit(limit)


def place_in_time(moment: datetime) -> int:
    """The first number that a row of words can have that was sent at a moment; at most what a database can hold."""
    return min(int((moment - EPOCH).total_seconds() * 1000) * ROOM, 2**62)


def between(query: Select[Any], wanted: Wanted, before: HistoryKey | None) -> Select[Any]:
    """What was sent between the times, and before the last row seen."""
    sent = ROWS.c.sent_at
    query = query.where(sent.is_not(None))
    if before is not None:
        query = query.where(tuple_(sent, ROWS.c.number) < (before.sent_at, before.number))
    if wanted.since is not None:
        query = query.where(sent >= wanted.since)
    return query if wanted.until is None else query.where(sent < wanted.until)


def owned(wanted: Wanted) -> list[Any]:
    """Whose it is to be."""
    return [ROWS.c.owner == person for person in wanted.people]


def state_conditions(wanted: Wanted) -> list[Any]:
    """Where it is to stand: one condition for each state, with the kinds that it is wanted of."""
    kinds: dict[str, list[str]] = {}
    for kind, state in wanted.states:
        kinds.setdefault(state, []).append(kind)
    return [(ROWS.c.state == state) & ROWS.c.kind.in_(those) for state, those in kinds.items()]
