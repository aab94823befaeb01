"""Removing what has had its time, once an hour."""

import logging
from datetime import timedelta
from threading import Event, Thread

from sqlalchemy.exc import SQLAlchemyError

from webapp.store.journal import Journal

PAUSE_SECONDS = 3600

log = logging.getLogger(__name__)


class Housekeeper:
    """A thread that sweeps the journal at the start and once an hour, until `close`."""

    def __init__(self, journal: Journal, keep_days: int) -> None:
        self._journal = journal
        self._keep = timedelta(days=keep_days)
        self._stop = Event()
        self._thread = Thread(target=self._work, name="housekeeper", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._stop.set()
        self._thread.join()

    def _work(self) -> None:
        while True:
            try:
                self._journal.sweep(self._keep)
            except SQLAlchemyError:
                log.warning("The journal could not be swept; the next try is in an hour", exc_info=True)
            if self._stop.wait(PAUSE_SECONDS):
                return
