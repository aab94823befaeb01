"""Adding an action: what is sent, and what must be looked for before it is."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

from webapp.buddy.client import Client
from webapp.buddy.container import Container
from webapp.buddy.outcomes import Outcome
from webapp.store.journal import Mark
from webapp.store.reading import Duplicates
from webapp.submissions.clearance import Clearance, Cleared
from webapp.submissions.results import AlreadyClaimed, Stopped
from webapp.submissions.sends import kept
from webapp.submissions.states import PENDING, Kind, State
from webapp.submissions.writes import Write

FROM_FORM = frozenset({State.DRAFT, State.NOT_SENT})
# The same content sent again within this time may be a slip.
LOOK_ALIKE = timedelta(minutes=10)
ENDED = frozenset({State.CREATED, State.FOUND, State.AMBIGUOUS, State.ABSENT})


@dataclass(frozen=True)
class Addition(Write):
    """A new action. `over` are the states that it may be sent from, `known_duplicate` is the submission that the person
    was told of and wants a second action beside: it asks the same, or its form is an earlier one."""

    kind: ClassVar = Kind.ADDITION
    request: Container
    known_duplicate: str | None = None
    over: Collection[State] = FROM_FORM

    @property
    def content(self) -> bytes:
        """The request, and its pipeline."""
        return json.dumps([self.place.path, self.request.payload()], sort_keys=True).encode()

    @property
    def redacted(self) -> Mapping[str, Any]:
        """The request without secrets."""
        return self.request.redacted()

    @property
    def secrets(self) -> Collection[str]:
        """The secrets in the request."""
        return self.request.secrets()

    @property
    def details(self) -> Mapping[str, Any]:
        """The template that it was made from: what the record says nothing else of is an addition."""
        template = self.draft.envelope.template
        return {"template": template.id, "version": template.version} if template else {}

    def call(self, client: Client) -> Outcome:
        """Send it, once."""
        return client.add_action(self.place, self.request)

    def duplicates(self, now: datetime) -> Duplicates:
        """What asks the same and is not known, or was sent a moment ago."""
        return Duplicates(PENDING, ENDED, now - LOOK_ALIKE, self.known_duplicate)

    def columns(self, cleared: Cleared, now: datetime) -> dict[str, Any]:
        """The sends before it that are not known, and when the pipeline was read."""
        return {"earlier": kept(cleared.earlier), "seen_at": self.draft.envelope.seen_at}

    def clear(self, clearance: Clearance) -> Cleared | Stopped | AlreadyClaimed:
        """Have everything of its form looked for that is not known."""
        return clearance.ask(self.draft, self.over, self.known_duplicate, self.actor)

    def informed(self, cleared: Cleared) -> "Addition":
        """The same, knowing what was read of its pipeline, and which version of its own row was looked at."""
        draft = self.draft
        if cleared.ids is not None and cleared.seen_at is not None:
            envelope = draft.envelope
            snapshot = envelope.snapshot.with_actions(cleared.ids)
            fresh = replace(envelope, issued_at=int(cleared.seen_at.timestamp()), snapshot=snapshot)
            draft = replace(draft, envelope=fresh)
        if self.id in cleared.versions:
            draft = replace(draft, mark=Mark(draft.mark.editor, cleared.versions[self.id]))
        return replace(self, draft=draft)

    def stale(self, now: datetime) -> bool:
        """Whether what its page knows of the pipeline is too old, or not all."""
        return self.draft.envelope.stale(now)
