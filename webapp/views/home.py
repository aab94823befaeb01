"""The first page."""

from flask import Blueprint, render_template
from flask_wtf import FlaskForm

from webapp.auth.people import Role
from webapp.context import may, parts, person
from webapp.store.journal import DRAFTS_KEPT
from webapp.store.reading import Undone
from webapp.submissions.discarding import key_of
from webapp.submissions.states import CAME_TO_NOTHING, DISMISSABLE, DONE, MENDED, OPEN
from webapp.views.access import viewer
from webapp.views.answers.offers import offers
from webapp.views.places import last_pipelines
from webapp.views.receipts import state_of

bp = Blueprint("home", __name__)

LATEST = 5
MOST_WAITING = 20
MOST_DRAFTS = 3
MOST_OFFERS = 12


@bp.get("/")
@viewer
def index() -> str:
    """The way to a pipeline, what waits for this person, where they were, and what the team sent last."""
    journal, id = parts().journal, person().id
    drafts = journal.drafts(id, MOST_DRAFTS)
    offered = offers()
    # For as long as a draft of it would be kept.
    undone = Undone(MENDED, CAME_TO_NOTHING, parts().clock() - DRAFTS_KEPT)
    return render_template(
        "home/index.html",
        waiting=journal.waiting(id, OPEN, undone, DONE, MOST_WAITING),
        dismissable=DISMISSABLE,
        drafts=drafts,
        newest_draft=key_of(drafts[0]) if drafts else None,
        places=last_pipelines(),
        offers=offered[:MOST_OFFERS],
        more_offers=len(offered) > MOST_OFFERS,
        rows=journal.history(LATEST),
        ending=parts().connection.ending() if may(Role.ADMINISTRATOR) else None,
        state_of=state_of,
        form=FlaskForm(),
    )
