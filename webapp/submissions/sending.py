"""The one send: claimed in the journal before Buddy is called, recorded after it answered or did not."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from webapp.buddy.actions import RunDockerContainer
from webapp.buddy.client import Client
from webapp.buddy.errors import BuddyError
from webapp.buddy.outcomes import Created, NotSent, Outcome, Rejected
from webapp.store.journal import Journal
from webapp.submissions.drafts import Draft
from webapp.submissions.scrub import scrub
from webapp.submissions.states import State, sources

# Longer than the 45 s that a call to Buddy can take: after it, nobody is sending any more.
LEASE = timedelta(seconds=90)


@dataclass(frozen=True)
class Sender:
    """Sends drafts to Buddy, each at most once."""

    journal: Journal
    client: Client

    def send(self, draft: Draft, request: RunDockerContainer) -> bool:
        """Claim the draft, send its request and record the outcome.

        Returns False, with nothing sent, when the form is being sent or has been sent already.
        """
        now = datetime.now(UTC)
        version = self.journal.put(
            draft.entry(),
            State.SENDING,
            sources(State.SENDING) - {State.SENDING},
            fingerprint=self.fingerprint(draft, request),
            request=request.redacted(),
            sent_at=now,
            lease_until=now + LEASE,
            finished_at=None,
            reason=None,
        )
        if version is None:
            return False
        if draft.envelope.stale:
            version = self._look_first(draft, version)
        if version is not None:
            outcome = self.client.add_action(draft.envelope.place, request)
            self._record(draft, version, outcome, request)
        return True

    def fingerprint(self, draft: Draft, request: RunDockerContainer) -> str:
        """Mark what this request asks of Buddy, and where."""
        content = json.dumps([draft.envelope.place.path, request.payload()], sort_keys=True)
        return self.journal.fingerprint(content.encode())

    def _look_first(self, draft: Draft, version: int) -> int | None:
        """Read which actions the pipeline has now; when that fails, nothing is sent and None comes back."""
        id = draft.envelope.submission
        try:
            ids = tuple(action.id for action in self.client.actions(draft.envelope.place))
        except BuddyError as error:
            self.journal.move(
                id,
                version,
                State.SENDING,
                State.NOT_SENT,
                reason=error.sentence,
                finished_at=datetime.now(UTC),
            )
            return None
        snapshot = draft.envelope.snapshot.with_actions(ids).to_json()
        lease = datetime.now(UTC) + LEASE
        return self.journal.move(id, version, State.SENDING, State.SENDING, snapshot=snapshot, lease_until=lease)

    def _record(self, draft: Draft, version: int, outcome: Outcome, request: RunDockerContainer) -> None:
        state, values = describe(outcome)
        self.journal.move(
            draft.envelope.submission,
            version,
            State.SENDING,
            state,
            wipe=state is State.CREATED,
            finished_at=datetime.now(UTC),
            **scrub(values, request.secrets()),
        )


def describe(outcome: Outcome) -> tuple[State, Mapping[str, Any]]:
    """Tell the state that an outcome ends in and what of it the journal keeps."""
    if isinstance(outcome, Created):
        answer = {"status": outcome.status, "answer": outcome.action.raw, "action_id": outcome.action.id}
        return State.CREATED, answer
    if isinstance(outcome, Rejected):
        reason = f"{outcome.sentence} {outcome.advice}"
        return State.REJECTED, {"status": outcome.status, "reason": reason, "messages": list(outcome.messages)}
    if isinstance(outcome, NotSent):
        return State.NOT_SENT, {"reason": outcome.reason}
    return State.UNKNOWN, {"status": outcome.status, "reason": outcome.reason}
