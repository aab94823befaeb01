"""The connections to Buddy: each shows its socket to the deadline of the call that uses it, and waits for the end.

urllib3 lets its pools be told which connections to make, and a connection which responses.
"""

import io
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPResponse
from time import monotonic
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, LocationParseError, NewConnectionError
from urllib3.util.connection import create_connection

from webapp.http.deadlines import Connected
from webapp.http.trust import Trust

PoolClasses = dict[str, type[HTTPConnectionPool]]
# What the time to connect is over for tries all the same, in seconds: a socket without a time limit waits for ever.
SHORTEST_WAIT = 0.01


class FinalResponse(HTTPResponse):
    """A response that reads past what comes before the final one, such as 103 Early Hints (RFC 9110, 15.2).

    Python's own reads past 100 alone, and takes any other for final.
    """

    def begin(self) -> None:
        """Read the head of the final answer. After 101 the connection speaks something else: nothing more can come."""
        super().begin()
        while self.status < HTTPStatus.OK and self.status != HTTPStatus.SWITCHING_PROTOCOLS:
            # Python's method does nothing when there are headers already.
            self.headers = None  # type: ignore[assignment]
            super().begin()


class WatchedAdapter(HTTPAdapter):
    """An adapter whose connections show their sockets to the deadline of the call that uses them, and all use what
    `trust` has read: `requests` would have each of them read its certificates anew."""

    def __init__(self, connections: int, pools: PoolClasses, trust: Trust) -> None:
        self._pools = pools
        self._trust = trust
        super().__init__(pool_connections=4, pool_maxsize=connections, max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Make the pools of direct connections."""
        super().init_poolmanager(*args, **options)
        self._watch(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **options: Any) -> PoolManager:
        """Make the pools of connections through a proxy."""
        if proxy.lower().startswith("https:"):
            options["proxy_ssl_context"] = self._trust.context()
        manager: PoolManager = super().proxy_manager_for(proxy, **options)
        self._watch(manager)
        return manager

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        """Whom to connect to, and what checks its certificate. Raises `NoCertificates`."""
        host, _ = super().build_connection_pool_key_attributes(request, True, cert)
        return host, {"ssl_context": self._trust.context()} if host["scheme"] == "https" else {}

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Leave a pool as it is: what checks certificates was given to it when it was made."""

    def _watch(self, manager: PoolManager) -> None:
        manager.pool_classes_by_scheme = self._pools


class MeteredStream(io.RawIOBase):
    """What comes from a socket, and tells how many bytes have come each time."""

    def __init__(self, stream: io.RawIOBase, tell: Callable[[int], None]) -> None:
        self._stream = stream
        self._tell = tell

    def readable(self) -> bool:
        """Whether it can be read."""
        return True

    def readinto(self, buffer: Any, /) -> int | None:
        """Read some bytes."""
        count = self._stream.readinto(buffer)
        self._tell(count or 0)
        return count

    def close(self) -> None:
        """End it, and its hold on the socket."""
        self._stream.close()
        super().close()


@dataclass(frozen=True)
class MeteredSocket:
    """A socket as a response reads it. `tell` is told of all bytes, those of headers too, and may raise."""

    connected: socket.socket
    tell: Callable[[int], None]

    def makefile(self, mode: str) -> io.BufferedReader:
        """Open it for reading."""
        return io.BufferedReader(MeteredStream(self.connected.makefile("rb", buffering=0), self.tell))


def watched_pools(
    show: Callable[[Connected], None],
    addresses: Sequence[str] = (),
    tell: Callable[[int], None] | None = None,
) -> PoolClasses:
    """Make urllib3's pools with connections that `show` their socket when they open and when they are used again.

    With `addresses` they go to the first of these that answers, whatever the name of the host leads to by now; TLS and
    the Host header are still told the name. `tell` is told how many bytes of an answer have come, and may raise.
    """

    class Response(FinalResponse):
        def __init__(self, connected: Any, *about: Any, **more: Any) -> None:
            read_from: Any = MeteredSocket(connected, tell) if tell else connected
            super().__init__(read_from, *about, **more)

    class PlainConnection(HTTPConnection):
        response_class = Response

        def _new_conn(self) -> socket.socket:
            try:
                made = first_to_answer(self, addresses) if addresses else super()._new_conn()
            except LocationParseError as error:
                # Of a host whose name can be none; `requests` would not take it for a failed call.
                raise NewConnectionError(self, str(error)) from error
            # Before a proxy is asked for a way and TLS begins, which may take long, too.
            show(made)
            return made

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


def first_to_answer(connection: HTTPConnection, addresses: Sequence[str]) -> socket.socket:
    """Open a connection to the first address that answers, within the time that it has to connect. Each address has its
    share of what is left, and the handshake the rest. Raises what urllib3's own do."""
    end = monotonic() + float(connection.timeout or 0)
    late = False
    for number, address in enumerate(addresses):
        share = (end - monotonic()) / (len(addresses) - number)
        try:
            found = create_connection(
                (address, connection.port), max(share, SHORTEST_WAIT), socket_options=connection.socket_options
            )
        except OSError as error:
            # Not the error itself, which holds this frame, and with it the connection.
            late = isinstance(error, TimeoutError)
            continue
        found.settimeout(max(end - monotonic(), SHORTEST_WAIT))
        return found
    if late:
        raise ConnectTimeoutError(connection, "the connection took too long")
    raise NewConnectionError(connection, "no address answered")
