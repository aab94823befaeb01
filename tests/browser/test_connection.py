"""An administrator connects Buddy, in a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from support.buddy import AS_DOCUMENTED, StubBuddy
from support.rigs import Rig
from support.signing_in import PASSWORD
from support.states import FORM, fill_in
from support.teams import sandbox, serving_team
from support.waiting import press

pytestmark = pytest.mark.browser


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Rig]:
    """In front of the sandbox, without a token."""
    upstream = StubBuddy(answer=AS_DOCUMENTED)
    with (
        sandbox() as url,
        serving_team(tmp_path, upstream, buddy_token=None, buddy_api_endpoint=url) as team,
    ):
        yield team
    upstream.close()


def test_an_administrator_sets_the_token_and_an_action_can_be_added(page: Page, script: bool, team: Rig) -> None:
    team.hire("ada", "administrator")
    page.goto(team.parts.settings.url + FORM)
    page.get_by_label("Sign-in name").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Buddy is not connected yet")
    press(page.get_by_role("link", name="Connect Buddy"))
    page.get_by_label("API token").fill("sandbox")
    page.get_by_role("button", name="Test it and keep it").click()
    expect(page.get_by_text("Buddy accepts the token.")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="EXECUTION_MANAGE")).to_contain_text("add, change and delete")
    if script:
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    page.goto(team.parts.settings.url + FORM)
    fill_in(page)
    page.locator("button.primary").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("was added")
