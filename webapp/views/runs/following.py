"""Following a run: what is new of it, its log as a file, and stopping it."""

from flask import Blueprint, abort, render_template, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from webapp.auth.people import Role
from webapp.buddy.executions import MOST_COUNTED
from webapp.buddy.outcomes import Rejected
from webapp.context import actor, parts
from webapp.http.failures import NotSent, Unknown
from webapp.runs.download import DownloadRunning
from webapp.store.models import Submission
from webapp.submissions.states import Kind, is_known
from webapp.views.access import contributor, insist, viewer
from webapp.views.errors import page
from webapp.views.runs.listed_runs import refresh_listed_runs
from webapp.views.runs.rights import may_read_log, may_stop
from webapp.views.runs.showing import action_shown, execution_of, show_news, show_run
from webapp.views.sending import to_receipt
from webapp.views.states import listed_state

bp = Blueprint("runs_followed", __name__, url_prefix="/submissions")

NOT_RECOGNISED = "This page was open for too long, or was not recognised. Nothing was stopped: press the button again."
# As many as a page of the activity has.
MOST_LISTED = 25
# Behind the last line that Buddy can count to, what it gives is counted on.
LAST_LINE = 10 * MOST_COUNTED


@bp.get("/<id>/log")
@contributor
def log(id: str) -> Response:
    """How a run stands, and the lines of its log after those that a page has."""
    row = readable_run(id)
    after = request.args.get("after", 0, type=int)
    return show_news(row, min(max(after, 0), LAST_LINE), request.args.get("of", ""))


@bp.get("/states")
@viewer
def states() -> str:
    """How runs stand that a page lists, for its script; those that go on are looked at. Whatever else an address
    names, such as somebody's draft, is left out."""
    rows = [row for row in parts().journal.several(request.args.getlist("of")[:MOST_LISTED]) if row.kind == Kind.RUN]
    refresh_listed_runs(rows)
    return render_template("runs/states.html", rows=rows, state_of=listed_state)


@bp.get("/<id>/log.txt")
@contributor
def download(id: str) -> Response:
    """The whole log of an action in a run as a text file, written as it is read: one at a time."""
    row = readable_run(id)
    action = action_shown(row, execution_of(row)) or abort(404)
    try:
        pieces = parts().downloads.begin(row, action)
    except DownloadRunning as running:
        return page(503, running.sentence.rstrip("."), running.advice, passes=True)
    response = Response(pieces, mimetype="text/plain")
    response.headers["Content-Disposition"] = f"attachment; filename=slipway-log-{row.execution}.txt"
    return response


@bp.post("/<id>/stop")
@contributor
def stop(id: str) -> Response:
    """Ask Buddy to stop a run, once."""
    row = started_run(id)
    if not may_stop(row):
        insist(Role.ADMINISTRATOR if row.target is None else Role.EDITOR)
    if not FlaskForm().validate_on_submit():
        return show_run(row, 400, problem=NOT_RECOGNISED)
    outcome = parts().stopping.stop(row, actor())
    if isinstance(outcome, Rejected):
        return show_run(row, 409, problem=f"{outcome.sentence} The run was not stopped.")
    if isinstance(outcome, NotSent):
        return show_run(row, 409, problem=f"{outcome.reason} Nothing was sent: the run was not stopped.")
    if isinstance(outcome, Unknown):
        return show_run(row, 200, problem=f"{outcome.reason} Buddy may stop the run all the same.")
    return to_receipt(id)


def started_run(id: str) -> Submission:
    """Find a run that Buddy has, as far as is known."""
    row = parts().journal.find(id)
    if row is None or row.kind != Kind.RUN or not is_known(row.kind, row.state) or row.execution is None:
        abort(404)
    return row


def readable_run(id: str) -> Submission:
    """Find one whose log who asks may see."""
    row = started_run(id)
    if not may_read_log(row):
        insist(Role.EDITOR)
    return row
