"""Finding the place in long lists, and by a pasted address."""

import pytest
from playwright.sync_api import Page, expect
from support.server import Served

pytestmark = pytest.mark.browser

SERVICES = "/workspaces/buddy-labs/projects/services/pipelines"


def test_a_long_list_is_filtered(page: Page, script: bool, slipway: Served) -> None:
    page.goto(slipway.url + SERVICES)
    expect(page.locator(".list li")).to_have_count(50)
    page.get_by_label("Filter the pipelines").press_sequentially("service 77")
    if not script:
        page.get_by_role("button", name="Filter").click()
    expect(page.locator(".list li")).to_have_count(1)
    if script:
        # In place: one goes on typing.
        expect(page.get_by_label("Filter the pipelines")).to_be_focused()
        assert page.url == slipway.url + SERVICES
    page.get_by_role("link", name="Deploy service 77", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Actions of Deploy service 77")


def test_an_action_is_changed_and_copied_from_its_row(page: Page, slipway: Served) -> None:
    hub = f"{slipway.url}/workspaces/buddy/projects/company-website/pipelines/3/actions"
    page.goto(hub)
    row = page.get_by_role("listitem").filter(has_text="Check the style")
    expect(row).to_contain_text("Run Docker container")
    row.get_by_role("link", name="Change").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Check the style")
    page.goto(hub)
    row.get_by_role("link", name="Make another").click()
    expect(page.get_by_label("Name of the action")).to_have_value("Check the style")
    page.goto(hub)
    row.get_by_role("link", name="Delete").click()
    expect(page.get_by_role("button", name="Yes, delete it")).to_be_visible()
    page.goto(hub)
    page.get_by_role("link", name="Run unit tests", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Run unit tests")


def test_a_pipeline_is_found_by_half_its_name(page: Page, slipway: Served) -> None:
    page.goto(f"{slipway.url}/workspaces/buddy-labs/projects/services/pipelines")
    page.goto(f"{slipway.url}/find")
    expect(page.get_by_label("Find a pipeline or a template")).to_be_focused()
    page.keyboard.type("labs 31")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Deploy service 31", exact=True)).to_be_visible()
    page.get_by_role("link", name="Add to Deploy service 31").click()
    expect(page.get_by_role("button", name="Add to Deploy service 31 in Services")).to_be_visible()


def test_a_copied_address_leads_to_its_action(page: Page, slipway: Served) -> None:
    page.goto(f"{slipway.url}/workspaces")
    address = page.get_by_label("Find a pipeline or a template, or paste a Buddy address")
    address.fill("https://example.org/")
    page.get_by_role("button", name="Find").click()
    expect(page.locator("#summary")).to_be_focused()
    expect(address).to_have_value("https://example.org/")
    address.fill(f"{slipway.url}/sandbox/buddy/mobile-api/pipelines/action/13/edit")
    address.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Build worker")
