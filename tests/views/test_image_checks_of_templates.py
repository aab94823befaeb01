"""The check of a template's image: by its own password, for the image that it fixes, and nothing of it is shown."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from support.pages import Browser, Page, text_of
from support.prepared import REPORT

from webapp.prepared.boxes import Asked, Fixed, Use
from webapp.prepared.questions import Question
from webapp.prepared.rules import Choices, Option
from webapp.store.events import SLIPWAY

NEW = "/workspaces/buddy/projects/company-website/pipelines/2/actions/new"
CANARY = "canary-of-the-registry"
IMAGE: dict[str, Use] = {
    "docker_image_name": Fixed("acme/private-reports"),
    "docker_image_tag": Fixed("2.1.1"),
    "registry": Fixed(""),
    "login": Fixed("acme"),
}
VARIABLE = {"template:variable:DB_PASSWORD": "canary-of-the-database"}


def choice(box: str, *values: str) -> dict[str, Use]:
    """A question with a list of answers for a box."""
    return {box: Asked(Question("which", "Which", rule=Choices(tuple(Option(value, value) for value in values))))}


@pytest.fixture
def contributor(browser: Browser) -> Browser:
    """The sandbox as somebody uses it who may add from templates alone."""
    page = browser.get("/account")
    page.send_to("/account/role", role="contributor")
    return browser


def form_of(app: Flask, browser: Browser, password: str, **boxes: Use) -> Page:
    """The form of a template with these boxes."""
    template = replace(REPORT, boxes={**REPORT.boxes, **IMAGE, **boxes})
    id = app.extensions["slipway"].library.make(template, {"template:password": password, **VARIABLE}, SLIPWAY)
    return browser.get(f"{NEW}?template={id}")


def told(page: Page) -> str:
    place = page.by_id("image-told")
    assert place is not None
    return text_of(place)


def logins(app: Flask) -> set[str]:
    """The names that the registry was asked with."""
    return {each.login for each in app.extensions["slipway"].sandbox.registry.asked}


def test_a_contributor_checks_the_image_of_a_template_by_its_password(app: Flask, contributor: Browser) -> None:
    page = form_of(app, contributor, "sandbox").press("check-image", answers__country="pl")
    assert told(page).startswith("The image is there: sha256:")
    assert (logins(app), page.fields["answers-country"]) == ({"", "acme"}, "pl")


def test_a_tag_that_a_template_asks_for_is_checked_too(app: Flask, contributor: Browser) -> None:
    page = form_of(app, contributor, "sandbox", **choice("docker_image_tag", "2.1.1", "2.9"))
    page = page.press("check-image", answers__which="2.9")
    assert told(page).startswith("The registry has this image, but not with the tag 2.9.")
    assert not [each for each in page.all("button") if each.get("value", "").startswith("use-tag")]


@pytest.mark.parametrize("box", ["docker_image_name", "registry", "login"])
def test_where_an_answer_decides_what_it_is_for_the_password_stays(app: Flask, contributor: Browser, box: str) -> None:
    value = {"docker_image_name": "acme/private-reports", "registry": "docker.io", "login": "acme"}[box]
    page = form_of(app, contributor, "sandbox", **choice(box, value)).press("check-image", answers__which=value)
    assert told(page).startswith("The image is private or not there")
    assert logins(app) == {""}


def test_an_answer_that_is_not_on_the_list_goes_nowhere_with_the_password(app: Flask, contributor: Browser) -> None:
    page = form_of(app, contributor, "sandbox", **choice("docker_image_tag", "2.1.1"))
    page.press("check-image", answers__which="2.0.1")
    assert "acme" not in logins(app)


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """All that is logged."""
    with caplog.at_level(logging.DEBUG):
        yield caplog


def kept_in(folder: Path) -> bytes:
    """All that the database has written."""
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_nothing_of_a_templates_password_is_seen_anywhere(
    app: Flask, contributor: Browser, log: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    page = form_of(app, contributor, CANARY).press("check-image", answers__country="pl")
    assert told(page).startswith("The registry doesn't take this name and password")
    review = page.press("preview").press("check-reviewed-image")
    receipt = review.send()
    assert "The registry doesn't take this name and password" in receipt.text
    for place in (page.html, review.html, receipt.html, receipt.path, log.text):
        assert CANARY not in place
    assert CANARY.encode() not in kept_in(tmp_path)


def test_nobody_chooses_tags_on_the_form_of_a_template(app: Flask, contributor: Browser) -> None:
    page = form_of(app, contributor, "sandbox")
    for button in ("tags", "pin", "use-tag-2.0.1"):
        page.press(button)
    assert logins(app) == set()


def test_the_whole_forms_check_is_for_editors(app: Flask, contributor: Browser) -> None:
    page = form_of(app, contributor, "sandbox")
    fields = {name: text for name, text in page.fields.items() if name != "envelope"} | {"button": "check-image"}
    for path in (NEW, f"{NEW}/image"):
        answer = contributor.client.post(path, data=fields, base_url=contributor.url)
        assert answer.status_code == 403
    assert logins(app) == set()
