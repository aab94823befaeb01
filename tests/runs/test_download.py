"""A whole log as a file: every line of it, read page after page, one log at a time."""

from hashlib import sha256

import pytest
from support.printing import OF_ACTION, WHOLE, PrintingBuddy
from support.rigs import Rig
from support.running import ACTION, PLAIN, SECRET, started

from webapp.buddy.secrecy import REDACTED
from webapp.http.errors import NotFound, RateLimited
from webapp.runs.download import MORE, MOST_LINES, NOTHING, DownloadRunning, Text
from webapp.store.models import Submission


def download(rig: Rig, row: Submission) -> Text:
    return rig.parts.downloads.begin(row, ACTION)


def test_all_of_fifty_thousand_lines_are_in_it(rig: Rig, row: Submission, buddy: PrintingBuddy) -> None:
    buddy.log = [f"\x1b[32mline {number}\x1b[0m" for number in range(50_000)]
    read = sha256()
    for piece in download(rig, row):
        assert piece.count("\n") <= 1000
        read.update(piece.encode())
    assert read.digest() == sha256("".join(f"line {number}\n" for number in range(50_000)).encode()).digest()
    assert buddy.rounds == (1, 51)


def test_the_secrets_that_are_held_are_masked(rig: Rig, buddy: PrintingBuddy) -> None:
    row = started(rig, variables=(SECRET, PLAIN))
    buddy.now("INPROGRESS")
    buddy.log = [f"a {SECRET.value}", f"\x1b[31m{PLAIN.value[:5]}\x1b[32m{PLAIN.value[5:]}", "x" * 1990 + SECRET.value]
    text = "".join(download(rig, row))
    assert text == f"a {REDACTED}\n{REDACTED}\n{'x' * 1990}{REDACTED}\n"


def test_one_log_is_downloaded_at_a_time(rig: Rig, row: Submission, buddy: PrintingBuddy) -> None:
    buddy.log = [f"line {number}" for number in range(3000)]
    first = download(rig, row)
    next(first)
    with pytest.raises(DownloadRunning):
        download(rig, row)
    first.close()
    second = download(rig, row)
    with pytest.raises(DownloadRunning):
        download(rig, row)
    assert "".join(second).count("\n") == 3000
    # Nobody reads this one: it is a browser that asks for the head of the page alone.
    download(rig, row)
    assert "".join(download(rig, row)).count("\n") == 3000


def test_what_goes_wrong_at_first_is_told_before_the_file_begins(
    rig: Rig, row: Submission, buddy: PrintingBuddy
) -> None:
    buddy.limited, buddy.headers = 60, {"Retry-After": "60"}
    with pytest.raises(RateLimited):
        download(rig, row)
    buddy.limited, buddy.headers = None, {}
    runs, buddy.runs = buddy.runs, []
    with pytest.raises(NotFound):
        download(rig, row)
    buddy.runs, buddy.log = runs, ["one"]
    assert "".join(download(rig, row)) == "one\n"


def test_what_goes_wrong_later_is_said_at_its_end(rig: Rig, row: Submission, buddy: PrintingBuddy) -> None:
    buddy.log = [f"line {number}" for number in range(1500)]
    text = download(rig, row)
    first = next(text)
    buddy.limited, buddy.headers = 60, {"Retry-After": "60"}
    rest = "".join(text)
    assert first.endswith("line 999\n")
    assert rest.startswith("[Slipway: the log ends here, and may go on. Buddy asks to wait 1 minute.")


def test_a_log_without_an_end_ends(rig: Rig, row: Submission, buddy: PrintingBuddy) -> None:
    buddy.page = lambda offset: {"offset": offset, "total_element_count": 10**9, "logs": ["again"] * 1000}
    *pieces, last = download(rig, row)
    assert last == MORE
    assert sum(piece.count("\n") for piece in pieces) == MOST_LINES


def test_an_action_that_was_left_out_has_none(rig: Rig, row: Submission, buddy: PrintingBuddy) -> None:
    buddy.go_on(buddy.runs[-1]["id"], action_executions=[])
    assert "".join(download(rig, row)) == NOTHING
    buddy.now("FAILED")
    buddy.addresses = []
    assert "".join(download(rig, row)) == NOTHING


@pytest.mark.parametrize("address", [WHOLE, OF_ACTION])
def test_the_older_addresses_are_tried(rig: Rig, row: Submission, buddy: PrintingBuddy, address: str) -> None:
    buddy.addresses, buddy.log = [address], ["one", "two"]
    assert "".join(download(rig, row)) == "one\ntwo\n"
