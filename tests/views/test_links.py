"""Links that fill in the form: they carry what was typed, no secret, and send nothing."""

from support.pages import Browser
from support.upstream import Upstream

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


def test_a_link_fills_in_the_same_form_without_its_secrets(desk: Browser, upstream: Upstream, new_form: str) -> None:
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
    assert opened.send().errors == ["Enter the password for the registry", "Enter the value", "Enter the value"]
    assert upstream.bodies == []


def test_what_is_typed_stays_and_what_is_usual_is_left_out(desk: Browser, new_form: str) -> None:
    page = desk.get(new_form).press("link", name="A")
    assert page.code(LINK) == f"{desk.url}{new_form}?name=A"
    assert page.fields["name"] == "A"
    assert "very long" not in page.text


def test_a_very_long_link_is_said_to_be_long(desk: Browser, new_form: str) -> None:
    assert "very long" in desk.get(new_form).press("link", inline_commands="x" * 8_000).text
