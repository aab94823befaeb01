"""Sending once more what was looked for and is not there, when a person asks for it."""

from dataclasses import replace

from webapp.store.journal import Mark
from webapp.store.models import Submission
from webapp.store.reading import Clock
from webapp.submissions.attempts import Attempt, Result, Taken
from webapp.submissions.reconciling import Reconciler
from webapp.submissions.sending import Sender
from webapp.submissions.states import State


def send_again(reconciler: Reconciler, sender: Sender, row: Submission, attempt: Attempt, clock: Clock) -> Result:
    """Send once more what was looked for and is not there, after looking for it once more.

    Whatever that look finds cancels the send, and so does a pipeline that can't be read. Raises
    `JournalUnavailable`, and `Busy` when too many wait for Buddy already; nothing is sent then.
    """
    now = clock()
    look = reconciler.look(row, actor=attempt.actor)
    if look is None or look.problem or look.state is not State.ABSENT:
        return Taken()
    envelope = attempt.draft.envelope
    fresh = replace(envelope, issued_at=int(now.timestamp()), snapshot=envelope.snapshot.with_actions(look.action_ids))
    draft = replace(attempt.draft, envelope=fresh, mark=Mark(attempt.draft.mark.editor, look.version))
    again = replace(attempt, draft=draft, over={State.ABSENT}, number=row.attempts + 1)
    return sender.send(again)
