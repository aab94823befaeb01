"""Markup in boxes and in Buddy's answers, in a real browser: nothing of it runs, and no policy has to stop it."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from support.buddy import AS_DOCUMENTED, StubBuddy
from support.payloads import PAYLOADS, spoil
from support.server import Served, serving
from support.states import FORM, fill_in

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=PAYLOADS.values(), ids=PAYLOADS)
def payload(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def spoilt(payload: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Slipway in front of a Buddy in which everything that has a name is called by the payload."""
    upstream = StubBuddy(answer=AS_DOCUMENTED)
    spoil(upstream, payload)
    database = f"sqlite:///{Path(tmp_path_factory.mktemp('spoilt'), 'slipway.db')}"
    with serving(BUDDY_TOKEN="t", BUDDY_API_ENDPOINT=upstream.url, SLIPWAY_DATABASE_URL=database) as served:
        yield served
    upstream.close()


def assert_harmless(page: Page) -> None:
    assert page.locator("x-canary, [x-canary], [onload], [onfocus], main script").count() == 0
    assert "64337" not in page.content()


def test_no_markup_runs_and_the_policy_has_nothing_to_report(page: Page, spoilt: Served, payload: str) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    page.goto(spoilt.url + FORM)
    assert_harmless(page)
    for box in page.locator("main input[type=text]:visible, main textarea:visible").all():
        box.fill(payload.replace("\n", " "))
    page.get_by_role("button", name="Check without sending").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    assert_harmless(page)
    page.goto(spoilt.url + FORM)
    fill_in(page, payload)
    page.get_by_label("Commands", exact=True).fill(f"{payload}\n# {uuid4()}")
    page.get_by_role("button", name="Review", exact=True).click()
    expect(page.get_by_role("heading", name="Review “")).to_be_visible()
    assert_harmless(page)
    page.get_by_role("button", name="Add to").click()
    expect(page.get_by_text("has added the action")).to_be_visible()
    assert_harmless(page)
    for path in ("/", "/submissions", FORM.removesuffix("/new")):
        page.goto(spoilt.url + path)
        assert_harmless(page)
    assert dialogs == []
