"""Actions of a pipeline of any type, as Buddy answers them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from webapp.buddy.secrecy import without_secrets
from webapp.http.reading import integer, optional_text


@dataclass(frozen=True)
class ActionSummary:
    """An action as lists show it; image name and tag are there only where Buddy tells them.

    Only its `id` must be there: one whose name or type can't be read has an empty one, and is an action all the same.
    """

    id: int
    name: str
    type: str
    last_execution_status: str | None = None
    docker_image_name: str | None = None
    docker_image_tag: str | None = None
    disabled: bool = False
    trigger_time: str = ""

    @property
    def called(self) -> str:
        """What people know it by."""
        return self.name or f"Action {self.id}"

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ActionSummary":
        """Read an item of a list. Raises `BadAnswer`."""
        return cls(
            id=integer(data, "id"),
            name=optional_text(data, "name") or "",
            type=optional_text(data, "type") or "",
            last_execution_status=optional_text(data, "last_execution_status") or optional_text(data, "status"),
            docker_image_name=optional_text(data, "docker_image_name"),
            docker_image_tag=optional_text(data, "docker_image_tag"),
            disabled=data.get("disabled") is True,
            trigger_time=optional_text(data, "trigger_time") or "",
        )


@dataclass(frozen=True)
class Action:
    """An action as Buddy answers it in full.

    `raw` is the whole answer, also what we know nothing of, with every secret replaced: to show, to keep, and to
    compare a change with; it is no body to send.
    """

    id: int
    name: str | None
    type: str | None
    html_url: str | None
    pipeline_url: str | None
    pipeline_name: str | None
    last_execution_status: str | None
    raw: Mapping[str, Any] = field(repr=False)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Action":
        """Read an action, or the `raw` of one; only its `id` must be there. Raises `BadAnswer`."""
        raw = without_secrets(data)
        pipeline = raw.get("pipeline")
        return cls(
            id=integer(data, "id"),
            name=optional_text(raw, "name"),
            type=optional_text(raw, "type"),
            html_url=optional_text(raw, "html_url"),
            pipeline_url=optional_text(pipeline, "html_url") if isinstance(pipeline, Mapping) else None,
            pipeline_name=optional_text(pipeline, "name") if isinstance(pipeline, Mapping) else None,
            last_execution_status=optional_text(raw, "last_execution_status"),
            raw=raw,
        )
