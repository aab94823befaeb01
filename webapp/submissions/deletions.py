"""Deleting an action."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from webapp.buddy.client import Client
from webapp.buddy.outcomes import DeletionOutcome
from webapp.submissions.clearance import Cleared
from webapp.submissions.states import Kind
from webapp.submissions.writes import Write


@dataclass(frozen=True)
class Deletion(Write):
    """The deletion of the action `target`, which was read `before`, so that another like it can be made."""

    kind: ClassVar = Kind.DELETION
    target: int
    before: Mapping[str, Any]

    @property
    def content(self) -> bytes:
        """Which action is to go."""
        return json.dumps([self.kind, self.place.action_path(self.target), {}], sort_keys=True).encode()

    @property
    def details(self) -> Mapping[str, Any]:
        """Which action it is about."""
        return {"asks": self.kind, "action_id": self.target}

    def call(self, client: Client) -> DeletionOutcome:
        """Send it, once."""
        return client.delete_action(self.place, self.target)

    def columns(self, cleared: Cleared, now: datetime) -> dict[str, Any]:
        """The action as it was."""
        return {"seen_at": now, "answer": self.before}
