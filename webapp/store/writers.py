"""The queue of those who write into an SQLite file, which lets one write at a time.

SQLite makes the others sleep, each time longer, and ask again: whoever comes anew is faster, and some give up.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from time import monotonic, sleep

from sqlalchemy import Engine

if sys.platform != "win32":
    import fcntl

from webapp.store.engines import busy_seconds
from webapp.store.failures import JournalUnavailable

# Each who writes waits for a lock at most as long as the database is told to; so many of them are waited for.
TURNS_WAITED_FOR = 4
# Between two tries for the turn of this process, in seconds: less than a write takes.
PAUSE = 0.0005


class Writers:
    """Lets one write at a time: of the threads of this process, and of the processes that write into the same file.

    `patience` is how many seconds one waits for one's turn.
    """

    def __init__(self, engine: Engine) -> None:
        self.patience = TURNS_WAITED_FOR * busy_seconds(engine.url)
        self._turn = Lock()
        self._processes = Processes(engine.url.database)

    @contextmanager
    def turn(self, end: float | None = None) -> Iterator[None]:
        """Wait for one's turn, but not behind a whole queue of those whom a lock keeps waiting, and have it. By `end`
        one has waited long enough, if that is not to be counted from now on.

        Raises `JournalUnavailable`.
        """
        end = monotonic() + self.patience if end is None else end
        if not self._turn.acquire(timeout=max(end - monotonic(), 0)):
            raise JournalUnavailable("too many others wait to write")
        try:
            with self._processes.turn(end):
                yield
        finally:
            self._turn.release()

    def close(self) -> None:
        """Leave the queue."""
        self._processes.close()


class Processes:
    """Lets one process at a time write, by a lock on the folder of the database: it ends with whoever holds it.

    It is there for the order alone: that no two write at once SQLite sees to. So nobody waits here where a system, or a
    file system, has no such locks.
    """

    def __init__(self, database: str | None) -> None:
        self._folder = None
        if sys.platform != "win32" and database:
            with suppress(OSError):
                self._folder = os.open(Path(database).resolve().parent, os.O_RDONLY)

    @contextmanager
    def turn(self, end: float) -> Iterator[None]:
        """Wait for the turn of this process until `end`, and have it. Raises `JournalUnavailable`."""
        while not self._take():
            if monotonic() >= end:
                raise JournalUnavailable(
                    "other processes write all the time, or hold a lock on the folder of the database"
                )
            sleep(PAUSE)
        try:
            yield
        finally:
            self._give_back()

    def close(self) -> None:
        """Forget the folder."""
        if self._folder is not None:
            os.close(self._folder)
            self._folder = None

    def _take(self) -> bool:
        """Whether it is the turn of this process now."""
        try:
            self._lock(held=True)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return True

    def _give_back(self) -> None:
        with suppress(OSError):
            self._lock(held=False)

    def _lock(self, held: bool) -> None:
        if sys.platform != "win32" and self._folder is not None:
            fcntl.flock(self._folder, fcntl.LOCK_EX | fcntl.LOCK_NB if held else fcntl.LOCK_UN)
