"""The actions that a pipeline has: all of them, and each in full with what can be done with it."""

from flask import abort, render_template
from werkzeug.wrappers import Response

from webapp.buddy.action_types import type_in_words
from webapp.buddy.actions import ActionSummary
from webapp.buddy.links import safe_link
from webapp.buddy.permissions import missing
from webapp.buddy.places import Place
from webapp.buddy.snapshot import Snapshot
from webapp.buddy.stored import StoredContainer
from webapp.context import parts
from webapp.forms.action_form.copies import TO_THE_LETTER, copy_of
from webapp.forms.action_form.exports import export
from webapp.forms.action_form.facts import Facts
from webapp.views.access import editor, viewer
from webapp.views.answers.offers import MOST_OFFERS, offers_in
from webapp.views.answers.own_actions import own_actions_in
from webapp.views.history import history_of
from webapp.views.listing import asked_for
from webapp.views.placed import placed_blueprint
from webapp.views.runs.offering import trying
from webapp.views.skipped_lists import read_skipped_lists
from webapp.views.states import listed_state
from webapp.views.yaml_files import yaml_file

bp = placed_blueprint("actions", __name__)


@bp.get("")
@viewer
def index(place: Place) -> str | Response:
    """The pipeline's actions, as Buddy has them."""
    with parts().client.slot():
        back = read_skipped_lists(*place.key)
        pipeline = parts().executor.submit(parts().directory.pipeline, place)
        lacking = parts().executor.submit(missing, parts().client)
        listing = asked_for(parts().client.actions(place), names)
        told = {"pipeline": pipeline.result(), "lacking": lacking.result()}
        elsewhere = back()
    if elsewhere:
        return elsewhere
    offered = offers_in(place)
    return render_template(
        "actions/index.html",
        place=place,
        listing=listing,
        pipeline_link=safe_link(pipeline.result().html_url, parts().link_base),
        own=own_actions_in(place),
        offers=offered[:MOST_OFFERS],
        more_offers=len(offered) > MOST_OFFERS,
        **told,
    )


def names(action: ActionSummary) -> tuple[str, ...]:
    """What an action is found by in its pipeline."""
    return action.called, action.type, type_in_words(action.type), str(action.id)


@bp.get("/<id>")
@viewer
def show(place: Place, id: int) -> str:
    """One action in full, as Buddy has it, and what was done to it with Slipway."""
    action = parts().client.action(place, id)
    stored = StoredContainer.of(action)
    return render_template(
        "actions/show.html",
        place=place,
        action=action,
        stored=stored,
        told=Facts.of(stored) if stored else None,
        own=own_actions_in(place).get(id),
        history=history_of(place, id),
        state_of=listed_state,
        **trying(place, id),
        action_link=safe_link(action.html_url, parts().link_base),
    )


@bp.get("/<id>.yaml")
@editor
def save(place: Place, id: int) -> Response:
    """One action as an action of a `buddy.yml`, without its secrets."""
    action = parts().client.action(place, id)
    stored = StoredContainer.of(action)
    if stored is None:
        abort(404)
    copy = copy_of(stored, TO_THE_LETTER)
    exported = export(copy.typed, (), Snapshot(""), copy.left)
    return yaml_file(stored.container.name, exported.file, "action")
