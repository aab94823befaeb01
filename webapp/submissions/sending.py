"""The one send: claimed in the journal before Buddy is called, recorded after it answered or did not."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from webapp.buddy.client import Client
from webapp.buddy.errors import BuddyError
from webapp.buddy.outcomes import NotSent
from webapp.buddy.slots import Busy
from webapp.store.events import Deed
from webapp.store.journal import Journal
from webapp.store.reading import Clock, TwinFound, Twins
from webapp.submissions.attempts import Attempt, Result, Sent, Taken, Twin, Unrecorded
from webapp.submissions.drafts import is_taken
from webapp.submissions.recording import Claim, Recorder, claimed, describe
from webapp.submissions.schedule import LEASE
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
    in_flight: set[str] = field(default_factory=set)

    def send(self, attempt: Attempt) -> Result:
        """Claim the draft, send its request and record the outcome.

        Raises `Busy` when too many wait for Buddy already, and `JournalUnavailable` when the claim can't be written:
        nothing is claimed or sent then.
        """
        try:
            with self.client.slot(writing=True):
                return self._claim_and_send(attempt)
        except Busy:
            if is_taken(self.journal, attempt.draft, attempt.over):
                return Taken()
            raise

    def fingerprint(self, attempt: Attempt) -> str:
        """Mark what an attempt asks of Buddy, and where."""
        return self.journal.fingerprint(attempt.content)

    def _claim_and_send(self, attempt: Attempt) -> Result:
        now = self.clock()
        try:
            version = self._claim(attempt, now)
        except TwinFound as twin:
            return Twin(twin.id, twin.state in PENDING)
        if version is None:
            return Taken()
        id = attempt.draft.envelope.submission
        self.in_flight.add(id)
        try:
            return self._send(attempt, Claim(id, version, attempt), now)
        finally:
            self.in_flight.discard(id)

    def _claim(self, attempt: Attempt, now: datetime) -> int | None:
        draft = attempt.draft
        return self.journal.put(
            draft.entry(Kind.ADDITION),
            State.SENDING,
            attempt.over,
            draft.mark,
            Deed(attempt.actor, "sent", State.SENDING, {"attempt": attempt.number}),
            Twins(PENDING, ENDED, now - LOOK_ALIKE, attempt.known_twin),
            fingerprint=self.fingerprint(attempt),
            request=attempt.request.redacted(),
            attempts=attempt.number,
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
            ids = tuple(action.id for action in self.client.all_actions(envelope.place))
        except BuddyError as error:
            recorder.write(claim, NotSent(error.sentence))
            return None
        begin = self.clock()
        version = self.journal.move(
            claim.id,
            claim.version,
            State.SENDING,
            State.SENDING,
            snapshot=envelope.snapshot.with_actions(ids).to_json(),
            seen_at=now,
            sent_at=begin,
            lease_until=begin + LEASE,
            next_look=begin + LEASE,
        )
        return None if version is None else Claim(claim.id, version, attempt)
