"""What came of a send: created, rejected, not sent, or unknown, which is all that does not prove one of the others."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from ssl import SSLCertVerificationError
from typing import Any

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError
from urllib3.exceptions import ProxyError as ProxyFailure

from webapp.buddy.actions import Action
from webapp.buddy.errors import BadAnswer, refusal
from webapp.buddy.transport import Answer

SUCCESSES = frozenset({200, 201, 202})
REFUSALS = frozenset({400, 401, 403, 404, 405, 413, 415, 422, 429})
CONFLICT = 409
NEVER_BEGUN = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidHeader,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
)


@dataclass(frozen=True)
class Created:
    """Buddy has added the action."""

    action: Action
    status: int


@dataclass(frozen=True)
class Rejected:
    """Buddy refused, and has added nothing. `sentence` says why in our words, `messages` in Buddy's own."""

    status: int
    messages: tuple[str, ...]
    sentence: str
    advice: str


@dataclass(frozen=True)
class NotSent:
    """It is certain that nothing reached Buddy."""

    reason: str


@dataclass(frozen=True)
class Unknown:
    """Buddy may or may not have added the action."""

    reason: str
    status: int | None = None


Outcome = Created | Rejected | NotSent | Unknown


def classify_answer(answer: Answer) -> Outcome:
    """Tell what an answer to the POST proves."""
    data = parse(answer.body)
    if answer.status in SUCCESSES:
        action = read_action(data)
        if action is not None:
            return Created(action, answer.status)
        return Unknown("Buddy said yes, but its answer could not be read.", answer.status)
    if answer.status in REFUSALS or (answer.status == CONFLICT and isinstance(data, Mapping)):
        error = refusal(answer.status, answer.headers, answer.body)
        return Rejected(answer.status, error.messages, error.sentence, error.advice)
    return Unknown(f"Buddy answered with status {answer.status}, which does not say.", answer.status)


def classify_failure(error: requests.RequestException, host: str) -> NotSent | Unknown:
    """Tell what a failed POST to `host` proves, by its innermost cause: the exception's class alone does not say."""
    cause = innermost(error)
    if isinstance(cause, SSLCertVerificationError):
        return NotSent(f"The certificate of {host} is not trusted.")
    # A NewConnectionError is a ConnectTimeoutError to urllib3, so it is asked for first.
    if isinstance(cause, NewConnectionError):
        return NotSent(f"There is no connection to {host}.")
    if isinstance(cause, ConnectTimeoutError):
        return NotSent(f"{host} did not accept a connection in time.")
    if isinstance(error, requests.exceptions.ProxyError) and is_refused_tunnel(cause):
        return NotSent(f"The proxy did not let a connection to {host} through.")
    if isinstance(error, NEVER_BEGUN):
        return NotSent(f"The address of {host} can't be used.")
    if isinstance(error, requests.exceptions.Timeout):
        return Unknown("Buddy did not answer in time.")
    return Unknown("The connection to Buddy broke before its answer came.")


def innermost(error: requests.RequestException) -> Any:
    """Find what urllib3 gives as the reason of a failure."""
    cause: Any = error.args[0] if error.args else None
    if isinstance(cause, MaxRetryError):
        cause = cause.reason
    if isinstance(cause, ProxyFailure):
        cause = cause.original_error
    inner = cause.args[0] if isinstance(cause, Exception) and cause.args else None
    return inner if isinstance(inner, SSLCertVerificationError) else cause


def is_refused_tunnel(cause: Any) -> bool:
    """Whether a proxy has answered no to CONNECT, before anything went to Buddy."""
    return isinstance(cause, OSError) and str(cause).startswith("Tunnel connection failed")


def parse(body: bytes | None) -> Any:
    """Parse a body, or give None when it is no JSON."""
    try:
        return json.loads(body or b"")
    except (ValueError, RecursionError):
        return None


def read_action(data: Any) -> Action | None:
    """Read the created action; None unless it proves itself by a valid id and no errors."""
    if not isinstance(data, Mapping) or data.get("errors"):
        return None
    try:
        return Action.from_json(data)
    except BadAnswer:
        return None
