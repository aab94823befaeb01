"""The whole way with the keyboard alone, and where the focus is after each thing that changes a page."""

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from support.server import Served
from support.states import FORM, fill_in
from support.waiting import press

pytestmark = pytest.mark.browser

MOST_STEPS = 60


NAME = "element => (element.labels?.[0]?.textContent ?? element.textContent).replace(/\\s+/g, ' ').trim()"
# The outline is drawn around it or, where a link covers its row, on that cover.
SHOWS = """element => [null, "::after"].some(part => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element, part);
    return outlineStyle !== "none" && outlineWidth !== "0px";
})"""


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the thing whose name begins so has the focus, which must show all the way."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        assert focused.evaluate(SHOWS), focused.evaluate("element => element.outerHTML")
        if f"{focused.evaluate(NAME)} ".startswith(f"{name} "):
            return
    raise AssertionError(f"{name!r} is not reached")


def test_an_action_is_added_with_the_keyboard_alone(page: Page, slipway: Served) -> None:
    page.goto(f"{slipway.url}/account")
    tab_to(page, "Skip to the content")
    tab_to(page, "Pipelines")
    page.keyboard.press("Enter")
    for name in ("Buddy", "Company Website", "Live mirror"):
        page.wait_for_url("**/workspaces**")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Choose a")
        address = page.url
        tab_to(page, name)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url, before=address: url != before)
    tab_to(page, "Add a Run Docker container action")
    page.keyboard.press("Enter")
    page.wait_for_url("**/new")
    tab_to(page, "Name of the action")
    page.keyboard.type("By keyboard")
    tab_to(page, "A public image")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    tab_to(page, "Image name")
    page.keyboard.type("library/python")
    tab_to(page, "Commands")
    # Another content each time: the same one twice would be asked about.
    page.keyboard.type(f"make test # {uuid4()}")
    tab_to(page, "Add a variable")
    page.keyboard.press("Enter")
    expect(page.locator("#variables-0-key")).to_be_focused()
    page.keyboard.type("B")
    tab_to(page, "Add to Live mirror")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("“By keyboard” was added in the sandbox")
    tab_to(page, "Open the action in the sandbox")


def test_the_focus_goes_with_each_change_of_the_rows(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    for kind, thing, first in (("volume_mappings", "volume", "source"), ("variables", "variable", "key")):
        for number in (0, 1, 2):
            page.get_by_role("button", name=f"Add a {thing}").click()
            expect(page.locator(f"#{kind}-{number}-{first}")).to_be_focused()
        page.get_by_role("button", name=f"Remove {thing} 2").click()
        expect(page.locator(f"#{kind}-2-{first}")).to_have_count(0)
        expect(page.locator(f"#{kind}-1-{first}")).to_be_focused()
        page.get_by_role("button", name=f"Remove {thing} 2").click()
        expect(page.locator(f"#{kind}-1-{first}")).to_have_count(0)
        expect(page.locator(f"#{kind}-0-{first}")).to_be_focused()
        page.get_by_role("button", name=f"Remove {thing} 1").click()
        expect(page.locator(f"#{kind}-0-{first}")).to_have_count(0)
        expect(page.locator(f"#add-{kind}")).to_be_focused()


def test_the_focus_goes_to_the_summary_after_each_submit_that_fails(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    for button in ("Add to Live mirror", "Check without sending", "Add to Live mirror"):
        press(page.get_by_role("button", name=button))
        expect(page).to_have_title("Error: Add a Run Docker container action – Slipway")
        expect(page.locator("#summary")).to_be_focused()
        page.locator("#inline_commands").focus()
    for link in page.locator("#summary a").all():
        link.click()
        target = (link.get_attribute("href") or "")[1:]
        expect(page.locator(f"#{target}")).to_be_focused()


def test_the_focus_goes_to_the_good_news_after_a_check(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    fill_in(page)
    page.get_by_role("button", name="Check without sending").click()
    expect(page.get_by_text("Everything is filled in correctly.")).to_be_focused()


def test_a_folded_section_opens_for_its_error(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    page.locator("#more-options > summary").click()
    page.get_by_label("Time limit in seconds").fill("soon")
    page.locator("#more-options > summary").click()
    press(page.get_by_role("button", name="Check without sending"))
    page.get_by_role("link", name="The time limit must be a whole number").click()
    expect(page.get_by_label("Time limit in seconds")).to_be_focused()
