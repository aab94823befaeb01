"""What people see of a list with an entry that can't be read, and what it means for what is looked for."""

import pytest
from support import faults
from support.buddy import StubBuddy
from support.examples import INTEGRATIONS, PIPELINE, RESPONSE_EXAMPLE
from support.rigs import LEAST, NEW, WIRE, Rig

ACTIONS = NEW.removesuffix("/new")
PROJECTS = "/workspaces/buddy/projects"
PIPELINES = f"{PROJECTS}/company-website/pipelines"
NO_ID = {"name": "Run tests", "type": "RUN_DOCKER_CONTAINER"}
LOST = "1 entry of Buddy's list could not be read, and may include what you are looking for."
PAGES = {
    "workspaces": ("/workspaces", {"domain": "buddy", "name": "Buddy"}, "Buddy"),
    "projects": (PROJECTS, {"name": "company-website", "display_name": "Website"}, "Website"),
    "pipelines": (PIPELINES, {"id": 2, "name": "Live mirror"}, "Live mirror"),
    "actions": (ACTIONS, {"id": 7, "name": "Run tests", "type": "FTP"}, "Run tests"),
}


@pytest.mark.parametrize(("path", "good", "name"), PAGES.values(), ids=PAGES)
def test_a_page_shows_the_others_and_tells_of_the_one(
    rig: Rig, buddy: StubBuddy, path: str, good: object, name: str
) -> None:
    noun = path.rpartition("/")[2]
    buddy.instead["/company-website"] = {"name": "company-website"}
    buddy.instead[path] = {noun: [good, {"name": ""}]}
    page = rig.browser.get(path)
    assert f"1 entry of Buddy's answer, in the list of {noun}, could not be read and is not shown here." in page.text
    assert name in page.links
    buddy.instead[path] = {noun: [{"name": ""}, None]}
    page = rig.browser.get(path)
    assert f"2 entries of Buddy's answer, in the list of {noun}, could not be read" in page.text
    assert not [words for words in ("has no ", "shows no ") if words in page.text]


def test_an_action_without_a_name_is_there_by_its_number(rig: Rig, buddy: StubBuddy) -> None:
    buddy.odd = [{"id": 7, "name": None, "type": None}]
    assert rig.browser.get(ACTIONS).links["Action 7"] == f"{ACTIONS}/7"
    assert "could not be read" not in rig.form().text


def test_the_form_offers_what_can_be_read_and_tells_of_the_rest(rig: Rig, buddy: StubBuddy) -> None:
    buddy.instead["/integrations"] = {"integrations": [{"name": "No id"}, *INTEGRATIONS]}
    buddy.odd = [NO_ID]
    form = rig.form()
    assert "1 entry of Buddy's answer, in the list of actions, could not be read" in form.text
    assert "1 entry of Buddy's answer, in the list of integrations, could not be read" in form.text
    assert "ECR prod" in form.text
    assert form.send(**LEAST).heading == "“Run tests” was added"


def test_variables_that_can_not_all_be_read_are_told_of_and_never_written_over(rig: Rig, buddy: StubBuddy) -> None:
    odd = {"variables": [{"key": "A", "value": "1"}, {"value": "2"}], "volume_mappings": ["/:/srv", None]}
    buddy.instead["/actions/7"] = RESPONSE_EXAMPLE | odd | {"id": 7}
    page = rig.browser.get(f"{ACTIONS}/7")
    assert "1 entry of Buddy's answer, in the list of variables, could not be read" in page.text
    assert "1 entry of Buddy's answer, in the list of volume mappings, could not be read" in page.text
    form = rig.browser.get(f"{ACTIONS}/7/edit")
    assert "1 entry of the variables: could not be read." in form.text
    again = form.send(variables__0__value="9")
    assert "must be changed in Buddy: not all that is set there can be shown here" in again.text
    assert buddy.writes == 0


@pytest.mark.parametrize("odd", [{"name": None}, {"type": None}, {"name": 5, "type": ""}, {"name": ["Run tests"]}])
def test_an_action_with_a_number_and_an_odd_name_is_still_the_one_that_was_sent(
    rig: Rig, buddy: StubBuddy, odd: dict[str, object]
) -> None:
    buddy.creates, buddy.write_fault = False, faults.read_then_close
    rig.send()
    buddy.odd = [{"id": 55, **NO_ID, **odd}]
    buddy.instead["/actions/55"] = {**WIRE, "id": 55}
    rig.settle()
    assert (rig.states, rig.row.action_id, buddy.writes) == (["found"], 55, 1)


@pytest.mark.parametrize("odd", [NO_ID, {"id": "55", **NO_ID}, {"id": None}, None, "Run tests"])
def test_while_an_entry_can_not_be_read_it_is_never_said_that_nothing_is_there(
    rig: Rig, buddy: StubBuddy, odd: object
) -> None:
    buddy.creates, buddy.write_fault = False, faults.read_then_close
    rig.send()
    buddy.odd = [odd]
    rig.settle()
    assert rig.states == ["unknown"]
    assert LOST in rig.receipt().text
    buddy.odd = []
    rig.look(minutes=5)
    assert rig.states == ["absent"]
    assert LOST not in rig.receipt().text
    buddy.odd = [odd]
    receipt = rig.press(rig.receipt(), "attempts")
    assert (rig.states, buddy.writes) == (["absent"], 1)
    assert LOST in receipt.text


@pytest.mark.parametrize("fresh", [True, False], ids=["read with the form", "read at the send"])
def test_what_could_not_be_read_before_the_send_is_not_adopted_unasked_after_it(
    rig: Rig, buddy: StubBuddy, fresh: bool
) -> None:
    buddy.creates, buddy.write_fault = False, faults.read_then_close
    theirs = buddy.add(WIRE)
    buddy.actions.remove(theirs)
    buddy.odd = [NO_ID] if fresh else []
    form = rig.form()
    if not fresh:
        rig.clock.forward(minutes=11)
    buddy.odd = [NO_ID]
    form.send(**LEAST)
    assert rig.row.seen_at is None
    buddy.odd = []
    buddy.actions = [*buddy.actions, theirs]
    rig.look(seconds=3)
    assert rig.states == ["ambiguous"]


def test_a_pipeline_with_an_odd_project_has_its_pages(rig: Rig, buddy: StubBuddy) -> None:
    buddy.instead["/pipelines/2"] = PIPELINE | {"project": {"name": ""}, "name": None}
    assert rig.browser.get(ACTIONS).heading == "Actions of Pipeline 2"
    assert rig.send().heading == "“Run tests” was added"
