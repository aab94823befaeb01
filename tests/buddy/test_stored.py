"""Reading an action that Buddy has, whatever is in it."""

from typing import Any

import pytest

from webapp.buddy.actions import Action
from webapp.buddy.images import BuiltImage, CredentialsImage, ImageSource, IntegrationImage, PublicImage
from webapp.buddy.places import parse_action
from webapp.buddy.stored import StoredContainer

LEAST = {"id": 7, "type": "RUN_DOCKER_CONTAINER"}


def read(**fields: Any) -> StoredContainer:
    stored = StoredContainer.of(Action.from_json(LEAST | fields))
    assert stored is not None
    return stored


def test_what_buddy_does_not_say_is_at_its_default() -> None:
    stored = read(volume_mappings=None, variables=None, timeout=None)
    container = stored.container
    assert (container.name, container.image) == ("", PublicImage("", ""))
    assert (container.volume_mappings, container.variables, container.timeout) == ((), (), None)
    assert (container.trigger_time, container.disabled, stored.others) == ("ON_EVERY_EXECUTION", False, ())


def test_an_action_of_another_type_is_none() -> None:
    assert StoredContainer.of(Action.from_json({"id": 7, "type": "BUILD"})) is None


REFERENCES = [
    ({"identifier": "ecr", "hash_id": "aa"}, "ecr"),
    ({"identifier": None, "hash_id": "aa"}, "aa"),
    ({}, ""),
    (None, ""),
    ("ecr", ""),
]


@pytest.mark.parametrize(("integration", "reference"), REFERENCES)
def test_an_integration_is_known_by_its_identifier_or_its_hash_id(integration: object, reference: str) -> None:
    assert read(integration=integration).values()["integration"] == reference


@pytest.mark.parametrize(("value", "number"), [(5, 5), (0, None), (-1, None), (True, None), ("5", None), (1.5, None)])
def test_a_number_is_a_whole_one_and_0_is_none(value: object, number: int | None) -> None:
    assert read(timeout=value).container.timeout == number


IMAGES: list[tuple[dict[str, Any], ImageSource]] = [
    ({"registry": "quay.io"}, PublicImage("app", "1", "quay.io")),
    ({"registry": "quay.io", "login": "me"}, CredentialsImage("app", "1", "quay.io", "me", "")),
    ({"integration": {"identifier": "ecr"}, "region": "eu"}, IntegrationImage("app", "1", "ecr", region="eu")),
    ({"image_location": "ACTION", "docker_build_action_id": 4}, BuiltImage("app", "1", 4)),
    ({"use_image_from_action": True, "docker_build_action_id": 0}, BuiltImage("app", "1", 0)),
    ({"docker_build_action_name": "Build", "docker_build_action_id": None}, BuiltImage("app", "1", "Build")),
]


@pytest.mark.parametrize(("fields", "image"), IMAGES)
def test_the_image_is_of_the_source_that_its_fields_tell(fields: dict[str, Any], image: ImageSource) -> None:
    assert read(docker_image_name="app", docker_image_tag="1", **fields).container.image == image


def test_what_buddy_keeps_of_another_source_is_not_lost() -> None:
    stored = read(login="me", region="eu", use_image_from_action=True, docker_build_action_id=4)
    assert stored.container.image == BuiltImage("", "", 4)
    kept = stored.values()
    assert (kept["login"], kept["region"], kept["docker_build_action_id"]) == ("me", "eu", 4)


def test_what_the_form_does_not_know_is_named() -> None:
    usual = {"trigger_conditions": [], "run_next": "WAIT_ON_SUCCESS", "loop": None, "shell": ""}
    assert read(**usual).others == ()
    assert read(**usual | {"loop": ["A"], "run_next": "IN_HARD_PARALLEL"}).others == ("loop", "run_next")


TOLD_OTHERWISE = {
    "nothing in it": {"services": [], "working_directory": "", "execute_every_command": False, "permissions": {}},
    "the commands in newer words": {"inline_commands": "a\nb", "execute_commands": ["a", "b"]},
    "the commands in newer words alone": {"inline_commands": None, "execute_commands": ["a"]},
    "what the image says already": {"docker_registry": "DOCKER_HUB", "image_location": "PUBLIC_REGISTRY"},
}


@pytest.mark.parametrize("fields", TOLD_OTHERWISE.values(), ids=TOLD_OTHERWISE)
def test_what_holds_nothing_or_is_told_in_other_words_is_not_named(fields: dict[str, Any]) -> None:
    assert read(**fields).others == ()


def test_every_field_that_holds_something_is_named_also_one_that_nobody_knows() -> None:
    fields = {"services": [{"type": "x"}], "docker_registry": "PACKAGE_REGISTRY", "of_tomorrow": 1}
    odd = {"inline_commands": "a", "execute_commands": ["b"]}
    named = ("docker_registry", "execute_commands", "of_tomorrow", "services")
    assert read(**fields, **odd).others == named
    many = read(**{f"a{number}{'x' * 100}": True for number in range(1_000)}).others
    assert (len(many), many[-1], max(map(len, many))) == (61, "940 more", 61)


def test_an_action_in_an_address_is_read() -> None:
    assert parse_action("9") == 9


RICH: list[tuple[object, dict[str, tuple[str, ...]]]] = [
    ([{"key": "A", "file_path": "/f", "of_tomorrow": 1}, {"key": "B"}], {"A": ("file_path", "of_tomorrow")}),
    ([{"key": "A", "file_place": "NONE", "checksum": "1"}, "odd"], {}),
    ("odd", {}),
]


@pytest.mark.parametrize(("variables", "rich"), RICH)
def test_a_variable_may_have_more_than_a_form_shows(variables: object, rich: dict[str, tuple[str, ...]]) -> None:
    assert read(variables=variables).rich_variables == rich


@pytest.mark.parametrize("action", ["", "0", "-1", "x", "９", str(2**63), "1" * 5000])
def test_an_action_is_a_number_in_its_address(action: str) -> None:
    with pytest.raises(ValueError, match="An action must be a number"):
        parse_action(action)
