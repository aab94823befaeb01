"""The phase that a run is in, in the few words that its page goes by."""

from collections.abc import Mapping

from webapp.buddy.action_types import in_words as in_buddys_words
from webapp.buddy.executions import FINAL, WAITING, Execution, Status
from webapp.context import parts
from webapp.forms.messages import brief
from webapp.runs.run_views import RunView
from webapp.store.models import Submission
from webapp.submissions.states import State
from webapp.submissions.stopping import is_being_stopped
from webapp.submissions.words import called, is_progress
from webapp.views.naming import here

QUEUED, RUNNING, STOPPING, WAITS, GOING = "queued", "running", "stopping", "waiting", "going"
PASSED, FAILED, STOPPED, LEFT_OUT = "passed", "failed", "stopped", "left out"
PHASES: Mapping[str, str] = {
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
# What keeps an action from being run that would have been: it was not left out by itself.
BROKEN_OFF = frozenset({Status.FAILED, Status.TERMINATED})
UNRUN = frozenset({Status.SKIPPED, Status.NOT_EXECUTED})
NOT_BEGUN = frozenset({Status.INITIAL, Status.ENQUEUED, *UNRUN})
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


def title_of(row: Submission, phase: str) -> str:
    """What the page is headed with."""
    where = " in the sandbox" if parts().sandbox and row.execution is not None else ""
    return here(TITLES[phase]).format(name=f"“{brief(row.name)}”") + where


def status_of(row: Submission, run_view: RunView) -> str:
    """Buddy's word for how a run stands. Of one action that was run alone its own has the last word, unless the run
    came to another end before it had begun."""
    said = run_view.status or row.run_status or Status.INITIAL
    if said not in FINAL:
        return Status.TERMINATING if is_being_stopped(row, parts().clock()) else said
    if row.target is None or run_view.execution is None or not run_view.execution.actions:
        return said
    alone = run_view.execution.of_action(row.target)
    own = alone.status if alone else Status.NOT_EXECUTED
    return said if own not in FINAL or (said in BROKEN_OFF and own in UNRUN) else own


def phase_of(row: Submission, run_view: RunView) -> str:
    """The phase that a run is in."""
    return PHASES.get(status_of(row, run_view), GOING)


def has_begun(row: Submission, execution: Execution | None) -> bool:
    """Whether a run, or the one action that it is of, has ever begun, as far as is known."""
    if execution is None or row.target is None:
        return execution is None or execution.started_at is not None
    alone = execution.of_action(row.target)
    return alone is not None and (alone.started_at is not None or alone.status not in NOT_BEGUN)


def word_of(row: Submission, status: str) -> str:
    """What Buddy's word for how a run stands says."""
    return called(row.kind, status).words if is_progress(row.kind, status) else in_buddys_words(status)
