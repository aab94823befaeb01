"""Every setting of an action wherever it belongs: what is left out in any one place is found here."""

import json
import re
from itertools import pairwise
from typing import Any

import pytest
from support.buddy import StubBuddy
from support.pages import Browser, Page, text_of
from support.rigs import WIRE
from support.settings import ROWS, UNTOLD, VALUES, action_with, boxes_of, typed

from webapp.buddy.container import SETTINGS
from webapp.buddy.secrecy import REDACTED
from webapp.forms.action_form.form import LABELS

HERE = "/workspaces/buddy/projects/company-website/pipelines/2/actions"
RELEASE = "/workspaces/buddy/projects/mobile-api/pipelines/11/actions"
TOLD = [name for name in VALUES if name not in UNTOLD]
# Of an action that is there, where the image comes from can't be changed.
CHANGED = [name for name, values in VALUES.items() if len(values) > 1]


def test_the_table_has_every_setting_that_is_documented_and_no_other() -> None:
    assert sorted(SETTINGS) == sorted(VALUES)


def test_every_box_of_the_form_is_a_setting_and_every_setting_has_one() -> None:
    # Where the image comes from is one choice, and the API has a flag for one of them alone.
    assert LABELS.keys() - {"image_source"} == SETTINGS.keys() - {"use_image_from_action"}


def fill_in(page: Page, body: dict[str, Any]) -> dict[str, str | None]:
    """Type a request into boxes of a page, each of which must be there."""
    boxes = typed(body)
    assert boxes.keys() <= {element.get("name") for element in page.all("input", "select", "textarea")}
    return posted(boxes)


def posted(boxes: dict[str, str | None]) -> dict[str, str | None]:
    """Boxes as the browser of the tests takes them."""
    return {name.replace("-", "__"): value for name, value in boxes.items()}


def with_row(page: Page, name: str) -> Page:
    """The form with a row to fill in, where the setting has rows."""
    return page.press(f"add-{name}") if name in ROWS else page


def test_a_box_that_may_stay_empty_says_so(browser: Browser, new_form: str) -> None:
    form, maker = browser.get(new_form), browser.get("/templates/new")
    for name in ("export_container_path", "timeout", "retry_count", "retry_interval", "run_as_user", "entrypoint"):
        assert f"{LABELS[name]} (optional)" in form.text
    assert "What it is for (optional)" in maker.text


@pytest.mark.parametrize("name", VALUES)
def test_it_is_on_the_form_in_the_preview_on_the_wire_and_on_the_receipt(
    desk: Browser, upstream: StubBuddy, new_form: str, name: str
) -> None:
    body = action_with(name, VALUES[name][0])
    form = with_row(desk.get(new_form), name)
    preview = form.press("preview", **fill_in(form, body))
    shown = body | {"password": REDACTED} if "password" in body else body
    assert json.loads(preview.code("the request as JSON")) == shown
    receipt = preview.send()
    assert upstream.bodies == [body]
    (sent,) = [row for row in receipt.all("tr") if name in [text_of(code) for code in row.iter("code")]]
    value = shown[name] if isinstance(shown[name], str) else json.dumps(shown[name])
    assert "".join(text_of(next(sent.iter("td"))).split()) == "".join(value.split())


@pytest.mark.parametrize("name", TOLD)
def test_it_is_shown_of_an_action_and_copied_from_it(browser: Browser, name: str) -> None:
    body = action_with(name, VALUES[name][0])
    original, other = add(browser, body), add(browser, other_than(body, name))
    page = browser.get(f"{RELEASE}/{original['id']}")
    assert settings_on(page) != settings_on(browser.get(f"{RELEASE}/{other['id']}"))
    form = browser.get(page.links["Make another like it"])
    receipt = form.send(**{"password": "hush"} if "login" in body else {})
    copy = read(browser, fetch(browser, RELEASE)["actions"][-1]["id"])
    assert (receipt.heading.endswith("was added in the sandbox"), receipt.errors) == (True, [])
    assert told(copy) == told(original) != told(other)


@pytest.mark.parametrize("name", CHANGED)
def test_it_is_opened_changed_and_cleared(desk: Browser, upstream: StubBuddy, name: str) -> None:
    for old, new in pairwise(VALUES[name]):
        before = action_with(name, old)
        upstream.by_hand = [{"id": 7, **{key: value for key, value in before.items() if key not in UNTOLD}}]
        upstream.answer, upstream.numbered, upstream.bodies = (200, {"id": 7}), 0, []
        form = desk.get(f"{HERE}/7/edit")
        opened = {box: value for box, value in typed(before).items() if box not in UNTOLD}
        assert {box: form.fields.get(box) for box in opened} == opened
        receipt = form.send(**posted(boxes_of({name: new})))
        assert (receipt.heading.endswith("was changed"), receipt.errors) == (True, [])
        head = {key: before[key] for key in ("name", "type", "docker_image_name", "docker_image_tag")}
        assert upstream.bodies == [head | {name: new}]


def other_than(body: dict[str, Any], name: str) -> dict[str, Any]:
    """The same action with another value of one setting, or with none of what goes with it where there is no other."""
    return body | {name: VALUES[name][1]} if len(VALUES[name]) > 1 else WIRE


def settings_on(page: Page) -> str:
    """All that the page of an action tells but its number."""
    return re.sub(r"Number \d+", "", f"{page.heading} {page.text}")


def add(browser: Browser, body: dict[str, Any]) -> dict[str, Any]:
    """Add an action to the sandbox as another program would, and read it back."""
    headers = {"Authorization": "Bearer sandbox"}
    answer = browser.client.post(f"/sandbox/api{RELEASE}", json=body, headers=headers, base_url=browser.url)
    assert answer.status_code == 201, answer.json
    return read(browser, answer.json["id"])


def read(browser: Browser, id: int) -> dict[str, Any]:
    """An action that the sandbox has, in full."""
    return fetch(browser, f"{RELEASE}/{id}")


def fetch(browser: Browser, path: str) -> dict[str, Any]:
    """What the sandbox answers other programs."""
    headers = {"Authorization": "Bearer sandbox"}
    answer = browser.client.get(f"/sandbox/api{path}", headers=headers, base_url=browser.url)
    return dict(answer.json)


def told(action: dict[str, Any]) -> dict[str, Any]:
    """What is told of an action, without what is new in each."""
    told = {name: value for name, value in action.items() if name not in ("id", "url", "html_url")}
    return told | {"variables": [{**item, "id": None} for item in action["variables"]]}
