"""Whose an action in Buddy is: for a while, whoever has added it may take it back or put it right."""

from datetime import datetime, timedelta

from webapp.buddy.places import Place
from webapp.store.journal import Journal
from webapp.store.models import Submission
from webapp.submissions.states import State

# Counted from when it was sent, as the journal has it.
OWN_FOR = timedelta(minutes=10)


def is_still_own(journal: Journal, place: Place, action: int, person: str, now: datetime) -> bool:
    """Whether the person with this id has added an action so short a time ago that it is still theirs."""
    row = journal.addition_of(place.key, action)
    return (
        row is not None
        and row.owner == person
        and row.sent_at is not None
        # A clock that was put back gives nobody more time.
        and abs(now - row.sent_at) < OWN_FOR
        and is_proved(journal, row)
    )


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
