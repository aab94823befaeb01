"""Looking up the names of hosts, within a time: the system's own way of asking knows no end."""

import socket
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from threading import BoundedSemaphore, Thread
from time import monotonic

# Gives all addresses of a host, none when it has none.
Resolve = Callable[[str, int], Sequence[str]]
AT_ONCE = 16


class LookUps:
    """Looks names up, so many at once. What is given up ends by itself, in a thread that keeps nobody waiting."""

    def __init__(self, resolve: Resolve | None = None, at_once: int = AT_ONCE) -> None:
        self._resolve = resolve or look_up
        self._turns = BoundedSemaphore(at_once)

    def find(self, name: str, port: int, seconds: float) -> Sequence[str]:
        """Look a name up; give its addresses, none when it has none. Raises `TimeoutError`."""
        end = monotonic() + seconds
        if not self._turns.acquire(timeout=max(seconds, 0)):
            raise TimeoutError
        found: Future[Sequence[str]] = Future()

        def work() -> None:
            try:
                found.set_result(self._resolve(name.strip("[]"), port))
            except Exception as error:
                found.set_exception(error)
            finally:
                self._turns.release()

        Thread(target=work, name="look-up", daemon=True).start()
        return found.result(max(end - monotonic(), 0))


def look_up(name: str, port: int) -> Sequence[str]:
    """Ask the system for all addresses of a host."""
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))
