"""The API token that asks, as Buddy tells of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp.http.reading import moment, optional_text, optional_texts

# Stands for a scope that can't be read, and that may be any.
UNREADABLE = "not readable"
LONGEST_NAME = 255


@dataclass(frozen=True)
class Token:
    """A token without its text: its name, what it may do, and when it ends (None: never, or Buddy does not say)."""

    name: str
    scopes: tuple[str, ...]
    expires_at: datetime | None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Token":
        """Read what Buddy tells; nothing of it has to be there."""
        return cls(
            name=(optional_text(data, "name") or "")[:LONGEST_NAME],
            scopes=optional_texts(data, "scopes", UNREADABLE),
            expires_at=moment(data, "expires_at"),
        )
