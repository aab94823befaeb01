"""What the end of a run means: the failing logs name their box, and nothing is made of the good ones."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from webapp.buddy.container import SETTINGS
from webapp.runs.failures import MOST_LINES, cause_of
from webapp.runs.signs import SIGNS

EXAMPLES = Path(__file__).parent.parent / "examples"
TWELVE = {
    *("image", "denied", "user", "command", "permission", "no file"),
    *("exit", "timeout", "memory", "volume", "disk", "entrypoint"),
}


def logs_in(name: str) -> list[tuple[list[str], list[str]]]:
    """The logs of a file: what stands in the heading of each, and its lines."""
    parts = re.split(r"^=== (.*)\n", (EXAMPLES / name).read_text(), flags=re.MULTILINE)[1:]
    return [(heading.split(" | "), text.splitlines()) for heading, text in zip(parts[::2], parts[1::2], strict=True)]


FAILING, GOOD = logs_in("failing_logs.txt"), logs_in("good_logs.txt")


@pytest.mark.parametrize(("heading", "lines"), FAILING, ids=[heading[0] for heading, _ in FAILING])
def test_a_failing_log_leads_to_the_box_to_change(heading: list[str], lines: list[str]) -> None:
    cause = cause_of(lines, "FAILED")
    assert cause is not None
    _, key, box, words = heading
    assert (cause.key, cause.box) == (key, box), cause
    assert words in cause.sentence
    assert cause.line in [line.strip() for line in lines]


def test_there_are_two_dozen_of_each_and_all_twelve_failures() -> None:
    assert min(len(FAILING), len(GOOD)) >= 24
    assert {heading[1] for heading, _ in FAILING} == TWELVE
    assert {sign.advice.key for sign in SIGNS} == TWELVE - {"exit"}
    assert {sign.advice.box for sign in SIGNS} <= SETTINGS.keys()


@pytest.mark.parametrize(("heading", "lines"), GOOD, ids=[heading[0] for heading, _ in GOOD])
def test_nothing_is_made_of_a_good_log(heading: list[str], lines: list[str]) -> None:
    assert cause_of(lines, "SUCCESSFUL") is None
    # The same before a command that fails without a word: none of these lines is taken for the reason.
    cause = cause_of([*lines, "Action failed with exit code 3"], "FAILED")
    assert cause is not None
    assert (cause.key, cause.exit_code) == ("exit", 3), cause


def test_what_is_not_recognised_says_the_exit_code_and_the_last_line() -> None:
    cause = cause_of(["Checking", "The licence is too old", "Build finished unsuccessfully!"], "FAILED", "exit code 42")
    assert cause is not None
    assert cause.sentence == "The commands ended with exit code 42: the last lines say why. Correct the commands."
    assert (cause.line, cause.box) == ("The licence is too old", "inline_commands")


@pytest.mark.parametrize(
    ("code", "key"), [(124, "timeout"), (126, "permission"), (127, "command"), (137, "memory"), (1, "exit")]
)
def test_an_exit_code_alone_can_tell(code: int, key: str) -> None:
    cause = cause_of(["Working", f"Action failed with exit code {code}"], "FAILED")
    assert cause is not None
    assert cause.key == key


def test_what_buddy_says_of_the_action_counts_too() -> None:
    said = "Action has been terminated: it exceeded its timeout of 60 seconds"
    cause = cause_of([], "FAILED", said)
    assert cause is not None
    assert (cause.key, cause.line) == ("timeout", said)


def test_a_sentence_names_what_the_line_names() -> None:
    cause = cause_of(["sh: 1: pytest: not found"], "FAILED")
    assert cause is not None
    assert (
        cause.sentence
        == "The image has no “pytest”: check how it is spelled, install it in the commands, or choose another image."
    )


def test_what_did_no_harm_long_before_is_not_the_reason() -> None:
    log = ["rm: cannot remove 'c': No such file or directory", "sh: 1: jq: not found", *["working"] * 40, "exit code 9"]
    cause = cause_of(log, "FAILED")
    assert cause is not None
    assert cause.key == "exit"


def test_a_run_that_was_stopped_has_not_failed() -> None:
    assert cause_of(["Killed"], "TERMINATED") is None


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text() | st.sampled_from([sign.word for sign in SIGNS]), max_size=30), st.text(max_size=50))
@example(["'" * 2000 + ": Permission denied"] * MOST_LINES, "")
@example(['"a' * 1000 + " executable file not found"] * MOST_LINES, "")
@example(["a/" * 1000 + ": not found"] * MOST_LINES, "exit code ")
def test_any_log_has_a_short_cause(lines: list[str], said: str) -> None:
    cause = cause_of(lines, "FAILED", said)
    assert cause is not None
    assert cause.key in TWELVE
    assert len(cause.sentence) < 400
    assert len(cause.line) <= 500
