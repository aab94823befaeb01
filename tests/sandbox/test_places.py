"""What the simulated Buddy has around actions, asked over HTTP as the real one is."""

from collections.abc import Callable

import pytest
import requests

Call = Callable[..., requests.Response]
W = "/workspaces/buddy"
P = f"{W}/projects/company-website"


def test_a_workspace_is_short_in_the_list_and_whole_by_itself(call: Call) -> None:
    listed = call("GET", "/workspaces").json()["workspaces"]
    whole = call("GET", W).json()
    assert [item["domain"] for item in listed] == ["buddy", "buddy-labs"]
    assert listed[0].items() < whole.items()


def test_a_project_is_short_in_the_list_and_whole_by_itself(call: Call) -> None:
    listed = call("GET", f"{W}/projects").json()["projects"]
    whole = call("GET", P).json()
    assert (listed[0]["name"], listed[0]["display_name"]) == ("company-website", "Company Website")
    assert listed[0].items() < whole.items()


def test_a_pipeline_by_itself_has_its_project_its_creator_and_its_actions(call: Call) -> None:
    listed = call("GET", f"{P}/pipelines").json()["pipelines"]
    whole = call("GET", f"{P}/pipelines/2").json()
    assert listed[0].items() < whole.items()
    assert (whole["project"]["name"], whole["creator"]["name"]) == ("company-website", "Sandbox")
    assert [action["name"] for action in whole["actions"]] == ["Upload files to Live mirror"]
    assert whole["actions"] == call("GET", f"{P}/pipelines/2/actions").json()["actions"]
    assert (whole["actions"][0]["last_execution_status"], whole["actions"][0]["disabled"]) == ("INITIAL", False)
    assert not {"status", "revision"} & whole["actions"][0].keys()
    assert "on" not in whole


def test_projects_can_be_paged_sorted_and_picked_by_status(call: Call) -> None:
    def names(**query: object) -> list[str]:
        return [item["name"] for item in call("GET", f"{W}/projects", params=query).json()["projects"]]

    everything = ["company-website", "data-jobs", "mobile-api", "old-shop"]
    assert names(sort_by="name") == everything
    assert names(sort_by="name", sort_direction="DESC") == everything[::-1]
    assert [len(names(page=page, per_page=3)) for page in (1, 2, 3)] == [3, 1, 0]
    assert (names(status="CLOSED"), len(names(status="ACTIVE"))) == (["old-shop"], 3)
    assert names(page=0) == names(per_page=-1) == []


def test_a_pipeline_from_yaml_is_marked(call: Call) -> None:
    pipelines = call("GET", f"{P}/pipelines", params={"sort_by": "id"}).json()["pipelines"]
    assert [item["definition_source"] for item in pipelines] == ["LOCAL", "LOCAL", "REMOTE"]
    in_git = call("GET", f"{W}/projects/mobile-api/pipelines/16").json()
    assert (in_git["definition_source"], in_git["git_config_ref"]) == ("LOCAL", "FIXED")
    assert in_git["git_config"] == {"project": "mobile-api", "branch": "main", "path": ".buddy/nightly.yml"}


def test_a_team_has_an_integration_of_each_kind_of_registry(call: Call) -> None:
    items = call("GET", f"{W}/integrations").json()["integrations"]
    assert {"DOCKER_HUB", "AMAZON", "GOOGLE_SERVICE_ACCOUNT", "GIT_HUB"} <= {item["type"] for item in items}
    assert items[0]["hash_id"] == "5ddb7c180fb38be67bd78a88a"
    for item in items:
        assert call("GET", f"{W}/integrations/{item['hash_id']}").json() == item


@pytest.mark.parametrize(("token", "may_change"), [("sandbox", True), ("sandbox-read-only", False)])
def test_a_token_can_be_asked_what_it_may_do(call: Call, token: str, may_change: bool) -> None:
    answer = call("GET", "/user/token", headers={"Authorization": f"Bearer {token}"})
    assert ("EXECUTION_MANAGE" in answer.json()["scopes"]) == may_change


@pytest.mark.parametrize(
    ("method", "path", "wanted"),
    [
        ("GET", "/user/token", "TOKEN_INFO"),
        ("GET", "/workspaces", "WORKSPACE"),
        ("GET", f"{W}/integrations", "INTEGRATION_INFO"),
        ("GET", f"{W}/projects/company-website/pipelines/2", "EXECUTION_INFO, EXECUTION_RUN, EXECUTION_MANAGE"),
        ("DELETE", f"{W}/projects/company-website/pipelines/2/actions/5", "EXECUTION_MANAGE"),
    ],
)
def test_each_answer_tells_the_scopes_that_are_wanted_and_the_tokens(
    call: Call, method: str, path: str, wanted: str
) -> None:
    answer = call(method, path, headers={"Authorization": "Bearer sandbox-read-only"})
    assert answer.headers["X-Accepted-OAuth-Scopes"] == wanted
    assert answer.headers["X-OAuth-Scopes"] == "WORKSPACE, EXECUTION_INFO, INTEGRATION_INFO, TOKEN_INFO"
    assert "X-OAuth-Scopes" not in call("GET", path, headers={"Authorization": ""}).headers


@pytest.mark.parametrize("authorization", ["", "Bearer other", "sandbox", "Basic sandbox", "Bearer"])
def test_without_a_token_nothing_is_told(call: Call, authorization: str) -> None:
    answer = call("GET", "/workspaces", headers={"Authorization": authorization})
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/json")
    assert answer.json()["errors"][0]["message"]


def test_a_token_that_may_only_read_changes_nothing(call: Call, actions: str, least: object) -> None:
    reader = {"Authorization": "Bearer sandbox-read-only"}
    before = call("GET", actions, headers=reader)
    answers = [
        call("POST", actions, headers=reader, json=least),
        call("PATCH", f"{actions}/5", headers=reader, json={"name": "Other"}),
        call("DELETE", f"{actions}/5", headers=reader),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert "EXECUTION_MANAGE" in answers[0].json()["errors"][0]["message"]
    assert (before.status_code, call("GET", actions).json()) == (200, before.json())


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/nowhere",
        "/workspaces/none",
        "/workspaces//projects",
        f"{W}/projects/none",
        f"{W}/integrations/none",
        f"{P}/pipelines/99",
        f"{P}/pipelines/two",
        f"{P}/pipelines/2/actions/99",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
def test_what_is_not_there_is_404_in_buddys_shape(call: Call, method: str, path: str) -> None:
    answer = call(method, path, json={}, allow_redirects=False)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/json")
    assert answer.json()["errors"][0]["message"]


def test_each_answer_carries_buddys_headers(call: Call, actions: str, least: object) -> None:
    answers = [
        call("GET", "/workspaces"),
        call("GET", "/nowhere"),
        call("POST", actions, json=least),
        call("POST", actions, json={}),
        call("DELETE", f"{actions}/5"),
    ]
    assert [answer.status_code for answer in answers] == [200, 404, 201, 400, 204]
    for answer in answers:
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["X-Buddy-Media-Type"] == "buddy.v1.1.0"
        limits = [int(answer.headers[f"X-Rate-Limit-{name}"]) for name in ("Limit", "Remaining", "Reset")]
        assert 0 < limits[1] < limits[0] < limits[2]


def test_a_read_may_have_a_body_of_null(call: Call) -> None:
    answer = call("GET", "/workspaces", data="null", headers={"Content-Type": "application/json"})
    assert answer.status_code == 200


def test_each_link_to_a_page_leads_to_one(call: Call, api: str, actions: str) -> None:
    paths = ["/workspaces", W, f"{W}/projects", P, f"{P}/pipelines", f"{P}/pipelines/2", actions, f"{W}/integrations"]
    for path in [*paths, "/user/token", f"{actions}/5", f"{P}/pipelines/3/actions/9"]:
        link = call("GET", path).json()["html_url"]
        page = requests.get(link.replace("http://127.0.0.1:8000/sandbox", api.removesuffix("/api")), timeout=10)
        assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8"), link
