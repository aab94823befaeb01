"""The simulated Buddy's actions: listed, added, read, changed and deleted over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest
import requests
from support.examples import REQUEST_EXAMPLE, RESPONSE_EXAMPLE

from webapp.sandbox import Sandbox

Call = Callable[..., requests.Response]
RELEASE = "/workspaces/buddy/projects/mobile-api/pipelines/11/actions"
STYLE = "/workspaces/buddy/projects/company-website/pipelines/3/actions/9"
FROM_YAML = "/workspaces/buddy/projects/company-website/pipelines/4/actions"


def test_the_contracts_example_is_accepted_and_answered_in_the_contracts_shape(call: Call, actions: str) -> None:
    answer = call("POST", actions, json=REQUEST_EXAMPLE)
    body = answer.json()
    assert answer.status_code == 201
    assert body.keys() == RESPONSE_EXAMPLE.keys()
    assert body["pipeline"].keys() == RESPONSE_EXAMPLE["pipeline"].keys()
    ours = {"url", "html_url", "id", "pipeline"}
    assert {name: body[name] for name in body.keys() - ours} == {
        name: RESPONSE_EXAMPLE[name] for name in RESPONSE_EXAMPLE.keys() - ours
    }
    base = "http://127.0.0.1:8000/sandbox"
    assert body["url"] == f"{base}/api{actions}/{body['id']}"
    assert body["html_url"] == f"{base}/buddy/company-website/pipelines/action/{body['id']}/edit"
    assert body["pipeline"]["html_url"] == f"{base}/buddy/company-website/pipelines/pipeline/2"


def test_a_new_action_is_in_the_list_in_short_and_whole_by_itself(call: Call, actions: str) -> None:
    id = call("POST", actions, json=REQUEST_EXAMPLE).json()["id"]
    listed = call("GET", actions).json()["actions"]
    whole = call("GET", f"{actions}/{id}").json()
    assert [item["id"] for item in listed] == [5, id]
    assert "inline_commands" not in listed[1]
    assert listed[1].items() < whole.items()
    assert whole["integration"] == REQUEST_EXAMPLE["integration"]
    assert [(item["key"], item["value"]) for item in whole["variables"]] == [("containerUser", "notRoot")]


def test_an_integration_is_answered_by_its_identifier_however_it_was_sent(
    call: Call, actions: str, least: dict[str, Any]
) -> None:
    for name in ("identifier", "hash_id"):
        sent = least | {"integration": {name: "61aa0cf1d2e84a3b9c7e5f012"}, "region": "us-east-1"}
        id = call("POST", actions, json=sent).json()["id"]
        assert call("GET", f"{actions}/{id}").json()["integration"] == {"identifier": "ecr_prod"}


def test_pages_of_actions_have_the_contracts_address_in_its_pipeline_and_the_newer_one_elsewhere(call: Call) -> None:
    base = "http://127.0.0.1:8000/sandbox/buddy"
    project = "/workspaces/buddy/projects/company-website/pipelines"
    pages = [call("GET", f"{project}/{path}").json()["html_url"] for path in ("2/actions/5", "3/actions/9")]
    assert pages == [
        f"{base}/company-website/pipelines/action/5/edit",
        f"{base}/company-website/pipelines/pipeline/3/action/9/edit",
    ]


def test_secrets_go_in_and_never_come_out(call: Call, actions: str, least: dict[str, Any]) -> None:
    secret = {"key": "B", "value": "hush-1", "encrypted": True}
    body = least | {"login": "me", "password": "hush-2", "variables": [{"key": "A", "value": "1"}, secret]}
    added = call("POST", actions, json=body)
    detail = call("GET", f"{actions}/{added.json()['id']}")
    assert (detail.json()["login"], detail.json()["variables"][0]["value"]) == ("me", "1")
    assert detail.json()["variables"][1]["value"].startswith("!encrypted ")
    assert "password" not in detail.json()
    assert "hush" not in added.text + detail.text


def test_the_sandbox_tells_what_it_was_asked_to_change(
    call: Call, sandbox: Sandbox, actions: str, least: dict[str, Any]
) -> None:
    call("GET", actions)
    call("POST", actions, json=least | {"login": "me", "password": "hush"})
    call("PATCH", f"{actions}/5", json={"type": "SLACK"})
    call("DELETE", f"{actions}/5")
    asked = [(item.method, item.path) for item in sandbox.received]
    assert asked == [
        ("POST", f"/api{actions}"),
        ("PATCH", f"/api{actions}/5"),
        ("DELETE", f"/api{actions}/5"),
    ]
    assert sandbox.received[0].body["password"] == "hush"
    assert "hush" not in repr(sandbox.received)


def test_the_place_in_the_pipeline_can_be_asked_for(call: Call, least: dict[str, Any]) -> None:
    id = call("POST", RELEASE, json=least | {"after_action_id": 12}).json()["id"]
    assert ids(call) == [12, id, 13, 14]
    assert call("PATCH", f"{RELEASE}/{id}", json={"after_action_id": 14}).status_code == 200
    assert ids(call) == [12, 13, 14, id]
    assert call("PATCH", f"{RELEASE}/13", json={"name": "Build it"}).status_code == 200
    assert ids(call) == [12, 13, 14, id]
    refused = call("PATCH", f"{RELEASE}/13", json={"after_action_id": 13})
    assert (refused.status_code, "after_action_id" in refused.text) == (400, True)


def test_an_image_can_only_come_from_an_earlier_action(call: Call, least: dict[str, Any]) -> None:
    built = least | {"use_image_from_action": True}
    for reference in ({"docker_build_action_id": 0}, {"docker_build_action_id": 12}):
        assert call("POST", RELEASE, json=built | reference | {"after_action_id": 12}).status_code == 201
    assert call("POST", RELEASE, json=built | {"docker_build_action_name": "Build API"}).status_code == 201
    for reference in ({"docker_build_action_id": 13}, {"docker_build_action_name": "Build worker"}):
        refused = call("POST", RELEASE, json=built | reference | {"after_action_id": 12})
        assert (refused.status_code, next(iter(reference)) in refused.text) == (400, True)
    alone = "/workspaces/buddy/projects/mobile-api/pipelines/15/actions"
    assert call("POST", alone, json=built | {"docker_build_action_id": 0}).status_code == 400


def test_a_change_touches_only_what_is_sent(call: Call) -> None:
    before = call("GET", STYLE).json()
    answer = call("PATCH", STYLE, json={"docker_image_tag": "24"})
    assert (answer.status_code, answer.json()["docker_image_tag"]) == (200, "24")
    assert not {"variables", "integration"} & answer.json().keys()
    assert call("GET", STYLE).json() == before | {"docker_image_tag": "24"}


def test_null_takes_a_setting_away_but_not_a_required_one(call: Call) -> None:
    assert call("PATCH", STYLE, json={"volume_mappings": None}).status_code == 200
    assert "volume_mappings" not in call("GET", STYLE).json()
    refused = call("PATCH", STYLE, json={"inline_commands": None})
    assert (refused.status_code, "Field inline_commands is required." in refused.text) == (400, True)


def test_a_whole_action_can_be_sent_back_as_it_was_read(call: Call) -> None:
    read = call("GET", STYLE).json()
    assert call("PATCH", STYLE, json=read).status_code == 200
    assert call("GET", STYLE).json() == read


def test_a_password_stays_when_it_is_not_sent(call: Call, actions: str, least: dict[str, Any]) -> None:
    id = call("POST", actions, json=least | {"login": "me", "password": "hush"}).json()["id"]
    assert call("PATCH", f"{actions}/{id}", json={"login": "you"}).json()["login"] == "you"
    assert call("PATCH", f"{actions}/{id}", json={"password": None}).status_code == 400


def test_the_type_of_an_action_cannot_be_changed(call: Call, actions: str) -> None:
    for path in (STYLE, f"{actions}/5"):
        answer = call("PATCH", path, json={"type": "BUILD"})
        assert (answer.status_code, "Field type can't be changed" in answer.text) == (400, True)


def test_an_action_of_another_type_can_be_renamed_but_not_to_nothing(call: Call, actions: str) -> None:
    assert call("PATCH", f"{actions}/5", json={"name": "Upload"}).json()["name"] == "Upload"
    assert call("PATCH", f"{actions}/5", json={"name": ""}).status_code == 400
    assert call("PATCH", f"{actions}/5", json=[]).status_code == 400


def test_a_deleted_action_is_gone(call: Call, actions: str) -> None:
    answer = call("DELETE", f"{actions}/5")
    assert (answer.status_code, answer.content) == (204, b"")
    assert call("GET", actions).json()["actions"] == []
    assert [call(method, f"{actions}/5", json={}).status_code for method in ("GET", "PATCH", "DELETE")] == [404] * 3


def test_a_pipeline_from_yaml_takes_no_changes(call: Call, least: object) -> None:
    answers = [
        call("POST", FROM_YAML, json=least),
        call("PATCH", f"{FROM_YAML}/8", json={"name": "Other"}),
        call("DELETE", f"{FROM_YAML}/8"),
    ]
    assert [(answer.status_code, "YAML" in answer.text) for answer in answers] == [(400, True)] * 3
    assert [item["name"] for item in call("GET", FROM_YAML).json()["actions"]] == ["Build from file"]


def ids(call: Call) -> list[int]:
    return [item["id"] for item in call("GET", RELEASE).json()["actions"]]


REFUSALS: dict[str, tuple[dict[str, Any], str]] = {
    **{
        f"no {name}": ({name: ""}, f"Field {name} is required.")
        for name in ("name", "type", "docker_image_name", "docker_image_tag", "inline_commands")
    },
    "another type": ({"type": "BUILD"}, "Field type must be RUN_DOCKER_CONTAINER"),
    "commands as a list": ({"inline_commands": ["ls"]}, "Field inline_commands must be text."),
    "a flag as text": ({"disabled": "true"}, "Field disabled must be true or false."),
    "true as a number": ({"timeout": True}, "Field timeout must be a whole number."),
    "a negative number": ({"retry_count": -1}, "Field retry_count must not be negative."),
    "an unknown time": ({"trigger_time": "NEVER"}, "Field trigger_time must be one of ON_EVERY_EXECUTION"),
    "an unknown order": ({"run_next": "LATER"}, "Field run_next must be one of WAIT_ON_SUCCESS"),
    "a volume without colon": ({"volume_mappings": ["/a"]}, "Field volume_mappings"),
    "a volume that is a number": ({"volume_mappings": [1]}, "Field volume_mappings"),
    "a variable without key": ({"variables": [{"value": "1"}]}, "Field variables"),
    "a variable that is text": ({"variables": ["A=1"]}, "Field variables"),
    "a variable of no type": ({"variables": [{"key": "A", "value": "1", "type": "X"}]}, "Field variables: type"),
    "a variable half encrypted": (
        {"variables": [{"key": "A", "value": "1", "encrypted": "yes"}]},
        "Field variables: encrypted must be true or false.",
    ),
    "a condition that is text": ({"trigger_conditions": ["x"]}, "Field trigger_conditions"),
    "a loop over numbers": ({"loop": [1]}, "Field loop"),
    "login alone": ({"login": "me"}, "Fields login and password"),
    "password alone": ({"password": "hush"}, "Fields login and password"),
    "an unknown integration": ({"integration": {"identifier": "x"}}, "Field integration"),
    "an integration without a name": ({"integration": {}}, "Field integration"),
    "an integration as text": ({"integration": "ecr_prod"}, "Field integration must be an object."),
    "Amazon without region": ({"integration": {"identifier": "ecr_prod"}}, "Field region is required"),
    "Google without registry": ({"integration": {"identifier": "google_images"}}, "Field registry is required"),
    "no build action": ({"use_image_from_action": True}, "Either docker_build_action_id"),
    "two build actions": (
        {"use_image_from_action": True, "docker_build_action_id": 5, "docker_build_action_name": "x"},
        "Either docker_build_action_id",
    ),
    "an unknown build action": (
        {"use_image_from_action": True, "docker_build_action_id": 99},
        "Field docker_build_action_id: there is no action 99",
    ),
    "an unknown build action by name": (
        {"use_image_from_action": True, "docker_build_action_name": "x"},
        "Field docker_build_action_name: there is no action x",
    ),
    "after nothing": ({"after_action_id": 99}, "Field after_action_id"),
    "on failure, half": ({"trigger_time": "ON_FAILURE"}, "Field run_only_on_first_failure is required"),
}


@pytest.mark.parametrize(("wrong", "message"), REFUSALS.values(), ids=REFUSALS)
def test_what_buddy_would_refuse_is_refused_by_name(
    call: Call, actions: str, least: dict[str, Any], wrong: dict[str, Any], message: str
) -> None:
    answer = call("POST", actions, json=least | wrong)
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/json")
    assert message in " ".join(error["message"] for error in answer.json()["errors"])
    assert len(call("GET", actions).json()["actions"]) == 1


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b"\xff"])
def test_a_request_that_is_no_object_is_refused(call: Call, actions: str, body: bytes) -> None:
    answer = call("POST", actions, data=body)
    assert (answer.status_code, "JSON object" in answer.text) == (400, True)


@pytest.mark.parametrize(
    "integration",
    [
        {"integration": {"identifier": "ecr_prod"}, "region": "us-east-1"},
        {"integration": {"hash_id": "61aa0cf1d2e84a3b9c7e5f012"}, "region": "us-east-1"},
        {"integration": {"identifier": "google_images"}, "registry": "gcr.io"},
        {"integration": {"identifier": "github"}},
    ],
)
def test_an_integration_with_what_it_needs_is_accepted(
    call: Call, actions: str, least: dict[str, Any], integration: dict[str, Any]
) -> None:
    assert call("POST", actions, json=least | integration).status_code == 201
