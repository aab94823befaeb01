"""A port of the sandbox's own: a threaded HTTP server that owns its sockets, and so can lose an answer."""

import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import TYPE_CHECKING, Any

from webapp.sandbox.bridge import LARGEST_BODY, Answer, ask
from webapp.sandbox.checks import CHANGING
from webapp.sandbox.weather import SLOW_SECONDS, WEATHER, Weather

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

HOST = "127.0.0.1"
NO_BODY = ("204", "304")


class OwnServer:
    """Serves a WSGI app on a free port of 127.0.0.1 from its making until `close`, in the `weather` of the moment."""

    def __init__(self, app: "WSGIApplication", weather: Callable[[], Weather]) -> None:
        self._server = Server(app, weather)
        self.url = f"http://{HOST}:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_until_ended, name="sandbox", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop taking connections, end those that are open and wait for their threads."""
        self._server.ending.set()
        # The loop waits for a connection. Where there is no room for one more, it has others to go on with.
        with suppress(OSError), socket.create_connection((HOST, self._server.server_port), timeout=1):
            pass
        self._thread.join()
        self._server.server_close()
        self._server.end_connections()


class Server(ThreadingHTTPServer):
    """Takes many connections at once and knows which are open."""

    request_queue_size = 256
    daemon_threads = True

    def __init__(self, app: "WSGIApplication", weather: Callable[[], Weather]) -> None:
        super().__init__((HOST, 0), Handler)
        self.app = app
        self.weather = weather
        self.ending = threading.Event()
        self._lock = threading.Lock()
        self._open: dict[socket.socket, threading.Thread] = {}

    def server_bind(self) -> None:
        """Bind, without asking a name server for this computer's name as the base class does."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.server_address[1]

    def serve_until_ended(self) -> None:
        """Take connections, one after the other, until `ending` is set and one more has come."""
        while not self.ending.is_set():
            self.handle_request()

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Hang up on a new connection if such is the weather, or this is the end."""
        return not self.ending.is_set() and self.weather() is not Weather.DOWN

    def process_request(self, request: Any, client_address: Any) -> None:
        """Begin to serve a connection, in a thread of its own."""
        thread = threading.Thread(target=self.process_request_thread, args=(request, client_address), daemon=True)
        with self._lock:
            self._open[request] = thread
        thread.start()

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve a connection to its end."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._lock:
                del self._open[request]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that hang up."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def end_connections(self) -> None:
        """Hang up on everybody."""
        with self._lock:
            still_open = dict(self._open)
        for connection, thread in still_open.items():
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            thread.join()


class Handler(BaseHTTPRequestHandler):
    """Serves one connection: request after request, in the weather of the moment."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "Sandbox"
    sys_version = ""
    disable_nagle_algorithm = True
    # Head and body of an answer leave together.
    wbufsize = -1

    def do_GET(self) -> None:
        """Serve a request of any method."""
        weather = self.server.weather()
        if weather is Weather.DOWN:
            self.close_connection = True
            return
        body = self._body()
        if body is None:
            return
        answer = ask(self.server.app, self, body, {WEATHER: weather})
        if weather is Weather.SLOW:
            self.server.ending.wait(SLOW_SECONDS)
        if weather is Weather.LOST and self.command in CHANGING:
            self.close_connection = True
            return
        self._send(answer)

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Stay silent: Slipway's own log is the one that people read."""

    def _body(self) -> bytes | None:
        """Read the body to its end, so that the next request starts where it ends; None after a refusal."""
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers:
            self.send_error(411)
        elif not (length.isascii() and length.isdigit()):
            self.send_error(400)
        elif int(length) > LARGEST_BODY:
            self.send_error(413)
        else:
            return self.rfile.read(int(length))
        return None

    def _send(self, answer: Answer) -> None:
        self.send_response(int(answer.status[:3]), answer.status[4:])
        for name, value in answer.headers:
            if name.lower() != "content-length":
                self.send_header(name, value)
        if not answer.status.startswith(NO_BODY):
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)
