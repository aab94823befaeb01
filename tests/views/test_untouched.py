"""What Buddy has already: it is never refused, goes back as it was, and what of it does not come along is named."""

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from support.buddy import StubBuddy
from support.examples import EXAMPLES
from support.pages import Browser, Page

HERE = "/workspaces/buddy/projects/company-website/pipelines/2/actions"
STORED = {
    "id": 7,
    "name": "Stored",
    "type": "RUN_DOCKER_CONTAINER",
    "docker_image_name": "team/app",
    "docker_image_tag": "1",
    "inline_commands": "make",
}
# What goes along with every change.
HEAD = {name: STORED[name] for name in ("name", "type", "docker_image_name", "docker_image_tag")}


def variable(key: str, value: str = "1", **more: Any) -> dict[str, Any]:
    return {"key": key, "value": value, **more}


def opened(browser: Browser, buddy: StubBuddy, **fields: Any) -> Page:
    buddy.by_hand = [STORED | fields]
    return browser.get(f"{HERE}/7/edit")


def test_an_action_with_very_many_variables_can_be_changed(desk: Browser, upstream: StubBuddy) -> None:
    held = [variable(f"V{number}") for number in range(250)]
    page = opened(desk, upstream, variables=held).send(variables__0__value="2")
    assert (page.status, page.errors) == (200, [])
    assert upstream.bodies == [HEAD | {"variables": [variable("V0", "2"), *held[1:]]}]


def test_what_this_form_would_refuse_goes_back_beside_what_is_changed(desk: Browser, upstream: StubBuddy) -> None:
    odd = [variable("my.key"), variable("B", "\x1b[0m"), variable("C"), variable("C", "2"), variable("E", "x" * 70_000)]
    page = opened(desk, upstream, variables=[variable("A"), *odd]).send(variables__0__value="2")
    assert (page.status, page.errors) == (200, [])
    assert upstream.bodies == [HEAD | {"variables": [variable("A", "2"), *odd]}]


def test_what_is_changed_to_what_stands_in_an_untouched_row_is_told(desk: Browser, upstream: StubBuddy) -> None:
    page = opened(desk, upstream, variables=[variable("A"), variable("B"), variable("C")])
    assert page.send(variables__0__key="B", variables__0__value="2").errors == [
        "B: the name must differ from variable 2"
    ]
    assert page.send(variables__0__key="B").errors == ["B: the name must differ from variable 1"]
    assert page.send(variables__2__key="B").errors == ["B: the name must differ from variable 2"]
    assert page.send(variables__2__key="my.key").error_at("variables-2-key").startswith("The name must be letters")
    assert upstream.bodies == []


def test_a_folder_that_this_form_would_refuse_goes_back_beside_what_is_changed(
    desk: Browser, upstream: StubBuddy
) -> None:
    page = opened(desk, upstream, volume_mappings=["/a:/b", "/c:/d$", "/e:/b"])
    assert page.send(volume_mappings__0__source="/x").errors == [
        "Volume 1 (/b): the folder in the container must differ from volume 3"
    ]
    page.send(volume_mappings__0__target="/x")
    assert upstream.bodies == [HEAD | {"volume_mappings": ["/a:/x", "/c:/d$", "/e:/b"]}]


LETTERS = [variable("A"), variable("W", "a\r\nb\rc\n", description=" two \u3000 "), variable("X", "\r\n")]


def test_line_ends_and_blanks_go_back_to_the_letter_and_are_no_change(desk: Browser, upstream: StubBuddy) -> None:
    page = opened(desk, upstream, variables=LETTERS)
    assert page.send().text.count("Nothing was changed on this form") == 1
    preview = page.press("preview", variables__0__value="2")
    assert "Variable A 1 2" in preview.text
    assert "Variable W" not in preview.text and "Variable X" not in preview.text
    page.send(variables__0__value="2")
    assert upstream.bodies == [HEAD | {"variables": [variable("A", "2"), *LETTERS[1:]]}]


def test_what_is_typed_over_them_is_sent_as_it_was_typed(desk: Browser, upstream: StubBuddy) -> None:
    opened(desk, upstream, variables=LETTERS).send(variables__1__value="a\r\nb")
    sent = upstream.bodies[0]["variables"][1]
    assert (sent["value"], sent["description"]) == ("a\nb", "two")


def test_commands_with_other_line_ends_stay_when_something_else_is_changed(desk: Browser, upstream: StubBuddy) -> None:
    opened(desk, upstream, inline_commands="a\r\nb\r\n").send(docker_image_tag="2")
    assert upstream.bodies == [HEAD | {"docker_image_tag": "2"}]


def test_a_value_that_a_change_takes_as_a_secret_is_kept_nowhere_to_the_letter(
    desk: Browser, upstream: StubBuddy, personal: Flask
) -> None:
    page = opened(desk, upstream, variables=[variable("A"), variable("W", "canary\r\n")])
    page.send(variables__1__encrypted="true", variables__1__value="new")
    assert upstream.bodies[0]["variables"][1]["value"] == "new"
    with personal.extensions["slipway"].journal._engine.connect() as database:
        assert "canary" not in str(database.execute(text("select * from submissions")).all())


ODD = " one\nline\r\nor two \u3000"
# Each box of one line, with what else an action has whose form has this box.
LINES: list[dict[str, Any]] = [
    {"name": ODD},
    {"docker_image_name": ODD},
    {"docker_image_tag": ODD},
    {"run_as_user": ODD},
    {"entrypoint": ODD},
    {"export_container_path": ODD},
    {"registry": ODD},
    {"registry": ODD, "region": ODD, "integration": {"identifier": ODD}},
    {"registry": ODD, "login": ODD, "password": "canary"},
    {"use_image_from_action": True, "docker_build_action_name": ODD},
    {"volume_mappings": ["/a:/b", f"/c{ODD}:/d{ODD}"]},
    {"variables": [variable("A", description=ODD), variable(ODD)]},
]


@pytest.mark.parametrize("held", LINES, ids=lambda held: "-".join(held))
def test_what_no_box_of_one_line_can_hold_goes_back_to_the_letter_and_is_no_change(
    desk: Browser, upstream: StubBuddy, held: dict[str, Any]
) -> None:
    page = opened(desk, upstream, **held)
    assert "Nothing was changed on this form" in page.send().text
    head = HEAD | {name: held[name] for name in HEAD if name in held}
    page = page.press("preview", inline_commands="make test", retry_count="2")
    assert [row[0] for row in page.table("What is changed")] == ["Setting", "Commands", "Tries after a failure"]
    receipt = page.send()
    assert (receipt.status, receipt.errors) == (200, [])
    assert upstream.bodies == [head | {"inline_commands": "make test", "retry_count": 2}]
    assert [row[0] for row in receipt.table("What is changed")][1:] == ["Commands", "Tries after a failure"]


@pytest.mark.parametrize("name", ["name", "run_as_user", "entrypoint", "docker_image_tag"])
def test_what_is_typed_over_it_is_sent_as_it_was_typed(desk: Browser, upstream: StubBuddy, name: str) -> None:
    opened(desk, upstream, **{name: ODD}).send(**{name: "new"})
    assert upstream.bodies == [HEAD | {name: "new"}]


def test_a_description_of_several_lines_goes_back_beside_what_is_changed(desk: Browser, upstream: StubBuddy) -> None:
    held = [variable("A"), variable("B", description=ODD), variable("C", "x\r", description=ODD)]
    opened(desk, upstream, variables=held).send(variables__0__value="2")
    assert upstream.bodies == [HEAD | {"variables": [variable("A", "2"), *held[1:]]}]


def test_a_copy_says_beforehand_that_a_box_has_one_line(desk: Browser, upstream: StubBuddy) -> None:
    upstream.by_hand = [STORED | {"name": "My\nname", "run_as_user": "a\nb", "entrypoint": " sh\n"}]
    page = desk.get(f"{HERE}/new?like={HERE}/7")
    said = "To be changed before it can be sent: The {} must have no hidden or unreadable characters"
    assert said.format("name of the action") in page.text and said.format("user") in page.text
    assert page.text.count("To be changed") == 2
    assert page.send().errors[0].startswith("The name of the action must have no hidden or unreadable characters")
    assert upstream.bodies == []


def test_a_folder_or_a_name_that_no_page_can_hold_is_changed_in_buddy_alone(desk: Browser, upstream: StubBuddy) -> None:
    page = opened(desk, upstream, volume_mappings=["/a:/b", "/c:/d\x7f"], variables=[variable("A"), variable("B\x7f")])
    errors = page.send(volume_mappings__0__target="/x", variables__0__value="2").errors
    assert [error.partition(" must be changed in Buddy")[0] for error in errors] == ["Volume mappings", "Variables"]
    assert upstream.bodies == []


# Each field that Buddy's own document knows for this type and this form does not show, with something in it.
GAPS: dict[str, Any] = {
    "cache_base_image": True,
    "cached_dirs": ["/cache"],
    "docker_registry": "PACKAGE_REGISTRY",
    "execute_commands": ["other commands"],
    "execute_every_command": True,
    "ignore_image_pull_failures": True,
    "image_location": "PACKAGE_REGISTRY",
    "insecure_registry": True,
    "loop": ["A"],
    "main_service_name": "db",
    "package": "p",
    "permissions": {"others": "READ_ONLY"},
    "reset_entrypoint": True,
    "run_next": "IN_SOFT_PARALLEL",
    "services": [{"type": "MARIADB"}],
    "setup_commands": ["apt-get update"],
    "shell": "BASH",
    "target_stage": "t",
    "trigger_conditions": [{"trigger_condition": "ALWAYS"}],
    "unit_tests_path": "/t",
    "unit_tests_suite": "s",
    "version": "1",
    "vt_suite": "v",
    "working_directory": "/w",
}
SHOWN: dict[str, Any] = {
    "docker_build_action_id": 0,
    "docker_build_action_name": "",
    "entrypoint": "/bin/sh",
    "export_container_path": "/out",
    "ignore_errors": True,
    "disabled": True,
    "integration": None,
    "login": "me",
    "password": "canary",
    "mount_filesystem_disable": True,
    "region": "",
    "registry": "ghcr.io",
    "retry_count": 1,
    "retry_interval": 2,
    "run_as_user": "root",
    "run_only_on_first_failure": True,
    "timeout": 3,
    "trigger_time": "ON_FAILURE",
    "variables": [variable("A"), variable("F", "QQ==", type="FILE", file_path="/f", file_chmod="600")],
    "volume_mappings": ["/:/app"],
}
ABOUT = {"current_revision": "1", "html_url": "", "last_execution_status": "SUCCESSFUL", "pipeline": {}, "url": ""}


def test_every_field_that_buddy_documents_is_here() -> None:
    schemas = json.loads((EXAMPLES / "buddy-openapi.json").read_text())["schemas"]
    assert set(schemas["RunDockerContainerActionResponse"]["properties"]) == {*GAPS, *SHOWN, *ABOUT, *STORED}


def test_a_copy_names_each_field_that_does_not_come_along(desk: Browser, upstream: StubBuddy) -> None:
    upstream.by_hand = [STORED | SHOWN | GAPS | ABOUT]
    page = desk.get(f"{HERE}/new?like={HERE}/7")
    assert f"{', '.join(sorted(GAPS))}: the form has no box for it." in page.text
    assert "file_chmod, file_path of the variable F: the form has no box for it." in page.text
    assert "canary" not in page.html


def test_what_is_not_shown_stays_when_something_else_is_changed(desk: Browser, upstream: StubBuddy) -> None:
    page = opened(desk, upstream, **SHOWN, **GAPS, **ABOUT)
    assert f"{', '.join(sorted(GAPS))}: the form has no box for it." in page.text
    page.send(run_as_user="me")
    assert upstream.bodies == [HEAD | {"run_as_user": "me"}]


def test_a_copy_says_beforehand_what_can_not_be_sent_as_it_is(desk: Browser, upstream: StubBuddy) -> None:
    odd = [variable("my.key"), variable("B", "\x1b[0m"), variable("C"), variable("S", "x", encrypted=True)]
    upstream.by_hand = [STORED | {"variables": odd, "run_as_user": "a\x00"}]
    page = desk.get(f"{HERE}/new?like={HERE}/7")
    for words in (
        "To be changed before it can be sent: The user must have no hidden or unreadable characters",
        "To be changed before it can be sent: my.key: the name must be letters, digits and _ only",
        "To be changed before it can be sent: B: the value must have no hidden or unreadable characters",
        "The value of the variable S: encrypted values are never copied.",
    ):
        assert words in page.text, words
    assert page.text.count("To be changed before it can be sent") == 3


def test_a_copy_with_very_many_variables_is_sent(desk: Browser, upstream: StubBuddy) -> None:
    upstream.by_hand = [STORED | {"variables": [variable(f"V{number}") for number in range(400)]}]
    page = desk.get(f"{HERE}/new?like={HERE}/7")
    assert "To be changed" not in page.text
    page.send()
    assert len(upstream.bodies[0]["variables"]) == 400
