"""From an answer that is no success to the error that says what it means."""

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus

from webapp.http.errors import (
    ApiDisabled,
    Forbidden,
    Invalid,
    NotFound,
    RateLimited,
    Refused,
    ServerTrouble,
    TakesNoChanges,
    TokenRefused,
)
from webapp.http.messages import short, words
from webapp.http.scopes import scopes_in, with_included
from webapp.http.waits import retry_after, seconds_to_reset

KINDS: Mapping[int, type[Refused]] = {401: TokenRefused, 404: NotFound}
# Buddy has no code for it.
FIXED = re.compile(r"\bpipeline\b[^\n]{0,200}\b(?:YAML|frozen|takes no changes|read-only)\b", re.IGNORECASE)


def refusal(status: int, headers: Mapping[str, str], body: bytes | None) -> Refused:
    """Turn an answer that is no success into the error that says what it means."""
    messages = short(messages_of(status, body))
    said = " ".join(messages).lower()
    if status == 429 or (status == 403 and "rate limit" in said):
        return RateLimited(status, messages, retry_after(headers) or seconds_to_reset(headers))
    if status in (400, 403) and "api is disabled" in said:
        return ApiDisabled(status, messages)
    if status not in KINDS and status < 500 and takes_no_changes(messages):
        return TakesNoChanges(status, messages)
    if status == 403:
        return forbidden(headers, messages)
    if status >= 500:
        return ServerTrouble(status, messages, retry_after(headers))
    return KINDS.get(status, Invalid)(status, messages)


def takes_no_changes(messages: Iterable[str]) -> bool:
    """Whether what Buddy says is that the pipeline itself can't be changed, whatever is sent."""
    return any(FIXED.search(message) for message in messages)


def forbidden(headers: Mapping[str, str], messages: tuple[str, ...]) -> Refused:
    """Explain a 403 that does not say why: by the scopes first, then by the rate limit."""
    accepted = scopes_in(headers.get("X-Accepted-OAuth-Scopes", ""))
    granted = scopes_in(headers.get("X-OAuth-Scopes", ""))
    told_apart = accepted and granted and not with_included(granted) & set(accepted)
    if headers.get("X-Rate-Limit-Remaining") == "0" and not told_apart:
        return RateLimited(403, messages, retry_after(headers) or seconds_to_reset(headers))
    return Forbidden(403, messages, accepted, granted)


def messages_of(status: int, body: bytes | None) -> tuple[str, ...]:
    """What Buddy says in an answer; the name of the HTTP status when it says nothing."""
    return words(body) or (reason(status),)


def reason(status: int) -> str:
    """The name of an HTTP status (RFC 9110)."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"
