"""What can be run, read from what Buddy tells: what keeps it from running, on which revision, with which variables."""

from typing import Any

import pytest
from support.examples import PIPELINE

from webapp.buddy.action_types import deploys
from webapp.buddy.actions import Action
from webapp.buddy.places import Pipeline
from webapp.buddy.runnable import Obstacle, Runnable

CONTAINER: dict[str, Any] = {"id": 7, "name": "Run tests", "type": "RUN_DOCKER_CONTAINER"}


def pipeline(**told: object) -> Pipeline:
    return Pipeline.from_json(PIPELINE | told)


def alone(action: dict[str, Any] | None = None, **told: object) -> Runnable:
    return Runnable(pipeline(**told), Action.from_json(CONTAINER | (action or {})))


OBSTACLES: list[tuple[dict[str, Any], Obstacle]] = [
    ({"project": {"name": "old-shop", "status": "CLOSED"}}, Obstacle.CLOSED),
    ({"disabled": True}, Obstacle.DISABLED),
    ({"paused": True}, Obstacle.PAUSED),
    ({"waiting_for_push": True}, Obstacle.WAITING),
]


@pytest.mark.parametrize(("told", "obstacle"), OBSTACLES)
def test_what_keeps_a_pipeline_from_running_is_told(told: dict[str, Any], obstacle: Obstacle) -> None:
    assert alone(**told).obstacles == (obstacle,)
    assert Runnable(pipeline(**told)).obstacles == (obstacle,)


def test_nothing_keeps_a_pipeline_from_running_of_which_nothing_is_told() -> None:
    assert alone(project=None).obstacles == Runnable(pipeline()).obstacles == ()


def test_a_token_and_a_pipeline_without_actions_keep_it_from_running() -> None:
    assert Runnable(pipeline(), allowed=False).obstacles == (Obstacle.TOKEN,)
    assert Runnable(pipeline(actions=[])).obstacles == (Obstacle.NO_ACTION,)
    assert alone(actions=[]).obstacles == ()


def test_it_is_called_by_the_action_or_the_pipeline() -> None:
    names = [alone().called, alone({"name": None}).called, Runnable(pipeline(name="Live mirror")).called]
    assert names == ["Run tests", "Action 7", "Live mirror"]


# The refs that Buddy tells: the branches that can be chosen, whether the newest commit is clear, and of which branch.
REFS: list[tuple[list[str], tuple[str, ...], bool, str]] = [
    ([], (), True, "main"),
    (["refs/heads/live"], ("live",), True, "live"),
    (["live"], ("live",), True, "live"),
    (["refs/heads/live", "refs/heads/next"], ("live", "next"), False, ""),
    (["refs/heads/*"], (), False, ""),
    (["refs/heads/live", "refs/heads/feature/*"], ("live",), False, ""),
    (["refs/tags/v1"], (), False, ""),
    (["refs/tags/*"], (), False, ""),
]


@pytest.mark.parametrize(("refs", "branches", "newest", "branch"), REFS)
def test_the_newest_commit_is_clear_only_where_there_is_one_branch(
    refs: list[str], branches: tuple[str, ...], newest: bool, branch: str
) -> None:
    asked = alone(refs=refs, project={"name": "site", "default_branch": "main"})
    assert (asked.branches, asked.takes_newest, asked.branch) == (branches, newest, branch)


def test_a_branch_that_nobody_tells_has_no_name() -> None:
    assert (alone(refs=[], project=None).branch, alone(refs=None).takes_newest) == ("", True)


def test_the_other_actions_are_all_but_the_one_that_runs() -> None:
    listed = [{"id": 5}, {"id": 7}, {"id": 9}]
    assert [item.id for item in alone(actions=listed).others] == [5, 9]
    assert [item.id for item in Runnable(pipeline(actions=listed)).others] == [5, 7, 9]


def test_a_variable_of_the_action_goes_before_that_of_the_pipeline() -> None:
    own = {"variables": [{"key": "LEVEL", "value": "low"}, {"value": "no name"}]}
    told = [{"key": "LEVEL", "value": "high"}, {"key": "MODE", "value": "fast"}]
    assert [(item.key, item.value) for item in alone(own, variables=told).variables] == [
        ("LEVEL", "low"),
        ("MODE", "fast"),
    ]
    assert [item.key for item in alone({"variables": "none"}, variables=told).variables] == ["LEVEL", "MODE"]
    assert [item.key for item in Runnable(pipeline(variables=told)).variables] == ["LEVEL", "MODE"]


def test_what_buddy_may_leave_out_is_known() -> None:
    assert (alone().switched_off, alone({"disabled": True}).switched_off) == (False, True)
    assert (alone().on_failure, alone({"trigger_time": "ON_FAILURE"}).on_failure) == (False, True)
    whole = Runnable(pipeline())
    assert (whole.switched_off, whole.on_failure) == (False, False)


def test_deployments_are_known_by_their_types() -> None:
    assert not alone().deploys and alone({"type": "FTP"}).deploys and not alone({"type": None}).deploys
    assert Runnable(pipeline(actions=[{"id": 1, "type": "BUILD"}, {"id": 2, "type": "AMAZON_S3"}])).deploys
    assert not Runnable(pipeline(actions=[{"id": 1, "type": "BUILD"}])).deploys
    assert (deploys("DOWNLOAD_S3"), deploys("AWS_LAMBDA_DEPLOY"), deploys("SLACK")) == (False, True, False)
