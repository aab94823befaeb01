"""Any JSON in any place of an answer: it is read, or it is one of our errors, and no secret gets through."""

import copy
import json
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.examples import INTEGRATIONS, PIPELINE, RESPONSE_EXAMPLE, dumped
from support.faults import FaultyServer, answer

from webapp.buddy.actions import Action
from webapp.buddy.client import Client
from webapp.buddy.outcomes import Changed, Created, classify_addition, classify_change
from webapp.buddy.secrecy import REDACTED, without_secrets
from webapp.http.errors import BuddyError
from webapp.http.transport import Answer, Timings

from .conftest import PLACE

HUSH = "!encrypted hush"
TEXTS = st.text() | st.sampled_from(["\ud800", HUSH, "secure!hush", "SSH_KEY", "2026-11-24T10:00:00.123456789Z"])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS
NAMES = TEXTS | st.sampled_from(["id", "errors", "pipeline", "variables", "value", "encrypted", "type", "password"])
JSON: st.SearchStrategy[object] = st.deferred(
    lambda: SCALARS | st.lists(JSON, max_size=3) | st.dictionaries(NAMES, JSON, max_size=3)
)
TOKEN = {"id": "1", "name": "Mine", "scopes": ["WORKSPACE"], "expires_at": "2026-11-24T10:00:00Z"}
ACTION = RESPONSE_EXAMPLE | {"variables": [{"id": 1, "key": "A", "value": "hush", "encrypted": True}]}
WORKSPACE = {"id": 1, "name": "Buddy", "domain": "buddy", "frozen": False}
INTEGRATION = INTEGRATIONS[0] | {"all_pipelines_allowed": False, "allowed_pipelines": [{"id": 2}]}
READS: dict[str, tuple[Callable[[Client], object], Any]] = {
    "token": (lambda client: client.token(), TOKEN),
    "workspaces": (lambda client: list(client.workspaces()), {"workspaces": [WORKSPACE]}),
    "projects": (lambda client: list(client.projects("buddy")), {"projects": [PIPELINE["project"]]}),
    "project": (lambda client: client.project("buddy", "site"), PIPELINE["project"]),
    "pipelines": (lambda client: list(client.pipelines("buddy", "site")), {"pipelines": [PIPELINE]}),
    "pipeline": (lambda client: client.pipeline(PLACE), PIPELINE),
    "actions": (lambda client: list(client.actions(PLACE)), {"actions": [ACTION]}),
    "action": (lambda client: client.action(PLACE, 2), ACTION),
    "integrations": (lambda client: list(client.integrations("buddy")), {"integrations": [INTEGRATION]}),
}


def places(data: Any) -> Iterator[tuple[Any, ...]]:
    """All places in an answer, as paths of names and numbers."""
    yield ()
    parts = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for name, item in parts:
        yield from ((name, *rest) for rest in places(item))


def replaced(data: Any, place: tuple[Any, ...], value: object) -> Any:
    """An answer with something else in one place."""
    if not place:
        return value
    data = copy.copy(data)
    data[place[0]] = replaced(data[place[0]], place[1:], value)
    return data


SPOILT = st.builds(replaced, st.just(ACTION), st.sampled_from(list(places(ACTION))), JSON)


def secrets_in(data: Any) -> Iterator[Any]:
    """All secrets that an answer still holds."""
    if isinstance(data, str) and data.startswith(("!encrypted", "secure!")):
        yield data
    elif isinstance(data, list):
        for item in data:
            yield from secrets_in(item)
    elif isinstance(data, dict):
        if data.get("password") not in (None, REDACTED):
            yield data["password"]
        if (data.get("encrypted") or data.get("type") == "SSH_KEY") and data.get("value", REDACTED) != REDACTED:
            yield data["value"]
        yield from secrets_in(list(data.values()))


@pytest.fixture(scope="module")
def said() -> dict[str, bytes]:
    """What Buddy says next."""
    return {}


@pytest.fixture(scope="module")
def reader(said: dict[str, bytes]) -> Iterator[Client]:
    """A client of a Buddy that answers whatever it is told to."""

    def fault(connection: socket.socket, server: FaultyServer) -> None:
        while server.read(connection):
            connection.sendall(said["answer"])

    server = FaultyServer(fault)
    client = Client(server.url, "token-of-the-tests", timings=Timings(read=0.5))
    yield client
    client.close()
    server.close()


@pytest.mark.parametrize("name", READS)
@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_json_in_any_place_is_read_or_is_one_of_our_errors(
    reader: Client, said: dict[str, bytes], name: str, data: st.DataObject
) -> None:
    read, example = READS[name]
    place = data.draw(st.sampled_from(sorted(places(example), key=str)))
    status = data.draw(st.sampled_from(["200 OK", "200 OK", "200 OK", "400 No", "403 No", "404 No", "500 No"]))
    said["answer"] = answer(status, replaced(example, place, data.draw(JSON)))
    try:
        found = read(reader)
    except BuddyError as error:
        assert type(error) is not BuddyError
        assert error.request.startswith("GET http://127.0.0.1:")
    else:
        if isinstance(found, Action):
            assert list(secrets_in(found.raw)) == []
            assert json.dumps(found.raw, ensure_ascii=False, allow_nan=False).encode()
            assert HUSH not in repr(found)


@given(st.integers(100, 599), JSON | SPOILT)
def test_any_json_ends_in_an_outcome_and_only_an_id_proves_success(status: int, body: object) -> None:
    answered = Answer(status, {}, dumped(body))
    added, changed = classify_addition(answered), classify_change(answered, 2)
    if isinstance(added, Created):
        assert status in (200, 201, 202)
        assert isinstance(body, dict) and added.action.id == body["id"] >= 1
    if isinstance(changed, Changed):
        assert (status, changed.action.id) == (200, 2)


@given(JSON)
def test_taking_secrets_out_leaves_none_and_once_is_enough(data: object) -> None:
    safe = without_secrets(data)
    assert list(secrets_in(safe)) == []
    assert repr(without_secrets(safe)) == repr(safe)
