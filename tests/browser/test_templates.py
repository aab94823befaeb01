"""Making a template from an action, with three questions, with and without JavaScript."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from support.server import Served
from support.states import FORM
from support.waiting import new_page, press

pytestmark = pytest.mark.browser


def choose(page: Page, script: bool, name: str, value: str) -> None:
    """Choose in a list; without script a button draws what that brings."""
    with new_page(page):
        page.locator(f'[name="{name}"]').select_option(value)
        if not script:
            page.get_by_role("button", name="Update this page").click()


def become(page: Page, slipway: Served, role: str) -> None:
    """Be another of the sandbox's people."""
    page.goto(f"{slipway.url}/account")
    press(page.get_by_role("button", name=f"Be the {role}"))
    page.get_by_role("main").get_by_text(f", {role}.").wait_for()


def test_a_template_is_made_from_an_action_and_its_link_handed_on(page: Page, slipway: Served, script: bool) -> None:
    # Of two that are the same the second one would be asked about.
    name = f"Nightly report {'with' if script else 'without'} script"
    page.goto(slipway.url + FORM)
    page.get_by_label("Name of the action").fill(name)
    page.get_by_label("Image name").fill("team/report")
    page.get_by_label("Commands", exact=True).fill('report "$COUNTRY" "$SINCE"')
    for number, key in enumerate(("COUNTRY", "SINCE"), start=1):
        press(page.get_by_role("button", name="Add a variable"))
        row = page.get_by_role("group", name=f"Variable {number}")
        row.get_by_label("Name").fill(key)
    press(page.get_by_role("button", name="Add to Live mirror"))
    press(page.get_by_role("link", name="Make a template of this"))
    live = page.get_by_role("region", name="What the others will see")
    expect(live.get_by_label("Name of the action")).to_have_value(name)
    choose(page, script, "variables-0-ask_use", "asked")
    choose(page, script, "variables-0-ask_rule", "choices")
    page.get_by_label("Choices").fill("pl = Poland\nde = Germany")
    if not script:
        page.get_by_role("button", name="Preview").click()
    expect(live.get_by_label("Poland")).to_be_visible()
    choose(page, script, "variables-1-ask_use", "asked")
    choose(page, script, "variables-1-ask_rule", "day")
    expect(live.get_by_label("Since")).to_have_attribute("type", "date")
    expect(page.get_by_label("Choices")).to_have_value("pl = Poland\nde = Germany")
    page.get_by_role("button", name="Make the template").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.get_by_role("main")).to_contain_text("one of: Poland, Germany")
    expect(page).to_have_url(re.compile("/templates/[\\w-]+$"))
    link = page.get_by_role("group", name="the link to this template").locator("code").inner_text()
    become(page, slipway, "contributor")
    page.goto(link)
    press(page.get_by_role("link", name="Live mirror").first)
    page.get_by_text("Germany", exact=True).click()
    page.get_by_label("Since").fill("2026-03-01")
    page.get_by_role("button", name="Add to Live mirror").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"“{name}” was added in the sandbox")


def test_whatever_people_are_asked_shows_its_question(page: Page, slipway: Served, script: bool) -> None:
    page.goto(f"{slipway.url}/templates/new")
    for label, box in (
        ("Image name", "docker_image_name"),
        ("Tag", "docker_image_tag"),
        ("Run as user", "run_as_user"),
    ):
        choose(page, script, f"{box}-use", "asked")
        question = page.get_by_role("group", name=label, exact=True)
        expect(question.get_by_label("Question")).to_be_visible()
        expect(question.get_by_label("What the answer must be")).to_be_visible()


def test_what_is_typed_when_a_page_is_left_is_there_again(page: Page, slipway: Served, script: bool) -> None:
    name, told = f"Left {'with' if script else 'without'} script", page.get_by_label("What it is for")
    page.goto(f"{slipway.url}/templates/new")
    page.get_by_label("Name of the template").fill(name)
    told.fill("Counts the orders.")
    if not script:
        press(page.get_by_role("button", name="Check"))
    press(page.get_by_role("link", name="Templates", exact=True).first)
    unfinished = page.get_by_role("link", name=f"Continue “{name}”")
    go_on(page, slipway, unfinished, told, "Counts the orders.")
    told.fill("Counts them twice.")
    if not script:
        press(page.get_by_role("button", name="Update this page"))
    expect(page.locator("#kept")).to_contain_text("A draft of this page is kept")
    go_on(page, slipway, unfinished, told, "Counts them twice.")
    press(listed(page, slipway, page.get_by_role("button", name=f"Discard “{name}”")))
    expect(page.get_by_role("heading", level=1)).to_have_text("Templates")
    expect(unfinished).to_have_count(0)


def go_on(page: Page, slipway: Served, unfinished: Locator, box: Locator, text: str) -> None:
    """Go on with a page that was left, once it is kept as it was then, and not only as it was while somebody typed."""
    for _ in range(50):
        listed(page, slipway, unfinished).click()
        expect(page).to_have_url(re.compile("/templates/unfinished/"))
        if box.input_value() == text:
            break
    expect(box).to_have_value(text)


def listed(page: Page, slipway: Served, wanted: Locator) -> Locator:
    """Something on the page of all templates, once it is there: what is kept of a page that is left may come later."""
    for _ in range(50):
        page.goto(f"{slipway.url}/templates")
        if wanted.count():
            break
    return wanted


def test_what_was_chosen_before_the_script_came_is_drawn(page: Page, slipway: Served, script: bool) -> None:
    held: list[Route] = []
    page.route("**/template*.js*", lambda route: held.append(route))
    page.goto(f"{slipway.url}/templates/new", wait_until="commit")
    page.locator('[name="run_as_user-use"]').select_option("asked")
    if script:
        assert held
        held[0].continue_()
    else:
        page.get_by_role("button", name="Update this page").click()
    expect(page.get_by_role("group", name="Run as user", exact=True).get_by_label("Question")).to_be_visible()


def test_places_are_chosen_only_for_a_template_of_these_places(page: Page, slipway: Served) -> None:
    page.goto(f"{slipway.url}/workspaces/buddy/projects")
    page.goto(f"{slipway.url}/templates/new")
    add = page.get_by_role("button", name="Add this place")
    expect(add).to_be_hidden()
    page.get_by_label("In these places only").check()
    expect(add).to_be_visible()
