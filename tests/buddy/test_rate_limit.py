"""What Buddy allows, and asking so seldom that people notice nothing."""

from threading import Event
from time import sleep
from typing import Any

import pytest
from support.buddy import StubBuddy
from support.faults import FaultyServer, answer, answering

from webapp.buddy.client import Client
from webapp.http.rate_limit import Deferred, Pace, RateLimit
from webapp.http.transport import Timings


class Turns(Event):
    """Tells how long somebody wanted to wait, and lets no time pass."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout or 0)
        return self.is_set()


def test_a_request_that_nobody_waits_for_comes_five_seconds_after_the_last() -> None:
    pace = Pace(RateLimit(), 5)
    pace.stop = turns = Turns()
    pace()
    pace()
    first, second = turns.waits
    assert first == 0
    assert 0 < second <= 5
    turns.set()
    with pytest.raises(Deferred):
        pace()


def test_what_buddy_does_not_say_of_its_limit_holds_nothing_back() -> None:
    rate_limit = RateLimit()
    told: list[dict[str, Any]] = [{}, {"X-Rate-Limit-Limit": "many", "X-Rate-Limit-Remaining": "-1"}]
    for headers in told:
        rate_limit.note(headers)
        assert not rate_limit.low
    rate_limit.note({"X-Rate-Limit-Limit": "100", "X-Rate-Limit-Remaining": "10", "X-Rate-Limit-Reset": "1000"})
    assert not rate_limit.low, "that time is over"
    rate_limit.note({"X-Rate-Limit-Limit": "100", "X-Rate-Limit-Remaining": "10"})
    assert rate_limit.low


def test_a_client_that_keeps_a_pace_asks_nothing_once_it_is_to_stop() -> None:
    server = FaultyServer(answering(answer("200 OK", {"workspaces": []})))
    pace = Pace(RateLimit(), 0)
    client = Client(f"http://127.0.0.1:{server.port}", "token-of-the-tests", pace=pace)
    assert list(client.workspaces()) == []
    pace.stop.set()
    with pytest.raises(Deferred):
        list(client.workspaces())
    client.close()
    server.close()


def test_a_long_list_is_read_whole_however_long_its_pages_wait_for_their_turns(upstream: StubBuddy) -> None:
    upstream.lists["/workspaces/buddy/projects"] = [{"name": f"p{number}"} for number in range(220)]
    client = Client(upstream.url, "token-of-the-tests", timings=Timings(pages=0.2), pace=lambda: sleep(0.1))
    assert len(list(client.projects("buddy"))) == 220
    client.close()
