"""The pages for what went wrong."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from support.buddy import StubBuddy
from support.faults import answer
from support.pages import Browser, text_of
from support.rigs import Rig

from webapp.views.access import public

LEAST = {"name": "Run tests", "docker_image_name": "library/ubuntu", "inline_commands": "make test"}


def test_a_get_of_what_takes_only_posts_is_405(desk: Browser) -> None:
    assert desk.get("/submissions/x/attempts").status == 405


def test_at_an_address_that_there_is_not_who_is_signed_in_has_the_menu(team: Rig) -> None:
    ada = team.hired("ada")
    for page in (ada.get("/no-such-page"), ada.post("/healthz", {})):
        assert (page.status in (404, 405), "Activity" in page.links) == (True, True)
    nobody = team.stranger().get("/no-such-page")
    assert (nobody.status, "Activity" in nobody.links) == (404, False)


def test_a_form_that_is_too_large_is_413_and_says_how_large_it_may_be(
    desk: Browser, upstream: StubBuddy, new_form: str
) -> None:
    page = desk.get(new_form).send(**LEAST | {"inline_commands": "x" * 2_200_000})
    assert (page.status, upstream.bodies) == (413, [])
    assert "2 MB" in page.text


def test_a_field_of_64_kb_is_kept_and_refused_at_the_field(desk: Browser, upstream: StubBuddy, new_form: str) -> None:
    page = desk.get(new_form).send(**LEAST | {"inline_commands": "x" * 100_000})
    assert page.error_at("inline_commands") == "“Commands” must be at most 65,536 bytes long: this is 100,000"
    assert (page.fields["inline_commands"], upstream.bodies) == ("x" * 100_000, [])


AGAIN = "Try again"


def test_what_was_only_read_says_of_no_send_and_can_be_tried_again(desk: Browser, upstream: StubBuddy) -> None:
    upstream.readable = False
    page = desk.get("/workspaces?q=a%20b&page=2")
    assert "Nothing was sent" not in page.text
    assert page.links[AGAIN] == "/workspaces?q=a%20b&page=2"
    upstream.readable = True
    assert desk.get(page.links[AGAIN]).status == 200


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden", "404 Not Found"])
def test_what_does_not_pass_by_itself_has_no_button_to_try_again(
    desk: Browser, upstream: StubBuddy, status: str
) -> None:
    upstream.readable, upstream.closed = False, answer(status, {}, "Connection: close")
    page = desk.get("/workspaces")
    assert (page.status >= 400, AGAIN in page.links) == (True, False)


def test_a_rate_limit_says_how_long_to_wait_and_its_button_waits(team: Rig) -> None:
    ada = team.hired("ada")
    limited = answer("429 Too Many Requests", {}, "Retry-After: 90", "Connection: close")
    team.buddy.readable, team.buddy.closed = False, limited
    page = ada.get("/workspaces")
    assert page.heading == "Buddy asks to wait 1 minute 30 seconds"
    assert "That is at" not in page.text
    (button,) = [link for link in page.all("a") if text_of(link) == AGAIN]
    assert (button.get("href"), button.get("data-wait")) == ("/workspaces", "90")


def test_a_longer_rate_limit_says_until_when(team: Rig) -> None:
    ada = team.hired("ada")
    limited = answer("429 Too Many Requests", {}, "Retry-After: 7200", "Connection: close")
    team.buddy.readable, team.buddy.closed = False, limited
    end = team.clock.now + timedelta(hours=2)
    assert f"That is at {end:%-d %B %Y, %H:%M} UTC." in ada.get("/workspaces").text


def test_a_form_that_was_posted_says_that_nothing_was_sent_and_is_not_posted_again(desk: Browser) -> None:
    page = desk.post("/nowhere", {})
    assert ("Nothing was sent to Buddy." in page.text, AGAIN in page.links) == (True, False)


def test_buddy_being_down_is_said_in_words(desk: Browser, upstream: StubBuddy) -> None:
    upstream.readable = False
    page = desk.get("/workspaces")
    assert (page.status, page.heading) == (502, "Buddy has a problem of its own")


def test_a_fault_of_our_own_says_that_we_do_not_know_how_far_it_got(personal: Flask) -> None:
    def broken() -> str:
        raise RuntimeError("canary")

    view: Callable[[], str] = public(broken)
    personal.add_url_rule("/broken", view_func=view)
    personal.config["PROPAGATE_EXCEPTIONS"] = False
    page = Browser(personal, "http://127.0.0.1:8000").get("/broken")
    assert (page.status, "canary" in page.html) == (500, False)
    assert "look under Activity first" in page.text


@pytest.mark.parametrize(("path", "status"), [("/healthz", "alive"), ("/readyz", "ready")])
def test_machines_are_told_how_it_is(desk: Browser, path: str, status: str) -> None:
    answer = desk.client.get(path, base_url=desk.url)
    assert (answer.status_code, answer.json) == (200, {"status": status})
