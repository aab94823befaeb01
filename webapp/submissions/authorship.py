"""Whose an action in Buddy is: for a while, whoever has added it may take it back or put it right."""

from datetime import datetime, timedelta

from webapp.buddy.places import Place
from webapp.store.journal import Journal
from webapp.store.models import Submission
from webapp.submissions.states import State

# Counted from when it was sent, as the journal has it.
OWN_FOR = timedelta(minutes=10)
# Of one pipeline. Nobody adds more in that time.
MOST_OWN = 50


def is_still_own(journal: Journal, place: Place, action: int, person: str, now: datetime) -> bool:
    """Whether the person with this id has added an action so short a time ago that it is still theirs."""
    row = journal.addition_of(place.key, action)
    return row is not None and own_until(journal, row, person, now) is not None


def own_until(journal: Journal, row: Submission, person: str, now: datetime) -> datetime | None:
    """Until when the action that a submission has added is the person's with this id; None where it is not, or no
    longer."""
    if row.owner != person or row.sent_at is None:
        return None
    # A clock that was put back gives nobody more time.
    fresh = abs(now - row.sent_at) < OWN_FOR
    return row.sent_at + OWN_FOR if fresh and is_proved(journal, row) else None


def still_own(journal: Journal, place: Place, person: str, now: datetime) -> dict[int, datetime]:
    """The actions of a pipeline that are still the person's with this id, by their numbers: until when."""
    rows = journal.additions_by(place.key, person, now - OWN_FOR, MOST_OWN)
    untils = {row.action_id or 0: own_until(journal, row, person, now) for row in rows}
    return {id: until for id, until in untils.items() if until is not None}


def is_own(journal: Journal, place: Place, action: int, person: str) -> bool:
    """Whether the person with this id has added an action."""
    row = journal.addition_of(place.key, action)
    return row is not None and row.owner == person and is_proved(journal, row)


def is_proved(journal: Journal, row: Submission) -> bool:
    """Whether it is known which send has added a submission's action, without anybody's word.

    Who says of an action of somebody else's that it is theirs must not get hold of it by that.
    """
    if row.state == State.CREATED:
        return True
    if row.state != State.FOUND or row.attempts != 1:
        return False
    return not any(event.verb == "ruled" for event in journal.events(row.id))
