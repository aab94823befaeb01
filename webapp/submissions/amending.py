"""Changing or deleting an action: claimed in the journal before Buddy is called, recorded after it answered or not."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from webapp.buddy.client import Client
from webapp.buddy.outcomes import ChangeOutcome, DeletionOutcome
from webapp.buddy.places import Place
from webapp.buddy.slots import Busy
from webapp.store.events import Actor, Deed
from webapp.store.journal import Claimed, Journal
from webapp.store.reading import Clock, TwinFound, Twins
from webapp.submissions.attempts import Result, Sent, Taken, Twin, Unrecorded
from webapp.submissions.drafts import Draft, is_taken
from webapp.submissions.recording import Claim, Recorder, claimed, describe
from webapp.submissions.states import PENDING, Kind, State, sources


@dataclass(frozen=True)
class Amendment:
    """One change or deletion of the action `target`, in the name of a page: its draft. `before` is the action as read.

    `changes` is what a change asks for, `body` what is sent for it, `redacted` the same without secrets, which are in
    `secrets`.
    """

    kind: Kind
    draft: Draft
    target: int
    actor: Actor
    changes: Mapping[str, Any] = field(default_factory=dict, repr=False)
    body: Mapping[str, Any] = field(default_factory=dict, repr=False)
    redacted: Mapping[str, Any] = field(default_factory=dict)
    secrets: Collection[str] = field(default=(), repr=False)
    before: Mapping[str, Any] | None = None

    @property
    def id(self) -> str:
        """The submission that it is written down as."""
        return self.draft.envelope.submission

    @property
    def place(self) -> Place:
        """The pipeline of the action."""
        return self.draft.envelope.place

    @property
    def content(self) -> bytes:
        """What this asks of Buddy, and of which action."""
        return json.dumps([self.kind, self.place.action_path(self.target), self.changes], sort_keys=True).encode()


@dataclass(frozen=True)
class Amender:
    """Sends changes and deletions, each at most once. `in_flight` are the submissions that this process is sending."""

    journal: Journal
    client: Client
    clock: Clock
    in_flight: set[str]

    def send(self, amendment: Amendment) -> Result:
        """Claim it, send it and record the outcome.

        Raises `Busy` when too many wait for Buddy already, and `JournalUnavailable` when the claim can't be written:
        nothing is claimed or sent then.
        """
        try:
            with self.client.slot(writing=True):
                return self._claim_and_send(amendment)
        except Busy:
            if is_taken(self.journal, amendment.draft, sources(State.SENDING, amendment.kind)):
                return Taken()
            raise

    def fingerprint(self, amendment: Amendment) -> str:
        """Mark what an amendment asks of Buddy, and of which action."""
        return self.journal.fingerprint(amendment.content)

    def _claim_and_send(self, amendment: Amendment) -> Result:
        try:
            claimed = self._claim(amendment)
        except TwinFound as twin:
            return Twin(twin.id, pending=True)
        if claimed is None:
            return Taken()
        claim = Claim(amendment.id, claimed.version, claimed.attempt, amendment)
        self.in_flight.add(amendment.id)
        try:
            outcome = self._call(amendment)
            recorded = Recorder(self.journal, self.clock).record(claim, outcome)
        finally:
            self.in_flight.discard(amendment.id)
        return Sent() if recorded else Unrecorded(*describe(outcome, amendment.secrets))

    def _claim(self, amendment: Amendment) -> Claimed | None:
        now = self.clock()
        details = {"asks": amendment.kind, "action_id": amendment.target}
        return self.journal.claim(
            amendment.draft.entry(amendment.kind),
            sources(State.SENDING, amendment.kind),
            amendment.draft.mark,
            Deed(amendment.actor, "sent", State.SENDING, details),
            Twins(PENDING, (), now),
            fingerprint=self.fingerprint(amendment),
            request=dict(amendment.redacted) or None,
            answer=amendment.before,
            seen_at=now,
            **claimed(now),
        )

    def _call(self, amendment: Amendment) -> ChangeOutcome | DeletionOutcome:
        place, id = amendment.place, amendment.target
        if amendment.kind is Kind.DELETION:
            return self.client.delete_action(place, id)
        return self.client.edit_action(place, id, amendment.body)
