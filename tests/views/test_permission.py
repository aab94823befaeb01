"""What the token may not do is said before a form is filled in."""

import pytest
from support.buddy import StubBuddy
from support.pages import Browser
from support.rigs import Rig

from .test_changes import EVERYTHING, MINE

READS = ["WORKSPACE", "EXECUTION_INFO", "INTEGRATION_INFO"]
REFUSED = "may look at pipelines, but not add, change or delete actions: it lacks the scope EXECUTION_MANAGE"


@pytest.mark.parametrize("end", ["", "/new", "/7/edit"])
def test_a_token_that_may_only_read_is_said_to_be_one(desk: Browser, upstream: StubBuddy, end: str) -> None:
    upstream.by_hand = [EVERYTHING]
    upstream.token = (200, {"scopes": READS})
    page = desk.get(MINE.removesuffix("/7") + end)
    assert REFUSED in page.text
    assert "Ask whoever runs Slipway to set a token that has this scope." in page.text
    upstream.token = (200, {"scopes": [*READS, "EXECUTION_MANAGE"]})
    assert REFUSED not in desk.get(page.path).text


def test_the_words_stay_when_a_button_redraws_the_form(desk: Browser, upstream: StubBuddy, new_form: str) -> None:
    upstream.token = (200, {"scopes": READS})
    assert REFUSED in desk.get(new_form).press("check", name="A").text


def test_integrations_that_can_not_be_seen_are_typed(desk: Browser, upstream: StubBuddy, new_form: str) -> None:
    upstream.token = (200, {"scopes": ["WORKSPACE", "EXECUTION_MANAGE"]})
    assert "may not see integrations, so they can't be chosen from a list" in desk.get(new_form).text


@pytest.mark.parametrize("answer", [(200, {"scopes": []}), (403, {}), (200, [])], ids=["none", "refused", "nonsense"])
def test_nothing_is_said_where_buddy_does_not_tell(
    desk: Browser, upstream: StubBuddy, new_form: str, answer: tuple[int, object]
) -> None:
    upstream.token = answer
    assert "it lacks the scope" not in desk.get(new_form).text


def test_an_administrator_is_led_to_the_token_and_others_to_an_administrator(team: Rig, new_form: str) -> None:
    team.buddy.token = (200, {"scopes": READS})
    page = team.hired("ada", "administrator").get(new_form)
    assert page.links["Set another token"] == "/connection"
    assert "Ask an administrator for another token." in team.hired("bob", "editor").get(new_form).text
