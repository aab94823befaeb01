"""Fewer boxes: one for the whole image, and lists in place of numbers."""

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from support.server import Served
from support.states import FORM, PROJECTS, fill_in
from support.waiting import new_page, press

pytestmark = pytest.mark.browser

LAST = ("Review", "Check without sending", "Show a link to this form")


def test_a_whole_reference_is_split_by_enter(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    fill_in(page, "Split")
    page.get_by_label("Tag", exact=True).fill("latest")
    page.get_by_label("Commands", exact=True).fill(f"make # {uuid4()}")
    page.get_by_label("Image name").fill("ghcr.io/team/app:1.2")
    with new_page(page):
        page.keyboard.press("Enter")
    expect(page.get_by_label("Image name")).to_have_value("team/app")
    expect(page.get_by_label("Tag", exact=True)).to_have_value("1.2")
    expect(page.get_by_label("Registry address")).to_have_value("ghcr.io")
    page.get_by_role("button", name="Add to Live mirror").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("“Split” was added in the sandbox")


def test_enter_splits_a_reference_over_a_tag_that_was_typed_and_says_so(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    page.get_by_label("Tag", exact=True).fill("3.11")
    page.get_by_label("Image name").fill("python:3.12")
    with new_page(page):
        page.keyboard.press("Enter")
    expect(page.locator("#summary")).to_be_visible()
    # Without script nothing is written over unasked.
    if page.get_by_role("button", name="Split it for me").count():
        page.get_by_role("button", name="Split it for me").click()
    expect(page.get_by_label("Tag", exact=True)).to_have_value("3.12")
    told = "The image was split into its name and its tag. Overwritten: Tag 3.11."
    expect(page.locator("#split")).to_have_text(told)


def test_a_build_action_and_a_position_are_chosen_by_name(page: Page, slipway: Served) -> None:
    page.goto(f"{slipway.url}{PROJECTS}/mobile-api/pipelines/11/actions/new")
    fill_in(page, "From a build")
    page.locator("#image_source-action").check()
    page.get_by_label("Build action", exact=True).select_option(label="Build API")
    page.locator("#more-options > summary").click()
    page.get_by_label("Position in the pipeline").select_option(label="After “Build worker”")
    page.get_by_role("button", name="Review").click()
    expect(page.get_by_role("main")).to_contain_text("to Release, after “Build worker”.")
    expect(page.get_by_role("main")).to_contain_text("Built earlier by “Build API”")
    page.get_by_role("button", name="Add to Release").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("“From a build” was added in the sandbox")


def test_only_what_goes_with_the_chosen_source_is_shown(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    region, registry = page.get_by_label("AWS region"), page.get_by_label("Registry address")
    name, optional = page.get_by_label("Image name"), page.locator("label[for=registry] .optional")
    for source, shown in {"public": True, "credentials": True, "integration": False, "action": False}.items():
        page.locator(f"#image_source-{source}").check()
        expect(registry).to_be_visible(visible=shown)
        expect(region).to_be_hidden()
        expect(name).to_be_visible(visible=source != "action")
        if shown:
            expect(optional).to_be_visible()
    page.locator("#image_source-integration").check()
    for integration, takes in {"Docker Hub": "", "Amazon": "region", "Google": "registry", "GitHub": ""}.items():
        option = page.locator("#integration option").filter(has_text=f"({integration})").first
        page.get_by_label("Integration").select_option(option.get_attribute("value"))
        expect(region).to_be_visible(visible=takes == "region")
        expect(registry).to_be_visible(visible=takes == "registry")
        expect(optional).to_be_hidden()


def test_what_goes_with_an_integration_must_be_there(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    fill_in(page, "From a registry")
    page.locator("#image_source-integration").check()
    page.get_by_label("Integration").select_option("google_images")
    press(page.get_by_role("button", name="Add to Live mirror"))
    page.get_by_role("link", name="Enter the address of the Google registry").click()
    expect(page.get_by_label("Registry address")).to_be_focused()


def test_a_pasted_amazon_address_fills_in_the_region(page: Page, script: bool, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    fill_in(page, "From Amazon")
    page.locator("#image_source-integration").check()
    page.get_by_label("Integration").select_option("ecr_prod")
    page.get_by_label("Image name").fill("123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/app:1.2")
    page.get_by_label("Commands", exact=True).fill(f"make # {uuid4()}")
    if not script:
        press(page.get_by_role("button", name="Check without sending"))
        page.get_by_role("button", name="Split it for me").click()
    expect(page.get_by_label("AWS region")).to_have_value("eu-central-1")
    page.get_by_role("button", name="Add to Live mirror").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("“From Amazon” was added in the sandbox")


def test_an_amazon_address_as_public_is_questioned_and_goes_through_with_a_tick(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    fill_in(page, "Public at Amazon")
    page.get_by_label("Registry address").fill("123456789012.dkr.ecr.eu-central-1.amazonaws.com")
    press(page.get_by_role("button", name="Add to Live mirror"))
    page.get_by_role("link", name="Choose “A registry that is connected to the sandbox”").click()
    expect(page.get_by_label("Registry address")).to_be_focused()
    page.get_by_label("Anybody may read this image").check()
    page.get_by_role("button", name="Add to Live mirror").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("“Public at Amazon” was added in the sandbox")


def test_a_wrong_name_of_a_built_image_can_be_seen_and_mended(page: Page, slipway: Served) -> None:
    page.goto(f"{slipway.url}{PROJECTS}/mobile-api/pipelines/11/actions/new")
    fill_in(page, "Built")
    page.get_by_label("Image name").fill("Not An Image")
    page.locator("#image_source-action").check()
    expect(page.get_by_label("Image name")).to_be_hidden()
    page.get_by_label("Build action", exact=True).select_option(label="Build API")
    press(page.get_by_role("button", name="Check without sending"))
    page.get_by_role("link", name="The name of the image must be").click()
    expect(page.get_by_label("Image name")).to_be_focused()
    page.get_by_label("Image name").fill("")
    page.get_by_role("button", name="Add to Release").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("“Built” was added in the sandbox")


def test_only_on_the_first_failure_is_offered_for_failures(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    page.locator("#more-options > summary").click()
    first, when = page.get_by_label("Only on the first failure"), page.get_by_label("When it runs")
    expect(first).to_be_hidden()
    when.select_option(label="When the pipeline fails")
    first.check()
    # What is ticked is never out of sight.
    when.select_option(label="Every time the pipeline runs")
    expect(first).to_be_visible()
    first.uncheck()
    expect(first).to_be_hidden()


def test_the_form_ends_with_one_primary_button_and_quiet_links_on_a_line_of_their_own(
    page: Page, slipway: Served
) -> None:
    page.goto(slipway.url + FORM)
    end = page.locator(".send")
    expect(end.locator("button.primary")).to_have_count(1)
    for width in (390, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        lines = {name: end.get_by_role("button", name=name).bounding_box() for name in LAST}
        review, check, link = (lines[name] for name in LAST)
        assert review is not None and check is not None and link is not None
        assert review["y"] + review["height"] <= check["y"]
        assert width < 1024 or check["y"] == link["y"]
        assert max(check["height"], link["height"]) < 50
