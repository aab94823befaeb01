"""The pictures of the states, of which one that can't be reached keeps no other from being taken."""

import pytest
import screenshots
from playwright.sync_api import Browser, Page
from support.states import Stage

pytestmark = pytest.mark.browser


def home(page: Page, stage: Stage) -> None:
    page.goto(stage.desk)


def nowhere(page: Page, stage: Stage) -> None:
    page.goto(stage.desk)
    stage.upstream.readable = False
    page.locator("#nowhere").wait_for(timeout=1)


def readable(page: Page, stage: Stage) -> None:
    page.goto(f"{stage.desk}/workspaces")
    assert stage.upstream.readable


def test_a_state_that_is_not_reached_is_told_of_and_the_others_are_there(
    chromium: Browser, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("pictures")
    monkeypatch.setattr(screenshots, "FOLDER", folder)
    states = {"home": home, "nowhere": nowhere, "readable": readable}
    missing = screenshots.take(chromium, states, ["phone"], ", large")
    assert list(missing) == ["nowhere"]
    assert "Timeout" in missing["nowhere"]
    assert sorted(picture.name for picture in folder.iterdir()) == [
        "home, phone, dark, large.png",
        "home, phone, light, large.png",
        "readable, phone, dark, large.png",
        "readable, phone, light, large.png",
    ]
