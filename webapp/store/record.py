"""The record as people look through it: filtered, newest first, a page at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, Select, or_, select
from sqlalchemy.orm import Session

from webapp.store.failures import translated
from webapp.store.models import Event

AT_ONCE = 500


@dataclass(frozen=True)
class Wanted:
    """What is looked for; what is left empty does not matter.

    `person` is an id or a part of a name, `place` a workspace, its project and its pipeline as far as they are given,
    `since` and `until` the times from and up to which, the last one excluded.
    """

    person: str = ""
    place: tuple[str | int, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    outcome: str = ""

    def query(self) -> Select[Event]:
        """Ask for it, newest first."""
        query = select(Event)
        if self.person:
            query = query.where(
                or_(Event.person == self.person, Event.person_name.icontains(self.person, autoescape=True))
            )
        for column, part in zip((Event.workspace, Event.project, Event.pipeline), self.place, strict=False):
            query = query.where(column == part)
        if self.since is not None:
            query = query.where(Event.at >= self.since)
        if self.until is not None:
            query = query.where(Event.at < self.until)
        if self.outcome:
            query = query.where(Event.outcome == self.outcome)
        return query.order_by(Event.number.desc())


class Record:
    """Reads the record. Each method raises `JournalUnavailable` when the database can't be read."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def page(self, wanted: Wanted, limit: int, before: int | None = None) -> list[Event]:
        """Read up to `limit` events; `before` is the number of the last one seen."""
        query = wanted.query().limit(limit)
        if before is not None:
            query = query.where(Event.number < before)
        with translated(), Session(self._engine, expire_on_commit=False) as session:
            return list(session.scalars(query))

    def all(self, wanted: Wanted) -> Iterator[Event]:
        """Read everything, a part at a time, so that neither memory nor a connection is held for long."""
        before: int | None = None
        while events := self.page(wanted, AT_ONCE, before):
            yield from events
            before = events[-1].number

    def outcomes(self) -> list[str]:
        """Read which outcomes there are."""
        with translated(), Session(self._engine) as session:
            found = session.scalars(select(Event.outcome).distinct().where(Event.outcome.is_not(None)))
            return sorted(outcome for outcome in found if outcome)
