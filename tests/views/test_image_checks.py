"""Whether an image is there: asked of the sandbox's registry, told on the form, the review and the receipt."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from support.clock import Clock
from support.databases import database_in
from support.pages import Browser, Page, text_of
from support.rigs import LEAST

from webapp.app import create_app
from webapp.registry.findings import Seen
from webapp.registry.hosts import Allowed
from webapp.sandbox.registry import Asked
from webapp.sandbox.weather import OF_REGISTRY, Weather
from webapp.settings import Settings
from webapp.submissions.image_checks import ImageCheck

NEW = "/workspaces/buddy/projects/company-website/pipelines/2/actions/new"
STYLE = "/workspaces/buddy/projects/company-website/pipelines/3/actions/9/edit"
SECRET = "sandbox"
PYTHON = {"docker_image_name": "library/python", "docker_image_tag": "3.14.0"}
PRIVATE = {
    "image_source": "credentials",
    "docker_image_name": "acme/private-reports",
    "docker_image_tag": "2.1.1",
    "login": "acme",
}


def asked(app: Flask) -> tuple[Asked, ...]:
    found: tuple[Asked, ...] = app.extensions["slipway"].sandbox.registry.asked
    return found


def told(page: Page) -> str:
    """What the page says of the image."""
    place = page.by_id("image-told")
    assert place is not None
    return text_of(place)


def buttons(page: Page) -> dict[str, str]:
    """The helper buttons by their words."""
    return {text_of(each): each.get("value", "") for each in page.all("button") if each.get("name") == "button"}


SENTENCES = {
    "there": (PYTHON, "The image is there: sha256:"),
    "there, in another registry": (
        {"docker_image_name": "astral-sh/uv", "docker_image_tag": "0.9.5", "registry": "ghcr.io"},
        "The image is there: sha256:",
    ),
    "another tag": (
        PYTHON | {"docker_image_tag": "3.13.99"},
        "The registry has this image, but not with the tag 3.13.99",
    ),
    "another image": (
        {"docker_image_name": "prometheus/promethius", "registry": "quay.io"},
        "The registry shows no such image to anybody without a name and password.",
    ),
    "private": (PRIVATE, "The image is private or not there"),
    "wrong password": (PRIVATE | {"password": "wrong"}, "The registry doesn't take this name and password"),
    "right password": (PRIVATE | {"password": SECRET}, "The image is there: sha256:"),
    "not allowed": ({"registry": "registry.company.example"}, "Not checked: registry.company.example is not one of"),
    "nameless": ({"docker_image_name": ""}, "Not checked: enter the name of the image first."),
    "tagless": ({"docker_image_tag": ""}, "Not checked: enter the tag first."),
}


@pytest.mark.parametrize(("typed", "sentence"), SENTENCES.values(), ids=SENTENCES)
def test_the_form_says_what_the_registry_says_and_keeps_what_was_typed(
    browser: Browser, typed: dict[str, str], sentence: str
) -> None:
    page = browser.get(NEW).press("check-image", **LEAST | typed)
    assert (page.status, told(page).startswith(sentence)) == (200, True), told(page)
    shown = {name: text for name, text in {**LEAST, **typed}.items() if name != "password"}
    assert shown.items() <= page.fields.items()
    assert SECRET not in page.fields.values()


def test_the_form_says_which_image_it_is_that_is_there(browser: Browser) -> None:
    typed = {"docker_image_name": "astral-sh/uv", "docker_image_tag": "0.9.5", "registry": "ghcr.io"}
    assert told(browser.get(NEW).press("check-image", **LEAST | typed)).endswith("Image: ghcr.io/astral-sh/uv:0.9.5.")


UNASKED = {
    "an integration": (
        {"image_source": "integration", "integration": "ecr_prod"},
        "the name and password of an integration",
    ),
    "built earlier": ({"image_source": "action", "docker_build_action_id": "0"}, "this image is built when"),
    "a variable": (PYTHON | {"docker_image_tag": "$TAG"}, "a variable stands in the name of the image"),
    "no source": ({"image_source": "none"}, "choose where the image comes from first"),
}


@pytest.mark.parametrize("button", ["check-image", "tags", "pin", "check-reviewed-image"])
@pytest.mark.parametrize(("typed", "sentence"), UNASKED.values(), ids=UNASKED)
def test_no_registry_is_asked_about_what_it_does_not_know(
    app: Flask, browser: Browser, typed: dict[str, str], sentence: str, button: str
) -> None:
    page = browser.get(NEW).press(button, **LEAST | typed)
    assert asked(app) == ()
    assert sentence in page.text or button == "check-reviewed-image"


@pytest.mark.parametrize("weather", [each for each in OF_REGISTRY if each is not Weather.SLOW])
def test_whatever_the_registry_does_the_action_can_be_added(app: Flask, browser: Browser, weather: Weather) -> None:
    app.extensions["slipway"].sandbox.state.registry_weather = weather
    page = browser.get(NEW).press("check-image", **LEAST)
    assert told(page).startswith("The image is there" if weather is Weather.FINE else "Not checked: ")
    assert page.send().heading == "“Run tests” was added in the sandbox"


def test_the_nearest_tags_are_buttons_that_fill_in(browser: Browser) -> None:
    page = browser.get(NEW).press("check-image", **LEAST | PYTHON | {"docker_image_tag": "3.13.99"})
    value = buttons(page)["3.13.9"]
    assert page.press(value).fields["docker_image_tag"] == "3.13.9"


def test_latest_is_pinned_to_the_version_that_it_is(browser: Browser) -> None:
    page = browser.get(NEW).press("check-image", **LEAST | PYTHON | {"docker_image_tag": "latest"})
    page = page.press(buttons(page)["Pin it to a version"])
    assert "At this moment latest is the same image as 3.14.0." in told(page)
    assert page.press(buttons(page)["3.14.0"]).fields["docker_image_tag"] == "3.14.0"


@pytest.mark.parametrize(
    "button", ["use-tag", "use-tag-3.13.9"], ids=["out of the list", "one that is the most alike, or the same"]
)
def test_what_is_known_of_a_tag_that_was_taken_comes_to_the_receipt(browser: Browser, button: str) -> None:
    browser.headers = {"Sec-Fetch-Mode": "navigate"}
    page = browser.get(NEW).press("tags", **LEAST | PYTHON).press(button, tag_choice="3.13.9")
    assert told(page).startswith("The image is there")
    assert [each.get("id") for each in page.root.iter() if each.get("autofocus") is not None] == ["docker_image_tag"]
    assert "The image is there" in page.send().text


def test_taking_a_tag_sends_no_password_to_the_registry(app: Flask, browser: Browser) -> None:
    typed = LEAST | PRIVATE | {"registry": "docker.io", "password": SECRET}
    page = browser.get(NEW).press("use-tag-2.1.0", **typed)
    assert (page.fields["docker_image_tag"], {each.login for each in asked(app)}) == ("2.1.0", {""})


def options(page: Page) -> list[str]:
    return [text_of(each) for each in page.all("option") if each.get("value") is None]


def test_a_tag_is_found_and_taken_without_script(browser: Browser) -> None:
    page = browser.get(NEW).press("tags", **LEAST | {"docker_image_name": "node"})
    assert "The registry has 10,000 tags of this image." in told(page)
    assert (len(options(page)), options(page)[0]) == (100, "24.18.2")
    assert "10,000 found, of which these are the first 100." in page.text
    page = page.press("tags", tag_filter="22.1.0-AL")
    assert options(page) == ["22.1.0-alpine"]
    page = page.press("use-tag", tag_choice="22.1.0-alpine")
    assert (page.fields["docker_image_tag"], page.by_id("tags")) == ("22.1.0-alpine", None)


def test_enter_finds_tags_where_the_text_to_find_is_new_and_checks_the_form_otherwise(browser: Browser) -> None:
    browser.headers = {"Sec-Fetch-Mode": "navigate"}
    page = browser.get(NEW).press("tags", **LEAST | {"docker_image_name": "node", "name": ""})
    page = page.press("enter", tag_filter="22.1.0-AL")
    assert (page.errors, options(page)) == ([], ["22.1.0-alpine"])
    for checked in (page.press("enter"), browser.get(NEW).press("enter", **LEAST | {"name": ""})):
        assert checked.errors == ["Enter a name for the action, for example Run tests"]


def test_the_tag_that_was_typed_is_found_first_and_no_pre_release_is_chosen_by_itself(browser: Browser) -> None:
    page = browser.get(NEW).press("tags", **LEAST | {"docker_image_name": "python"})
    assert options(page)[0] == "3.14"
    assert options(page.press("tags", tag_filter="3.12"))[0] == "3.12"


@pytest.mark.parametrize("tag", ["", "a b", "x" * 200, "$(id)"])
def test_what_is_no_tag_is_not_taken(browser: Browser, tag: str) -> None:
    page = browser.get(NEW).press("use-tag", **LEAST, tag_choice=tag)
    assert page.fields["docker_image_tag"] == "latest"


def test_the_review_says_what_was_known_and_asks_again(app: Flask, browser: Browser) -> None:
    review = browser.get(NEW).press("preview", **LEAST | PYTHON)
    assert "Not checked." in review.under("Image check")
    assert asked(app) == ()
    review = review.press("check-reviewed-image")
    assert review.heading == "Review “Run tests”"
    assert "The image is there: sha256:" in review.under("Image check")
    assert "Checked" in review.under("Image check")


def test_the_receipt_keeps_what_was_known(browser: Browser) -> None:
    receipt = browser.get(NEW).press("check-image", **LEAST | PYTHON | {"docker_image_tag": "3.99"}).send()
    assert receipt.heading == "“Run tests” was added in the sandbox"
    assert "The registry has this image, but not with the tag 3.99." in receipt.text
    assert "The registry has this image" in browser.get(receipt.path).text


def test_the_receipt_does_not_say_of_what_could_not_be_checked_that_it_was(browser: Browser) -> None:
    form = browser.get(NEW).press("check-image", **LEAST | {"registry": "registry.company.example"})
    page = form.send()
    assert "Not checked: registry.company.example is not one of" in page.text
    assert ("Tried " in page.text, "Checked " in page.text) == (True, False)


def test_the_receipt_says_nothing_of_another_image_than_was_sent(browser: Browser) -> None:
    page = browser.get(NEW).press("check-image", **LEAST | PYTHON)
    receipt = page.send(docker_image_tag="3.13.9")
    assert (receipt.heading, "The image is there" in receipt.text) == ("“Run tests” was added in the sandbox", False)
    assert "Image check not done" in receipt.text


@pytest.mark.parametrize(("address", "typed"), [(NEW, LEAST), (STYLE, {"docker_image_tag": "22.1.0"})])
def test_the_receipt_says_that_nobody_was_asked(browser: Browser, address: str, typed: dict[str, str]) -> None:
    assert "Image check not done" in browser.get(address).send(**typed).text


def test_what_was_known_with_one_password_is_not_told_of_another(browser: Browser) -> None:
    page = browser.get(NEW).press("check-image", **LEAST | PRIVATE | {"password": SECRET})
    assert told(page.press("check")).startswith("The image is there")
    assert told(page.press("check", password="another")) == ""


@pytest.mark.parametrize("tag", ["3.14.0", "3.13.99"], ids=["there", "not there"])
def test_a_whole_form_is_called_correct_unless_its_image_is_not_there(browser: Browser, tag: str) -> None:
    page = browser.get(NEW).press("check-image", **LEAST | PYTHON | {"docker_image_tag": tag}).press("check")
    correct = "Everything is filled in correctly." in page.text
    assert (correct, "Nothing is missing." in page.text) == (tag == "3.14.0", tag != "3.14.0")


def test_a_kept_password_is_used_and_never_shown(app: Flask, browser: Browser) -> None:
    page = browser.get(NEW).press("check-image", **LEAST | PRIVATE | {"password": SECRET})
    assert page.fields["password_kept"]
    page = page.press("check-image")
    assert told(page).startswith("The image is there")
    assert "acme" in {each.login for each in asked(app)}


ELSEWHERE = {
    "another registry": {"registry": "quay.io"},
    "another registry before the name": {"docker_image_name": f"quay.io/acme/app@sha256:{'a' * 64}"},
    "another registry before a digest in the tag": {
        "docker_image_name": "quay.io/acme/app@sha256",
        "docker_image_tag": "a" * 64,
    },
    "another user name": {"login": "somebody-else"},
}


@pytest.mark.parametrize("button", ["check-image", "tags", "pin"])
@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_kept_password_goes_to_no_other_registry_and_with_no_other_name(
    app: Flask, browser: Browser, name: str, button: str
) -> None:
    page = browser.get(NEW).press("add-variables", **LEAST | PRIVATE | {"password": SECRET})
    page = page.press(button, **ELSEWHERE[name])
    assert asked(app) == ()
    assert "The password that is kept was typed for another registry or user name: type it again." in page.text
    assert told(page) == (
        "Not checked: enter the password again. The one that is kept was typed for another registry or user name."
    )


def test_a_kept_password_is_not_sent_to_buddy_for_another_registry(browser: Browser) -> None:
    page = browser.get(NEW).press("add-variables", **LEAST | PRIVATE | {"password": SECRET})
    refused = page.send(registry="quay.io")
    assert refused.status == 422
    assert "Enter the password again: the one that is kept was typed for another registry or user name" in refused.text
    assert refused.send(registry="").heading == "“Run tests” was added in the sandbox"


def test_a_password_that_is_typed_again_goes_to_the_new_registry(app: Flask, browser: Browser) -> None:
    page = browser.get(NEW).press("add-variables", **LEAST | PRIVATE | {"password": "wrong", "login": "other"})
    page = page.press("check-image", login="acme", password=SECRET)
    assert told(page).startswith("The image is there")
    assert told(page.press("check-image", registry="docker.io")).startswith("The image is there")


def test_a_draft_keeps_what_was_known(browser: Browser) -> None:
    page = browser.get(NEW).press("check-image", **LEAST | PYTHON).press("add-variables")
    draft = next(link for words, link in browser.get("/drafts").links.items() if "Run tests" in words)
    assert told(page).startswith("The image is there")
    assert told(browser.get(draft)).startswith("The image is there")


def test_the_form_of_a_change_has_the_same(browser: Browser) -> None:
    page = browser.get(STYLE).press("check-image", docker_image_tag="22.1.0")
    assert told(page).startswith("The image is there")
    receipt = page.send()
    assert "The image is there" in receipt.text


def leave_the_boxes(browser: Browser, address: str, **typed: str) -> Any:
    """What script asks when somebody leaves the image boxes."""
    fields = {**browser.get(address).fields, **typed}
    return browser.client.post(f"{address}/image", data=fields, base_url=browser.url)


@pytest.mark.parametrize("address", [NEW, STYLE])
def test_script_gets_the_same_as_a_part_of_the_page(browser: Browser, address: str) -> None:
    answer = leave_the_boxes(browser, address, **PYTHON)
    assert answer.status_code == 200
    assert re.match(r'\s*<div id="image-told" data-envelope="[^"]+">', answer.text)
    assert "The image is there: sha256:" in answer.text


@pytest.mark.parametrize("image", ["acme/private-reports", "acme/misspelt"])
def test_leaving_the_boxes_sends_no_password_to_the_registry_and_says_so(
    app: Flask, browser: Browser, image: str
) -> None:
    typed = {**PRIVATE, "docker_image_name": image, "registry": "docker.io"}
    answer = leave_the_boxes(browser, NEW, **typed, password=SECRET)
    assert "Not checked with the user name and password: press “Check the image” for that." in answer.text
    assert {each.login for each in asked(app)} == {""}
    assert "The image is private or not there" in leave_the_boxes(browser, NEW, **typed).text


def test_the_name_of_a_private_image_goes_nowhere_until_its_registry_is_entered(app: Flask, browser: Browser) -> None:
    answer = leave_the_boxes(browser, NEW, **PRIVATE, registry=" ", password=SECRET)
    assert "Not checked: enter the registry first." in answer.text
    assert asked(app) == ()


def test_the_button_of_script_asks_with_the_password_and_keeps_nothing(app: Flask, browser: Browser) -> None:
    typed = PRIVATE | {"password": SECRET, "button": "check-image"}
    page = browser.get(NEW)
    answer = browser.client.post(f"{NEW}/image", data=page.fields | LEAST | typed, base_url=browser.url)
    assert "The image is there: sha256:" in answer.text
    envelope = re.search(r'data-envelope="([^"]+)"', answer.text)
    assert envelope is not None
    assert "You have no drafts." in browser.get("/drafts").text
    assert "The image is there" in page.send(**LEAST | PRIVATE | {"password": SECRET, "envelope": envelope[1]}).text


def test_what_script_has_learned_is_on_the_receipt(browser: Browser) -> None:
    page = browser.get(NEW)
    fields = {**page.fields, **LEAST, **PYTHON}
    answer = browser.client.post(f"{NEW}/image", data=fields, base_url=browser.url)
    envelope = re.search(r'data-envelope="([^"]+)"', answer.text)
    assert envelope is not None
    assert "The image is there" in page.send(**LEAST | PYTHON | {"envelope": envelope[1]}).text


def test_a_part_of_the_page_is_for_nobody_elses_form(browser: Browser) -> None:
    answer = leave_the_boxes(browser, NEW, **PYTHON, csrf_token="another")
    assert answer.status_code == 400


def test_the_registry_is_never_asked_for_a_manifest_itself(app: Flask, browser: Browser) -> None:
    browser.get(NEW).press("check-image", **LEAST | PYTHON | {"docker_image_tag": "latest"}).press("pin")
    methods = {each.method for each in asked(app) if "/manifests/" in each.path}
    assert methods == {"HEAD"}


def test_nothing_of_a_password_is_kept_with_what_was_known(app: Flask, browser: Browser) -> None:
    canary = "canary-8c1f"
    receipt = browser.get(NEW).press("check-image", **LEAST | PRIVATE | {"password": canary}).send()
    row = app.extensions["slipway"].journal.find(receipt.path.rpartition("/")[2])
    assert row.image_check["seen"] == Seen.REFUSED.value
    assert canary not in repr(row.image_check) + receipt.html


def test_a_second_press_asks_nothing_again(app: Flask, browser: Browser) -> None:
    page = browser.get(NEW)
    first = page.press("check-image", **LEAST | PYTHON)
    once = len(asked(app))
    second = page.press("check-image", **LEAST | PYTHON)
    assert (told(first), len(asked(app))) == (told(second), once)


def test_how_long_a_registry_takes_no_questions_is_told_as_a_time_of_day(tmp_path: Path) -> None:
    clock = Clock()
    app = create_app(Settings(database_url=database_in(tmp_path)), clock)
    browser = Browser(app, app.extensions["slipway"].settings.url)
    app.extensions["slipway"].sandbox.state.registry_weather = Weather.RATE_LIMITED
    page = browser.get(NEW).press("check-image", **LEAST | PYTHON)
    until = f"{clock.now + timedelta(seconds=120 + 59):%H:%M} UTC"
    words = f"Not checked: the registry takes no more questions at this moment. Check again after {until}."
    assert told(page).startswith(words)
    review = page.press("preview")
    clock.forward(seconds=600)
    tags, receipt = page.press("tags"), review.send()
    app.extensions["slipway"].close()
    assert words in review.text
    assert words in receipt.text
    assert "Check again after" in told(tags)


def test_where_nobody_may_be_asked_there_is_nothing_to_press(tmp_path: Path) -> None:
    app = create_app(Settings(database_url=database_in(tmp_path), registries=Allowed.parse("none")))
    browser = Browser(app, app.extensions["slipway"].settings.url)
    page = browser.get(NEW)
    review = page.press("preview", **LEAST)
    receipt = page.send(**LEAST)
    app.extensions["slipway"].close()
    assert "Image check not done" not in receipt.text
    for each in (page, review):
        assert not {"check-image", "tags", "check-reviewed-image"} & set(buttons(each).values())
    assert "Image check" not in review.text


def test_a_run_that_failed_for_its_tag_leads_to_the_check(tmp_path: Path) -> None:
    clock = Clock()
    app = create_app(Settings(database_url=database_in(tmp_path)), clock)
    app.extensions["slipway"].sandbox.state.clock = clock
    browser = Browser(app, app.extensions["slipway"].settings.url)
    receipt = browser.get(NEW).send(**LEAST | {"docker_image_tag": "3.99"})
    ask = browser.get(receipt.links["Try it"])
    run = ask.send_to(ask.path.partition("?")[0].removesuffix("/new"))
    clock.forward(seconds=60)
    page = browser.get(run.path)
    form = browser.get(next(link for words, link in page.links.items() if words.startswith("Change the tag")))
    app.extensions["slipway"].close()
    assert "On its form, “Check the image” asks the registry" in page.text
    assert {"Check the image", "Choose a tag"} <= set(buttons(form))


def test_a_receipt_is_shown_whatever_a_newer_slipway_has_written_of_the_image() -> None:
    written = ImageCheck("a", "python:3", "there", "The image is there.", 0).to_json() | {"platform": "arm64"}
    assert ImageCheck.from_json(written) == ImageCheck("a", "python:3", "there", "The image is there.", 0)
