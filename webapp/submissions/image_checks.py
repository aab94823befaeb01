"""What was known of an image before it was sent: what a registry said when it was asked."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True)
class ImageCheck:
    """What was seen of an `image` at a time, in a sentence; nothing of a name and password is in it.

    `of` marks what was asked, so that it is not told of anything else. `signed` tells that it was asked with a name
    and password. `again_at` is from when it makes sense to ask again, as a Unix time, where that is known. `seen` is
    one of the words of `webapp.registry.findings.Seen`; of an image that is not there with its tag, `nearest` are tags
    that are.
    """

    of: str
    image: str
    seen: str
    sentence: str
    asked_at: int
    signed: bool = False
    nearest: tuple[str, ...] = ()
    again_at: int | None = None

    @property
    def at(self) -> datetime:
        """When it was asked."""
        return datetime.fromtimestamp(self.asked_at, UTC)

    @property
    def again(self) -> datetime | None:
        """From when it makes sense to ask again, where that is known."""
        return None if self.again_at is None else datetime.fromtimestamp(self.again_at, UTC)

    def to_json(self) -> dict[str, Any]:
        """What can be written down, and signed."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> "ImageCheck | None":
        """Read back what was written; None where there is nothing. What only a newer Slipway knows is left out."""
        if not data:
            return None
        known = {field.name: data[field.name] for field in fields(cls) if field.name in data}
        return cls(**{**known, "nearest": tuple(data.get("nearest", ()))})
