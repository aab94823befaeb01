"""The pages for what went wrong."""

from collections.abc import Callable

import pytest
from flask import Flask
from support.buddy import StubBuddy
from support.pages import Browser

from webapp.views.access import public

LEAST = {"name": "Run tests", "docker_image_name": "library/ubuntu", "inline_commands": "make test"}


def test_a_get_of_what_takes_only_posts_is_405(desk: Browser) -> None:
    assert desk.get("/submissions/x/attempts").status == 405


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
