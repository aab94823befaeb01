"""Choosing the place."""

from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from support.buddy import StubBuddy
from support.examples import PIPELINE
from support.pages import Browser, Page

from webapp.sandbox.state import Pipeline

from .test_access import become


def test_workspace_project_and_pipeline_are_chosen_from_lists(browser: Browser) -> None:
    workspaces = browser.get("/workspaces")
    projects = browser.get(workspaces.links["Buddy"])
    pipelines = browser.get(projects.links["Company Website"])
    actions = browser.get(pipelines.links["Live mirror"])
    assert actions.heading == "Actions of Live mirror"
    form = browser.get(actions.links["Add a Run Docker container action"])
    assert form.heading == "Add a Run Docker container action"
    assert "Add to Live mirror in Company Website" in form.text


def test_a_list_with_one_entry_is_passed_through(browser: Browser) -> None:
    assert browser.get("/workspaces/buddy/projects/data-jobs/pipelines").path.endswith("/pipelines/21/actions")


def test_a_project_without_pipelines_says_so_and_leads_to_where_one_is_made(browser: Browser) -> None:
    page = browser.get("/workspaces/buddy-labs/projects/empty/pipelines")
    assert "This project has no pipeline that the token can see. Make one in the sandbox first." in page.text
    assert page.links["Make one in the sandbox"].endswith("/buddy-labs/empty")


def test_a_closed_project_warns_before_sending(browser: Browser) -> None:
    page = browser.get("/workspaces/buddy/projects/old-shop/pipelines")
    assert "This project is closed: its pipelines do not run" in page.text


def test_a_pipeline_from_a_yaml_file_warns_before_sending(browser: Browser) -> None:
    page = browser.get("/workspaces/buddy/projects/company-website/pipelines/4/actions/new")
    assert "This pipeline comes from a YAML file." in page.text


def test_a_pipeline_from_a_yaml_file_that_has_refused_says_so_in_one_notice(browser: Browser) -> None:
    path = "/workspaces/buddy/projects/company-website/pipelines/4/actions/new"
    refused = browser.get(path).send(name="Run", docker_image_name="a", docker_image_tag="1", inline_commands="ls")
    assert refused.heading == "The sandbox did not accept the action"
    said = [
        box.get("class") for box in refused.all("div") if (box.get("class") or "").startswith(("notice", "summary"))
    ]
    assert said == ["summary"]
    assert "“Show as buddy.yml”, below the form, gives you what to put into the file instead." in refused.text
    assert "Copy it to another pipeline" in refused.links


@pytest.mark.parametrize("ref", ["FIXED", "DYNAMIC"])
def test_a_pipeline_that_is_kept_in_git_warns_too(
    desk: Browser, upstream: StubBuddy, monkeypatch: pytest.MonkeyPatch, ref: str
) -> None:
    monkeypatch.setitem(PIPELINE, "git_config_ref", ref)
    upstream.by_hand = [{"id": 7, "name": "Run", "type": "RUN_DOCKER_CONTAINER"}]
    here = "/workspaces/buddy/projects/company-website/pipelines/2/actions"
    for path in ("new", "7/edit"):
        assert "This pipeline comes from a YAML file." in desk.get(f"{here}/{path}").text


def test_the_actions_of_a_pipeline_are_listed(browser: Browser) -> None:
    page = browser.get("/workspaces/buddy/projects/mobile-api/pipelines/11/actions")
    assert [word in page.text for word in ("Build API", "Build worker", "Announce")] == [True, True, True]
    assert page.links["Add a Run Docker container action"].endswith("/pipelines/11/actions/new")


@pytest.mark.parametrize(
    "path",
    [
        "/workspaces/none/projects",
        "/workspaces/a%20b/projects",
        "/workspaces/%2e%2e/projects",
        "/workspaces/buddy/projects/none/pipelines",
        "/workspaces/buddy/projects/company-website/pipelines/99/actions/new",
        "/workspaces/buddy/projects/company-website/pipelines/x/actions/new",
        "/workspaces/buddy/projects/company-website/pipelines/９/actions",
    ],
)
def test_a_place_that_is_not_there_is_404_in_words(browser: Browser, path: str) -> None:
    page = browser.get(path)
    assert page.status == 404
    # Nothing could have been.
    assert "Nothing was sent" not in page.text


LONG = [f"Deploy {number}" for number in range(1000)]


@pytest.fixture
def long_list(app: Flask) -> None:
    """A project with 1,000 pipelines more."""
    project = parts(app).sandbox.state.workspace("buddy").project("company-website")
    project.pipelines += tuple(Pipeline(1000 + number, name) for number, name in enumerate(LONG))


def parts(app: Flask) -> Any:
    return app.extensions["slipway"]


PIPELINES = "/workspaces/buddy/projects/company-website/pipelines"


@pytest.mark.usefixtures("long_list")
def test_a_long_list_comes_in_pages_of_50(browser: Browser) -> None:
    page = browser.get(PIPELINES)
    seen = [name for name in page.links if name.startswith("Deploy")]
    assert len(seen) == 47
    for _ in range(20):
        page = browser.get(page.links["Next"])
        names = [name for name in page.links if name.startswith("Deploy")]
        assert len(names) <= 50
        seen += names
    assert seen == LONG
    assert "Next" not in page.links
    assert "Deploy 990" in browser.get(page.links["Previous"]).text


@pytest.mark.usefixtures("long_list")
def test_a_long_list_is_filtered_by_every_word_typed(browser: Browser) -> None:
    page = browser.get(f"{PIPELINES}?q=99+DEPLOY")
    names = [name for name in page.links if name.startswith("Deploy")]
    assert names == [name for name in LONG if "99" in name]
    assert "Live mirror" not in page.text
    assert page.by_id("filter").get("value") == "99 DEPLOY"
    assert "No pipeline matches these words." in browser.get(f"{PIPELINES}?q=nothing").text


def test_a_filter_that_leaves_one_entry_shows_it(browser: Browser) -> None:
    page = browser.get("/workspaces/buddy/projects?q=mobile")
    assert (page.heading, "Mobile API" in page.links) == ("Choose a project", True)


def test_a_pipeline_with_500_actions_is_paged_and_filtered_by_name_kind_and_number(
    browser: Browser, app: Flask
) -> None:
    pipeline = parts(app).sandbox.state.workspace("buddy").project("company-website").pipeline(2)
    pipeline.actions += tuple(
        {"id": 1000 + number, "name": f"Step {number}", "type": "BUILD", "disabled": number == 499}
        for number in range(500)
    )
    page = browser.get(f"{PIPELINES}/2/actions")
    seen = [name for name in page.links if name.startswith("Step")]
    while "Next" in page.links:
        assert len(actions_on(page)) == 50
        page = browser.get(page.links["Next"])
        seen += [name for name in page.links if name.startswith("Step")]
    assert seen == [f"Step {number}" for number in range(500)]
    assert "Step 499 Custom build, number 1499 Switched off Never run" in page.text
    for words, count in (("step 49", 15), ("build 1400", 1), ("ftp", 1), ("nothing", 0)):
        found = browser.get(f"{PIPELINES}/2/actions?q={words.replace(' ', '+')}")
        assert len(actions_on(found)) == count
    assert "No action matches these words." in found.text


def actions_on(page: Page) -> list[Element]:
    """The rows of a pipeline's page."""
    return [row for each in page.all("ol") if "actions" in (each.get("class") or "").split() for row in each]


@pytest.mark.parametrize("query", ["page=0", "page=-1", "page=x", "page=999999999999", "q=%00", "q=%F0%9F%98%80"])
def test_an_odd_query_is_no_trouble(browser: Browser, query: str) -> None:
    assert browser.get(f"{PIPELINES}?{query}").status == 200


def test_a_pipeline_tells_how_it_ran_last(browser: Browser) -> None:
    assert "Live mirror Last run successful pipeline 2" in browser.get(PIPELINES).text


ADDRESSES = {
    "pipeline": ("/sandbox/buddy/company-website/pipelines/pipeline/3", "Actions of Build and test"),
    "action": ("/sandbox/buddy/company-website/pipelines/action/7/edit", "Run unit tests"),
    "newer action": ("/sandbox/buddy/company-website/pipelines/pipeline/3/action/7/edit", "Run unit tests"),
    "action of the contract's pipeline": ("/sandbox/buddy/company-website/pipelines/action/5/edit", "Upload files"),
    "API": ("/sandbox/api/workspaces/buddy/projects/mobile-api/pipelines/11/actions/12", "Build API"),
}


@pytest.mark.parametrize(("path", "heading"), ADDRESSES.values(), ids=ADDRESSES)
def test_a_pasted_address_goes_straight_there(browser: Browser, path: str, heading: str) -> None:
    page = browser.get(f"/find?q={quote(browser.url + path)}")
    assert page.heading.startswith(heading)


WRONG = {
    "https://example.org/a": "The address must be one of a pipeline or an action",
    "app.buddy.works/buddy": "The address must be that of a pipeline or an action",
    "https://app.buddy.works/buddy/company-website/pipelines/action/999/edit": "Choose the pipeline from the lists",
}


@pytest.mark.parametrize(("address", "message"), WRONG.items())
def test_a_wrong_address_comes_back_with_what_to_do(browser: Browser, address: str, message: str) -> None:
    page = browser.get(f"/find?q={quote(address)}")
    assert page.status == 422
    assert page.errors[0].startswith(message)
    assert page.by_id("q").get("value") == address


def test_what_is_not_found_may_be_an_action_that_was_sent(browser: Browser) -> None:
    page = browser.get("/find?q=purge+temp")
    assert page.links["Search the activity for “purge temp”"] == "/submissions?q=purge+temp"
    assert not any(words.startswith("Search the activity") for words in browser.get("/find").links)


HUB = "/workspaces/buddy/projects/company-website/pipelines/3/actions"
OFF = {"disabled": True, "disabled_reason": "Too many failures."}
STATES = {
    "switched off": (OFF, "This pipeline is switched off: it does not run until"),
    "why it is": (OFF, "Buddy says why: Too many failures."),
    "paused": ({"paused": True}, "This pipeline is paused: it does not run until somebody resumes it in Buddy."),
    "waiting": ({"waiting_for_push": True}, "This pipeline waits for a first push to its repository."),
    "from a file": ({"git_config_ref": "FIXED"}, "This pipeline comes from a YAML file."),
    "an older file": ({"definition_source": "REMOTE"}, "This pipeline comes from a YAML file."),
    "running": ({"last_execution_status": "INPROGRESS"}, "Running"),
    "asking": ({"last_execution_status": "WAITING_FOR_APPLY"}, "Waits for approval"),
    "not known here": ({"last_execution_status": "BEING_REPAINTED"}, "Being repainted"),
}


@pytest.mark.parametrize(("told", "words"), STATES.values(), ids=STATES)
def test_how_it_is_with_a_pipeline_is_said_in_words(
    desk: Browser, upstream: StubBuddy, told: dict[str, Any], words: str
) -> None:
    upstream.pipelines = [PIPELINE | {"id": 3, "name": "Nightly"} | told]
    assert words in desk.get(HUB).text


def test_a_list_says_which_pipelines_do_not_run(desk: Browser, upstream: StubBuddy) -> None:
    off, paused = {"disabled": True}, {"paused": True}
    upstream.pipelines = [{"id": 3, "name": "Nightly"} | off, {"id": 4, "name": "Weekly"} | paused]
    upstream.instead["/projects/company-website"] = {"name": "company-website", "display_name": "Company Website"}
    text = desk.get("/workspaces/buddy/projects/company-website/pipelines").text
    assert "Nightly Switched off" in text
    assert "Weekly Paused" in text


def test_a_pipeline_leads_to_what_was_sent_there(browser: Browser) -> None:
    browser.get(f"{HUB}/new").send(name="Run tests", docker_image_name="a", inline_commands="ls")
    page = browser.get(browser.get(HUB).links["Its activity"])
    assert page.path == "/submissions?place=buddy/company-website/3"
    assert "Run tests" in page.links


def test_each_action_can_be_opened_tried_changed_copied_and_deleted_from_its_row(browser: Browser) -> None:
    page = browser.get(HUB)
    assert "Check the style Run Docker container, number 9 Never run Try “Check the style” Change" in page.text
    assert "Run unit tests Custom build" in page.text
    links = page.links
    assert links["Check the style"] == f"{HUB}/9"
    assert links["Try “Check the style”"] == f"{HUB}/9/runs/new"
    assert links["Change “Check the style”"] == f"{HUB}/9/edit"
    assert links["Delete “Check the style”"] == f"{HUB}/9/delete"
    assert browser.get(links["Make another like “Check the style”"]).fields["name"] == "Check the style"
    assert "Change “Run unit tests”" not in links


def test_who_may_only_look_is_offered_nothing_else_on_a_pipelines_page(browser: Browser) -> None:
    become(browser, "viewer")
    links = browser.get(HUB).links
    assert "Check the style" in links
    assert [words for words in links if words.split(" ")[0] in ("Change", "Make", "Delete", "Add")] == []


def test_pages_of_an_action_name_its_workspace_and_project_as_people_do(browser: Browser) -> None:
    labs = "/workspaces/buddy-labs/projects"
    for path in ("/workspaces", labs, f"{labs}/services/pipelines"):
        browser.get(path)
    page = browser.get("/workspaces/buddy-labs/projects/services/pipelines/501/actions/new")
    assert page.text.startswith("Buddy Labs Services Deploy service 1")
