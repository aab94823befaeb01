"""A first send that was not answered, a second that was refused, and the first that lands after that, in a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from support import faults
from support.buddy import StubBuddy
from support.clock import Clock
from support.faults import answer, answering
from support.rigs import LEAST, NEW, WIRE, Rig, open_rig
from support.server import free_port, serving_here
from support.waiting import press

pytestmark = pytest.mark.browser
REFUSES = answering(answer("400 Bad Request", {"errors": [{"message": "The tag is not known"}]}))


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Rig]:
    """A Slipway for a real browser, with a clock that the test moves, in front of a Buddy that answers nothing yet."""
    port, buddy = free_port(), StubBuddy(faults.read_then_close)
    buddy.creates = False
    rig = open_rig(tmp_path, buddy, Clock(), url=f"http://127.0.0.1:{port}")
    with serving_here(rig.app, port):
        yield rig
    rig.parts.close()
    buddy.close()


@pytest.fixture
def refused(page: Page, served: Rig) -> str:
    """The first send was not answered and is not there, the second was refused; gives the page's address."""
    page.goto(served.browser.url + NEW)
    page.get_by_label("Name of the action").fill(LEAST["name"])
    page.get_by_label("Image name").fill(LEAST["docker_image_name"])
    page.get_by_label("Commands", exact=True).fill(LEAST["inline_commands"])
    page.get_by_role("button", name="Add to ").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("We do not know yet")
    address = page.url
    served.settle()
    served.buddy.write_fault = REFUSES
    page.goto(address)
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Buddy did not accept the action")
    expect(page.get_by_text("not known, and not in the pipeline so far")).to_be_visible()
    expect(page.get_by_text("Nothing was added")).to_have_count(0)
    # From here on Buddy is well, and what it was sent first lands.
    served.buddy.creates, served.buddy.write_fault = True, StubBuddy.answers
    served.buddy.add(WIRE)
    return address


def test_the_form_unchanged_leads_to_the_page_that_says_what_happened(page: Page, served: Rig, refused: str) -> None:
    page.get_by_role("button", name="Add to ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("“Run tests” was added")
    expect(page.get_by_text("The last attempt came to nothing, and an earlier one has turned up")).to_be_visible()
    assert page.url == refused
    assert (len(served.buddy.added), served.buddy.writes, served.states) == (1, 2, ["found"])


def test_the_form_with_something_changed_is_kept_and_sends_nothing_before_a_second_one_is_asked_for(
    page: Page, served: Rig, refused: str
) -> None:
    page.get_by_label("Commands", exact=True).fill("make all")
    press(page.get_by_role("button", name="Add to "))
    expect(page.get_by_text("An earlier attempt of this form has added the action")).to_be_visible()
    expect(page.get_by_label("Commands", exact=True)).to_have_value("make all")
    expect(page.get_by_role("button", name="Add to ")).to_have_count(0)
    page.get_by_role("button", name="Check without sending").click()
    expect(page.get_by_text("Everything is filled in correctly")).to_be_visible()
    page.get_by_role("button", name="Add to ").click()
    expect(page.get_by_text("An earlier attempt of this form has added the action")).to_be_visible()
    page.get_by_role("link", name="see what happened to it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("“Run tests” was added")
    assert (len(served.buddy.added), served.buddy.writes) == (1, 2)


def test_an_old_page_that_sends_again_sends_nothing(page: Page, served: Rig, refused: str) -> None:
    page.go_back()
    button = page.get_by_role("button", name="Send again")
    if not button.count():
        page.goto(refused)
        expect(page.get_by_role("heading", level=1)).to_have_text("Buddy did not accept the action")
        page.get_by_role("button", name="Add to ").click()
    else:
        button.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("“Run tests” was added")
    assert (len(served.buddy.added), served.buddy.writes, served.states) == (1, 2, ["found"])


def test_who_presses_nothing_is_told_when_slipway_has_looked(page: Page, served: Rig, refused: str) -> None:
    served.look(minutes=15)
    page.goto(refused)
    expect(page.get_by_role("heading", level=1)).to_have_text("“Run tests” was added")
    assert (len(served.buddy.added), served.buddy.writes, served.states) == (1, 2, ["found"])


def test_two_that_exist_are_named_with_their_links_and_one_is_deleted(page: Page, served: Rig, refused: str) -> None:
    served.buddy.actions = served.buddy.actions[:1]
    press(page.get_by_role("button", name="Add to "))
    page.get_by_role("button", name="Add a second one").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("“Run tests” was added")
    served.buddy.add(WIRE | {"name": "Run tests"})
    served.look(minutes=15)
    page.goto(served.browser.url)
    expect(page.get_by_role("heading", name="What needs your attention")).to_be_visible()
    page.goto(refused)
    expect(page.get_by_text("Two actions were added.")).to_be_visible()
    press(page.get_by_role("link", name="Delete this one").first)
    page.get_by_role("button", name="Yes, delete it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("was deleted")
    page.goto(served.browser.url)
    expect(page.get_by_role("heading", name="What needs your attention")).to_have_count(0)
    assert len(served.buddy.added) == 1
