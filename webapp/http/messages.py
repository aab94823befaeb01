"""What Buddy says in an answer, in whatever shape: the texts for people in it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from webapp.http.errors import BadAnswer
from webapp.http.reading import parse

MOST_MESSAGES = 10
LONGEST_MESSAGE = 300
DEEPEST = 20
# Where a text for people stands: Buddy's own names, those of OAuth (RFC 6749), and those of a problem (RFC 9457).
NAMES = ("errors", "error", "error_description", "messages", "message", "title", "detail")
MARKUP = re.compile(r"<[a-z!?/]", re.IGNORECASE)
NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def words(body: bytes | None) -> tuple[str, ...]:
    """Find the messages in a body, ten at most and how many more there are; none in HTML, and in what is no text.

    They are as long as they are, so that a secret in them can still be found: `short` is for what is kept and shown.
    """
    try:
        found = texts(parse(body))
    except BadAnswer:
        found = plain_text(body)
    messages = tuple(dict.fromkeys(message for message in found if message.strip()))
    rest = len(messages) - MOST_MESSAGES
    return messages[:MOST_MESSAGES] + ((f"and {rest} more",) if rest > 0 else ())


def short(messages: Iterable[str]) -> tuple[str, ...]:
    """Messages as they are kept and shown: on one line, and of 300 characters at most."""
    return tuple(" ".join(message.split())[:LONGEST_MESSAGE] for message in messages)


def texts(data: Any, depth: int = 0, name: str = "") -> Iterator[str]:
    """All texts for people, however they are nested; those of an object that has none of the names, with its own."""
    if isinstance(data, str):
        yield f"{name}: {data}" if name else data
    elif isinstance(data, list) and depth < DEEPEST:
        for item in data:
            yield from texts(item, depth + 1, name)
    elif isinstance(data, Mapping) and depth < DEEPEST:
        named = [data[key] for key in NAMES if data.get(key)]
        for item in named:
            yield from texts(item, depth + 1, name)
        # The object itself is no message: without a name for one it says nothing.
        if not named and depth:
            for key, item in data.items():
                yield from texts(item, depth + 1, key)


def plain_text(body: bytes | None) -> Iterator[str]:
    """A body that is neither JSON nor HTML, if it is a text at all."""
    try:
        text = (body or b"").decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        return
    if not text.startswith(("{", "[")) and not MARKUP.search(text) and not NO_TEXT.search(text):
        yield text
