"""One action that a pipeline has."""

import pytest
from support.buddy import StubBuddy
from support.pages import Browser
from support.rigs import Rig

PIPELINES = "/workspaces/buddy/projects/company-website/pipelines"
STYLE = f"{PIPELINES}/3/actions/9"
EVERYTHING = {
    "id": 7,
    "name": "Everything",
    "type": "RUN_DOCKER_CONTAINER",
    "html_url": "https://app.buddy.works/buddy/company-website/pipelines/action/7/edit",
    "docker_image_name": "team/app",
    "docker_image_tag": "1.2",
    "inline_commands": "make\nmake test",
    "run_as_user": "root",
    "entrypoint": "/bin/sh",
    "export_container_path": "/out",
    "mount_filesystem_disable": True,
    "volume_mappings": ["/:/app", "$DIR:/data"],
    "registry": "ghcr.io",
    "login": "deploy",
    "password": "canary-password",
    "variables": [
        {"key": "CI", "value": "true"},
        {"key": "TOKEN", "value": "canary-variable", "encrypted": True},
        {"key": "KEY", "value": "canary-key", "type": "SSH_KEY"},
    ],
    "trigger_time": "ON_FAILURE",
    "run_only_on_first_failure": True,
    "timeout": 60,
    "retry_count": 2,
    "retry_interval": 5,
    "ignore_errors": True,
    "disabled": True,
    "run_next": "IN_SOFT_PARALLEL",
}


def test_an_action_is_reached_from_the_list_and_shown_in_full(browser: Browser) -> None:
    page = browser.get(browser.get(f"{PIPELINES}/3/actions").links["Check the style"])
    assert (page.path, page.heading) == (STYLE, "Check the style")
    assert "Kind Run Docker container State Never run Number 9" in page.text
    assert "library/node Tag 22" in page.text
    assert "npm ci npm run lint" in page.text
    assert "NPM_TOKEN encrypted, not shown" in page.text
    assert page.links["Open the action in the sandbox"].endswith("/pipelines/pipeline/3/action/9/edit")
    assert page.links["Build and test"] == f"{PIPELINES}/3/actions"


def test_every_setting_is_shown_and_no_secret(desk: Browser, upstream: StubBuddy) -> None:
    upstream.by_hand = [EVERYTHING]
    page = desk.get(f"{PIPELINES}/2/actions/7")
    for words in (
        "State Switched off",
        "Registry address ghcr.io User name deploy Password not shown",
        "Run as user root Entrypoint /bin/sh",
        "Folder in the pipelineFolder in the container / /app $DIR /data",
        "Export the container to /out Pipeline's filesystem not mounted",
        "CI true TOKEN encrypted, not shown KEY encrypted, not shown",
        "When it runs When the pipeline fails Only on the first failure yes Switched off yes Time limit in seconds 60",
        "Go on after errors yes",
        "Tries after a failure 2 Seconds between tries 5 Also set in Buddy run_next",
    ):
        assert words in page.text
    assert "canary" not in page.html


IMAGES = {
    "by integration": ({"integration": {"hash_id": "aa11", "identifier": "ecr"}, "region": "eu"}, "Integration ecr"),
    "by the action before": ({"use_image_from_action": True, "docker_build_action_id": 0}, "by the action just before"),
    "by action": ({"use_image_from_action": True, "docker_build_action_id": 4}, "Built earlier by action number 4"),
    "by name": ({"use_image_from_action": True, "docker_build_action_name": "Build"}, "Built earlier by “Build”"),
}


@pytest.mark.parametrize(("fields", "words"), IMAGES.values(), ids=IMAGES)
def test_where_the_image_comes_from_is_shown(
    desk: Browser, upstream: StubBuddy, fields: dict[str, object], words: str
) -> None:
    upstream.by_hand = [{"id": 7, "name": "Run", "type": "RUN_DOCKER_CONTAINER", **fields}]
    assert words in desk.get(f"{PIPELINES}/2/actions/7").text


def test_an_action_of_another_kind_leads_to_buddy(browser: Browser) -> None:
    page = browser.get(f"{PIPELINES}/3/actions/7")
    assert page.heading == "Run unit tests"
    assert "This one is of another kind" in page.text
    assert [link.get("class") for link in page.all("a") if "button" in (link.get("class") or "")] == [
        "button",
        "button plain",
    ]
    assert page.links["Open the action in the sandbox"].endswith("/pipelines/pipeline/3/action/7/edit")


def test_an_unsafe_address_of_an_action_is_no_link(desk: Browser, upstream: StubBuddy) -> None:
    upstream.by_hand = [EVERYTHING | {"html_url": "javascript:alert(1)", "name": "<b>Bold</b>"}]
    page = desk.get(f"{PIPELINES}/2/actions/7")
    assert page.heading == "<b>Bold</b>"
    assert "javascript:alert(1)" not in page.links.values()


@pytest.mark.parametrize("kind", ["RUN_DOCKER_CONTAINER", "HTTP"])
def test_a_viewer_gets_no_empty_row_of_links_where_buddy_gave_no_address(
    team: Rig, upstream: StubBuddy, kind: str
) -> None:
    upstream.by_hand = [EVERYTHING | {"type": kind, "html_url": None}]
    page = team.hired("vera", "viewer").get(f"{PIPELINES}/2/actions/7")
    assert page.heading == "Everything"
    assert [row for row in page.all("div", "p") if "links" in (row.get("class") or "").split()] == []


@pytest.mark.parametrize("id", ["99", "0", "x", "９", "1" * 500, "9/x", "%2e%2e"])
def test_an_action_that_is_not_there_is_404_in_words(browser: Browser, id: str) -> None:
    page = browser.get(f"{PIPELINES}/3/actions/{id}")
    assert (page.status, "Nothing was sent" in page.text) == (404, False)
