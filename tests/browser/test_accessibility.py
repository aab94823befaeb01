"""Accessibility (WCAG 2.0 to 2.2, A and AA, and best practice) of every page, as axe sees it."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from support.server import Served

pytestmark = pytest.mark.browser

PROJECTS = "/workspaces/buddy/projects"
FORM = f"{PROJECTS}/company-website/pipelines/2/actions/new"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
ADDRESSES = {
    "home": "/",
    "workspaces": "/workspaces",
    "projects": PROJECTS,
    "pipelines": f"{PROJECTS}/company-website/pipelines",
    "no pipelines": "/workspaces/buddy-labs/projects/empty/pipelines",
    "actions": f"{PROJECTS}/mobile-api/pipelines/11/actions",
    "form": FORM,
    "form of a closed project": f"{PROJECTS}/old-shop/pipelines/31/actions/new",
    "form from YAML": f"{PROJECTS}/company-website/pipelines/4/actions/new",
    "history": "/submissions",
    "not there": "/nowhere",
    "sandbox": "/sandbox/",
    "project in the sandbox": "/sandbox/buddy/company-website",
    "pipeline in the sandbox": "/sandbox/buddy/company-website/pipelines/pipeline/3",
    "action in the sandbox": "/sandbox/buddy/company-website/pipelines/action/6/edit",
}
WIDTHS = (320, 1200)
SCHEMES = ("light", "dark")


@pytest.fixture(scope="module", params=[(width, scheme) for width in WIDTHS for scheme in SCHEMES], ids=str)
def window(chromium: Browser, request: pytest.FixtureRequest) -> Page:
    """A window of one width in one colour scheme."""
    width, scheme = request.param
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    request.addfinalizer(context.close)
    return context.new_page()


def assert_accessible(page: Page) -> None:
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    widths = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert widths[0] <= widths[1], "the page scrolls sideways"


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_a_page_is_accessible(window: Page, slipway: Served, address: str) -> None:
    window.goto(slipway.url + address)
    assert_accessible(window)


@pytest.mark.parametrize("source", ["public", "credentials", "integration", "action"])
def test_the_form_with_errors_is_accessible_for_every_image_source(window: Page, slipway: Served, source: str) -> None:
    window.goto(slipway.url + FORM)
    window.locator(f"#image_source-{source}").check()
    window.get_by_label("Folder in the pipeline").fill("relative")
    window.get_by_label("Value").fill("without a name")
    window.locator("button.primary").click()
    window.locator("#summary").wait_for()
    window.locator("details > summary").click()
    assert_accessible(window)


def test_receipts_and_lists_with_rows_are_accessible(window: Page, slipway: Served) -> None:
    window.goto(slipway.url + FORM)
    window.get_by_label("Name of the action").fill("Run tests")
    window.get_by_label("Image name").fill("library/python")
    window.get_by_label("Commands", exact=True).fill("make test " + "x" * 200)
    window.get_by_role("button", name="Check without sending").click()
    window.get_by_text("Everything is filled in correctly.").wait_for()
    assert_accessible(window)
    window.locator("button.primary").click()
    window.wait_for_url("**/submissions/*")
    assert_accessible(window)
    for address in ("/", "/submissions"):
        window.goto(slipway.url + address)
        assert_accessible(window)


def test_what_buddy_refused_is_accessible(window: Page, slipway: Served) -> None:
    window.goto(f"{slipway.url}{PROJECTS}/company-website/pipelines/4/actions/new")
    window.get_by_label("Name of the action").fill("Run tests")
    window.get_by_label("Image name").fill("library/python")
    window.get_by_label("Commands", exact=True).fill("make test")
    window.locator("button.primary").click()
    window.wait_for_url("**/submissions/*")
    window.locator("#summary").wait_for()
    assert_accessible(window)
