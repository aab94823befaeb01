"""Secrets in what Buddy answers and in what goes back to it."""

import re
from collections.abc import Mapping
from typing import Any

REDACTED = "[secret]"
# How a value begins that Buddy has encrypted (today, and until 2022).
ENCRYPTED_MARKS = ("!encrypted", "secure!")
# The types of variables that hold private keys.
SECRET_TYPES = ("SSH_KEY", "GPG_KEY", "IOS_KEYCHAIN", "IOS_PROVISION_PROFILES")
SECRET_NAME = re.compile(
    r"(?:.*_)?(?:password|passphrase|secret|token|(?:access|api|auth|private|secret|server)_key)", re.IGNORECASE
)


def without_secrets(data: Any) -> Any:
    """Give a copy of a part of an answer with every secret in it replaced, wherever it is.

    What was encrypted by its mark alone is then marked `encrypted`, so that the copy still tells which values are
    secrets. Data is as deep as `parse` lets through.
    """
    if isinstance(data, Mapping):
        safe = {name: safe_value(name, value) for name, value in data.items()}
        return {**safe, **hidden_value(data)}
    if isinstance(data, list):
        return [without_secrets(item) for item in data]
    return REDACTED if is_encrypted(data) else data


def safe_value(name: str, value: Any) -> Any:
    """Give the value of a field without secrets; a field that is one by its name is replaced whole."""
    return REDACTED if value is not None and SECRET_NAME.fullmatch(name) else without_secrets(value)


def hidden_value(item: Mapping[str, Any]) -> dict[str, Any]:
    """What takes the place of a variable's value if it is a secret."""
    if "value" not in item or not is_secret(item):
        return {}
    return {"value": REDACTED} | ({"encrypted": True} if is_encrypted(item["value"]) else {})


def is_secret(variable: Mapping[str, Any]) -> bool:
    """Whether the value of a variable must never be shown: it is encrypted, or should be, or is a private key."""
    return (
        bool(variable.get("encrypted")) or variable.get("type") in SECRET_TYPES or is_encrypted(variable.get("value"))
    )


def is_encrypted(value: Any) -> bool:
    """Whether a value is a text that Buddy has encrypted."""
    return isinstance(value, str) and value.startswith(ENCRYPTED_MARKS)


def has_unreadable(changes: Mapping[str, Any]) -> bool:
    """Whether a change holds, in place of a password or a variable's value, what only stands for a secret."""
    variables = changes.get("variables") or ()
    values = [changes.get("password"), *(item.get("value") for item in variables)]
    return any(value == REDACTED or is_encrypted(value) for value in values)
