"""Every setting of an action, as Buddy's documents tell of it: values that it can have, and how they are typed."""

import json
from collections.abc import Mapping
from typing import Any

from support.examples import EXAMPLES
from support.rigs import WIRE

# Values in JSON: the first, and then each that the one before can be changed to; at last, where it can be, none.
VALUES: dict[str, list[Any]] = json.loads((EXAMPLES / "settings.json").read_text())
# What must be set with a setting.
WITH: dict[str, dict[str, Any]] = {
    "integration": {"region": "eu-central-1"},
    "region": {"integration": {"identifier": "ecr_prod"}},
    "registry": {"login": "deploy", "password": "hush"},
    "login": {"password": "hush"},
    "password": {"login": "deploy"},
    "use_image_from_action": {"docker_build_action_id": 12},
    "docker_build_action_id": {"use_image_from_action": True},
    "docker_build_action_name": {"use_image_from_action": True},
    "run_only_on_first_failure": {"trigger_time": "ON_FAILURE"},
}
# What Buddy never tells of an action, so that nobody can see or copy it.
UNTOLD = {"password", "after_action_id"}
# Settings of which there may be several rows in the form, and the boxes of one row.
ROWS = {"volume_mappings": ("source", "target"), "variables": ("key", "value")}
# The type is always the same, and the choice of the image's source tells the other.
NO_BOX = ("type", "use_image_from_action")


def action_with(name: str, value: Any) -> dict[str, Any]:
    """A request for an action with a setting, as small as it can be, in JSON."""
    return WIRE | WITH.get(name, {}) | {name: value}


def typed(body: Mapping[str, Any]) -> dict[str, str | None]:
    """How a request is typed into the form: each box by its name, None for one that is not ticked."""
    return {"image_source": source_of(body), **boxes_of(body)}


def boxes_of(settings: Mapping[str, Any]) -> dict[str, str | None]:
    """How some settings are typed."""
    boxes: dict[str, str | None] = {}
    for name, value in settings.items():
        if isinstance(value, list):
            boxes |= rows(name, value)
        elif isinstance(value, bool):
            boxes[name] = "true" if value else None
        elif isinstance(value, dict):
            boxes[name] = value["identifier"]
        else:
            boxes[name] = str(value or "")
    return {name: value for name, value in boxes.items() if name not in NO_BOX}


def source_of(body: Mapping[str, Any]) -> str:
    """What is chosen as the source of the image."""
    if "use_image_from_action" in body:
        return "action"
    return "integration" if "integration" in body else "credentials" if "login" in body else "public"


def rows(name: str, items: list[Any]) -> dict[str, str | None]:
    """The boxes of the first row, empty where there is none."""
    row = items[0] if items else {}
    if name == "volume_mappings":
        source, _, target = (row or ":").partition(":")
        row = {"source": source, "target": target}
    return {f"{name}-0-{field}": row.get(field, "") for field in ROWS[name]}
