"""HTTP to Buddy: the token, the time limits, one answer at a time, no redirects, no retries."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from threading import local
from time import monotonic
from typing import Any

import requests
from requests.auth import AuthBase

from webapp.http.connections import WatchedAdapter, watched_pools
from webapp.http.deadlines import Connected, Deadline, Watchdog
from webapp.http.rate_limit import RateLimit
from webapp.http.slots import Slots
from webapp.http.trust import Trust

LARGEST_ANSWER = 1024 * 1024
CHUNK = 64 * 1024
MEDIA_TYPE = "buddy.v1.1.0"
# A shorter token is the sandbox's, no secret, and a word that its answers are full of.
SHORTEST_TOKEN = 16
REMOVED = b"[token]"

TokenSource = Callable[[], str | None]
# What is called for each call: its method, its path, the status that came back, or None, and how many seconds it took.
CallObserver = Callable[[str, str, int | None, float], object]


@dataclass(frozen=True)
class Timings:
    """How long Buddy may take, in seconds.

    To connect, to answer a write, to answer a read with its repetitions, to give all pages of a list.
    """

    connect: float = 5
    write: float = 45
    read: float = 20
    pages: float = 60


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the headers, and the body, or None where it was cut, too large or undecodable.

    `broken` says that the connection broke, or the time was over, before all of it had come.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes | None
    broken: bool = False


class NoToken(requests.RequestException):
    """There is no token to ask with, so nothing was sent."""


class Bearer(AuthBase):
    """Sends the token. As an `auth` it also keeps a `.netrc` from replacing it."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Put the token on a request."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Transport:
    """Asks Buddy and gives back what it answers. Raises `requests.RequestException` when no status came.

    A session of `requests` would only be in the way: nothing of an answer is kept for later requests, no redirect is
    followed or even looked at, and what a session does besides takes a third of a request's time.

    `token` gives the token for each request anew, since it may be replaced while Slipway runs. Each call holds one of
    the `slots`, and raises `Busy` when there is none. Each answer tells the `rate_limit`; `observer` is told of each
    call.
    """

    def __init__(
        self,
        endpoint: str,
        token: TokenSource,
        ca_file: str | None,
        timings: Timings,
        slots: Slots,
        rate_limit: RateLimit,
        observer: CallObserver = lambda *_: None,
    ) -> None:
        self._observer = observer
        self.endpoint = endpoint.rstrip("/")
        self._token = token
        self._environment = environment(self.endpoint, ca_file)
        self._timings = timings
        self.slots = slots
        self._rate_limit = rate_limit
        self._watchdog = Watchdog()
        self._call = local()
        self._pools = watched_pools(self._connected)
        self._trust = Trust(self._environment["verify"])
        self._reading = WatchedAdapter(slots.limit, self._pools, self._trust)
        self._headers = {
            **requests.utils.default_headers(),
            "Accept": "application/json",
            "X-Buddy-Media-Type": MEDIA_TYPE,
        }

    def get(self, path: str, query: Mapping[str, int], seconds: float) -> Answer:
        """Read, within so many seconds, on a connection that may be used again."""
        with self.slots.hold():
            return self._exchange(self._reading, seconds, "GET", path, params=query)

    def write(self, method: str, path: str, body: Mapping[str, Any] | None) -> Answer:
        """Write, once, on a fresh connection: on one used before, a write could go into a closing socket."""
        with self.slots.hold(writing=True), closing(WatchedAdapter(1, self._pools, self._trust)) as adapter:
            return self._exchange(adapter, self._timings.write, method, path, json=body)

    def close(self) -> None:
        """Close the connections that were kept."""
        self._reading.close()
        self._watchdog.close()

    def _connected(self, connected: Connected) -> None:
        deadline: Deadline = self._call.deadline
        deadline.watch(connected)

    def _exchange(self, adapter: WatchedAdapter, seconds: float, method: str, path: str, **content: Any) -> Answer:
        token = self._token()
        if token is None:
            raise NoToken
        begin, status = monotonic(), None
        try:
            answer = self._ask(adapter, seconds, token, method, path, content)
            status = answer.status
            return answer
        finally:
            self._observer(method, path, status, monotonic() - begin)

    def _ask(
        self, adapter: WatchedAdapter, seconds: float, token: str, method: str, path: str, content: Mapping[str, Any]
    ) -> Answer:
        timeout = (self._timings.connect, seconds)
        with self._watchdog.limit(seconds) as self._call.deadline, in_time(self._call.deadline):
            asked = requests.Request(method, self.endpoint + path, self._headers, auth=Bearer(token), **content)
            with adapter.send(asked.prepare(), stream=True, timeout=timeout, **self._environment) as response:
                answer = without_token(self._answer(response), token.encode())
                # Headers that were cut look like whole ones to Python.
                return replace(answer, broken=True) if self._call.deadline.over else answer

    def _answer(self, response: requests.Response) -> Answer:
        status, headers = response.status_code, response.headers
        self._rate_limit.note(headers)
        try:
            body = read_body(response)
        except requests.exceptions.ContentDecodingError:
            return Answer(status, headers, None)
        except (requests.RequestException, ValueError):
            return Answer(status, headers, None, broken=True)
        return Answer(status, headers, body)


def environment(endpoint: str, ca_file: str | None = None) -> dict[str, Any]:
    """The proxy and the certificates for an address: what the environment names, except for a `ca_file` that is set.

    `requests` would go through the whole environment for each request, which takes a tenth of a submit's time.
    """
    with requests.Session() as session:
        found = session.merge_environment_settings(endpoint, {}, None, ca_file or True, None)
    return {name: found[name] for name in ("proxies", "verify")}


@contextmanager
def in_time(deadline: Deadline) -> Iterator[None]:
    """Tell of a call that its deadline has cut as of one that is late; to `requests` its connection broke."""
    try:
        yield
    except requests.RequestException as error:
        if deadline.over:
            raise requests.ReadTimeout(*error.args) from error
        raise


def without_token(answer: Answer, token: bytes) -> Answer:
    """Take the token out of a body that repeats it, before anything shows or keeps it."""
    if answer.body is None or len(token) < SHORTEST_TOKEN:
        return answer
    return replace(answer, body=answer.body.replace(token, REMOVED))


def read_body(response: requests.Response, most: int = LARGEST_ANSWER) -> bytes | None:
    """Read the body; None when it is larger than `most` bytes, 1 MiB as a rule.

    Raises `requests.RequestException`, and `ValueError` for a chunk of less than nothing, which urllib3 tries to read.
    """
    body = bytearray()
    for chunk in response.iter_content(CHUNK):
        body += chunk
        if len(body) > most:
            return None
    return bytes(body)
