"""What came of filling in a form, for whoever pressed the button."""

from dataclasses import dataclass

from webapp.docker.secrets import holds_secret

LONGEST_SHOWN = 80


@dataclass(frozen=True)
class Note:
    """A thing and what is to be said of it. No secret is shown."""

    thing: str
    words: str = ""


@dataclass(frozen=True)
class Report:
    """What came of a paste: what was filled in, and what was not carried over or is to be known.

    `more` says how many notes of the latter are not shown, since they are too many.
    """

    filled: tuple[Note, ...] = ()
    left: tuple[Note, ...] = ()
    more: int = 0


def together(*reports: Report | None) -> Report | None:
    """What came of several things that were done one after the other; None when nothing was."""
    done = [report for report in reports if report]
    if not done:
        return None
    filled = tuple(note for report in done for note in report.filled)
    left = tuple(note for report in done for note in report.left)
    return Report(filled, left, sum(report.more for report in done))


def shortened(text: str) -> str:
    """A text as a list shows it: short, on one line, and not at all where it holds what looks like a secret."""
    if holds_secret(text):
        return "…"
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_SHOWN else f"{line[:LONGEST_SHOWN]}…"


def begun(text: str) -> str:
    """What a list shows of a text that may have several lines: the first one, and how many more there are, since joined
    they would read as one."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < 2 or holds_secret(text):
        return shortened(text)
    more = "1 more line" if len(lines) == 2 else f"{len(lines) - 1:,} more lines"
    return f"{shortened(lines[0])}, and {more}"
