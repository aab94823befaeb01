"""HTTP to Buddy: the token, the time limits, one answer at a time, no redirects, no retries."""

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from math import inf
from threading import Condition, Thread, local
from time import monotonic
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3 import PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

PoolClasses = dict[str, type[HTTPConnectionPool]]

LARGEST_ANSWER = 1024 * 1024
CHUNK = 64 * 1024
READERS = 80
MEDIA_TYPE = "buddy.v1.1.0"


@dataclass(frozen=True)
class Timings:
    """How long Buddy may take, in seconds: to connect, to say something, to answer a write and a read in all."""

    connect: float = 5
    silence: float = 30
    write: float = 45
    read: float = 20


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the headers, and the body, or None where it was cut, too large or undecodable."""

    status: int
    headers: Mapping[str, str]
    body: bytes | None


class Bearer(AuthBase):
    """Sends the token. As an `auth` it also keeps a `.netrc` from replacing it."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Put the token on a request."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Deadline:
    """The end of one call: when it comes, the call's socket is shut down, whatever the call is doing.

    The time-outs of `requests` only limit each single wait; a server that sends a byte now and then outlasts them.
    """

    def __init__(self, seconds: float) -> None:
        self.end = monotonic() + seconds
        self._socket: socket.socket | None = None
        self._over = False

    def watch(self, connected: socket.socket) -> None:
        """Take note of the socket that the call uses."""
        self._socket = connected
        if self._over:
            self.cut()

    def cut(self) -> None:
        """End the call."""
        self._over = True
        if self._socket is not None:
            with suppress(OSError):
                # Past SSLSocket's own method, which would switch the running read to plain text.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


class Watchdog:
    """One thread that cuts the calls whose deadline has come; it starts with the first call."""

    def __init__(self) -> None:
        self._deadlines: set[Deadline] = set()
        self._changed = Condition()
        self._thread: Thread | None = None
        self._next_look = inf
        self._closed = False

    @contextmanager
    def limit(self, seconds: float) -> Iterator[Deadline]:
        """Cut what runs under it after so many seconds."""
        deadline = Deadline(seconds)
        with self._changed:
            self._deadlines.add(deadline)
            if self._thread is None:
                self._thread = Thread(target=self._work, name="watchdog", daemon=True)
                self._thread.start()
            if deadline.end < self._next_look:
                self._changed.notify()
        try:
            yield deadline
        finally:
            with self._changed:
                self._deadlines.discard(deadline)

    def close(self) -> None:
        """End the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        with self._changed:
            while not self._closed:
                now = monotonic()
                for deadline in [each for each in self._deadlines if each.end <= now]:
                    self._deadlines.discard(deadline)
                    deadline.cut()
                self._next_look = min((each.end for each in self._deadlines), default=inf)
                self._changed.wait(None if self._next_look == inf else self._next_look - now)


class WatchedAdapter(HTTPAdapter):
    """An adapter whose connections show their sockets to the deadline of the call that uses them."""

    def __init__(self, connections: int, pools: PoolClasses) -> None:
        self._pools = pools
        super().__init__(pool_connections=4, pool_maxsize=connections, max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Make the pools of direct connections."""
        super().init_poolmanager(*args, **options)
        self._watch(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **options: Any) -> PoolManager:
        """Make the pools of connections through a proxy."""
        manager: PoolManager = super().proxy_manager_for(*args, **options)
        self._watch(manager)
        return manager

    def _watch(self, manager: PoolManager) -> None:
        manager.pool_classes_by_scheme = self._pools


def watched_pools(show: Callable[[socket.socket], None]) -> PoolClasses:
    """Make urllib3's pools with connections that `show` their socket when they open and when they are used again."""

    class PlainConnection(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            show(self.sock)

        def putrequest(self, *args: Any, **options: Any) -> None:
            if self.sock is not None:
                show(self.sock)
            super().putrequest(*args, **options)

    # In the order of methods the plain one's come first, and their `super()` is HTTPSConnection.
    class SecureConnection(PlainConnection, HTTPSConnection):
        pass

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = PlainConnection

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = SecureConnection

    return {"http": PlainPool, "https": SecurePool}


class Transport:
    """Asks Buddy and gives back what it answers. Raises `requests.RequestException` when no status came."""

    def __init__(self, endpoint: str, token: str, ca_file: str | None, timings: Timings) -> None:
        self.endpoint = endpoint.rstrip("/")
        self._auth = Bearer(token)
        self._verify: bool | str = ca_file or True
        self._timings = timings
        self._watchdog = Watchdog()
        self._call = local()
        self._pools = watched_pools(self._connected)
        self._reading = self._session(READERS)

    def get(self, path: str, query: Mapping[str, int], seconds: float) -> Answer:
        """Read, on a connection that may be used again."""
        return self._exchange(self._reading, seconds, "GET", path, params=query)

    def write(self, method: str, path: str, body: Mapping[str, Any] | None) -> Answer:
        """Write, once, on a fresh connection: on one used before, a write could go into a closing socket."""
        with self._session(1) as session:
            return self._exchange(session, self._timings.write, method, path, json=body)

    def close(self) -> None:
        """Close the connections that were kept."""
        self._reading.close()
        self._watchdog.close()

    def _connected(self, connected: socket.socket) -> None:
        deadline: Deadline = self._call.deadline
        deadline.watch(connected)

    def _session(self, connections: int) -> requests.Session:
        session = requests.Session()
        session.auth = self._auth
        session.headers.update({"Accept": "application/json", "X-Buddy-Media-Type": MEDIA_TYPE})
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        for scheme in ("https://", "http://"):
            session.mount(scheme, WatchedAdapter(connections, self._pools))
        return session

    def _exchange(self, session: requests.Session, seconds: float, method: str, path: str, **content: Any) -> Answer:
        content["timeout"] = (self._timings.connect, min(self._timings.silence, seconds))
        # `verify` goes with each request: on the session, an environment variable would replace it.
        content["verify"] = self._verify
        with (
            self._watchdog.limit(seconds) as self._call.deadline,
            session.request(method, self.endpoint + path, allow_redirects=False, stream=True, **content) as response,
        ):
            return Answer(response.status_code, response.headers, read_body(response))


def read_body(response: requests.Response) -> bytes | None:
    """Read the body; None when it is cut, can't be decoded, or is larger than 1 MiB."""
    body = bytearray()
    try:
        for chunk in response.iter_content(CHUNK):
            body += chunk
            if len(body) > LARGEST_ANSWER:
                return None
    except requests.RequestException:
        return None
    return bytes(body)
