"""Fewer boxes: one for the whole image, and lists in place of numbers."""

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from support.server import Served
from support.states import FORM, PROJECTS, fill_in

pytestmark = pytest.mark.browser


def test_a_whole_reference_is_split_before_ones_eyes(page: Page, script: bool, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    fill_in(page, "Split")
    page.get_by_label("Image name").fill("ghcr.io/team/app:1.2")
    page.get_by_label("Commands", exact=True).fill(f"make # {uuid4()}")
    if not script:
        page.get_by_role("button", name="Check without sending").click()
        page.get_by_role("button", name="Split it for me").click()
    expect(page.get_by_label("Image name")).to_have_value("team/app")
    expect(page.get_by_label("Tag", exact=True)).to_have_value("1.2")
    expect(page.get_by_label("Registry address")).to_have_value("ghcr.io")
    page.get_by_role("button", name="Add to Live mirror").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("“Split” was added in the sandbox")


def test_a_build_action_and_a_position_are_chosen_by_name(page: Page, slipway: Served) -> None:
    page.goto(f"{slipway.url}{PROJECTS}/mobile-api/pipelines/11/actions/new")
    fill_in(page, "From a build")
    page.locator("#image_source-action").check()
    page.get_by_label("Build action", exact=True).select_option(label="Build API")
    page.locator("#more-options > summary").click()
    page.get_by_label("Position in the pipeline").select_option(label="After “Build worker”")
    page.get_by_role("button", name="Review").click()
    expect(page.get_by_role("main")).to_contain_text("to Release, after “Build worker”.")
    expect(page.get_by_role("main")).to_contain_text("Buddy will use the image built by “Build API”.")
    page.get_by_role("button", name="Add to Release").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("“From a build” was added in the sandbox")
