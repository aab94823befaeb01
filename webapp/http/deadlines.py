"""Time limits that hold: one thread ends each call whose time is over, whatever the call is doing."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from math import inf
from threading import Condition, Thread
from time import monotonic


class Deadline:
    """The end of one call: when it comes, the call's socket is shut down, whatever the call is doing.

    The time-outs of `requests` only limit each single wait; a server that sends a byte now and then outlasts them.
    """

    def __init__(self, seconds: float) -> None:
        self.end = monotonic() + seconds
        self._socket: socket.socket | None = None
        self.over = False

    def watch(self, connected: socket.socket) -> None:
        """Take note of the socket that the call uses."""
        self._socket = connected
        if self.over:
            self.cut()

    def cut(self) -> None:
        """End the call."""
        self.over = True
        if self._socket is not None:
            with suppress(OSError):
                # Past SSLSocket's own method, which would switch the running read to plain text.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


class Watchdog:
    """One thread that cuts the calls whose deadline has come; it starts with the first call."""

    def __init__(self) -> None:
        self._deadlines: set[Deadline] = set()
        self._changed = Condition()
        self._thread: Thread | None = None
        self._next_look = inf
        self._closed = False

    @contextmanager
    def limit(self, seconds: float) -> Iterator[Deadline]:
        """Cut what runs under it after so many seconds."""
        deadline = Deadline(seconds)
        with self._changed:
            self._deadlines.add(deadline)
            if self._thread is None:
                self._thread = Thread(target=self._work, name="watchdog", daemon=True)
                self._thread.start()
            if deadline.end < self._next_look:
                self._changed.notify()
        try:
            yield deadline
        finally:
            with self._changed:
                self._deadlines.discard(deadline)

    def close(self) -> None:
        """End the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        with self._changed:
            while not self._closed:
                now = monotonic()
                for deadline in [each for each in self._deadlines if each.end <= now]:
                    self._deadlines.discard(deadline)
                    deadline.cut()
                self._next_look = min((each.end for each in self._deadlines), default=inf)
                self._changed.wait(None if self._next_look == inf else self._next_look - now)
