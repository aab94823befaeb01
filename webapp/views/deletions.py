"""Deleting an action: the page that names what goes, and the one send."""

from flask import abort, make_response, render_template, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from webapp.auth.people import Role
from webapp.buddy.actions import Action
from webapp.buddy.places import Place
from webapp.buddy.snapshot import OpenedAction, Snapshot
from webapp.buddy.stored import StoredContainer
from webapp.context import actor, parts, person
from webapp.forms.action_form.copies import copy_of
from webapp.forms.action_form.facts import Facts
from webapp.submissions.authorship import OWN_FOR
from webapp.submissions.deletions import Deletion
from webapp.submissions.drafts import Draft, earlier
from webapp.submissions.envelope import Purpose, new_envelope
from webapp.submissions.results import AlreadyClaimed
from webapp.views.access import contributor, insist
from webapp.views.history import added_by
from webapp.views.placed import names_of, placed_blueprint
from webapp.views.sending import send, to_receipt
from webapp.views.taking_back import may_take_back

bp = placed_blueprint("deletions", __name__)

OWN_ONLY = (
    f"You may delete what you added yourself for {OWN_FOR.seconds // 60} minutes after adding it. An editor can delete "
    "any other action."
)


@bp.get("/<id>/delete")
@contributor
def new(place: Place, id: int) -> Response:
    """The question whether to delete an action, as Buddy has it now."""
    insist_on_own(place, id)
    action, stored = container(place, id)
    return show_question(place, action, stored)


@bp.post("/<id>/delete")
@contributor
def create(place: Place, id: int) -> Response:
    """Delete the action, once, and go to the receipt. It is read first, so that the record tells what went."""
    envelope = parts().seal.open(request.form.get("envelope", ""), person().id, place, Purpose.DELETION)
    if envelope and earlier(parts().journal, envelope):
        return to_receipt(envelope.submission)
    insist_on_own(place, id)
    action, stored = container(place, id)
    opened = envelope.snapshot.opened if envelope else None
    if envelope is None or opened is None or opened.id != id or not FlaskForm().validate_on_submit():
        return show_question(place, action, stored, 400)
    # Buddy may have taken its time to be read, and an action is a contributor's own for minutes alone.
    insist_on_own(place, id)
    deletion = Deletion(Draft(envelope, copy_of(stored).typed), actor(), id, action.raw)
    return send(deletion, lambda why: to_receipt(deletion.id if isinstance(why, AlreadyClaimed) else why.id))


def insist_on_own(place: Place, id: int) -> None:
    """Refuse who may not delete an action now."""
    if not may_take_back(place, id):
        insist(Role.EDITOR, OWN_ONLY)


def container(place: Place, id: int) -> tuple[Action, StoredContainer]:
    """Read an action of Slipway's kind; another kind is not found here. Raises `BuddyError`."""
    action = parts().client.action(place, id)
    return action, StoredContainer.of(action) or abort(404)


def snapshot_of(place: Place, action: Action) -> Snapshot:
    """What an action and the directory tell of its pipeline, and that it is the one that the page is about."""
    known = names_of(place)
    name = action.pipeline_name or known.get("pipeline", f"pipeline {place.pipeline}")
    project = known.get("project", place.project)
    return Snapshot(name, action.pipeline_url or "", project_name=project, opened=OpenedAction(action.id, {}))


def show_question(place: Place, action: Action, stored: StoredContainer, status: int = 200) -> Response:
    """Draw the question; its page can delete once."""
    envelope = new_envelope(person().id, place, snapshot_of(place, action), parts().clock())
    html = render_template(
        "deletions/new.html",
        place=place,
        id=stored.id,
        container=stored.container,
        told=Facts.of(stored),
        added=added_by(place, stored.id),
        snapshot=envelope.snapshot,
        sealed=parts().seal.seal(envelope, Purpose.DELETION),
        again=status != 200,
    )
    return make_response(html, status)
