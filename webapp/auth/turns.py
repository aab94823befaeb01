"""Who may have a password compared now: comparing is made to be slow, and must not keep the rest waiting."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock

# Of the hashes that are computed at once (64 MiB each), and of the strangers that wait for a turn.
AT_ONCE = 2
IN_ALL = 10
PER_NAME = 3
PATIENCE_SECONDS = 5


class NoTurn(Exception):
    """Too many want a turn. Nothing was computed."""


class Turns:
    """Turns for strangers, apart from those for whom Slipway knows: these find theirs free, whatever strangers do."""

    def __init__(self) -> None:
        self._strangers = BoundedSemaphore(AT_ONCE)
        self._known = BoundedSemaphore(AT_ONCE)
        self._asking: Counter[str] = Counter()
        self._lock = Lock()

    @contextmanager
    def of_known(self) -> Iterator[None]:
        """Wait for a turn and have it. Raises `NoTurn`."""
        with turn(self._known):
            yield

    @contextmanager
    def of_stranger(self, name: str) -> Iterator[None]:
        """The same for somebody who says to be `name`: a name has few places in the queue, and so leaves some free."""
        with self._lock:
            if self._asking.total() >= IN_ALL or self._asking[name] >= PER_NAME:
                raise NoTurn
            self._asking[name] += 1
        try:
            with turn(self._strangers):
                yield
        finally:
            with self._lock:
                self._asking[name] -= 1
                if not self._asking[name]:
                    del self._asking[name]


@contextmanager
def turn(free: BoundedSemaphore) -> Iterator[None]:
    """Hold one of so many turns. Raises `NoTurn` when none gets free in time."""
    if not free.acquire(timeout=PATIENCE_SECONDS):
        raise NoTurn
    try:
        yield
    finally:
        free.release()
