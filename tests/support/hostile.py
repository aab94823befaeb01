"""A Buddy that keeps what it is sent, answers reads, and does to a write whatever a fault says."""

import json
import re
import socket
import ssl
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from support.faults import Fault, FaultyServer, answer, stall_the_handshake
from support.upstream import INTEGRATIONS, PIPELINE

Json = dict[str, Any]

HEAD_FIELDS = ("id", "name", "type")
FIRST_ID = 100
WRITES = (b"POST", b"PATC", b"DELE")


class HostileBuddy(FaultyServer):
    """Misbehaves only to writes. `creates` says whether a write that was read whole is done.

    `readable` says whether reads are answered, `hidden` that everything seems not to be there, `per_page` how many
    actions go on one page of a list, `odd` what else stands among them, `instead` what is read where a path ends like
    that, `stalls` that no handshake is answered; `before_reading` is called with the path
    of each read.
    """

    def __init__(self, fault: Fault | None = None, tls: ssl.SSLContext | None = None) -> None:
        self.creates = True
        self.readable = True
        self.hidden = False
        self.per_page: int | None = None
        self.actions: list[Json] = [{"id": 1, "name": "Build API", "type": "DOCKERFILE"}]
        self.odd: list[object] = []
        self.instead: dict[str, Json] = {}
        self.reads: list[str] = []
        self.lock = threading.Lock()
        self.mine = threading.local()
        self.stalls = False
        self.before_reading: Callable[[str], None] | None = None
        self.tls = tls
        self.write_fault = fault or HostileBuddy.answers
        super().__init__(self._handle)

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def hang_up(self) -> None:
        """Take no further connection."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def hang_up_after(self, read_the_list: Callable[[], object]) -> None:
        """Take no further connection once a list was read as often as `read_the_list` reads it."""
        before = len(self.reads)
        read_the_list()
        left = [sum(path.endswith("/actions") for path in self.reads[before:])]

        def count(path: str) -> None:
            left[0] -= path.endswith("/actions")
            if not left[0]:
                self.hang_up()

        self.before_reading = count

    def accept_connections(self) -> None:
        """Take connections again, at the same address, if it has hung up."""
        self.before_reading = None
        if self._listener.fileno() < 0:
            self._listener = socket.create_server(("127.0.0.1", self.port), backlog=64)
            self._threads.append(threading.Thread(target=self._accept, daemon=True))
            self._threads[-1].start()

    @property
    def added(self) -> list[Json]:
        """The actions that were not there from the beginning."""
        return [action for action in self.actions if action["id"] >= FIRST_ID]

    def add(self, body: Json) -> Json:
        """Add an action, as a POST does, or somebody's hand in Buddy."""
        with self.lock:
            action = {"id": FIRST_ID + len(self.added), **stored(body)}
            self.actions = [*self.actions, action]
        return action

    def read(self, connection: socket.socket) -> bytes:
        request = super().read(connection)
        head, _, body = request.partition(b"\r\n\r\n")
        if self.creates and head.startswith(b"POST ") and body:
            self.mine.action = self.add(json.loads(body))
        elif self.creates and head.startswith((b"PATCH ", b"DELETE ")):
            self.mine.action = self.amend(number_in(head), json.loads(body) if body else None)
        return request

    def amend(self, id: int, changes: Json | None) -> Json:
        """Change an action, or delete it (None), as a PATCH and a DELETE do, or somebody's hand in Buddy."""
        with self.lock:
            old = next(action for action in self.actions if action["id"] == id)
            new = {**old, **stored(changes or {})}
            self.actions = [new if action is old else action for action in self.actions]
            if changes is None:
                self.actions.remove(new)
        return new

    @staticmethod
    def answers(connection: socket.socket, server: FaultyServer) -> None:
        """Answer a write as Buddy does: no fault at all."""
        request = server.read(connection)
        assert isinstance(server, HostileBuddy)
        if request.startswith(b"DELETE "):
            connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        else:
            status = "201 Created" if request.startswith(b"POST ") else "200 OK"
            connection.sendall(answer(status, server.mine.action, "Connection: close"))

    def _handle(self, connection: socket.socket, _server: FaultyServer) -> None:
        if self.stalls:
            stall_the_handshake(connection, self)
        elif self.tls is not None:
            raw = connection.dup()
            with raw, self.tls.wrap_socket(connection, server_side=True) as secure:
                # What TLS has read can't be looked at without taking it.
                method = secure.recv(4)
                self._answer(Replayed(secure, raw, method), method)
        else:
            self._answer(connection, connection.recv(4, socket.MSG_PEEK))

    def _answer(self, connection: socket.socket, method: bytes) -> None:
        if method in WRITES:
            self.write_fault(connection, self)
            return
        request = super().read(connection)
        if request:
            path, query = request.split(b" ", 2)[1].decode().partition("?")[::2]
            self.requests.remove(request)
            self.reads.append(path)
            if self.before_reading is not None:
                self.before_reading(path)
            status, body = self._found(path, query) if self.readable else ("503 Unavailable", {"errors": []})
            connection.sendall(answer(status, body, "Connection: close"))

    def _found(self, path: str, query: str) -> tuple[str, Json]:
        actions = self.actions
        if self.hidden:
            return "404 Not Found", {"errors": [{"message": "none"}]}
        for end, body in self.instead.items():
            if path.endswith(end):
                return "200 OK", body
        if path.endswith("/integrations"):
            return "200 OK", {"integrations": INTEGRATIONS}
        if path.endswith("/actions"):
            page = int(re.findall(r"\bpage=(\d+)", query)[0])
            size = self.per_page or len(actions) + len(self.odd)
            return "200 OK", {"actions": self._listed()[(page - 1) * size : page * size]}
        if match := re.search(r"/actions/(\d+)$", urlsplit(path).path):
            found = [each for each in actions if each["id"] == int(match[1])]
            return ("200 OK", found[0]) if found else ("404 Not Found", {"errors": [{"message": "none"}]})
        return "200 OK", PIPELINE | {"actions": self._listed()}

    def _listed(self) -> list[object]:
        return [*(summary(each) for each in self.actions), *self.odd]


class Replayed:
    """A connection whose first bytes were read already, and the bare one beneath its TLS."""

    def __init__(self, connection: socket.socket, raw: socket.socket, first: bytes) -> None:
        self._connection = connection
        self.raw = raw
        self._first = first

    def recv(self, size: int) -> bytes:
        first, self._first = self._first, b""
        return first or self._connection.recv(size)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def number_in(head: bytes) -> int:
    """The number of the action in the address of a request."""
    return int(head.split(b" ", 2)[1].rpartition(b"/")[2])


def stored(body: Json) -> Json:
    """An action as Buddy shows it later: no password, encrypted values unreadable."""
    kept = {name: value for name, value in body.items() if name != "password"}
    if "variables" in kept:
        kept["variables"] = [
            item | {"value": "!encrypted x"} if item.get("encrypted") else item for item in kept["variables"]
        ]
    return kept


def summary(action: Json) -> Json:
    """An action as a list shows it."""
    return {name: action[name] for name in HEAD_FIELDS}
