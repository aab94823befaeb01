"""What a call proves that no answer came back to: that nothing was sent, or nothing at all."""

from dataclasses import dataclass
from ssl import SSLCertVerificationError
from typing import Any

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError
from urllib3.exceptions import ProxyError as ProxyFailure

from webapp.http.errors import BROKE_OFF, LATE
from webapp.http.transport import NoToken
from webapp.http.trust import NoCertificates

# Not InvalidHeader, which also comes of an answer with two lengths.
NEVER_BEGUN = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
)
# What Slipway itself lacks.
NOT_READY: dict[type[requests.RequestException], str] = {
    NoToken: "Slipway is not connected to Buddy: an administrator must connect it.",
    NoCertificates: "The file of trusted certificates can't be read: whoever runs Slipway must look at it.",
}


@dataclass(frozen=True)
class NotSent:
    """It is certain that nothing reached Buddy."""

    reason: str


@dataclass(frozen=True)
class Unknown:
    """Buddy may or may not have done it. Of an answer there are the `status` and what Buddy says in it, at length."""

    reason: str
    status: int | None = None
    messages: tuple[str, ...] = ()


def classify_failure(error: requests.RequestException, host: str) -> NotSent | Unknown:
    """Tell what a failed call to `host` proves, by its innermost cause: the exception's class alone does not say."""
    if type(error) in NOT_READY:
        return NotSent(NOT_READY[type(error)])
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
        return Unknown(LATE)
    return Unknown(BROKE_OFF)


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
