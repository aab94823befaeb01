"""Taking secrets out of what Buddy answered, in case it repeats them."""

from collections.abc import Iterable, Mapping
from typing import Any

from webapp.buddy.secrecy import REDACTED

# A shorter secret is replaced only where it is the whole text: inside words it would be found by chance.
SHORTEST_PART = 6


def scrub(values: Mapping[str, Any], secrets: Iterable[str]) -> dict[str, Any]:
    """Give a copy of plain data with every occurrence of the `secrets` in its texts replaced."""
    wanted = [secret for secret in secrets if secret]
    return {key: clean(item, wanted) for key, item in values.items()}


def clean(value: Any, secrets: list[str]) -> Any:
    """Replace the secrets in one piece of plain data, whatever its shape."""
    if isinstance(value, str):
        for secret in secrets:
            if value == secret:
                return REDACTED
            if len(secret) >= SHORTEST_PART:
                value = value.replace(secret, REDACTED)
        return value
    if isinstance(value, dict):
        return {clean(key, secrets): clean(item, secrets) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item, secrets) for item in value]
    return value
