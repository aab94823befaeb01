"""Counting, and the memory that several processes share."""

import json
import os
from multiprocessing import get_context

import pytest

from webapp.figures.board import ROOM, Board
from webapp.figures.counters import outcome, pattern
from webapp.figures.counting import MOST_SERIES, Figures
from webapp.figures.families import CALL_SECONDS, LOOKS, REQUESTS, THREADS, WAITING

WRITES = 300


def test_however_many_labels_there_are_a_family_stays_small() -> None:
    figures = Figures()
    for number in range(2 * MOST_SERIES):
        figures.count(REQUESTS, "GET", f"/{number}", "200")
    counted, _ = figures.all()
    assert len(counted) == MOST_SERIES + 1
    assert counted[REQUESTS.name, ("other", "other", "other")] == [MOST_SERIES]


def test_what_took_as_long_as_a_bound_is_within_it_and_what_took_longer_than_all_counts_too() -> None:
    figures = Figures()
    for seconds in (0.0, 0.01, 60.0, 61.0):
        figures.time(CALL_SECONDS, seconds, "GET /")
    ((values,), _) = figures.all()[0].values(), None
    assert (values[0], values[-3], values[-2], values[-1]) == (2, 1, 1, pytest.approx(121.01))


def test_processes_are_summed_and_one_that_takes_the_place_of_another_goes_on_from_its_figures() -> None:
    board = Board(3)
    first, second = Figures(0, board), Figures(1, board)
    for figures, times in ((first, 2), (second, 3)):
        figures.show(WAITING, lambda: 4)
        for _ in range(times):
            figures.count(LOOKS, "addition", "found")
        figures.publish()
    instead = Figures(1, board)
    instead.count(LOOKS, "addition", "found")
    instead.time(CALL_SECONDS, 1, "GET /")
    counted, now = instead.all()
    assert counted[LOOKS.name, ("addition", "found")] == [6]
    assert sum(counted[CALL_SECONDS.name, ("GET /",)][:-1]) == 1
    assert (now[WAITING.name], now["slipway_processes"]) == (4, 2)


def test_what_is_shown_from_now_on_disturbs_nobody_who_reads() -> None:
    figures = Figures()

    def waiting() -> float:
        figures.show(THREADS, lambda: 2)
        return 4

    figures.show(WAITING, waiting)
    assert figures.all()[1][WAITING.name] == 4
    assert figures.all()[1][THREADS.name] == 2


def write_again_and_again(board: Board) -> None:
    for number in range(WRITES):
        board.write(0, json.dumps([number] * (1 + number * 37 % 1000)).encode())


def test_a_text_that_another_process_is_writing_is_read_whole_or_as_it_was() -> None:
    board = Board(1)
    assert board.read(0) == b""
    writer = get_context("fork").Process(target=write_again_and_again, args=(board,))
    writer.start()
    while writer.exitcode is None:
        text = board.read(0)
        if text:
            numbers = json.loads(text)
            assert set(numbers) == {numbers[0]} and len(numbers) == 1 + numbers[0] * 37 % 1000
    assert json.loads(board.read(0))[0] == WRITES - 1


def test_a_text_of_a_process_that_was_killed_while_it_wrote_is_as_it_was_before() -> None:
    board = Board(2)
    board.write(1, b"one")
    board.write(1, b"two")

    def die_half_way() -> None:
        half = 1 - board._memory[board._begin(1)]
        at = board._begin(1) + 1 + half * ROOM
        board._memory[at : at + 4] = b"four"
        os._exit(0)

    writer = get_context("fork").Process(target=die_half_way)
    writer.start()
    writer.join()
    assert (board.read(1), board.read(0)) == (b"two", b"")


def test_a_text_that_has_no_room_is_refused_and_the_one_before_stays() -> None:
    board = Board(1)
    board.write(0, b"one")
    with pytest.raises(ValueError, match="has no room"):
        board.write(0, b"x" * ROOM)
    assert board.read(0) == b"one"


PATHS = {
    "/user/token": "/user/*",
    "/workspaces": "/workspaces",
    "/workspaces/acme/projects": "/workspaces/*/projects",
    "/workspaces/projects/projects/actions/pipelines/7": "/workspaces/*/projects/*/pipelines/*",
    "/workspaces/a/projects/b/pipelines/1/executions/2/action_executions/x1/logs": (
        "/workspaces/*/projects/*/pipelines/*/executions/*/action_executions/*/logs"
    ),
}


@pytest.mark.parametrize(("path", "told"), PATHS.items())
def test_a_call_is_told_by_the_words_of_its_address_alone(path: str, told: str) -> None:
    assert pattern(path) == told


@pytest.mark.parametrize(
    ("status", "told"), [(None, "none"), (201, "2xx"), (404, "4xx"), (429, "429"), (503, "5xx"), (999, "other")]
)
def test_whatever_comes_back_has_one_of_few_names(status: int | None, told: str) -> None:
    assert outcome(status) == told
