"""The one send: claimed in the journal before Buddy is called, recorded after it answered or did not."""

from dataclasses import dataclass, replace
from datetime import datetime

from webapp.buddy.client import Client
from webapp.http.errors import BuddyError
from webapp.http.failures import NotSent
from webapp.http.slots import Busy
from webapp.store.events import NewEvent
from webapp.store.failures import JournalUnavailable
from webapp.store.journal import Claimed, Journal
from webapp.store.reading import Clock, DuplicateFound, OtherUnderWay
from webapp.submissions.clearance import Clearance, Cleared
from webapp.submissions.drafts import is_taken
from webapp.submissions.looks import OutcomeObserver
from webapp.submissions.recording import Claim, Recorder, columns_of_claim, describe, state_and_values
from webapp.submissions.results import AlreadyClaimed, Duplicate, Recorded, Result, Unrecorded
from webapp.submissions.schedule import LEASE
from webapp.submissions.states import PENDING, State
from webapp.submissions.writes import Write

NO_DATABASE = "Nothing was sent to Buddy: just before, Slipway could not use its database."


@dataclass(frozen=True)
class Sender:
    """Sends what is to be written in Buddy, of whatever kind, once for each claim. `in_flight` are the submissions that
    this process is sending; `observer` is told of each outcome: the kind, and the state that it ends in."""

    journal: Journal
    client: Client
    clock: Clock
    clearance: Clearance
    in_flight: set[str]
    observer: OutcomeObserver = lambda *_: None

    def send(self, write: Write) -> Result:
        """Look for what must be looked for before, claim the draft, send what it asks for and record the outcome.

        Whatever turns up stops the send, and so does what can't be read. Raises `Busy` when too many wait for Buddy
        already, `TemplateMoved` when its template was changed since it was read, and `JournalUnavailable` when the
        claim can't be written: nothing is claimed or sent then. What fails after the claim is an outcome.
        """
        try:
            with self.client.slot(writing=True):
                return self._look_and_send(write)
        except Busy:
            if is_taken(self.journal, write.draft, write.over):
                return AlreadyClaimed()
            raise

    def fingerprint(self, write: Write) -> str:
        """Mark what is asked of Buddy, and where."""
        return self.journal.fingerprint(write.content)

    def _look_and_send(self, write: Write) -> Result:
        cleared = write.clear(self.clearance)
        if not isinstance(cleared, Cleared):
            return cleared
        write = write.informed(cleared)
        now = self.clock()
        try:
            claimed = self._claim(write, cleared, now)
        except DuplicateFound as duplicate:
            return Duplicate(duplicate.id, duplicate.state in PENDING)
        except OtherUnderWay as other:
            return Duplicate(other.id, pending=True, other=True)
        if claimed is None:
            return AlreadyClaimed()
        self.in_flight.add(write.id)
        try:
            return self._send(Claim(write.id, claimed.version, claimed.attempt, write, cleared.earlier), now)
        finally:
            self.in_flight.discard(write.id)

    def _claim(self, write: Write, cleared: Cleared, now: datetime) -> Claimed | None:
        return self.journal.claim(
            write.entry,
            write.over,
            write.draft.mark,
            NewEvent(write.actor, "sent", State.SENDING, write.details),
            write.duplicates(now),
            {id: version for id, version in cleared.versions.items() if id != write.id},
            made=write.made,
            fingerprint=self.fingerprint(write),
            request=write.redacted,
            **write.columns(cleared, now),
            **columns_of_claim(now),
        )

    def _send(self, claim: Claim, now: datetime) -> Result:
        write = claim.write
        ready = self._look_first(claim) if write.stale(now) else claim
        if ready is None:
            return Recorded()
        claim, outcome = (claim, ready) if isinstance(ready, NotSent) else (ready, write.call(self.client))
        self.observer(write.kind, state_and_values(outcome)[0])
        recorded = Recorder(self.journal, self.clock).record(claim, outcome)
        return Recorded() if recorded else Unrecorded(*describe(outcome, write.secrets))

    def _look_first(self, claim: Claim) -> Claim | NotSent | None:
        """Read which actions the pipeline has now. When that fails, nothing is sent; None: the claim is over."""
        envelope = claim.write.draft.envelope
        now = self.clock()
        try:
            listed = self.client.all_actions(envelope.place)
            ids = tuple(action.id for action in listed)
        except BuddyError as error:
            return NotSent(error.sentence)
        begin = self.clock()
        try:
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
        except JournalUnavailable:
            return NotSent(NO_DATABASE)
        return None if version is None else replace(claim, version=version)
