"""How far a run is, as whoever follows it has read it in Buddy, on its way into the journal."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from webapp.buddy.executions import FINAL, Execution
from webapp.store.events import SLIPWAY, NewEvent
from webapp.store.journal import Journal
from webapp.store.models import Submission
from webapp.store.reading import Clock
from webapp.submissions.scrub import scrub

# So often it is written down that a run still goes on as before.
NOTED_EACH = timedelta(minutes=1)


@dataclass(frozen=True)
class RunProgress:
    """Writes down how far runs are. That only goes forward: what has ended stays as it ended."""

    journal: Journal
    clock: Clock

    def seen(self, row: Submission, execution: Execution) -> None:
        """Write down what was just read of the run of a row; its end is put on record once, whoever reads it.

        With its end the secrets of the run are gone: who masks the rest of its log by them opens them before that.
        Raises `JournalUnavailable`.
        """
        now = self.clock()
        if execution.id != row.execution or not execution.status or is_noted(row, execution, now):
            return
        details = {"asks": row.kind, "action_id": row.target, "execution": execution.id}
        self.journal.note_run(
            row.id,
            execution.id,
            execution.status,
            FINAL,
            NewEvent(SLIPWAY, "ended", execution.status, details),
            **scrub({"answer": execution.raw}, self.journal.secrets([row.id]).values()),
        )


def is_going(row: Submission) -> bool:
    """Whether a submission has a run that goes on, as far as is known."""
    return row.execution is not None and row.run_status not in FINAL


def at_first(execution: Execution) -> dict[str, Any]:
    """What is written of a run when it is first known. Of its end it is nothing: `seen` puts that on record."""
    going = {} if execution.status in FINAL else {"run_status": execution.status or None}
    return {"execution": execution.id, "answer": execution.raw, **going}


def is_noted(row: Submission, execution: Execution, now: datetime) -> bool:
    """Whether a row, as it was read, tells this already."""
    same = row.run_status == execution.status
    return same and (row.run_status in FINAL or (row.run_at is not None and abs(now - row.run_at) < NOTED_EACH))
