"""Runs through the journal, with a Buddy that misbehaves: one send, found by its mark, and its end told once."""

import csv
import io
import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from support import faults
from support.buddy import StubBuddy
from support.clock import Clock
from support.database_failures import IMPATIENT, locked
from support.fault_table import ANSWERED
from support.faults import Fault, answer, answering
from support.rigs import LEAST, Rig
from support.running import ANN, PLACE, PLAIN, SECRET, a_run, see, send_run, started

from webapp.buddy.executions import FINAL, Execution, Revision
from webapp.buddy.outcomes import Created, Rejected, StopTaken
from webapp.http.failures import NotSent, Unknown
from webapp.store.failures import JournalUnavailable
from webapp.submissions.results import AlreadyClaimed, Duplicate, Recorded, Unrecorded
from webapp.submissions.runs import mark_of
from webapp.submissions.stopping import may_be_stopped

from .conftest import Open

CANARIES = (SECRET.value, PLAIN.value)
KEPT = timedelta(days=90)


@pytest.fixture
def clock() -> Clock:
    """One that tells no more than the database keeps of a moment."""
    clock = Clock()
    clock.now = clock.now.replace(microsecond=0)
    return clock


def test_a_run_of_one_action_is_claimed_sent_and_recorded(rig: Rig, buddy: StubBuddy) -> None:
    row = started(rig, comment="After the new base image")
    comment = f"After the new base image {mark_of(row.id)}"
    assert buddy.paths == ["/workspaces/buddy/projects/company-website/pipelines/2/executions"]
    assert buddy.bodies == [{"actions_to_run": [1], "to_revision": {"revision": "HEAD"}, "comment": comment}]
    assert (row.kind, row.target, row.action_id, row.execution) == ("run", 1, None, 1000)
    assert (row.status, row.run_status, row.run_at, row.next_look) == (200, "ENQUEUED", rig.clock.now, None)
    assert rig.record == [("sent", "sending"), ("answered", "started")]
    assert rig.events[0].details == {"attempt": 1, "asks": "run", "action_id": 1, "revision": "newest"}
    assert rig.events[1].details["execution"] == 1000


def test_a_whole_pipeline_on_a_branch_names_no_action_and_each_run_has_a_mark_of_its_own(
    rig: Rig, buddy: StubBuddy
) -> None:
    first, second = started(rig, None), started(rig, None, revision=Revision("branch", "feature/x"))
    assert buddy.bodies == [
        {"to_revision": {"revision": "HEAD"}, "comment": mark_of(first.id)},
        {"branch": {"name": "feature/x"}, "comment": mark_of(second.id)},
    ]
    assert mark_of(first.id) != mark_of(second.id)
    assert (second.target, second.execution, rig.events[2].details["revision"]) == (None, 1001, "branch feature/x")


def test_of_twenty_posts_at_once_one_is_sent(rig: Rig, buddy: StubBuddy) -> None:
    run = a_run(rig)
    with ThreadPoolExecutor(20) as pool:
        results = list(pool.map(lambda _: rig.parts.sender.send(run), range(20)))
    assert (results.count(Recorded()), results.count(AlreadyClaimed())) == (1, 19)
    assert (buddy.writes, rig.states) == (1, ["started"])


def test_of_two_processes_that_have_the_same_page_one_sends(rig: Rig, opened: Open, buddy: StubBuddy) -> None:
    other, run = opened(), a_run(rig)
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda each: each.parts.sender.send(run), (rig, other)))
    assert sorted(map(repr, results)) == ["AlreadyClaimed()", "Recorded()"]
    assert (buddy.writes, rig.states) == (1, ["started"])


def test_the_same_run_is_not_sent_beside_one_that_is_not_known_and_any_other_is(rig: Rig, buddy: StubBuddy) -> None:
    buddy.write_fault, buddy.creates = faults.read_then_close, False
    send_run(rig, comment="once")
    (first,) = rig.rows
    assert send_run(rig, comment="twice") == Duplicate(first.id, pending=True)
    assert (buddy.writes, rig.states) == (1, ["unknown"])
    send_run(rig, None)
    send_run(rig, revision=Revision("tag", "v1"))
    assert (buddy.writes, rig.states) == (3, ["unknown"] * 3)


def test_a_run_that_was_started_keeps_no_other_from_being_started(rig: Rig, buddy: StubBuddy) -> None:
    for _ in range(2):
        started(rig)
    assert (buddy.writes, [row.execution for row in rig.rows]) == (2, [1000, 1001])


LOST: dict[str, Fault] = {
    "read, then closed": faults.read_then_close,
    "read, then reset": faults.read_then_reset,
    "silent": faults.read_and_wait,
    "500": ANSWERED["500 Internal Server Error of Buddy"][0],
    "504 of somebody": ANSWERED["504 Gateway Timeout of somebody"][0],
    "200, half a JSON": answering(answer("200 OK", b'{"id": 2')),
    "200, the id a text": answering(answer("200 OK", {"id": "2"})),
    "200 with errors": answering(answer("200 OK", {"id": 2, "errors": [{"message": "no"}]})),
    "a redirect": answering(b"HTTP/1.1 307 Moved\r\nLocation: /elsewhere\r\n\r\n"),
}


# What an answer to an addition proves, or does not, it proves of a run.
UNPROVED = {name: fault for name, (fault, outcome) in ANSWERED.items() if outcome is Unknown}
REFUSED = {name: fault for name, (fault, outcome) in ANSWERED.items() if outcome is Rejected}
STARTED = {name: fault for name, (fault, outcome) in ANSWERED.items() if outcome is Created}
# Of this one Buddy has read nothing.
READ = {name: fault for name, fault in UNPROVED.items() if fault is not faults.reset_at_once}


@pytest.mark.parametrize("fault", READ.values(), ids=READ)
def test_a_lost_answer_is_found_by_the_mark(rig: Rig, buddy: StubBuddy, fault: Fault) -> None:
    buddy.write_fault = fault
    send_run(rig)
    assert rig.states == ["unknown"]
    rig.look(seconds=3)
    assert (rig.states, rig.row.execution, buddy.writes) == (["found"], 1000, 1)
    assert (rig.row.run_status, rig.row.run_at, rig.row.next_look) == ("ENQUEUED", rig.clock.now, None)
    assert rig.record == [("sent", "sending"), ("answered", "unknown"), ("looked", "found")]
    assert rig.events[-1].details == {"asks": "run", "action_id": 1, "execution": 1000}


@pytest.mark.parametrize("fault", LOST.values(), ids=LOST)
def test_without_the_mark_none_is_taken_for_it_and_before_two_minutes_nothing_is_concluded(
    rig: Rig, buddy: StubBuddy, fault: Fault
) -> None:
    buddy.write_fault, buddy.creates = fault, False
    send_run(rig, comment="Nightly")
    # What somebody has started by hand, as like it as can be.
    buddy.run({"actions_to_run": [1], "comment": "Nightly"})
    buddy.run({"actions_to_run": [1], "comment": f"Nightly {mark_of('another submission')}"})
    # A comment that tells of it is that of another run.
    buddy.run({"actions_to_run": [1], "comment": f"As {mark_of(rig.row.id)} {mark_of('another submission')}"})
    buddy.run({"actions_to_run": [1], "comment": f"See {mark_of(rig.row.id)}: is it there?"})
    for seconds in (3, 7, 20, 30, 59):
        rig.look(seconds=seconds)
        assert rig.states == ["unknown"]
    rig.look(seconds=1)
    assert (rig.states, rig.row.execution, buddy.writes) == (["absent"], None, 1)


def test_what_turns_up_within_the_hour_is_still_found(rig: Rig, buddy: StubBuddy) -> None:
    buddy.write_fault, buddy.creates = faults.read_then_close, False
    send_run(rig)
    rig.settle()
    assert rig.states == ["absent"]
    buddy.run(buddy.bodies[0])
    rig.look(minutes=50)
    rig.look(minutes=10)
    assert (rig.states, rig.row.execution) == (["found"], 1000)


def test_of_several_with_its_mark_the_first_is_ours(rig: Rig, buddy: StubBuddy) -> None:
    buddy.write_fault = faults.read_then_close
    send_run(rig)
    # Somebody runs it again in Buddy, which takes the comment along.
    buddy.run(buddy.bodies[0])
    rig.look(seconds=3)
    assert (rig.states, rig.row.execution) == (["found"], 1000)


@pytest.mark.parametrize("runs", [60, 400])
def test_it_is_found_behind_all_that_was_started_since(rig: Rig, buddy: StubBuddy, runs: int) -> None:
    buddy.write_fault = faults.read_then_close
    send_run(rig)
    for number in range(runs):
        buddy.run({"comment": f"Push {number}"})
    rig.look(seconds=3)
    assert (rig.states, rig.row.execution) == (["found"], 1000)


def test_only_what_can_be_newer_than_it_is_looked_through(rig: Rig, buddy: StubBuddy) -> None:
    for number in range(60):
        buddy.run({"comment": f"Push {number}"})
        buddy.runs[-1]["start_date"] = "2020-01-01T10:00:00.000Z"
    buddy.write_fault, buddy.creates = faults.read_then_close, False
    send_run(rig)
    rig.look(seconds=3)
    assert sum(path.endswith("/executions") for path in buddy.reads) == 1
    rig.settle()
    assert rig.states == ["absent"]


def test_it_is_found_though_slipways_clock_was_ahead_when_it_was_sent(rig: Rig, buddy: StubBuddy) -> None:
    buddy.write_fault = faults.read_then_close
    begun = rig.clock.now
    rig.clock.forward(hours=1)
    send_run(rig)
    buddy.runs[-1]["start_date"] = begun.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    rig.look(seconds=3)
    assert rig.states == ["found"]


def test_where_more_was_started_since_than_is_looked_through_nothing_is_concluded(rig: Rig, buddy: StubBuddy) -> None:
    buddy.write_fault, buddy.creates = faults.read_then_close, False
    send_run(rig)
    for number in range(510):
        buddy.run({"comment": f"Push {number}"})
    rig.settle()
    assert rig.states == ["unknown"]


def hidden(buddy: StubBuddy) -> None:
    buddy.hidden = True


def closed(buddy: StubBuddy) -> None:
    buddy.readable = False


def one_unreadable(buddy: StubBuddy) -> None:
    buddy.odd_runs = [{"id": "no number"}]


@pytest.mark.parametrize("trouble", [hidden, closed, one_unreadable], ids=lambda each: each.__name__)
def test_what_can_not_be_read_whole_proves_nothing(
    rig: Rig, buddy: StubBuddy, trouble: Callable[[StubBuddy], None]
) -> None:
    buddy.write_fault, buddy.creates = faults.read_then_close, False
    send_run(rig)
    trouble(buddy)
    rig.settle()
    assert (rig.states, bool(rig.row.look_problem)) == (["unknown"], True)


PROOFS = {
    **{name: (fault, "started") for name, fault in STARTED.items()},
    **{name: (fault, "rejected") for name, fault in REFUSED.items()},
}


@pytest.mark.parametrize(("fault", "state"), PROOFS.values(), ids=PROOFS)
def test_an_answer_that_proves_something_ends_it(rig: Rig, buddy: StubBuddy, fault: Fault, state: str) -> None:
    buddy.write_fault, buddy.creates = fault, False
    send_run(rig, variables=(SECRET,))
    assert rig.states == [state]
    rig.look(hours=1)
    assert (rig.states, buddy.writes) == ([state], 1)
    assert rig.record == [("sent", "sending"), ("answered", state)]
    # What did not begin has no log to be masked.
    assert len(rig.secrets) == (state == "started")


def test_what_was_not_sent_says_so_and_is_asked_for_on_a_new_page(rig: Rig, buddy: StubBuddy) -> None:
    run = a_run(rig, variables=(SECRET,))
    buddy.hang_up()
    rig.parts.sender.send(run)
    assert (rig.states, rig.secrets) == (["not_sent"], [])
    assert "was not started" in rig.receipt().heading
    buddy.accept_connections()
    assert rig.parts.sender.send(run) == AlreadyClaimed()
    assert (rig.states, buddy.writes) == (["not_sent"], 0)


def test_a_run_whose_sender_was_stopped_is_looked_for(rig: Rig, buddy: StubBuddy) -> None:
    buddy.write_fault = faults.read_and_wait
    send_run(rig)
    rig.parts.journal.move(rig.row.id, rig.row.version, "unknown", "sending", lease_until=rig.clock())
    rig.look(seconds=100)
    assert rig.record[-2:] == [("lost", "unknown"), ("looked", "found")]


@pytest.mark.patient
def test_an_answer_after_another_process_has_found_it_adds_nothing(opened: Open, rig: Rig, buddy: StubBuddy) -> None:
    other = opened()

    def find_meanwhile(connection: Any, server: Any) -> None:
        server.read(connection)
        other.look(hours=1)
        connection.sendall(answer("200 OK", server.mine.action))

    buddy.write_fault = find_meanwhile
    send_run(rig)
    assert (rig.states, rig.row.execution, buddy.writes) == (["found"], 1000, 1)
    assert rig.record[-1] == ("looked", "found")


@pytest.mark.patient
def test_an_answer_after_it_was_given_up_is_still_a_proof(opened: Open, rig: Rig, buddy: StubBuddy) -> None:
    other = opened()
    buddy.creates = False

    def give_up_meanwhile(connection: Any, server: Any) -> None:
        request = server.read(connection)
        other.look(hours=1)
        assert other.states == ["absent"]
        connection.sendall(answer("200 OK", server.run(json.loads(request.partition(b"\r\n\r\n")[2]))))

    buddy.write_fault = give_up_meanwhile
    send_run(rig)
    assert (rig.states, rig.row.execution, buddy.writes) == (["started"], 1000, 1)


def test_a_number_that_another_run_has_already_is_not_written_twice(rig: Rig, buddy: StubBuddy) -> None:
    started(rig)
    buddy.answer = (200, {"id": 1000, "status": "INPROGRESS"})
    send_run(rig)
    assert [(row.state, row.execution) for row in rig.rows] == [("started", 1000), ("started", None)]


@pytest.mark.parametrize("status", sorted(FINAL))
def test_its_end_is_told_once_and_stays(rig: Rig, buddy: StubBuddy, status: str) -> None:
    row = started(rig)
    buddy.go_on(1000, status="INPROGRESS")
    assert see(rig, row).run_status == "INPROGRESS"
    buddy.go_on(1000, status=status)
    for _ in range(2):
        # Also for who has read the row before.
        assert see(rig, row).run_status == status
    buddy.go_on(1000, status="INPROGRESS")
    rig.clock.forward(minutes=2)
    assert see(rig, row).run_status == status
    assert rig.record[2:] == [("ended", status)]
    assert rig.deeds[-1] == ("Slipway", "ended", status)


@pytest.mark.parametrize(("before", "status"), [(20, "INPROGRESS"), (3600, "WAITING_FOR_APPLY")])
def test_what_was_read_a_moment_before_is_no_news_but_a_clock_that_was_put_back_holds_nothing_up(
    rig: Rig, buddy: StubBuddy, before: int, status: str
) -> None:
    row = started(rig)
    buddy.go_on(1000, status="INPROGRESS")
    rig.clock.forward(seconds=30)
    see(rig, row)
    rig.clock.forward(seconds=-before)
    buddy.go_on(1000, status="WAITING_FOR_APPLY")
    assert see(rig, row).run_status == status
    buddy.go_on(1000, status="FAILED")
    assert see(rig, row).run_status == "FAILED"


def test_of_two_processes_that_read_its_end_one_tells_it(rig: Rig, opened: Open, buddy: StubBuddy) -> None:
    other, row = opened(), started(rig)
    buddy.go_on(1000, status="SUCCESSFUL")
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda each: see(each, row), [rig, other] * 10))
    assert [event for event in rig.record if event[0] == "ended"] == [("ended", "SUCCESSFUL")]


def test_it_is_written_down_each_minute_that_it_goes_on_as_before_and_not_more_often(
    rig: Rig, buddy: StubBuddy
) -> None:
    row = started(rig)
    begun = row.run_at
    for _ in range(5):
        rig.clock.forward(seconds=11)
        assert see(rig, row).run_at == begun
    rig.clock.forward(seconds=5)
    assert see(rig, row).run_at == rig.clock.now


def test_a_word_of_buddys_that_is_not_known_is_kept_and_means_that_it_goes_on(rig: Rig, buddy: StubBuddy) -> None:
    row = started(rig)
    buddy.go_on(1000, status="WAITING_FOR_THE_MOON")
    assert see(rig, row).run_status == "WAITING_FOR_THE_MOON"
    assert "Going on" in rig.browser.get("/submissions").text
    buddy.go_on(1000, status="SUCCESSFUL")
    assert see(rig, row).run_status == "SUCCESSFUL"


def test_what_is_read_of_another_run_changes_nothing(rig: Rig, buddy: StubBuddy) -> None:
    row = started(rig)
    rig.parts.runs.seen(row, Execution.from_json({"id": 1001, "status": "FAILED"}))
    assert (rig.row.run_status, rig.record[-1]) == ("ENQUEUED", ("answered", "started"))


def test_a_run_that_had_ended_when_it_was_found_tells_its_end_to_who_looks_at_it(rig: Rig, buddy: StubBuddy) -> None:
    buddy.write_fault = faults.read_then_close
    send_run(rig, variables=(SECRET,))
    buddy.go_on(1000, status="FAILED")
    rig.look(seconds=3)
    assert (rig.states, rig.row.run_status, len(rig.secrets)) == (["found"], None, 1)
    assert see(rig, rig.row).run_status == "FAILED"
    assert (rig.record[-1], rig.secrets) == (("ended", "FAILED"), [])


def download(rig: Rig, path: str) -> str:
    """A file that is downloaded."""
    with rig.browser.client.get(path, base_url=rig.browser.url) as answer:
        assert answer.status_code == 200
        return answer.get_data().decode("utf-8-sig")


def in_files(folder: Path, words: str) -> list[str]:
    """The files of a folder in which words stand as they are."""
    return [path.name for path in folder.rglob("*") if path.is_file() and words.encode() in path.read_bytes()]


@pytest.mark.parametrize("lost", [False, True], ids=["answered", "found"])
def test_the_values_of_its_variables_are_sealed_until_it_has_ended_and_stand_nowhere_else(
    rig: Rig, buddy: StubBuddy, tmp_path: Path, lost: bool, caplog: pytest.LogCaptureFixture
) -> None:
    said = {"variables": [{"key": "TOKEN", "value": SECRET.value}], "comment": f"with {PLAIN.value}"}
    if lost:
        buddy.write_fault = faults.read_then_close
    send_run(rig, variables=(SECRET, PLAIN))
    assert buddy.bodies[0]["variables"] == [
        {"key": "TOKEN", "value": SECRET.value, "encrypted": True},
        {"key": "MODE", "value": PLAIN.value, "encrypted": False},
    ]
    rig.look(seconds=3)
    buddy.go_on(1000, status="INPROGRESS", **said)
    see(rig, rig.row)
    assert sorted(rig.parts.journal.secrets([rig.row.id]).values()) == sorted(CANARIES)
    assert [each["value"] for each in (rig.row.request or {})["variables"]] == ["[secret]", "[secret]"]
    pages = [rig.browser.get(path).html for path in ("/", "/submissions", "/record", f"/submissions/{rig.row.id}")]
    files = [
        rig.browser.client.get(path, base_url=rig.browser.url).text for path in ("/submissions.csv", "/record.csv")
    ]
    for canary in CANARIES:
        assert canary not in "".join([*pages, *files, caplog.text])
        assert in_files(tmp_path, canary) == []
    buddy.go_on(1000, status="SUCCESSFUL")
    see(rig, rig.row)
    assert (rig.secrets, rig.parts.journal.secrets([rig.row.id])) == ([], {})
    assert not any(canary in str([rig.row.answer, *(event.details for event in rig.events)]) for canary in CANARIES)


def test_what_is_never_followed_to_its_end_keeps_its_secrets_for_a_day_at_most(rig: Rig) -> None:
    started(rig, variables=(SECRET,))
    rig.clock.forward(hours=23)
    assert rig.parts.journal.secrets([rig.row.id]) == {}
    rig.parts.journal.sweep(KEPT)
    assert rig.secrets == []


def test_stopping_asks_buddy_once_and_is_on_record(rig: Rig, buddy: StubBuddy) -> None:
    row = started(rig)
    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(lambda _: rig.parts.stopping.stop(row, ANN), range(20)))
    (outcome,) = [each for each in outcomes if each is not None]
    assert isinstance(outcome, StopTaken)
    assert (buddy.paths[1:], buddy.bodies[1:]) == ([f"{PLACE.path}/executions/1000"], [{"operation": "CANCEL"}])
    assert (rig.row.run_status, rig.row.stopping_at) == ("TERMINATING", rig.clock.now)
    assert rig.deeds[2:] == [("Ann", "asked to stop", None), ("Ann", "stop answered", "TERMINATING")]
    rig.clock.forward(hours=1)
    assert rig.parts.stopping.stop(rig.row, ANN) is None
    buddy.go_on(1000, status="TERMINATED")
    see(rig, row)
    assert (rig.record[-1], buddy.writes) == (("ended", "TERMINATED"), 2)


def test_what_has_ended_or_is_not_known_to_be_there_is_not_stopped(rig: Rig, buddy: StubBuddy) -> None:
    ended = started(rig)
    buddy.go_on(1000, status="FAILED")
    see(rig, ended)
    buddy.write_fault, buddy.creates = faults.read_then_close, False
    send_run(rig)
    assert [rig.parts.stopping.stop(row, ANN) for row in rig.rows] == [None, None]
    assert rig.parts.stopping.stop(ended, ANN) is None
    assert buddy.writes == 2


def refuse(buddy: StubBuddy) -> None:
    buddy.write_fault = ANSWERED["400"][0]


def hang_up(buddy: StubBuddy) -> None:
    buddy.hang_up()


@pytest.mark.parametrize(
    ("trouble", "outcome", "word"),
    [(refuse, Rejected, "rejected"), (hang_up, NotSent, "not_sent")],
    ids=["refused", "not sent"],
)
def test_a_stop_that_was_refused_or_not_sent_can_be_asked_for_again_at_once(
    rig: Rig, buddy: StubBuddy, trouble: Callable[[StubBuddy], None], outcome: type, word: str
) -> None:
    row = started(rig)
    buddy.creates = False
    trouble(buddy)
    assert isinstance(rig.parts.stopping.stop(row, ANN), outcome)
    assert (rig.row.stopping_at, rig.record[-1]) == (None, ("stop answered", word))
    assert rig.events[-1].details["reason"]
    buddy.accept_connections()
    buddy.write_fault, buddy.creates = StubBuddy.answers, True
    assert isinstance(rig.parts.stopping.stop(row, ANN), StopTaken)


@pytest.mark.parametrize("fault", LOST.values(), ids=LOST)
def test_a_stop_that_is_not_known_says_so_and_can_be_asked_for_again_after_half_a_minute(
    rig: Rig, buddy: StubBuddy, fault: Fault
) -> None:
    row = started(rig)
    buddy.write_fault, buddy.creates = fault, False
    assert isinstance(rig.parts.stopping.stop(row, ANN), Unknown)
    assert (rig.row.stopping_at, rig.record[-1]) == (rig.clock.now, ("stop answered", "unknown"))
    rig.clock.forward(seconds=29)
    assert rig.parts.stopping.stop(row, ANN) is None
    rig.clock.forward(seconds=1)
    buddy.write_fault, buddy.creates = StubBuddy.answers, True
    assert isinstance(rig.parts.stopping.stop(row, ANN), StopTaken)
    assert buddy.writes == 3


def test_a_stop_that_is_not_known_can_be_asked_for_again_once_the_clock_was_put_back(
    rig: Rig, buddy: StubBuddy
) -> None:
    row = started(rig)
    buddy.write_fault, buddy.creates = faults.read_then_close, False
    assert isinstance(rig.parts.stopping.stop(row, ANN), Unknown)
    assert not may_be_stopped(rig.row, rig.clock())
    rig.clock.forward(hours=-1)
    assert may_be_stopped(rig.row, rig.clock())
    buddy.write_fault, buddy.creates = StubBuddy.answers, True
    assert isinstance(rig.parts.stopping.stop(row, ANN), StopTaken)


@pytest.mark.patient
def test_while_a_stop_waits_for_its_answer_nobody_else_sends_one(rig: Rig, opened: Open, buddy: StubBuddy) -> None:
    row, other, asked_again = started(rig), opened(), []

    def meanwhile(connection: Any, server: Any) -> None:
        rig.clock.forward(seconds=40)
        asked_again.append(other.parts.stopping.stop(row, ANN))
        StubBuddy.answers(connection, server)

    buddy.write_fault = meanwhile
    assert isinstance(rig.parts.stopping.stop(row, ANN), StopTaken)
    assert (asked_again, buddy.writes) == ([None], 2)


def test_a_run_stands_in_the_activity_the_record_and_their_files_with_what_became_of_it(
    rig: Rig, buddy: StubBuddy
) -> None:
    row = started(rig)
    assert "Build API Run Live mirror Company Website, buddy Ann" in rig.browser.get("/submissions").text
    buddy.go_on(1000, status="FAILED")
    see(rig, row)
    activity = rig.browser.get("/submissions?state=Accepted")
    assert "Failed" in activity.text
    table = download(rig, "/submissions.csv")
    assert ",Ann,Run,Build API,Failed,,,buddy,Company Website,Live mirror," in table
    record = rig.browser.get("/record?what=ended").text
    for told in ("Asked for a run", "Being started", "Buddy answered", "Accepted", "The run ended", "Failed"):
        assert told in record
    table = download(rig, "/record.csv")
    assert ",Ann,127.0.0.1,Asked for a run,Being started,Build API," in table
    assert ",Slipway,,The run ended,Failed,Build API," in table


def test_a_run_that_is_not_known_needs_its_senders_attention_and_a_failed_one_does_not(
    rig: Rig, buddy: StubBuddy
) -> None:
    row = started(rig)
    buddy.go_on(1000, status="FAILED")
    see(rig, row)
    assert "needs your attention" not in rig.browser.get("/").text
    buddy.write_fault, buddy.creates = faults.read_then_close, False
    send_run(rig)
    assert "Not known yet" in rig.browser.get("/").text.partition("needs your attention")[2]
    rig.settle()
    page = rig.browser.get("/")
    assert "Not found" in page.text.partition("needs your attention")[2]
    token = rig.form().fields["csrf_token"]
    rig.browser.post(f"/submissions/{rig.rows[1].id}/dismissal", {"csrf_token": token})
    assert "needs your attention" not in rig.browser.get("/").text


@pytest.mark.parametrize("noun", ["attempts", "ruling", "both"])
def test_a_run_is_not_sent_again_from_its_page_and_needs_nobodys_word(rig: Rig, buddy: StubBuddy, noun: str) -> None:
    buddy.write_fault, buddy.creates = faults.read_then_close, False
    send_run(rig)
    rig.settle()
    token = rig.form().fields["csrf_token"]
    rig.browser.post(f"/submissions/{rig.row.id}/{noun}", {"csrf_token": token, "ruling": "none"})
    assert (rig.states, buddy.writes) == (["absent"], 1)


def test_a_refused_run_has_a_page_that_says_so_and_no_form(rig: Rig, buddy: StubBuddy) -> None:
    buddy.write_fault, buddy.creates = ANSWERED["400"][0], False
    send_run(rig)
    page = rig.receipt()
    assert (page.status, page.heading) == (200, "Buddy did not start “Build API”")
    assert "Nothing was started." in page.text
    assert page.by_id("form") is None


def test_no_form_is_filled_in_like_a_run(rig: Rig) -> None:
    row = started(rig)
    form = rig.browser.get(f"/workspaces/buddy/projects/company-website/pipelines/2/actions/new?like={row.id}")
    assert (form.status, form.fields["name"]) == (200, "")
    assert "What was to be copied is not there, or is of a kind that can't be copied." in form.text


def test_runs_leave_additions_alone(rig: Rig, buddy: StubBuddy) -> None:
    buddy.write_fault = faults.read_then_close
    rig.send(**LEAST)
    send_run(rig)
    rig.look(seconds=3)
    assert (rig.states, len(buddy.added), len(buddy.runs)) == (["found", "found"], 1, 1)
    assert [row.execution for row in rig.rows] == [None, 1000]


def test_it_is_swept_when_everything_else_is(rig: Rig) -> None:
    started(rig, variables=(SECRET,))
    rig.clock.forward(days=91)
    rig.parts.journal.sweep(KEPT)
    assert (rig.rows, rig.secrets) == ([], [])


def test_however_often_an_action_was_run_its_page_says_who_has_added_it_and_the_last_run_is_found(
    rig: Rig, buddy: StubBuddy
) -> None:
    rig.send(**LEAST)
    runs = [started(rig, 100) for _ in range(12)]
    started(rig, None)
    page = rig.browser.get("/workspaces/buddy/projects/company-website/pipelines/2/actions/100")
    assert "Added by" in page.text.partition("Last with Slipway")[2]
    place = (PLACE.workspace, PLACE.project, PLACE.pipeline)
    last, whole = (rig.parts.journal.last_run(place, action) for action in (100, None))
    assert last is not None
    assert whole is not None
    assert (last.id, whole.execution, rig.parts.journal.last_run(place, 7)) == (runs[-1].id, 1012, None)


def test_runs_are_found_in_the_activity_by_how_far_they_are(rig: Rig, buddy: StubBuddy) -> None:
    rig.send(**LEAST)
    for target, status in ((1, "FAILED"), (None, "FAILED"), (1, "WAITING_FOR_VARIABLES"), (1, "SUCCESSFUL")):
        row = started(rig, target)
        buddy.go_on(row.execution or 0, status=status)
        see(rig, row)
    found = {
        query: [row["action"] for row in csv.DictReader(io.StringIO(download(rig, f"/submissions.csv?{query}")))]
        for query in (
            "state=Failed",
            "state=Passed",
            "state=Waits+for+values+of+variables",
            "state=Running",
            "state=Failed&q=build",
            "state=Failed&who=ann",
            "state=Failed&place=buddy/company-website/2",
            "state=Failed&who=zoe",
            "state=Accepted",
        )
    }
    assert [*found.values()] == [
        ["Live mirror", "Build API"],
        ["Build API"],
        ["Build API"],
        [],
        ["Build API"],
        ["Live mirror", "Build API"],
        ["Live mirror", "Build API"],
        [],
        ["Build API", "Build API", "Live mirror", "Build API"],
    ]


def lock_while_answering(rig: Rig, folder: Path) -> ExitStack:
    """Let the database be locked once Buddy has read a write; closing gives it free."""
    locks = ExitStack()

    def lock_and_answer(connection: Any, server: Any) -> None:
        server.read(connection)
        locks.enter_context(locked(rig, folder))
        connection.sendall(answer("200 OK", server.mine.action))

    rig.buddy.write_fault = lock_and_answer
    return locks


def test_while_the_database_can_not_be_written_nothing_is_sent(opened: Open, buddy: StubBuddy, tmp_path: Path) -> None:
    rig = opened(query=IMPATIENT)
    row = started(rig)
    with locked(rig, tmp_path):
        with pytest.raises(JournalUnavailable):
            send_run(rig)
        with pytest.raises(JournalUnavailable):
            rig.parts.stopping.stop(row, ANN)
    assert buddy.writes == 1


@pytest.mark.patient
def test_what_came_of_a_run_and_could_not_be_recorded_is_logged_and_found_again(
    opened: Open, buddy: StubBuddy, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rig = opened(query=IMPATIENT)
    with lock_while_answering(rig, tmp_path):
        result = send_run(rig, variables=(SECRET,))
    assert isinstance(result, Unrecorded)
    assert (result.state, result.values["execution"]) == ("started", 1000)
    (line,) = [record.getMessage() for record in caplog.records if record.levelno == logging.CRITICAL]
    written = json.loads(line.partition(": ")[2])
    assert (written["state"], written["execution"], SECRET.value in line) == ("started", 1000, False)
    assert rig.states == ["sending"]
    rig.look(seconds=91)
    assert (rig.states, rig.row.execution, buddy.writes) == (["found"], 1000, 1)


@pytest.mark.patient
def test_what_came_of_a_stop_and_could_not_be_recorded_is_told_and_can_be_asked_for_again_later(
    opened: Open, buddy: StubBuddy, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rig = opened(query=IMPATIENT)
    row = started(rig)
    with lock_while_answering(rig, tmp_path):
        assert isinstance(rig.parts.stopping.stop(row, ANN), StopTaken)
    assert "what came of stopping the run" in caplog.text
    buddy.write_fault = StubBuddy.answers
    # As after a kill: nobody knows whether somebody is still sending.
    rig.clock.forward(seconds=89)
    assert rig.parts.stopping.stop(row, ANN) is None
    rig.clock.forward(seconds=1)
    assert isinstance(rig.parts.stopping.stop(row, ANN), StopTaken)
    assert buddy.writes == 3
