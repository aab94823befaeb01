"""The one send: claimed in the journal before Buddy is called, recorded after it answered or did not."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from webapp.buddy.client import Client
from webapp.buddy.errors import BuddyError
from webapp.buddy.outcomes import NotSent
from webapp.buddy.slots import Busy
from webapp.store.events import Deed
from webapp.store.journal import Claimed, Journal, Mark
from webapp.store.reading import Clock, TwinFound, Twins
from webapp.submissions.attempts import Attempt, Result, Sent, Taken, Twin, Unrecorded
from webapp.submissions.clearance import Clearance, Cleared
from webapp.submissions.drafts import is_taken
from webapp.submissions.recording import Claim, Recorder, claimed, describe
from webapp.submissions.schedule import LEASE
from webapp.submissions.sends import kept
from webapp.submissions.states import PENDING, Kind, State

# The same content sent again within this time may be a slip.
LOOK_ALIKE = timedelta(minutes=10)
ENDED = frozenset({State.CREATED, State.FOUND, State.AMBIGUOUS, State.ABSENT})


@dataclass(frozen=True)
class Sender:
    """Sends drafts to Buddy, each at most once. `in_flight` are the submissions that this process is sending."""

    journal: Journal
    client: Client
    clock: Clock
    clearance: Clearance
    in_flight: set[str]

    def send(self, attempt: Attempt) -> Result:
        """Look for what was sent of the same form before, claim the draft, send its request and record the outcome.

        Whatever turns up stops the send, and so does a pipeline that can't be read. Raises `Busy` when too many wait
        for Buddy already, and `JournalUnavailable` when the claim can't be written: nothing is claimed or sent then.
        """
        try:
            with self.client.slot(writing=True):
                return self._look_and_send(attempt)
        except Busy:
            if is_taken(self.journal, attempt.draft, attempt.over):
                return Taken()
            raise

    def fingerprint(self, attempt: Attempt) -> str:
        """Mark what an attempt asks of Buddy, and where."""
        return self.journal.fingerprint(attempt.content)

    def _look_and_send(self, attempt: Attempt) -> Result:
        cleared = self.clearance.ask(attempt)
        if not isinstance(cleared, Cleared):
            return cleared
        attempt = informed(attempt, cleared)
        now = self.clock()
        try:
            claimed = self._claim(attempt, cleared, now)
        except TwinFound as twin:
            return Twin(twin.id, twin.state in PENDING)
        if claimed is None:
            return Taken()
        id = attempt.draft.envelope.submission
        self.in_flight.add(id)
        try:
            return self._send(attempt, Claim(id, claimed.version, claimed.attempt, attempt, cleared.earlier), now)
        finally:
            self.in_flight.discard(id)

    def _claim(self, attempt: Attempt, cleared: Cleared, now: datetime) -> Claimed | None:
        draft = attempt.draft
        others = {id: version for id, version in cleared.versions.items() if id != draft.envelope.submission}
        return self.journal.claim(
            draft.entry(Kind.ADDITION),
            attempt.over,
            draft.mark,
            Deed(attempt.actor, "sent", State.SENDING),
            Twins(PENDING, ENDED, now - LOOK_ALIKE, attempt.known_twin),
            others,
            fingerprint=self.fingerprint(attempt),
            request=attempt.request.redacted(),
            earlier=kept(cleared.earlier),
            seen_at=draft.envelope.seen_at,
            **claimed(now),
        )

    def _send(self, attempt: Attempt, claim: Claim, now: datetime) -> Result:
        recorder = Recorder(self.journal, self.clock)
        if attempt.draft.envelope.stale(now):
            fresh = self._look_first(attempt, claim, recorder)
            if fresh is None:
                return Sent()
            claim = fresh
        outcome = self.client.add_action(attempt.place, attempt.request)
        return Sent() if recorder.record(claim, outcome) else Unrecorded(*describe(outcome, attempt.secrets))

    def _look_first(self, attempt: Attempt, claim: Claim, recorder: Recorder) -> Claim | None:
        """Read which actions the pipeline has now; when that fails, nothing is sent and None comes back."""
        envelope = attempt.draft.envelope
        now = self.clock()
        try:
            listed = self.client.all_actions(envelope.place)
            ids = tuple(action.id for action in listed)
        except BuddyError as error:
            recorder.write(claim, NotSent(error.sentence))
            return None
        begin = self.clock()
        version = self.journal.move(
            claim.id,
            claim.version,
            State.SENDING,
            State.SENDING,
            snapshot=envelope.snapshot.with_actions(ids, listed.unread).to_json(),
            seen_at=None if listed.unread else now,
            sent_at=begin,
            lease_until=begin + LEASE,
            next_look=begin + LEASE,
        )
        return None if version is None else replace(claim, version=version)


def informed(attempt: Attempt, cleared: Cleared) -> Attempt:
    """The same attempt, knowing what was read of its pipeline, and which version of its own row was looked at."""
    draft = attempt.draft
    if cleared.ids is not None and cleared.seen_at is not None:
        envelope = draft.envelope
        snapshot = envelope.snapshot.with_actions(cleared.ids)
        fresh = replace(envelope, issued_at=int(cleared.seen_at.timestamp()), snapshot=snapshot)
        draft = replace(draft, envelope=fresh)
    if draft.envelope.submission in cleared.versions:
        draft = replace(draft, mark=Mark(draft.mark.editor, cleared.versions[draft.envelope.submission]))
    return replace(attempt, draft=draft)
