"""Who may have a password compared now: comparing is made to be slow, and must not keep the rest waiting."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock

# Of the hashes that are computed at once, 64 MiB each, and of those that wait for a turn and hold a thread meanwhile.
AT_ONCE = 2
WAITING = 4
PER_NAME = 3
PATIENCE_SECONDS = 5


class QueueFull(Exception):
    """Too many want a turn. Nothing was computed."""


class HashingQueue:
    """Turns to compute a hash, taken by `name`: a name has few places in the queue, and so leaves some to others."""

    def __init__(self) -> None:
        self._free = BoundedSemaphore(AT_ONCE)
        self._asking: Counter[str] = Counter()
        self._lock = Lock()

    @contextmanager
    def turn(self, name: str) -> Iterator[None]:
        """Wait for a turn and have it. Raises `QueueFull`."""
        with self._place(name):
            if not self._free.acquire(timeout=PATIENCE_SECONDS):
                raise QueueFull
            try:
                yield
            finally:
                self._free.release()

    @contextmanager
    def _place(self, name: str) -> Iterator[None]:
        """Have a place among those that compute or wait. Raises `QueueFull`."""
        with self._lock:
            if self._asking.total() >= AT_ONCE + WAITING or self._asking[name] >= PER_NAME:
                raise QueueFull
            self._asking[name] += 1
        try:
            yield
        finally:
            with self._lock:
                self._asking[name] -= 1
                # What is zero goes, so that names don't gather here.
                self._asking += Counter()
