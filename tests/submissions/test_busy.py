"""What is looked for, and what people do about it, while too many others wait for Buddy."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from support.buddy import StubBuddy
from support.faults import FaultyServer
from support.pages import Browser
from support.rigs import Rig

from webapp.forms.rulings import OTHER
from webapp.http.slots import SLOTS
from webapp.http.transport import Timings

from .conftest import Open

PATIENT = Timings(connect=60, write=600, read=600, pages=600)


@pytest.fixture
def rig(opened: Open) -> Rig:
    return opened(timings=PATIENT)


@contextmanager
def crowded(rig: Rig) -> Iterator[None]:
    """Let as many wait for Buddy's list of workspaces as may; everything else it answers at once."""
    gate, waiting = threading.Event(), threading.Semaphore(0)

    def hold_back(path: str) -> None:
        if path == "/workspaces":
            waiting.release()
            gate.wait(120)

    rig.buddy.before_reading = hold_back
    with ThreadPoolExecutor(SLOTS) as tabs:
        for _ in range(SLOTS):
            tabs.submit(Browser(rig.app, rig.browser.url).get, "/workspaces")
        try:
            for _ in range(SLOTS):
                assert waiting.acquire(timeout=120)
            yield
        finally:
            gate.set()


def unanswered(connection: Any, server: FaultyServer) -> None:
    """Buddy takes the write and hangs up."""
    server.read(connection)


def unknown(rig: Rig) -> None:
    """Something that nobody knows of: it was read, and not answered for."""
    rig.buddy.creates = False
    rig.buddy.write_fault = unanswered
    rig.send()
    rig.clock.forward(seconds=200)
    assert rig.states == ["unknown"]


def absent(rig: Rig) -> None:
    """Something that is not there, so that it may be sent once more."""
    unknown(rig)
    rig.parts.reconciler.round()
    assert rig.states == ["absent"]
    rig.buddy.creates = True
    rig.buddy.write_fault = StubBuddy.answers


PRESSED: dict[str, tuple[Callable[[Rig], None], str, dict[str, str]]] = {
    "look": (unknown, "looks", {}),
    "look for what is not there": (absent, "looks", {}),
    "send again": (absent, "attempts", {}),
    "a person's word": (unknown, "ruling", {"ruling": OTHER, "address": "7"}),
}


@pytest.mark.parametrize(("prepare", "noun", "fields"), PRESSED.values(), ids=PRESSED)
def test_a_button_that_finds_no_room_changes_nothing(
    rig: Rig, prepare: Callable[[Rig], None], noun: str, fields: dict[str, str]
) -> None:
    prepare(rig)
    page = rig.receipt()
    before = (rig.row.state, rig.row.version, rig.row.look_until, rig.row.looked_at, rig.record, rig.buddy.writes)
    with crowded(rig):
        told = rig.press(page, noun, **fields)
    assert (told.status, told.headers["Retry-After"]) == (503, "10")
    assert "Nothing was sent to Buddy" in told.text
    row = rig.row
    assert (row.state, row.version, row.look_until, row.looked_at, rig.record, rig.buddy.writes) == before


def test_what_is_sent_again_once_there_is_room_is_there_once(rig: Rig) -> None:
    absent(rig)
    page = rig.receipt()
    with crowded(rig):
        rig.press(page, "attempts")
    assert rig.press(page, "attempts").heading == "“Run tests” was added"
    assert (rig.states, len(rig.buddy.added)) == (["created"], 1)


def test_slipway_itself_goes_on_looking_and_takes_nobodys_room(rig: Rig) -> None:
    rig.buddy.write_fault = unanswered
    rig.send()
    with crowded(rig):
        rig.look(seconds=3)
        assert rig.states == ["found"]
