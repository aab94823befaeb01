"""The page of a run: how it stands, what that means, and what can be done now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.auth.people import Role
from webapp.buddy.container import TYPE
from webapp.buddy.executions import FINAL, ActionExecution, Execution, Status
from webapp.buddy.links import safe_link
from webapp.buddy.snapshot import Snapshot
from webapp.context import may, parts, person
from webapp.forms.runs import is_chosen, revision_in_words
from webapp.http.waits import in_words
from webapp.runs.run_views import RunView
from webapp.store.models import Submission
from webapp.submissions.places import place_of
from webapp.submissions.states import OPEN, State
from webapp.submissions.stopping import may_be_stopped
from webapp.submissions.words import as_it_runs
from webapp.views.answers.changing import answered
from webapp.views.history import last_run, sent_by, since
from webapp.views.receipts import links
from webapp.views.runs.phases import (
    ENDED,
    FAILED,
    GOING,
    QUEUED,
    RUNNING,
    TONES,
    WAITS,
    has_begun,
    phase_of,
    status_of,
    title_of,
    word_of,
)
from webapp.views.runs.rights import may_read_log, may_run_whole, may_stop, may_try
from webapp.views.states import listed_state, state_of

# What people call the boxes in which a cause is mended.
BOXES: Mapping[str, str] = {
    "docker_image_name": "the image",
    "docker_image_tag": "the tag",
    "inline_commands": "the commands",
    "login": "the user name and password",
    "run_as_user": "the user",
    "entrypoint": "the entrypoint",
    "volume_mappings": "the volume mappings",
    "timeout": "the time limit",
}
IT = "it"


@dataclass(frozen=True)
class Change:
    """Where what has made a run fail is changed, and what of the action that is."""

    address: str
    words: str


def show_run(row: Submission, status: int = 200, problem: str = "") -> Response:
    """The page of a run; `problem` is why what was asked of it could not be done."""
    told = run_values(row)
    html = render_template("submissions/run.html", problem=problem, **told)
    return make_response(html, status)


def show_news(row: Submission, after: int, of: str) -> Response:
    """How a run stands now and the lines that come after so many in a log, for the script of its page: all lines, where
    it is another log by now."""
    told = run_values(row)
    seen = after if told["log_of"] == of else 0
    return make_response(render_template("runs/log.html", after=seen, **told))


def run_values(row: Submission) -> Mapping[str, Any]:
    """What the page and what is new of it tell of how a run stands, after asking Buddy where that is due."""
    chosen, run_view = look(row)
    # What was read just now is written down by whoever read it.
    row = (run_view and parts().journal.find(row.id)) or row
    run_view = run_view and newest(row, run_view)
    state = State(state_of(row))
    phase = phase_of(row, run_view) if run_view else str(state)
    failed = failed_in(row, run_view)
    became, events = since(row, failed.action_id if failed else None), parts().journal.events(row.id)
    execution = execution_of(row, run_view)
    gone = became["deletion"] is not None
    later, ways = run_after(row), ways_of(row, phase, gone)
    # What was changed or has run since need not be what has failed.
    mended = gone or became["changed"] or later
    actions = execution.actions if execution and row.target is None else ()
    change = change_of(row, run_view) if phase == FAILED and not mended else None
    return {
        "row": row,
        "place": place_of(row),
        "shown_state": state,
        "phase": phase,
        "title": title_of(row, phase),
        "tone": TONES.get(phase, "note"),
        "mark": mark_of_page(row, phase, run_view, ways, execution),
        "run_view": run_view,
        "following": run_view is not None and may_change(row, run_view),
        "may_read_log": may_read_log(row),
        "actions": actions,
        "actions_done": sum(action.status in FINAL for action in actions),
        "chosen": None if row.target is not None else chosen,
        "asked_for": None if row.target is not None else request.args.get("action", None, type=int),
        "watched": run_view.action if run_view else None,
        "log_of": log_of(run_view.action) if run_view and run_view.action else "",
        "failed": failed,
        "later": later,
        "run_word": word_of(row, status_of(row, run_view)) if run_view else "",
        "status_now": as_it_runs(status_of(row, run_view)) if run_view else listed_state(row),
        "begun": has_begun(row, execution),
        "began_at": execution.started_at if execution else None,
        "took": duration(execution),
        # It names a line of the log.
        "cause": run_view.cause if run_view and phase == FAILED and may_read_log(row) else None,
        "change": change,
        "refused": refused_of(row) if state == State.REJECTED else "",
        "ways": ways,
        "open": state in OPEN,
        "own": row.owner == person().id and may(Role.CONTRIBUTOR),
        "revision": revision_in_words(row.typed),
        "comment": row.typed.get("comment", ""),
        "execution_link": safe_link(execution.html_url, parts().link_base) if execution else None,
        "events": events,
        "sent_by": sent_by(events),
        **became,
        **links(None, Snapshot.from_json(row.snapshot)),
    }


def look(row: Submission) -> tuple[int | None, RunView | None]:
    """Look at a run, and at the log of the action that is shown: what that is may have changed by now."""
    if row.execution is None:
        return None, None
    chosen = action_shown(row, execution_of(row))
    run_view = parts().follower.look(row, chosen)
    now = action_shown(row, execution_of(row, run_view))
    return (chosen, run_view) if now == chosen else (now, parts().follower.look(row, now))


def newest(row: Submission, run_view: RunView) -> RunView:
    """A run as it was last read: whoever has stopped it, or another process, may have read it since then."""
    if row.run_at is None or row.answer is None or (run_view.seen_at is not None and run_view.seen_at >= row.run_at):
        return run_view
    return replace(run_view, execution=Execution.from_json(row.answer), seen_at=row.run_at)


def execution_of(row: Submission, run_view: RunView | None = None) -> Execution | None:
    """A run as it was last read, or as the journal has it."""
    if run_view is not None and run_view.execution is not None:
        return run_view.execution
    return Execution.from_json(row.answer) if row.answer else None


def action_shown(row: Submission, execution: Execution | None) -> int | None:
    """The action whose log is shown: that which was run alone; of a whole pipeline the one that is asked for, else the
    one that says most about how the run stands."""
    if row.target is not None or execution is None:
        return row.target
    actions = execution.actions
    asked = request.args.get("action", 0, type=int)
    begun = [item for item in actions if item.started_at is not None]
    failed = (item for item in actions if item.status == Status.FAILED)
    found = next((item for item in actions if item.action_id == asked), None) or next(failed, None)
    found = found or (begun[-1] if begun else None)
    return found.action_id if found else None


def log_of(action: ActionExecution) -> str:
    """Tell the log of an action from those of others, and from that of the same one before it ran anew."""
    return action.id or str(action.action_id)


def run_after(row: Submission) -> Submission | None:
    """The last run of the same, where it was asked for after this one."""
    last = last_run(place_of(row), row.target)
    return last if last is not None and row.sent_at and last.sent_at and last.sent_at > row.sent_at else None


def refused_of(row: Submission) -> str:
    """Which choice Buddy names as it refuses a run: the branch or the tag; an empty text where it names none."""
    chosen = row.typed.get("revision", "")
    name = row.typed.get(chosen, "") if is_chosen(row.typed) else ""
    return chosen if name and any(name in message for message in row.messages or ()) else ""


def may_change(row: Submission, run_view: RunView) -> bool:
    """Whether there may be something new of a run by itself: not of one that has ended while Buddy can't be read."""
    return not run_view.final and not (run_view.problem and row.run_status in FINAL)


def duration(execution: Execution | None) -> str:
    """How long a run took that has ended, in words; an empty text where that is not told."""
    if execution is None or execution.started_at is None or execution.finished_at is None:
        return ""
    return in_words(max(round((execution.finished_at - execution.started_at).total_seconds()), 1))


def ways_of(row: Submission, phase: str, gone: bool) -> frozenset[str]:
    """What who asks can do now: `stop` it, or run it `again`."""
    allowed = may_run_whole() if row.target is None else not gone and may_try(place_of(row), row.target)
    over = phase in (*ENDED, State.REJECTED, State.NOT_SENT, State.ABSENT, State.STARTED, State.FOUND)
    stops = phase in (QUEUED, RUNNING, WAITS, GOING) and may_be_stopped(row, parts().clock()) and may_stop(row)
    return frozenset((["stop"] if stops else []) + (["again"] if over and allowed else []))


def change_of(row: Submission, run_view: RunView | None) -> Change | None:
    """Where who asks can change the action that has failed, with the box in focus that has to do with that: editors the
    whole of it, contributors their answers; None where they can't."""
    place, id = place_of(row), row.target or changeable(failed_in(row, run_view))
    if id is None:
        return None
    box = run_view.cause.box if run_view and run_view.cause else ""
    if may(Role.EDITOR):
        return Change(url_for("changes.new", place=place, id=id, at=box or None), BOXES.get(box, IT))
    found = answered(place, id)
    if found is None:
        return None
    return Change(url_for("changes.new", place=place, id=id, template=found.source.id, at=box or None), "the answers")


def failed_in(row: Submission, run_view: RunView | None) -> ActionExecution | None:
    """The action of a whole pipeline that has failed and whose log is shown; None without one."""
    watched = run_view.action if run_view and row.target is None else None
    return watched if watched and watched.status == Status.FAILED else None


def changeable(failed: ActionExecution | None) -> int | None:
    """The number of an action of the kind that Slipway changes; None for any other."""
    return failed.action_id if failed and failed.type == TYPE else None


def mark_of_page(
    row: Submission, phase: str, run_view: RunView | None, ways: frozenset[str], execution: Execution | None
) -> str:
    """Tell one state of the page from another, so that script draws it anew only when it has changed."""
    seen = (run_view.progress, bool(run_view.problem), run_view.final) if run_view else ()
    steps = [item.status for item in execution.actions] if execution and row.target is None else []
    return ".".join(map(str, (phase, row.run_status, *seen, row.stopping_at is not None, *sorted(ways), *steps)))
