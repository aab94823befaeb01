"""The end of a session, as somebody sees it in a browser while a form is open."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect
from support.buddy import AS_DOCUMENTED, StubBuddy
from support.rigs import Rig
from support.signing_in import PASSWORD
from support.states import FORM, fill_in
from support.teams import become, serving_team
from support.waiting import PATIENCE

pytestmark = pytest.mark.browser


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Rig]:
    upstream = StubBuddy(answer=AS_DOCUMENTED)
    with serving_team(tmp_path, upstream) as team:
        team.hire("ada")
        yield team
    upstream.close()


def sign_in(page: Page, team: Rig) -> None:
    page.get_by_label("Sign-in name").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: "/sign-in" not in address)


def open_form(page: Page, team: Rig) -> None:
    page.goto(team.parts.settings.url + FORM)
    sign_in(page, team)
    fill_in(page)


def leave_it(page: Page, team: Rig) -> None:
    """Fill in the form, and do nothing more once it is kept."""
    # What is said of the image goes into the form, which is then kept again, however late that comes.
    page.route("**/new/image", lambda route: route.abort())
    # A save that is still on its way would be cut off by the clock and sent again, and count as something done later.
    with page.expect_event("requestfinished", keeps_commands):
        open_form(page, team)
        page.clock.fast_forward(11_000)
    expect(page.locator("#kept")).to_contain_text("Draft kept")


def keeps_commands(request: Request) -> bool:
    """Whether it keeps a draft in which the last box is filled in, too."""
    return request.url.endswith("/draft") and "inline_commands=pip" in (request.post_data or "")


def pass_minutes(page: Page, team: Rig, minutes: int) -> None:
    """Let time go by for Slipway and for the browser."""
    team.clock.forward(minutes=minutes)
    page.clock.fast_forward(minutes * 60 * 1000)


def test_a_session_that_has_ended_loses_nothing_and_sends_nothing(page: Page, team: Rig) -> None:
    open_form(page, team)
    team.clock.forward(minutes=31)
    page.locator("button.primary").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    sign_in(page, team)
    expect(page.get_by_label("Name of the action")).to_have_value("Run tests")
    assert team.buddy.bodies == []
    page.locator("button.primary").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("was added")
    assert len(team.buddy.bodies) == 1


def test_a_template_that_is_being_made_when_the_session_ends_is_there_after_signing_in(page: Page, team: Rig) -> None:
    become(team, "ada", "administrator")
    page.goto(f"{team.parts.settings.url}/templates/new")
    sign_in(page, team)
    page.get_by_label("Name of the template").fill("Nightly report")
    page.get_by_label("What it is for").fill("Counts the orders.")
    team.clock.forward(minutes=31)
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(page.get_by_role("main")).to_contain_text("what you typed is kept")
    sign_in(page, team)
    expect(page.get_by_role("main")).to_contain_text("What you typed is here again.")
    expect(page.get_by_label("Name of the template")).to_have_value("Nightly report")
    expect(page.get_by_label("What it is for")).to_have_value("Counts the orders.")
    assert team.parts.library.all() == []


@pytest.fixture
def scripted(chromium: Browser) -> Iterator[Page]:
    """A page with script, whose clock the test moves."""
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.clock.install()
    yield page
    context.close()


def test_a_page_warns_two_minutes_before_the_end_and_staying_keeps_what_was_typed(scripted: Page, team: Rig) -> None:
    leave_it(scripted, team)
    pass_minutes(scripted, team, 27)
    expect(scripted.get_by_role("alert")).to_be_empty()
    pass_minutes(scripted, team, 1)
    expect(scripted.get_by_text("You will be signed out in two minutes")).to_be_visible()
    scripted.get_by_role("button", name="Stay signed in").click()
    expect(scripted.get_by_text("You will be signed out in two minutes")).to_have_count(0)
    pass_minutes(scripted, team, 27)
    scripted.locator("button.primary").click()
    expect(scripted.get_by_role("heading", level=1)).to_contain_text("was added")


def test_a_page_says_so_when_the_session_has_ended(scripted: Page, team: Rig) -> None:
    leave_it(scripted, team)
    pass_minutes(scripted, team, 28)
    expect(scripted.get_by_role("button", name="Stay signed in")).to_be_visible()
    pass_minutes(scripted, team, 3)
    expect(scripted.get_by_text("You are signed out. What is in a form is kept")).to_be_visible()
    expect(scripted.get_by_role("button", name="Stay signed in")).to_be_hidden()
