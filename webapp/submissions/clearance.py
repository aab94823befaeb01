"""What is looked for before anything is sent: whatever of the same form was sent before and is not known."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from webapp.store.events import Actor
from webapp.store.journal import Journal
from webapp.store.models import Submission
from webapp.store.reading import Clock
from webapp.submissions.drafts import Draft
from webapp.submissions.envelope import Envelope
from webapp.submissions.looks import Look, Looker
from webapp.submissions.results import AlreadyClaimed, Stopped
from webapp.submissions.sends import Send, is_open, unproven
from webapp.submissions.states import ADDED, Kind, State, is_known


@dataclass(frozen=True)
class Cleared:
    """Nothing stands in the way of a send.

    `earlier` are the sends of the same row that are not known, `versions` those of all rows that were looked for:
    they must be the same when the send is claimed. `ids` are the actions that the pipeline had at `seen_at`.
    """

    earlier: tuple[Send, ...] = ()
    versions: Mapping[str, int] = field(default_factory=dict)
    ids: tuple[int, ...] | None = None
    seen_at: datetime | None = None


@dataclass(frozen=True)
class Clearance:
    """Looks for what was sent before, and stops a send that could be one too many."""

    journal: Journal
    reconciler: Looker
    clock: Clock

    def ask(
        self, draft: Draft, over: Collection[State], known_duplicate: str | None, actor: Actor
    ) -> Cleared | Stopped | AlreadyClaimed:
        """Look for everything of a draft's form that is not known, in the name of `actor`.

        `over` are the states that it may be sent from, `known_duplicate` the submission that the person wants a second
        action beside. Raises `JournalUnavailable`.
        """
        envelope = draft.envelope
        known = {*envelope.told, known_duplicate}
        own = self.journal.find_if_there(envelope.submission)
        if own is not None and own.state not in over:
            return AlreadyClaimed()
        rows = self._before(envelope, known_duplicate, own)
        added = next((row for row in rows if is_added(row) and row.id not in known), None)
        if added is not None:
            return Stopped(added.id, added=True)
        cleared = Cleared(earlier=unproven(own) if own is not None else ())
        strange = next((row for row in rows if not is_known(row.kind, row.state)), None)
        if strange is not None:
            return Stopped(strange.id)
        for row in [row for row in rows if is_open(row)]:
            now = self.clock()
            look = self.reconciler.look(row, actor=actor)
            if look is None or not is_clear(row, look):
                return stopped(row, look)
            versions = {**cleared.versions, row.id: look.version}
            cleared = Cleared(cleared.earlier, versions, look.action_ids, now)
        return cleared

    def _before(self, envelope: Envelope, known_duplicate: str | None, own: Submission | None) -> list[Submission]:
        """What was sent of the same form, and the duplicate that the person wants a second one beside."""
        follows = envelope.follows
        first = own or (self.journal.find(follows) if follows else None)
        rows = self.journal.family(first.family) if first is not None and first.family else []
        if known_duplicate and known_duplicate not in {row.id for row in rows}:
            duplicate = self.journal.find(known_duplicate)
            # Of one that can't be told apart the person was told so.
            rows += [duplicate] if duplicate is not None and duplicate.state == State.ABSENT else []
        # What a newer Slipway has made of the form may have added the action, too.
        return [row for row in rows if row.kind == Kind.ADDITION or not is_known(row.kind, row.state)]


def is_added(row: Submission) -> bool:
    """Whether a row is known to have added an action."""
    return row.kind == Kind.ADDITION and row.state in ADDED


def is_clear(row: Submission, look: Look) -> bool:
    """Whether a look at a row has come to nothing: it is not there, or what is there was known before."""
    known = row.state in ADDED and not look.turned_up
    return not look.problem and (look.state is State.ABSENT or known)


def stopped(row: Submission, look: Look | None) -> Stopped:
    """Why nothing may be sent after a look at this row."""
    if look is None:
        return Stopped(row.id)
    return Stopped(row.id, look.state in ADDED, look.problem)
