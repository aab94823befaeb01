"""When the database fails: before the send nothing is sent, after it the outcome is still told."""

import json
import logging
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from support.buddy import StubBuddy
from support.database_failures import FAILURES, IMPATIENT, PASSING_FAILURES, Failure, locked
from support.faults import answer
from support.rigs import LEAST, SECRETS, Rig

from .conftest import Open


@pytest.fixture
def rig(opened: Open) -> Rig:
    """A Slipway that does not wait long for a lock."""
    return opened(query=IMPATIENT)


BIG = {"inline_commands": "make test\n" * 3000}


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_before_the_claim_nothing_is_sent_and_the_filled_form_comes_back(
    rig: Rig, tmp_path: Path, failure: Failure
) -> None:
    page = rig.form()
    with failure(rig, tmp_path):
        unkept = page.send(**LEAST | BIG)
        assert unkept.status == 503
        assert "Nothing was sent to Buddy" in unkept.text
        assert unkept.fields["inline_commands"] == BIG["inline_commands"]
        checked = page.press("check", **LEAST | BIG)
        assert (checked.status, checked.fields["docker_image_name"]) == (503, "library/ubuntu")
        ready = rig.browser.client.get("/readyz", base_url=rig.browser.url)
        alive = rig.browser.client.get("/healthz", base_url=rig.browser.url)
        assert (ready.status_code, alive.status_code) == (503, 200)
    assert rig.buddy.writes == 0
    assert rig.browser.client.get("/readyz", base_url=rig.browser.url).status_code == 200
    assert "was added" in unkept.send().heading
    assert (rig.states, rig.buddy.writes) == (["created"], 1)


def test_secrets_that_could_not_be_kept_are_asked_for_again_and_stand_on_no_page(rig: Rig, tmp_path: Path) -> None:
    page = rig.form()
    with locked(rig, tmp_path):
        unkept = page.send(**LEAST | SECRETS)
    assert "canary" not in unkept.html
    asked = unkept.send()
    assert (asked.status, rig.buddy.writes) == (422, 0)
    asked.send(password="canary-password", variables__0__value="canary-variable")
    assert rig.states == ["created"]


@pytest.mark.parametrize("failure", PASSING_FAILURES.values(), ids=PASSING_FAILURES)
@pytest.mark.patient
def test_between_the_claim_and_the_send_nothing_is_sent_and_the_page_says_so(
    rig: Rig, tmp_path: Path, failure: Failure
) -> None:
    page = rig.form()
    rig.clock.forward(minutes=11)
    failing: list[AbstractContextManager[None]] = []

    def fail_meanwhile(path: str) -> None:
        if path.partition("?")[0].endswith("/actions") and not failing:
            failing.append(failure(rig, tmp_path))
            failing[0].__enter__()

    rig.buddy.before_reading = fail_meanwhile
    told = page.send(**LEAST)
    assert told.heading == "“Run tests” was not sent"
    assert "Nothing was sent to Buddy" in told.text
    failing[0].__exit__(None, None, None)
    assert (rig.states, rig.buddy.writes) == (["sending"], 0)
    rig.look(seconds=91)
    rig.look(seconds=121)
    assert (rig.states, rig.buddy.writes) == (["absent"], 0)


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
@pytest.mark.patient
def test_after_the_send_the_outcome_is_shown_logged_and_recovered(
    rig: Rig, tmp_path: Path, failure: Failure, caplog: pytest.LogCaptureFixture
) -> None:
    failing: list[AbstractContextManager[None]] = []

    def fail_meanwhile(connection: Any, server: Any) -> None:
        server.read(connection)
        failing.append(failure(rig, tmp_path))
        failing[0].__enter__()
        connection.sendall(answer("201 Created", server.mine.action | {"note": "canary-password " * 9000}))

    rig.buddy.write_fault = fail_meanwhile
    told = rig.send(**SECRETS)
    assert told.heading == "“Run tests” was added"
    assert "with the number 100" in told.text
    assert "Do not send the form again" in told.text
    (line,) = [record for record in caplog.records if record.levelno == logging.CRITICAL]
    written = json.loads(line.getMessage().partition(": ")[2])
    assert (written["state"], written["action_id"], "canary" in line.getMessage()) == ("created", 100, False)
    failing[0].__exit__(None, None, None)
    assert rig.states == ["sending"]
    rig.look(seconds=80)
    assert rig.states == ["sending"]
    rig.buddy.write_fault = StubBuddy.answers
    rig.look(seconds=11)
    assert (rig.states, rig.row.action_id, rig.buddy.writes) == (["found"], 100, 1)
    assert rig.secrets == []


def test_while_looking_the_database_may_fail_and_nothing_is_lost(rig: Rig, tmp_path: Path) -> None:
    rig.buddy.write_fault = lambda connection, server: server.read(connection) and None
    receipt = rig.send()
    with locked(rig, tmp_path):
        refused = rig.press(receipt, "looks")
        assert (refused.status, refused.heading) == (503, "Slipway can't use its database")
    rig.look(seconds=3)
    assert rig.states == ["found"]
