"""The link to a filled form, copied in one browser and opened in another."""

import pytest
from playwright.sync_api import Browser, Page, expect
from support.server import Served
from support.states import FORM, fill_in

pytestmark = pytest.mark.browser


def test_a_link_is_shown_and_opens_the_same_form_elsewhere(page: Page, chromium: Browser, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    fill_in(page, "To be shared")
    page.locator("#image_source-credentials").check()
    page.locator("#password").fill("canary")
    page.get_by_role("button", name="Show a link to this form").click()
    expect(page.get_by_text("Anybody who opens this link")).to_be_focused()
    expect(page.get_by_text("Anybody who opens this link")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Show a link to this form")).to_be_in_viewport()
    address = page.locator(".codeblock code").inner_text()
    assert "canary" not in address
    expect(page.get_by_label("Name of the action")).to_have_value("To be shared")
    other = chromium.new_context().new_page()
    other.goto(address)
    expect(other.get_by_label("Name of the action")).to_have_value("To be shared")
    expect(other.get_by_label("Image name")).to_have_value("library/python")
    expect(other.locator("#image_source-credentials")).to_be_checked()
    other.context.close()


def test_the_link_goes_to_the_clipboard(chromium: Browser, slipway: Served) -> None:
    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(slipway.url + FORM)
    page.get_by_label("Name of the action").fill("Copied")
    page.get_by_role("button", name="Show a link to this form").click()
    expect(page.get_by_role("status").get_by_text("Copied")).to_have_count(1)
    assert page.evaluate("navigator.clipboard.readText()") == f"{slipway.url}{FORM}?name=Copied"
    context.close()
