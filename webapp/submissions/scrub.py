"""Taking secrets out of what Buddy answered, in case it repeats them."""

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any
from urllib.parse import quote, quote_plus

from webapp.buddy.secrecy import REDACTED

# A shorter secret is replaced only where it is the whole text: inside words it would be found by chance.
SHORTEST_PART = 6


def scrub(values: Mapping[str, Any], secrets: Iterable[str]) -> dict[str, Any]:
    """Give a copy of plain data with every occurrence of the `secrets` in its texts replaced."""
    wanted = [spelling for secret in secrets if secret for spelling in spellings(secret)]
    return {key: clean(item, wanted) for key, item in values.items()}


def spellings(secret: str) -> list[str]:
    """A secret as an answer may repeat it: raw, and as JSON, addresses, HTML and Base64 write it; the longest first."""
    texts = {
        secret,
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
        escape(secret),
        escape(secret, quote=False),
        b64encode(secret.encode()).decode(),
    }
    return sorted(texts, key=len, reverse=True)


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
