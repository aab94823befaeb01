"""Links that fill in the form: they carry what was typed, no secret, and send nothing."""

import pytest
from support.buddy import StubBuddy
from support.pages import Browser
from support.rigs import LEAST

FULL = {
    "name": "Run & test?",
    "image_source": "credentials",
    "docker_image_name": "team/app",
    "docker_image_tag": "1.2",
    "registry": "ghcr.io",
    "login": "me",
    "inline_commands": "echo \"$A\" 'é' 100%\n\tmake+test\n",
    "volume_mappings__0__source": "/",
    "volume_mappings__0__target": "/app",
    "variables__0__key": "A",
    "variables__0__value": "1\n2\n",
    "trigger_time": "ON_WARNING",
    "disabled": "true",
}
LINK = "the link to this form"
SECRETS = {
    "password": "canary-1",
    "variables__1__key": "ENCRYPTED",
    "variables__1__value": "canary-2",
    "variables__1__encrypted": "true",
    "variables__2__key": "API_TOKEN",
    "variables__2__value": "canary-3",
}


def test_a_link_fills_in_the_same_form_without_its_secrets(desk: Browser, upstream: StubBuddy, new_form: str) -> None:
    page = desk.get(new_form).press("link", **FULL | SECRETS)
    address = page.code(LINK)
    assert address.startswith(f"{desk.url}{new_form}?")
    assert "canary" not in address
    assert "kept" not in address
    opened = desk.get(address.removeprefix(desk.url))
    for name, value in FULL.items():
        assert opened.fields[name.replace("__", "-")].lstrip("\n") == value, name
    assert [opened.fields[f"variables-{number}-key"] for number in (0, 1, 2)] == ["A", "ENCRYPTED", "API_TOKEN"]
    assert "canary" not in opened.html
    assert opened.send().errors == [
        "Enter the password for the registry",
        "ENCRYPTED: enter the value",
        "API_TOKEN: enter the value",
    ]
    assert upstream.bodies == []


@pytest.mark.parametrize("value", [" ", "\t", "\n", " \n\u200b"])
def test_blanks_that_are_the_value_of_a_variable_come_back_from_a_link_and_a_file(
    desk: Browser, upstream: StubBuddy, new_form: str, value: str
) -> None:
    typed = {"variables__0__key": "SEPARATOR", "variables__0__value": value}
    address = desk.get(new_form).press("link", **LEAST | typed).code(LINK)
    desk.get(address.removeprefix(desk.url)).send()
    text = desk.get(new_form).press("yaml", **LEAST | typed).code("the action of a buddy.yml")
    desk.get(new_form).press("fill-run", run_command=text).send(name="Another one")
    assert [body["variables"] for body in upstream.bodies] == [[{"key": "SEPARATOR", "value": value}]] * 2


def test_what_is_typed_stays_and_what_is_usual_is_left_out(desk: Browser, new_form: str) -> None:
    page = desk.get(new_form).press("link", name="A")
    assert page.code(LINK) == f"{desk.url}{new_form}?name=A"
    assert page.fields["name"] == "A"
    assert "very long" not in page.text


def test_a_very_long_link_is_said_to_be_long(desk: Browser, new_form: str) -> None:
    assert "very long" in desk.get(new_form).press("link", inline_commands="x" * 8_000).text


TOKEN = "export DEPLOY_TOKEN=canary"
BOXES = {
    "name": "Name of the action",
    "docker_image_name": "Image name",
    "docker_image_tag": "Tag",
    "registry": "Registry address",
    "login": "User name",
    "integration": "Integration",
    "region": "AWS region",
    "docker_build_action_name": "Build action, by name",
    "inline_commands": "Commands",
    "run_as_user": "Run as user",
    "entrypoint": "Entrypoint",
    "export_container_path": "Export the container to",
    "volume_mappings-0-source": "Volume 1",
    "volume_mappings-0-target": "Volume 1",
    "variables-0-key": "Name or description of variable 1",
    "variables-0-value": "The value of variable 1",
    "variables-0-description": "Name or description of variable 1",
}


@pytest.mark.parametrize(("box", "label"), BOXES.items(), ids=BOXES)
def test_a_box_in_which_a_secret_may_stand_is_left_out_of_the_link_and_the_page_says_so(
    desk: Browser, new_form: str, box: str, label: str
) -> None:
    for text in (f"make\n{TOKEN}", "curl -H 'Authorization: Bearer canary' localhost", "docker login -p canary"):
        page = desk.get(new_form).press("link", **FULL | {box.replace("-", "__"): text})
        assert "canary" not in page.code(LINK)
        assert label in [" ".join("".join(item.itertext()).split()) for item in page.all("li")]
        # A box of one line shows a mark in place of a line break.
        shown = text if box in ("inline_commands", "variables-0-value") else text.replace("\n", "\ufffd")
        assert page.fields[box].lstrip("\n") == shown
        # A name that speaks of a secret makes its value one.
        others = FULL.keys() - {box.replace("-", "__"), "image_source", *(["variables__0__value"] * ("key" in box))}
        opened = desk.get(page.code(LINK).removeprefix(desk.url))
        assert all(opened.fields[name.replace("__", "-")].lstrip("\n") == FULL[name] for name in others)


def test_a_secret_of_the_form_that_stands_in_another_box_too_is_in_no_link(desk: Browser, new_form: str) -> None:
    form = desk.get(new_form).press("check", **FULL | SECRETS)
    for secret in ("canary-1", "canary-2"):
        page = form.press("link", inline_commands=f"./deploy {secret}")
        assert "canary" not in page.code(LINK)
        assert "Commands" in page.text


def test_commands_that_take_a_secret_from_a_variable_are_in_the_link(desk: Browser, new_form: str) -> None:
    commands = 'echo "$TOKEN" | docker login -u me --password-stdin\ncurl -H "Authorization: Bearer $TOKEN" x.example'
    page = desk.get(new_form).press("link", inline_commands=commands)
    assert "These are not in the link" not in page.text
    assert desk.get(page.code(LINK).removeprefix(desk.url)).fields["inline_commands"].lstrip("\n") == commands
