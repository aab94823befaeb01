"""Submissions: the history, one receipt, and what can be done with it."""

from dataclasses import replace

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from webapp.auth.people import Role
from webapp.buddy.snapshot import Snapshot
from webapp.context import actor, may, parts, person
from webapp.forms.action_form.exports import export
from webapp.forms.validators import version_in
from webapp.store.events import NewEvent
from webapp.store.journal import Mark
from webapp.store.models import Submission
from webapp.store.templates import TemplateMoved
from webapp.submissions.additions import Addition
from webapp.submissions.attention import MOST_WAITING, dismissable_of, waiting_for
from webapp.submissions.attention import dismiss as dismiss_rows
from webapp.submissions.drafts import Draft, correction, draft_of
from webapp.submissions.places import place_of
from webapp.submissions.results import AlreadyClaimed, Duplicate, Stopped
from webapp.submissions.schedule import LOOK_PAUSE
from webapp.submissions.states import MENDED, Kind, State, is_known
from webapp.views.access import contributor, editor, insist, viewer
from webapp.views.action_form.binding import bind, bind_answers
from webapp.views.action_form.copying import submission_like
from webapp.views.action_form.pages import Page, show_form
from webapp.views.action_form.posting import renewed_for
from webapp.views.activity import show_activity
from webapp.views.answers.locks import show_moved
from webapp.views.drafts import tell_of_discarded
from webapp.views.receipts import role_for, ruling_form, show_receipt
from webapp.views.runs.showing import show_run
from webapp.views.sending import send, to_receipt
from webapp.views.yaml_files import yaml_file

bp = Blueprint("submissions", __name__, url_prefix="/submissions")

KEPT = "Your draft is kept. Ask an administrator for a role with which you can go on with it."
# What may be sent again from its page: what was not sent, and what is not there.
AGAIN = frozenset({State.NOT_SENT, State.ABSENT})


@bp.get("")
@viewer
def index() -> tuple[str, int]:
    """What the team has sent or tried, newest first."""
    return show_activity()


@bp.get("/<id>")
@viewer
def show(id: str) -> Response:
    """One submission: its receipt, or the filled form while it is a draft or after Buddy refused it."""
    row = readable(id)
    if not is_known(row.kind, row.state):
        return show_receipt(row)
    if row.state == State.DRAFT:
        insist(role_for(row), KEPT)
    if row.state == State.DRAFT or (row.state == State.NOT_SENT and row.kind == Kind.CHANGE and owns(row)):
        return show_draft(row)
    if is_refused(row) and row.kind in MENDED and owns(row):
        return show_rejected(row)
    return show_row(row)


@bp.get("/<id>.yaml")
@editor
def save(id: str) -> Response:
    """The action of a submission as one of a `buddy.yml`, without its secrets."""
    original = submission_like(id)
    if original is None:
        abort(404)
    exported = export(original.copy.typed, (), Snapshot(""))
    return yaml_file(original.name, exported.file, "action")


@bp.post("/<id>/attempts")
@contributor
def attempt(id: str) -> Response:
    """Send again what has provably not been sent, or what is not there. The pipeline is read first."""
    row = go_on_with(id)
    insist(role_for(row))
    if not FlaskForm().validate_on_submit():
        return show_row(row, 400)
    if row.kind != Kind.ADDITION:
        return to_receipt(id)
    draft, template_status = renewed_for(draft_of(parts().journal, row))
    if template_status and template_status.sentence:
        return show_moved(corrected_draft(row))
    form = bind_answers(draft, parts().library.secrets(template_status.now.id)) if template_status else bind(draft)
    if not form.validate():
        return show_form(checked(renewed_for(corrected_draft(row))[0]), 422)
    made = template_status.now.as_read if template_status else None
    addition = Addition(draft, actor(), form.to_request(), request.form.get("anyway"), AGAIN, made=made)
    try:
        return send(addition, lambda why: not_sent(row, why))
    except TemplateMoved:
        return show_moved(corrected_draft(row))


def corrected_draft(row: Submission) -> Draft:
    """The form of a submission that is not sent as it was: what may still turn up stays as it is."""
    journal = parts().journal
    return draft_of(journal, row) if row.state == State.NOT_SENT else correction(journal, row)


def checked(draft: Draft) -> Page:
    """The form of a draft with all that is wrong in it."""
    form = bind(draft)
    form.validate()
    return Page(draft, form, checked=True)


def not_sent(row: Submission, why: AlreadyClaimed | Duplicate | Stopped) -> Response:
    """The receipt once more, which says why; or says by itself what became of it."""
    if isinstance(why, AlreadyClaimed) or why.id == row.id:
        return to_receipt(row.id)
    return show_receipt(row, 409, why=why)


@bp.post("/<id>/both")
@contributor
def keep_both(id: str) -> Response:
    """A person says that both of two actions stay."""
    row = go_on_with(id)
    if not FlaskForm().validate_on_submit():
        return show_row(row, 400)
    if row.family is not None:
        parts().journal.settle(row.family, NewEvent(actor(), "both"))
    return to_receipt(id)


@bp.post("/<id>/looks")
@contributor
def look(id: str) -> Response:
    """Check now: look in Buddy for what is not known, or not clear."""
    row = readable(id)
    if row.owner != person().id:
        insist(Role.EDITOR)
    if not FlaskForm().validate_on_submit():
        return show_row(row, 400)
    parts().reconciler.look(row, LOOK_PAUSE, actor())
    return to_receipt(id)


@bp.post("/<id>/ruling")
@contributor
def rule(id: str) -> Response:
    """A person says what became of it."""
    row = go_on_with(id)
    if not parts().ruling.may(row):
        return to_receipt(id)
    form = ruling_form(row)
    if not form.validate_on_submit():
        return show_receipt(row, 422, form)
    problem = ruled(row, form.number)
    return show_receipt(row, 422, form, problem=problem) if problem else to_receipt(id)


def ruled(row: Submission, number: int | None) -> str:
    """Write the ruling down; gives a sentence when that can't be."""
    if number is None:
        return parts().ruling.is_not_there(row, actor())
    return parts().ruling.is_there(row, number, actor())


@bp.post("/<id>/dismissal")
@contributor
def dismiss(id: str) -> Response:
    """A person has seen what became of it: it needs their attention no more."""
    row = own(id)
    if not FlaskForm().validate_on_submit():
        abort(400)
    dismiss_rows(parts().journal, [row], actor())
    return redirect(url_for("home.index"), 303)


@bp.post("/dismissals")
@contributor
def dismiss_all() -> Response:
    """A person has seen what became of all that may be dismissed: those that the question named, once they are sure."""
    if not FlaskForm().validate_on_submit():
        abort(400)
    rows = dismissable_of(waiting_for(parts().journal, person().id, parts().clock()))
    if len(rows) > 1 and "sure" not in request.form:
        kept = [("row", f"{row.id}.{row.state}") for row in rows]
        return make_response(render_template("submissions/dismiss.html", rows=rows, kept=kept))
    known = set(request.form.getlist("row")[: MOST_WAITING + 1])
    chosen = [row for row in rows if f"{row.id}.{row.state}" in known] if "sure" in request.form else rows
    dismiss_rows(parts().journal, chosen, actor())
    return redirect(url_for("home.index"), 303)


@bp.post("/<id>/delete")
@contributor
def delete(id: str) -> Response:
    """Discard a draft, and the secrets that are kept for it, once the person is sure."""
    row = own(id)
    if not FlaskForm().validate_on_submit():
        abort(400)
    if row.state != State.DRAFT:
        return redirect(url_for("home.index"), 303)
    if "sure" not in request.form:
        return ask_to_discard(row)
    mark = Mark(version=version_in(request.form.get("version", "")))
    if not parts().journal.remove_draft(row.id, row.owner, mark, NewEvent(actor(), "discarded")):
        row = own(id)
        if row.state == State.DRAFT:
            return ask_to_discard(row, newer=True)
    else:
        tell_of_discarded(1)
    return redirect(url_for("home.index"), 303)


def ask_to_discard(row: Submission, newer: bool = False) -> Response:
    """The question before a draft is gone; once more when it is `newer` than what the person was asked about."""
    html = render_template("submissions/discard.html", row=row, place=place_of(row), newer=newer)
    return make_response(html, 409 if newer else 200)


def readable(id: str) -> Submission:
    """Find a submission that this person may read: a receipt, or an own draft."""
    row = parts().journal.find(id)
    if row is None or (row.sent_at is None and row.owner != person().id):
        abort(404)
    return row


def own(id: str) -> Submission:
    """Find a submission that is this person's own."""
    row = readable(id)
    if row.owner != person().id:
        abort(404)
    return row


def go_on_with(id: str) -> Submission:
    """Find a submission that is this person's own; of one that a newer Slipway has made there is its page alone."""
    row = own(id)
    if not is_known(row.kind, row.state):
        abort(to_receipt(id))
    return row


def owns(row: Submission) -> bool:
    """Whether this person may go on with it."""
    return row.owner == person().id and may(role_for(row))


def show_row(row: Submission, status: int = 200) -> Response:
    """The page of a submission after its form: of a run how it goes, of anything else its receipt."""
    return show_run(row, status) if row.kind == Kind.RUN else show_receipt(row, status)


def is_refused(row: Submission) -> bool:
    """Whether Buddy has refused the last attempt, and nothing has turned up of those before it."""
    return row.state == State.REJECTED or (row.state, row.proved) == (State.ABSENT, State.REJECTED)


def show_draft(row: Submission) -> Response:
    """The filled form of what has not been sent."""
    draft, template_status = renewed_for(draft_of(parts().journal, row))
    notice = f"{row.reason} Nothing was sent, and what you typed is below." if row.reason else ""
    before = parts().journal.find(row.follows) if row.follows else None
    refused = before if before is not None and is_refused(before) and owns(before) else None
    return show_form(
        Page(
            draft,
            bind(draft),
            focus=request.args.get("at", ""),
            notice=notice,
            refused_row=refused,
            template_status=template_status,
        ),
    )


def show_rejected(row: Submission) -> Response:
    """The filled form with Buddy's messages, to be mended and sent as a new submission."""
    draft, template_status = renewed_for(correction(parts().journal, row))
    page = Page(draft, bind(draft), refused=row.reason or "", refusals=row.messages or (), refused_row=row)
    return show_form(replace(page, template_status=template_status))
