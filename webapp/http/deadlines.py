"""Time limits that hold: one thread ends each call whose time is over, whatever the call is doing."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from math import inf
from threading import Condition, Lock, Thread
from time import monotonic
from typing import Protocol


class Connected(Protocol):
    """A socket, or TLS within TLS over one, which is none."""

    def fileno(self) -> int:
        """What the system knows it by."""
        ...


class Deadline:
    """The end of one call: when it comes, the call's socket is shut down, whatever the call is doing.

    The time-outs of `requests` only limit each single wait; a server that sends a byte now and then outlasts them.
    """

    def __init__(self, seconds: float) -> None:
        self.end = monotonic() + seconds
        # Its own, since TLS takes away the one that it begins on.
        self._socket: socket.socket | None = None
        self._changing = Lock()
        self.over = False

    def watch(self, connected: Connected) -> None:
        """Take note of the socket that the call uses, as soon as there is one."""
        # Of a shutdown the system asks neither family nor kind.
        own = socket.fromfd(connected.fileno(), socket.AF_INET, socket.SOCK_STREAM)
        self.forget()
        with self._changing:
            self._socket = own
            self._shut_when_over()

    def forget(self) -> None:
        """Let go of the socket: the call is done with it."""
        with self._changing:
            if self._socket is not None:
                self._socket.close()
                self._socket = None

    def cut(self) -> None:
        """End the call."""
        with self._changing:
            self.over = True
            self._shut_when_over()

    def _shut_when_over(self) -> None:
        if self.over and self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


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
            deadline.forget()

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
