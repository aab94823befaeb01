"""Where a submission stands, as pages and lists say it."""

from datetime import datetime

from webapp.context import parts
from webapp.store.models import Submission
from webapp.submissions.states import State, is_known
from webapp.submissions.words import GONE, as_it_runs


def state_of(row: Submission, now: datetime | None = None) -> str:
    """Where a submission stands: one whose sender has gone silent is unknown, unless a newer Slipway has sent it."""
    silent = row.state == State.SENDING and row.lease_until and row.lease_until < (now or parts().clock())
    return State.UNKNOWN if silent and is_known(row.kind, row.state) else row.state


def listed_state(row: Submission, now: datetime | None = None) -> str:
    """The same for lists, which also tell of an addition whose action was deleted since, and how far a run is."""
    if row.gone:
        return GONE
    return as_it_runs(row.run_status) if row.run_status else state_of(row, now)
