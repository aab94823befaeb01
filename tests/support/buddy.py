"""A server in Buddy's place: it keeps what it is sent or answers what a test says, and misbehaves as a test says."""

import json
import re
import socket
import ssl
import threading
from collections.abc import Callable
from http.client import responses
from typing import Any

from support.examples import INTEGRATIONS, PIPELINE, RESPONSE_EXAMPLE
from support.faults import BACKLOG, Fault, FaultyServer, answer, stall_the_handshake

Json = dict[str, Any]

SUMMARY = ("id", "name", "type", "trigger_time", "disabled", "last_execution_status")
FIRST_ID = 100
FIRST_RUN = 1000
WRITES = (b"POST", b"PATC", b"DELE")
NOTHING = (404, {"errors": [{"message": "none"}]})
CLOSED = (503, {"errors": [{"message": "closed for the moment"}]})
# What the contract answers to an addition.
AS_DOCUMENTED = (201, RESPONSE_EXAMPLE)
# In seconds: as long as no test needs, and no longer than one that fails may take.
LONGEST_HELD = 120


class StubBuddy(FaultyServer):
    """Misbehaves only as it is told to.

    A write is done if it was read whole and `creates`, and answered as Buddy does, unless `write_fault` says otherwise.
    With an `answer`, a status and a body, each write gets that, and nothing is done; a number in it is that of the
    first action, and each later one gets the next. An answer waits until the `gate` is open.

    `readable` says whether reads are answered, `closed` what they are told else, `hidden` that everything seems not to
    be there, `token` what is said of the token, `runs` what has run, oldest first, `odd_runs` what else is listed
    before, `per_page` how many actions go on one page of a list, `odd` what else stands among them, `pipelines` those
    of a project, `instead` what is read where a path ends like that, `lists` what is listed at a path, in pages, `gone`
    the paths at which nothing is, `headers` what each answer says besides, `stalls` that no handshake is answered;
    `before_reading` is called with the path of each read. Reads wait until the `read_gate` is open.
    """

    def __init__(
        self, fault: Fault | None = None, tls: ssl.SSLContext | None = None, answer: tuple[int, Any] | None = None
    ) -> None:
        self.creates = True
        self.answer = answer
        self.numbered = 0
        self.readable = True
        self.closed = answered(*CLOSED)
        self.hidden = False
        self.token: tuple[int, Any] = (200, {"name": "Of the tests", "scopes": []})
        self.per_page: int | None = None
        self.actions: list[Json] = list(PIPELINE["actions"])
        self.runs: list[Json] = []
        self.odd_runs: list[Any] = []
        self.odd: list[object] = []
        self.pipelines: list[Json] = []
        self.instead: dict[str, Json] = {}
        self.lists: dict[str, list[Json]] = {}
        self.gone: set[str] = set()
        self.headers: dict[str, str] = {}
        self.bodies: list[Any] = []
        self.paths: list[str] = []
        self.reads: list[str] = []
        self.tokens: list[str | None] = []
        self.gate = threading.Event()
        self.gate.set()
        self.waiting = 0
        self.read_gate = threading.Event()
        self.read_gate.set()
        self.reading = 0
        self.most_reading = 0
        self.lock = threading.Condition()
        self.mine = threading.local()
        self.stalls = False
        self.before_reading: Callable[[str], None] | None = None
        self.tls = tls
        self.write_fault = fault or StubBuddy.answers
        super().__init__(self._handle)

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def close(self) -> None:
        self.gate.set()
        self.read_gate.set()
        super().close()

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
            self._listener = socket.create_server(("127.0.0.1", self.port), backlog=BACKLOG)
            self._threads.append(threading.Thread(target=self._accept, daemon=True))
            self._threads[-1].start()

    @property
    def by_hand(self) -> list[Json]:
        """The actions beside the first."""
        return self.actions[1:]

    @by_hand.setter
    def by_hand(self, actions: list[Json]) -> None:
        self.actions = [self.actions[0], *actions]

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

    def amend(self, id: int, changes: Json | None) -> Json:
        """Change an action, or delete it (None), as a PATCH and a DELETE do, or somebody's hand in Buddy."""
        with self.lock:
            old = next(action for action in self.actions if action["id"] == id)
            new = {**old, **stored(changes or {})}
            self.actions = [new if action is old else action for action in self.actions]
            if changes is None:
                self.actions.remove(new)
        return new

    def run(self, body: Json) -> Json:
        """Begin a run, as a POST does, or somebody's hand in Buddy."""
        with self.lock:
            asked = body.get("actions_to_run") or [action["id"] for action in self.actions]
            ran = [{"action": summary(each), "status": "INITIAL"} for each in self.actions if each["id"] in asked]
            run = {"id": FIRST_RUN + len(self.runs), "status": "ENQUEUED", "comment": body.get("comment", "")}
            self.runs.append({**run, "action_executions": ran})
        return self.runs[-1]

    def go_on(self, id: int, **changes: Any) -> Json:
        """Let a run go on."""
        with self.lock:
            run = next(run for run in self.runs if run["id"] == id)
            run.update(changes)
        return run

    def until_waiting(self, count: int) -> None:
        """Wait until `count` writes are held back."""
        with self.lock:
            assert self.lock.wait_for(lambda: self.waiting >= count, LONGEST_HELD), f"{self.waiting} writes came"

    def until_reading(self, count: int) -> None:
        """Wait until `count` reads are held back."""
        with self.lock:
            assert self.lock.wait_for(lambda: self.reading >= count, LONGEST_HELD), f"{self.reading} reads came"

    def read(self, connection: socket.socket) -> bytes:
        request = super().read(connection)
        head, _, body = request.partition(b"\r\n\r\n")
        if not head:
            return request
        method, path, _ = head.decode().split(" ", 2)
        sent = json.loads(body) if body else None
        self.tokens.append(token_in(head))
        self.paths.append(path)
        self.bodies.append(sent)
        if self.creates and self.answer is None and (sent is not None or method == "DELETE"):
            self.mine.action = self._do(method, path, sent)
        return request

    def _do(self, method: str, path: str, sent: Json | None) -> Json:
        """Do what a write asks for, and give what came of it."""
        last = path.rpartition("/")[2]
        if "/executions" in path:
            return self.run(sent or {}) if method == "POST" else self.go_on(int(last), status="TERMINATING")
        return self.add(sent or {}) if method == "POST" else self.amend(int(last), sent)

    @staticmethod
    def answers(connection: socket.socket, server: FaultyServer) -> None:
        """Answer a write as Buddy does, or as a test says: no fault at all."""
        request = server.read(connection)
        assert isinstance(server, StubBuddy)
        server._hold_write()
        connection.sendall(answered(*server._answer_to(request)))

    def _hold_write(self) -> None:
        with self.lock:
            self.waiting += 1
            self.lock.notify_all()
        self.gate.wait(LONGEST_HELD)
        with self.lock:
            self.waiting -= 1

    def _hold_read(self) -> None:
        with self.lock:
            self.reading += 1
            self.most_reading = max(self.most_reading, self.reading)
            self.lock.notify_all()
        self.read_gate.wait(LONGEST_HELD)
        with self.lock:
            self.reading -= 1

    def _answer_to(self, request: bytes) -> tuple[int, Any]:
        if self.answer is None:
            if request.startswith(b"DELETE "):
                return 204, None
            added = request.startswith(b"POST ") and b"/executions " not in request.partition(b"\r\n")[0]
            return 201 if added else 200, self.mine.action
        status, body = self.answer
        if isinstance(body, dict) and type(body.get("id")) is int:
            with self.lock:
                body = body | {"id": body["id"] + self.numbered}
                self.numbered += 1
        return status, body

    def _handle(self, connection: socket.socket, _server: FaultyServer) -> None:
        if self.stalls:
            stall_the_handshake(connection, self)
        elif self.tls is not None:
            raw = connection.dup()
            with raw, self.tls.wrap_socket(connection, server_side=True) as secure:
                # What TLS has read can't be looked at without taking it.
                method = secure.recv(4)
                self._serve_one(Replayed(secure, raw, method), method)
        else:
            self._serve_one(connection, connection.recv(4, socket.MSG_PEEK))

    def _serve_one(self, connection: socket.socket, method: bytes) -> None:
        if method in WRITES:
            self.write_fault(connection, self)
            return
        request = super().read(connection)
        if request:
            path, query = request.split(b" ", 2)[1].decode().partition("?")[::2]
            self.requests.remove(request)
            self.reads.append(path)
            self.tokens.append(token_in(request))
            if self.before_reading is not None:
                self.before_reading(path)
            self._hold_read()
            found = answered(*self.found(path, query), **self.headers) if self.readable else self.closed
            connection.sendall(found)

    def found(self, path: str, query: str) -> tuple[int, Any]:
        """What a read is answered: a status and a body."""
        if self.hidden or path in self.gone:
            return NOTHING
        if path in self.lists:
            return 200, {path.rpartition("/")[2]: page_of(self.lists[path], query)}
        for end, body in self.instead.items():
            if path.endswith(end):
                return 200, body
        if path == "/user/token":
            return self.token
        lists: dict[str, list[Any]] = {
            "workspaces": [],
            "pipelines": self.pipelines,
            "integrations": INTEGRATIONS,
            "actions": self._page(query),
            "executions": page_of([*self.odd_runs, *map(in_a_list, reversed(self.runs))], query),
        }
        noun, _, last = path.rpartition("/")
        if last in lists:
            return 200, {last: lists[last]}
        single = {"actions": self.actions, "executions": self.runs}.get(noun.rpartition("/")[2])
        if single is not None:
            return next(((200, each) for each in single if str(each["id"]) == last), NOTHING)
        return 200, self._whole(noun, last)

    def _whole(self, noun: str, last: str) -> Json:
        """A project or a pipeline; of those that no list has, the contract's."""
        whole = PIPELINE | {"actions": self._listed()}
        for listed in self.lists.get(noun, ()):
            if last in (listed["name"], str(listed.get("id"))):
                return (whole if noun.endswith("/pipelines") else {}) | listed | {"project": None}
        return next((each for each in self.pipelines if str(each["id"]) == last), whole)

    def _page(self, query: str) -> list[object]:
        listed = self._listed()
        page = int((re.findall(r"\bpage=(\d+)", query) or [1])[0])
        size = self.per_page or len(listed)
        return listed[(page - 1) * size : page * size]

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


def page_of(entries: list[Json], query: str) -> list[Json]:
    """The page of a list that is asked for; all of it where none is."""
    asked = {name: int(value) for name, value in re.findall(r"\b(page|per_page)=(\d+)", query)}
    if "page" not in asked:
        return entries
    return entries[(asked["page"] - 1) * asked["per_page"] : asked["page"] * asked["per_page"]]


def answered(status: int, body: Any, **headers: str) -> bytes:
    """A whole answer to a read or a write, after which the connection ends."""
    said = f"{status} {responses.get(status, '')}"
    return answer(said, b"" if status == 204 else body, "Connection: close", *map(": ".join, headers.items()))


def token_in(request: bytes) -> str | None:
    """What a request says of who asks."""
    found = re.search(rb"\r\nAuthorization: ([^\r\n]*)", request)
    return found[1].decode() if found else None


def stored(body: Json) -> Json:
    """An action as Buddy shows it later: no password, encrypted values unreadable."""
    kept = {name: value for name, value in body.items() if name != "password"}
    if "variables" in kept:
        kept["variables"] = [
            item | {"value": "!encrypted x"} if item.get("encrypted") else item for item in kept["variables"]
        ]
    return kept


def in_a_list(run: Json) -> Json:
    """A run as a list shows it: without its actions."""
    return {name: value for name, value in run.items() if name != "action_executions"}


def summary(action: Json) -> Json:
    """An action as a list shows it."""
    return {name: action[name] for name in SUMMARY if name in action}
