"""Many who send at once: who has a thread, who waits in line without one, and who is let in all the same."""

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING, BinaryIO

import pytest
import requests
from support.buddy import StubBuddy
from support.figures import read
from support.rigs import LEAST, Rig
from support.server import filled_form, free_port, serving, serving_here, until_refused
from support.waiting import happens, until

from webapp.dispatching import LATE_AT_ONCE, SENDS_AT_ONCE, Dispatcher
from webapp.http.slots import SLOTS
from webapp.http.transport import Timings
from webapp.server import THREADS
from webapp.views.sending import sending_in

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

CROWD = THREADS + 100
# Nothing here ends because a time is over.
PATIENT = Timings(connect=60, write=600, read=600, pages=600)
LONG = 600.0
# More than the buffers between two programs hold.
LARGE = bytes(16_000_000)
FIGURES = "the-token-of-the-tests-for-figures"
PIPELINE = "/workspaces/buddy/projects/company-website/pipelines/2"


class Gate:
    """An app that answers what is posted once `opened` is set, and everything else at once."""

    def __init__(self) -> None:
        self.opened = Event()
        self.inside = self.most = 0
        self.came: list[str] = []
        self._changing = Lock()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
        if environ["REQUEST_METHOD"] == "POST":
            self._wait(environ["PATH_INFO"])
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [LARGE if environ["PATH_INFO"] == "/large" else b"answered"]

    def _wait(self, path: str) -> None:
        with self._changing:
            self.came.append(path)
            self.inside += 1
            self.most = max(self.most, self.inside)
        happens(self.opened)
        with self._changing:
            self.inside -= 1


def is_post(method: str, _: str) -> bool:
    return method == "POST"


@pytest.fixture
def gate() -> Gate:
    return Gate()


@contextmanager
def crowd(gate: Gate, url: str, count: int) -> Iterator[list["Future[requests.Response]"]]:
    """Let so many send at once. In the end they are answered, whatever went wrong."""
    with ThreadPoolExecutor(count) as browsers:
        try:
            yield [browsers.submit(requests.post, url, timeout=LONG) for _ in range(count)]
        finally:
            gate.opened.set()


def test_a_crowd_that_sends_waits_in_line_and_everybody_else_is_answered_meanwhile(gate: Gate) -> None:
    dispatcher, port = Dispatcher(is_post, seconds=LONG), free_port()
    url = f"http://127.0.0.1:{port}/"
    with serving_here(gate, port, dispatcher=dispatcher), crowd(gate, url, CROWD) as sent:
        until(lambda: gate.inside + dispatcher.waiting == CROWD)
        assert gate.inside == SENDS_AT_ONCE
        with ThreadPoolExecutor(THREADS) as others:
            pages = list(others.map(lambda _: requests.get(url, timeout=LONG).text, range(THREADS)))
        assert set(pages) == {"answered"}
        assert dispatcher.waiting == CROWD - SENDS_AT_ONCE
        gate.opened.set()
        assert {answer.result().text for answer in sent} == {"answered"}
    assert (gate.most, dispatcher.waiting) == (SENDS_AT_ONCE, 0)


def test_those_in_line_come_in_turn(gate: Gate) -> None:
    dispatcher, port = Dispatcher(is_post, at_once=1, seconds=LONG), free_port()
    url = f"http://127.0.0.1:{port}"
    with serving_here(gate, port, dispatcher=dispatcher), ThreadPoolExecutor(5) as browsers:
        for number in range(5):
            browsers.submit(requests.post, f"{url}/{number}", timeout=LONG)
            until(lambda number=number: gate.inside + dispatcher.waiting == number + 1)
        gate.opened.set()
    assert gate.came == [f"/{number}" for number in range(5)]


def test_who_has_waited_too_long_is_let_in_all_the_same(gate: Gate) -> None:
    dispatcher, port = Dispatcher(is_post, at_once=1, seconds=0), free_port()
    with serving_here(gate, port, dispatcher=dispatcher), crowd(gate, f"http://127.0.0.1:{port}/", 3):
        until(lambda: gate.inside == 3)
        gate.opened.set()
    assert dispatcher.waiting == 0


def test_those_who_have_waited_too_long_leave_threads_to_everybody_else(gate: Gate) -> None:
    """Buddy hangs, and nobody in line gets further: the first of those who are let in may still wait for it."""
    dispatcher, port = Dispatcher(is_post, seconds=0), free_port()
    url = f"http://127.0.0.1:{port}/"
    with serving_here(gate, port, dispatcher=dispatcher), crowd(gate, url, CROWD) as sent:
        until(lambda: gate.inside >= SENDS_AT_ONCE + LATE_AT_ONCE and gate.inside + dispatcher.waiting == CROWD)
        assert requests.get(url, timeout=30).text == "answered"
        assert gate.inside == SENDS_AT_ONCE + LATE_AT_ONCE
        gate.opened.set()
        assert {answer.result().text for answer in sent} == {"answered"}
    assert dispatcher.waiting == 0


def test_of_those_who_are_let_in_more_may_wait_for_buddy_than_there_are_slots_so_that_the_rest_is_told() -> None:
    assert SLOTS < SENDS_AT_ONCE + LATE_AT_ONCE < THREADS


def test_who_waits_in_line_goes_on_taking_the_answer_before(gate: Gate) -> None:
    dispatcher, port = Dispatcher(is_post, at_once=1, seconds=LONG), free_port()
    with serving_here(gate, port, dispatcher=dispatcher), crowd(gate, f"http://127.0.0.1:{port}/", 1):
        until(lambda: gate.inside == 1)
        with socket.create_connection(("127.0.0.1", port), timeout=LONG) as browser:
            browser.sendall(
                b"GET /large HTTP/1.1\r\nHost: a\r\n\r\nPOST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"
            )
            until(lambda: dispatcher.waiting == 1)
            with browser.makefile("rb") as answers:
                assert read_answer(answers) == LARGE
                gate.opened.set()
                assert read_answer(answers) == b"answered"


def read_answer(answers: BinaryIO) -> bytes:
    """The body of the next of the answers that come over one connection."""
    length = 0
    while (line := answers.readline()).strip():
        name, _, value = line.partition(b":")
        length = int(value) if name == b"Content-Length" else length
    return answers.read(length)


def test_a_crowd_larger_than_may_ask_buddy_at_once_is_sent_whole(
    team_with: Callable[..., Rig], upstream: StubBuddy
) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    team = team_with(timings=PATIENT, sign_in=frozenset(), port=port, url=url)
    dispatcher, count = Dispatcher(sending_in(team.app), seconds=LONG), SLOTS + 4
    upstream.gate.clear()
    with serving_here(team.app, port, dispatcher=dispatcher), ThreadPoolExecutor(count) as browsers:
        sent = [browsers.submit(form) for form in filled_forms(url, count)]
        until(lambda: upstream.waiting + dispatcher.waiting == count)
        upstream.gate.set()
        assert {answer.result().status_code for answer in sent} == {303}
    assert len({body["name"] for body in upstream.bodies}) == len(upstream.bodies) == count


def test_who_stands_in_line_when_slipway_is_to_stop_is_told_that_nothing_was_sent(
    upstream: StubBuddy, tmp_path: Path
) -> None:
    own = {"SLIPWAY_DATABASE_URL": f"sqlite:///{tmp_path}/slipway.db", "SLIPWAY_METRICS_TOKEN": FIGURES}
    upstream.gate.clear()
    with (
        serving(BUDDY_TOKEN="token", BUDDY_API_ENDPOINT=upstream.url, **own) as served,
        ThreadPoolExecutor(SENDS_AT_ONCE + 1) as browsers,
    ):
        *first, last = filled_forms(served.url, SENDS_AT_ONCE + 1)
        sent = [browsers.submit(form) for form in first]
        upstream.until_waiting(SENDS_AT_ONCE)
        in_line = browsers.submit(last)
        until(lambda: waiting(served.url) == 1)
        served.process.terminate()
        until_refused(served.url)
        upstream.gate.set()
        assert {answer.result().status_code for answer in sent} == {303}
        told = in_line.result()
        assert (told.status_code, told.headers["Retry-After"]) == (503, "5")
        assert told.text == "Slipway is stopping. Nothing was sent to Buddy. Try again in a moment.\n"
        assert served.process.wait(60) == 0
    assert len(upstream.bodies) == SENDS_AT_ONCE


def filled_forms(url: str, count: int) -> list[Callable[[], requests.Response]]:
    """So many forms, each of an action of its own, ready to be sent."""
    return [filled_form(url, LEAST | {"name": f"Run tests {number}"}) for number in range(count)]


def waiting(url: str) -> float:
    """How many requests wait, as the figures tell it."""
    shown = requests.get(f"{url}/metrics", headers={"Authorization": f"Bearer {FIGURES}"}, timeout=30).text
    return read(shown)["slipway_requests_waiting",]


SENT = [
    f"{PIPELINE}/actions",
    f"{PIPELINE}/actions/4",
    f"{PIPELINE}/actions/4/delete",
    f"{PIPELINE}/actions/4/runs",
    f"{PIPELINE}/runs",
    "/submissions/abc/attempts",
    "/submissions/abc/stop",
]
NOT_SENT = [
    f"{PIPELINE}/actions/new",
    f"{PIPELINE}/actions/draft",
    f"{PIPELINE}/actions/4/edit",
    "/sign-in",
    "/nothing",
]


@pytest.mark.parametrize("path", SENT)
def test_what_asks_buddy_for_something_waits_in_line(path: str, team: Rig) -> None:
    sends = sending_in(team.app)
    assert (sends("POST", path), sends("GET", path)) == (True, False)


@pytest.mark.parametrize("path", NOT_SENT)
def test_what_asks_buddy_for_nothing_never_waits_in_line(path: str, team: Rig) -> None:
    assert not sending_in(team.app)("POST", path)
