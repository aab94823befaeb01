from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from support.chromium import HELP, find, running
from support.pages import Document
from support.server import Served, serving
from support.waiting import PATIENCE

# Milliseconds. What is waited for may take long on a machine that does much else.
expect.set_options(timeout=PATIENCE * 1000)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where a Chromium is."""
    return find() or pytest.fail(HELP)


@pytest.fixture(scope="session")
def chromium(chromium_path: str) -> Iterator[Browser]:
    """A real Chromium with a fresh profile."""
    with sync_playwright() as playwright, running(playwright.chromium, chromium_path) as browser:
        yield browser


@pytest.fixture(scope="session")
def slipway() -> Iterator[Served]:
    """Slipway as people start it, on its sandbox."""
    with serving() as served:
        yield served


@pytest.fixture(params=["with script", "without script"])
def script(request: pytest.FixtureRequest) -> bool:
    """Everything a person does is done twice: with JavaScript and without."""
    return bool(request.param == "with script")


@pytest.fixture
def page(chromium: Browser, script: bool) -> Iterator[Page]:
    """A page of a fresh browser; a message of the content security policy or a script error fails the test."""
    context = chromium.new_context(java_script_enabled=script)
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text) if is_trouble(message.text) else None)
    yield page
    # A browser writes HTML in its own way, so that what it gives back is not held to the strict grammar.
    Document(urlsplit(page.url).path, page.content(), strict=False)
    context.close()
    assert troubles == []


def is_trouble(text: str) -> bool:
    return "Content Security Policy" in text or "Refused to" in text
