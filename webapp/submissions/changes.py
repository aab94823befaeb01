"""Changing an action that is there."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from webapp.buddy.client import Client
from webapp.buddy.outcomes import ChangeOutcome
from webapp.submissions.states import Kind
from webapp.submissions.writes import Write


@dataclass(frozen=True)
class Change(Write):
    """A change of the action `target`: the `changes` that it asks for, and the `body` that is sent for them.

    `redacted` is the body without its `secrets`.
    """

    kind: ClassVar = Kind.CHANGE
    target: int
    changes: Mapping[str, Any] = field(repr=False)
    body: Mapping[str, Any] = field(repr=False)
    redacted: Mapping[str, Any] | None = None
    secrets: Collection[str] = field(default=(), repr=False)

    @property
    def content(self) -> bytes:
        """What is to be changed, and of which action."""
        return json.dumps([self.kind, self.place.action_path(self.target), self.changes], sort_keys=True).encode()

    @property
    def details(self) -> Mapping[str, Any]:
        """Which action it is about."""
        return {"asks": self.kind, "action_id": self.target}

    def call(self, client: Client) -> ChangeOutcome:
        """Send it, once."""
        return client.edit_action(self.place, self.target, self.body)
