"""Serving: waitress, and an end that loses nothing."""

import logging
import os
import select
import signal
import socket
from collections.abc import Callable, Iterable
from errno import EADDRNOTAVAIL
from time import monotonic
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer, create_server

from webapp.channel import LARGEST_HEAD, Channel
from webapp.dispatching import Dispatcher, Sends
from webapp.http.slots import SLOTS
from webapp.http.transport import Timings
from webapp.open_files import room_for

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Sockets = dict[int, Any]

HAS_POLL = hasattr(select, "poll")
# These stay for what asks Buddy nothing: signing in, the home page, static files, the sign of life.
SPARE_THREADS = 20
# A thread waits while Buddy answers, so there are many more of them than there is work.
THREADS = SLOTS + SPARE_THREADS
CONNECTIONS = 1000
BACKLOG = 1024
# Longer than a send may take.
GRACE_SECONDS = Timings.write + 15
CHANNEL_SECONDS = 2 * GRACE_SECONDS
# A form may be 2 MB, which the app says on a page; what is larger by far is not even stored until it has come.
LARGEST_BODY = 8 * 1024 * 1024
STOPPING = b"Slipway is stopping. Nothing was sent to Buddy. Try again in a moment.\n"


class PortTaken(OSError):
    """Another program listens on the port."""


class NotThisComputer(OSError):
    """The host to listen on is no name or address of this computer."""


class RefuseWhileStopping:
    """WSGI middleware that refuses new requests once Slipway has been asked to stop."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app
        self.is_stopping = False

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        if not self.is_stopping:
            return self._app(environ, start_response)
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Retry-After", "5")]
        start_response("503 Service Unavailable", headers)
        return [STOPPING]


def bind(host: str, port: int) -> socket.socket:
    """Take the port for oneself. Nobody is let in there before something serves.

    Raises `NotThisComputer`, `PortTaken`.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        taken = socket.socket(family, kind)
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it can't be a host's name"
        raise NotThisComputer(f"{host} can't be listened on: {reason}") from error
    try:
        if os.name == "posix":
            # Elsewhere it would let two programs have the same port.
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            taken.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        taken.bind(address)
    except OSError as error:
        taken.close()
        if error.errno == EADDRNOTAVAIL:
            raise NotThisComputer(f"{host} can't be listened on: {error.strerror}") from error
        raise PortTaken(f"{host} port {port} can't be used: {error.strerror}") from error
    return taken


def serve(
    app: "WSGIApplication",
    listener: socket.socket,
    ready: Callable[[Dispatcher], object],
    over: Callable[[], bool] = lambda: False,
    sends: Sends = lambda *_: False,
) -> None:
    """Serve until SIGTERM or SIGINT, or `over` says so; then take no more connections, let requests in flight end, and
    return.

    `listener` is what `bind` gave. `ready` is called once connections are taken, with what tells how busy the server
    is. What `sends` says yes to waits in line when there are many. Raises `PortTaken`.
    """
    refusing = RefuseWhileStopping(app)
    sockets: Sockets = {}
    dispatcher = Dispatcher(sends)
    server = listen(refusing, listener, sockets, dispatcher)

    def ask(*_: object) -> None:
        refusing.is_stopping = True
        server.pull_trigger()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask)
    ready(dispatcher)
    while not refusing.is_stopping:
        turn(sockets, dispatcher)
        refusing.is_stopping = refusing.is_stopping or over()
    # Only the listening socket: the server's own `close` would also end what wakes the loop for answers.
    wasyncore.dispatcher.close(server)
    end = monotonic() + GRACE_SECONDS
    while is_busy(sockets) and monotonic() < end:
        turn(sockets, dispatcher)
    dispatcher.shutdown()
    wasyncore.close_all(sockets)


def listen(
    app: "WSGIApplication",
    listener: socket.socket,
    sockets: Sockets,
    dispatcher: Dispatcher,
    channel: type[Channel] = Channel,
    connections: int = CONNECTIONS,
) -> TcpWSGIServer:
    """Make the server and let it listen, for so many `connections` at most. Raises `PortTaken`."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    dispatcher.set_thread_count(THREADS)
    try:
        server = create_server(
            app,
            map=sockets,
            sockets=[listener],
            _dispatcher=dispatcher,
            connection_limit=room_for(connections),
            backlog=BACKLOG,
            channel_timeout=CHANNEL_SECONDS,
            max_request_body_size=LARGEST_BODY,
            max_request_header_size=LARGEST_HEAD,
            asyncore_use_poll=HAS_POLL,
            # The gate refuses requests with these headers; waitress would take them off first.
            clear_untrusted_proxy_headers=False,
            ident=None,
        )
    except OSError as error:
        raise PortTaken(f"the port can't be used: {error.strerror}") from error
    assert isinstance(server, TcpWSGIServer)
    server.channel_class = channel
    return server


def turn(sockets: Sockets, dispatcher: Dispatcher) -> None:
    """Wait up to a second for sockets and handle what they bring, and look whether somebody waits too long."""
    wasyncore.loop(timeout=1, use_poll=HAS_POLL, map=dispatcher.without_line(sockets), count=1)
    dispatcher.let_in()


def is_busy(sockets: Sockets) -> bool:
    """Whether a request is being answered or an answer is still on its way."""
    channels = [item for item in list(sockets.values()) if isinstance(item, HTTPChannel)]
    return any(channel.requests or channel.total_outbufs_len for channel in channels)
