"""One action that a pipeline has: what it does, and what can be done with it."""

from flask import render_template

from webapp.buddy.links import safe_link
from webapp.buddy.places import Place
from webapp.buddy.stored import StoredContainer
from webapp.context import parts
from webapp.forms.facts import Facts
from webapp.views.guards import viewer
from webapp.views.placed import placed_blueprint

bp = placed_blueprint("existing", __name__)


@bp.get("/<id>")
@viewer
def show(place: Place, id: int) -> str:
    """One action in full, as Buddy has it."""
    action = parts().client.action(place, id)
    stored = StoredContainer.of(action)
    return render_template(
        "existing/show.html",
        place=place,
        action=action,
        stored=stored,
        told=Facts.of(stored) if stored else None,
        action_link=safe_link(action.html_url, parts().link_base),
    )
