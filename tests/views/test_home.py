"""The home page."""

from support.pages import Browser
from support.rigs import Rig

PROJECTS = "/workspaces/buddy/projects"


def test_an_empty_home_says_what_to_do_and_leads_there(browser: Browser) -> None:
    home = browser.get("/")
    assert home.heading == "Add actions to your Buddy pipelines"
    assert home.links["Add an action"] == "/workspaces"
    assert "How it works" in home.text
    assert "Nothing has been sent yet." in home.text
    assert "This is the sandbox: nothing leaves this computer." in home.html


def test_somebody_new_in_a_team_that_works_already_is_told_how_it_works(team: Rig, new_form: str) -> None:
    ada, bob = team.hired("ada"), team.hired("bob")
    receipt = ada.get(new_form).send(name="Run tests", docker_image_name="a", inline_commands="ls")
    home = bob.get("/")
    assert (home.heading, "How it works" in home.text) == ("Add actions to your Buddy pipelines", True)
    assert home.links["Run tests"] == receipt.path
    assert ada.get("/").heading == "Home"


def test_what_was_sent_last_is_listed(browser: Browser, new_form: str) -> None:
    receipt = browser.get(new_form).send(name="Run tests", docker_image_name="a", inline_commands="ls")
    assert browser.get("/").links["Run tests"] == receipt.path


def test_who_has_used_it_finds_a_pipeline_from_the_first_box(browser: Browser, new_form: str) -> None:
    browser.get(new_form).press("check", name="Run tests")
    home = browser.get("/")
    box = home.by_id("q")
    assert box is not None
    assert "autofocus" in box.attrib
    (find,) = [form for form in home.all("form") if form.get("method") == "get"]
    assert find.get("action") == "/find"
    assert "How it works" not in home.text


def test_who_has_used_it_can_still_begin_with_no_template(team: Rig, new_form: str) -> None:
    ann, viewer = team.hired("ann", "editor"), team.hired("vic", "viewer")
    ann.get(new_form).press("check", name="Run tests")
    assert ann.get("/").links["Add an action"] == "/workspaces"
    assert "Add an action" not in viewer.get("/").links


def test_with_a_token_nothing_is_said_of_a_sandbox(desk: Browser) -> None:
    assert "sandbox" not in desk.get("/").html


def test_the_last_pipelines_are_the_last_distinct_ones_that_were_used(browser: Browser) -> None:
    typed = {"name": "Run", "docker_image_name": "a"}
    for place in ("company-website/pipelines/2", "mobile-api/pipelines/11", "company-website/pipelines/2"):
        browser.get(f"{PROJECTS}/{place}/actions/new").press("check", **typed)
    home = browser.get("/")
    assert "Your last pipelines Live mirror Company Website Add to Live mirror Release Mobile API" in home.text
    assert home.links["Release"] == f"{PROJECTS}/mobile-api/pipelines/11/actions"
    assert home.links["Add to Release"] == f"{PROJECTS}/mobile-api/pipelines/11/actions/new"


def test_the_menu_leads_everywhere_and_signs_out(team: Rig) -> None:
    boss, ada = team.hired("boss", "administrator"), team.hired("ada", "viewer")
    common = ["Skip to the content", "Slipway", "Home", "Pipelines", "Activity", "Templates"]
    assert list(boss.get("/").links)[:11] == [*common, "Record", "Rules", "People", "Connection", "Boss"]
    assert list(ada.get("/").links)[:7] == [*common, "Ada"]
    home = ada.get("/")
    assert home.send_to("/sign-out").heading == "Sign in"
    assert ada.get("/account").heading == "Sign in"


def test_where_nobody_signs_in_the_menu_names_nobody(desk: Browser) -> None:
    page = desk.get("/")
    assert list(page.links)[:8] == [
        "Skip to the content",
        "Slipway",
        "Home",
        "Pipelines",
        "Activity",
        "Templates",
        "Record",
        "Rules",
    ]
    assert [form for form in page.all("form") if form.get("action") == "/sign-out"] == []
