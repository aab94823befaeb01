"""Rows of variables and volumes: a line each where there is room, covered values, hints and files."""

import re
from base64 import b64encode
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from support.server import Served
from support.states import FORM, fill_in
from support.waiting import press

pytestmark = pytest.mark.browser

COVERED = re.compile("disc")
LARGEST_FILE = 49_152


def add_variable(page: Page, key: str, value: str = "", number: int = 0) -> Locator:
    """Add a variable, and give its row."""
    press(page.get_by_role("button", name="Add a variable"))
    page.locator(f"#variables-{number}-key").fill(key)
    page.locator(f"#variables-{number}-value").fill(value)
    return page.get_by_role("group", name=f"Variable {number + 1}")


def middle(box: Locator) -> float:
    """How far down the middle of something is."""
    found = box.bounding_box()
    assert found is not None
    return found["y"] + found["height"] / 2


def test_a_row_is_one_line_on_a_wide_page_and_a_card_on_a_phone(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    row = add_variable(page, "APP_ENV", "test")
    parts = [
        row.get_by_label("Name"),
        row.get_by_label("Value"),
        row.get_by_label("Encrypted"),
        row.locator("summary"),
        row.get_by_role("button", name="Remove variable 1"),
    ]
    for width in (1024, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        lines = [middle(part) for part in parts]
        assert max(lines) - min(lines) < 8, width
        box = row.bounding_box()
        assert box is not None
        assert box["height"] < 64
    page.set_viewport_size({"width": 390, "height": 800})
    lines = [middle(part) for part in parts[:4]]
    assert lines == sorted(lines)
    assert lines[1] - lines[0] > 40
    expect(row.get_by_text("Variable 1", exact=True)).to_be_visible()


def test_the_value_of_an_encrypted_variable_is_covered_until_somebody_wants_to_see_it(
    page: Page, slipway: Served
) -> None:
    page.goto(slipway.url + FORM)
    row = add_variable(page, "APP_ENV", "first line\nsecond line")
    value = row.get_by_label("Value")
    shown = row.get_by_role("switch", name="Show what is typed")
    expect(value).not_to_have_css("-webkit-text-security", COVERED)
    expect(shown).to_be_hidden()
    row.get_by_label("Encrypted").check()
    expect(value).to_have_css("-webkit-text-security", COVERED)
    shown.check()
    expect(value).not_to_have_css("-webkit-text-security", COVERED)
    value.press_sequentially("\nthird line")
    expect(value).to_have_value("first line\nsecond line\nthird line")
    shown.uncheck()
    expect(value).to_have_css("-webkit-text-security", COVERED)
    row.get_by_label("Encrypted").uncheck()
    row.locator("summary").click()
    row.get_by_label("Kind").select_option("SSH_KEY")
    expect(value).to_have_css("-webkit-text-security", COVERED)


def test_the_switch_is_never_posted_and_a_kept_value_is_not_in_the_page(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    fill_in(page)
    row = add_variable(page, "API_TOKEN", "canary\nvalue")
    row.get_by_label("Encrypted").check()
    row.get_by_role("switch").check()
    posted: list[str] = []
    page.on("request", lambda request: posted.append(request.post_data or ""))
    press(page.get_by_role("button", name="Check without sending"))
    assert [body for body in posted if "canary" in body]
    assert not [body for body in posted if "shown" in body]
    expect(page.get_by_text("A value is kept.")).to_be_visible()
    assert "canary" not in page.content()


def test_a_row_is_filled_in_with_the_keyboard_alone_in_the_order_of_the_line(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    row = add_variable(page, "")
    row.get_by_label("Name").focus()
    page.keyboard.type("APP_ENV")
    page.keyboard.press("Tab")
    expect(row.get_by_label("Value")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(row.get_by_label("Encrypted")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(row.get_by_role("switch")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(row.get_by_label("Kind")).to_be_visible()
    row.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(row.get_by_label("Kind")).to_be_hidden()
    page.keyboard.press("Tab")
    expect(row.get_by_role("button", name="Remove variable 1")).to_be_focused()


def test_a_name_that_looks_like_a_secret_brings_a_hint(page: Page, script: bool, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    fill_in(page)
    first = add_variable(page, "DEPLOY_TOKEN", "x")
    second = add_variable(page, "APP_ENV", "test", 1)
    hint = first.get_by_text("This looks like a secret")
    if script:
        first.get_by_label("Name").focus()
        first.get_by_label("Name").blur()
    else:
        page.get_by_role("button", name="Check without sending").click()
    expect(hint).to_be_visible()
    expect(second.get_by_text("This looks like a secret")).to_be_hidden()
    first.get_by_label("Encrypted").check()
    expect(hint).to_be_hidden()


def test_a_file_becomes_the_value(page: Page, script: bool, slipway: Served, tmp_path: Path) -> None:
    content = bytes(range(256)) * 5
    file = tmp_path / "key.bin"
    file.write_bytes(content)
    page.goto(slipway.url + FORM)
    fill_in(page, "With a file")
    row = add_variable(page, "KEY_FILE")
    chooser = row.get_by_label("Take it from a file")
    expect(chooser).to_be_hidden()
    row.locator("summary").click()
    row.get_by_label("Kind").select_option(label="File (Base64)")
    if not script:
        expect(chooser).to_be_hidden()
        row.get_by_label("Value").fill(b64encode(content).decode())
    else:
        chooser.set_input_files(file)
        expect(row.get_by_text("The value is the content of key.bin.")).to_be_visible()
    expect(row.get_by_label("Value")).to_have_value(b64encode(content).decode())
    types: list[str] = []
    page.on("request", lambda request: types.append(request.headers.get("content-type", "")))
    page.get_by_role("button", name="Add to Live mirror").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("“With a file” was added in the sandbox")
    assert not [type for type in types if "multipart" in type]


def test_a_file_that_is_too_large_changes_nothing_and_says_so(
    page: Page, script: bool, slipway: Served, tmp_path: Path
) -> None:
    page.goto(slipway.url + FORM)
    row = add_variable(page, "KEY_FILE", "c3RheXM=")
    row.locator("summary").click()
    row.get_by_label("Kind").select_option(label="File (Base64)")
    chooser = row.get_by_label("Take it from a file")
    expect(chooser).to_be_visible(visible=script)
    if script:
        file = tmp_path / "large"
        file.write_bytes(b"x" * (LARGEST_FILE + 1))
        chooser.set_input_files(file)
        expect(row.get_by_text("The file must be at most 49,152 bytes long: this is 49,153.")).to_be_visible()
        expect(row.get_by_label("Value")).to_have_value("c3RheXM=")
        file.write_bytes(b"x" * LARGEST_FILE)
        chooser.set_input_files(file)
        expect(row.get_by_label("Value")).to_have_value(b64encode(b"x" * LARGEST_FILE).decode())


def test_the_summary_says_which_row_and_leads_there(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    fill_in(page)
    add_variable(page, "A", "1")
    add_variable(page, "", "without a name", 1)
    press(page.get_by_role("button", name="Add to Live mirror"))
    page.get_by_role("link", name="Variable 2: enter the name of the variable").click()
    expect(page.locator("#variables-1-key")).to_be_focused()
