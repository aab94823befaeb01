"""Work that comes round by itself, each kind in a thread of its own."""

import logging
from collections.abc import Callable
from threading import Event, Thread

from webapp.store.failures import JournalUnavailable

log = logging.getLogger(__name__)


class Routine:
    """A thread that does `task` at once and then again after each pause, until `close`.

    The task is given what tells it to stop early. While the database can't be used, the task is only tried again.
    """

    def __init__(self, name: str, task: Callable[[Event], object], pause_seconds: float) -> None:
        self._task = task
        self._pause_seconds = pause_seconds
        self._failing = False
        self._stop = Event()
        self._thread = Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread, once the step that it is at is done."""
        self._stop.set()
        self._thread.join()

    def _work(self) -> None:
        while True:
            try:
                self._task(self._stop)
                self._failing = False
            except JournalUnavailable as error:
                if not self._failing:
                    log.warning("The %s waits for the database: %s", self._thread.name, error)
                self._failing = True
            except Exception:
                # It must come round again, whatever it was.
                log.exception("The %s failed", self._thread.name)
            if self._stop.wait(self._pause_seconds):
                return
