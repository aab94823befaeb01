"""Following a run: what is asked of Buddy for all who watch it, and what they see of its log."""

import threading
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from support.faults import answer
from support.printing import OF_ACTION, PAGED, WHOLE, PrintingBuddy
from support.rigs import Rig
from support.running import ACTION, PLAIN, SECRET, started
from support.templates import ANSWERS, SECRETS, make_template, open_template

from webapp.buddy.secrecy import REDACTED
from webapp.http.waits import in_words
from webapp.runs.follower import GONE, MOST_PAGES, MOST_RUNS
from webapp.runs.run_views import MOST_HELD, MOST_WEIGHT, RunView
from webapp.store.models import Submission

from .conftest import Look


def texts(run_view: RunView) -> list[str]:
    return [line.text for line in run_view.lines]


def test_a_run_is_followed_to_its_end(look: Look, buddy: PrintingBuddy) -> None:
    buddy.log = ["Pulling image", "\x1b[32mok\x1b[0m"]
    first = look()
    assert (first.status, first.progress, first.final, first.wait) == ("INPROGRESS", 10, False, 5)
    assert [(line.number, line.text) for line in first.lines] == [(1, "Pulling image"), (2, "ok")]
    buddy.log += ["sh: 1: pytest: not found"]
    assert texts(look())[2:] == ["sh: 1: pytest: not found"]
    buddy.log += ["Action failed with exit code 127"]
    buddy.now("FAILED", error_message="Action failed with exit code 127")
    last = look()
    assert (last.status, last.final, last.total, last.wait) == ("FAILED", True, 4, 0)
    assert [line.number for line in last.after(2)] == [3, 4]
    assert last.cause is not None
    assert (last.cause.key, last.cause.box, last.cause.exit_code) == ("command", "inline_commands", 127)
    asked = buddy.rounds
    look()
    assert buddy.rounds == asked == (3, 3)


def test_a_run_is_read_soon_after_it_was_asked_for_and_not_at_once(rig: Rig, buddy: PrintingBuddy) -> None:
    row = started(rig)
    # How it stands was told a moment ago.
    run_view = rig.parts.follower.look(row, ACTION)
    assert (run_view.status, run_view.wait, buddy.rounds) == ("ENQUEUED", 2, (0, 0))
    buddy.now("INPROGRESS")
    buddy.log = ["begun"]
    rig.clock.forward(seconds=2)
    run_view = rig.parts.follower.look(row, ACTION)
    assert (run_view.status, texts(run_view), run_view.wait, buddy.rounds) == ("INPROGRESS", ["begun"], 5, (1, 1))


def test_ten_viewers_cause_one_round_in_five_seconds(rig: Rig, row: Submission, buddy: PrintingBuddy) -> None:
    buddy.log = ["working"]
    rig.parts.follower.look(row, ACTION)
    begin = buddy.rounds
    viewers = 10
    with ThreadPoolExecutor(viewers) as pool:
        for _ in range(20):
            rig.clock.forward(seconds=1)
            run_views = list(pool.map(lambda _: rig.parts.follower.look(row, ACTION), range(viewers)))
            assert all(texts(run_view) == ["working"] for run_view in run_views)
    runs, logs = buddy.rounds
    assert (runs - begin[0], logs - begin[1]) == (4, 4)
    # The last one has gone.
    rig.clock.forward(minutes=5)
    assert buddy.rounds == (runs, logs)


def test_who_comes_while_another_asks_gets_what_is_there(rig: Rig, row: Submission, buddy: PrintingBuddy) -> None:
    buddy.log = ["first"]
    rig.parts.follower.look(row, ACTION)
    buddy.read_gate.clear()
    rig.clock.forward(seconds=5)
    asking = threading.Thread(target=rig.parts.follower.look, args=(row, ACTION))
    asking.start()
    buddy.until_reading(1)
    assert texts(rig.parts.follower.look(row, ACTION)) == ["first"]
    buddy.read_gate.set()
    asking.join()
    assert buddy.rounds == (2, 2)


@pytest.mark.parametrize(("minutes", "seconds"), [(0, 5), (2, 10), (10, 30)])
def test_it_slows_down(rig: Rig, row: Submission, buddy: PrintingBuddy, minutes: int, seconds: int) -> None:
    rig.parts.follower.look(row, ACTION)
    for _ in range(minutes * 2):
        rig.clock.forward(seconds=30)
        rig.parts.follower.look(row, ACTION)
    begin, _ = buddy.rounds
    assert rig.parts.follower.look(row, ACTION).wait == seconds
    rig.clock.forward(seconds=seconds - 1)
    rig.parts.follower.look(row, ACTION)
    assert buddy.rounds[0] == begin
    rig.clock.forward(seconds=1)
    rig.parts.follower.look(row, ACTION)
    assert buddy.rounds[0] == begin + 1


def test_a_clock_that_is_put_back_keeps_nobody_waiting(rig: Rig, look: Look, buddy: PrintingBuddy) -> None:
    look()
    rig.clock.forward(hours=-1)
    buddy.log = ["one"]
    assert texts(look()) == ["one"]


def test_a_clock_that_is_put_back_makes_no_limit_longer(rig: Rig, look: Look, buddy: PrintingBuddy) -> None:
    buddy.limited, buddy.headers = 90, {"Retry-After": "90"}
    assert look().wait == 90
    buddy.limited, buddy.headers = None, {}
    rig.clock.forward(hours=-1)
    assert look().problem == ""


def test_what_waits_for_a_person_is_asked_for_seldom(look: Look, buddy: PrintingBuddy) -> None:
    buddy.now("WAITING_FOR_APPLY")
    assert look().status == "WAITING_FOR_APPLY"
    assert look().wait == 30


def test_a_limit_is_waited_for_by_all_runs(rig: Rig, row: Submission, look: Look, buddy: PrintingBuddy) -> None:
    other = started(rig, None)
    buddy.now("INPROGRESS")
    look()
    buddy.limited, buddy.headers = 90, {"Retry-After": "90"}
    limited = look()
    assert (limited.status, limited.problem) == ("INPROGRESS", f"Buddy asks to wait {in_words(90)}.")
    assert limited.wait == 90
    buddy.limited, buddy.headers = None, {}
    begin = buddy.rounds
    rig.clock.forward(seconds=89)
    assert rig.parts.follower.look(row, ACTION).problem == limited.problem
    assert rig.parts.follower.look(other).problem == limited.problem
    assert buddy.rounds == begin
    rig.clock.forward(seconds=1)
    assert rig.parts.follower.look(row, ACTION).problem == ""
    assert rig.parts.follower.look(other).status == "INPROGRESS"


def test_a_limit_that_is_reset_in_a_thousand_years_is_looked_at_again_tomorrow(
    look: Look, buddy: PrintingBuddy
) -> None:
    buddy.limited, buddy.headers = 0, {"X-Rate-Limit-Reset": "999999999999"}
    assert look().wait == 86_400


def test_an_allowance_that_runs_low_is_left_to_people(look: Look, buddy: PrintingBuddy) -> None:
    buddy.headers = {"X-Rate-Limit-Limit": "100", "X-Rate-Limit-Remaining": "20"}
    look()
    assert look().wait == 30


def test_of_fifty_thousand_lines_none_is_lost_or_twice(look: Look, rig: Rig, buddy: PrintingBuddy) -> None:
    buddy.log, seen = [], dict[int, str]()
    for number in range(50_000):
        buddy.log.append(f"line {number:05} {'x' * (number % 50)}")
        if number % 1000 == 999:
            rig.clock.forward(seconds=25)
            run_view = look()
            assert len(run_view.lines) <= MOST_HELD
            seen |= {line.number: line.text for line in run_view.lines}
    assert sorted(seen) == list(range(1, 50_001))
    read = "\n".join(seen[number] for number in range(1, 50_001))
    assert sha256(read.encode()).digest() == sha256("\n".join(buddy.log).encode()).digest()
    assert len(set(buddy.offsets)) == len(buddy.offsets)


def test_of_a_long_log_that_nobody_followed_the_end_is_read_at_once(look: Look, buddy: PrintingBuddy) -> None:
    buddy.log = [f"line {number}" for number in range(1, 50_001)]
    buddy.now("SUCCESSFUL")
    run_view = look()
    assert run_view.final
    assert [line.number for line in run_view.lines] == list(range(48_001, 50_001))
    assert texts(run_view)[-1] == "line 50000"
    assert sum("/logs" in path for path in buddy.reads) <= MOST_PAGES


def test_heavy_lines_are_held_only_up_to_a_weight(look: Look, buddy: PrintingBuddy) -> None:
    buddy.log = ["".join(f"\x1b[3{number % 6 + 1}mé" for number in range(330)) for _ in range(250)]
    run_view = look()
    assert (run_view.total, run_view.lines[-1].number) == (250, 250)
    assert len(run_view.lines) < 250
    assert sum(line.weight for line in run_view.lines) <= MOST_WEIGHT


def test_only_so_many_runs_are_held(rig: Rig, buddy: PrintingBuddy) -> None:
    rows = [started(rig, None) for _ in range(MOST_RUNS + 1)]
    rig.clock.forward(seconds=2)
    for row in (*rows, rows[0], *rows[2:]):
        rig.parts.follower.look(row)
    # The first was forgotten when the last came, and the second when the first came back.
    assert len(buddy.reads) == MOST_RUNS + 2


@pytest.mark.parametrize(
    "said",
    [{"total_element_count": 0}, {"total_element_count": 10**15}, {"total_element_count": "many"}, {"offset": None}],
)
def test_whatever_buddy_says_of_its_length_each_line_comes_once(
    look: Look, buddy: PrintingBuddy, said: dict[str, Any]
) -> None:
    buddy.page = lambda offset: {**buddy.true_page(offset), **said}
    buddy.log = [f"line {number}" for number in range(1500)]
    look()
    buddy.log += ["and more"]
    look()
    buddy.now("SUCCESSFUL")
    run_view = look()
    assert texts(run_view) == buddy.log
    assert run_view.final


def test_pages_that_begin_too_early_bring_nothing_twice(look: Look, buddy: PrintingBuddy) -> None:
    buddy.page = lambda offset: buddy.true_page(max(offset - 2, 0))
    buddy.log = ["one", "two", "three"]
    look()
    buddy.log += ["four"]
    assert texts(look()) == ["one", "two", "three", "four"]


def test_a_beginning_that_buddy_has_thrown_away_leaves_a_gap_in_the_numbers(look: Look, buddy: PrintingBuddy) -> None:
    buddy.page = lambda offset: {
        "offset": max(offset, 7),
        "total_element_count": 9,
        "logs": ["eight", "nine"][max(offset - 7, 0) :],
    }
    run_view = look()
    assert [(line.number, line.text) for line in run_view.lines] == [(8, "eight"), (9, "nine")]


def test_a_log_that_shrinks_keeps_what_was_seen(look: Look, buddy: PrintingBuddy) -> None:
    buddy.log = ["one", "two", "three"]
    look()
    buddy.log = ["one"]
    buddy.now("SUCCESSFUL")
    run_view = look()
    assert (texts(run_view), run_view.final) == (["one", "two", "three"], True)


def test_a_log_without_an_end_ends(look: Look, buddy: PrintingBuddy) -> None:
    buddy.page = lambda offset: {"offset": offset, "total_element_count": offset + 5000, "logs": ["again"] * 10}
    buddy.now("FAILED")
    run_views = [look() for _ in range(40)]
    assert run_views[-1].final
    assert not run_views[0].final
    assert buddy.rounds[0] == 1


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("x" * 5000, "x" * 2000),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("\x1b[2J\x1b[31mred\u202e\x00", "red"),
        ("\ud800half", "\ufffdhalf"),
        (7, ""),
        (None, ""),
    ],
)
def test_any_line_has_its_place(look: Look, buddy: PrintingBuddy, line: Any, shown: str) -> None:
    buddy.log = ["before", line, "behind"]
    assert texts(look()) == ["before", shown, "behind"]


def test_what_is_no_text_in_utf_8_is_shown_as_far_as_it_is(look: Look, buddy: PrintingBuddy) -> None:
    buddy.page = lambda offset: b'{"offset": 0, "total_element_count": 1, "logs": ["caf\xe9"]}'
    assert texts(look()) == ["caf\ufffd"]


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b'{"logs": 5}', b'{"logs": ["cut'])
def test_what_is_no_log_leaves_what_was_seen(look: Look, buddy: PrintingBuddy, body: bytes) -> None:
    buddy.log = ["one"]
    look()
    buddy.page = lambda offset: body
    broken = look()
    assert (texts(broken), broken.status) == (["one"], "INPROGRESS")
    assert broken.problem
    buddy.page = buddy.true_page
    buddy.log += ["two"]
    mended = look()
    assert (texts(mended), mended.problem) == (["one", "two"], "")


@pytest.mark.parametrize("addresses", [[PAGED, WHOLE, OF_ACTION], [WHOLE, OF_ACTION], [OF_ACTION]])
def test_the_older_addresses_are_tried(look: Look, buddy: PrintingBuddy, addresses: list[str]) -> None:
    buddy.addresses = addresses
    buddy.log = ["one", "two"]
    assert texts(look()) == ["one", "two"]
    begin = len(buddy.reads)
    buddy.log += ["three"]
    assert texts(look()) == ["one", "two", "three"]
    assert len(buddy.reads) == begin + 2


def test_a_log_that_is_nowhere_yet_is_looked_for_again(look: Look, buddy: PrintingBuddy) -> None:
    buddy.addresses = []
    run_view = look()
    assert (run_view.lines, run_view.problem) == ((), "")
    buddy.addresses, buddy.log = [PAGED], ["one"]
    assert texts(look()) == ["one"]


def test_an_action_that_runs_again_has_a_log_of_its_own(look: Look, buddy: PrintingBuddy) -> None:
    buddy.log = ["the first time"]
    look()
    buddy.now("INPROGRESS", action_execution_id="5ddb7c180fb38be67bd78a99")
    buddy.log = ["the second time", "works"]
    run_view = look()
    assert [(line.number, line.text) for line in run_view.lines] == [(1, "the second time"), (2, "works")]


def test_an_action_that_buddy_has_left_out_has_no_log(look: Look, rig: Rig, buddy: PrintingBuddy) -> None:
    buddy.go_on(buddy.runs[-1]["id"], status="SUCCESSFUL", action_executions=[])
    run_view = look()
    assert (run_view.final, run_view.action, run_view.lines, run_view.cause) == (True, None, (), None)


def test_a_log_that_buddy_has_thrown_away_is_not_asked_for(look: Look, buddy: PrintingBuddy) -> None:
    buddy.now("SUCCESSFUL")
    buddy.go_on(buddy.runs[-1]["id"], logs_removed=True)
    run_view = look()
    assert (run_view.final, run_view.logs_removed) == (True, True)
    assert buddy.rounds[1] == 0


def test_a_run_that_is_gone_keeps_what_was_seen(look: Look, buddy: PrintingBuddy) -> None:
    buddy.log = ["one"]
    look()
    buddy.runs.clear()
    run_view = look()
    assert (texts(run_view), run_view.problem, run_view.final) == (["one"], GONE, False)


def test_a_buddy_that_is_away_leaves_what_was_seen(look: Look, buddy: PrintingBuddy) -> None:
    buddy.log = ["one"]
    look()
    buddy.readable, buddy.closed = False, answer("500 Internal Server Error", {"errors": []})
    run_view = look()
    assert (texts(run_view), run_view.problem) == (["one"], "Buddy has a problem of its own.")
    buddy.readable = True
    assert look().problem == ""


def test_the_end_is_written_down_once(look: Look, rig: Rig, buddy: PrintingBuddy) -> None:
    buddy.now("SUCCESSFUL")
    look()
    look()
    assert rig.row.run_status == "SUCCESSFUL"
    assert [event.verb for event in rig.events].count("ended") == 1


def test_secrets_of_a_run_are_shown_of_no_line_and_nothing_is_stored(
    rig: Rig, buddy: PrintingBuddy, tmp_path: Path
) -> None:
    row = started(rig, variables=(SECRET, PLAIN))
    rig.clock.forward(seconds=2)
    buddy.log = [f"+ login {SECRET.value}", PLAIN.value, "canary-of-the-log"]
    buddy.now("FAILED", error_message=f"no such user: {SECRET.value}")
    run_view = rig.parts.follower.look(row, ACTION)
    assert run_view.final
    assert texts(run_view) == [f"+ login {REDACTED}", REDACTED, "canary-of-the-log"]
    assert run_view.cause is not None
    assert SECRET.value not in repr(run_view).replace(repr(run_view.execution and run_view.execution.raw), "")
    assert rig.secrets == []
    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("slipway*"))
    for canary in (SECRET.value, PLAIN.value, "canary-of-the-log"):
        assert canary.encode() not in stored


def test_who_only_sees_states_asks_for_no_log(rig: Rig, row: Submission, buddy: PrintingBuddy) -> None:
    assert rig.parts.follower.look(row).status == "INPROGRESS"
    assert buddy.rounds == (1, 0)


def test_secrets_of_the_template_of_an_action_are_shown_of_no_line(rig: Rig, buddy: PrintingBuddy) -> None:
    review = open_template(rig.browser, make_template(rig)).press("preview", **ANSWERS)
    assert review.send().status == 200
    added = rig.row.action_id
    row = started(rig, added)
    rig.clock.forward(seconds=2)
    buddy.now("INPROGRESS", action={"id": added})
    buddy.log = [f"psql: {secret} is wrong" for secret in SECRETS.values()]
    assert texts(rig.parts.follower.look(row, added)) == [f"psql: {REDACTED} is wrong"] * len(SECRETS)
    assert added is not None
    assert "canary" not in "".join(rig.parts.downloads.begin(row, added))
