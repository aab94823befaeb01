"""How a run stands, in the few words that its page goes by."""

from collections.abc import Mapping

from webapp.buddy.action_types import in_words as in_buddys_words
from webapp.buddy.executions import WAITING, Status
from webapp.context import parts
from webapp.runs.sights import Sight
from webapp.store.models import Submission
from webapp.submissions.states import State
from webapp.submissions.words import called, is_progress
from webapp.views.naming import here

QUEUED, RUNNING, STOPPING, WAITS, GOING = "queued", "running", "stopping", "waiting", "going"
PASSED, FAILED, STOPPED, LEFT_OUT = "passed", "failed", "stopped", "left out"
STANDINGS: Mapping[str, str] = {
    Status.INITIAL: QUEUED,
    Status.ENQUEUED: QUEUED,
    Status.INPROGRESS: RUNNING,
    Status.TERMINATING: STOPPING,
    **dict.fromkeys(WAITING, WAITS),
    Status.SUCCESSFUL: PASSED,
    Status.FAILED: FAILED,
    Status.TERMINATED: STOPPED,
    Status.SKIPPED: LEFT_OUT,
    Status.NOT_EXECUTED: LEFT_OUT,
}
ENDED = frozenset({PASSED, FAILED, STOPPED, LEFT_OUT})
TONES: Mapping[str, str] = {
    PASSED: "good",
    FAILED: "bad",
    **dict.fromkeys((STOPPED, LEFT_OUT, STOPPING, WAITS), "warning"),
    State.REJECTED: "bad",
    **dict.fromkeys((State.NOT_SENT, State.UNKNOWN, State.ABSENT), "warning"),
}
TITLES: Mapping[str, str] = {
    State.SENDING: "Starting {name}",
    State.REJECTED: "Buddy did not start {name}",
    State.NOT_SENT: "{name} was not started",
    State.UNKNOWN: "We do not know yet whether {name} was started",
    State.ABSENT: "{name} was not found among the runs",
    # Without a number, since another run here has the one that Buddy gave it.
    **dict.fromkeys((State.STARTED, State.FOUND), "{name} was started"),
    QUEUED: "{name} waits to run",
    RUNNING: "{name} is running",
    STOPPING: "{name} is being stopped",
    WAITS: "{name} waits for somebody",
    GOING: "{name} is still going",
    PASSED: "{name} passed",
    FAILED: "{name} failed",
    STOPPED: "{name} was stopped",
    LEFT_OUT: "{name} was left out",
}


def title_of(row: Submission, standing: str) -> str:
    """What the page is headed with."""
    where = " in the sandbox" if parts().sandbox and row.execution is not None else ""
    return here(TITLES[standing]).format(name=f"“{row.name}”") + where


def standing_of(row: Submission, sight: Sight) -> str:
    """How a run stands: what Buddy last said of it, in few words. One action that was run alone has the last word."""
    execution = sight.execution
    if execution is not None and sight.has_ended and row.target is not None and execution.actions:
        alone = execution.of_action(row.target)
        return STANDINGS.get(alone.status, STANDINGS[sight.status]) if alone else LEFT_OUT
    return STANDINGS.get(sight.status or row.run_status or Status.INITIAL, GOING)


def word_of(row: Submission) -> str:
    """How far Buddy says that a run is, in words."""
    status = row.run_status or ""
    return called(row.kind, status).words if is_progress(row.kind, status) else in_buddys_words(status)
