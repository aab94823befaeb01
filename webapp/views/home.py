"""The home page."""

from flask import Blueprint, render_template

from webapp.auth.people import Role
from webapp.context import may, parts, person
from webapp.submissions.attention import MOST_WAITING, dismissable_of, waiting_for
from webapp.submissions.discarding import key_of
from webapp.submissions.states import DISMISSABLE, DONE_STATES
from webapp.submissions.words import NEEDS_ATTENTION
from webapp.views.access import viewer
from webapp.views.answers.offers import MOST_OFFERS, offers
from webapp.views.history import distinguishing_terms
from webapp.views.naming import here
from webapp.views.places import last_pipelines
from webapp.views.runs.listed_runs import refresh_listed_runs
from webapp.views.states import listed_state

bp = Blueprint("home", __name__)

LATEST = 5
MOST_SHOWN = 3
MOST_DRAFTS = 3


@bp.get("/")
@viewer
def index() -> str:
    """The way to a pipeline, what waits for this person, where they were, and what the team sent last."""
    journal, id = parts().journal, person().id
    drafts = journal.drafts(id, MOST_DRAFTS)
    offered = offers()
    rows = journal.history(LATEST, done=DONE_STATES)
    refresh_listed_runs(rows)
    waiting = waiting_for(journal, id, parts().clock())
    return render_template(
        "home/index.html",
        waiting=waiting[:MOST_SHOWN],
        more_waiting=len(waiting) - MOST_SHOWN,
        most_waiting=MOST_WAITING - MOST_SHOWN,
        needs_attention=here(NEEDS_ATTENTION),
        dismissable=DISMISSABLE,
        many_dismissable=len(dismissable_of(waiting)) > 1,
        drafts=drafts,
        newest_draft=key_of(drafts[0]) if drafts else None,
        places=last_pipelines(),
        offers=offered[:MOST_OFFERS],
        more_offers=len(offered) > MOST_OFFERS,
        rows=rows,
        apart=distinguishing_terms(rows),
        ending=parts().connection.ending() if may(Role.ADMINISTRATOR) else None,
        put_back=may(Role.ADMINISTRATOR) and parts().monitor.put_back(),
        state_of=listed_state,
    )
