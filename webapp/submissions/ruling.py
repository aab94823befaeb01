"""What a person decides about a submission that is not known, or not clear."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from webapp.buddy.client import Client
from webapp.buddy.snapshot import Snapshot
from webapp.http.errors import BuddyError, NotFound
from webapp.store.events import Actor, NewEvent
from webapp.store.journal import OUR_CLOCKS_DIFFER, Journal
from webapp.store.models import Submission
from webapp.store.reading import Clock
from webapp.submissions.places import place_of
from webapp.submissions.schedule import ABSENT_AFTER, next_look
from webapp.submissions.scrub import scrub
from webapp.submissions.sends import earlier, kept, newest, unproven
from webapp.submissions.states import Kind, State

NO_SUCH_ACTION = "Buddy has no such action in this pipeline. Look at its number again."
ANOTHERS = "That action belongs to another submission, or this one has changed. Look at it again."


@dataclass(frozen=True)
class Ruling:
    """A person's word on what became of a submission that is not known or not clear."""

    journal: Journal
    client: Client
    clock: Clock

    def may(self, row: Submission) -> bool:
        """Whether a person may have the word: once Slipway has had its time to look for an action without a number, or
        can't tell whether it has, since the clock was put back."""
        if row.kind != Kind.ADDITION:
            return False
        if row.state == State.AMBIGUOUS:
            return True
        if row.state != State.UNKNOWN or row.sent_at is None:
            return False
        since = self.clock() - row.sent_at
        return since >= ABSENT_AFTER or since < -OUR_CLOCKS_DIFFER

    def is_there(self, row: Submission, action: int, actor: Actor) -> str:
        """Somebody has looked, and it is this action. Gives a sentence when that can't be, and an empty text else.

        An action that Buddy does not have is not believed; one that can't be read at the moment is. Raises `Busy`.
        """
        try:
            found = self.client.action(place_of(row), action)
        except NotFound:
            return NO_SUCH_ACTION
        except BuddyError:
            found = None
        answer = None if found is None else found.raw
        return self._write(
            row,
            State.FOUND,
            NewEvent(actor, "ruled", State.FOUND, {"action_id": action}),
            action_id=action,
            finished_at=self.clock(),
            **still_looked_for(row, action, self.clock()),
            **scrub({"answer": answer}, self.journal.secrets([row.id]).values()),
        )

    def is_not_there(self, row: Submission, actor: Actor) -> str:
        """Somebody has looked, and it is none of those that Slipway offers."""
        offered = [item["id"] for item in row.candidates or ()]
        now = self.clock()
        return self._write(
            row,
            State.ABSENT,
            NewEvent(actor, "ruled", State.ABSENT, {"not": offered}),
            snapshot=with_seen(Snapshot.from_json(row.snapshot), offered).to_json(),
            earlier=kept([send.with_seen(offered) for send in earlier(row)]),
            next_look=next_look(State.ABSENT, newest(row, unproven(row)), now),
        )

    def _write(self, row: Submission, to: State, event: NewEvent, **values: Any) -> str:
        wipe = to is State.FOUND
        settled: dict[str, Any] = {"look_until": None, "look_problem": None, "candidates": None}
        moved = self.journal.move(row.id, row.version, row.state, to, event, wipe, **settled, **values)
        return ANOTHERS if moved is None else ""


def still_looked_for(row: Submission, action: int, now: datetime) -> dict[str, Any]:
    """What is written of the other sends of a row when one of them has been found to be this action."""
    sends = unproven(row)
    mine = next((send for send in sends if action not in send.seen), None)
    left = [send for send in sends if send is not mine]
    look = next_look(State.ABSENT, newest(row, left), now) if left else None
    return {"earlier": kept(left), "next_look": look}


def with_seen(snapshot: Snapshot, ids: Collection[int]) -> Snapshot:
    """The same snapshot, in which these actions had been seen before."""
    return replace(snapshot, action_ids=tuple({*(snapshot.action_ids or ()), *ids}))
