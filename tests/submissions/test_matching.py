"""Which action is the one that was sent: every way in which they can be told apart."""

from datetime import timedelta
from typing import Any

import pytest
from support.clock import Clock
from support.rigs import WIRE

from webapp.buddy.actions import Action, ActionSummary
from webapp.submissions.matching import Match, candidates, is_renamed, match, maybe_renamed
from webapp.submissions.schedule import LEASE, MARKS, first_look, next_look, was_put_back
from webapp.submissions.states import State


def action(id: int, **changes: Any) -> Action:
    return Action.from_json({"id": id, **WIRE, **changes})


def test_candidates_are_new_and_go_by_type_and_name() -> None:
    now = [
        ActionSummary(1, "Run tests", "RUN_DOCKER_CONTAINER"),
        ActionSummary(2, " Run tests ", "RUN_DOCKER_CONTAINER"),
        ActionSummary(3, "Run tests", "BUILD"),
        ActionSummary(4, "Run more", "RUN_DOCKER_CONTAINER"),
    ]
    assert candidates({1}, now, WIRE) == (2,)


def test_what_is_new_and_of_another_name_may_have_been_renamed() -> None:
    now = [
        ActionSummary(1, "Was there", "RUN_DOCKER_CONTAINER"),
        ActionSummary(2, "Run tests", "RUN_DOCKER_CONTAINER"),
        ActionSummary(3, "Run more", "BUILD"),
        ActionSummary(4, "Run more", "RUN_DOCKER_CONTAINER"),
    ]
    assert maybe_renamed({1}, now, {2}, WIRE) == (4,)


def test_what_differs_in_more_than_its_name_was_not_only_renamed() -> None:
    assert is_renamed(action(4, name="Run more"), WIRE)
    assert not is_renamed(action(4), WIRE)
    assert not is_renamed(action(4, name="Run more", disabled=True), WIRE)


def test_a_lease_that_is_longer_than_one_can_be_is_of_before_the_clock_was_put_back() -> None:
    now = Clock().now
    assert not was_put_back(now + LEASE, now)
    assert was_put_back(now + timedelta(hours=1), now)


def test_a_match_tells_the_same_from_those_that_only_have_the_name() -> None:
    found = match({1}, [action(1), action(2), action(3, disabled=True)], WIRE)
    assert ([item.id for item in found.same], [item.id for item in found.near]) == ([2], [3])


ONE, TWO = (action(2),), (action(2), action(3))
# same, near, settled, ours → the verdict
VERDICTS = [
    (ONE, (), False, True, State.FOUND),
    (ONE, TWO, True, True, State.FOUND),
    (ONE, (), True, False, State.AMBIGUOUS),
    (TWO, (), False, True, State.FOUND),
    (TWO, (), False, False, State.AMBIGUOUS),
    ((), ONE, False, True, State.UNKNOWN),
    ((), ONE, True, True, State.AMBIGUOUS),
    ((), (), False, True, State.UNKNOWN),
    ((), (), True, True, State.ABSENT),
]


@pytest.mark.parametrize(("same", "near", "settled", "ours", "state"), VERDICTS)
def test_the_verdict(
    same: tuple[Action, ...], near: tuple[Action, ...], settled: bool, ours: bool, state: State
) -> None:
    assert Match(same, near).verdict(settled, ours) is state


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
