"""What can be done with an action that is there, with and without JavaScript."""

import pytest
from playwright.sync_api import Page, expect
from support.server import Served
from support.states import FORM, STYLE, fill_in
from support.waiting import press

pytestmark = pytest.mark.browser


def test_another_like_an_action_in_another_pipeline(page: Page, slipway: Served, script: bool) -> None:
    page.goto(f"{slipway.url}{STYLE}/actions")
    press(page.get_by_role("link", name="Check the style", exact=True))
    press(page.get_by_role("link", name="Make one like it in another pipeline"))
    press(page.get_by_role("link", name="Choose the pipeline from the lists"))
    press(page.get_by_role("link", name="Buddy Labs"))
    press(page.get_by_role("link", name="Services"))
    page.get_by_label("Filter the pipelines").press_sequentially("service 77")
    if not script:
        press(page.get_by_role("button", name="Filter"))
    page.get_by_role("link", name="Deploy service 77").click()
    expect(page.get_by_text("The value of the variable NPM_TOKEN: encrypted values are never copied.")).to_be_visible()
    # The same content twice would be asked about.
    name = f"Check the style {'with' if script else 'without'} script"
    page.get_by_label("Name of the action").fill(name)
    press(page.get_by_role("button", name="Add to Deploy service 77"))
    page.get_by_role("link", name="Enter the value").click()
    page.keyboard.type("typed again")
    page.get_by_role("button", name="Add to Deploy service 77").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"“{name}” was added")


def test_what_was_added_by_mistake_is_deleted_again(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    fill_in(page, "By mistake")
    press(page.get_by_role("button", name="Add to Live mirror"))
    page.get_by_role("link", name="Delete it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Delete “By mistake”?")
    page.get_by_role("button", name="Yes, delete it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("“By mistake” was deleted in the sandbox")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_contain_text("The sandbox has no such")


def test_one_setting_is_changed_after_a_mistake_and_the_secrets_stay(page: Page, slipway: Served, script: bool) -> None:
    page.goto(f"{slipway.url}{STYLE}/actions/9")
    press(page.get_by_role("link", name="Change it"))
    tag = "23" if script else "24"
    page.get_by_label("Tag", exact=True).fill("no tag")
    press(page.get_by_role("button", name="Add a volume"))
    press(page.get_by_role("button", name="Remove volume 2"))
    expect(page.get_by_role("group", name="Volume 2")).to_have_count(0)
    page.get_by_role("button", name="Change it in Build and test").click()
    expect(page.locator("#summary")).to_be_focused()
    expect(page.get_by_label("Tag", exact=True)).to_have_value("no tag")
    page.get_by_label("Tag", exact=True).fill(tag)
    page.get_by_role("button", name="Change it in Build and test").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("“Check the style” was changed in the sandbox")
    told = page.get_by_role("region", name="What is changed, as a table")
    expect(told.get_by_role("row")).to_have_count(2)
    expect(told.get_by_role("row").last).to_contain_text(tag)
    page.get_by_role("link", name="Look at the action").click()
    expect(page.get_by_role("main")).to_contain_text(f"Tag {tag}")
    expect(page.get_by_role("main")).to_contain_text("encrypted, not shown")


def test_what_is_typed_into_a_change_is_kept_as_a_draft(page: Page, slipway: Served, script: bool) -> None:
    page.goto(f"{slipway.url}{STYLE}/actions/9/edit")
    page.get_by_label("Run as user").fill("somebody")
    page.get_by_label("Entrypoint").focus()
    if script:
        expect(page.get_by_text("Draft kept at")).to_be_visible()
    else:
        press(page.get_by_role("button", name="Check without sending"))
    page.goto(slipway.url)
    page.get_by_role("link", name="Continue “Check the style”").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Change “Check the style”")
    expect(page.get_by_label("Run as user")).to_have_value("somebody")


def test_a_change_is_put_back_from_its_receipt(page: Page, slipway: Served, script: bool) -> None:
    page.goto(slipway.url + FORM)
    fill_in(page, "Put back")
    press(page.get_by_role("button", name="Add to Live mirror"))
    press(page.get_by_role("link", name="change it"))
    page.get_by_label("Tag", exact=True).fill("3.13")
    press(page.get_by_role("button", name="Change it in Live mirror"))
    page.get_by_role("link", name="Put it back as it was").click()
    expect(page.get_by_text("This form puts back what")).to_be_visible()
    expect(page.get_by_label("Tag", exact=True)).to_have_value("3.12")
    press(page.get_by_role("button", name="Review"))
    told = page.get_by_role("region", name="What is changed, as a table")
    expect(told.get_by_role("row").last.get_by_role("cell")).to_have_text(["3.13", "3.12"])
    page.get_by_role("button", name="Change it again: Tag").click()
    expect(page.get_by_label("Tag", exact=True)).to_be_focused()
    page.get_by_role("button", name="Put it back in Live mirror").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("“Put back” was changed in the sandbox")
    expect(told.get_by_role("row").last.get_by_role("cell")).to_have_text(["3.13", "3.12"])
    page.get_by_role("link", name="Look at the action").click()
    expect(page.get_by_role("main")).to_contain_text("Tag 3.12")
