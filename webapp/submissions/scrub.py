"""Taking secrets out of what Buddy answered, in case it repeats them."""

import json
from base64 import b64encode
from collections.abc import Collection, Iterable, Iterator, Mapping
from html import escape
from typing import Any
from urllib.parse import quote, quote_plus

from webapp.buddy.secrecy import REDACTED

# A shorter secret is replaced only where it is the whole text: inside words it would be found by chance.
SHORTEST_PART = 6


def scrub(values: Mapping[str, Any], secrets: Iterable[str]) -> dict[str, Any]:
    """Give a copy of plain data with every occurrence of the `secrets` in its texts replaced."""
    wanted = {spelling for secret in secrets if secret for spelling in spellings(secret)}
    return {key: clean(item, wanted) for key, item in values.items()}


def spellings(secret: str) -> set[str]:
    """A secret as an answer may repeat it: raw, and as JSON, addresses, HTML and Base64 write it."""
    return {
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


def clean(value: Any, secrets: Collection[str]) -> Any:
    """Replace the secrets in one piece of plain data, whatever its shape."""
    if isinstance(value, str):
        return REDACTED if value in secrets else without(value, secrets)
    if isinstance(value, dict):
        return {clean(key, secrets): clean(item, secrets) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item, secrets) for item in value]
    return value


def without(text: str, secrets: Iterable[str]) -> str:
    """Replace the secrets in a text. Each is looked for in what it was, since one may begin with another."""
    long_enough = (secret for secret in secrets if len(secret) >= SHORTEST_PART)
    places = sorted(place for secret in long_enough for place in joined(places_of(secret, text)))
    parts, at = [], 0
    for begin, end in joined(places):
        parts += [text[at:begin], REDACTED]
        at = end
    return "".join([*parts, text[at:]])


def places_of(secret: str, text: str) -> Iterator[tuple[int, int]]:
    """Where a secret stands in a text, from and to."""
    at = text.find(secret)
    while at >= 0:
        yield at, at + len(secret)
        at = text.find(secret, at + 1)


def joined(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Places in a text, which come in order: those that overlap or touch are one."""
    found: list[tuple[int, int]] = []
    for begin, end in places:
        if found and begin <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((begin, end))
    return found
