"""The first page."""

from flask import Blueprint, render_template
from flask_wtf import FlaskForm

from webapp.auth.people import Role
from webapp.context import may, parts, person
from webapp.submissions.states import DONE, OPEN, State
from webapp.views.access import viewer
from webapp.views.receipts import place_of, state_of

bp = Blueprint("home", __name__)

LATEST = 5
MOST_WAITING = 20
MOST_PLACES = 5


@bp.get("/")
@viewer
def index() -> str:
    """Where to begin, what waits for this person, where they were, and what was sent last."""
    journal, id = parts().journal, person().id
    return render_template(
        "home/index.html",
        drafts=journal.owned(id, [State.DRAFT], MOST_WAITING),
        waiting=journal.waiting(id, OPEN, DONE, MOST_WAITING),
        places=[(row.snapshot, place_of(row)) for row in journal.places(id, MOST_PLACES)],
        rows=journal.history(LATEST),
        ending=parts().connection.ending() if may(Role.ADMINISTRATOR) else None,
        state_of=state_of,
        form=FlaskForm(),
    )
