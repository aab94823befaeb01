"""Signing in through the sandbox's OpenID provider, in a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from support.buddy import AS_DOCUMENTED, StubBuddy
from support.rigs import Rig
from support.server import Served
from support.states import FORM, fill_in
from support.teams import serving_team, with_provider
from support.waiting import press

pytestmark = pytest.mark.browser


@pytest.fixture
def team(tmp_path: Path, slipway: Served) -> Iterator[Rig]:
    """A Slipway that lets in whom the provider of another one's sandbox knows."""
    upstream = StubBuddy(answer=AS_DOCUMENTED)
    with serving_team(tmp_path, upstream, **with_provider(f"{slipway.url}/sandbox/openid")) as team:
        yield team
    upstream.close()


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def ask(page: Page, team: Rig, path: str = "/") -> None:
    """Go to a page, and from its sign-in to the provider."""
    page.goto(team.parts.settings.url + path)
    page.get_by_role("link", name="Sign in with 127.0.0.1").click()
    heading(page, "Who are you?")


def test_who_is_known_comes_to_the_page_that_was_asked_for(page: Page, team: Rig) -> None:
    ask(page, team, "/submissions")
    page.get_by_role("link", name="Eddie Editor").click()
    heading(page, "Activity")
    page.get_by_role("link", name="Eddie Editor").click()
    expect(page.get_by_role("main")).to_contain_text("You are Eddie Editor, editor.")
    page.get_by_role("button", name="Sign out").first.click()
    heading(page, "Sign in")


def test_who_does_not_want_to_is_not_signed_in(page: Page, team: Rig) -> None:
    ask(page, team)
    page.get_by_role("link", name="Do not sign in").click()
    expect(page.locator("#summary")).to_contain_text("The provider did not let you in")
    page.goto(team.parts.settings.url)
    heading(page, "Sign in")


def test_an_answer_with_a_wrong_state_is_refused(page: Page, team: Rig) -> None:
    ask(page, team)
    address = page.get_by_role("link", name="Ada Administrator").get_attribute("href") or ""
    state = address.partition("state=")[2].partition("&")[0]
    page.goto(page.url.partition("/sandbox")[0] + address.replace(state, "another"))
    expect(page.locator("#summary")).to_contain_text("started in another browser")
    page.goto(team.parts.settings.url)
    heading(page, "Sign in")


def test_an_answer_that_was_used_is_refused(page: Page, team: Rig) -> None:
    answers: list[str] = []
    page.on("request", lambda request: answers.append(request.url) if "/oidc/answer" in request.url else None)
    ask(page, team)
    page.get_by_role("link", name="Ada Administrator").click()
    heading(page, "Add actions to your Buddy pipelines")
    page.context.clear_cookies()
    page.goto(answers[0])
    expect(page.locator("#summary")).to_contain_text("This sign-in was already used")


def test_a_session_that_has_ended_loses_nothing(page: Page, team: Rig) -> None:
    ask(page, team, FORM)
    press(page.get_by_role("link", name="Eddie Editor"))
    fill_in(page)
    team.clock.forward(minutes=31)
    page.locator("button.primary").click()
    expect(page.get_by_text("what you typed is kept")).to_be_visible()
    press(page.get_by_role("link", name="Sign in with 127.0.0.1"))
    page.get_by_role("link", name="Eddie Editor").click()
    expect(page.get_by_label("Name of the action")).to_have_value("Run tests")
    assert team.buddy.bodies == []
    page.locator("button.primary").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("was added")
