"""The sandbox held to what is documented of Buddy: its contract for requests, its OpenAPI document for answers."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from support.documented import example, faults, schema_of, strays
from support.examples import REQUEST_EXAMPLE, RESPONSE_EXAMPLE

from webapp.sandbox import Sandbox
from webapp.sandbox.weather import Weather

Call = Callable[..., requests.Response]
W = "/workspaces/buddy"
P = f"{W}/projects/company-website"
ACTIONS = f"{P}/pipelines/2/actions"
STYLE = f"{P}/pipelines/3/actions/9"
READS = [
    "/user/token",
    "/workspaces",
    W,
    f"{W}/projects",
    P,
    f"{W}/projects/old-shop",
    f"{P}/pipelines",
    f"{P}/pipelines/2",
    f"{P}/pipelines/3",
    f"{P}/pipelines/4",
    f"{W}/projects/mobile-api/pipelines/16",
    ACTIONS,
    f"{P}/pipelines/3/actions",
    STYLE,
    f"{W}/integrations",
    f"{W}/integrations/5ddb7c180fb38be67bd78a88a",
]
LEAST = {name: REQUEST_EXAMPLE[name] for name in ("name", "type", "docker_image_name", "docker_image_tag")} | {
    "inline_commands": "make test"
}
VARIABLES = [{"key": "A", "value": "1"}, {"key": "B", "value": "hush", "encrypted": True}]
ADDITIONS: dict[str, dict[str, Any]] = {
    "the contract's example": REQUEST_EXAMPLE,
    "the least": LEAST,
    "credentials": LEAST | {"registry": "ghcr.io", "login": "me", "password": "hush"},
    "Amazon": LEAST | {"integration": {"identifier": "ecr_prod"}, "region": "us-east-1"},
    "an integration by its hash id": LEAST
    | {"integration": {"identifier": "61aa0cf1d2e84a3b9c7e5f012"}, "region": "us-east-1"},
    "a built image": LEAST | {"use_image_from_action": True, "docker_build_action_id": 0},
    "all that actions share": LEAST
    | {
        "trigger_time": "ON_FAILURE",
        "run_only_on_first_failure": True,
        "trigger_conditions": [{"trigger_condition": "VAR_IS", "trigger_variable_key": "A"}],
        "run_next": "IN_SOFT_PARALLEL",
        "variables": VARIABLES,
        "disabled": True,
        "timeout": 60,
        "ignore_errors": True,
        "retry_count": 1,
        "retry_interval": 2,
        "loop": ["A"],
        "after_action_id": 5,
    },
}
CHANGES: dict[str, dict[str, Any]] = {
    "all": REQUEST_EXAMPLE,
    "one field": {"name": "Lint", "type": "RUN_DOCKER_CONTAINER", "docker_image_tag": "24"},
    "one field without name and type": {"docker_image_tag": "24"},
    "variables": {"variables": VARIABLES},
}


def lacking(documented: Any, answered: Any, place: str = "$") -> Iterator[str]:
    """Where an answer lacks a field of a documented one, or has another type there. Null is as good as nothing."""
    if documented is None:
        return
    if type(documented) is not type(answered):
        yield place
    elif isinstance(documented, dict):
        for name, value in documented.items():
            yield from lacking(value, answered.get(name), f"{place}.{name}")
    elif isinstance(documented, list):
        for one, other in zip(documented, answered, strict=False):
            yield from lacking(one, other, f"{place}[]")


@pytest.mark.parametrize("path", READS)
def test_what_is_read_fits_its_operation(call: Call, path: str) -> None:
    answer = call("GET", path)
    assert (answer.status_code, strays(answer)) == (200, [])


@pytest.mark.parametrize("body", ADDITIONS.values(), ids=ADDITIONS)
def test_a_documented_request_is_taken_and_the_action_fits_its_operation(call: Call, body: dict[str, Any]) -> None:
    assert faults(body, schema_of("RunDockerContainerActionRequest")) == []
    added = call("POST", ACTIONS, json=body)
    read, listed = call("GET", f"{ACTIONS}/{added.json()['id']}"), call("GET", ACTIONS)
    deleted = call("DELETE", f"{ACTIONS}/{added.json()['id']}")
    answers = [added, read, listed, deleted]
    assert [answer.status_code for answer in answers] == [201, 200, 200, 204]
    assert [strays(answer) for answer in answers] == [[]] * 4


@pytest.mark.parametrize("body", CHANGES.values(), ids=CHANGES)
def test_a_documented_change_is_taken_and_the_action_fits_its_operation(call: Call, body: dict[str, Any]) -> None:
    answers = [call("PATCH", STYLE, json=body), call("GET", STYLE)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [strays(answer) for answer in answers] == [[], []]


def test_the_contracts_answer_fits_its_operation_and_is_answered_to_a_change_too(call: Call) -> None:
    assert faults(RESPONSE_EXAMPLE, schema_of("RunDockerContainerActionResponse")) == []
    path = f"{ACTIONS}/{call('POST', ACTIONS, json=REQUEST_EXAMPLE).json()['id']}"
    assert call("PATCH", path, json=REQUEST_EXAMPLE).json().keys() == RESPONSE_EXAMPLE.keys()


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("workspace", W),
        ("project", P),
        ("pipeline", f"{P}/pipelines/2"),
        ("integration", f"{W}/integrations/61aa0cf1d2e84a3b9c7e5f012"),
    ],
)
def test_all_that_a_documented_answer_has_is_answered(call: Call, name: str, path: str) -> None:
    assert list(lacking(example(name), call("GET", path).json())) == []


def test_a_documented_variable_is_taken_and_answered(call: Call) -> None:
    sent = example("variable")
    assert faults(sent, schema_of("EnvironmentVariableView")) == []
    added = call("POST", ACTIONS, json={**LEAST, "variables": [sent]})
    (answered,) = call("GET", f"{ACTIONS}/{added.json()['id']}").json()["variables"]
    assert list(lacking(sent, answered)) == []
    assert {name: answered[name] for name in ("key", "value", "description")}.items() <= sent.items()


WRITES: list[tuple[str, str, dict[str, Any] | None]] = [
    ("POST", ACTIONS, LEAST),
    ("PATCH", STYLE, {"name": "Lint"}),
    ("DELETE", STYLE, None),
]
OPERATIONS = [("GET", path, None) for path in READS] + WRITES
READER = {"headers": {"Authorization": "Bearer sandbox-read-only"}}
STRANGER = {"headers": {"Authorization": "Bearer other"}}
MISSING = ["/workspaces/none", *[path.replace("company-website", "none") for path in READS if path.startswith(P)]]
FROM_YAML = f"{P}/pipelines/4/actions"
REFUSALS: list[tuple[int, str, str, dict[str, Any]]] = [
    *[(401, method, path, {"json": body} | STRANGER) for method, path, body in OPERATIONS],
    *[(403, method, path, {"json": body} | READER) for method, path, body in WRITES],
    *[(404, "GET", path, {}) for path in [*MISSING, f"{ACTIONS}/99", f"{W}/integrations/none"]],
    *[(404, method, path.replace("company-website", "none"), {"json": body}) for method, path, body in WRITES],
    *[(404, method, f"{ACTIONS}/99", {"json": {"name": "Lint"}}) for method in ("PATCH", "DELETE")],
    (400, "POST", ACTIONS, {"json": {}}),
    (400, "PATCH", STYLE, {"json": {"type": "BUILD"}}),
    (400, "POST", FROM_YAML, {"json": LEAST}),
    (400, "DELETE", f"{FROM_YAML}/8", {}),
]


@pytest.mark.parametrize(
    ("status", "method", "path", "options"), REFUSALS, ids=[f"{row[0]} {row[1]} {row[2]}" for row in REFUSALS]
)
def test_each_refusal_fits_its_operation(
    call: Call, status: int, method: str, path: str, options: dict[str, Any]
) -> None:
    answer = call(method, path, **options)
    assert (answer.status_code, strays(answer)) == (status, [])
    assert answer.json()["errors"][0]["message"]


@pytest.mark.parametrize(("method", "path", "body"), OPERATIONS, ids=[f"{row[0]} {row[1]}" for row in OPERATIONS])
def test_bad_weather_fits_the_operation_too(
    call: Call, sandbox: Sandbox, method: str, path: str, body: dict[str, Any] | None
) -> None:
    sandbox.state.weather = Weather.RATE_LIMITED
    limited = call(method, path, json=body)
    assert (limited.status_code, limited.json(), strays(limited)) == (429, example("rate_limited"), [])
    if method != "GET":
        sandbox.state.weather = Weather.ERROR_AFTER_CREATING
        failed = call(method, path, json=body)
        assert (failed.status_code, strays(failed)) == (500, [])


def test_a_body_that_strays_from_the_documents_is_noticed() -> None:
    assert faults({"id": "1"}, schema_of("ShortWorkspaceView")) and faults({"ident": 1}, schema_of("WorkspaceView"))
    assert faults({"create_date": "yesterday"}, schema_of("WorkspaceView"))
    assert list(lacking({"a": [{"b": 1}]}, {"a": [{"b": "1"}]})) == ["$.a[].b"]


def test_actions_are_answered_in_one_piece_and_picked_by_when_they_run(call: Call) -> None:
    for number in range(60):
        call("POST", ACTIONS, json=LEAST | {"name": f"Run {number}"})
    late = call("POST", ACTIONS, json=LEAST | {"trigger_time": "ON_WARNING"}).json()["id"]
    pages = [call("GET", f"{ACTIONS}{query}").json()["actions"] for query in ("", "?page=2&per_page=50")]
    assert (len(pages[0]), pages[0]) == (62, pages[1])
    picked = call("GET", f"{ACTIONS}?trigger_time=ON_WARNING").json()["actions"]
    assert [item["id"] for item in picked] == [late]
