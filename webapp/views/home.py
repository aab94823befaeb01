"""The first page."""

from flask import Blueprint, render_template

from webapp.context import parts
from webapp.views.submissions import state_of

bp = Blueprint("home", __name__)

LATEST = 5


@bp.get("/")
def index() -> str:
    """Where to begin, and what was sent last."""
    return render_template("home/index.html", rows=parts().journal.history(LATEST), state_of=state_of)
