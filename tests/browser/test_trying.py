"""Trying an action: an action with a wrong tag is added, tried, understood, mended, tried again, and passes."""

import pytest
from playwright.sync_api import Browser, Page, expect
from support.run_states import tried
from support.server import Served
from support.states import FORM, fill_in, on_sandbox, send
from support.waiting import press, until

pytestmark = pytest.mark.browser


def run_it(page: Page) -> None:
    """Press the button, and come to the page of the run."""
    page.get_by_role("button", name="Run it now").click()
    page.wait_for_url("**/submissions/*")
    expect(page.get_by_role("button", name="Stop it")).to_be_visible()
    expect(page.get_by_role("link", name="Look at the action")).to_be_visible()


def until_it(page: Page, words: str, script: bool) -> None:
    """Wait until the page's heading says how the run ended: by itself with script, by hand without."""
    heading = page.get_by_role("heading", level=1)

    def said() -> bool:
        more = page.get_by_role("link", name="Show what is new")
        if not script and more.count():
            press(more)
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
    press(page.get_by_role("link", name="Change the tag and try again"))
    tag = page.get_by_label("Tag", exact=True)
    expect(tag).to_be_focused()
    tag.fill("3.12")
    page.get_by_role("button", name="Change it in").click()
    page.wait_for_url("**/submissions/*")
    press(page.get_by_role("link", name="Try it again"))
    run_it(page)
    until_it(page, "“Run tests” passed", script)
    expect(page.get_by_role("main")).to_contain_text("It ran without an error.")


def test_the_page_of_a_run_asks_only_while_somebody_looks(chromium: Browser, slipway: Served) -> None:
    context = chromium.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/log?" in request.url else None)
    tried("sleep 300", "is running")(page, on_sandbox(slipway.url))
    page.clock.install()
    page.reload()
    asked.clear()

    def pass_time(seconds: int, expected: int) -> None:
        page.clock.run_for(seconds * 1000)
        until(lambda: len(asked) == expected)

    look_away = "hidden => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true }); %s }"
    look_away %= "document.dispatchEvent(new Event('visibilitychange'))"
    pass_time(6, 1)
    page.evaluate(look_away, True)
    pass_time(60, 1)
    page.evaluate(look_away, False)
    until(lambda: len(asked) == 2)
    context.close()


def test_a_list_shows_how_a_run_ended_whose_own_page_was_closed(page: Page, slipway: Served, script: bool) -> None:
    tried("sleep 2", "“Run unit tests”")(page, on_sandbox(slipway.url))
    page.clock.install()
    page.goto(slipway.url)
    newest = page.locator(".log > li").first
    page.evaluate("document.body.dataset.loaded = 'once'")

    def has_passed() -> bool:
        # It comes by itself with script, and with the next load without.
        if script:
            page.clock.run_for(30_000)
        else:
            page.reload()
        return "Passed" in (newest.text_content() or "")

    until(has_passed, pause=0.5)
    assert page.locator("body[data-loaded]").count() == script
