"""The record as people look through it: filtered, newest first, a page at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, FromClause, Select, String, cast, column, func, select, table
from sqlalchemy.orm import Session

from webapp.store.distinct import distinct
from webapp.store.events import EVENTS, SLIPWAY
from webapp.store.failures import translated
from webapp.store.lists import MOST_VALUES, Condition, Count, Filter, Part, Search, in_order, left, placed, ways
from webapp.store.models import Event, Submission
from webapp.store.words import CALLED, Index, Words, index_of

AT_ONCE = 500
MOST_PEOPLE = 500
MOST_OUTCOMES = 100
MOST_VERBS = 100
# A submission mostly has two steps; where many have more, the events are read in several parts.
STEPS_EACH = 3
MOST_READS = 5
# Of the submissions in one part no more steps than this are read.
MOST_STEPS = 2000
# Events are written in the order of their numbers, but for clocks that differ: so many may stand in another one.
DISORDER = 1000
INDEXED = table("event_words", column("rowid"))


# Made once: to make one takes longer than to ask it.
OUTCOMES = distinct(EVENTS, ("outcome",), MOST_OUTCOMES, {})
VERBS = distinct(EVENTS, ("verb",), MOST_VERBS, {})
PEOPLE = distinct(EVENTS, ("person", "person_name"), MOST_PEOPLE, {})
WITHOUT_ID = distinct(EVENTS, ("person_name",), MOST_PEOPLE, {"person": None})


@dataclass(frozen=True)
class Wanted:
    """What is looked for; what is left empty does not matter.

    `people` are pairs of an id, or None where there was none, and a name; `place` is a workspace, its project and its
    pipeline, `words` are parts of names, `since` and `until` the times from and up to which, the last one excluded.
    What was done has one of the `verbs` and none of those it is to be `without`.
    """

    people: tuple[tuple[str | None, str], ...] = ()
    place: tuple[str, str, int] | None = None
    words: Words = Words()
    since: datetime | None = None
    until: datetime | None = None
    outcomes: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def holds(self, event: Event) -> bool:
        """Whether an event is among what is looked for."""
        where = (event.workspace, event.project, event.pipeline)
        names = (event.workspace_name, event.project_name, event.pipeline_name)
        return (
            (not self.people or (event.person, event.person_name) in self.people)
            and self.place in (None, where)
            and self.words.in_names(event.action, names)
            and (self.since is None or event.at >= self.since)
            and (self.until is None or event.at < self.until)
            and (not self.outcomes or event.outcome in self.outcomes)
            and (not self.verbs or event.verb in self.verbs)
            and event.verb not in self.without
        )


@dataclass(frozen=True)
class Item:
    """One line of the record: the newest `event` that was looked for, and all `steps` of its submission, oldest first.

    What was done to no submission is a step by itself.
    """

    event: Event
    steps: Sequence[Event]

    @property
    def by(self) -> Event:
        """The step that says who it was: the event, or where Slipway went on by itself, the newest step of a person."""
        of_people = (step for step in reversed(self.steps) if not is_slipways(step))
        return next(of_people, self.event) if is_slipways(self.event) else self.event

    @property
    def end(self) -> Event:
        """The newest step that has an outcome; the event without one."""
        return next((step for step in reversed(self.steps) if step.outcome), self.event)


class Record:
    """Reads the record. Each method raises `JournalUnavailable` when the database can't be read."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._index = index_of(engine)

    def page(self, wanted: Wanted, limit: int, before: int | None = None) -> Part[Item, int]:
        """Read up to `limit` lines; `before` is the number of the last event seen."""
        items: list[Item] = []
        with translated(), Session(self._engine, expire_on_commit=False) as session:
            for _ in range(MOST_READS):
                part = self._events(session, wanted, limit * STEPS_EACH, before)
                items += self._items(session, wanted, part.rows)
                before = part.older
                if len(items) > limit:
                    return Part(items[:limit], items[limit - 1].event.number)
                if part.older is None or part.cut:
                    return Part(items, part.older, part.cut)
        return Part(items, before, cut=True)

    def count(self, wanted: Wanted) -> Count:
        """Count the lines, as far as it is cheap."""
        with translated(), Session(self._engine) as session:
            line = func.coalesce(EVENTS.c.submission, cast(EVENTS.c.number, String))
            return self._search(session, wanted).count(session, line)

    def _items(self, session: Session, wanted: Wanted, events: Sequence[Event]) -> Iterator[Item]:
        """Make lines of events: one for each submission, where the newest of its events is that is wanted."""
        named = {event.submission for event in events if event.submission}
        query = select(Event).where(Event.submission.in_(sorted(named))).order_by(Event.number.desc())
        steps: dict[str | None, list[Event]] = {}
        for event in session.scalars(query.limit(MOST_STEPS)):
            steps.setdefault(event.submission, []).insert(0, event)
        for event in events:
            own = steps.get(event.submission, [event])
            if event.number == max((each.number for each in own if wanted.holds(each)), default=event.number):
                yield Item(event, own)

    def all(self, wanted: Wanted) -> Iterator[Event]:
        """Read each event, a part at a time, so that neither memory nor a connection is held for long."""
        before: int | None = None
        while True:
            with translated(), Session(self._engine, expire_on_commit=False) as session:
                part = self._events(session, wanted, AT_ONCE, before)
            yield from part.rows
            if part.older is None:
                return
            before = part.older

    def outcomes(self) -> list[str]:
        """Read which outcomes there are."""
        with translated(), self._engine.connect() as connection:
            found = connection.scalars(OUTCOMES)
            return [outcome for outcome in found if outcome]

    def verbs(self) -> list[str]:
        """Read what has been done at all."""
        with translated(), self._engine.connect() as connection:
            return list(connection.scalars(VERBS))

    def people(self) -> list[tuple[str | None, str]]:
        """Read who has done something, and what they were called; None for who had no id."""
        with translated(), self._engine.connect() as connection:
            known = connection.execute(PEOPLE).all()
            others = connection.scalars(WITHOUT_ID).all()
        return [*((row.person, row.person_name) for row in known), *((None, name) for name in others)]

    def _events(self, session: Session, wanted: Wanted, limit: int, before: int | None) -> Part[Event, int]:
        """Read up to `limit` events."""
        found = self._search(session, wanted).part(session, limit, before)
        query = select(Event).where(Event.number.in_(found.rows)).order_by(Event.number.desc())
        return Part(list(session.scalars(query)), found.older, found.cut)

    def _search(self, session: Session, wanted: Wanted) -> Search[int]:
        asked = self._filter(wanted)
        lowest, highest = self._bounds(session, wanted)

        def behind(before: int | None) -> Select[Any]:
            return select(EVENTS.c.number).where(*bounded(EVENTS.c.number, lowest, highest, before))

        def first(before: int | None, count: int) -> FromClause:
            if wanted.words and self._index is Index.TABLE:
                query = select(INDEXED.c.rowid.label("number")).where(matched(wanted.words))
                query = query.where(*bounded(INDEXED.c.rowid, lowest, highest, before))
                return query.order_by(INDEXED.c.rowid.desc()).limit(count).subquery()
            return in_order(behind(before), asked, ("number",), count)

        unordered = wanted.words and self._index is Index.COLUMNS
        return Search(EVENTS, ("number",), asked, lambda row: row[0], first, behind if unordered else None)

    def _filter(self, wanted: Wanted) -> Filter:
        """What there is an index for, and what is left to look up."""
        people = [(EVENTS.c.person == id) & (EVENTS.c.person_name == name) for id, name in wanted.people]
        place = placed(wanted.place, EVENTS)
        outcomes = [EVENTS.c.outcome == outcome for outcome in wanted.outcomes]
        verbs = [EVENTS.c.verb == verb for verb in wanted.verbs]
        words = [words_in(wanted.words, EVENTS)] if wanted.words else []
        others = [EVENTS.c.verb.not_in(wanted.without)] if wanted.without else []
        more = [[condition] for condition in [*within(wanted, EVENTS), *others]]
        every = EVENTS.c.number.is_not(None)
        if words and self._index is Index.TABLE:
            return Filter((every,), left(people, place, outcomes, verbs, *more))
        if place:
            return Filter(tuple(place), left(people, outcomes, verbs, words, *more))
        if people and len(people) <= MOST_VALUES:
            return Filter(ways(people), left(outcomes, verbs, words, *more))
        if outcomes and len(outcomes) <= MOST_VALUES:
            return Filter(ways(outcomes), left(people, verbs, words, *more))
        if verbs and len(verbs) <= MOST_VALUES:
            return Filter(ways(verbs), left(people, outcomes, words, *more))
        return Filter((every,), left(people, outcomes, verbs, words, *more))

    def _bounds(self, session: Session, wanted: Wanted) -> tuple[int | None, int | None]:
        """The lowest and the highest number that an event between the times can have."""
        lowest = highest = None
        if wanted.since is not None:
            first = select(EVENTS.c.number).where(EVENTS.c.at >= wanted.since).order_by(EVENTS.c.at, EVENTS.c.number)
            lowest = session.scalar(select(func.min(first.limit(DISORDER).subquery().c.number)))
            # Nothing that late was done yet.
            lowest = 2**62 if lowest is None else lowest
        if wanted.until is not None:
            down = EVENTS.c.at.desc(), EVENTS.c.number.desc()
            last = select(EVENTS.c.number).where(EVENTS.c.at < wanted.until).order_by(*down)
            highest = session.scalar(select(func.max(last.limit(DISORDER).subquery().c.number))) or 0
        return lowest, highest


def is_slipways(event: Event) -> bool:
    """Whether nobody but Slipway itself did it; a person may be called the same."""
    return event.person is None and event.person_name == SLIPWAY.name


def matched(words: Words) -> Condition:
    """Whether the words are in a row of their table."""
    return column("event_words", is_literal=True).op("MATCH")(words.query())


def words_in(words: Words, events: FromClause) -> Condition:
    """Whether the words are in the names that an event has."""
    return words.condition(events.c[CALLED["events"]], [events.c[name] for name in Submission.NAMES])


def within(wanted: Wanted, events: FromClause) -> list[Condition]:
    """Whether an event is between the times."""
    after = [] if wanted.since is None else [events.c.at >= wanted.since]
    return after if wanted.until is None else [*after, events.c.at < wanted.until]


def bounded(number: Any, lowest: int | None, highest: int | None, before: int | None) -> list[Condition]:
    """Whether a number is between two others, and before a third one, as far as they are given."""
    limits = [] if lowest is None else [number >= lowest]
    limits += [] if highest is None else [number <= highest]
    return limits if before is None else [*limits, number < before]
