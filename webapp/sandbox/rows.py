"""What Buddy accepts in the lists of an action: volume mappings, variables and plain texts."""

from collections.abc import Iterator
from typing import Any

from webapp.sandbox.state import Json

VARIABLE_TYPES = ("VAR", "FILE", "SSH_KEY")


def wrong_rows(body: Json) -> Iterator[str]:
    """Rows that are none."""
    for mapping in body.get("volume_mappings") or []:
        if not isinstance(mapping, str) or mapping.count(":") != 1 or "" in mapping.split(":"):
            yield "Field volume_mappings must hold texts such as /:/buddy."
    for item in body.get("variables") or []:
        yield from wrong_variable(item)
    if not all(isinstance(item, dict) for item in body.get("trigger_conditions") or []):
        yield "Field trigger_conditions must hold objects."
    if not all(isinstance(item, str) for item in body.get("loop") or []):
        yield "Field loop must hold texts."


def wrong_variable(item: Any) -> Iterator[str]:
    """A variable that is none."""
    if not isinstance(item, dict):
        yield "Field variables must hold objects with key and value."
        return
    if not isinstance(item.get("key"), str) or not item["key"] or not isinstance(item.get("value"), str):
        yield "Field variables must hold objects with key and value, both text."
    if item.get("type", "VAR") not in VARIABLE_TYPES:
        yield f"Field variables: type must be one of {', '.join(VARIABLE_TYPES)}."
    for flag in ("encrypted", "settable"):
        if not isinstance(item.get(flag, False), bool):
            yield f"Field variables: {flag} must be true or false."
