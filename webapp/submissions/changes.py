"""Changing an action that is there."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar

from webapp.buddy.client import Client
from webapp.buddy.outcomes import ChangeOutcome
from webapp.store.reading import Duplicates
from webapp.submissions.states import Kind
from webapp.submissions.writes import Write


@dataclass(frozen=True)
class Change(Write):
    """A change of the action `target`: the `changes` that it asks for, and the `body` that is sent for them.

    `redacted` is the body without its `secrets`. At `read_at` the action was read once more; None for a form that was
    sent before, which is not sent again.
    """

    kind: ClassVar = Kind.CHANGE
    target: int
    changes: Mapping[str, Any] = field(repr=False)
    body: Mapping[str, Any] = field(repr=False)
    redacted: Mapping[str, Any] | None = None
    secrets: Collection[str] = field(default=(), repr=False)
    read_at: datetime | None = None

    @property
    def content(self) -> bytes:
        """What is to be changed, and of which action."""
        return json.dumps([self.kind, self.place.action_path(self.target), self.changes], sort_keys=True).encode()

    @property
    def details(self) -> Mapping[str, Any]:
        """Which action it is about."""
        return {"asks": self.kind, "action_id": self.target}

    def duplicates(self, now: datetime) -> Duplicates:
        """Nothing else may be done to the action meanwhile: what it does would be written over, or write over this."""
        beside = (Kind.CHANGE, Kind.DELETION) if self.read_at else ()
        return replace(super().duplicates(now), beside=beside, read_at=self.read_at)

    def call(self, client: Client) -> ChangeOutcome:
        """Send it, once."""
        return client.edit_action(self.place, self.target, self.body)
