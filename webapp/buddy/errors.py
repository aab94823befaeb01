"""What can go wrong when Buddy is asked, as one tree.

BuddyError
├── Unreachable         nothing was sent: no connection, no name, no trust in the certificate
├── NoAnswer            the request went out and no whole answer came back
├── BadAnswer           an answer came that can't be read
└── Refused             Buddy answered no
    ├── Invalid         400, 422 and other 4xx: the request is not accepted
    ├── TokenRefused    401: the token is missing, wrong, expired or revoked
    ├── Forbidden       403: a scope or a permission is missing
    ├── ApiDisabled     400 or 403: the workspace has the API switched off
    ├── RateLimited     429, or 403 that says so: too many requests
    ├── NotFound        404: not there, or hidden from this token
    └── ServerTrouble   5xx: Buddy itself has a problem
"""

import json
import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from time import time
from typing import Any

MOST_MESSAGES = 10
LONGEST_MESSAGE = 300
LONGEST_WAIT = 300
WAIT_SECONDS = re.compile(r"[0-9]{1,9}", re.ASCII)


class BuddyError(Exception):
    """Something went wrong at Buddy. `sentence` says what, `advice` what to do next, both in plain words."""

    sentence = "Buddy could not be asked."
    advice = "Try again in a moment."

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail


class Unreachable(BuddyError):
    """Nothing was sent: there was no connection to Buddy."""

    advice = "Check the network and the address of Buddy's API, then try again."

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.sentence = detail


class NoAnswer(BuddyError):
    """The request went out, and no whole answer came back in time."""

    sentence = "Buddy did not answer in time."

    def __init__(self, broken: bool = False) -> None:
        super().__init__("the connection broke" if broken else "the time was over")
        self.broken = broken
        if broken:
            self.sentence = "The connection to Buddy broke before its answer came."


class BadAnswer(BuddyError):
    """Buddy's answer can't be read."""

    sentence = "Buddy gave an answer that Slipway can't read."
    advice = "Check that the address of Buddy's API is right, then try again."


class Refused(BuddyError):
    """Buddy answered no: an HTTP `status` and Buddy's own `messages`."""

    def __init__(self, status: int, messages: tuple[str, ...] = (), wait: int | None = None) -> None:
        super().__init__(f"{status}: {'; '.join(messages)}")
        self.status = status
        self.messages = messages
        self.wait = wait


class Invalid(Refused):
    """Buddy does not accept the request."""

    sentence = "Buddy did not accept this."
    advice = "Change what Buddy's message names, then try again."


class TokenRefused(Refused):
    """The token is missing, wrong, expired or revoked."""

    sentence = "Buddy refused the API token."
    advice = "The token is wrong, expired or revoked: set a new one as BUDDY_TOKEN and start Slipway again."


class Forbidden(Refused):
    """A scope of the token, or a permission of its user, is missing."""

    sentence = "The API token may not do this."
    advice = (
        "The token needs the scopes WORKSPACE, EXECUTION_INFO, EXECUTION_MANAGE and INTEGRATION_INFO "
        "(newer names: PIPELINE_READ, PIPELINE_WRITE), and its user access to this project."
    )


class ApiDisabled(Refused):
    """The workspace has the API switched off."""

    sentence = "This workspace has Buddy's API switched off."
    advice = "An administrator of the workspace can switch it on in Buddy's settings."


class RateLimited(Refused):
    """Too many requests; `wait` is how many seconds Buddy asks to wait."""

    advice = "Wait that long, then try again."

    def __init__(self, status: int, messages: tuple[str, ...] = (), wait: int | None = None) -> None:
        super().__init__(status, messages, wait)
        self.sentence = f"Buddy asks to wait {wait} seconds." if wait else "Buddy asks to wait a while."


class NotFound(Refused):
    """It is not there, or hidden from this token."""

    sentence = "Buddy has no such workspace, project or pipeline, or does not show it to this token."
    advice = "Check the address, or choose the pipeline from the lists."


class ServerTrouble(Refused):
    """Buddy itself has a problem."""

    sentence = "Buddy has a problem of its own."


def refusal(status: int, headers: Mapping[str, str], body: bytes | None) -> Refused:
    """Turn an answer that is no success into the error that says what it means."""
    messages = error_messages(status, body)
    said = " ".join(messages).lower()
    if status == 429 or (status == 403 and ("rate limit" in said or headers.get("X-Rate-Limit-Remaining") == "0")):
        return RateLimited(status, messages, wait_seconds(headers))
    if status in (400, 403) and "api is disabled" in said:
        return ApiDisabled(status, messages)
    kinds: dict[int, type[Refused]] = {401: TokenRefused, 403: Forbidden, 404: NotFound}
    kind = ServerTrouble if status >= 500 else kinds.get(status, Invalid)
    return kind(status, messages)


def wait_seconds(headers: Mapping[str, str]) -> int | None:
    """How long Buddy asks to wait, in seconds from 1 to 300; None when it does not say.

    `Retry-After` is seconds (RFC 9110), `X-Rate-Limit-Reset` a Unix time in seconds (Buddy's Go SDK).
    """
    after, reset = headers.get("Retry-After", ""), headers.get("X-Rate-Limit-Reset", "")
    if WAIT_SECONDS.fullmatch(after):
        seconds = int(after)
    elif re.fullmatch(r"[0-9]{1,12}", reset, re.ASCII):
        seconds = int(reset) - int(time())
    else:
        return None
    return min(max(seconds, 1), LONGEST_WAIT)


def error_messages(status: int, body: bytes | None) -> tuple[str, ...]:
    """Find Buddy's messages in a body of any shape; the name of the HTTP status when there are none."""
    try:
        data = json.loads(body or b"")
    except (ValueError, RecursionError):
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
    elif isinstance(data, list) and depth < 20:
        for item in data:
            yield from texts(item, depth + 1)
    elif isinstance(data, dict) and depth < 20:
        for name in ("errors", "error", "message"):
            yield from texts(data.get(name), depth + 1)


def reason(status: int) -> str:
    """The name of an HTTP status (RFC 9110)."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"
