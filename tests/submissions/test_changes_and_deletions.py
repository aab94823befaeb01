"""Deletions and changes through the journal, with a Buddy that misbehaves: one send, and a look settles the rest."""

from socket import socket

import pytest
from support import faults
from support.buddy import StubBuddy
from support.fault_table import ANSWERED
from support.faults import Fault, FaultyServer
from support.pages import Page
from support.rigs import LEAST, NEW, Rig

ACTIONS = NEW.removesuffix("/new")
ACTION = {
    "name": "Run tests",
    "type": "RUN_DOCKER_CONTAINER",
    "docker_image_name": "a",
    "docker_image_tag": "1",
    "inline_commands": "ls",
    "login": "me",
    "run_as_user": "root",
    "variables": [{"key": "A", "value": "1"}, {"key": "TOKEN", "value": "secret", "encrypted": True}],
}


@pytest.fixture
def id(buddy: StubBuddy) -> int:
    """The number of an action that is there."""
    return int(buddy.add(ACTION)["id"])


def delete(rig: Rig, id: int) -> Page:
    question = rig.browser.get(f"{ACTIONS}/{id}/delete")
    return question.send_to(question.path)


def test_a_deletion_is_claimed_sent_and_recorded(rig: Rig, buddy: StubBuddy, id: int) -> None:
    page = delete(rig, id)
    assert (page.heading, rig.row.state, buddy.added, buddy.writes) == ("“Run tests” was deleted", "deleted", [], 1)
    assert rig.record == [("sent", "sending"), ("answered", "deleted")]
    assert (rig.row.status, rig.row.target, rig.row.next_look) == (204, id, None)


LOST: dict[str, Fault] = {
    "read, then closed": faults.read_then_close,
    "read, then reset": faults.read_then_reset,
    "silent": faults.read_and_wait,
    "500": ANSWERED["500 Internal Server Error of Buddy"][0],
    "201 for a deletion": ANSWERED["201"][0],
}


@pytest.mark.parametrize("fault", LOST.values(), ids=LOST)
def test_a_lost_delete_that_was_done_is_found_by_looking(rig: Rig, buddy: StubBuddy, id: int, fault: Fault) -> None:
    buddy.write_fault = fault
    page = delete(rig, id)
    assert (page.heading, rig.row.state) == ("We do not know yet whether “Run tests” was deleted", "unknown")
    rig.look(seconds=3)
    assert (rig.row.state, buddy.writes) == ("found", 1)
    assert "Slipway looked for the action" in rig.receipt().text
    assert rig.record[-1] == ("looked", "found")


@pytest.mark.parametrize("fault", LOST.values(), ids=LOST)
def test_a_lost_delete_that_was_not_done_is_told_and_sent_again_by_a_person_alone(
    rig: Rig, buddy: StubBuddy, id: int, fault: Fault
) -> None:
    buddy.write_fault, buddy.creates = fault, False
    delete(rig, id)
    rig.look(seconds=3)
    assert rig.row.state == "unknown"
    rig.settle()
    receipt = rig.receipt()
    assert (receipt.heading, rig.row.state, buddy.writes) == ("“Run tests” is still there", "absent", 1)
    buddy.write_fault, buddy.creates = StubBuddy.answers, True
    question = rig.browser.get(receipt.links["Delete it after all"])
    question.send_to(question.path)
    assert (rig.states, buddy.added, buddy.writes) == (["absent", "deleted"], [], 2)


def test_a_delete_that_is_done_late_is_found_after_all(rig: Rig, buddy: StubBuddy, id: int) -> None:
    buddy.write_fault, buddy.creates = faults.read_then_close, False
    delete(rig, id)
    rig.settle()
    buddy.amend(id, None)
    rig.look(seconds=300)
    assert (rig.row.state, rig.row.next_look) == ("found", None)


def test_while_buddy_can_not_be_read_nothing_is_concluded(rig: Rig, buddy: StubBuddy, id: int) -> None:
    buddy.write_fault = faults.read_then_close
    delete(rig, id)
    buddy.readable = False
    rig.settle()
    assert rig.row.state == "unknown"
    assert "The last look failed" in rig.receipt().text
    buddy.readable = True
    rig.clock.forward(seconds=5)
    rig.press(rig.receipt(), "looks")
    assert rig.row.state == "found"


def test_a_pipeline_that_is_hidden_proves_nothing(rig: Rig, buddy: StubBuddy, id: int) -> None:
    buddy.write_fault, buddy.creates = faults.read_then_close, False
    delete(rig, id)
    buddy.hidden = True
    rig.settle()
    assert rig.row.state == "unknown"


def test_a_deletion_whose_sender_was_stopped_is_looked_after(rig: Rig, buddy: StubBuddy, id: int) -> None:
    buddy.write_fault, buddy.creates = faults.read_and_wait, False
    delete(rig, id)
    rig.parts.journal.move(rig.row.id, rig.row.version, "unknown", "sending", lease_until=rig.clock())
    rig.look(seconds=100)
    assert rig.record[-1] == ("lost", "unknown")
    rig.look(seconds=100)
    assert rig.row.state == "absent"


def test_a_deletion_that_was_not_sent_says_so(rig: Rig, buddy: StubBuddy, id: int) -> None:
    question = rig.browser.get(f"{ACTIONS}/{id}/delete")
    buddy.before_reading = lambda path: buddy.hang_up()
    receipt = question.send_to(question.path)
    assert (rig.row.state, receipt.heading) == ("not_sent", "“Run tests” was not deleted")
    assert receipt.links["Delete again"] == question.path


def test_a_persons_word_is_not_asked_for_what_a_look_settles(rig: Rig, buddy: StubBuddy, id: int) -> None:
    buddy.write_fault = faults.read_then_close
    delete(rig, id)
    buddy.readable = False
    rig.clock.forward(seconds=200)
    assert "What did you find in Buddy?" not in rig.receipt().text
    rig.press(rig.receipt(), "ruling", ruling="none")
    rig.press(rig.receipt(), "attempts")
    assert (rig.row.state, buddy.writes) == ("unknown", 1)


def test_an_addition_of_the_same_name_is_not_confused_with_a_deletion_on_its_way(
    rig: Rig, buddy: StubBuddy, id: int
) -> None:
    buddy.write_fault, buddy.creates = faults.read_then_close, False
    delete(rig, id)
    buddy.creates = True
    rig.send(**LEAST)
    rig.look(seconds=3)
    assert rig.states == ["unknown", "found"]
    assert rig.rows[1].action_id == 101


def change(rig: Rig, id: int, **typed: str | None) -> Page:
    return rig.browser.get(f"{ACTIONS}/{id}/edit").send(**typed)


def test_a_change_is_claimed_sent_and_recorded(rig: Rig, buddy: StubBuddy, id: int) -> None:
    page = change(rig, id, run_as_user="")
    assert (page.heading, rig.row.state, buddy.added[0]["run_as_user"]) == ("“Run tests” was changed", "changed", "")
    assert (rig.row.kind, rig.row.target, rig.row.action_id, rig.row.status) == ("change", id, None, 200)
    assert rig.record == [("sent", "sending"), ("answered", "changed")]


VISIBLE: dict[str, dict[str, str | None]] = {
    "a text": {"inline_commands": "ls -l"},
    "cleared": {"run_as_user": ""},
    "the name": {"name": "Run more tests"},
    "a flag": {"disabled": "true"},
    "a number": {"timeout": "60"},
    "with a password": {"password": "canary", "docker_image_tag": "2"},
    "variables without a secret": {
        "variables__1__key": "",
        "variables__1__encrypted": None,
        "variables__0__value": "2",
    },
}


@pytest.mark.parametrize("typed", VISIBLE.values(), ids=VISIBLE)
@pytest.mark.parametrize(("done", "state"), [(True, "found"), (False, "absent")], ids=["done", "not done"])
def test_a_lost_patch_is_settled_by_reading_the_action(
    rig: Rig, buddy: StubBuddy, id: int, typed: dict[str, str | None], done: bool, state: str
) -> None:
    buddy.write_fault, buddy.creates = faults.read_then_close, done
    page = change(rig, id, **typed)
    assert (page.heading.startswith("We do not know yet"), rig.row.state) == (True, "unknown")
    rig.look(seconds=3)
    assert rig.row.state == ("found" if done else "unknown")
    rig.settle()
    assert (rig.row.state, buddy.writes) == (state, 1)
    assert bool(rig.secrets) == ("password" in typed and not done)
    assert "canary" not in rig.receipt().html


SECRET: dict[str, dict[str, str | None]] = {
    "a password": {"password": "canary"},
    "a secret variable": {"variables__1__value": "canary"},
}


@pytest.mark.parametrize("typed", SECRET.values(), ids=SECRET)
def test_a_lost_patch_of_what_can_not_be_seen_is_never_said_to_be_done(
    rig: Rig, buddy: StubBuddy, id: int, typed: dict[str, str | None]
) -> None:
    buddy.write_fault = faults.read_then_close
    change(rig, id, **typed)
    rig.settle()
    assert rig.row.state == "absent"
    assert "or it was a password or an encrypted value, which nobody can see" in rig.receipt().text


AB = [{"key": "A", "value": "1"}, {"key": "B", "value": "2"}]
# What is there, and what is made of it: when the two are compared, both say the same.
HARDLY_VISIBLE: dict[str, tuple[dict[str, object], dict[str, str | None]]] = {
    "a line end": ({}, {"inline_commands": "ls\n"}),
    "an empty line before": ({}, {"inline_commands": "\n\nls"}),
    "an order": (
        {"variables": AB},
        {f"variables__{at}__{name}": item[name] for at, item in enumerate(reversed(AB)) for name in item},
    ),
    "the action just before": (
        {"login": "", "use_image_from_action": True, "docker_build_action_id": 1},
        {"docker_build_action_id": "0"},
    ),
}


@pytest.mark.parametrize(("there", "typed"), HARDLY_VISIBLE.values(), ids=HARDLY_VISIBLE)
@pytest.mark.parametrize(("done", "state"), [(True, "found"), (False, "absent")], ids=["done", "not done"])
def test_a_lost_patch_is_not_called_done_because_it_hardly_differs_from_what_was_there(
    rig: Rig,
    buddy: StubBuddy,
    id: int,
    there: dict[str, object],
    typed: dict[str, str | None],
    done: bool,
    state: str,
) -> None:
    buddy.amend(id, there)
    buddy.write_fault, buddy.creates = faults.read_then_close, done
    change(rig, id, **typed)
    rig.settle()
    assert (rig.row.state, buddy.writes) == (state, 1)


def test_what_is_seen_of_a_lost_patch_speaks_for_what_hardly_differs_beside_it(
    rig: Rig, buddy: StubBuddy, id: int
) -> None:
    buddy.write_fault = faults.read_then_close
    change(rig, id, inline_commands="ls\n", run_as_user="")
    # Buddy leaves the line end out.
    buddy.amend(id, {"inline_commands": "ls"})
    rig.settle()
    assert rig.row.state == "found"


def test_what_went_along_and_somebody_has_changed_since_says_nothing_of_the_change(
    rig: Rig, buddy: StubBuddy, id: int
) -> None:
    buddy.write_fault = faults.read_then_close
    change(rig, id, entrypoint="/bin/sh")
    buddy.amend(id, {"docker_image_tag": "2", "name": "Run all tests"})
    rig.look(seconds=3)
    assert rig.row.state == "found"


def test_an_integration_that_is_answered_by_another_kind_of_name_is_never_said_to_be_changed(
    rig: Rig, buddy: StubBuddy, id: int
) -> None:
    buddy.amend(id, {"login": "", "integration": {"identifier": "docker_hub"}})
    buddy.write_fault, buddy.creates = faults.read_then_close, False
    change(rig, id, integration="61aa0cf1d2e84a3b9c7e5f012")
    rig.settle()
    assert (rig.row.state, buddy.writes) == ("absent", 1)


def test_what_is_not_seen_to_be_changed_is_typed_into_a_new_form(rig: Rig, buddy: StubBuddy, id: int) -> None:
    buddy.write_fault, buddy.creates = faults.read_then_close, False
    change(rig, id, entrypoint="/bin/sh")
    rig.settle()
    buddy.write_fault, buddy.creates = StubBuddy.answers, True
    form = rig.browser.get(rig.receipt().links["Open the form again"])
    assert form.fields["entrypoint"] == "/bin/sh"
    form.send()
    assert (rig.states, buddy.added[0]["entrypoint"], buddy.writes) == (["absent", "changed"], "/bin/sh", 2)


def test_what_was_taken_away_does_not_come_back_in_the_new_form_and_what_others_changed_stays(
    rig: Rig, buddy: StubBuddy, id: int
) -> None:
    buddy.amend(id, {"disabled": True, "variables": [{"key": "A", "value": "1"}, {"key": "B", "value": "2"}]})
    buddy.write_fault, buddy.creates = faults.read_then_close, False
    change(rig, id, disabled=None, **{f"variables__1__{name}": None for name in ("key", "value", "type")})
    rig.settle()
    buddy.amend(id, {"entrypoint": "/bin/other"})
    buddy.write_fault, buddy.creates = StubBuddy.answers, True
    form = rig.browser.get(rig.receipt().links["Open the form again"])
    assert ("disabled" in form.fields, form.fields.get("variables-1-key", "")) == (False, "")
    assert form.fields["entrypoint"] == "/bin/other"
    form.send()
    (action,) = buddy.added
    assert (action["disabled"], action["variables"], action["entrypoint"]) == (
        False,
        [{"key": "A", "value": "1"}],
        "/bin/other",
    )


def test_a_change_of_an_action_that_is_gone_is_not_done(rig: Rig, buddy: StubBuddy, id: int) -> None:
    buddy.write_fault = faults.read_then_close
    change(rig, id, entrypoint="/bin/sh")
    buddy.amend(id, None)
    rig.settle()
    assert rig.row.state == "absent"


def test_a_change_that_was_not_sent_is_its_filled_form_and_can_be_sent_from_there(
    rig: Rig, buddy: StubBuddy, id: int
) -> None:
    form = rig.browser.get(f"{ACTIONS}/{id}/edit")
    buddy.before_reading = lambda path: buddy.hang_up()
    page = form.send(entrypoint="/bin/sh", password="canary")
    assert (rig.row.state, page.fields["entrypoint"]) == ("not_sent", "/bin/sh")
    assert "Nothing was sent, and what you typed is below." in page.text
    again = page.send()
    assert (rig.row.state, again.status, buddy.writes) == ("draft", 503, 0)
    assert "Nothing was sent, and what you typed is below." in again.text
    assert again.fields["entrypoint"] == "/bin/sh"
    assert "canary" not in page.html + again.html


def test_two_changes_of_one_form_that_were_both_found_need_nobodys_attention(
    rig: Rig, buddy: StubBuddy, id: int
) -> None:
    buddy.write_fault = faults.read_then_close
    form = rig.browser.get(f"{ACTIONS}/{id}/edit")
    form.send(entrypoint="/bin/sh")
    form.send(run_as_user="").send()
    rig.look(seconds=3)
    home = rig.browser.get("/")
    assert (rig.states, home.text.count("Changed")) == (["found", "found"], 2)
    assert "What needs your attention" not in home.text


def test_the_journal_holds_no_secret_of_a_change(rig: Rig, id: int) -> None:
    change(rig, id, password="canary", variables__0__value="2", variables__1__value="canary-too")
    row = rig.row
    assert "canary" not in str([row.request, row.answer, row.typed, row.snapshot])
    assert row.request is not None
    assert (row.request["password"], row.request["variables"][1]["value"]) == ("[secret]", "[secret]")
    assert rig.secrets == []


BESIDE = "Something else is being done to this action at this moment."


@pytest.mark.patient
@pytest.mark.parametrize("address", ["edit", "delete"])
def test_nothing_is_changed_while_something_else_is_being_done_to_the_action(
    rig: Rig, buddy: StubBuddy, id: int, address: str
) -> None:
    first, second = rig.browser.get(f"{ACTIONS}/{id}/{address}"), rig.stranger().get(f"{ACTIONS}/{id}/edit")
    refused = []

    def meanwhile(connection: socket, server: FaultyServer) -> None:
        refused.append(second.send(run_as_user="second"))
        StubBuddy.answers(connection, server)

    buddy.write_fault = meanwhile
    if address == "edit":
        first.send(run_as_user="first")
    else:
        first.send_to(first.path)
    (page,) = refused
    assert (page.status, page.fields["run_as_user"], BESIDE in page.text) == (409, "second", True)
    assert (buddy.writes, rig.states[1]) == (1, "draft")
    buddy.write_fault = StubBuddy.answers
    again = page.send()
    if address == "edit":
        assert again.table("What somebody has changed")[1:] == [["Run as user", "root", "first"]]
        again.send()
        assert (buddy.added[0]["run_as_user"], buddy.writes) == ("second", 2)
    else:
        assert (again.status, buddy.writes) == (503, 1)


@pytest.mark.patient
def test_nothing_is_changed_by_what_was_read_before_something_else_was_changed(
    rig: Rig, buddy: StubBuddy, id: int
) -> None:
    first, second = rig.browser.get(f"{ACTIONS}/{id}/edit"), rig.stranger().get(f"{ACTIONS}/{id}/edit")
    # What the second one reads was true a moment before.
    buddy.instead[f"/actions/{id}"] = buddy.added[0]

    def meanwhile(path: str) -> None:
        buddy.before_reading = None
        rig.clock.forward(seconds=1)
        first.send(run_as_user="first")

    buddy.before_reading = meanwhile
    refused = second.send(run_as_user="second")
    assert (refused.status, BESIDE in refused.text) == (409, True)
    assert (buddy.added[0]["run_as_user"], buddy.writes) == ("first", 1)


def test_several_changes_of_an_action_are_sent_one_after_the_other(rig: Rig, buddy: StubBuddy, id: int) -> None:
    for user in ("first", "second"):
        assert change(rig, id, run_as_user=user).heading == "“Run tests” was changed"
    assert (rig.states, buddy.added[0]["run_as_user"]) == (["changed", "changed"], "second")
