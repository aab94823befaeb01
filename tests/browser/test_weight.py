"""What a page weighs, how many requests it takes, and what script adds to it."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import Browser, Page, Request, expect
from support.buddy import AS_DOCUMENTED, StubBuddy
from support.server import Served, serving
from support.states import FORM, STATES, Stage, fill_in, on_sandbox
from support.waiting import press

pytestmark = pytest.mark.browser

# From within the page, since from outside one waits until the answer is there.
PRESS_TWICE = """async () => {
    const button = document.querySelector("button.primary");
    button.click();
    await new Promise(resolve => setTimeout(resolve, 100));
    button.click();
    return [button.textContent, document.getElementById("progress").textContent, button.ariaDisabled];
}"""
# What the page says from the moment of sending on.
SEND = """async () => {
    document.querySelector("button.primary").click();
    return document.body.innerText;
}"""
MOST_BYTES = 40 * 1024
PAGES = {"home": "/", "form": FORM, "submissions": "/submissions"}


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_first_page_is_light(
    chromium: Browser, slipway: Served, path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    context = chromium.new_context()
    page = context.new_page()
    ended: list[Request] = []
    page.on("requestfinished", lambda request: ended.append(request))
    page.goto(slipway.url + path, wait_until="networkidle")
    weights = {request.url.removeprefix(slipway.url): weight(request) for request in ended}
    context.close()
    with capsys.disabled():
        print(f"\n{path}: {sum(weights.values()):,} bytes over the wire in {len(weights)} requests: {weights}")
    assert sum(weights.values()) < MOST_BYTES
    assert all(request.url.startswith(slipway.url) for request in ended)
    assert sum(".css" in address for address in weights) == 1
    assert sum(".js" in address for address in weights) <= 2
    assert not [request.url for request in ended if request.resource_type == "font"]


def weight(request: Request) -> int:
    """All bytes of an answer: its head and its body as it travelled."""
    sizes = request.sizes()
    return sizes["responseHeadersSize"] + sizes["responseBodySize"]


def test_a_second_page_asks_for_no_file_again(chromium: Browser, slipway: Served) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(slipway.url, wait_until="networkidle")
    page.goto(f"{slipway.url}/submissions", wait_until="networkidle")
    sizes = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.transferSize)")
    context.close()
    assert sizes
    assert set(sizes) == {0}


def test_times_are_shown_in_the_persons_own_zone(chromium: Browser, slipway: Served) -> None:
    for zone, hours in (("Asia/Tokyo", 9), ("UTC", 0)):
        context = chromium.new_context(timezone_id=zone)
        page = context.new_page()
        STATES["created"](page, on_sandbox(slipway.url))
        time = page.locator("time").first
        moment = datetime.fromisoformat(time.get_attribute("datetime") or "").astimezone(UTC)
        assert time.text_content() == f"{moment + timedelta(hours=hours):%-d %B %Y, %H:%M}"
        assert time.get_attribute("title") == f"{moment:%-d %B %Y, %H:%M} UTC"
        context.close()


def test_what_was_sent_can_be_copied(chromium: Browser, slipway: Served) -> None:
    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    STATES["created"](page, on_sandbox(slipway.url))
    page.locator("summary").click()
    page.get_by_role("button", name="Copy the request as JSON").click()
    expect(page.get_by_role("status").get_by_text("Copied")).to_have_count(1)
    assert '"docker_image_name": "library/python"' in page.evaluate("navigator.clipboard.readText()")
    context.close()


def test_without_script_there_is_no_button_that_does_nothing(page: Page, script: bool, slipway: Served) -> None:
    STATES["created"](page, on_sandbox(slipway.url))
    page.locator("summary").click()
    for button in page.locator("[data-copy]").all():
        expect(button).to_be_visible(visible=script)


def test_the_send_button_shows_progress_and_can_not_be_pressed_twice(chromium: Browser, slipway: Served) -> None:
    context = chromium.new_context()
    page = context.new_page()
    choose_weather(page, slipway, "Slow")
    page.goto(slipway.url + FORM)
    fill_in(page, "Pressed twice")
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.url.endswith("/actions") else None)
    assert page.evaluate(PRESS_TWICE) == [
        "Adding…",
        "This can take up to 45 seconds. What you typed is kept.",
        "true",
    ]
    page.wait_for_url("**/submissions/*")
    assert len(posts) == 1
    choose_weather(page, slipway, "Fine")
    context.close()


def choose_weather(page: Page, slipway: Served, name: str) -> None:
    page.goto(f"{slipway.url}/sandbox/")
    page.get_by_role("button", name=f"Choose {name}").click()
    expect(page.get_by_role("button", name=f"Choose {name}")).to_have_count(0)


def test_before_anything_is_sent_nothing_says_how_long_that_takes(chromium: Browser, slipway: Served) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(slipway.url + FORM, wait_until="networkidle")
    expect(page.locator("#progress")).to_have_text("")
    context.close()


def test_while_something_is_being_sent_nothing_says_that_nothing_was(chromium: Browser, slipway: Served) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{slipway.url}/sandbox/")
    press(page.get_by_role("button", name="Choose Slow"))
    told = {"Check without sending": "Nothing has been sent yet.", "Review": "Nothing is sent before you press"}
    for button, words in told.items():
        page.goto(slipway.url + FORM)
        fill_in(page, f"Sent after {button}")
        page.get_by_role("button", name=button).click()
        expect(page.get_by_text(words)).to_be_visible()
        said = page.evaluate(SEND)
        assert "This can take up to 45 seconds." in said
        assert not re.search("nothing (has been|was) sent", said, re.IGNORECASE)
        page.wait_for_url("**/submissions/*")
    page.goto(slipway.url + FORM)
    fill_in(page, "Kept, then sent")
    page.locator("#docker_image_tag").fill("3.11")
    page.locator("#docker_image_tag").blur()
    expect(page.get_by_text("Nothing has been sent.")).to_be_visible()
    assert not re.search("nothing (has been|was) sent", page.evaluate(SEND), re.IGNORECASE)
    page.wait_for_url("**/submissions/*")
    page.goto(f"{slipway.url}/sandbox/")
    press(page.get_by_role("button", name="Choose Fine"))
    context.close()


def test_while_something_is_sent_again_its_receipt_says_no_more_that_nothing_was(chromium: Browser) -> None:
    context = chromium.new_context()
    page = context.new_page()
    upstream = StubBuddy(answer=AS_DOCUMENTED)
    with TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder, 'again.db')}"
        settings = {"BUDDY_TOKEN": "t", "BUDDY_API_ENDPOINT": upstream.url, "SLIPWAY_DATABASE_URL": database}
        with serving(**settings) as desk:
            STATES["not sent"](page, Stage("", desk.url, "", "", upstream))
            expect(page.get_by_text("Nothing was sent")).to_be_visible()
            upstream.gate.clear()
            said = page.evaluate(SEND)
            upstream.gate.set()
            assert not re.search("nothing (has been|was) sent", said, re.IGNORECASE)
            expect(page.get_by_role("heading", level=1)).to_contain_text("was added")
    upstream.close()
    context.close()
