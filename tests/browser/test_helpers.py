"""Each helper button of the form in turn: it sends nothing, and nothing that was typed is lost."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from support.buddy import AS_DOCUMENTED, StubBuddy
from support.server import Served, serving
from support.states import ACTIONS, FORM
from support.waiting import press

pytestmark = pytest.mark.browser

TYPED = {
    "docker_image_name": "team/app",
    "docker_image_tag": "1.2",
    "registry": "ghcr.io",
    "login": "deploy",
    "password": "canary password",
    "run_as_user": "node",
    "entrypoint": "/bin/bash",
    "export_container_path": "/out",
    "timeout": "60",
    "retry_count": "2",
    "retry_interval": "5",
}
ROWS = {
    "volume_mappings-0-source": "/",
    "volume_mappings-0-target": "/app",
    "variables-0-key": "WHERE",
    "variables-0-value": "here\nand there\n",
    "variables-1-key": "API_TOKEN",
    "variables-1-value": "canary value",
}
STORED = {
    "id": 7,
    "name": "Stored",
    "type": "RUN_DOCKER_CONTAINER",
    "docker_image_name": "a",
    "docker_image_tag": "1",
    "registry": "quay.io",
    "login": "other",
    "password": "hidden",
    "inline_commands": "ls",
}


@pytest.fixture(scope="module")
def buddy() -> Iterator[StubBuddy]:
    upstream = StubBuddy(answer=AS_DOCUMENTED)
    upstream.by_hand = [STORED]
    yield upstream
    upstream.close()


@pytest.fixture(scope="module")
def real(buddy: StubBuddy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Slipway in front of a server in Buddy's place that tells what it got."""
    database = f"sqlite:///{Path(tmp_path_factory.mktemp('helpers'), 'slipway.db')}"
    with serving(BUDDY_TOKEN="t", BUDDY_API_ENDPOINT=buddy.url, SLIPWAY_DATABASE_URL=database) as served:
        yield served


def unfold(page: Page) -> None:
    folded = page.locator("#form details:not([open]) > summary:visible")
    while folded.count():
        folded.first.click()


def fill_everything(page: Page, commands: str) -> None:
    for kind in ("Add a volume", "Add a variable", "Add a variable"):
        press(page.get_by_role("button", name=kind))
    unfold(page)
    page.get_by_label("Name of the action").fill("Everything")
    page.get_by_label("Commands", exact=True).fill(commands)
    for name, value in (TYPED | ROWS).items():
        page.locator(f"#{name}").fill(value)
    page.locator("#variables-1-encrypted").check()
    page.locator("#disabled").check()


def press_button(page: Page, name: str) -> None:
    """Press a button that may be in a folded section, and wait for what comes of it."""
    unfold(page)
    press(page.get_by_role("button", name=name, exact=True))


def press_all(page: Page) -> None:
    press_button(page, "Check without sending")
    expect(page.get_by_text("Everything is filled in correctly.")).to_be_visible()
    press_button(page, "Review")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Review “")
    press_button(page, "Back to the form")
    press_button(page, "Add a volume")
    press_button(page, "Remove volume 2")
    press_button(page, "Add a variable")
    press_button(page, "Remove variable 3")
    press_button(page, "Put the variables here as text")
    expect(page.get_by_label("Variables as text")).to_have_value("WHERE='here\nand there\n'\n")
    press_button(page, "Make variables of it")
    expect(page.locator("#variables-1-key")).to_be_visible()


@pytest.mark.parametrize("form", [FORM, f"{ACTIONS}/7/edit"], ids=["new", "change"])
def test_nothing_typed_is_lost_by_any_helper_button(page: Page, real: Served, buddy: StubBuddy, form: str) -> None:
    commands = f"\n\techo  $WHERE \n\n# {uuid4()}\n"
    page.goto(real.url + form)
    if form == FORM:
        page.locator("#image_source-credentials").check()
    fill_everything(page, commands)
    press_all(page)
    if form == FORM:
        press_button(page, "Show a link to this form")
        expect(page.get_by_text("Anybody who opens this link")).to_be_visible()
        unfold(page)
        page.get_by_label("Paste what you have").fill("docker run -e MORE=1 other/image:9 ls")
        press_button(page, "Fill in the form")
        expect(page.locator("#variables-2-key")).to_have_value("MORE")
    sent = len(buddy.bodies)
    page.locator("button.primary").click()
    expect(page.locator("h1")).to_contain_text(" was ")
    assert len(buddy.bodies) == sent + 1
    body = buddy.bodies[-1]
    told = {name: str(body[name]) for name in TYPED}
    assert told == TYPED
    assert (body["name"], body["inline_commands"], body["disabled"]) == ("Everything", commands, True)
    assert body["volume_mappings"] == ["/:/app"]
    values = {item["key"]: item["value"] for item in body["variables"]}
    assert values == {"WHERE": "here\nand there\n", "API_TOKEN": "canary value"} | (
        {"MORE": "1"} if form == FORM else {}
    )
    assert "canary" not in page.content()


def test_what_a_browser_can_not_hold_in_one_line_goes_back_as_it_was(
    page: Page, real: Served, buddy: StubBuddy
) -> None:
    odd = {"name": "My\nname  x ", "run_as_user": " a\nb "}
    buddy.by_hand = [STORED | odd]
    page.goto(f"{real.url}{ACTIONS}/7/edit")
    # The same change a second time would not be sent.
    page.get_by_label("Commands").fill(f"make test # {uuid4()}")
    page.locator("button.primary").click()
    expect(page.locator("h1")).to_contain_text(" was changed")
    assert (buddy.bodies[-1]["name"], "run_as_user" in buddy.bodies[-1]) == (odd["name"], False)
    buddy.by_hand = [STORED]
