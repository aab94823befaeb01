"""HTTP to Buddy: the token, the time limits, one answer at a time, no redirects, no retries."""

import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from threading import Timer, local
from types import TracebackType
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3 import PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

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
    """Ends a call after so many seconds for good, by shutting down its socket.

    The time-outs of `requests` only limit each single wait; a server that sends a byte now and then outlasts them.
    """

    def __init__(self, seconds: float) -> None:
        self._timer = Timer(seconds, self._cut)
        self._timer.daemon = True
        self._socket: socket.socket | None = None
        self.over = False

    def watch(self, connected: socket.socket) -> None:
        """Take note of the socket that the call uses."""
        self._socket = connected
        if self.over:
            self._cut()

    def _cut(self) -> None:
        self.over = True
        if self._socket is not None:
            try:
                # Past SSLSocket's own method, which would switch the running read to plain text.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
            except OSError:
                return

    def __enter__(self) -> "Deadline":
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()


class WatchedAdapter(HTTPAdapter):
    """An adapter whose connections show their sockets to the deadline of the call that uses them."""

    def __init__(self, connections: int) -> None:
        self.call = local()
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
        manager.pool_classes_by_scheme = watched_pools(self._connected)

    def _connected(self, connected: socket.socket) -> None:
        deadline: Deadline = self.call.deadline
        deadline.watch(connected)


def watched_pools(show: Callable[[socket.socket], None]) -> dict[str, type[HTTPConnectionPool]]:
    """Make urllib3's pools with connections that `show` their socket when they open and when they are used again."""

    class PlainConnection(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            show(self.sock)

        def putrequest(self, *args: Any, **options: Any) -> None:
            if self.sock is not None:
                show(self.sock)
            super().putrequest(*args, **options)

    class SecureConnection(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            show(self.sock)

        def putrequest(self, *args: Any, **options: Any) -> None:
            if self.sock is not None:
                show(self.sock)
            super().putrequest(*args, **options)

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
        self._readers = WatchedAdapter(READERS)
        self._reading = self._session(self._readers)

    def get(self, path: str, query: Mapping[str, int], seconds: float) -> Answer:
        """Read, on a connection that may be used again."""
        return self._exchange(self._reading, self._readers, seconds, "GET", path, params=query)

    def write(self, method: str, path: str, body: Mapping[str, Any] | None) -> Answer:
        """Write, once, on a fresh connection: on one used before, a write could go into a closing socket."""
        adapter = WatchedAdapter(1)
        with self._session(adapter) as session:
            return self._exchange(session, adapter, self._timings.write, method, path, json=body)

    def close(self) -> None:
        """Close the connections that were kept."""
        self._reading.close()

    def _session(self, adapter: WatchedAdapter) -> requests.Session:
        session = requests.Session()
        session.auth = self._auth
        session.headers.update({"Accept": "application/json", "X-Buddy-Media-Type": MEDIA_TYPE})
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        for scheme in ("https://", "http://"):
            session.mount(scheme, adapter)
        return session

    def _exchange(
        self, session: requests.Session, adapter: WatchedAdapter, seconds: float, method: str, path: str, **content: Any
    ) -> Answer:
        # `verify` goes with each request: on the session, an environment variable would replace it.
        timeout = (self._timings.connect, min(self._timings.silence, seconds))
        with (
            Deadline(seconds) as adapter.call.deadline,
            session.request(
                method,
                self.endpoint + path,
                timeout=timeout,
                allow_redirects=False,
                stream=True,
                verify=self._verify,
                **content,
            ) as response,
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
