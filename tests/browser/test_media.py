"""Forced colours, less motion, and paper."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from support.server import Served
from support.states import FORM, fill_in, send

pytestmark = pytest.mark.browser


def open_page(chromium: Browser, request: pytest.FixtureRequest, **options: Any) -> Page:
    context = chromium.new_context(**options)
    request.addfinalizer(context.close)
    return context.new_page()


def test_with_forced_colours_the_chosen_card_still_shows(
    chromium: Browser, slipway: Served, request: pytest.FixtureRequest
) -> None:
    page = open_page(chromium, request, forced_colors="active")
    page.goto(slipway.url + FORM)
    outline = "element => getComputedStyle(element.closest('.choice')).outlineStyle"
    assert page.locator("#image_source-public").evaluate(outline) == "solid"
    assert page.locator("#image_source-action").evaluate(outline) == "none"


@pytest.mark.parametrize(("wish", "animation"), [("reduce", "none"), ("no-preference", "turn")])
def test_nothing_moves_for_who_wants_no_motion(
    chromium: Browser, slipway: Served, request: pytest.FixtureRequest, wish: str, animation: str
) -> None:
    page = open_page(chromium, request, reduced_motion=wish)
    page.goto(slipway.url + FORM)
    page.locator("#form").evaluate("form => form.setAttribute('data-busy', '')")
    page.locator("button.primary").evaluate("button => button.setAttribute('aria-disabled', 'true')")
    moving = "button => getComputedStyle(button, '::before').animationName"
    assert page.locator("button.primary").evaluate(moving) == animation


def test_a_receipt_on_paper_has_the_addresses_and_no_buttons(
    chromium: Browser, slipway: Served, request: pytest.FixtureRequest
) -> None:
    page = open_page(chromium, request)
    page.goto(slipway.url + FORM)
    fill_in(page)
    send(page)
    page.emulate_media(media="print")
    for part in (".bar", ".ribbon", ".trail", "button"):
        expect(page.locator(part).first).to_be_hidden()
    link = page.get_by_role("link", name="Open the action in the sandbox")
    expect(link).to_be_visible()
    assert link.evaluate("link => getComputedStyle(link, '::after').content").startswith('" (http')
