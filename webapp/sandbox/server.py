"""The sandbox's own port: a threaded HTTP server that owns its sockets."""

import socket
import threading
from typing import TYPE_CHECKING, Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class Handler(WSGIRequestHandler):
    """Keeps connections open between requests and logs nothing."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log(self, type: str, message: str, *args: Any) -> None:
        """Stay silent: Slipway's own log is the one that people read."""


class Server(ThreadedWSGIServer):
    """Takes many connections at once and forgets idle ones at the end."""

    request_queue_size = 256
    daemon_threads = True
    block_on_close = False


class OwnServer:
    """Serves a WSGI app on a free port of 127.0.0.1 from its making until `close`."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._open: set[socket.socket] = set()
        self._server = Server("127.0.0.1", 0, app, Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._serve, name="sandbox", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop taking connections."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _serve(self) -> None:
        # BaseWSGIServer's own loop polls twice a second; a shorter one ends faster.
        super(ThreadedWSGIServer, self._server).serve_forever(poll_interval=0.05)
