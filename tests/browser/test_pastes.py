"""Filling in the form from what somebody brings along."""

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from support.server import Served
from support.states import FORM
from support.waiting import press

pytestmark = pytest.mark.browser


def test_from_a_docker_run_line_to_the_receipt(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    page.get_by_label("Name of the action").fill("From a line")
    page.locator("#paste-run > summary").click()
    page.get_by_label("Paste what you have").fill(f"docker run --rm -e API_TOKEN=canary node:22 echo {uuid4()}")
    page.get_by_role("button", name="Fill in the form").click()
    report = page.get_by_role("status").filter(has_text="Filled in:")
    expect(report).to_be_focused()
    expect(report).to_contain_text("--rm: Buddy removes the container by itself")
    expect(page.get_by_label("Name of the action")).to_have_value("From a line")
    expect(page.get_by_label("Image name")).to_have_value("node")
    expect(page.locator("#variables-0-encrypted")).to_be_checked()
    assert "canary" not in page.content()
    page.get_by_role("button", name="Add to Live mirror").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("“From a line” was added in the sandbox")


def test_a_second_line_takes_the_place_of_the_first(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    box = page.get_by_label("Paste what you have")
    page.locator("#paste-run > summary").click()
    box.fill("docker run -e A=1 -e API_TOKEN=canary -v $(pwd):/app node:22 ls")
    page.get_by_role("button", name="Fill in the form").click()
    expect(page.get_by_label("Image name")).to_have_value("node")
    if page.locator("#paste-run:not([open])").count():
        page.locator("#paste-run > summary").click()
    box.fill("docker run python:3.12 ls")
    page.get_by_role("button", name="Replace what the last paste filled in").click()
    expect(page.get_by_label("Image name")).to_have_value("python")
    expect(page.locator("#variables-0-key, #volume_mappings-0-source")).to_have_count(0)
    assert "canary" not in page.content()


def test_a_service_is_chosen_and_shown_as_an_action_of_a_file(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    page.locator("#paste-run > summary").click()
    services = "services:\n  web:\n    image: node:22\n    command: ls\n  db:\n    image: postgres:16"
    page.get_by_label("Paste what you have").fill(services)
    press(page.get_by_role("button", name="Fill in the form"))
    page.locator("#summary a").click()
    choice = page.get_by_label("Which one")
    expect(choice).to_be_focused()
    choice.select_option("db")
    page.get_by_role("button", name="Fill in the form").click()
    expect(page.get_by_role("status").filter(has_text="Filled in:")).to_contain_text("a service of a Compose file")
    expect(page.get_by_label("Image name")).to_have_value("postgres")
    page.get_by_label("Name of the action").fill("Of a file")
    page.get_by_role("button", name="Show as buddy.yml").click()
    expect(page.get_by_role("status").filter(has_text="Put this into")).to_be_focused()
    expect(page.locator("#yaml code")).to_contain_text("- action: Of a file")
    expect(page.get_by_label("Image name")).to_have_value("postgres")


def test_a_line_that_cannot_be_read_stays_with_its_message_in_focus(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    page.locator("#paste-run > summary").click()
    page.get_by_label("Paste what you have").fill("docker ps")
    page.get_by_role("button", name="Fill in the form").click()
    expect(page.locator("#summary")).to_be_focused()
    page.locator("#summary a").click()
    expect(page.get_by_label("Paste what you have")).to_be_focused()
    expect(page.get_by_label("Paste what you have")).to_have_value("docker ps")


def test_variables_as_rows_and_as_text_are_the_same(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    page.locator("#paste-env > summary").click()
    page.get_by_label("Variables as text").fill("A=1\nB='two\nlines\n'\nDB_PASSWORD=canary\n")
    press(page.get_by_role("button", name="Make variables of it"))
    expect(page.locator("#variables-1-value")).to_have_value("two\nlines\n")
    expect(page.get_by_text("A value is kept.")).to_be_visible()
    if page.locator("#paste-env:not([open])").count():
        page.locator("#paste-env > summary").click()
    page.get_by_role("button", name="Put the variables here as text").click()
    expect(page.get_by_label("Variables as text")).to_have_value("A=1\nB='two\nlines\n'\n")
    expect(page.get_by_label("Variables as text")).to_be_focused()
    expect(page.locator("#variables-0-key")).to_have_value("DB_PASSWORD")
    assert "canary" not in page.content()
    page.get_by_role("button", name="Add a variable").click()
    expect(page.locator("#variables-3-key")).to_be_focused()
    expect(page.locator("#variables-2-value")).to_have_value("two\nlines\n")
