"""Actions as a `buddy.yml` has them, where every value is a text: what is read of them, and what is written."""

from typing import Any

import pytest
from support.settings import action_with

from webapp.buddy.container import EVERY_EXECUTION, Container, read_values
from webapp.buddy.images import BuiltImage, CredentialsImage, IntegrationImage, PublicImage
from webapp.buddy.variables import Variable
from webapp.buddy.wordings import in_contracts_words
from webapp.buddy.yaml_actions import actions_in, is_written_action, read_action, write_action

LEAST = {"action": "Run tests", "type": "RUN_DOCKER_CONTAINER", "docker_image_name": "app", "docker_image_tag": "1"}
BUILD = {"action": "Build", "type": "BUILD", "execute_commands": ["make", "make test"]}


def read(**more: Any) -> Container:
    written = read_action({**LEAST, **more})
    assert written.unread == ()
    return written.stored.container


PLACES = {
    "alone": LEAST,
    "in a list": [LEAST],
    "in a pipeline": {"pipeline": "Nightly", "on": "CLICK", "actions": [LEAST]},
    "in a file": [{"pipeline": "Nightly", "actions": [LEAST, {"no": "action"}]}, {"pipeline": "Empty"}, "a text"],
}


@pytest.mark.parametrize("data", PLACES.values(), ids=PLACES)
def test_actions_are_found_wherever_they_stand(data: Any) -> None:
    assert actions_in(data) == [LEAST]


def test_actions_come_in_their_order() -> None:
    assert actions_in([{"actions": [BUILD, LEAST]}, {"actions": [LEAST]}]) == [BUILD, LEAST, LEAST]


NO_ACTIONS = {
    "a text": "RUN_DOCKER_CONTAINER",
    "no type": {"action": "Run tests"},
    "a type that is no text": {"action": "Run tests", "type": []},
    "something else that has a type": {"type": "object", "properties": {}},
}


@pytest.mark.parametrize("data", NO_ACTIONS.values(), ids=NO_ACTIONS)
def test_what_is_no_action_is_taken_for_none(data: Any) -> None:
    assert not is_written_action(data)
    assert actions_in(data) == []


def test_one_without_a_name_is_known_by_its_fields() -> None:
    assert is_written_action({"type": "BUILD", "commands": "make"})


VALUES = {
    "a flag": ({"disabled": "true"}, "disabled", True),
    "a flag in capitals": ({"ignore_errors": "False"}, "ignore_errors", False),
    "a number": ({"timeout": "90"}, "timeout", 90),
    "commands as a list": ({"inline_commands": "make\nmake test"}, "inline_commands", "make\nmake test"),
    "one volume as a text": ({"volume_mappings": "/:/app"}, "volume_mappings", ("/:/app",)),
    "commands as a list of lines": ({"inline_commands": ["make", "make test"]}, "inline_commands", "make\nmake test"),
    "a name in the words of the API": ({"action": None, "name": "Mine"}, "name", "Mine"),
    "an integration as the API has it": (
        {"integration": {"identifier": "hub"}},
        "image",
        IntegrationImage("app", "1", "hub"),
    ),
    "no integration": ({"integration": {}}, "image", PublicImage("app", "1")),
    "volumes": ({"volume_mappings": ["/:/app", "/a:/b"]}, "volume_mappings", ("/:/app", "/a:/b")),
    "a variable": (
        {"variables": [{"key": "A", "value": "0", "encrypted": "false", "settable": "true"}]},
        "variables",
        (Variable("A", "0", settable=True),),
    ),
    "an integration": ({"integration": "hub"}, "image", IntegrationImage("app", "1", "hub")),
    "an image built before": (
        {"use_image_from_action": "true", "docker_build_action_id": "4"},
        "image",
        BuiltImage("app", "1", 4),
    ),
}


@pytest.mark.parametrize(("more", "name", "value"), VALUES.values(), ids=VALUES)
def test_each_kind_of_value_is_read_from_a_text(more: dict[str, Any], name: str, value: Any) -> None:
    assert getattr(read(**more), name) == value


UNREAD = {
    "a flag that says neither": {"disabled": "perhaps"},
    "a flag that is a list": {"disabled": ["true"]},
    "a number in words": {"timeout": "soon"},
    "a number that is too long": {"timeout": "1" * 19},
    "a number that is a list": {"timeout": ["1"]},
    "an integration that is a list": {"integration": ["hub"]},
    "a text that is a list": {"run_as_user": ["root"]},
    "an integration without a name": {"integration": {"a": "b"}},
    "commands that are no lines": {"inline_commands": [["make"]]},
}


@pytest.mark.parametrize("more", UNREAD.values(), ids=UNREAD)
def test_what_can_not_be_read_is_named(more: dict[str, Any]) -> None:
    (name,) = more
    assert read_action({**LEAST, **more}).unread == (name,)


def test_what_of_a_variable_can_not_be_read_is_named() -> None:
    variables = [{"key": "A", "value": ["b"]}, {"key": "C", "value": None, "description": {}}, {"value": []}, "D"]
    written = read_action({**LEAST, "variables": variables})
    assert written.unread == ("value of the variable A", "description of the variable C")


def test_what_a_file_has_no_place_for_is_named() -> None:
    assert read_action({**LEAST, "after_action_id": "12", "password": "canary"}).unused == (
        "after_action_id",
        "password",
    )
    assert read_action({**LEAST, "after_action_id": "0", "password": ""}).unused == ()


def test_the_commands_of_a_build_are_read_as_a_list_too() -> None:
    written = read_action({**LEAST, "type": "BUILD", "commands": ["make", "make test"]})
    assert written.stored.container.inline_commands == "make\nmake test"
    assert written.stored.others == ()


def test_variables_and_mappings_that_are_none_do_no_harm() -> None:
    written = read_action({**LEAST, "variables": "A=b", "volume_mappings": {"/": "/app"}, "retry_count": None})
    assert written.stored.container.variables == ()
    assert read_action({**LEAST, "variables": ["A", {"key": "B", "value": "c"}]}).stored.id == 1


@pytest.mark.parametrize("name", ["commands", "execute_commands"])
def test_the_commands_of_a_build_are_read_in_either_wording(name: str) -> None:
    written = read_action({**BUILD, "docker_image_name": "app", "execute_commands": "make", name: "make"})
    assert (written.type, written.stored.container.inline_commands) == ("BUILD", "make")


def test_what_slipway_has_no_box_for_is_kept_with_what_it_says() -> None:
    raw = read_action({**LEAST, "cache": "false", "retries": "0", "paths": ["a"]}).stored
    assert raw.container.name == "Run tests"


def test_commands_that_both_name_are_those_of_the_container() -> None:
    assert read(inline_commands="make", commands="rm").inline_commands == "make"


IMAGES = (
    PublicImage("app", "1", "ghcr.io"),
    CredentialsImage("app", "1", "", "me", "canary-password"),
    IntegrationImage("app", "1", "hub"),
    BuiltImage("app", "1", 0),
    BuiltImage("app", "1", 4),
    BuiltImage("app", "1", "Build"),
)


@pytest.mark.parametrize("image", IMAGES, ids=lambda image: repr(image)[:40])
def test_an_image_is_written_without_its_password_and_read_back(image: Any) -> None:
    written = write_action(Container("Run tests", image, "make"))
    assert "canary-password" not in str(written)
    assert written["action"] == "Run tests"
    back = read_action(as_texts(written)).stored.container.image
    assert back == (CredentialsImage("app", "1", "", "me", "") if isinstance(image, CredentialsImage) else image)


def as_texts(value: Any) -> Any:
    """What a reader of YAML that knows texts alone makes of it."""
    if isinstance(value, dict):
        return {name: as_texts(each) for name, each in value.items()}
    if isinstance(value, list):
        return [as_texts(each) for each in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_each_setting_is_written_and_read_back() -> None:
    container = Container(
        "Run tests",
        PublicImage("app", "1"),
        "make\nmake test",
        run_as_user="app",
        volume_mappings=("/:/app",),
        variables=(Variable("A", "b", settable=True), Variable("B", "canary", encrypted=True), Variable("C", None)),
        disabled=True,
        timeout=90,
    )
    written = write_action(container)
    assert "canary" not in str(written)
    back = read_action(as_texts(written)).stored.container
    assert (back.run_as_user, back.volume_mappings, back.disabled, back.timeout) == ("app", ("/:/app",), True, 90)
    assert back.inline_commands == "make\nmake test"
    assert [(item.key, item.value) for item in back.variables] == [("A", "b"), ("B", None), ("C", None)]


def test_what_goes_without_saying_is_not_written() -> None:
    written = write_action(Container("Run tests", PublicImage("app", "1"), "make", trigger_time=EVERY_EXECUTION))
    assert written == {**LEAST, "inline_commands": "make"}
    on_failure = write_action(Container("Run tests", PublicImage("app", "1"), "make", trigger_time="ON_FAILURE"))
    assert on_failure["trigger_time"] == "ON_FAILURE"


def test_an_action_of_buddys_is_written_in_the_same_words() -> None:
    container = Container.of(read_values(in_contracts_words(action_with("run_as_user", "root"))))
    assert write_action(container)["run_as_user"] == "root"
