"""An integration as an action refers to it: by its identifier, or by its hash id where it has none."""

import re
from collections.abc import Mapping
from typing import Any

from webapp.http.reading import optional_text

HASH_ID = re.compile(r"[0-9a-f]{20,}")


def reference(integration: Any) -> str:
    """How a form refers to the integration of an action; empty when it has none."""
    if not isinstance(integration, Mapping):
        return ""
    return optional_text(integration, "identifier") or optional_text(integration, "hash_id") or ""


def same_integration(sent: Mapping[str, Any], answered: Any) -> bool:
    """Whether an answer names the integration that was sent, or may name it.

    One that was sent by its hash id is answered by its identifier alone (Buddy: OpenAPI, `IntegrationIdentifierView`).
    """
    if not isinstance(answered, Mapping):
        return False
    names = names_of(answered)
    return sent["identifier"] in names or named_otherwise(sent, answered) if sent else not names


def named_otherwise(sent: Mapping[str, Any], answered: Any) -> bool:
    """Whether an integration was sent by its hash id and answered by an identifier, or the other way round.

    Nobody can tell then whether the two are the same one.
    """
    if not isinstance(answered, Mapping) or not sent or not names_of(answered):
        return False
    by_hash = is_hash_id(sent["identifier"])
    return all(is_hash_id(name) is not by_hash for name in names_of(answered))


def names_of(answered: Mapping[str, Any]) -> tuple[str, ...]:
    """The names that an answer gives an integration."""
    names = (answered.get("identifier"), answered.get("hash_id"))
    return tuple(name for name in names if isinstance(name, str) and name)


def is_hash_id(name: str) -> bool:
    """Whether a name of an integration is its hash id."""
    return HASH_ID.fullmatch(name) is not None
