"""Accessibility (WCAG 2.0 to 2.2, A and AA, and best practice) and the house rules, on every state of every page."""

from collections.abc import Iterator
from typing import Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Browser, Page
from support.pages import Document
from support.states import STATES, Stage, stage
from support.waiting import PATIENCE

pytestmark = pytest.mark.browser

RULES = {
    "light": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    # Colours are all that is different there (`test_the_dark_scheme_changes_colours_alone`), and these look at them.
    "dark": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}
# What axe can't decide by itself, in which state, and why it is right. Anything else that it leaves open fails.
OPEN = {
    ("session ending", "color-contrast"): (
        "The warning stays at the bottom of the window and lies over the page. What it covers is scrolled free, and is "
        "checked in the state without the warning."
    )
}
WINDOWS = {
    "phone": {"width": 320, "height": 640, "deviceScaleFactor": 1},
    "wide": {"width": 1200, "height": 800, "deviceScaleFactor": 1},
    # What a window of 1280 by 1024 shows at 400 %.
    "400 %": {"width": 320, "height": 256, "deviceScaleFactor": 4},
    "large text": {"width": 390, "height": 800, "deviceScaleFactor": 1},
}
# Buttons with a word that goes on in another line.
TORN = """() => [...document.querySelectorAll("button, .button")].filter(button => {
    if (!button.checkVisibility()) return false;
    const texts = document.createTreeWalker(button, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        if (texts.currentNode.parentElement.matches(".unseen")) continue;
        for (const word of texts.currentNode.data.matchAll(/\\S+/g)) {
            const range = document.createRange();
            range.setStart(texts.currentNode, word.index);
            range.setEnd(texts.currentNode, word.index + word[0].length);
            if (word[0].length < 16 && new Set([...range.getClientRects()].map(box => box.top)).size > 1) return true;
        }
    }
    return false;
}).map(button => button.textContent.trim())"""
LOOKS: list[tuple[str, Literal["light", "dark"]]] = [
    ("phone", "light"),
    ("phone", "dark"),
    ("wide", "dark"),
    ("wide", "light"),
    ("400 %", "light"),
]


@pytest.fixture(scope="module")
def here() -> Iterator[Stage]:
    """Slipway in front of a sandbox, and of a Buddy that does as a state asks."""
    with stage() as found:
        yield found


@pytest.fixture
def page(chromium: Browser, here: Stage) -> Iterator[Page]:
    """A page of a fresh browser."""
    # Without motion, so that no colour is still on its way from one scheme to the other.
    context = chromium.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    yield page
    here.upstream.gate.set()
    context.close()


@pytest.mark.parametrize("name", STATES)
def test_a_state_is_accessible(page: Page, here: Stage, name: str) -> None:
    STATES[name](page, here)
    screen = page.context.new_cdp_session(page)
    for window, scheme in LOOKS:
        # In another window, without loading the page anew.
        page.emulate_media(color_scheme=scheme)
        screen.send("Emulation.setDeviceMetricsOverride", {"mobile": False, **WINDOWS[window]})
        page.wait_for_function("width => innerWidth === width", arg=WINDOWS[window]["width"])
        found = look(page, scheme)
        assert found.violations_count == 0, f"{window}, {scheme}: {found.generate_report()}"
        left = {(name, rule["id"]) for rule in found.response["incomplete"]}
        assert left <= set(OPEN), f"{window}, {scheme}: {found.response['incomplete']}"
        widths = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert widths[0] <= widths[1], f"{window}, {scheme}: the page scrolls sideways"
    screen.send("Emulation.setDeviceMetricsOverride", {"mobile": False, **WINDOWS["large text"]})
    screen.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    page.wait_for_function("getComputedStyle(document.documentElement).fontSize === '32px'")
    assert page.evaluate("document.documentElement.scrollWidth") <= WINDOWS["large text"]["width"]
    assert page.evaluate(TORN) == []
    # A browser writes HTML in its own way, so that what it gives back is not held to the strict grammar.
    Document(urlsplit(page.url).path, page.content(), strict=False)


def look(page: Page, scheme: str) -> AxeResults:
    """Have axe look at a page, into which it is put only once: that takes as long as a look."""
    # To tell of each element how it passed would take four times as long as to look at all of them.
    options = {"runOnly": RULES[scheme], "resultTypes": ["violations", "incomplete"]}
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    return AxeResults(page.evaluate("options => axe.run(options)", options))
