"""Submissions: the history, one receipt, and sending again what was not sent."""

from datetime import UTC, datetime

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from webapp.buddy.actions import Action
from webapp.buddy.echoes import compare
from webapp.buddy.links import safe_link
from webapp.buddy.places import Place
from webapp.buddy.snapshot import Snapshot
from webapp.context import parts, person
from webapp.forms.actions import LABELS
from webapp.store.journal import HistoryKey
from webapp.store.models import Submission
from webapp.submissions.drafts import Draft, kept_secrets
from webapp.submissions.envelope import Envelope
from webapp.submissions.states import State
from webapp.views.form_page import Page, bind, show_form

bp = Blueprint("submissions", __name__, url_prefix="/submissions")

PAGE_LENGTH = 25


@bp.get("")
def index() -> str:
    """What was sent or tried, newest first."""
    before = HistoryKey.parse(request.args.get("before", ""))
    rows = parts().journal.history(PAGE_LENGTH + 1, before)
    shown = rows[:PAGE_LENGTH]
    older = HistoryKey.of(shown[-1]) if len(rows) > PAGE_LENGTH else None
    return render_template(
        "submissions/index.html", rows=shown, first_page=before is None, older=older, state_of=state_of
    )


@bp.get("/<id>")
def show(id: str) -> Response:
    """One submission: its receipt, or the filled form while it is a draft or after Buddy refused it."""
    row = readable(id)
    state = state_of(row)
    if state is State.DRAFT:
        return show_draft(row)
    if state is State.REJECTED and row.owner == person().id:
        return show_rejected(row)
    return show_receipt(row, state)


@bp.post("/<id>/attempts")
def attempt(id: str) -> Response:
    """Send again what has provably not been sent. The pipeline is read first."""
    row = readable(id)
    if row.owner != person().id:
        abort(404)
    if not FlaskForm().validate_on_submit():
        return show_receipt(row, state_of(row), 400)
    draft = draft_of(row)
    form = bind(draft)
    if not form.validate():
        return show_form(Page(draft, form, checked=True), 422)
    parts().sender.send(draft, form.to_request())
    return redirect(url_for("submissions.show", id=id), 303)


def readable(id: str) -> Submission:
    """Find a submission that this person may read: a receipt, or an own draft."""
    row = parts().journal.find(id)
    if row is None or (row.state == State.DRAFT and row.owner != person().id):
        abort(404)
    return row


def state_of(row: Submission) -> State:
    """Where a submission stands: one whose sender has gone silent is unknown."""
    state = State(row.state)
    if state is State.SENDING and row.lease_until and row.lease_until < datetime.now(UTC):
        return State.UNKNOWN
    return state


def place_of(row: Submission) -> Place:
    """The pipeline that a submission goes to."""
    return Place(row.workspace, row.project, row.pipeline)


def draft_of(row: Submission) -> Draft:
    """The form behind a submission; issued long ago, so that a send reads the pipeline first."""
    envelope = Envelope(row.id, row.owner, place_of(row), 0, Snapshot.from_json(row.snapshot), row.follows)
    return Draft(envelope, row.typed, kept_secrets(parts().journal, envelope))


def show_draft(row: Submission) -> Response:
    """The form, filled as it was left."""
    draft = draft_of(row)
    return show_form(Page(draft, bind(draft)))


def show_rejected(row: Submission) -> Response:
    """The filled form with Buddy's messages, to be mended and sent as a new submission."""
    draft = draft_of(row).renewed()
    page = Page(draft, bind(draft), refused=row.reason or "", refusals=row.messages or ())
    return show_form(page)


def show_receipt(row: Submission, state: State, status: int = 200) -> Response:
    """What was sent and what came of it."""
    action = Action.from_json(row.answer) if row.answer else None
    snapshot = Snapshot.from_json(row.snapshot)
    pipeline_url = (action and action.pipeline_url) or snapshot.pipeline_url
    html = render_template(
        f"submissions/{state}.html",
        row=row,
        shown_state=state,
        own=row.owner == person().id,
        place=place_of(row),
        snapshot=snapshot,
        action=action,
        action_link=safe_link(action.html_url, parts().link_base) if action else None,
        pipeline_link=safe_link(pipeline_url, parts().link_base),
        echoes=compare(row.request or {}, row.answer or {}),
        labels=LABELS,
        form=FlaskForm(),
    )
    return make_response(html, status)
