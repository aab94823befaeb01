"""What a person should look at, until they have seen it or it is mended."""

from collections.abc import Collection
from datetime import datetime

from webapp.store.events import Actor, NewEvent
from webapp.store.journal import DRAFTS_KEPT, Journal
from webapp.store.models import Submission
from webapp.store.reading import FailedQuery
from webapp.submissions.states import CAME_TO_NOTHING, DISMISSABLE, DONE_STATES, MENDED, OPEN

MOST_WAITING = 100


def waiting_for(journal: Journal, owner: str, now: datetime) -> list[Submission]:
    """What this person should look at, the last sent first; one more than `MOST_WAITING` of it at most."""
    # For as long as a draft of it would be kept.
    failed = FailedQuery(MENDED, CAME_TO_NOTHING, now - DRAFTS_KEPT)
    return journal.waiting(owner, OPEN, failed, DONE_STATES, MOST_WAITING + 1)


def dismissable_of(rows: Collection[Submission]) -> list[Submission]:
    """Those that nothing is left to be said of."""
    return [row for row in rows if row.state in DISMISSABLE]


def dismiss(journal: Journal, rows: Collection[Submission], actor: Actor) -> None:
    """Write down that a person has seen what became of submissions of theirs, if they still stand as they were read."""
    for row in dismissable_of(rows):
        journal.dismiss(row.id, row.owner, row.state, NewEvent(actor, "dismissed"))
