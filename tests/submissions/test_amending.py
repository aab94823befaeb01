"""Deletions through the journal, with a Buddy that misbehaves: one send, and a look at the action settles the rest."""

import pytest
from support import faults
from support.fault_table import ANSWERED
from support.faults import Fault
from support.hostile import HostileBuddy
from support.pages import Page
from support.rigs import LEAST, NEW, Rig

ACTIONS = NEW.removesuffix("/new")
ACTION = {"name": "Run tests", "type": "RUN_DOCKER_CONTAINER", "docker_image_name": "a", "docker_image_tag": "1"}


@pytest.fixture
def id(buddy: HostileBuddy) -> int:
    """The number of an action that is there."""
    return int(buddy.add(ACTION)["id"])


def delete(rig: Rig, id: int) -> Page:
    question = rig.browser.get(f"{ACTIONS}/{id}/delete")
    return question.send_to(question.path)


def test_a_deletion_is_claimed_sent_and_recorded(rig: Rig, buddy: HostileBuddy, id: int) -> None:
    page = delete(rig, id)
    assert (page.heading, rig.row.state, buddy.added, buddy.writes) == ("“Run tests” was deleted", "deleted", [], 1)
    assert rig.record == [("sent", "sending"), ("answered", "deleted")]
    assert (rig.row.status, rig.row.target, rig.row.next_look) == (204, id, None)


LOST: dict[str, Fault] = {
    "read, then closed": faults.read_then_close,
    "read, then reset": faults.read_then_reset,
    "silent": faults.read_and_wait,
    "500": ANSWERED["U28 done, 500 Internal Server Error"][0],
    "201 for a deletion": ANSWERED["201"][0],
}


@pytest.mark.parametrize("fault", LOST.values(), ids=LOST)
def test_a_lost_delete_that_was_done_is_found_by_looking(rig: Rig, buddy: HostileBuddy, id: int, fault: Fault) -> None:
    buddy.write_fault = fault
    page = delete(rig, id)
    assert (page.heading, rig.row.state) == ("We do not know yet whether “Run tests” was deleted", "unknown")
    rig.look(seconds=3)
    assert (rig.row.state, buddy.writes) == ("found", 1)
    assert "Slipway looked for the action" in rig.receipt().text
    assert rig.record[-1] == ("looked", "found")


@pytest.mark.parametrize("fault", LOST.values(), ids=LOST)
def test_a_lost_delete_that_was_not_done_is_told_and_sent_again_by_a_person_alone(
    rig: Rig, buddy: HostileBuddy, id: int, fault: Fault
) -> None:
    buddy.write_fault, buddy.creates = fault, False
    delete(rig, id)
    rig.look(seconds=3)
    assert rig.row.state == "unknown"
    rig.settle()
    receipt = rig.receipt()
    assert (receipt.heading, rig.row.state, buddy.writes) == ("“Run tests” is still there", "absent", 1)
    buddy.write_fault, buddy.creates = HostileBuddy.answers, True
    question = rig.browser.get(receipt.links["Delete it after all"])
    question.send_to(question.path)
    assert (rig.states, buddy.added, buddy.writes) == (["absent", "deleted"], [], 2)


def test_a_delete_that_is_done_late_is_found_after_all(rig: Rig, buddy: HostileBuddy, id: int) -> None:
    buddy.write_fault, buddy.creates = faults.read_then_close, False
    delete(rig, id)
    rig.settle()
    buddy.amend(id, None)
    rig.look(seconds=300)
    assert (rig.row.state, rig.row.next_look) == ("found", None)


def test_while_buddy_can_not_be_read_nothing_is_concluded(rig: Rig, buddy: HostileBuddy, id: int) -> None:
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


def test_a_pipeline_that_is_hidden_proves_nothing(rig: Rig, buddy: HostileBuddy, id: int) -> None:
    buddy.write_fault, buddy.creates = faults.read_then_close, False
    delete(rig, id)
    buddy.hidden = True
    rig.settle()
    assert rig.row.state == "unknown"


def test_a_deletion_whose_sender_was_stopped_is_looked_after(rig: Rig, buddy: HostileBuddy, id: int) -> None:
    buddy.write_fault, buddy.creates = faults.read_and_wait, False
    delete(rig, id)
    rig.parts.journal.move(rig.row.id, rig.row.version, "unknown", "sending", lease_until=rig.clock())
    rig.look(seconds=100)
    assert rig.record[-1] == ("lost", "unknown")
    rig.look(seconds=100)
    assert rig.row.state == "absent"


def test_a_deletion_that_was_not_sent_says_so(rig: Rig, buddy: HostileBuddy, id: int) -> None:
    question = rig.browser.get(f"{ACTIONS}/{id}/delete")
    buddy.before_reading = lambda path: buddy.hang_up()
    receipt = question.send_to(question.path)
    assert (rig.row.state, receipt.heading) == ("not_sent", "“Run tests” was not deleted")
    assert receipt.links["Ask for it again"] == question.path


def test_a_persons_word_is_not_asked_for_what_a_look_settles(rig: Rig, buddy: HostileBuddy, id: int) -> None:
    buddy.write_fault = faults.read_then_close
    delete(rig, id)
    buddy.readable = False
    rig.clock.forward(seconds=200)
    assert "What did you find in Buddy?" not in rig.receipt().text
    rig.press(rig.receipt(), "ruling", ruling="none")
    rig.press(rig.receipt(), "attempts")
    assert (rig.row.state, buddy.writes) == ("unknown", 1)


def test_an_addition_of_the_same_name_is_not_confused_with_a_deletion_on_its_way(
    rig: Rig, buddy: HostileBuddy, id: int
) -> None:
    buddy.write_fault, buddy.creates = faults.read_then_close, False
    delete(rig, id)
    buddy.creates = True
    rig.send(**LEAST)
    rig.look(seconds=3)
    assert rig.states == ["unknown", "found"]
    assert rig.rows[1].action_id == 101
