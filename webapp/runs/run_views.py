"""What whoever watches a run gets to see of it, and the lines of a log that are held for that."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from webapp.buddy.executions import LONGEST_LINE, ActionExecution, Execution
from webapp.runs.ansi import PLAIN, Span, read_line, text_of
from webapp.runs.masks import Masks

if TYPE_CHECKING:
    from webapp.runs.failures import Cause

# Of one log that is followed so much is held: its last lines.
MOST_HELD = 2000
# In characters, where a span and a line count as some, too: so that no log makes a page that nobody can scroll.
MOST_WEIGHT = 400_000
SPAN_WEIGHT, LINE_WEIGHT = 60, 40


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a log, counted from 1, without what is not to be seen."""

    number: int
    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        """The line without its colours."""
        return text_of(self.spans)

    @property
    def weight(self) -> int:
        """What it takes to hold and to show it."""
        return LINE_WEIGHT + sum(SPAN_WEIGHT + len(span.text) for span in self.spans)


@dataclass(frozen=True)
class RunView:
    """A run as it was last seen, at `seen_at`; None where nobody has seen it by now. `problem` says why not lately.

    `action` is what became of the action that was asked about, if the run has it, and `lines` are the last of its log,
    which had `total` lines. Once it is `final` nothing changes any more; then `cause` says why the action has failed.
    `wait` is after how many seconds there may be something new.
    """

    execution: Execution | None = None
    action: ActionExecution | None = None
    lines: tuple[Line, ...] = ()
    total: int = 0
    seen_at: datetime | None = None
    problem: str = ""
    final: bool = False
    cause: "Cause | None" = None
    wait: int = 0

    @property
    def status(self) -> str:
        """How far the run is, in Buddy's word; empty where that is not known."""
        return self.execution.status if self.execution else ""

    @property
    def progress(self) -> int | None:
        """How far the action is, in percent."""
        return self.action.progress if self.action else None

    @property
    def logs_removed(self) -> bool:
        """Whether Buddy has thrown the log away."""
        return self.execution is not None and self.execution.logs_removed

    def after(self, number: int) -> tuple[Line, ...]:
        """The lines behind the one with this number."""
        return tuple(line for line in self.lines if line.number > number)


class Tail:
    """The last lines of a log, at most 2,000, with its secrets masked."""

    def __init__(self, masks: Masks) -> None:
        self._masks = masks
        self._lines: deque[Line] = deque()
        self._weight = 0
        self._style = PLAIN

    def add(self, first: int, lines: Iterable[str]) -> None:
        """Put lines behind those that are there; the first is the one with this number, counted from 0."""
        for number, raw in enumerate(lines, first + 1):
            spans, self._style = read_line(raw, self._style)
            line = Line(number, self._masks.hide(spans, cut=len(raw) >= LONGEST_LINE))
            self._lines.append(line)
            self._weight += line.weight
            while len(self._lines) > MOST_HELD or self._weight > MOST_WEIGHT:
                self._weight -= self._lines.popleft().weight

    def lines(self) -> tuple[Line, ...]:
        """Those that are held, in order."""
        return tuple(self._lines)
