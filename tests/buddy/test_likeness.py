"""Whether an action is what was asked for: every way in which two can be told apart, and in which they can't."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.rigs import WIRE

from webapp.buddy.actions import Action
from webapp.buddy.likeness import differences
from webapp.buddy.secrecy import REDACTED


def action(id: int, **changes: Any) -> Action:
    return Action.from_json({"id": id, **WIRE, **changes})


SAME: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "as sent": ({}, {}),
    "nulls and defaults": ({}, {"entrypoint": None, "volume_mappings": [], "run_as_user": "", "variables": None}),
    "fields that Buddy adds": ({}, {"trigger_conditions": [], "timeout": 5400, "registry": "docker.io", "loop": []}),
    "a line end at the end": ({"inline_commands": "a\n\tb\n"}, {"inline_commands": "a\r\n\tb"}),
    "a password that is not shown": ({"login": "me", "password": REDACTED}, {"login": "me"}),
    "an integration by identifier": ({"integration": {"identifier": "x"}}, {"integration": {"identifier": "x"}}),
    "an integration by hash id": (
        {"integration": {"identifier": "x"}},
        {"integration": {"identifier": None, "hash_id": "x", "name": "X"}},
    ),
    "an integration by hash id, answered by its identifier": (
        {"integration": {"identifier": "5ddb7c180fb38be67bd78a88a"}},
        {"integration": {"identifier": "docker_hub"}},
    ),
    "an integration by both of its names": (
        {"integration": {"identifier": "5ddb7c180fb38be67bd78a88a"}},
        {"integration": {"identifier": "docker_hub", "hash_id": "5ddb7c180fb38be67bd78a88a"}},
    ),
    "an image from an action, told of by its place": (
        {"use_image_from_action": True, "docker_build_action_id": 3},
        {"image_location": "ACTION", "docker_build_action_id": 3},
    ),
    "an image from an action, told of by the action": (
        {"use_image_from_action": True, "docker_build_action_name": "Build"},
        {"docker_build_action_name": "Build", "docker_build_action_id": 0},
    ),
    "no image from an action, with its number at its default": ({}, {"docker_build_action_id": 0}),
    "commands one by one": (
        {"inline_commands": "make\nmake test\n"},
        {"inline_commands": None, "execute_commands": ["make", "make test"]},
    ),
    "the action before": (
        {"use_image_from_action": True, "docker_build_action_id": 0},
        {"use_image_from_action": True, "docker_build_action_id": 7},
    ),
    "variables in another order": (
        {"variables": [{"key": "A", "value": "1"}, {"key": "B", "value": "2", "settable": True}]},
        {
            "variables": [
                {"key": "B", "value": "2", "settable": True, "id": 9},
                {"key": "A", "value": "1", "type": "VAR", "encrypted": False, "id": 8},
            ]
        },
    ),
    "an encrypted value": (
        {"variables": [{"key": "A", "value": REDACTED, "encrypted": True}]},
        {"variables": [{"key": "A", "value": "!encrypted xyz", "encrypted": True}]},
    ),
    "options": ({"timeout": 60, "retry_count": 2}, {"timeout": 60, "retry_count": 2}),
}
OTHER: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "another name": ({}, {"name": "Run more"}, "name"),
    "another tag": ({}, {"docker_image_tag": "22"}, "docker_image_tag"),
    "other commands": ({}, {"inline_commands": "make all"}, "inline_commands"),
    "a user more": ({}, {"run_as_user": "root"}, "run_as_user"),
    "a user less": ({"run_as_user": "root"}, {}, "run_as_user"),
    "no files": ({}, {"mount_filesystem_disable": True}, "mount_filesystem_disable"),
    "disabled": ({}, {"disabled": True}, "disabled"),
    "another moment": ({}, {"trigger_time": "ON_FAILURE"}, "trigger_time"),
    "a login more": ({}, {"login": "me"}, "login"),
    "an integration more": ({}, {"integration": {"identifier": "x"}}, "integration"),
    "another integration by identifier": (
        {"integration": {"identifier": "x"}},
        {"integration": {"identifier": "y"}},
        "integration",
    ),
    "another integration by hash id": (
        {"integration": {"identifier": "5ddb7c180fb38be67bd78a88a"}},
        {"integration": {"identifier": "docker_hub", "hash_id": "61aa0cf1d2e84a3b9c7e5f012"}},
        "integration",
    ),
    "an integration less": ({"integration": {"identifier": "x"}}, {}, "integration"),
    "an integration that is none": ({"integration": {"identifier": "x"}}, {"integration": "x"}, "integration"),
    "another build action": (
        {"use_image_from_action": True, "docker_build_action_id": 3},
        {"docker_build_action_id": 4},
        "docker_build_action_id",
    ),
    "an image from an action more": ({}, {"image_location": "ACTION"}, "use_image_from_action"),
    "other commands one by one": ({}, {"inline_commands": None, "execute_commands": ["ls", 1]}, "inline_commands"),
    "no build action": ({"docker_build_action_id": 0}, {}, "docker_build_action_id"),
    "another time limit": ({"timeout": 60}, {"timeout": 61}, "timeout"),
    "a variable more": ({}, {"variables": [{"key": "A", "value": "1"}]}, "variables"),
    "another value": (
        {"variables": [{"key": "A", "value": "1"}]},
        {"variables": [{"key": "A", "value": "2"}]},
        "variables",
    ),
    "no longer encrypted": (
        {"variables": [{"key": "A", "value": REDACTED, "encrypted": True}]},
        {"variables": [{"key": "A", "value": "x"}]},
        "variables",
    ),
    "variables that are none": ({}, {"variables": "A=1"}, "variables"),
    "a variable that is none": ({"variables": [{"key": "A", "value": "1"}]}, {"variables": ["A=1"]}, "variables"),
}


@pytest.mark.parametrize(("sent", "answered"), SAME.values(), ids=SAME)
def test_what_says_the_same_is_the_same(sent: dict[str, Any], answered: dict[str, Any]) -> None:
    assert differences(WIRE | sent, action(2, **answered).raw) == ()


@pytest.mark.parametrize(("sent", "answered", "field"), OTHER.values(), ids=OTHER)
def test_what_differs_is_named(sent: dict[str, Any], answered: dict[str, Any], field: str) -> None:
    assert differences(WIRE | sent, action(2, **answered).raw) == (field,)


VALUES = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text(), max_size=2)
FIELDS = st.dictionaries(st.sampled_from([*WIRE, "variables", "integration", "login", "timeout"]), VALUES)


@given(FIELDS)
def test_whatever_buddy_answers_is_compared_without_failing_and_equal_to_itself(answered: dict[str, Any]) -> None:
    raw = {"id": 2} | answered
    differences(WIRE, raw)
    assert differences(WIRE | {"timeout": 3}, WIRE | {"timeout": 3, "id": 2}) == ()
