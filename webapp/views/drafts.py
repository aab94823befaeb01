"""A person's drafts: all of them, and discarding many at once."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from webapp.context import actor, parts, person
from webapp.store.events import NewEvent
from webapp.store.models import Submission
from webapp.store.reading import HistoryKey
from webapp.submissions.drafts import QUOTA
from webapp.views.access import editor

bp = Blueprint("drafts", __name__, url_prefix="/drafts")

PAGE_LENGTH = 25
NOTHING_TICKED = "Tick the drafts that are to go, or press “Discard all”"
STALE = "This page was open too long. Press the button once more."


@bp.get("")
@editor
def index() -> Response:
    """All drafts, the last changed first."""
    return show_drafts(HistoryKey.parse(request.args.get("before", "")))


@bp.post("/discard")
@editor
def discard() -> Response:
    """Discard those that are ticked, or all that were there when the page was drawn, once the person is sure."""
    ids = request.form.getlist("draft")[: QUOTA.rows]
    until = HistoryKey.parse(request.form.get("all", ""))
    if not FlaskForm().validate_on_submit():
        return show_drafts(None, STALE, 400)
    if not ids and until is None:
        return show_drafts(None, NOTHING_TICKED, 422)
    if "sure" not in request.form:
        return ask(ids, until)
    parts().journal.remove_drafts(person().id, NewEvent(actor(), "discarded"), ids, until)
    return redirect(url_for("home.index"), 303)


def ask(ids: list[str], until: HistoryKey | None) -> Response:
    """The question before they are gone."""
    there = parts().journal.drafts(person().id, QUOTA.rows)
    going = [row for row in there if row.id in ids or (until and key_of(row) <= until)]
    if not going:
        return redirect(url_for("drafts.index"), 303)
    kept = [("all", str(until))] if until else [("draft", row.id) for row in going]
    html = render_template("drafts/discard.html", drafts=going, kept=kept, form=FlaskForm())
    return make_response(html)


def show_drafts(before: HistoryKey | None, problem: str = "", status: int = 200) -> Response:
    """Draw a page of the list."""
    rows = parts().journal.drafts(person().id, PAGE_LENGTH + 1, before)
    shown = rows[:PAGE_LENGTH]
    html = render_template(
        "drafts/index.html",
        drafts=shown,
        newest=key_of(shown[0]) if shown and before is None else None,
        first_page=before is None,
        older=key_of(shown[-1]) if len(rows) > PAGE_LENGTH else None,
        problems=[("", problem)] if problem else [],
        form=FlaskForm(),
    )
    return make_response(html, status)


def key_of(row: Submission) -> HistoryKey:
    """Where a draft stands in the list."""
    return HistoryKey(row.changed_at, row.number)
