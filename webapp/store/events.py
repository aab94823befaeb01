"""The record: what was done, by whom and from where. Only ever added to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, bindparam, case, insert, select

from webapp.store.models import Event, Moment, Submission, table_of

EVENTS = table_of(Event)
ROWS = table_of(Submission)
INSERT_EVENT = insert(EVENTS)
WHERE = (*Submission.PLACE, *Submission.NAMES)
# A draft is its person's own, and administrators read the record: what an action is called is told once it was sent.
CALLED = case((ROWS.c.sent_at.is_not(None), ROWS.c.name))
# What was done to a submission takes the place, and what all are called, from the submission itself.
INSERT_EVENT_ON_SUBMISSION = insert(EVENTS).from_select(
    ["at", "person", "person_name", "origin", "verb", "outcome", "details", "submission", "action", *WHERE],
    select(
        bindparam("at", type_=Moment),
        bindparam("person", type_=String),
        bindparam("person_name", type_=String),
        bindparam("origin", type_=String),
        bindparam("verb", type_=String),
        bindparam("outcome", type_=String),
        bindparam("details", type_=JSON),
        ROWS.c.id,
        CALLED,
        *(ROWS.c[name] for name in WHERE),
    ).where(ROWS.c.id == bindparam("this")),
)


@dataclass(frozen=True)
class Actor:
    """Who does something: a person (`id`) at a remote address (`origin`), or nobody but Slipway itself."""

    id: str | None
    name: str
    origin: str | None = None


SLIPWAY = Actor(None, "Slipway")


@dataclass(frozen=True)
class NewEvent:
    """What somebody does, and how it ended. `details` are plain data and hold no secret."""

    actor: Actor
    verb: str
    outcome: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    def columns(self, at: datetime) -> dict[str, Any]:
        """Give the event's columns."""
        return {
            "at": at,
            "person": self.actor.id,
            "person_name": self.actor.name,
            "origin": self.actor.origin,
            "verb": self.verb,
            "outcome": self.outcome,
            "details": dict(self.details),
        }
