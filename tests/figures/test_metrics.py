"""The figures, as Prometheus reads them."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from support import faults
from support.buddy import StubBuddy
from support.clock import Clock
from support.figures import Samples, read
from support.rigs import Rig, open_rig

from webapp.store.events import SLIPWAY

PLAIN = "the-token-of-the-tests-for-figures"
PLACE = "/workspaces/<workspace>/projects/<project>/pipelines/<pipeline>"


@pytest.fixture
def buddy() -> Iterator[StubBuddy]:
    buddy = StubBuddy()
    yield buddy
    buddy.close()


@pytest.fixture
def rig(tmp_path: Path, buddy: StubBuddy) -> Iterator[Rig]:
    rig = open_rig(tmp_path, buddy, Clock(), metrics_token=PLAIN)
    yield rig
    rig.parts.close()


def asked(rig: Rig) -> Samples:
    answer = rig.app.test_client().get("/metrics", headers={"Authorization": f"Bearer {PLAIN}"}, buffered=True)
    assert (answer.status_code, answer.content_type) == (200, "text/plain; version=0.0.4; charset=utf-8")
    assert answer.headers["Cache-Control"] == "no-store"
    return read(answer.text)


SHOWN = {
    "nothing": {},
    "another": {"Authorization": "Bearer another-token-of-the-tests"},
    "part of it": {"Authorization": f"Bearer {PLAIN[:-1]}"},
    "another way": {"Authorization": "Basic dGhlOnRva2Vu"},
    "another way, in no ASCII": {"Authorization": "Basic \xff"},
    "what is no token": {"Authorization": "Bearer \xff"},
}


@pytest.mark.parametrize("headers", SHOWN.values(), ids=SHOWN)
def test_figures_are_for_who_shows_the_token(rig: Rig, headers: dict[str, str]) -> None:
    answer = rig.app.test_client().get("/metrics", headers=headers)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert "slipway_" not in answer.text


def test_where_no_token_is_set_there_is_no_such_page(tmp_path: Path, buddy: StubBuddy) -> None:
    rig = open_rig(tmp_path, buddy, Clock())
    for given in ("", "Bearer ", "Bearer None", f"Bearer {PLAIN}"):
        assert rig.browser.client.get("/metrics", headers={"Authorization": given}).status_code == 404
    rig.parts.close()


def test_requests_calls_and_sends_are_counted_by_what_they_are_and_timed(rig: Rig) -> None:
    rig.send()
    rig.browser.client.get("/nowhere", base_url=rig.browser.url, buffered=True)
    figures = asked(rig)
    assert figures["slipway_requests_total", "POST", f"{PLACE}/actions", "303"] == 1
    assert figures["slipway_requests_total", "GET", f"{PLACE}/actions/new", "200"] == 1
    assert figures["slipway_requests_total", "GET", "none", "404"] == 1
    assert figures["slipway_request_seconds_count", f"{PLACE}/actions"] == 1
    assert figures["slipway_request_seconds_bucket", "+Inf", f"{PLACE}/actions"] == 1
    add = "POST /workspaces/*/projects/*/pipelines/*/actions"
    assert figures["slipway_buddy_calls_total", add, "2xx"] == 1
    assert figures["slipway_buddy_call_seconds_count", add] == 1
    assert figures["slipway_sends_total", "addition", "created"] == 1
    assert figures["slipway_processes",] == 1
    (info,) = (key for key in figures if key[0] == "slipway_info")
    assert info[1].count(".") == 2
    # The one that is asking now.
    assert figures["slipway_buddy_slots_taken",] == 0


def test_what_is_not_known_is_told_with_its_age_and_what_looking_came_to(rig: Rig) -> None:
    rig.buddy.creates = False
    rig.buddy.write_fault = faults.read_then_close
    rig.send()
    rig.clock.forward(minutes=1)
    figures = asked(rig)
    assert figures["slipway_sends_total", "addition", "unknown"] == 1
    assert figures["slipway_buddy_calls_total", "POST /workspaces/*/projects/*/pipelines/*/actions", "none"] == 1
    assert (figures["slipway_unsettled", "unknown"], figures["slipway_unsettled", "ambiguous"]) == (1, 0)
    assert figures["slipway_unsettled_oldest_seconds", "unknown"] == pytest.approx(60, abs=0.01)
    rig.buddy.readable = False
    rig.look(seconds=3)
    rig.buddy.readable = True
    rig.look(minutes=15)
    figures = asked(rig)
    assert figures["slipway_looks_total", "addition", "unreadable"] >= 1
    assert figures["slipway_looks_total", "addition", "absent"] == 1
    assert (figures["slipway_unsettled", "unknown"], figures["slipway_unsettled_oldest_seconds", "unknown"]) == (0, 0)


def test_nothing_that_somebody_typed_and_no_name_is_in_the_figures(rig: Rig) -> None:
    rig.send(name="A name that gives something away")
    for path in ("/workspaces/secret-place/projects", "/find?q=secret-place", "/submissions/secret-place", "/s3cret"):
        rig.browser.client.get(path, base_url=rig.browser.url, buffered=True)
    rig.browser.client.open("/", method="BREW", base_url=rig.browser.url, buffered=True)
    rig.browser.client.get("/", base_url="http://secret-place.example", buffered=True)
    text = "\n".join(" ".join(key) for key in asked(rig))
    for word in ("secret-place", "s3cret", "gives something", "BREW", "company-website", "127.0.0.1", "local", PLAIN):
        assert word not in text


def test_when_the_token_ends_is_told_in_days(tmp_path: Path, buddy: StubBuddy) -> None:
    clock = Clock()
    buddy.token = (200, {"name": "t", "scopes": [], "expires_at": (clock() + timedelta(days=9)).isoformat()})
    rig = open_rig(tmp_path, buddy, clock, metrics_token=PLAIN, buddy_token=None, sign_in=frozenset({"password"}))
    rig.parts.connection.connect("another-token-of-the-tests", SLIPWAY)
    kept = rig.parts.connection.kept()
    assert kept is not None and kept.expires_at is not None
    assert asked(rig)["slipway_token_days_left",] == pytest.approx(9)
    rig.parts.close()


def test_a_database_that_fails_is_counted_and_the_other_figures_are_told_all_the_same(rig: Rig, tmp_path: Path) -> None:
    asked(rig)
    for file in tmp_path.glob("slipway.db*"):
        file.write_bytes(b"not a database any more" * 1000)
    rig.parts.journal._engine.dispose()
    rig.browser.client.get("/submissions", base_url=rig.browser.url, buffered=True)
    figures = asked(rig)
    assert figures["slipway_requests_total", "GET", "/submissions", "503"] == 1
    assert sum(value for key, value in figures.items() if key[0] == "slipway_database_errors_total") >= 1
    assert not [key for key in figures if key[0].startswith("slipway_unsettled")]
