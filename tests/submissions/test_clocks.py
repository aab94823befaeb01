"""A clock that is put back while something is not known: nothing waits for the time that it tells to come round."""

from socket import socket

import pytest
from support import faults
from support.buddy import StubBuddy
from support.faults import FaultyServer
from support.rigs import WIRE, Rig

from webapp.submissions.states import State

BACK = [{"hours": -1}, {"days": -1}]


@pytest.fixture(params=BACK, ids=str)
def back(request: pytest.FixtureRequest) -> dict[str, float]:
    """By how much the clock is put back."""
    found: dict[str, float] = request.param
    return found


@pytest.fixture
def lost(rig: Rig) -> Rig:
    """A Buddy that adds nothing and says nothing."""
    rig.buddy.creates = False
    rig.buddy.write_fault = faults.read_then_close
    return rig


def test_check_now_looks(lost: Rig, back: dict[str, float]) -> None:
    lost.send()
    lost.look(seconds=3)
    lost.clock.forward(**back)
    lost.buddy.add(WIRE)
    lost.press(lost.receipt(), "looks")
    assert lost.states == ["found"]


def test_the_schedule_goes_on(lost: Rig, back: dict[str, float]) -> None:
    lost.send()
    lost.look(seconds=3)
    lost.clock.forward(**back)
    lost.look(seconds=1)
    assert lost.states == ["unknown"]
    lost.buddy.add(WIRE)
    lost.look(minutes=5)
    assert lost.states == ["found"]


def test_what_is_absent_is_looked_for_again_and_not_each_second(lost: Rig, back: dict[str, float]) -> None:
    lost.send()
    lost.settle()
    lost.clock.forward(**back)
    lost.look(seconds=1)
    reads = len(lost.buddy.reads)
    lost.look(seconds=1)
    assert (lost.states, len(lost.buddy.reads)) == (["absent"], reads)
    lost.buddy.add(WIRE)
    lost.look(minutes=46)
    assert lost.states == ["found"]


def test_what_is_absent_can_be_sent_again(lost: Rig, back: dict[str, float]) -> None:
    lost.send()
    lost.settle()
    lost.clock.forward(**back)
    lost.buddy.write_fault, lost.buddy.creates = StubBuddy.answers, True
    lost.press(lost.receipt(), "attempts")
    assert (lost.states, lost.buddy.writes) == (["created"], 2)


def test_a_person_has_the_word_where_buddy_can_not_be_read(lost: Rig, back: dict[str, float]) -> None:
    lost.send()
    assert "What did you find in Buddy?" not in lost.receipt().text
    lost.clock.forward(**back)
    assert "What did you find in Buddy?" in lost.receipt().text
    lost.press(lost.receipt(), "ruling", ruling="none")
    assert lost.states == ["absent"]


def test_a_send_whose_process_was_stopped_is_given_up_after_one_more_lease(lost: Rig, back: dict[str, float]) -> None:
    lost.send()
    row, lease = lost.row, lost.clock.now
    lost.parts.journal.move(row.id, row.version, row.state, State.SENDING, lease_until=lease, next_look=lease)
    lost.clock.forward(**back)
    lost.look(seconds=0)
    lost.look(seconds=89)
    assert lost.states == ["sending"]
    lost.look(seconds=1)
    assert (lost.states, lost.record[-1]) == (["unknown"], ("lost", "unknown"))


def test_who_goes_on_sending_meanwhile_writes_down_what_came_of_it(rig: Rig, back: dict[str, float]) -> None:
    def jump(connection: socket, server: FaultyServer) -> None:
        # As another process would see it.
        rig.parts.sender.in_flight.clear()
        rig.look(**back)
        rig.look(seconds=80)
        StubBuddy.answers(connection, server)

    rig.buddy.write_fault = jump
    rig.send()
    assert (rig.states, rig.buddy.writes) == (["created"], 1)
