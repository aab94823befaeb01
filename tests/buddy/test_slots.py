"""How many may wait for Buddy at once."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import local

import pytest
from support.faults import Fault, FaultyServer, answering

from webapp.buddy.client import Client
from webapp.http.errors import NoAnswer
from webapp.http.failures import NotSent
from webapp.http.read_executor import ReadExecutor
from webapp.http.slots import PER_PERSON, Busy, BusyAlone, Slots

from .conftest import PLACE, REQUEST


def test_one_more_than_there_are_slots_is_told_so_until_one_is_free() -> None:
    slots = Slots(2)
    first = slots.take()
    with slots.hold():
        with pytest.raises(Busy):
            slots.take()
        slots.free(first)
        assert slots.taken == 1
        slots.take()
    assert slots.taken == 1


def test_what_a_thread_asks_while_it_holds_a_slot_takes_no_further_one() -> None:
    slots = Slots(1)
    with slots.hold(writing=True), slots.hold():
        assert slots.taken == 1
    slots.take()


def test_a_thread_that_answers_no_page_needs_no_slot() -> None:
    slots = Slots(0)
    with slots.without_own_slot(), slots.hold():
        pass
    with pytest.raises(Busy), slots.hold():
        pass


def test_one_persons_reads_leave_room_for_a_send_of_theirs_and_for_everybody_else() -> None:
    asking = ["ada"]
    slots = Slots(100, lambda: asking[0])
    for _ in range(PER_PERSON):
        slots.take()
    with pytest.raises(BusyAlone):
        slots.take()
    slots.take(writing=True)
    asking[0] = "bob"
    slots.take()


def test_what_is_read_beside_one_persons_pages_takes_no_page_a_slot() -> None:
    slots = Slots(100, lambda: "ada")
    slots.take()
    for _ in range(PER_PERSON - 1):
        slots.take(beside=True)
    with pytest.raises(BusyAlone):
        slots.take(beside=True)
    for _ in range(PER_PERSON - 1):
        slots.take()
    with pytest.raises(BusyAlone):
        slots.take()


def test_people_who_are_not_told_apart_share_all_slots() -> None:
    slots = Slots(PER_PERSON + 1)
    for _ in range(PER_PERSON + 1):
        slots.take()
    with pytest.raises(Busy) as told:
        slots.take()
    assert not isinstance(told.value, BusyAlone)


def test_a_side_read_has_its_slot_until_it_ends() -> None:
    slots, gate = Slots(1), threading.Event()
    with ReadExecutor(slots) as reads:
        reading = reads.submit(gate.wait, 60)
        with pytest.raises(Busy):
            reads.submit(gate.wait)
        gate.set()
        assert reading.result()
        assert reads.submit(lambda number: number, 5).result() == 5


def test_what_is_read_beside_a_page_is_its_readers_to_any_depth() -> None:
    asking, gate = local(), threading.Event()
    asking.who = "ada"
    slots = Slots(100, lambda: getattr(asking, "who", None))

    def spread(reads: ReadExecutor) -> list[Future[bool]]:
        return [reads.submit(gate.wait, 60) for _ in range(PER_PERSON - 1)]

    with ReadExecutor(slots) as reads:
        first = reads.submit(spread, reads)
        held = first.result()
        slots.take()
        with pytest.raises(BusyAlone):
            slots.take(beside=True)
        asking.who = "bob"
        slots.take()
        gate.set()
        assert all(read.result() for read in held)


def test_a_thread_that_reads_beside_one_persons_page_is_the_next_persons_after_it() -> None:
    asking = ["ada"]
    slots = Slots(100, lambda: asking[0] if threading.current_thread() is threading.main_thread() else None)

    with ThreadPoolExecutor(1) as elsewhere, ReadExecutor(slots) as reads:
        for person in ("ada", "bob"):
            asking[0] = person
            assert reads.submit(lambda: slots.take().who).result() == person
        assert elsewhere.submit(lambda: slots.take().who).result() is None


def test_with_no_slot_free_a_page_that_holds_one_does_its_side_reads_itself() -> None:
    slots = Slots(1)
    with ReadExecutor(slots) as reads, slots.hold():
        assert reads.submit(threading.current_thread).result() is threading.current_thread()
        failed = reads.submit(int, "no number")
    with pytest.raises(ValueError, match="no number"):
        failed.result()


def test_a_side_read_that_never_begins_gives_its_slot_back() -> None:
    slots = Slots(1)
    reads = ReadExecutor(slots)
    reads.shutdown()
    with pytest.raises(RuntimeError):
        reads.submit(int)
    slots.take()


def test_no_read_and_no_write_gets_past_it(faulty: Callable[[Fault], FaultyServer]) -> None:
    server = faulty(answering(b""))
    client = Client(f"http://127.0.0.1:{server.port}", "token-of-the-tests", slots=Slots(0))
    with pytest.raises(Busy):
        client.pipeline(PLACE)
    with pytest.raises(Busy):
        list(client.workspaces())
    added = client.add_action(PLACE, REQUEST)
    edited, deleted = client.edit_action(PLACE, 1, {}), client.delete_action(PLACE, 1)
    assert added == edited == deleted == NotSent("Too many requests are waiting for Buddy at this moment.")
    assert server.requests == []
    with client.without_own_slot(), pytest.raises(NoAnswer):
        client.pipeline(PLACE)
    assert server.requests
    client.close()
