"""On the sandbox nothing goes by the name of Buddy that the page calls the sandbox."""

import re

import pytest
from support.pages import Browser, Page
from support.rigs import LEAST

from webapp.sandbox.weather import Weather

ACTIONS = "/workspaces/buddy/projects/company-website/pipelines/2/actions"


def sandboxed(page: Page) -> Page:
    """A page that never says Buddy."""
    assert re.search(r"\bBuddy\b", f"{page.heading} {page.text}") is None, page.text
    return page


@pytest.mark.parametrize("weather", [each for each in Weather if each not in (Weather.FINE, Weather.SLOW)])
def test_in_bad_weather_every_page_speaks_of_the_sandbox_alone(browser: Browser, weather: Weather) -> None:
    receipt = browser.get(f"{ACTIONS}/new").send(**LEAST)
    edit, question = browser.get(receipt.links["change it"]), browser.get(receipt.links["Delete it"])
    new = browser.get(f"{ACTIONS}/new")
    browser.post("/sandbox/weather", {"weather": weather.value})
    for page in (
        browser.get("/workspaces/buddy/projects"),
        new.send(**LEAST | {"name": "Another"}),
        edit.send(timeout="90"),
    ):
        sandboxed(page)
    sandboxed(question.send_to(question.path))
    browser.post("/sandbox/weather", {"weather": Weather.FINE.value})
    for address in [link for link in browser.get("/submissions").links.values() if link.startswith("/submissions/")]:
        sandboxed(browser.get(address))


def test_so_do_the_lists_and_their_filters(browser: Browser) -> None:
    browser.get(f"{ACTIONS}/new").send(**LEAST)
    for address in ("/submissions", "/record", "/submissions?state=Refused+by+Buddy"):
        sandboxed(browser.get(address))


def test_with_a_token_the_pages_speak_of_buddy(desk: Browser) -> None:
    assert "Refused by Buddy" in desk.get("/submissions").text
