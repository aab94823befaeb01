"""The preview: what will happen, what will not be sent, the exact JSON, and a command that does the same."""

import json
from typing import Any

import pytest
import requests
from support.buddy import StubBuddy
from support.curl import run_in_shell
from support.pages import Browser, Document, Page, posted_fields
from support.rigs import LEAST, NEW, SECRETS
from support.server import Served, serving


def previewed(browser: Browser, new_form: str, **typed: str | None) -> Page:
    return browser.get(new_form).press("preview", **LEAST | typed)


def test_it_says_what_will_happen_and_sends_nothing(desk: Browser, upstream: StubBuddy, new_form: str) -> None:
    page = previewed(desk, new_form, trigger_time="ON_WARNING", disabled="true", after_action_id="1")
    assert (page.status, page.heading) == (200, "Review “Run tests”")
    assert (
        "Buddy will add “Run tests” to Live mirror, after “Build API”. "
        "Nothing is sent before you press the button below."
    ) in page.text
    assert page.under("Action") == "Action Name of the action Run tests"
    assert page.under("What it runs") == "What it runs make test"
    assert page.under("More options") == (
        "More options When it runs When the pipeline ends with a warning Switched off yes "
        "Position in the pipeline after “Build API”"
    )
    assert upstream.bodies == []


SOURCES = {
    "public": (
        {},
        "A public image Image name library/ubuntu Tag latest Registry address Docker Hub",
    ),
    "public, elsewhere": (
        {"registry": "ghcr.io"},
        "A public image Image name library/ubuntu Tag latest Registry address ghcr.io",
    ),
    "built, by number": (
        {"image_source": "action", "docker_build_action_id": "1"},
        "An image built earlier in this pipeline Image name library/ubuntu Tag latest Built earlier by “Build API” "
        "The name and tag are sent because Buddy asks for them, and not used.",
    ),
    "built, by an unknown number": (
        {"image_source": "action", "docker_build_action_id": "77"},
        "Built earlier by action number 77",
    ),
    "built, by name": (
        {"image_source": "action", "docker_build_action_name": "Build"},
        "Built earlier by “Build”",
    ),
    "built just before": (
        {"image_source": "action", "docker_build_action_id": "0"},
        "Built earlier by the action just before this one",
    ),
    "credentials": (
        {"image_source": "credentials", "registry": "ghcr.io", "login": "me", "password": "hush"},
        "A private registry, with a user name and password Image name library/ubuntu Tag latest "
        "Registry address ghcr.io User name me Password kept",
    ),
    "integration": (
        {"image_source": "integration", "integration": "ecr_prod", "region": "eu-central-1"},
        "A registry that is connected to Buddy Image name library/ubuntu Tag latest Integration ECR prod AWS region "
        "eu-central-1",
    ),
    "an unknown integration": (
        {"image_source": "integration", "integration": "other"},
        "Integration other",
    ),
}


@pytest.mark.parametrize("step", ["preview", "receipt"])
@pytest.mark.parametrize(("typed", "words"), SOURCES.values(), ids=SOURCES)
def test_the_preview_and_the_receipt_say_where_the_image_comes_from(
    desk: Browser, new_form: str, typed: dict[str, str], words: str, step: str
) -> None:
    page = previewed(desk, new_form, **typed)
    if step == "receipt":
        page, words = page.send(), words.replace("Password kept", "Password not shown")
    assert words in page.under("Image")
    assert "hush" not in page.html


def test_nothing_is_claimed_that_was_not_looked_up(desk: Browser, new_form: str) -> None:
    assert "anybody may read it" not in previewed(desk, new_form, docker_image_name="team/private").text


def test_volumes_and_variables_are_tables_and_secrets_are_kept(desk: Browser, new_form: str) -> None:
    rows = {
        "volume_mappings__0__source": "/",
        "volume_mappings__0__target": "/buddy/app",
        "variables__0__key": "APP_ENV",
        "variables__0__value": "test",
        "variables__0__description": "where it runs",
        "variables__1__key": "TOKEN",
        "variables__1__value": "canary-token",
        "variables__1__encrypted": "true",
        "variables__2__key": "EMPTY",
    }
    page = previewed(desk, new_form, **rows)
    volumes = [["Folder in the pipeline", "Folder in the container"], ["/", "/buddy/app"]]
    variables = [["Name", "Value", "More"], ["APP_ENV", "test", "“where it runs”"]]
    assert page.table("Volume mappings") == volumes
    assert page.table("Variables") == [*variables, ["TOKEN", "encrypted, kept", ""], ["EMPTY", "empty", ""]]
    receipt = page.send()
    assert receipt.table("Volume mappings") == volumes
    assert receipt.table("Variables") == [*variables, ["TOKEN", "encrypted, not shown", ""], ["EMPTY", "empty", ""]]
    assert "canary" not in page.html + receipt.html


# What a button of the preview leads back to → the box in which one goes on.
BACK = {
    "name": "name",
    "docker_image_name": "docker_image_name",
    "inline_commands": "inline_commands",
    "volume_mappings": "add-volume_mappings",
    "variables": "variables-0-key",
    "trigger_time": "trigger_time",
}


@pytest.mark.parametrize(("part", "box"), BACK.items(), ids=BACK)
def test_each_part_leads_back_to_its_box_in_the_filled_form(
    desk: Browser, upstream: StubBuddy, new_form: str, part: str, box: str
) -> None:
    secret = {"variables__0__key": "A", "variables__0__value": "canary", "variables__0__encrypted": "true"}
    page = previewed(desk, new_form, **secret, disabled=None)
    assert f"back-{part}" in [button.get("value") for button in page.all("button")]
    form = page.press(f"back-{part}")
    assert [element.get("id") for element in form.root.iter() if element.get("autofocus") is not None] == [box]
    assert (form.status, form.errors, form.fields["inline_commands"].strip()) == (200, [], "make test")
    options = form.by_id("more-options")
    assert options is not None and (options.get("open") is not None) == (part == "trigger_time")
    form.send()
    assert upstream.bodies[0]["variables"] == [{"key": "A", "value": "canary", "encrypted": True}]


def test_boxes_that_are_filled_in_but_not_sent_are_named(desk: Browser, new_form: str) -> None:
    page = previewed(desk, new_form, login="me", password="hush", docker_build_action_id="1", region="eu-west-1")
    for label in ("User name", "Password", "Build action", "AWS region"):
        assert f"{label}: not used with your choice at “Where the image comes from”" in page.text
    page = previewed(desk, new_form, image_source="integration", integration="hub", region="eu-west-1")
    assert "AWS region: not used with this integration" in page.text
    assert "Filled in, but not sent" not in previewed(desk, new_form).text


def test_the_json_is_exactly_what_is_sent_without_its_secrets(
    desk: Browser, upstream: StubBuddy, new_form: str
) -> None:
    page = previewed(desk, new_form, **SECRETS)
    shown = json.loads(page.code("the request as JSON"))
    assert "canary" not in page.html
    assert (shown["password"], shown["variables"][0]["value"]) == ("[secret]", "[secret]")
    page.send()
    (sent,) = upstream.bodies
    assert (sent["password"], sent["variables"][0]["value"]) == ("canary-password", "canary-variable")
    sent["password"] = sent["variables"][0]["value"] = "[secret]"
    assert shown == sent


def test_a_wrong_form_has_no_preview_but_its_errors(desk: Browser, new_form: str) -> None:
    page = previewed(desk, new_form, name="")
    assert (page.status, page.errors) == (422, ["Enter a name for the action, for example Run tests"])


def test_one_click_leads_back_to_the_filled_form(desk: Browser, new_form: str) -> None:
    typed = {"inline_commands": "\n a\n\tb\n", "variables__0__key": "A", "variables__0__value": "1\n\n2\n"}
    page = previewed(desk, new_form, **typed, disabled="true").press("back")
    for name, value in (LEAST | typed | {"disabled": "true"}).items():
        assert page.fields[name.replace("__", "-")].removeprefix("\n") == value.removeprefix("\n")
    assert page.errors == []


def test_names_that_nobody_defines_are_marked(desk: Browser, new_form: str) -> None:
    page = previewed(
        desk,
        new_form,
        inline_commands="echo $MINE $OTHERS\nX=1; echo $X",
        run_as_user="$containerUser",
        variables__0__key="MINE",
    )
    assert [element.text for element in page.all("mark")] == ["$OTHERS"]
    assert "$OTHERS, $containerUser are used here, but not defined in this form." in page.text
    assert "not defined" not in previewed(desk, new_form).text


def test_the_command_has_a_variable_of_the_shell_for_each_secret(
    desk: Browser, upstream: StubBuddy, new_form: str
) -> None:
    page = previewed(desk, new_form, **SECRETS)
    command = page.code("the request as a command")
    variables = {"REGISTRY_PASSWORD": "canary-password", "VARIABLE_A": "canary-variable"}
    run_in_shell(command, BUDDY_TOKEN="a-token", **variables)
    page.send()
    by_command, by_form = upstream.bodies
    assert by_command == by_form


def test_the_command_creates_the_same_action_in_the_sandbox_as_the_form() -> None:
    with serving() as served, requests.Session() as browser:
        form = browser.get(served.url + NEW, timeout=30)
        (element,) = Document("form", form.text).all("form")
        fields = dict(posted_fields(element)) | LEAST
        answer = browser.post(form.url, data=fields | {"button": "preview"}, timeout=30)
        page = Document("preview", answer.text)
        run_in_shell(page.code("the request as a command"), BUDDY_TOKEN="sandbox")
        browser.post(form.url.removesuffix("/new"), data=dict(posted_fields(next(page.all("form")))), timeout=30)
        by_command, by_form = added(served)
    assert by_command == by_form
    assert by_form["inline_commands"] == "make test"


def added(served: Served) -> list[dict[str, Any]]:
    """The container actions that the sandbox has in the contract's pipeline, without what is new in each."""
    address = f"{served.url}/sandbox/api{NEW.removesuffix('/new')}"
    headers = {"Authorization": "Bearer sandbox"}
    listed = requests.get(address, headers=headers, timeout=30).json()["actions"]
    ids = [action["id"] for action in listed if action["type"] == "RUN_DOCKER_CONTAINER"]
    whole = [requests.get(f"{address}/{id}", headers=headers, timeout=30).json() for id in ids]
    return [{key: item[key] for key in item.keys() - {"id", "url", "html_url"}} for item in whole]
