"""The API token that asks, as Buddy tells of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp.buddy.reading import moment, optional_text, optional_texts

# What the scopes let a token do that matter to Slipway (Buddy: "Scopes"), older names and newer ones.
MEANINGS = {
    "WORKSPACE": "see workspaces and projects",
    "EXECUTION_INFO": "see pipelines and actions",
    "EXECUTION_RUN": "run pipelines, and see them with their actions",
    "EXECUTION_MANAGE": "add, change and delete actions, and see and run pipelines",
    "PIPELINE_READ": "see pipelines and actions",
    "PIPELINE_WRITE": "add, change and delete actions",
    "INTEGRATION_INFO": "see integrations, such as registries",
    "TOKEN_INFO": "tell about itself",
}
# What Slipway needs, and the scopes of which one is enough.
NEEDED = {
    "see workspaces and projects": {"WORKSPACE"},
    "see pipelines and actions": {"EXECUTION_INFO", "EXECUTION_RUN", "EXECUTION_MANAGE", "PIPELINE_READ"},
    "add actions": {"EXECUTION_MANAGE", "PIPELINE_WRITE"},
    "see integrations": {"INTEGRATION_INFO", "INTEGRATION_ADD", "INTEGRATION_MANAGE"},
}


def lacking(scopes: Iterable[str]) -> list[str]:
    """Tell, in words, what Slipway needs and a token with these scopes may not do."""
    return [words for words, enough in NEEDED.items() if not enough & set(scopes)]


@dataclass(frozen=True)
class Token:
    """A token without its text: its name, what it may do, and when it ends (None: never, or Buddy does not say)."""

    name: str
    scopes: tuple[str, ...]
    expires_at: datetime | None
    workspaces: tuple[str, ...]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Token":
        """Read what Buddy tells; nothing of it has to be there. `workspaces` are those it is restricted to, if any."""
        return cls(
            name=optional_text(data, "name") or "",
            scopes=optional_texts(data, "scopes"),
            expires_at=moment(data, "expires_at"),
            workspaces=optional_texts(data, "workspace_restrictions"),
        )
