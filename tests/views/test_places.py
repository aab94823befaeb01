"""Choosing the place."""

import pytest
from support.pages import Browser


def test_workspace_project_and_pipeline_are_chosen_from_lists(browser: Browser) -> None:
    workspaces = browser.get("/workspaces")
    projects = browser.get(workspaces.links["Buddy"])
    pipelines = browser.get(projects.links["Company Website"])
    form = browser.get(pipelines.links["Live mirror"])
    assert form.heading == "Add a Run Docker container action"
    assert "Add to Live mirror in Company Website" in form.text


def test_a_list_with_one_entry_is_passed_through(browser: Browser) -> None:
    assert browser.get("/workspaces/buddy/projects/data-jobs/pipelines").path.endswith("/pipelines/21/actions/new")


def test_a_project_without_pipelines_says_so(browser: Browser) -> None:
    assert "This project has no pipeline" in browser.get("/workspaces/buddy-labs/projects/empty/pipelines").text


def test_a_closed_project_warns_before_sending(browser: Browser) -> None:
    page = browser.get("/workspaces/buddy/projects/old-shop/pipelines")
    assert "The project Old Shop is closed." in page.text


def test_a_pipeline_from_a_yaml_file_warns_before_sending(browser: Browser) -> None:
    page = browser.get("/workspaces/buddy/projects/company-website/pipelines/4/actions/new")
    assert "This pipeline comes from a YAML file." in page.text


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
    assert "Nothing was sent to Buddy." in page.text
