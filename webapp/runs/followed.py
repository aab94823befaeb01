"""What is held of a run that is followed, and of the logs of its actions."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING

from webapp.buddy.executions import BEGINNING, ActionExecution, Execution, Status
from webapp.runs.ansi import read_line, text_of
from webapp.runs.masks import Masks
from webapp.runs.reading import LogReader
from webapp.runs.run_views import MOST_HELD, Line, RunView, Tail

if TYPE_CHECKING:
    from webapp.runs.failures import Cause

# Nobody has looked for so long: whoever comes then begins to follow anew.
PAUSE = timedelta(minutes=1)
# Logs of one run that are held: of too many, the one that nobody has looked at for longest is forgotten.
MOST_LOGS = 4
# After its end a log is read on in so many rounds at most, whatever Buddy says of its length.
LAST_ROUNDS = 20
NOT_BEGUN = frozenset({Status.INITIAL, Status.ENQUEUED})


@dataclass(eq=False)
class FollowedLog:
    """The log of the action with this `id`. Once it is `over` there is nothing more to read, and `cause` is known."""

    id: int
    due_at: datetime = BEGINNING
    over: bool = False
    masks: Masks | None = None
    action: ActionExecution | None = None
    lines: tuple[Line, ...] = ()
    total: int = 0
    cause: "Cause | None" = None
    _reader: LogReader | None = None
    _tail: Tail | None = None
    _read_of: str = ""
    _rounds: int = 0

    def begins(self, execution: Execution, open_log: Callable[[ActionExecution], LogReader]) -> bool:
        """Take over how far the action is; tells whether there can be a log. One that runs anew has another one."""
        found = execution.of_action(self.id)
        masks = self.masks or Masks(())
        self.action = found and replace(found, error_message=masked(masks, found.error_message))
        if found is None or execution.logs_removed or (found.status in NOT_BEGUN and not found.started_at):
            return False
        if self._reader is None or self._read_of != found.id:
            self._reader, self._tail, self._read_of = open_log(found), Tail(masks), found.id
        return True

    def read(self, most: int, may_go_on: Callable[[], bool]) -> bool:
        """Read what follows, `most` pages of it; tells whether that was all. Raises `BuddyError`, `Busy`."""
        reader, tail = self._reader, self._tail
        assert reader is not None and tail is not None
        try:
            for number in range(most):
                part = reader.read()
                tail.add(part.first, part.lines)
                # What would be thrown away again at once is not read.
                if part.goes_on and not number and (last := reader.skip_to_last(MOST_HELD)):
                    part = last
                    tail.add(part.first, part.lines)
                if not part.goes_on:
                    return True
                if not may_go_on():
                    return False
            return False
        finally:
            self.lines, self.total = tail.lines(), reader.next

    def end(self, ended: bool) -> None:
        """The run is over: so is its log where that was read to its end, or has none."""
        self._rounds += 1
        if ended or self._rounds >= LAST_ROUNDS:
            self.over, self.masks, self._reader, self._tail = True, None, None, None
            if self.action is not None:
                # Loaded here, since the table of failures takes a hundredth of the time of a start.
                from webapp.runs.failures import MOST_LINES, cause_of

                last = [line.text for line in self.lines[-MOST_LINES:]]
                self.cause = cause_of(last, self.action.status, self.action.error_message)


@dataclass(eq=False)
class Followed:
    """A run. Whoever has the `turn` asks Buddy; what is there may be read by anybody at any time.

    Once it is `over` it changes no more. `secrets` are those of its own variables.
    """

    turn: Lock = field(default_factory=Lock)
    due_at: datetime = BEGINNING
    over: bool = False
    secrets: tuple[str, ...] | None = field(default=None, repr=False)
    execution: Execution | None = None
    problem: str = ""
    began_at: datetime = BEGINNING
    _looked_at: datetime = BEGINNING
    _seen_at: datetime | None = None
    _logs: OrderedDict[int, FollowedLog] = field(default_factory=OrderedDict)

    @property
    def is_not_begun(self) -> bool:
        """Whether it is known to wait until it begins."""
        return self.execution is not None and self.execution.status in NOT_BEGUN

    def looked(self, now: datetime) -> None:
        """Somebody looks."""
        if abs(now - self._looked_at) > PAUSE:
            self.began_at = now
        self._looked_at = now

    def now_at(self, execution: Execution, now: datetime) -> None:
        """Take over how far it is."""
        masks = Masks(self.secrets or ())
        actions = tuple(replace(each, error_message=masked(masks, each.error_message)) for each in execution.actions)
        self.execution, self._seen_at = replace(execution, actions=actions), now

    def log_of(self, action: int) -> FollowedLog:
        """What is held of the log of one of its actions."""
        log = self._logs.setdefault(action, FollowedLog(action))
        self._logs.move_to_end(action)
        while len(self._logs) > MOST_LOGS:
            self._logs.popitem(last=False)
        return log

    def view(self, action: int | None, now: datetime) -> RunView:
        """What there is to be seen."""
        log = None if action is None else self._logs.get(action)
        final = self.over and (action is None or (log is not None and log.over))
        due_at = max(self.due_at, now) if log is None or self.over else max(min(self.due_at, log.due_at), now)
        seen = RunView(self.execution, seen_at=self._seen_at, problem=self.problem, final=final)
        if not final:
            seen = replace(seen, wait=max(round((due_at - now).total_seconds()), 1))
        if log is None:
            return seen
        return replace(seen, action=log.action, lines=log.lines, total=log.total, cause=log.cause)


def masked(masks: Masks, text: str) -> str:
    """A text of Buddy's without the secrets that are held."""
    return text_of(masks.hide(read_line(text)[0]))
