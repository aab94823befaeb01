"""The first page."""

from support.pages import Browser


def test_an_empty_home_says_what_to_do_and_leads_there(browser: Browser) -> None:
    home = browser.get("/")
    assert home.links["Add an action"] == "/workspaces"
    assert "Nothing has been sent yet." in home.text
    assert "This is the sandbox: nothing leaves this computer." in home.html


def test_what_was_sent_last_is_listed(browser: Browser, new_form: str) -> None:
    receipt = browser.get(new_form).send(name="Run tests", docker_image_name="a", inline_commands="ls")
    assert browser.get("/").links["Run tests"] == receipt.path


def test_with_a_token_nothing_is_said_of_a_sandbox(desk: Browser) -> None:
    assert "sandbox" not in desk.get("/").html


def test_recent_places_are_the_last_distinct_ones_that_were_used(browser: Browser) -> None:
    projects = "/workspaces/buddy/projects"
    typed = {"name": "Run", "docker_image_name": "a"}
    for place in ("company-website/pipelines/2", "mobile-api/pipelines/11", "company-website/pipelines/2"):
        browser.get(f"{projects}/{place}/actions/new").press("check", **typed)
    home = browser.get("/")
    assert "Your recent places Live mirror Company Website Release Mobile API" in home.text
    assert home.links["Release"] == f"{projects}/mobile-api/pipelines/11/actions"
