"""Which action is the one that was sent: every way in which they can be told apart."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.clock import Clock

from webapp.buddy.actions import Action, ActionSummary
from webapp.buddy.likeness import differences
from webapp.buddy.secrecy import REDACTED
from webapp.submissions.matching import Match, candidates, match
from webapp.submissions.schedule import MARKS, first_look, next_look
from webapp.submissions.states import State

SENT = {
    "name": "Run tests",
    "type": "RUN_DOCKER_CONTAINER",
    "docker_image_name": "library/ubuntu",
    "docker_image_tag": "latest",
    "inline_commands": "make test",
    "mount_filesystem_disable": False,
}


def action(id: int, **changes: Any) -> Action:
    return Action.from_json({"id": id, **SENT, **changes})


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
    "the action before": ({"docker_build_action_id": 0}, {"docker_build_action_id": 7}),
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
    "an integration less": ({"integration": {"identifier": "x"}}, {}, "integration"),
    "an integration that is none": ({"integration": {"identifier": "x"}}, {"integration": "x"}, "integration"),
    "another build action": ({"docker_build_action_id": 3}, {"docker_build_action_id": 4}, "docker_build_action_id"),
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
    assert differences(SENT | sent, action(2, **answered).raw) == ()


@pytest.mark.parametrize(("sent", "answered", "field"), OTHER.values(), ids=OTHER)
def test_what_differs_is_named(sent: dict[str, Any], answered: dict[str, Any], field: str) -> None:
    assert differences(SENT | sent, action(2, **answered).raw) == (field,)


def test_candidates_are_new_and_go_by_type_and_name() -> None:
    now = [
        ActionSummary(1, "Run tests", "RUN_DOCKER_CONTAINER"),
        ActionSummary(2, " Run tests ", "RUN_DOCKER_CONTAINER"),
        ActionSummary(3, "Run tests", "BUILD"),
        ActionSummary(4, "Run more", "RUN_DOCKER_CONTAINER"),
    ]
    assert candidates({1}, now, SENT) == (2,)


def test_a_match_tells_the_same_from_those_that_only_have_the_name() -> None:
    found = match({1}, [action(1), action(2), action(3, disabled=True)], SENT)
    assert ([item.id for item in found.same], [item.id for item in found.near]) == ([2], [3])


ONE, TWO = (action(2),), (action(2), action(3))
# same, near, settled, close → the verdict
VERDICTS = [
    (ONE, (), False, True, State.FOUND),
    (ONE, TWO, True, True, State.FOUND),
    (ONE, (), True, False, State.AMBIGUOUS),
    (TWO, (), False, True, State.AMBIGUOUS),
    ((), ONE, False, True, State.UNKNOWN),
    ((), ONE, True, True, State.AMBIGUOUS),
    ((), (), False, True, State.UNKNOWN),
    ((), (), True, True, State.ABSENT),
]


@pytest.mark.parametrize(("same", "near", "settled", "close", "state"), VERDICTS)
def test_the_verdict(
    same: tuple[Action, ...], near: tuple[Action, ...], settled: bool, close: bool, state: State
) -> None:
    assert Match(same, near).verdict(settled, close) is state


VALUES = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text(), max_size=2)
FIELDS = st.dictionaries(st.sampled_from([*SENT, "variables", "integration", "login", "timeout"]), VALUES)


@given(FIELDS)
def test_whatever_buddy_answers_is_compared_without_failing_and_equal_to_itself(answered: dict[str, Any]) -> None:
    raw = {"id": 2} | answered
    differences(SENT, raw)
    assert differences(SENT | {"timeout": 3}, SENT | {"timeout": 3, "id": 2}) == ()


def test_looks_come_soon_and_then_less_often() -> None:
    begin = Clock().now
    at, looks = first_look(begin), []
    while at is not None:
        looks.append(at - begin)
        at = next_look(State.UNKNOWN if len(looks) < 5 else State.ABSENT, begin, at)
    assert looks == list(MARKS)
    assert next_look(State.FOUND, begin, begin) is None
    assert next_look(State.AMBIGUOUS, begin, begin) is None
    late = begin + timedelta(hours=2)
    assert next_look(State.UNKNOWN, begin, late) == late + timedelta(minutes=5)
