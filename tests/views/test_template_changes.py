"""A template that is changed, retired or limited while somebody uses it: it is told, nothing is lost, nothing sent."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from support import faults
from support.pages import Browser, Page
from support.prepared import COUNTRY, REPORT
from support.rigs import Rig
from support.signing_in import sign_in
from support.teams import become
from support.templates import ACTIONS, ANSWERS, REPORTED, SECRETS, make_template, open_template

from webapp.library import CurrentTemplate
from webapp.prepared.areas import Area
from webapp.prepared.boxes import Asked, Fixed
from webapp.prepared.questions import Question
from webapp.prepared.rules import Choices, Option
from webapp.prepared.templates import PreparedVariable
from webapp.store.events import SLIPWAY

NEWER = replace(REPORT, boxes={**REPORT.boxes, "docker_image_tag": Fixed("24.04")})


@pytest.fixture
def team(team: Rig) -> Rig:
    """A team before a Buddy that does what it is asked."""
    team.buddy.answer = None
    return team


def current_template(team: Rig, id: str) -> CurrentTemplate:
    found = team.parts.library.find(id)
    assert found is not None
    return found


def change(team: Rig, id: str) -> None:
    library = team.parts.library
    library.change(current_template(team, id), NEWER, SECRETS, SLIPWAY)


def retire(team: Rig, id: str) -> None:
    team.parts.library.retire(current_template(team, id), SLIPWAY)


def limit(team: Rig, id: str) -> None:
    library = team.parts.library
    library.change(current_template(team, id), replace(REPORT, areas=(Area("elsewhere"),)), SECRETS, SLIPWAY)


def lose_a_secret(team: Rig, id: str) -> None:
    library = team.parts.library
    library.remove_secret(current_template(team, id), "template:password", SLIPWAY)


DEEDS: dict[str, tuple[Callable[[Rig, str], None], str]] = {
    "changed": (change, "The template “Nightly report” was changed since this form was opened."),
    "retired": (retire, "The template “Nightly report” was retired: nobody can use it any more."),
    "limited": (limit, "The template “Nightly report” may not be used in this pipeline."),
    "without a secret": (lose_a_secret, "The template “Nightly report” lacks a secret that it fills in."),
}


def while_the_form_is_open(team: Rig, browser: Browser, id: str, deed: Callable[[], None]) -> Page:
    form = open_template(browser, id)
    deed()
    return browser.post(ACTIONS, form.fields | ANSWERS)


def while_a_draft_waits(team: Rig, browser: Browser, id: str, deed: Callable[[], None]) -> Page:
    open_template(browser, id).press("check", **ANSWERS)
    deed()
    return browser.get(f"/submissions/{team.row.id}")


def between_review_and_send(team: Rig, browser: Browser, id: str, deed: Callable[[], None]) -> Page:
    review = open_template(browser, id).press("preview", **ANSWERS)
    assert review.heading == "Review “Report Poland”"
    deed()
    return review.send()


MOMENTS = (while_the_form_is_open, while_a_draft_waits, between_review_and_send)


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize(("deed", "words"), DEEDS.values(), ids=DEEDS)
def test_it_is_told_nothing_is_lost_and_nothing_sent(
    team: Rig, moment: Callable[..., Page], deed: Callable[[Rig, str], None], words: str
) -> None:
    browser, id = team.hired("cora", "contributor"), make_template(team)
    page = moment(team, browser, id, lambda: deed(team, id))
    assert page.status == (200 if moment is while_a_draft_waits else 409)
    assert words in page.text
    assert {name: page.fields[name] for name in ANSWERS} == ANSWERS
    assert (team.row.state, team.row.typed, team.buddy.writes) == ("draft", ANSWERS, 0)
    if deed is change and moment is while_the_form_is_open:
        assert "Tag: always the same: 22.04 → always the same: 24.04" in page.text
    again = page.send()
    if deed is change:
        assert again.heading == "“Report Poland” was added"
        assert team.buddy.bodies == [REPORTED | {"docker_image_tag": "24.04"}]
        assert team.row.template_version == 2
    else:
        assert (again.status, team.buddy.writes) == (409, 0)


@pytest.mark.parametrize(("deed", "words"), DEEDS.values(), ids=DEEDS)
def test_what_happens_to_it_between_the_last_look_and_the_send_is_told_too(
    team: Rig, deed: Callable[[Rig, str], None], words: str
) -> None:
    browser, id = team.hired("cora", "contributor"), make_template(team)
    team.buddy.creates, team.buddy.write_fault = False, faults.read_then_close
    receipt = open_template(browser, id).send(**ANSWERS)
    team.settle()
    assert team.states == ["absent"]
    again = browser.get(receipt.path)
    # Before it is sent again, Slipway looks in Buddy: just then it happens.
    deeds = iter([deed])
    team.buddy.before_reading = lambda path: next(deeds, lambda *_: None)(team, id)
    page = again.send_to(f"{receipt.path}/attempts")
    assert (page.status, team.states, team.buddy.writes) == (409, ["absent", "draft"], 1)
    assert words in page.text
    assert {name: page.fields[name] for name in ANSWERS} == ANSWERS


def test_answers_to_questions_that_stay_are_kept_over_a_change(team: Rig) -> None:
    browser, id = team.hired("cora", "contributor"), make_template(team)
    form = open_template(browser, id)
    spain = replace(COUNTRY, label="Which country", rule=Choices((Option("es", "Spain"), Option("pl", "Poland"))))
    reason = Question("reason", "Reason")
    newer = replace(REPORT, variables=(PreparedVariable("A", Asked(spain)), PreparedVariable("B", Asked(reason))))
    library = team.parts.library
    library.change(current_template(team, id), newer, SECRETS, SLIPWAY)
    page = browser.post(ACTIONS, form.fields | ANSWERS)
    assert (page.status, team.buddy.writes) == (409, 0)
    assert page.fields["answers-country"] == "pl"
    assert page.send().error_at("answers-reason") == "Enter an answer to “Reason”"


@pytest.mark.parametrize("role", ["viewer", "contributor", "editor"])
def test_a_role_that_changes_while_the_form_is_open_is_judged_at_the_send(team: Rig, role: str) -> None:
    browser, id = team.hired("cora", "contributor"), make_template(team)
    form = open_template(browser, id)
    become(team, "cora", role)
    page = browser.post(ACTIONS, form.fields | ANSWERS)
    if role != "viewer":
        assert page.heading == "“Report Poland” was added"
        return
    assert page.heading == "Your role does not allow this"
    assert "What you typed is kept as a draft: nothing was sent." in page.text
    assert (team.row.state, team.row.typed, team.buddy.writes) == ("draft", ANSWERS, 0)
    become(team, "cora", "contributor")
    assert browser.get(f"/submissions/{team.row.id}").send().heading == "“Report Poland” was added"


def test_answers_are_kept_when_the_session_ends(team: Rig) -> None:
    browser, id = team.hired("cora", "contributor"), make_template(team)
    form = open_template(browser, id)
    team.clock.forward(minutes=31)
    assert browser.post(ACTIONS, form.fields | ANSWERS).heading == "Sign in"
    assert (team.row.state, team.row.typed, team.row.name, team.buddy.writes) == ("draft", ANSWERS, "Report Poland", 0)
    assert sign_in(browser, "cora").status == 200
    draft = browser.get(browser.get("/").links["Continue “Report Poland”"])
    assert draft.send().heading == "“Report Poland” was added"


def test_answers_come_back_while_the_database_can_not_be_written(team_with: Callable[..., Rig], tmp_path: Path) -> None:
    team = team_with(database_url=f"sqlite:///{tmp_path}/slipway.db?timeout=0.1")
    team.buddy.answer = None
    browser, id = team.hired("cora", "contributor"), make_template(team)
    form = open_template(browser, id)
    with closing(sqlite3.connect(tmp_path / "slipway.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        page = form.send(**ANSWERS)
        assert (page.status, team.buddy.writes) == (503, 0)
        assert {name: page.fields[name] for name in ANSWERS} == ANSWERS
        other.execute("ROLLBACK")
    assert page.send().heading == "“Report Poland” was added"


def test_the_notice_speaks_of_questions_in_their_words(team: Rig) -> None:
    browser, id = team.hired("cora", "contributor"), make_template(team)
    form = open_template(browser, id)
    more = replace(COUNTRY, label="Which country?", rule=Choices((Option("pl", "Poland"), Option("it", "Italy"))))
    variables = (PreparedVariable("COUNTRY", Asked(more)), *REPORT.variables[1:])
    newer = replace(REPORT, variables=variables)
    team.parts.library.change(current_template(team, id), newer, SECRETS, SLIPWAY)
    told = browser.post(ACTIONS, form.fields | ANSWERS).text
    assert "Question: Country → Which country?" in told
    assert "Which country? now also offers Italy" in told
    assert "Which country? no longer offers Germany" in told
    assert "Variable COUNTRY" not in told.partition("Your answers")[0]
