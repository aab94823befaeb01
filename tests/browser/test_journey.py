"""What a person does in a browser, from the home page to the receipt, with and without JavaScript."""

import pytest
from playwright.sync_api import Page, expect
from support.server import Served
from support.states import FORM, fill_in
from support.waiting import new_page, press

pytestmark = pytest.mark.browser


def test_from_the_first_page_to_the_action_in_buddy(page: Page, slipway: Served) -> None:
    page.goto(slipway.url)
    press(page.get_by_role("link", name="Pipelines"))
    press(page.get_by_role("link", name="Buddy", exact=True))
    press(page.get_by_role("link", name="Company Website"))
    press(page.get_by_role("link", name="Live mirror", exact=True))
    press(page.get_by_role("link", name="Add a Run Docker container action"))
    fill_in(page, "Run tests")
    page.get_by_role("button", name="Add to Live mirror in Company Website").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("“Run tests” was added in the sandbox")
    page.goto(page.get_by_role("link", name="Open the action in the sandbox").get_attribute("href") or "")
    expect(page.get_by_role("heading", level=1)).to_have_text("Run tests")
    expect(page.get_by_role("main")).to_contain_text("library/python")


def test_a_wrong_form_comes_back_filled_with_the_errors_in_focus(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    fill_in(page, "Run tests")
    commands = page.get_by_label("Commands", exact=True).input_value()
    page.get_by_label("Image name").fill("Not An Image")
    page.get_by_role("button", name="Add to Live mirror").click()
    expect(page.locator("#summary")).to_be_focused()
    page.locator("#summary a").click()
    expect(page.get_by_label("Image name")).to_be_focused()
    expect(page.get_by_label("Commands", exact=True)).to_have_value(commands)


def test_three_secrets_one_removed_one_renamed(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    fill_in(page, "With secrets")
    for number, key in enumerate("ABC"):
        press(page.get_by_role("button", name="Add a variable"))
        row = page.get_by_role("group", name=f"Variable {number + 1}")
        expect(row.get_by_label("Name")).to_have_value("")
        row.get_by_label("Name").fill(key)
        row.get_by_label("Value").fill(f"secret of {key}")
        row.get_by_label("Encrypted").check()
    press(page.get_by_role("button", name="Remove variable 2"))
    expect(page.get_by_text("A value is kept.")).to_have_count(2)
    expect(page.get_by_role("group", name="Variable 2").get_by_label("Name")).to_be_focused()
    page.get_by_role("group", name="Variable 2").get_by_label("Name").fill("RENAMED")
    assert "secret of" not in page.content()
    page.get_by_role("button", name="Add to Live mirror").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("was added")
    assert "secret of" not in page.content()


def test_enter_in_a_line_sends_nothing_and_loses_nothing(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    page.locator("#more-options > summary").click()
    for value in ("credentials", "integration", "action", "public"):
        page.locator(f"#image_source-{value}").check()
        for id in visible_lines(page):
            box = page.locator(f"#{id}")
            if not box.is_visible():
                page.locator("#more-options > summary").click()
            box.fill("77")
            with new_page(page):
                box.press("Enter")
            expect(page.locator("#summary")).to_be_visible()
            assert page.url.startswith(slipway.url + FORM.removesuffix("/new"))
            if id != "password":
                expect(page.locator(f"#{id}")).to_have_value("77")
    assert ">77</a>" not in page.request.get(f"{slipway.url}/submissions").text()


def visible_lines(page: Page) -> list[str]:
    """The ids of the single-line boxes that are shown."""
    boxes = page.locator("input[type=text], input[type=password]")
    return [box.get_attribute("id") or "" for box in boxes.all() if box.is_visible()]
