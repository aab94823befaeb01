"""What can be done with an action that is there, with and without JavaScript."""

import pytest
from playwright.sync_api import Page, expect
from support.server import Served
from support.states import FORM, STYLE, fill_in

pytestmark = pytest.mark.browser


def test_another_like_an_action_in_another_pipeline(page: Page, slipway: Served, script: bool) -> None:
    page.goto(f"{slipway.url}{STYLE}/actions")
    page.get_by_role("link", name="Check the style").click()
    page.get_by_role("link", name="Make one like it in another pipeline").click()
    page.get_by_role("link", name="Buddy Labs").click()
    page.get_by_role("link", name="Services").click()
    page.get_by_label("Filter the pipelines").press_sequentially("service 77")
    if not script:
        page.get_by_role("button", name="Filter").click()
    page.get_by_role("link", name="Deploy service 77").click()
    expect(page.get_by_text("The value of the variable NPM_TOKEN: secrets are never copied.")).to_be_visible()
    # The same content twice would be asked about.
    name = f"Check the style {'with' if script else 'without'} script"
    page.get_by_label("Name of the action").fill(name)
    page.get_by_role("button", name="Add to Deploy service 77").click()
    page.get_by_role("link", name="Enter the value").click()
    page.keyboard.type("typed again")
    page.get_by_role("button", name="Add to Deploy service 77").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"“{name}” was added")


def test_what_was_added_by_mistake_is_deleted_again(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    fill_in(page, "By mistake")
    page.get_by_role("button", name="Add to Live mirror").click()
    page.get_by_role("link", name="Delete it again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Delete “By mistake”?")
    page.get_by_role("button", name="Yes, delete it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("“By mistake” was deleted in the sandbox")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Buddy has no such")
