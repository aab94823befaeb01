"""What script keeps while somebody types, and a receipt that follows what it waits for."""

import pytest
from playwright.sync_api import Browser, Page, expect
from support.server import Served
from support.states import FORM, fill_in

pytestmark = pytest.mark.browser


@pytest.fixture
def script() -> bool:
    """Without script there is a button for it."""
    return True


def test_a_button_pressed_while_a_draft_is_being_kept_loses_no_secret(page: Page, slipway: Served) -> None:
    for _ in range(5):
        page.goto(slipway.url + FORM)
        fill_in(page, "Kept in a hurry")
        page.locator("#image_source-credentials").check()
        page.locator("#login").fill("me")
        page.locator("#password").fill("canary-password")
        page.get_by_role("button", name="Add a volume").click()
        expect(page.get_by_text("A password is kept. Leave the box empty to use it.")).to_be_visible()
        page.get_by_role("button", name="Check without sending").click()
        expect(page.get_by_text("Everything is filled in correctly.")).to_be_visible()


def test_what_was_typed_is_kept_on_leaving_a_field_and_offered_when_the_tab_is_gone(
    page: Page, chromium: Browser, slipway: Served
) -> None:
    page.goto(slipway.url + FORM)
    fill_in(page, "Kept by itself")
    page.locator("#image_source-credentials").check()
    page.locator("#password").fill("canary-password")
    page.locator("#login").fill("me")
    with page.expect_response(lambda answer: answer.url.endswith("/actions/draft") and answer.status == 200):
        page.locator("#registry").focus()
    expect(page.get_by_text("Draft kept at")).to_be_visible()
    page.context.clear_cookies()
    other = chromium.new_context().new_page()
    other.goto(slipway.url)
    other.get_by_role("link", name="Continue “Kept by itself”").click()
    expect(other.get_by_label("Image name")).to_have_value("library/python")
    expect(other.get_by_text("A password is kept.")).to_be_visible()
    assert "canary" not in other.content()
    other.goto(slipway.url)
    other.get_by_role("button", name="Discard “Kept by itself”").click()
    other.get_by_role("button", name="Yes, discard it").click()
    expect(other.get_by_text("Kept by itself")).to_have_count(0)
    other.context.close()


def test_what_is_typed_without_leaving_the_field_is_kept_after_a_while_and_on_going_away(
    page: Page, slipway: Served
) -> None:
    page.goto(slipway.url + FORM)
    with page.expect_response("**/actions/draft"):
        fill_in(page, "Typed on")
        page.get_by_label("Commands", exact=True).press_sequentially(" and on")
    page.get_by_label("Commands", exact=True).press_sequentially(" and on")
    page.goto(slipway.url)
    draft = slipway.url + (page.get_by_role("link", name="Continue “Typed on”").get_attribute("href") or "")
    # The last save is still on its way while the next page comes.
    for _ in range(100):
        if " and on and on" in page.request.get(draft).text():
            break
        page.wait_for_timeout(100)
    else:
        raise AssertionError("what was typed last is not kept")
    page.get_by_role("button", name="Discard “Typed on”").click()
    page.get_by_role("button", name="Yes, discard it").click()


def test_a_page_that_is_no_longer_the_newest_says_so_and_keeps_nothing(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    fill_in(page, "Twice open")
    page.get_by_role("button", name="Check without sending").click()
    expect(page.get_by_text("Everything is filled in correctly.")).to_be_visible()
    newer = page.context.new_page()
    newer.goto(slipway.url)
    newer.get_by_role("link", name="Continue “Twice open”").click()
    for window, name, words in ((newer, "Newer", "Draft kept at"), (page, "Older", "changed on another page")):
        window.get_by_label("Name of the action").fill(name)
        window.get_by_label("Image name").focus()
        expect(window.locator("#kept")).to_contain_text(words)
    newer.goto(slipway.url)
    expect(newer.get_by_role("link", name="Continue “Newer”")).to_be_visible()
    expect(newer.get_by_role("link", name="Continue “Older”")).to_have_count(0)
    newer.get_by_role("button", name="Discard “Newer”").click()
    newer.get_by_role("button", name="Yes, discard it").click()
