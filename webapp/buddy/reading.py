"""Reading Buddy's JSON leniently: what is missing is null, what has the wrong type is a `BadAnswer`."""

from collections.abc import Mapping
from typing import Any

from webapp.buddy.errors import BadAnswer

LARGEST_ID = 2**63 - 1


def integer(data: Mapping[str, Any], name: str) -> int:
    """Read an id: a whole number from 1 up. Raises `BadAnswer`."""
    value = data.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= LARGEST_ID:
        raise BadAnswer(f"{name} is no number")
    return value


def text(data: Mapping[str, Any], name: str) -> str:
    """Read a text that must be there. Raises `BadAnswer`."""
    value = optional_text(data, name)
    if value is None:
        raise BadAnswer(f"{name} is missing")
    return value


def optional_text(data: Mapping[str, Any], name: str) -> str | None:
    """Read a text, or None when it is missing or is something else."""
    value = data.get(name)
    return value if isinstance(value, str) else None


def mapping(value: Any) -> Mapping[str, Any]:
    """Take a value that must be an object. Raises `BadAnswer`."""
    if not isinstance(value, Mapping):
        raise BadAnswer("an object was expected")
    return value


def items(value: Any, name: str) -> list[Mapping[str, Any]]:
    """Take the list `name` of objects out of an answer; a missing one is empty. Raises `BadAnswer`."""
    found = mapping(value).get(name)
    if found is None:
        return []
    if not isinstance(found, list):
        raise BadAnswer(f"{name} is no list")
    return [mapping(item) for item in found]
