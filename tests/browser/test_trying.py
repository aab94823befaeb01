"""Trying an action: an action with a wrong tag is added, tried, understood, mended, tried again, and passes."""

import pytest
from playwright.sync_api import Page, expect
from support.server import Served
from support.states import FORM, fill_in, send
from support.waiting import until

pytestmark = pytest.mark.browser


def run_it(page: Page) -> None:
    """Press the button, and come to the page of the run."""
    page.get_by_role("button", name="Run it now").click()
    page.wait_for_url("**/submissions/*")


def until_it(page: Page, words: str, script: bool) -> None:
    """Wait until the page's heading says how the run ended: by itself with script, by hand without."""
    heading = page.get_by_role("heading", level=1)

    def said() -> bool:
        more = page.get_by_role("link", name="Show what has come since")
        if not script and more.count():
            more.click()
        return words in (heading.text_content() or "")

    until(said, pause=0.5)


def test_a_wrong_tag_is_found_by_trying_and_mended(page: Page, slipway: Served, script: bool) -> None:
    page.goto(slipway.url + FORM)
    fill_in(page, "Run tests")
    page.get_by_label("Tag", exact=True).fill("nonexistent")
    send(page)
    page.get_by_role("link", name="Try it").click()
    expect(page.get_by_role("main")).to_contain_text("Runs Run tests alone, on the newest commit")
    run_it(page)
    until_it(page, "“Run tests” failed", script)
    said = page.locator("#said")
    if script:
        expect(said).to_contain_text("“Run tests” failed")
        assert page.title().startswith("“Run tests” failed")
    expect(page.get_by_role("region", name="Log")).to_contain_text("nonexistent")
    page.get_by_role("link", name="Change the tag and try again").click()
    tag = page.get_by_label("Tag", exact=True)
    expect(tag).to_be_focused()
    tag.fill("3.12")
    page.get_by_role("button", name="Change it in").click()
    page.wait_for_url("**/submissions/*")
    page.get_by_role("link", name="Try it again").click()
    run_it(page)
    until_it(page, "“Run tests” passed", script)
    expect(page.get_by_role("main")).to_contain_text("It ran without an error.")
