"""What a page tells of the attempts of a submission."""

from dataclasses import dataclass
from datetime import datetime

from webapp.store.models import Submission
from webapp.submissions.schedule import MARKS
from webapp.submissions.sends import unproven


@dataclass(frozen=True)
class AttemptNote:
    """What a page tells of one attempt: when it was sent; that it came to nothing, and why; or until when it is
    looked for, None when that is over."""

    attempt: int
    sent_at: datetime
    nothing: bool = False
    reason: str = ""
    until: datetime | None = None


def attempts_of(row: Submission) -> list[AttemptNote]:
    """What there is to tell of a row's attempts where they have ended differently."""
    if not row.proved and not row.earlier:
        return []
    over = row.next_look is None
    notes = [
        AttemptNote(send.attempt, send.sent_at, until=None if over else send.sent_at + MARKS[-1])
        for send in unproven(row)
    ]
    if row.proved and row.sent_at:
        notes.append(AttemptNote(row.attempts, row.sent_at, True, row.reason or ""))
    return notes
