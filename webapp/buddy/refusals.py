"""From an answer that is no success to the error that says what it means."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from webapp.buddy.errors import (
    ApiDisabled,
    BadAnswer,
    Forbidden,
    Invalid,
    NotFound,
    RateLimited,
    Refused,
    ServerTrouble,
    TokenRefused,
)
from webapp.buddy.reading import parse
from webapp.buddy.scopes import scopes_in, with_included
from webapp.buddy.waits import retry_after, seconds_to_reset

MOST_MESSAGES = 10
LONGEST_MESSAGE = 300
DEEPEST_MESSAGE = 20
KINDS: Mapping[int, type[Refused]] = {401: TokenRefused, 404: NotFound}


def refusal(status: int, headers: Mapping[str, str], body: bytes | None) -> Refused:
    """Turn an answer that is no success into the error that says what it means."""
    messages = error_messages(status, body)
    said = " ".join(messages).lower()
    if status == 429 or (status == 403 and "rate limit" in said):
        return RateLimited(status, messages, retry_after(headers) or seconds_to_reset(headers))
    if status in (400, 403) and "api is disabled" in said:
        return ApiDisabled(status, messages)
    if status == 403:
        return forbidden(headers, messages)
    if status >= 500:
        return ServerTrouble(status, messages, retry_after(headers))
    return KINDS.get(status, Invalid)(status, messages)


def forbidden(headers: Mapping[str, str], messages: tuple[str, ...]) -> Refused:
    """Explain a 403 that does not say why: by the scopes first, then by the rate limit."""
    accepted = scopes_in(headers.get("X-Accepted-OAuth-Scopes", ""))
    granted = scopes_in(headers.get("X-OAuth-Scopes", ""))
    told_apart = accepted and granted and not with_included(granted) & set(accepted)
    if headers.get("X-Rate-Limit-Remaining") == "0" and not told_apart:
        return RateLimited(403, messages, retry_after(headers) or seconds_to_reset(headers))
    return Forbidden(403, messages, accepted, granted)


def error_messages(status: int, body: bytes | None) -> tuple[str, ...]:
    """Find Buddy's messages in a body of any shape; the name of the HTTP status when there are none."""
    try:
        data = parse(body)
    except BadAnswer:
        data = None
    found = [message for message in texts(data) if message.strip()]
    shown = [message.strip()[:LONGEST_MESSAGE] for message in found[:MOST_MESSAGES]]
    if len(found) > MOST_MESSAGES:
        shown.append(f"and {len(found) - MOST_MESSAGES} more")
    return tuple(shown) or (reason(status),)


def texts(data: Any, depth: int = 0) -> Iterator[str]:
    """All texts under `errors`, `error` and `message`, however they are nested."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, list) and depth < DEEPEST_MESSAGE:
        for item in data:
            yield from texts(item, depth + 1)
    elif isinstance(data, dict) and depth < DEEPEST_MESSAGE:
        for name in ("errors", "error", "message"):
            yield from texts(data.get(name), depth + 1)


def reason(status: int) -> str:
    """The name of an HTTP status (RFC 9110)."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"
