"""What script keeps while somebody types, and a receipt that follows what it waits for."""

import re
from datetime import datetime, timedelta
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect
from support.pages import Document, text_of
from support.server import Served
from support.states import FORM, STYLE, fill_in
from support.waiting import press, until

pytestmark = pytest.mark.browser
PRESS_ON = """() => {
    const button = document.querySelector("button.primary");
    button.click();
    setInterval(() => button.click(), 10);
}"""


@pytest.fixture
def script() -> bool:
    """Without script there is a button for it."""
    return True


def test_a_button_pressed_while_a_draft_is_being_kept_loses_no_secret(page: Page, slipway: Served) -> None:
    for _ in range(5):
        page.goto(slipway.url + FORM)
        fill_in(page, "Kept in a hurry")
        page.locator("#image_source-credentials").check()
        page.locator("#login").fill("me")
        page.locator("#password").fill("canary-password")
        page.get_by_role("button", name="Add a volume").click()
        expect(page.get_by_text("A password is kept. Leave the box empty to use it.")).to_be_visible()
        page.get_by_role("button", name="Check without sending").click()
        expect(page.get_by_text("Everything is filled in correctly.")).to_be_visible()


def posts(page: Page, moment: Literal["request", "requestfinished"]) -> list[str]:
    """The last parts of the addresses that are posted to from here on, when each begins or has ended: those that keep
    something or send it."""
    found: list[str] = []

    def note(request: Request) -> None:
        name = request.url.rpartition("/")[2]
        if request.method == "POST" and name != "image":
            found.append(name)

    page.on(moment, note)
    return found


def test_what_is_sent_comes_after_what_is_being_kept_so_that_nothing_older_is_kept_over_it(
    page: Page, slipway: Served
) -> None:
    page.goto(slipway.url + FORM)
    held: list[Route] = []
    page.route("**/actions/draft", lambda route: held.append(route))
    posted = posts(page, "requestfinished")
    with page.expect_request("**/actions/draft"):
        fill_in(page, "Sent in a hurry")
    page.locator("button.primary").click()
    expect(page.locator("#progress")).to_contain_text("This can take up to 45 seconds.")
    held[0].continue_()
    expect(page.get_by_role("heading", level=1)).to_have_text("“Sent in a hurry” was added in the sandbox")
    assert posted == ["draft", "actions"]


def test_what_is_sent_after_what_is_being_kept_is_posted_once_however_often_it_is_pressed(
    page: Page, slipway: Served
) -> None:
    page.goto(slipway.url + FORM)
    held: list[Route] = []
    page.route("**/actions/draft", lambda route: held.append(route))
    posted = posts(page, "request")
    with page.expect_request("**/actions/draft"):
        fill_in(page, "Pressed again and again")
    page.evaluate(PRESS_ON)
    held[0].continue_()
    expect(page.get_by_role("heading", level=1)).to_have_text("“Pressed again and again” was added in the sandbox")
    assert posted == ["draft", "actions"]


def test_what_was_typed_is_kept_on_leaving_a_field_and_offered_when_the_tab_is_gone(
    page: Page, chromium: Browser, slipway: Served
) -> None:
    page.goto(slipway.url + FORM)
    fill_in(page, "Kept by itself")
    page.locator("#image_source-credentials").check()
    page.locator("#password").fill("canary-password")
    page.locator("#login").fill("me")
    page.locator("#registry").focus()
    draft = kept_draft(page, slipway, "Kept by itself", 'value="me"', "A password is kept.")
    page.context.clear_cookies()
    other = chromium.new_context().new_page()
    other.goto(slipway.url)
    press(other.get_by_role("link", name="Continue “Kept by itself”"))
    assert other.url == draft
    expect(other.get_by_label("Image name")).to_have_value("library/python")
    expect(other.get_by_text("A password is kept.")).to_be_visible()
    assert "canary" not in other.content()
    other.goto(slipway.url)
    press(other.get_by_role("button", name="Discard “Kept by itself”"))
    press(other.get_by_role("button", name="Yes, discard it"))
    expect(other.get_by_text("Kept by itself")).to_have_count(0)
    other.context.close()


def test_what_is_typed_without_leaving_the_field_is_kept_after_a_while_and_on_going_away(
    page: Page, slipway: Served
) -> None:
    page.goto(slipway.url + FORM)
    fill_in(page, "Typed on")
    commands = page.get_by_label("Commands", exact=True)
    commands.press_sequentially(" and on")
    kept_draft(page, slipway, "Typed on", " and on")
    commands.press_sequentially(" and on")
    page.goto(slipway.url)
    # The last save is still on its way while the next page comes.
    kept_draft(page, slipway, "Typed on", " and on and on")
    press(page.get_by_role("button", name="Discard “Typed on”"))
    press(page.get_by_role("button", name="Yes, discard it"))


def test_a_page_that_is_no_longer_the_newest_says_so_and_keeps_nothing(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    fill_in(page, "Twice open")
    page.get_by_role("button", name="Check without sending").click()
    expect(page.get_by_text("Everything is filled in correctly.")).to_be_visible()
    newer = page.context.new_page()
    newer.goto(slipway.url)
    press(newer.get_by_role("link", name="Continue “Twice open”"))
    # Of 24 hours as everywhere else, whatever the browser's language has.
    kept = re.compile(r"Draft kept at [0-9]{2}:[0-9]{2}\. ")
    for window, name, words in ((newer, "Newer", kept), (page, "Older", "changed on another page")):
        window.get_by_label("Name of the action").fill(name)
        window.get_by_label("Image name").focus()
        expect(window.locator("#kept")).to_contain_text(words)
    newer.goto(slipway.url)
    expect(newer.get_by_role("link", name="Continue “Newer”")).to_be_visible()
    expect(newer.get_by_role("link", name="Continue “Older”")).to_have_count(0)
    press(newer.get_by_role("button", name="Discard “Newer”"))
    press(newer.get_by_role("button", name="Yes, discard it"))


def test_a_field_that_is_left_while_a_draft_is_being_kept_is_kept_next(page: Page, slipway: Served) -> None:
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route("**/actions/draft", hold_the_first)
    page.clock.install()
    page.goto(slipway.url + FORM)
    # From here on what comes by itself after ten seconds does not come.
    page.clock.pause_at(datetime.now() + timedelta(hours=1))
    page.get_by_label("Name of the action").fill("Left in a hurry")
    page.get_by_label("Image name").fill("team/app")
    page.get_by_label("Tag", exact=True).fill("left-meanwhile")
    page.locator("#run_as_user").evaluate("box => box.focus()")
    (first,) = held
    with page.expect_request("**/actions/draft") as second:
        first.continue_()
    assert "left-meanwhile" in (second.value.post_data or "")
    kept_draft(page, slipway, "Left in a hurry", "left-meanwhile")


def kept_draft(page: Page, slipway: Served, name: str, *words: str) -> str:
    """Wait until the draft of this name holds these words; gives its address."""
    found: list[str] = []

    def kept() -> bool:
        links = Document("/", page.request.get(slipway.url).text()).all("a")
        found[:] = [slipway.url + link.get("href", "") for link in links if text_of(link) == f"Continue “{name}”"]
        return bool(found) and all(word in page.request.get(found[0]).text() for word in words)

    until(kept)
    return found[0]


def test_script_says_that_what_is_typed_is_not_kept_where_there_are_as_many_drafts_as_are_kept(
    page: Page, slipway: Served
) -> None:
    page.goto(slipway.url + FORM)
    page.route("**/actions/draft", lambda route: route.fulfill(status=507, json={"problem": "full"}))
    fill_in(page, "One draft too many")
    page.locator("#registry").focus()
    expect(page.locator("#kept")).to_contain_text("What you type is not kept: you have as many drafts")


def test_forms_that_were_only_opened_leave_no_draft(page: Page, slipway: Served) -> None:
    """However they were filled in, and although script keeps what is typed when a page is left."""

    def drafts() -> list[str]:
        page.goto(f"{slipway.url}/drafts")
        return page.get_by_role("link", name="Continue “").all_text_contents()

    before = drafts()
    like = f"{STYLE}/actions/9"
    for address in (FORM, f"{FORM}?name=From+a+link", f"{FORM}?like={like}", f"{like}/edit"):
        page.goto(slipway.url + address)
        expect(page.get_by_label("Name of the action")).to_be_visible()
        page.get_by_label("Image name").focus()
        page.get_by_label("Commands", exact=True).focus()
    page.goto(slipway.url + FORM)
    page.get_by_role("button", name="Add a variable").click()
    expect(page.locator("#variables-0-key")).to_be_focused()
    assert drafts() == before
