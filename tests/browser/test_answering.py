"""From the home page to the receipt by a template with three questions, on a phone."""

import pytest
from playwright.sync_api import Locator, Page, expect
from support.server import Served

pytestmark = pytest.mark.browser

MOST_CLICKS, MOST_BOXES = 5, 3


def test_three_answers_lead_from_the_first_page_to_the_receipt(page: Page, slipway: Served, script: bool) -> None:
    clicks: list[str] = []

    def click(what: Locator) -> None:
        clicks.append(what.inner_text())
        what.click()

    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(slipway.url)
    expect(page.get_by_role("heading", name="What would you like to add?")).to_be_visible()
    click(page.locator(".offers").get_by_role("link", name="Nightly report", exact=True))
    click(page.get_by_role("link", name="Live mirror"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Nightly report")
    assert page.locator("#form .field:visible").count() == MOST_BOXES
    # The label as a person aims at it.
    click(page.get_by_text("Poland", exact=True))
    # Of two that are the same the second one would be asked about.
    page.get_by_label("First day").fill("2026-03-01" if script else "2026-03-02")
    click(page.get_by_text("Mail the figures to finance", exact=True))
    click(page.get_by_role("button", name="Add to Live mirror"))
    expect(page.get_by_role("heading", level=1)).to_have_text("“Report Poland” was added in the sandbox")
    assert len(clicks) <= MOST_CLICKS
    expect(page.get_by_role("main")).to_contain_text("Nightly report, version 1")
