"""Changing an action: the form as Buddy has it, its helper buttons, and the one send of what differs."""

from dataclasses import replace
from datetime import datetime

from flask import abort, request
from werkzeug.wrappers import Response

from webapp.buddy.places import Place
from webapp.buddy.snapshot import Snapshot
from webapp.buddy.stored import StoredContainer
from webapp.context import actor, parts, person
from webapp.forms.action_form.buttons import PREVIEW, box_of
from webapp.forms.action_form.changes import ChangeForm, opened
from webapp.forms.action_form.copies import copy_of
from webapp.forms.action_form.differences import shown_differences, values_before
from webapp.forms.action_form.facts import values_of
from webapp.forms.action_form.secrets import without_secrets
from webapp.http.errors import BuddyError
from webapp.submissions.changes import Change
from webapp.submissions.drafts import Draft, earlier, latest_draft
from webapp.submissions.states import State
from webapp.views.access import editor, with_template
from webapp.views.action_form.binding import bind, bind_change
from webapp.views.action_form.buttons import keep_typing, show_image_seen, show_pressed
from webapp.views.action_form.checking import only_known
from webapp.views.action_form.copying import whole_form_of
from webapp.views.action_form.opening import prepare
from webapp.views.action_form.pages import Page, show_form
from webapp.views.action_form.posting import (
    keep,
    nothing_typed,
    posted_draft,
    renewed_for,
    rescued,
    show_unrecognised,
    unkept_texts,
)
from webapp.views.action_form.returning import come_back
from webapp.views.action_form.undoing import change_named, undoing_of
from webapp.views.answers.changing import bound, chosen_answers, open_change, send_answers, show_out_of_reach
from webapp.views.placed import placed_blueprint
from webapp.views.sending import not_changed, send

bp = rescued(placed_blueprint("changes", __name__))

DONE_ALREADY = "Buddy has the action like this already: somebody else has changed it. Nothing has been sent."
UNSENT = "Nothing was sent, and what you typed is below."
NOTHING_NEW = "Nothing was changed on this form. Nothing has been sent."
AS_BEFORE = (
    "These are the settings from before the change that you have sent from this form. Nothing has been sent now: what "
    "became of that change stands under Activity."
)


@bp.get("/<id>/edit")
@with_template
def new(place: Place, id: int) -> Response:
    """The form, filled in as Buddy has the action; or, over that, with what an earlier change of it changed (`like`),
    or as it was before that (`back`); or that of its template, with its answers. `at` names the setting to go on with.
    """
    found = chosen_answers(place, id)
    if left := come_back(place, id):
        draft, template_status = renewed_for(left)
        return show_form(Page(draft, bind(draft), focus=PREVIEW, template_status=template_status))
    if found:
        return open_change(place, id, found)
    opening = prepare(place, id)
    typed = opening.copy.typed
    if row := change_named(request.args.get("like", ""), place, id):
        tried = without_secrets(whole_form_of(row))
        typed = ChangeForm(tried, {}, Snapshot.from_json(row.snapshot)).rebased(tried, typed)
    undoing = undoing_of(request.args.get("back", ""), place, opening.snapshot.opened)
    envelope = replace(opening.envelope(person().id, place), undoes=undoing.change.id if undoing else None)
    draft = Draft(envelope, undoing.undo.typed if undoing else typed)
    waiting = latest_draft(parts().journal, person().id, place, id) if nothing_typed(draft) else None
    focus = box_of(request.args.get("at", ""), draft.typed)
    return show_form(Page(draft, bind(draft), focus=focus, left=opening.copy.left, waiting=waiting))


@bp.post("/<id>/edit")
@with_template
def redraw(place: Place, id: int) -> Response:
    """A helper button: the same form with what was typed, changed as the button says. Nothing is sent."""
    found = chosen_answers(place, id)
    return show_pressed(bound(posted_draft(place, id), found))


@bp.post("/<id>/edit/image")
@editor
def image(place: Place, id: int) -> Response:
    """Whether the image is there, for script, which asks when somebody leaves its boxes."""
    return show_image_seen(posted_draft(place, id))


@bp.post("/<id>/draft")
@with_template
def draft(place: Place, id: int) -> Response:
    """What script keeps while somebody types."""
    chosen_answers(place, id)
    return keep_typing(posted_draft(place, id))


@bp.post("/<id>")
@with_template
def create(place: Place, id: int) -> Response:
    """Send what was changed to Buddy, once, and go to the receipt."""
    found = chosen_answers(place, id)
    posted = posted_draft(place, id)
    if posted.template_status:
        return send_answers(posted, id, found) if found else show_out_of_reach(posted)
    draft, form = posted.draft, bind_change(posted.draft, posted.pasted)
    if form.forged() or not posted.known:
        return show_unrecognised(keep(draft), form, posted.known)
    if not form.validate():
        kept = keep(draft)
        return unkept_texts(kept, draft.secrets) or show_form(Page(kept, form, checked=True), 422)
    row = earlier(parts().journal, draft.envelope)
    sent = row is not None and row.state not in (State.DRAFT, State.NOT_SENT)
    if not form.to_changes():
        return show_form(Page(draft, form, notice=AS_BEFORE if sent else NOTHING_NEW), 422)
    return send_change(draft, form) if sent else send_over(draft, form)


def send_over(draft: Draft, form: ChangeForm) -> Response:
    """Read the action once more, and send the change unless somebody else has changed the same meanwhile."""
    place, snapshot, read_at = draft.envelope.place, draft.envelope.snapshot, parts().clock()
    try:
        stored = StoredContainer.of(parts().client.action(place, form.opened.id)) or abort(404)
    except BuddyError as error:
        return show_form(Page(keep(draft), form, notice=f"{error.sentence} {error.advice} {UNSENT}"), 503)
    copy = copy_of(stored)
    envelope = replace(draft.envelope, snapshot=replace(snapshot, opened=opened(stored, copy)))
    fresh = replace(draft, envelope=envelope, typed=form.rebased(draft.typed, copy.typed))
    over = bind_change(fresh)
    if theirs := form.conflicts(copy.typed):
        before = values_before(form.opened.before, snapshot)
        conflicts = shown_differences(before, values_of(theirs), snapshot)
        return show_form(Page(keep(fresh), over, conflicts=conflicts), 409)
    if not over.to_changes():
        return show_form(Page(fresh, over, notice=DONE_ALREADY), 422)
    return send_change(fresh, over, read_at)


def send_change(draft: Draft, form: ChangeForm, read_at: datetime | None = None) -> Response:
    """Send the change, and go to what came of it, or of another one that asks the same."""
    snapshot = draft.envelope.snapshot
    public = replace(snapshot, opened=form.public_before())
    sent = only_known(replace(draft, envelope=replace(draft.envelope, snapshot=public)), form)
    body, redacted = form.to_body(), form.redacted()
    change = Change(sent, actor(), form.opened.id, form.to_changes(), body, redacted, form.secrets(), read_at)
    return send(change, lambda why: not_changed(change, form, why))
