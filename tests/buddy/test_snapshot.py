"""What the form page learns of a pipeline, and that it survives being carried along."""

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any

import pytest
from support.examples import PIPELINE
from support.faults import answer, answering

from webapp.buddy.client import Client
from webapp.buddy.places import Integration, Pipeline, Place
from webapp.buddy.snapshot import BuildAction, Snapshot, describe, take_snapshot
from webapp.http.errors import NotFound
from webapp.sandbox import Sandbox
from webapp.sandbox.weather import Weather

from .conftest import PLACE, Make, Start


@pytest.fixture
def executor() -> Iterator[Executor]:
    """Two readers, side by side."""
    with ThreadPoolExecutor(2) as executor:
        yield executor


def test_it_holds_what_the_form_needs_and_survives_the_journey(buddy: Client, executor: Executor) -> None:
    taken = take_snapshot(buddy, executor, Place("buddy", "company-website", 3))
    assert (taken.pipeline_name, taken.project_name, taken.action_ids) == (
        "Build and test",
        "Company Website",
        (6, 7, 9),
    )
    assert taken.build_action(6) == BuildAction(6, "Build web image")
    assert taken.build_action(7) is None
    assert (taken.integration_type("ecr_prod"), taken.integration_type("none")) == ("AMAZON", None)
    assert (taken.integration_name("ecr_prod"), taken.integration_name("none")) == ("Amazon production", None)
    assert Snapshot.from_json(taken.to_json()) == taken
    assert taken.with_actions((1, 2)).action_ids == (1, 2)
    assert (taken.integration_reference("5ddb7c180fb38be67bd78a88a"), taken.integration_reference("none")) == (
        "5ddb7c180fb38be67bd78a88a",
        "none",
    )


def test_a_list_of_actions_is_complete_only_when_all_of_it_could_be_read() -> None:
    empty = Snapshot("Live mirror", "Company Website")
    assert [known.complete for known in (empty, empty.with_actions((1,)), empty.with_actions((1,), unread=1))] == [
        False,
        True,
        False,
    ]


def test_it_offers_the_integrations_that_this_pipeline_may_use_and_that_connect_a_registry() -> None:
    def offered(**more: Any) -> bool:
        data = {"hash_id": "aa11", "name": "Hub", "type": "DOCKER_HUB"} | more
        return bool(describe(pipeline, PLACE, (Integration.from_json(data),)).integrations)

    pipeline = Pipeline.from_json(PIPELINE)
    limited = {"all_pipelines_allowed": False}
    assert offered()
    assert offered(project_name="company-website")
    assert not offered(project_name="another")
    assert offered(**limited, allowed_pipelines=[{"id": 2}])
    assert not offered(**limited, allowed_pipelines=[{"id": 3}])
    assert not offered(type="SLACK")


def test_it_keeps_the_names_of_the_actions_unless_they_are_very_many() -> None:
    actions = [{"id": number, "name": f"Action {number}", "type": "BUILD"} for number in range(1, 202)]
    few = describe(Pipeline.from_json(PIPELINE | {"actions": actions[:200]}), PLACE, ())
    many = describe(Pipeline.from_json(PIPELINE | {"actions": actions}), PLACE, ())
    assert (few.action_name(7), few.action_name(999)) == ("Action 7", None)
    assert (many.actions, len(many.action_ids or ())) == ((), 201)
    assert Snapshot.from_json(few.to_json()) == few
    assert Snapshot.from_json({name: value for name, value in few.to_json().items() if name != "actions"}).actions == ()


def test_it_says_so_when_a_pipeline_takes_no_changes(buddy: Client, executor: Executor) -> None:
    assert take_snapshot(buddy, executor, Place("buddy", "company-website", 4)).from_yaml
    assert take_snapshot(buddy, executor, Place("buddy", "old-shop", 31)).closed


def test_a_pipeline_that_is_not_there_is_an_error_and_trouble_is_a_problem(
    buddy: Client, sandbox: Sandbox, executor: Executor
) -> None:
    with pytest.raises(NotFound):
        take_snapshot(buddy, executor, Place("buddy", "company-website", 99))
    sandbox.state.weather = Weather.TOKEN_REFUSED
    taken = take_snapshot(buddy, executor, PLACE)
    assert (taken.problem, taken.action_ids) == ("Buddy refused the API token.", None)
    assert Snapshot.from_json(taken.to_json()) == taken


def test_integrations_that_cannot_be_read_are_none(faulty: Start, client: Make, executor: Executor) -> None:
    whole = {name: value for name, value in PIPELINE.items() if name != "project"} | {"integrations": "odd"}
    taken = take_snapshot(client(faulty(answering(answer("200 OK", whole))).url), executor, PLACE)
    assert (taken.integrations, taken.project_name, taken.pipeline_name) == ((), "company-website", "Live mirror")
