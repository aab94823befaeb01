"""The preview in a browser: one click there, one back, one on."""

from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect
from support.server import Served
from support.states import FORM, STATES, STYLE, fill_in, on_sandbox
from support.waiting import press

pytestmark = pytest.mark.browser


def test_see_go_back_change_and_send(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    fill_in(page, "Seen before")
    # Another content each time: the same one twice would be asked about.
    commands = f"\n echo $UNKNOWN\n\techo {uuid4()}\n"
    page.get_by_label("Commands", exact=True).fill(commands)
    press(page.get_by_role("button", name="Add a variable"))
    page.locator("#variables-0-key").fill("API_TOKEN")
    page.locator("#variables-0-value").fill("canary-token")
    page.locator("#variables-0-encrypted").check()
    page.get_by_role("button", name="Review").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Review “Seen before”")
    expect(page.get_by_role("status").filter(has_text="Nothing is sent before you press")).to_be_focused()
    expect(page.locator("mark")).to_have_text("$UNKNOWN")
    assert "canary-token" not in page.content()
    page.get_by_role("button", name="Back to the form").click()
    expect(page.get_by_role("button", name="Review")).to_be_focused()
    expect(page.get_by_label("Commands", exact=True)).to_have_value(commands)
    expect(page.get_by_text("A value is kept.")).to_be_visible()
    page.get_by_label("Name of the action").fill("Seen and changed")
    page.get_by_role("button", name="Review").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Review “Seen and changed”")
    page.get_by_role("button", name="Add to Live mirror").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("“Seen and changed” was added in the sandbox")


def test_each_part_of_the_preview_leads_back_to_its_box_and_nothing_is_lost(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    fill_in(page, "Looked at")
    press(page.get_by_role("button", name="Add a variable"))
    page.locator("#variables-0-key").fill("API_TOKEN")
    page.locator("#variables-0-value").fill("canary-token")
    page.locator("#variables-0-encrypted").check()
    page.get_by_role("button", name="Review").click()
    expect(page.get_by_role("region", name="Variables, as a table")).to_contain_text("encrypted, kept")
    page.get_by_role("button", name="Change more options").click()
    expect(page.get_by_label("When it runs")).to_be_focused()
    page.get_by_label("When it runs").select_option("When the pipeline fails")
    page.get_by_role("button", name="Review").click()
    expect(page.get_by_role("main")).to_contain_text("When it runs When the pipeline fails")
    page.get_by_role("button", name="Change the image").click()
    expect(page.get_by_label("Image name")).to_be_focused()
    page.get_by_label("Tag", exact=True).fill("3.13")
    press(page.get_by_role("button", name="Review"))
    page.get_by_role("button", name="Change the variables").click()
    expect(page.locator("#variables-0-key")).to_be_focused()
    page.get_by_role("button", name="Add to Live mirror").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("“Looked at” was added in the sandbox")
    for words in ("Tag 3.13", "When it runs When the pipeline fails"):
        expect(page.get_by_role("main")).to_contain_text(words)
    expect(page.get_by_role("region", name="Variables, as a table")).to_contain_text("API_TOKEN")


def test_what_the_preview_shows_can_be_copied(chromium: Browser, slipway: Served) -> None:
    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    STATES["preview"](page, on_sandbox(slipway.url))
    page.get_by_role("button", name="Copy the request as a command").click()
    expect(page.get_by_role("status").get_by_text("Copied")).to_have_count(1)
    assert "curl --request POST" in page.evaluate("navigator.clipboard.readText()")
    context.close()


FORMS = {"new": FORM, "a link": f"{FORM}?name=From+a+link", "change": f"{STYLE}/actions/9/edit"}


@pytest.mark.parametrize("address", FORMS.values(), ids=FORMS)
def test_the_browsers_back_from_the_preview_comes_to_the_filled_form(page: Page, slipway: Served, address: str) -> None:
    page.goto(f"{slipway.url}/submissions")
    page.goto(slipway.url + address)
    fill_in(page, "Left and back")
    page.get_by_role("button", name="Review").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Review “Left and back”")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("Review “")
    expect(page.get_by_label("Name of the action")).to_have_value("Left and back")
    expect(page.get_by_label("Image name")).to_have_value("library/python")
    expect(page.get_by_role("button", name="Review")).to_be_focused()
    page.get_by_label("Name of the action").fill("Changed after Back")
    page.get_by_role("button", name="Review").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Review “Changed after Back”")
    page.go_back()
    expect(page.get_by_label("Name of the action")).to_have_value("Changed after Back")
    page.go_back()
    expect(page).to_have_url(f"{slipway.url}/submissions")


def test_back_brings_rows_and_kept_secrets_too(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    fill_in(page, "Rows and back")
    for number, key in enumerate(("A", "API_TOKEN")):
        press(page.get_by_role("button", name="Add a variable"))
        expect(page.locator(f"#variables-{number}-key")).to_be_focused()
        page.locator(f"#variables-{number}-key").fill(key)
        page.locator(f"#variables-{number}-value").fill("canary")
    page.locator("#variables-1-encrypted").check()
    page.get_by_role("button", name="Review").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Review “Rows and back”")
    page.go_back()
    expect(page.locator("#variables-0-value")).to_have_value("canary")
    expect(page.locator("#variables-1-key")).to_have_value("API_TOKEN")
    expect(page.locator("#variables-1-value")).to_have_value("")
    expect(page.get_by_text("A value is kept.")).to_be_visible()
    page.get_by_role("button", name="Add to Live mirror").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("“Rows and back” was added in the sandbox")


def test_after_the_button_back_the_browsers_back_leaves_the_form(chromium: Browser, slipway: Served) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{slipway.url}/submissions")
    page.goto(slipway.url + FORM)
    fill_in(page, "By its button")
    press(page.get_by_role("button", name="Review"))
    page.get_by_role("button", name="Back to the form").click()
    expect(page.get_by_label("Name of the action")).to_have_value("By its button")
    page.go_back()
    expect(page).to_have_url(f"{slipway.url}/submissions")
    context.close()


def test_a_new_form_that_is_opened_later_is_empty(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    fill_in(page, "Left behind")
    page.get_by_role("button", name="Review").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Review “Left behind”")
    page.go_back()
    expect(page.get_by_label("Name of the action")).to_have_value("Left behind")
    page.goto(slipway.url + FORM)
    expect(page.get_by_label("Name of the action")).to_have_value("")
