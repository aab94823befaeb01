"""Work that comes round by itself."""

from threading import Event

import pytest

from webapp.routine import Routine
from webapp.store.failures import JournalUnavailable


def test_it_comes_round_again_whatever_happened_and_ends_when_it_is_told_to(
    caplog: pytest.LogCaptureFixture,
) -> None:
    failures = [JournalUnavailable("locked"), JournalUnavailable("locked"), ValueError("odd"), None]
    done = Event()

    def task(stop: Event) -> None:
        assert not stop.is_set()
        failure = failures.pop(0) if failures else None
        if not failures:
            done.set()
        if failure is not None:
            raise failure

    routine = Routine("chore", task, 0.01)
    assert done.wait(30)
    routine.close()
    said = [record.getMessage() for record in caplog.records]
    assert said == ["The chore waits for the database: locked", "The chore failed"]
