"""Slipway as a process: how it starts, how it refuses to, how it ends."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from time import monotonic
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import requests
from support.buddy import StubBuddy
from support.figures import read
from support.server import first_link, free_port, logged, send_form, serving, serving_here, until_refused
from support.waiting import until

from webapp.channel import Channel
from webapp.server import THREADS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

LEAST = {"name": "Run tests", "docker_image_name": "library/ubuntu", "inline_commands": "make test"}


def test_it_starts_with_no_settings_and_says_that_nothing_leaves_this_computer() -> None:
    with serving() as served:
        assert served.url in served.printed
        page = requests.get(served.url, timeout=30)
        assert "nothing leaves this computer" in page.text


def test_it_says_truly_what_is_forgotten_when_the_sandbox_stops(tmp_path: Path) -> None:
    def said(**settings: str) -> str:
        with serving(**settings) as served:
            assert served.process.stdout is not None
            return "".join(iter(served.process.stdout.readline, "Stop it with Ctrl+C.\n"))

    assert "everything is forgotten when it stops" in said()
    kept = said(SLIPWAY_DATABASE_URL=f"sqlite:///{tmp_path}/slipway.db")
    assert "everything is forgotten" not in kept
    assert "What was sent, drafts and templates stay in the database of SLIPWAY_DATABASE_URL." in kept


def test_the_first_start_with_passwords_prints_the_link_of_the_first_administrator(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/slipway.db"
    with serving(BUDDY_TOKEN="t", SLIPWAY_SIGN_IN="password", SLIPWAY_DATABASE_URL=url) as served:
        page = requests.get(first_link(served), timeout=30)
    assert (page.status_code, "Become the administrator" in page.text) == (200, True)


def test_sigterm_lets_a_send_in_flight_end_and_takes_no_more(upstream: StubBuddy, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/slipway.db"
    with serving(BUDDY_TOKEN="token", BUDDY_API_ENDPOINT=upstream.url, SLIPWAY_DATABASE_URL=url) as served:
        upstream.gate.clear()
        with ThreadPoolExecutor(1) as sender:
            sending = sender.submit(send_form, served.url, LEAST)
            upstream.until_waiting(1)
            served.process.terminate()
            until_refused(served.url)
            assert served.process.poll() is None
            upstream.gate.set()
            assert sending.result().status_code == 303
        assert served.process.wait(60) == 0
    with serving(BUDDY_TOKEN="token", BUDDY_API_ENDPOINT=upstream.url, SLIPWAY_DATABASE_URL=url) as served:
        history = requests.get(f"{served.url}/submissions", timeout=30).text
    assert '<span class="status good">Added</span>' in history
    assert len(upstream.bodies) == 1


def test_a_proxys_headers_reach_the_gate_and_are_refused() -> None:
    with serving() as served:
        answer = requests.get(served.url, headers={"X-Forwarded-For": "10.0.0.1"}, timeout=30)
        assert answer.status_code == 400


def start(**settings: str) -> "subprocess.CompletedProcess[str]":
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("SLIPWAY_", "BUDDY_"))}
    command, own = [sys.executable, "-m", "webapp"], {"SLIPWAY_PORT": str(free_port())} | settings
    return subprocess.run(command, env=inherited | own, capture_output=True, text=True, timeout=60, check=False)


REFUSALS = {
    "another host": ({"SLIPWAY_HOST": "0.0.0.0"}, "SLIPWAY_HOST must be 127.0.0.1, ::1 or localhost"),
    "an unknown setting": ({"SLIPWAY_COLOUR": "blue"}, "SLIPWAY_COLOUR is not a setting"),
    "an unknown database": ({"SLIPWAY_DATABASE_URL": "nonsense"}, "SLIPWAY_DATABASE_URL must be a SQLAlchemy URL"),
}


@pytest.mark.parametrize(("settings", "message"), REFUSALS.values(), ids=REFUSALS)
def test_a_wrong_setting_ends_the_start_in_one_sentence(settings: dict[str, str], message: str) -> None:
    ended = start(**settings)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("Slipway did not start: ")
    assert message in ended.stderr
    assert ended.stderr.count("\n") == 1


# The last one is an address that is set aside for documents, so that no computer has it.
@pytest.mark.parametrize("host", ["desk.invalid", "desk..invalid", "x" * 64, "192.0.2.1"])
def test_a_host_that_is_not_this_computer_is_named(host: str) -> None:
    key = {"SLIPWAY_SECRET_KEY": "the key of the tests, which is long enough"}
    ended = start(SLIPWAY_HOST=host, SLIPWAY_SIGN_IN="password", SLIPWAY_URL="https://desk.example.com", **key)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (1, "", 1), ended.stderr
    assert ended.stderr.startswith(f"Slipway did not start: {host} can't be listened on: ")
    assert ended.stderr.endswith(". Choose another host with SLIPWAY_HOST.\n")


def test_a_port_in_use_is_named() -> None:
    with serving() as served:
        ended = start(SLIPWAY_PORT=served.url.rpartition(":")[2])
    assert "Choose another port with SLIPWAY_PORT." in ended.stderr


def test_it_takes_more_requests_at_once_than_it_has_threads() -> None:
    with serving() as served, ThreadPoolExecutor(THREADS + 20) as browsers:
        # Of pages that ask Buddy there are fewer at once.
        pages = [browsers.submit(requests.get, f"{served.url}/submissions", timeout=60) for _ in range(THREADS + 20)]
        assert {page.result().status_code for page in pages} == {200}


def ask(url: str, *pieces: bytes) -> str:
    """Send a request by hand, byte by byte as given, and read the whole answer."""
    address = urlsplit(url)
    with socket.create_connection((str(address.hostname), int(address.port or 0)), 30) as connection:
        for piece in pieces:
            connection.sendall(piece)
        return b"".join(iter(lambda: connection.recv(65_536), b"")).decode()


LARGEST_BODY = 8 * 1024 * 1024
# Not a byte more than it takes: what nobody reads any more would break the connection before the answer is read.
TOO_MUCH = {
    "a body that says how long it is": (
        [b"POST /sign-in HTTP/1.1\r\nContent-Length: 9000000\r\n\r\n"],
        "413 Request Entity Too Large",
    ),
    "a body without end": (
        [b"POST /sign-in HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", b"800000\r\n", b"x" * (LARGEST_BODY - 8)],
        "413 Request Entity Too Large",
    ),
    "headers": ([b"GET / HTTP/1.1\r\nX-Long: ".ljust(65_536, b"x")], "431 Request Header Fields Too Large"),
}


@pytest.mark.parametrize(("pieces", "status"), TOO_MUCH.values(), ids=TOO_MUCH)
def test_what_is_far_too_large_is_refused_in_words_before_it_is_stored(pieces: list[bytes], status: str) -> None:
    with serving() as served:
        told = ask(served.url, *pieces)
    assert told.partition("\r\n")[0].partition(" ")[2] == status
    assert "Nothing was sent to Buddy" in told
    assert "waitress" not in told.lower()


IN_CHUNKS = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
NO_HTTP = {
    "a length that is no number": b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n",
    "a length of more digits than a number may have": b"POST / HTTP/1.1\r\nContent-Length: %b\r\n\r\n" % (b"9" * 5000),
    "a bracket that is not closed": b"GET http://[/ HTTP/1.1\r\n\r\n",
    "no address in brackets": b"GET http://[a]/ HTTP/1.1\r\n\r\n",
    "a name that is none": "GET http://\u2100/ HTTP/1.1\r\n\r\n".encode(),
    "two hosts": b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: example.com\r\n\r\n",
    "another host in the address": b"GET http://example.com/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a body of a length and in chunks": b"POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
    "a body in chunks that HTTP did not know yet": b"POST / HTTP/1.0\r\nConnection: keep-alive\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n",
    "the size of a chunk without end": IN_CHUNKS + b"f" * 65_537,
    "what is said of a chunk without end": IN_CHUNKS + b"1;a=".ljust(65_537, b"x"),
    "lines behind the last chunk without end": IN_CHUNKS + b"0\r\n" + b"a: b\r\n" * 10_923,
}


def test_what_is_no_http_is_refused_in_words() -> None:
    with serving() as served:
        for request in NO_HTTP.values():
            told = ask(served.url, request)
            assert told.partition(" ")[2].startswith("400 Bad Request\r\n"), request
            assert "Nothing was sent to Buddy" in told
        assert "exception" not in logged(served.log)


NO_BODY_TO_COME = {
    "none": (b"Content-Length: 0", "200 OK"),
    "one that is too large": (b"Content-Length: 9000000", "413 Request Entity Too Large"),
    "one of no length": (b"Content-Length: many", "400 Bad Request"),
}


@pytest.mark.parametrize(("length", "status"), NO_BODY_TO_COME.values(), ids=NO_BODY_TO_COME)
def test_who_asks_whether_a_body_may_come_is_answered_at_once_where_none_may(length: bytes, status: str) -> None:
    with serving_here(greeting, port := free_port()):
        head = b"POST / HTTP/1.1\r\nExpect: 100-continue\r\nConnection: close\r\n%b\r\n\r\n" % length
        told = ask(f"http://127.0.0.1:{port}", head)
    assert told.partition("\r\n")[0].partition(" ")[2] == status


def test_who_asks_whether_a_body_may_come_is_told_so_first() -> None:
    port = free_port()
    with serving_here(greeting, port), socket.create_connection(("127.0.0.1", port), 30) as sender:
        sender.sendall(b"POST / HTTP/1.1\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n")
        take_until(sender, b"HTTP/1.1 100 Continue\r\n\r\n")
        sender.sendall(b"a")
        take_until(sender, b"hello")


def test_a_form_that_is_too_large_by_less_is_told_of_on_a_page() -> None:
    with serving() as served:
        lines = {
            "Host": urlsplit(served.url).netloc,
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": "3000000",
            "Connection": "close",
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        told = ask(served.url, f"POST /sign-in HTTP/1.1\r\n{head}\r\n".encode(), b"x" * 3_000_000)
    assert told.startswith("HTTP/1.1 413 ")
    assert "A form may be 2 MB in all" in told


def failing(_: "WSGIEnvironment", __: "StartResponse") -> list[bytes]:
    raise ValueError("a fault")


def test_an_answer_that_fails_does_not_say_that_nothing_was_sent() -> None:
    with serving_here(failing, port := free_port()):
        told = requests.post(f"http://127.0.0.1:{port}/", timeout=30)
    assert (told.status_code, "Nothing was sent" in told.text, "“Activity”" in told.text) == (500, False, True)


class Endless:
    """Answers without end, and knows how many of its answers have been given up."""

    def __init__(self) -> None:
        self.ended = 0

    def __call__(self, _: "WSGIEnvironment", start_response: "StartResponse") -> Iterator[bytes]:
        start_response("200 OK", [("Content-Type", "text/csv")])
        try:
            while True:
                yield b"x" * 1_000_000
        finally:
            self.ended += 1


class Impatient(Channel):
    drain_seconds = 0.1


def test_who_takes_nothing_of_an_answer_is_cut_and_so_does_not_keep_a_thread() -> None:
    app, port = Endless(), free_port()
    with serving_here(app, port, Impatient), ExitStack() as receivers:
        for _ in range(THREADS):
            receiver = receivers.enter_context(socket.create_connection(("127.0.0.1", port), 30))
            receiver.sendall(b"GET /submissions.csv HTTP/1.1\r\nHost: localhost\r\n\r\n")
        until(lambda: app.ended == THREADS)


def test_nothing_of_half_a_body_is_kept_for_who_went_away(monkeypatch: pytest.MonkeyPatch) -> None:
    files: list[IO[bytes]] = []
    make = tempfile.TemporaryFile

    def make_and_remember(mode: str) -> IO[bytes]:
        files.append(make(mode))
        return files[-1]

    monkeypatch.setattr(tempfile, "TemporaryFile", make_and_remember)
    with serving_here(Endless(), port := free_port()):
        with socket.create_connection(("127.0.0.1", port), 30) as sender:
            sender.sendall(b"POST /drafts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000\r\n\r\n")
            sender.sendall(b"x" * 1_000_000)
            until(lambda: len(files) == 1)
        until(lambda: files[0].closed)


def test_who_goes_on_taking_an_answer_is_not_cut() -> None:
    app, port = Endless(), free_port()
    with serving_here(app, port), socket.create_connection(("127.0.0.1", port), 30) as receiver:
        receiver.sendall(b"GET /submissions.csv HTTP/1.1\r\nHost: localhost\r\n\r\n")
        taken = 0
        while taken < 60_000_000:
            part = receiver.recv(1_000_000)
            assert part
            taken += len(part)
        assert app.ended == 0
        receiver.close()
        until(lambda: app.ended == 1)


class Brisk(Channel):
    throughput_seconds = 0.2


def greeting(_: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"hello"]


def drip(connection: socket.socket) -> bool:
    """Send one byte more; tells whether the connection is over."""
    try:
        connection.sendall(b"a")
        return connection.recv(1) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


BEGUN = {
    "a head": b"GET /submissions HTTP/1.1\r\nX-Long: ",
    "a body": b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000\r\n\r\n",
    "a body in parts": b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n",
}


@pytest.mark.parametrize("begun", BEGUN.values(), ids=BEGUN)
def test_who_sends_one_byte_after_the_other_is_cut(begun: bytes) -> None:
    port = free_port()
    with serving_here(greeting, port, Brisk), socket.create_connection(("127.0.0.1", port), 30) as sender:
        sender.sendall(begun)
        sender.setblocking(False)
        until(lambda: drip(sender))


def test_who_takes_one_byte_after_the_other_is_cut_and_so_does_not_keep_a_thread() -> None:
    app, port = Endless(), free_port()
    with serving_here(app, port, Brisk), socket.create_connection(("127.0.0.1", port), 30) as receiver:
        receiver.sendall(b"GET /submissions.csv HTTP/1.1\r\nHost: localhost\r\n\r\n")
        until(lambda: receiver.recv(1) and app.ended == 1)


def test_who_is_busy_with_something_else_between_two_requests_is_not_cut() -> None:
    port = free_port()
    request = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with serving_here(greeting, port, Brisk), socket.create_connection(("127.0.0.1", port), 30) as idle:
        idle.sendall(request)
        take_until(idle, b"hello")
        # Meanwhile somebody else is cut, who began later.
        with socket.create_connection(("127.0.0.1", port), 30) as slow:
            slow.sendall(b"GET /")
            slow.setblocking(False)
            until(lambda: drip(slow))
        idle.sendall(request)
        take_until(idle, b"hello")


# The two that serve are counted, too.
FEW = 6


class Fleeting(Channel):
    idle_seconds = 0.1


def test_connections_on_which_nothing_happens_make_room_for_who_finds_none() -> None:
    port = free_port()
    with serving_here(greeting, port, Fleeting, connections=FEW), ExitStack() as browsers:
        for number in range(FEW):
            idle = browsers.enter_context(socket.create_connection(("127.0.0.1", port), 30))
            if number % 2:
                idle.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                take_until(idle, b"hello")
        assert requests.get(f"http://127.0.0.1:{port}/", timeout=30).text == "hello"


def test_where_there_is_room_connections_on_which_nothing_happens_stay() -> None:
    port = free_port()
    request = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with serving_here(greeting, port, Fleeting), ExitStack() as browsers:
        idle, busy = (
            browsers.enter_context(socket.create_connection(("127.0.0.1", port), 30)) for _ in ("idle", "busy")
        )
        begun = monotonic()
        while monotonic() < begun + 3 * Fleeting.idle_seconds:
            busy.sendall(request)
            take_until(busy, b"hello")
        idle.sendall(request)
        take_until(idle, b"hello")


def take_until(connection: socket.socket, end: bytes) -> None:
    """Take an answer up to its end, in as many parts as it comes in."""
    taken = b""
    while not taken.endswith(end):
        part = connection.recv(1000)
        assert part, taken
        taken += part


SLOW = 32


def test_many_who_send_or_take_a_byte_at_a_time_or_nothing_hold_no_thread_and_others_are_served() -> None:
    shown = "the-token-of-the-tests-for-figures"
    ask = b"GET /submissions HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with serving(SLIPWAY_METRICS_TOKEN=shown) as served, ExitStack() as attack:
        address = ("127.0.0.1", int(served.url.rpartition(":")[2]))

        def connect(count: int, begun: bytes) -> list[socket.socket]:
            made = []
            for _ in range(count):
                slow = attack.enter_context(socket.socket())
                slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
                slow.connect(address)
                slow.sendall(begun)
                slow.setblocking(False)
                made.append(slow)
            return made

        # More than there are threads.
        senders = [*connect(SLOW, BEGUN["a head"]), *connect(SLOW, BEGUN["a body"])]
        receivers, silent = connect(SLOW, ask), connect(SLOW, b"")
        assert len(senders) + len(receivers) + len(silent) > THREADS
        for _ in range(5):
            assert not any(drip(sender) for sender in senders)
            for receiver in receivers:
                with suppress(BlockingIOError):
                    receiver.recv(1)
            assert requests.get(f"{served.url}/submissions", timeout=30).status_code == 200
        figures = read(
            requests.get(f"{served.url}/metrics", headers={"Authorization": f"Bearer {shown}"}, timeout=30).text
        )
        # The one that answers this.
        assert (figures["slipway_threads_busy",], figures["slipway_requests_waiting",]) == (1, 0)
