"""Checking an image and choosing a tag in a real browser, with script and without."""

import pytest
from playwright.sync_api import Browser, Page, expect
from support.server import Served
from support.states import FORM, STATES, fill_in, on_sandbox, send

pytestmark = pytest.mark.browser


def test_a_tag_that_is_not_there_is_told_and_another_one_taken(page: Page, slipway: Served) -> None:
    STATES["image not there"](page, on_sandbox(slipway.url))
    assert page.get_by_label("Name of the action").input_value() == "Run tests"
    assert page.get_by_label("Commands", exact=True).input_value().startswith("pip install")
    page.get_by_role("button", name="3.13.9", exact=True).click()
    expect(page.get_by_label("Tag", exact=True)).to_have_value("3.13.9")
    send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("“Run tests” was added in the sandbox")


def test_ten_thousand_tags_are_chosen_from_by_keyboard_alone(page: Page, slipway: Served, script: bool) -> None:
    page.goto(slipway.url + FORM)
    fill_in(page)
    page.get_by_label("Image name").fill("node")
    page.get_by_role("button", name="Choose a tag").press("Enter")
    expect(page.get_by_label("Find a tag")).to_be_focused()
    page.keyboard.type("22.1.2")
    if script:
        page.keyboard.press("ArrowDown")
    else:
        page.keyboard.press("Enter")
        expect(page.get_by_text("6 found.")).to_be_visible()
        page.get_by_label("Tags").focus()
    expect(page.get_by_label("Tags")).to_be_focused()
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    if not script:
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Tag", exact=True)).to_have_value("22.1.2-bookworm")
    expect(page.get_by_label("Find a tag")).to_have_count(0)


@pytest.mark.parametrize("script", [True])
def test_leaving_the_boxes_asks_and_sends_nothing_but_them(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    page.locator("#image_source-credentials").check()
    page.locator("#login").fill("acme")
    page.locator("#password").fill("canary")
    asks: list[str] = []
    page.on("request", lambda request: asks.append(request.url) if request.url.endswith("/image") else None)
    for label, text in (("Image name", "acme/private-reports"), ("Tag", "2.1.1")):
        page.get_by_label(label, exact=True).fill(text)
        page.keyboard.press("Tab")
    # Before it is entered which registry is meant, the name of a private image is nobody else's business.
    page.locator("#registry").fill("docker.io")
    with page.expect_request("**/new/image") as asked:
        page.keyboard.press("Tab")
    expect(page.get_by_text("The image is private or not there")).to_be_visible()
    assert "canary" not in (asked.value.post_data or "canary")
    assert len(asks) == 1
    page.get_by_role("button", name="Check the image").click()
    expect(page.get_by_text("The registry doesn't take this name and password")).to_be_visible()
    # The form stays as it is, with the password in its box.
    assert page.locator("#password").input_value() == "canary"
    page.locator("#password").fill("sandbox")
    page.get_by_role("button", name="Check the image").click()
    expect(page.get_by_text("The image is there: sha256:")).to_be_visible()


@pytest.mark.parametrize("script", [True])
def test_an_answer_to_what_is_no_longer_typed_is_dropped(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    fill_in(page)
    told = page.locator("#image-told")
    waiting = []
    page.route("**/new/image", lambda route: waiting.append(route) if not waiting else route.continue_())
    page.get_by_label("Tag", exact=True).fill("3.99")
    page.keyboard.press("Tab")
    expect(told).to_have_text("Looking whether the image is there…")
    # The form can be used meanwhile.
    page.get_by_label("Run as user").fill("root")
    page.get_by_label("Tag", exact=True).fill("3.14.0")
    page.keyboard.press("Tab")
    expect(told).to_contain_text("The image is there")
    waiting[0].continue_()
    page.wait_for_load_state("networkidle")
    expect(told).to_contain_text("The image is there")
    assert page.get_by_label("Run as user").input_value() == "root"


@pytest.mark.parametrize("script", [True])
def test_what_is_told_goes_at_the_first_letter_that_is_changed(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    fill_in(page)
    told, tag, password = page.locator("#image-told"), page.get_by_label("Tag", exact=True), page.locator("#password")
    tag.fill("3.14.0")
    tag.press("Tab")
    expect(told).to_contain_text("The image is there")
    tag.press("End")
    tag.press("9")
    expect(told).to_be_empty()
    # The tags of one image are none to choose from for another.
    page.get_by_role("button", name="Choose a tag").click()
    expect(page.get_by_label("Find a tag")).to_be_visible()
    page.get_by_label("Image name").press("x")
    expect(page.get_by_label("Find a tag")).to_have_count(0)
    expect(told).to_be_empty()
    page.locator("#image_source-credentials").check()
    for box, text in {"docker_image_name": "acme/private-reports", "registry": "docker.io", "login": "acme"}.items():
        page.locator(f"#{box}").fill(text)
    password.fill("wrong")
    expect(told).to_contain_text("private or not there")
    page.get_by_role("button", name="Check the image").click()
    expect(told).to_contain_text("doesn't take this name and password")
    password.press("x")
    expect(told).to_be_empty()


@pytest.mark.parametrize("script", [True])
def test_no_registry_is_asked_for_the_image_of_an_integration(page: Page, slipway: Served) -> None:
    page.goto(slipway.url + FORM)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/image") else None)
    page.locator("#image_source-integration").check()
    page.get_by_label("Image name").fill("team/app")
    page.get_by_label("Tag", exact=True).fill("1.2")
    page.get_by_label("Commands", exact=True).fill("ls")
    page.get_by_role("button", name="Check without sending").click()
    expect(page.locator("#summary")).to_be_visible()
    assert asked == []
    expect(page.get_by_role("button", name="Check the image")).to_be_hidden()


def test_leaving_a_box_moves_no_button_away_from_under_the_pointer(chromium: Browser, slipway: Served) -> None:
    page = chromium.new_page()
    page.goto(slipway.url + FORM)
    fill_in(page)
    page.get_by_label("Tag", exact=True).fill("3.99")
    button = page.locator("button.primary")
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 4)
    page.mouse.down()
    page.mouse.up()
    page.wait_for_url("**/submissions/*")
    page.close()


@pytest.mark.parametrize("script", [True])
def test_the_button_of_the_review_stays_in_one_line_on_a_phone(page: Page, slipway: Served) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(slipway.url + FORM)
    fill_in(page)
    page.locator("#preview").click()
    button = page.locator("#image-seen button")
    expect(button).to_be_visible()
    lines = button.evaluate(
        "(button) => { const words = document.createRange(); words.selectNode(button.firstChild);"
        " return words.getClientRects().length; }"
    )
    assert lines == 1
