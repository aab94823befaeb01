"""A socket server that really misbehaves: each connection is handed to a fault, with the request it has read."""

import select
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress

from support.examples import RESPONSE_EXAMPLE, dumped

Fault = Callable[[socket.socket, "FaultyServer"], None]
BACKLOG = 256


class FaultyServer:
    """Takes connections on a loopback port and does to each what `fault` says."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.requests: list[bytes] = []
        self.stopping = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
        self.port = int(self._listener.getsockname()[1])
        self.connections = 0
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def writes(self) -> int:
        return sum(request.startswith((b"POST ", b"PATCH ", b"DELETE ")) for request in self.requests)

    def close(self) -> None:
        self.stopping.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(30)
        for connection in self._open:
            connection.close()

    def _accept(self) -> None:
        while not self.stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            self.fault(connection, self)

    def read(self, connection: socket.socket) -> bytes:
        """Read one whole request."""
        data = b""
        while b"\r\n\r\n" not in data:
            part = connection.recv(65536)
            if not part:
                return data
            data += part
        head, _, body = data.partition(b"\r\n\r\n")
        length = next(
            (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
        )
        while len(body) < length:
            body += connection.recv(65536)
        self.requests.append(head + b"\r\n\r\n" + body)
        return self.requests[-1]


def answering(*parts: bytes, pause: float = 0) -> Fault:
    """Read the request, send the parts as they are, close."""

    def fault(connection: socket.socket, server: FaultyServer) -> None:
        server.read(connection)
        for part in parts:
            connection.sendall(part)
            if pause and server.stopping.wait(pause):
                return

    return fault


def answer(status: str, body: bytes | object = RESPONSE_EXAMPLE, *headers: str, length: int | None = None) -> bytes:
    """A whole HTTP answer; `length` overrides the true Content-Length."""
    data = body if isinstance(body, bytes) else dumped(body)
    typed = any(header.startswith("Content-Type:") for header in headers)
    lines = [
        f"HTTP/1.1 {status}",
        *([] if typed else ["Content-Type: application/json"]),
        f"Content-Length: {len(data) if length is None else length}",
        *headers,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + data


def reset_at_once(connection: socket.socket, server: FaultyServer) -> None:
    """Reset when the first byte comes."""
    connection.recv(1)
    reset(connection)


def read_then_close(connection: socket.socket, server: FaultyServer) -> None:
    """Read everything and say nothing."""
    server.read(connection)


def read_then_reset(connection: socket.socket, server: FaultyServer) -> None:
    """Read everything, then reset."""
    server.read(connection)
    reset(connection)


def reset_in_the_body(connection: socket.socket, server: FaultyServer) -> None:
    """Say 201, then reset in the middle of the body."""
    server.read(connection)
    connection.sendall(answer("201 Created")[:-40])
    reset(connection)


def read_and_wait(connection: socket.socket, server: FaultyServer) -> None:
    """Read everything and stay silent until the end."""
    server.read(connection)
    server.stopping.wait(30)


def create_late(connection: socket.socket, server: FaultyServer) -> None:
    """Read everything, and do it only when the client has given up."""
    server.read(connection)
    connection.recv(1)


def endless_hints(connection: socket.socket, server: FaultyServer) -> None:
    """Send one early hint after the other and never the answer."""
    server.read(connection)
    while not server.stopping.wait(0.05):
        connection.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n")


def drip_headers_behind(status: bytes) -> Fault:
    """Answer with this status, and then send one byte of an endless header now and then."""

    def fault(connection: socket.socket, server: FaultyServer) -> None:
        server.read(connection)
        connection.sendall(b"HTTP/1.1 " + status + b"\r\nX-Drip: ")
        while not server.stopping.wait(0.05):
            connection.sendall(b"x")

    return fault


drip_headers = drip_headers_behind(b"201 Created")
# As a proxy that lets a connection through.
drip_the_tunnel = drip_headers_behind(b"200 OK")


def drip_body(connection: socket.socket, server: FaultyServer) -> None:
    """Send one byte of an endless body now and then."""
    server.read(connection)
    connection.sendall(b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n\r\n{")
    while not server.stopping.wait(0.05):
        connection.sendall(b" ")


def endless_body(connection: socket.socket, server: FaultyServer) -> None:
    """Send a body without end, as fast as it is read."""
    server.read(connection)
    connection.sendall(b"HTTP/1.1 201 Created\r\nContent-Length: 1073741824\r\n\r\n")
    while not server.stopping.is_set():
        connection.sendall(b" " * 65536)


def stall_the_handshake(connection: socket.socket, server: FaultyServer) -> None:
    """Take the connection and never answer the TLS greeting."""
    server.stopping.wait(30)


def drip_the_handshake(connection: socket.socket, server: FaultyServer) -> None:
    """Answer the TLS greeting with one byte of a long record now and then."""
    connection.recv(65536)
    connection.sendall(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc")
    while not server.stopping.wait(0.05):
        connection.sendall(b"\x03")


def let_through(port: int) -> Fault:
    """As a proxy, let a connection through to a port, and pass on what goes to and fro."""

    def fault(connection: socket.socket, server: FaultyServer) -> None:
        server.read(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        with socket.create_connection(("127.0.0.1", port)) as beyond:
            others = {connection: beyond, beyond: connection}
            while not server.stopping.is_set():
                for ready in select.select(list(others), [], [], 0.05)[0]:
                    others[ready].sendall(ready.recv(65536))

    return fault


def reset(connection: socket.socket) -> None:
    """Close with a reset instead of an orderly end."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
