"""Two keys, and a button that waits until it is its time."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from support.buddy import StubBuddy
from support.faults import answer
from support.server import Served, serving
from support.states import FORM, fill_in

pytestmark = pytest.mark.browser


@pytest.fixture
def script() -> bool:
    """They save steps, and need script."""
    return True


def test_a_slash_goes_to_the_box_that_finds_a_pipeline(page: Page, slipway: Served) -> None:
    page.goto(f"{slipway.url}/workspaces")
    page.keyboard.press("/")
    box = page.get_by_label("Find a pipeline or a template, or paste a Buddy address")
    expect(box).to_be_focused()
    page.keyboard.type("a/b")
    expect(box).to_have_value("a/b")
    page.goto(f"{slipway.url}/account")
    page.keyboard.press("/")
    page.wait_for_url("**/find")
    expect(box).to_be_focused()


def test_a_slash_is_no_letter_of_what_is_looked_for_on_a_page_that_begins_in_the_box(
    page: Page, slipway: Served
) -> None:
    page.goto(f"{slipway.url}/find")
    box = page.get_by_label("Find a pipeline or a template, or paste a Buddy address")
    expect(box).to_be_focused()
    page.keyboard.type("/a/b")
    expect(box).to_have_value("a/b")


@pytest.mark.parametrize("where", ["/account", "/find"])
def test_the_slash_is_switched_off_for_who_does_not_want_it(page: Page, slipway: Served, where: str) -> None:
    page.goto(slipway.url + where)
    switch = page.get_by_role("switch", name="Press “/” to find a pipeline")
    expect(switch).to_be_checked()
    switch.uncheck()
    page.goto(f"{slipway.url}/workspaces")
    heading = page.get_by_role("heading", level=1)
    page.keyboard.press("/")
    # The next key is pressed after that one has done all it does.
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    expect(heading).to_have_text("Choose a workspace")
    page.goto(slipway.url + where)
    expect(switch).not_to_be_checked()
    switch.check()
    page.goto(f"{slipway.url}/workspaces")
    page.keyboard.press("/")
    expect(page.get_by_label("Find a pipeline or a template, or paste a Buddy address")).to_be_focused()


def test_control_and_enter_lead_to_the_review_from_any_box(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    fill_in(page)
    page.get_by_label("Commands", exact=True).press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Run tests")
    expect(page.get_by_role("button", name="Add to Live mirror")).to_be_visible()


@pytest.mark.parametrize("scripted", [True, False], ids=["with script", "without script"])
def test_the_button_after_a_rate_limit_counts_down_and_then_asks_again(chromium: Browser, scripted: bool) -> None:
    upstream = StubBuddy()
    upstream.readable = False
    upstream.closed = answer("429 Too Many Requests", {}, "Retry-After: 95", "Connection: close")
    with serving(BUDDY_TOKEN="t", BUDDY_API_ENDPOINT=upstream.url) as served:
        context = chromium.new_context(java_script_enabled=scripted)
        page = context.new_page()
        if scripted:
            # A second that goes by unasked would show another number.
            page.clock.install()
            page.clock.pause_at(datetime.now() + timedelta(hours=1))
        page.goto(f"{served.url}/workspaces")
        expect(page.get_by_role("heading", level=1)).to_have_text("Buddy asks to wait 1 minute 35 seconds")
        again = page.get_by_role("link", name="Try again")
        if scripted:
            expect(again).to_have_text("Try again in 1 minute 35 seconds")
            expect(again).to_have_attribute("aria-disabled", "true")
            page.clock.fast_forward("01:35")
            expect(again).to_have_text("Try again")
        upstream.readable = True
        again.click()
        expect(page.get_by_role("heading", level=1)).not_to_contain_text("Buddy asks")
        context.close()
    upstream.close()
