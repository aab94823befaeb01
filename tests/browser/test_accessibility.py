"""Accessibility (WCAG 2.0 to 2.2, A and AA, and best practice) and the house rules, on every state of every page."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from support.pages import Document
from support.states import STATES, Stage, stage

pytestmark = pytest.mark.browser

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# What axe can't decide by itself, in which state, and why it is right. Anything else that it leaves open fails.
OPEN = {
    ("session ending", "color-contrast"): (
        "The warning stays at the bottom of the window and lies over the page. What it covers is scrolled free, and is "
        "checked in the state without the warning."
    )
}
WINDOWS = {
    "phone, light": {"viewport": {"width": 320, "height": 640}, "color_scheme": "light"},
    "phone, dark": {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"},
    "wide, light": {"viewport": {"width": 1200, "height": 800}, "color_scheme": "light"},
    "wide, dark": {"viewport": {"width": 1200, "height": 800}, "color_scheme": "dark"},
    # What a window of 1280 by 1024 shows at 400 %.
    "400 %": {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4},
}


@pytest.fixture(scope="module")
def here() -> Iterator[Stage]:
    """Slipway in front of a sandbox, and of a Buddy that does as a state asks."""
    with stage() as found:
        yield found


@pytest.fixture(scope="module", params=WINDOWS.values(), ids=WINDOWS)
def window(chromium: Browser, request: pytest.FixtureRequest) -> Page:
    """A window of one width in one colour scheme."""
    context = chromium.new_context(**request.param)
    request.addfinalizer(context.close)
    page = context.new_page()
    page.set_default_timeout(15_000)
    return page


@pytest.mark.parametrize("name", STATES)
def test_a_state_is_accessible(window: Page, here: Stage, name: str) -> None:
    STATES[name](window, here)
    found = Axe().run(window, options=RULES)
    here.upstream.gate.set()
    assert found.violations_count == 0, found.generate_report()
    left = {(name, rule["id"]) for rule in found.response["incomplete"]}
    assert left <= set(OPEN), found.response["incomplete"]
    widths = window.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert widths[0] <= widths[1], "the page scrolls sideways"
    # A browser writes HTML in its own way, so that what it gives back is not held to the strict grammar.
    Document(urlsplit(window.url).path, window.content(), strict=False)
