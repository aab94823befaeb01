"""Committing together what waits together: SQLite lets one write at a time, and a commit costs as much as what it ends.

Whoever finds nobody writing leads: begins a transaction and does its own part of it, and then, one after the other, the
parts of those who came meanwhile. Then it commits, once for all of them, and nobody is told before that something is
written. Where all of it is taken back, each writes alone, so that what fails takes nothing of others with it.
"""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock
from time import monotonic
from typing import Any, TypeVar, cast

from sqlalchemy import Engine
from sqlalchemy.engine import Connection

from webapp.store.failures import JournalUnavailable, translated
from webapp.store.locks import begin_writing, driver_of
from webapp.store.writers import Writers

Result = TypeVar("Result")

# In one transaction, whose end other processes wait for.
MOST = 8


@dataclass(eq=False)
class Part:
    """What somebody wants to write. Once that is `called`, it `leads`, or is `done`, with a `result` or an `error`.
    Else it is to be written alone."""

    body: Callable[[Connection], Any]
    called: Event = field(default_factory=Event)
    leads: bool = False
    done: bool = False
    result: Any = None
    error: Exception | None = None

    def write(self, connection: Connection) -> None:
        """Do it. Raises what ends it once something was changed, or taken back by SQLite itself, as at a full disk: all
        is to be taken back then. A savepoint for each part would be two more statements, and most that fail are refused
        before they change anything."""
        driver = driver_of(connection)
        before = driver.total_changes
        try:
            self.result = self.body(connection)
        except Exception as error:
            if driver.total_changes != before or not driver.in_transaction:
                raise
            self.error = error


class GroupCommit:
    """Transactions of an SQLite database, for which one needs the turn of `writers`. `check` raises
    `JournalUnavailable` where nothing may be written."""

    def __init__(self, engine: Engine, writers: Writers, check: Callable[[], None]) -> None:
        self._engine = engine
        self._writers = writers
        self._check = check
        # For what follows.
        self._changing = Lock()
        self._waiting: deque[Part] = deque()
        self._is_led = False

    @property
    def waiting(self) -> int:
        """How many wait for whoever leads."""
        return len(self._waiting)

    @contextmanager
    def transaction(self, end: float | None = None) -> Iterator[Connection]:
        """Write alone, when it is one's turn: before `end`, or else within the patience of `writers`.

        Raises `JournalUnavailable`.
        """
        with translated(), self._writers.turn(end):
            self._check()
            with self._engine.begin() as connection:
                begin_writing(connection)
                yield connection

    def write(self, body: Callable[[Connection], Result]) -> Result:
        """Do `body`, in this thread or another one, and once more when all was taken back; give its result once what it
        did is written. When it raises, nothing of that is.

        Raises `JournalUnavailable` when it can't be written, or when it takes too long until it may.
        """
        part, end = Part(body), monotonic() + self._writers.patience
        self._wait(part, end)
        if part.leads:
            self._lead(part, end)
        if not part.done:
            with self.transaction(end) as connection:
                return body(connection)
        if part.error is not None:
            raise part.error
        return cast(Result, part.result)

    def _wait(self, part: Part, end: float) -> None:
        """Wait until a part is done, or is the one to lead. Raises `JournalUnavailable`."""
        try:
            with self._changing:
                if not self._is_led:
                    self._is_led = part.leads = True
                    return
                self._waiting.append(part)
            in_time = part.called.wait(end - monotonic())
        except BaseException:
            # Whoever is interrupted must not be called to lead later, or nobody would.
            if not self._leaves(part) and part.leads:
                self._let_lead()
            raise
        if not in_time and self._leaves(part):
            raise JournalUnavailable("too many others wait to write")
        # If it was not in time, it is being done at this moment.
        part.called.wait()

    def _leaves(self, part: Part) -> bool:
        """Let a part wait no longer. False when it was taken already."""
        with self._changing:
            if part not in self._waiting:
                return False
            self._waiting.remove(part)
            return True

    def _lead(self, leader: Part, end: float) -> None:
        """Write a part, and with it those that wait. Raises what the first one raises, and `JournalUnavailable`."""
        parts = [leader]
        try:
            with self.transaction(end) as connection:
                leader.result = leader.body(connection)
                while len(parts) < MOST and (follower := self._next()):
                    parts.append(follower)
                    follower.write(connection)
            for part in parts:
                part.done = True
        except Exception:
            if len(parts) == 1:
                raise
        finally:
            self._let_lead()
            for follower in parts[1:]:
                follower.called.set()

    def _next(self) -> Part | None:
        with self._changing:
            return self._waiting.popleft() if self._waiting else None

    def _let_lead(self) -> None:
        """Call whoever leads from now on, if anybody waits."""
        with self._changing:
            self._is_led = bool(self._waiting)
            if self._waiting:
                part = self._waiting.popleft()
                part.leads = True
                part.called.set()
