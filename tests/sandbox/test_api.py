"""The make-believe Buddy, asked over HTTP as the real one is."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from support.upstream import REQUEST_EXAMPLE, RESPONSE_EXAMPLE

from webapp.sandbox import Sandbox

ACTIONS = "/workspaces/buddy/projects/company-website/pipelines/2/actions"
LEAST = {
    "name": "Run tests",
    "type": "RUN_DOCKER_CONTAINER",
    "docker_image_name": "library/ubuntu",
    "docker_image_tag": "latest",
    "inline_commands": "make test",
}


class Buddy:
    """A client written for Buddy."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.headers["Authorization"] = "Bearer sandbox"

    def get(self, path: str, **query: Any) -> requests.Response:
        return self.session.get(self.url + path, params=query, timeout=10)

    def post(self, body: object, path: str = ACTIONS) -> requests.Response:
        return self.session.post(self.url + path, json=body, timeout=10)


@pytest.fixture
def buddy() -> Iterator[Buddy]:
    sandbox = Sandbox("http://127.0.0.1:8000/sandbox", "templates", "/static/site.css")
    buddy = Buddy(sandbox.start())
    yield buddy
    buddy.session.close()
    sandbox.close()


def test_the_contracts_example_is_accepted_and_answered_in_the_contracts_shape(buddy: Buddy) -> None:
    answer = buddy.post(REQUEST_EXAMPLE)
    body = answer.json()
    assert (answer.status_code, answer.headers["Content-Type"]) == (201, "application/json")
    assert body.keys() == RESPONSE_EXAMPLE.keys()
    assert body["pipeline"].keys() == RESPONSE_EXAMPLE["pipeline"].keys()
    ours = {"url", "html_url", "id", "pipeline"}
    assert {k: v for k, v in body.items() if k not in ours} == {
        k: v for k, v in RESPONSE_EXAMPLE.items() if k not in ours
    }
    assert body["html_url"].endswith(f"/buddy/company-website/pipelines/action/{body['id']}/edit")


def test_what_was_added_is_in_the_list_and_the_detail_shows_all_but_secrets(buddy: Buddy) -> None:
    secret = {"key": "B", "value": "hush", "encrypted": True}
    body = LEAST | {"login": "me", "password": "hush", "variables": [{"key": "A", "value": "1"}, secret]}
    id = buddy.post(body).json()["id"]
    assert [item["id"] for item in buddy.get(ACTIONS).json()["actions"]][-1] == id
    assert "inline_commands" not in buddy.get(ACTIONS).json()["actions"][-1]
    detail = buddy.get(f"{ACTIONS}/{id}")
    assert detail.json()["login"] == "me"
    assert [item["value"] for item in detail.json()["variables"]][0] == "1"
    assert "hush" not in detail.text


def test_the_place_in_the_pipeline_can_be_asked_for(buddy: Buddy) -> None:
    path = "/workspaces/buddy/projects/mobile-api/pipelines/11/actions"
    id = buddy.post(LEAST | {"after_action_id": 12}, path).json()["id"]
    assert [item["id"] for item in buddy.get(path).json()["actions"]] == [12, id, 13, 14]


REFUSALS = {
    "no object": ([1], "JSON object"),
    **{f"no {name}": ({**LEAST, name: ""}, f"Field {name} is required.") for name in LEAST},
    "another type": (LEAST | {"type": "BUILD"}, "Field type must be RUN_DOCKER_CONTAINER"),
    "commands as a list": (LEAST | {"inline_commands": ["ls"]}, "Field inline_commands must be text."),
    "true as a number": (LEAST | {"timeout": True}, "Field timeout must be a whole number."),
    "a volume without colon": (LEAST | {"volume_mappings": ["/a"]}, "Field volume_mappings"),
    "a variable without key": (LEAST | {"variables": [{"value": "1"}]}, "Field variables"),
    "login alone": (LEAST | {"login": "me"}, "Fields login and password"),
    "an unknown integration": (LEAST | {"integration": {"identifier": "x"}}, "Field integration"),
    "Amazon without region": (LEAST | {"integration": {"identifier": "ecr_prod"}}, "Field region is required"),
    "Google without registry": (LEAST | {"integration": {"identifier": "google_images"}}, "Field registry is required"),
    "no build action": (LEAST | {"use_image_from_action": True}, "Either docker_build_action_id"),
    "an unknown build action": (
        LEAST | {"use_image_from_action": True, "docker_build_action_id": 99},
        "there is no action 99",
    ),
    "an unknown build action by name": (
        LEAST | {"use_image_from_action": True, "docker_build_action_name": "x"},
        "there is no action x",
    ),
    "after nothing": (LEAST | {"after_action_id": 99}, "Field after_action_id"),
    "on failure, half": (LEAST | {"trigger_time": "ON_FAILURE"}, "Field run_only_on_first_failure is required"),
}


@pytest.mark.parametrize(("body", "message"), REFUSALS.values(), ids=REFUSALS)
def test_what_buddy_would_refuse_is_refused_by_name(buddy: Buddy, body: object, message: str) -> None:
    answer = buddy.post(body)
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/json")
    assert message in " ".join(error["message"] for error in answer.json()["errors"])


def test_a_pipeline_from_yaml_takes_no_changes(buddy: Buddy) -> None:
    answer = buddy.post(LEAST, "/workspaces/buddy/projects/company-website/pipelines/4/actions")
    assert (answer.status_code, "YAML" in answer.text) == (400, True)


def test_without_the_token_nothing_is_told(buddy: Buddy) -> None:
    for token in ("", "Bearer other", "sandbox"):
        answer = requests.get(f"{buddy.url}/workspaces", headers={"Authorization": token}, timeout=10)
        assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/json")
        assert answer.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    "path",
    [
        "/workspaces/none",
        "/workspaces/buddy/projects/none",
        "/workspaces/buddy/projects/company-website/pipelines/99",
        f"{ACTIONS}/99",
        "/nowhere",
    ],
)
def test_what_is_not_there_is_404_in_buddys_shape(buddy: Buddy, path: str) -> None:
    answer = buddy.get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/json")
    assert answer.json()["errors"][0]["message"]


def test_lists_are_paged(buddy: Buddy) -> None:
    path = "/workspaces/buddy/projects"
    pages = [buddy.get(path, page=page, per_page=3).json()["projects"] for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [3, 1, 0]


def test_a_team_has_a_closed_project_and_each_kind_of_registry(buddy: Buddy) -> None:
    projects = buddy.get("/workspaces/buddy/projects").json()["projects"]
    assert "CLOSED" in {project["status"] for project in projects}
    types = {item["type"] for item in buddy.get("/workspaces/buddy/integrations").json()["integrations"]}
    assert {"DOCKER_HUB", "AMAZON", "GOOGLE_SERVICE_ACCOUNT", "GIT_HUB"} <= types
