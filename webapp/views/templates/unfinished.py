"""Templates that somebody has not finished: gone on with, or discarded."""

from flask import abort, flash, redirect, url_for
from werkzeug.wrappers import Response

from webapp.context import parts, person
from webapp.views.templates.bp import bp
from webapp.views.templates.keeping import page_again
from webapp.views.templates.makers import maker
from webapp.views.templates.pages import MakerPage, show_maker
from webapp.views.templates.retiring import refuse_forged

BACK = "What you typed is here again. Nothing has been made or changed yet."
DROPPED = (
    "What you typed is here again, except for passwords and encrypted values: type those again. Nothing has been made "
    "or changed yet."
)


@bp.get("/unfinished/<id>")
@maker
def go_on(id: str) -> Response:
    """The page as its person has left it."""
    row = parts().unfinished.find(id, person().id) or abort(404)
    seen = parts().library.find(row.template) if row.template else None
    notice, tone = (DROPPED, "warning") if row.dropped else (BACK, "note")
    return show_maker(MakerPage(page_again(row, seen).form(), seen, notice=notice, tone=tone))


@bp.post("/unfinished/<id>/discard")
@maker
def discard(id: str) -> Response:
    """Forget it."""
    refuse_forged()
    parts().unfinished.remove(id, person().id)
    flash("It was discarded.")
    return redirect(url_for("templates.index"), 303)
