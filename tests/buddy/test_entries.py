"""Lists with an entry that can't be read: the others are there, and it is counted."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from support.examples import INTEGRATIONS, PIPELINE, RESPONSE_EXAMPLE
from support.faults import answer, answering

from webapp.buddy.client import Client
from webapp.buddy.finding import pipeline_of_action
from webapp.buddy.permissions import missing
from webapp.buddy.stored import StoredContainer
from webapp.http.entries import Entries
from webapp.http.errors import NotAllRead

from .conftest import PLACE, Make, Start

LISTS: dict[str, tuple[Callable[[Client], Entries[Any]], dict[str, Any], list[object]]] = {
    "workspaces": (
        lambda client: client.workspaces(),
        {"domain": "buddy", "name": "Buddy"},
        [{"name": "No domain"}, {"domain": ""}, {"domain": "a/b"}, {"domain": 5}],
    ),
    "projects": (
        lambda client: client.projects("buddy"),
        {"name": "site", "display_name": "Site"},
        [{"name": ""}, {"name": None, "display_name": "Nameless"}, {"name": ".."}, {"name": ["site"]}],
    ),
    "pipelines": (
        lambda client: client.pipelines("buddy", "site"),
        {"id": 2, "name": "Live mirror"},
        [{"name": "No id"}, {"id": "3", "name": "Text"}, {"id": 0}, {"id": True}],
    ),
    "actions": (
        lambda client: client.actions(PLACE),
        {"id": 7, "name": "Run tests", "type": "RUN_DOCKER_CONTAINER"},
        [{"name": "No id", "type": "BUILD"}, {"id": -1}, {"id": 2**63}, {"id": 1.5}],
    ),
    "integrations": (
        lambda client: client.integrations("buddy"),
        INTEGRATIONS[0],
        [{"identifier": "a"}, {"type": "AMAZON"}, {"identifier": "", "hash_id": "", "type": "AMAZON"}, {"hash_id": 5}],
    ),
}
NO_ENTRIES: list[object] = [None, "text", 5, [], {}]


@pytest.mark.parametrize("name", LISTS)
def test_one_odd_entry_of_a_list_takes_no_other_one_away(faulty: Start, client: Make, name: str) -> None:
    ask, good, kinds = LISTS[name]
    for odd in kinds + NO_ENTRIES:
        listed = ask(client(faulty(answering(answer("200 OK", {name: [odd, good]}))).url))
        assert (len(list(listed)), listed.unread) == (1, 1), odd
    whole = {name: [good, *kinds, *NO_ENTRIES]}
    listed = ask(client(faulty(answering(answer("200 OK", whole))).url))
    assert (len(list(listed)), listed.unread) == (1, len(kinds) + len(NO_ENTRIES))


def test_a_pipeline_with_odd_actions_or_an_odd_project_can_be_read(faulty: Start, client: Make) -> None:
    odd = [{"id": 5, "name": None, "type": None}, {"name": "No id"}, "text"]
    body = PIPELINE | {"name": None, "project": {"name": ""}, "actions": [*odd, *PIPELINE["actions"]]}
    pipeline = client(faulty(answering(answer("200 OK", body))).url).pipeline(PLACE)
    assert (pipeline.name, pipeline.project, pipeline.unread) == ("Pipeline 2", None, 2)
    assert [(action.id, action.called) for action in pipeline.actions] == [(5, "Action 5"), (1, "Build API")]


@pytest.mark.parametrize("allowed", [[{"id": 3}, {"id": "2"}], [None], "all", {"id": 2}])
def test_an_integration_whose_pipelines_can_not_all_be_read_may_be_for_any(
    faulty: Start, client: Make, allowed: object
) -> None:
    body = INTEGRATIONS[0] | {"all_pipelines_allowed": False, "allowed_pipelines": allowed}
    server = faulty(answering(answer("200 OK", {"integrations": [body]})))
    (integration,) = client(server.url).integrations("buddy")
    assert integration.pipelines is None


def test_a_scope_that_can_not_be_read_may_be_the_one(faulty: Start, client: Make) -> None:
    asked = client(faulty(answering(answer("200 OK", {"scopes": ["WORKSPACE", 5]}))).url)
    assert asked.token().scopes == ("WORKSPACE", "not readable")
    assert missing(asked) == ()


def test_variables_and_volumes_that_can_not_be_read_are_counted(faulty: Start, client: Make) -> None:
    odd = {
        "variables": [{"key": "A", "value": "1"}, {"key": None, "value": "2"}, {"value": "3"}, "B=4", {"key": ""}],
        "volume_mappings": ["/:/srv", None, {"path": "/"}],
    }
    action = client(faulty(answering(answer("200 OK", RESPONSE_EXAMPLE | odd))).url).action(PLACE, 2)
    stored = StoredContainer.of(action)
    assert stored is not None
    assert ([item.key for item in stored.container.variables], stored.unread_variables) == (["A"], 4)
    assert (stored.container.volume_mappings, stored.unread_volumes) == (("/:/srv",), 2)


def test_an_action_is_not_said_to_be_nowhere_while_something_could_not_be_read(faulty: Start, client: Make) -> None:
    body = PIPELINE | {"pipelines": [{"id": 2, "name": "Live mirror"}, {"name": "No id"}]}
    asked = client(faulty(answering(answer("200 OK", body))).url)
    with ThreadPoolExecutor(2) as executor:
        assert pipeline_of_action(asked, executor, "buddy", "site", 1) == 2
        with pytest.raises(NotAllRead, match="1 entry can't be read"):
            pipeline_of_action(asked, executor, "buddy", "site", 99)
