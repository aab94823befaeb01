"""A person's drafts: all of them, and discarding many at once."""

import re
from collections.abc import Collection

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from webapp.context import actor, parts, person
from webapp.store.journal import Mark
from webapp.store.models import Submission
from webapp.store.reading import HistoryKey
from webapp.submissions.discarding import choose_marked, choose_until, discard_marked, key_of, left_of
from webapp.submissions.drafts import QUOTA
from webapp.views.access import contributor

bp = Blueprint("drafts", __name__, url_prefix="/drafts")

PAGE_LENGTH = 25
NOTHING_TICKED = "Tick the drafts to discard, or press “Discard all”"
STALE = "This page was open for too long. Press the button again."


@bp.get("")
@contributor
def index() -> Response:
    """All drafts, the last changed first."""
    return show_drafts(HistoryKey.parse(request.args.get("before", "")))


@bp.post("/discard")
@contributor
def discard() -> Response:
    """Discard those that are ticked, or all that were there when the page was drawn, once the person is sure.

    What was changed since the page was drawn stays.
    """
    marks = ticked(request.form.getlist("draft")[: QUOTA.rows])
    until = HistoryKey.parse(request.form.get("all", ""))
    if not FlaskForm().validate_on_submit():
        return show_drafts(None, STALE, 400)
    if not marks and until is None:
        return show_drafts(None, NOTHING_TICKED, 422)
    if until is not None or "sure" not in request.form:
        return ask(marks, until)
    tell_of_discarded(discard_marked(parts().journal, person().id, actor(), marks))
    newer = left_of(parts().journal, person().id, marks)
    return show_drafts(None, typed_on(newer), 409) if newer else redirect(page_before(), 303)


def page_before() -> str:
    """Where the button was pressed: on the list of all drafts, or on the home page."""
    return url_for("drafts.index" if request.form.get("from") == "drafts" else "home.index")


def tell_of_discarded(count: int) -> None:
    """Say on the next page how many drafts are gone."""
    if count:
        flash("1 draft was discarded." if count == 1 else f"{count} drafts were discarded.")


def ask(marks: dict[str, Mark], until: HistoryKey | None) -> Response:
    """The question before they are gone, which lists what will be."""
    journal, id = parts().journal, person().id
    choice = choose_until(journal, id, until) if until is not None else choose_marked(journal, id, marks)
    stays = typed_on(choice.newer) if choice.newer else ""
    if not choice.going:
        return show_drafts(None, stays, 409) if stays else redirect(url_for("drafts.index"), 303)
    kept = [("draft", f"{row.id}.{row.version}") for row in choice.going]
    kept += [("from", value) for value in request.form.getlist("from")[:1]]
    html = render_template("drafts/discard.html", drafts=choice.going, stays=stays, kept=kept, back=page_before())
    return make_response(html)


def ticked(values: Collection[str]) -> dict[str, Mark]:
    """What each tick names: a draft by its id, and its version that the page knew."""
    found = [re.fullmatch(r"([A-Za-z0-9_-]{1,64})\.([0-9]{1,9})", value, re.ASCII) for value in values]
    return {match[1]: Mark(version=int(match[2])) for match in found if match}


def typed_on(newer: Collection[Submission]) -> str:
    """Say that drafts stay which have changed since the page was drawn."""
    if len(newer) == 1:
        return "1 draft was changed since then and is still there. To discard it too, tick it again."
    return f"{len(newer)} drafts were changed since then and are still there. To discard them too, tick them again."


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
    )
    return make_response(html, status)
