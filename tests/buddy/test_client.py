"""Each method of the client against the sandbox, over HTTP; what it sends, and what it makes of the answers."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from support.faults import answer, answering

from webapp.buddy.client import Client
from webapp.buddy.container import Container
from webapp.buddy.images import PublicImage
from webapp.buddy.outcomes import Changed, Created, Deleted, Rejected
from webapp.buddy.places import Place
from webapp.buddy.secrecy import REDACTED
from webapp.buddy.stored import StoredContainer
from webapp.buddy.variables import Variable
from webapp.http.errors import NotFound
from webapp.http.failures import NotSent
from webapp.sandbox import Sandbox

from .conftest import CHANGES, PLACE, REQUEST, Make, Start

STYLE = Place("buddy", "company-website", 3)


def test_the_token_tells_what_it_may_do(buddy: Client) -> None:
    token = buddy.token()
    assert (token.name, token.expires_at) == ("Sandbox", None)
    assert {"WORKSPACE", "EXECUTION_MANAGE"} <= set(token.scopes)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-12-24T10:00:00Z", datetime(2026, 12, 24, 10, tzinfo=UTC)),
        ("2026-12-24T10:00:00.123456789Z", datetime(2026, 12, 24, 10, 0, 0, 123456, tzinfo=UTC)),
        ("2026-12-24T12:00:00.33+0200", datetime(2026, 12, 24, 10, 0, 0, 330000, tzinfo=UTC)),
        ("2026-12-24T10:00:00", datetime(2026, 12, 24, 10, tzinfo=UTC)),
        ("2026-12-24", datetime(2026, 12, 24, tzinfo=UTC)),
        ("0001-01-01T00:00:00+10:00", None),
        ("tomorrow", None),
        (1766570400, None),
        (None, None),
    ],
)
def test_the_end_of_a_token_is_read_however_it_is_written(
    faulty: Start, client: Make, written: object, read: datetime | None
) -> None:
    server = faulty(answering(answer("200 OK", {"expires_at": written})))
    assert client(server.url).token().expires_at == read


def test_places_are_listed_and_read(buddy: Client) -> None:
    assert [item.domain for item in buddy.workspaces()] == ["buddy", "buddy-labs"]
    projects = {item.name: item for item in buddy.projects("buddy")}
    assert (projects["old-shop"].closed, projects["mobile-api"].closed) == (True, False)
    assert buddy.project("buddy", "company-website").display_name == "Company Website"
    pipelines = list(buddy.pipelines("buddy", "company-website"))
    assert [(item.id, item.from_yaml) for item in pipelines] == [(2, False), (3, False), (4, True)]
    assert {item.last_execution_status for item in pipelines} == {"SUCCESSFUL"}
    pipeline = buddy.pipeline(STYLE)
    assert pipeline.project and pipeline.project.name == "company-website"
    assert list(pipeline.actions) == list(buddy.actions(STYLE))


SIGNS: list[tuple[dict[str, object], bool]] = [
    ({"definition_source": "REMOTE"}, True),
    ({"git_config_ref": "FIXED", "git_config": {"path": ".buddy/run.yml"}}, True),
    ({"git_config_ref": "DYNAMIC", "definition_source": "LOCAL"}, True),
    ({"git_config_ref": "NONE", "definition_source": "LOCAL"}, False),
    ({"git_config_ref": None}, False),
    ({}, False),
]


@pytest.mark.parametrize(("fields", "from_yaml"), SIGNS)
def test_a_pipeline_is_kept_in_git_by_either_sign(
    faulty: Start, client: Make, fields: dict[str, object], from_yaml: bool
) -> None:
    server = faulty(answering(answer("200 OK", {"id": 2, "name": "Nightly", **fields})))
    assert client(server.url).pipeline(STYLE).from_yaml is from_yaml


def test_integrations_are_listed(buddy: Client) -> None:
    items = list(buddy.integrations("buddy"))
    assert [item.reference for item in items][:2] == ["5ddb7c180fb38be67bd78a88a", "ecr_prod"]
    assert (items[1].pipelines, items[1].project) == (None, None)


def test_an_integration_may_be_limited_to_some_pipelines(faulty: Start, client: Make) -> None:
    body = {"hash_id": "a", "type": "AMAZON", "all_pipelines_allowed": False, "allowed_pipelines": [{"id": 2}]}
    server = faulty(answering(answer("200 OK", {"integrations": [body]})))
    (limited,) = client(server.url).integrations("buddy")
    assert (limited.reference, limited.name, limited.pipelines) == ("a", "a", (2,))


def test_an_action_is_added_read_changed_and_deleted(buddy: Client, sandbox: Sandbox) -> None:
    added = buddy.add_action(PLACE, REQUEST)
    assert isinstance(added, Created)
    id = added.action.id
    assert buddy.action(PLACE, id).raw["docker_image_tag"] == "latest"
    changed = buddy.edit_action(PLACE, id, CHANGES)
    assert isinstance(changed, Changed)
    assert (changed.action.name, changed.action.raw["docker_image_tag"]) == ("Run container", "24")
    assert [(item.name, item.disabled) for item in buddy.actions(PLACE)][1:] == [("Run container", False)]
    assert buddy.delete_action(PLACE, id) == Deleted()
    gone = buddy.delete_action(PLACE, id)
    assert isinstance(gone, Rejected) and gone.status == 404
    with pytest.raises(NotFound):
        buddy.action(PLACE, id)
    assert [item.method for item in sandbox.received] == ["POST", "PATCH", "DELETE", "DELETE"]
    assert sandbox.received[1].body == CHANGES


def test_an_action_is_kept_whole_for_editing_but_for_its_secrets(buddy: Client) -> None:
    request = Container(
        "Run tests",
        PublicImage("library/ubuntu", "latest"),
        "make test",
        variables=(
            Variable("PLAIN", "1", settable=True, description="a number"),
            Variable("HIDDEN", "hush", encrypted=True),
            Variable("KEY", "hush", type="SSH_KEY"),
        ),
        timeout=60,
    )
    added = buddy.add_action(PLACE, request)
    assert isinstance(added, Created)
    action = buddy.action(PLACE, added.action.id)
    stored = StoredContainer.of(action)
    assert stored is not None
    plain, hidden, key = stored.container.variables
    assert (plain.value, plain.secret, plain.settable, plain.description) == ("1", False, True, "a number")
    assert (hidden.value, hidden.secret, hidden.type) == (None, True, "VAR")
    assert (key.value, key.secret, key.type) == (None, True, "SSH_KEY")
    assert (action.type, action.raw["timeout"]) == ("RUN_DOCKER_CONTAINER", 60)
    assert action.raw["run_next"] == "WAIT_ON_SUCCESS"
    shown = repr(action) + json.dumps(action.raw)
    assert "hush" not in shown and "!encrypted" not in shown


SENT_BACK: list[dict[str, Any]] = [
    {"variables": [{"key": "A", "value": REDACTED}]},
    {"variables": [{"key": "A", "value": "1"}, {"key": "B", "value": "!encrypted c2FuZGJveA=="}]},
    {"variables": [{"key": "A", "value": "secure!c2FuZGJveA=="}]},
    {"password": REDACTED},
]


@pytest.mark.parametrize("changes", SENT_BACK)
def test_what_stands_for_a_secret_is_never_sent_back(buddy: Client, sandbox: Sandbox, changes: dict[str, Any]) -> None:
    outcome = buddy.edit_action(STYLE, 9, changes)
    assert outcome == NotSent("The change holds a secret that only Buddy can read.")
    assert isinstance(buddy.edit_action(STYLE, 9, buddy.action(STYLE, 9).raw), NotSent)
    assert sandbox.received == ()


def test_a_token_that_may_only_read_changes_nothing(sandbox: Sandbox) -> None:
    reader = Client(sandbox.start(), "sandbox-read-only")
    told = (
        "The API token may not do this: Buddy wants the scope EXECUTION_MANAGE for it, "
        "and the token has WORKSPACE, EXECUTION_INFO, INTEGRATION_INFO, TOKEN_INFO."
    )
    outcomes = [reader.add_action(PLACE, REQUEST), reader.edit_action(PLACE, 5, {}), reader.delete_action(PLACE, 5)]
    assert [isinstance(outcome, Rejected) and outcome.sentence for outcome in outcomes] == [told] * 3
    reader.close()


@pytest.mark.parametrize("end", ["", "/"])
def test_the_address_of_the_api_may_have_a_path(faulty: Start, client: Make, end: str) -> None:
    server = faulty(answering(answer("200 OK", {})))
    client(f"{server.url}/buddy/api{end}").token()
    assert server.requests[0].startswith(b"GET /buddy/api/user/token HTTP/1.1\r\n")


def test_who_counts_is_told_of_each_call_whatever_came_back(faulty: Start) -> None:
    told: list[tuple[str, str, int | None]] = []
    server = faulty(answering(answer("404 Not Found", {})))
    client = Client(server.url, "t", observer=lambda method, path, status, seconds: told.append((method, path, status)))
    with pytest.raises(NotFound):
        client.pipeline(PLACE)
    server.close()
    client.add_action(PLACE, REQUEST)
    client.close()
    assert told == [("GET", PLACE.path, 404), ("POST", f"{PLACE.path}/actions", None)]
