"""A draft that an empty form tells of."""

import pytest
from support.buddy import StubBuddy
from support.pages import Browser, Page
from support.rigs import NEW
from support.teams import Team, press

from .test_changes import EVERYTHING, MINE

NOTE = "You have a draft for this pipeline: Continue"
OTHER = "/workspaces/buddy/projects/company-website/pipelines/3/actions/new"


def begin(browser: Browser, name: str, at: str = NEW) -> Page:
    """Type a name into a new form, and have it kept."""
    return browser.get(at).press("check", name=name)


def test_an_empty_form_leads_to_the_draft_that_was_changed_last(desk: Browser) -> None:
    assert NOTE not in desk.get(NEW).text
    begin(desk, "First")
    begin(desk, "Second")
    page = desk.get(NEW)
    assert (page.text.count(NOTE), "Continue “First”" in page.links) == (1, False)
    assert desk.get(page.links["Continue “Second”"]).fields["name"] == "Second"


def test_a_draft_without_a_name_is_told_of_too(desk: Browser) -> None:
    desk.get(NEW).press("check", docker_image_name="a")
    assert "Continue “(no name)”" in desk.get(NEW).links


def test_a_draft_that_was_sent_or_discarded_is_not_told_of(desk: Browser) -> None:
    begin(desk, "Sent").send(docker_image_name="a", inline_commands="ls")
    begin(desk, "Discarded")
    home = desk.get("/")
    press(
        home,
        next(form.get("action", "") for form in home.all("form") if form.get("action", "").endswith("/delete")),
        sure="yes",
    )
    assert NOTE not in desk.get(NEW).text


@pytest.mark.parametrize("query", ["name=Build", f"like={MINE}"], ids=["a link", "a copy"])
def test_a_form_that_is_filled_in_tells_of_no_draft(desk: Browser, upstream: StubBuddy, query: str) -> None:
    upstream.by_hand = [EVERYTHING]
    begin(desk, "First")
    assert NOTE not in desk.get(f"{NEW}?{query}").text


def test_a_form_with_a_button_pressed_tells_of_no_draft(desk: Browser) -> None:
    begin(desk, "First")
    assert NOTE not in desk.get(NEW).press("check").text


def test_a_draft_for_another_pipeline_or_of_a_change_is_not_told_of(desk: Browser, upstream: StubBuddy) -> None:
    upstream.by_hand = [EVERYTHING]
    begin(desk, "Elsewhere", OTHER)
    desk.get(f"{MINE}/edit").press("check", name="A change")
    assert NOTE not in desk.get(NEW).text


def test_a_draft_is_told_of_to_nobody_else_and_to_no_viewer(team: Team) -> None:
    ada, boss = team.hired("ada"), team.hired("boss", "administrator")
    begin(ada, "First")
    assert NOTE not in boss.get(NEW).text
    (row,) = team.rows
    press(boss.get(f"/people/{row.owner}"), f"/people/{row.owner}/role", role="viewer")
    page = ada.get(NEW)
    assert (page.status, "draft" in page.text) == (403, False)


def test_the_form_opens_while_the_database_cannot_be_read(team: Team) -> None:
    ada = team.hired("ada")
    with team.parts.journal._engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE submissions RENAME TO gone")
    page = ada.get(NEW)
    assert (page.status, page.heading) == (200, "Add a Run Docker container action")
