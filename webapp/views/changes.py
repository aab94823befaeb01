"""Changing an action: the form as Buddy has it, its helper buttons, and the one send of what differs."""

from dataclasses import replace

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from webapp.buddy.errors import BuddyError
from webapp.buddy.places import Place
from webapp.buddy.slots import Busy
from webapp.buddy.snapshot import Snapshot
from webapp.buddy.stored import StoredContainer
from webapp.context import actor, parts, person
from webapp.forms.actions import LABELS
from webapp.forms.changes import ChangeForm, opened
from webapp.forms.copies import copy_of
from webapp.forms.secrets import without_secrets
from webapp.store.failures import JournalUnavailable
from webapp.submissions.amending import Amendment
from webapp.submissions.attempts import Taken, Twin, Unrecorded
from webapp.submissions.drafts import Draft, earlier
from webapp.submissions.states import Kind, State
from webapp.views.copying import row_like
from webapp.views.errors import turned_away, unavailable
from webapp.views.form_page import Page, bind, bind_change, show_form
from webapp.views.guards import editor
from webapp.views.helpers import keep_typing, show_pressed
from webapp.views.learning import learn
from webapp.views.placed import placed_blueprint
from webapp.views.posting import (
    ELSEWHERE,
    changed_elsewhere,
    keep,
    posted_draft,
    show_turned_away,
    show_unkept,
    show_unrecognised,
)
from webapp.views.receipts import show_unrecorded

bp = placed_blueprint("changes", __name__)

EDITED = "This form was sent before, with other content. What you typed since is below and has not been sent."
DONE_ALREADY = "Buddy has the action like this already: somebody else has changed it. Nothing has been sent."
UNSENT = "Nothing was sent, and what you typed is below."
NOTHING_NEW = "Nothing was changed on this form. Nothing has been sent."


@bp.get("/<id>/edit")
@editor
def new(place: Place, id: int) -> Response:
    """The form, filled in as Buddy has the action; or, over that, with what an earlier change of it changed."""
    learned = learn(place, id)
    typed = learned.copy.typed
    row = row_like(request.args.get("like", ""))
    if row is not None and (row.kind, row.target) == (Kind.CHANGE, id):
        tried = without_secrets(row.typed)
        typed = ChangeForm(tried, {}, Snapshot.from_json(row.snapshot)).rebased(tried, typed)
    draft = Draft(learned.envelope(person().id, place), typed)
    return show_form(Page(draft, bind(draft), left=learned.copy.left))


@bp.post("/<id>/edit")
@editor
def redraw(place: Place, id: int) -> Response:
    """A helper button: the same form with what was typed, changed as the button says. Nothing is sent."""
    return show_pressed(posted_draft(place, id))


@bp.post("/<id>/draft")
@editor
def draft(place: Place, id: int) -> Response:
    """What script keeps while somebody types."""
    return keep_typing(posted_draft(place, id))


@bp.post("/<id>")
@editor
def create(place: Place, id: int) -> Response:
    """Send what was changed to Buddy, once, and go to the receipt."""
    posted = posted_draft(place, id)
    draft, form = posted.draft, bind_change(posted.draft, posted.pasted)
    if form.forged() or not posted.known:
        return show_unrecognised(keep(draft), form, posted.known)
    if not form.validate():
        return show_form(Page(keep(draft), form, checked=True), 422)
    if not form.to_changes():
        return show_form(Page(draft, form, notice=NOTHING_NEW), 422)
    row = earlier(parts().journal, draft.envelope)
    if row is None or row.state in (State.DRAFT, State.NOT_SENT):
        return send_over(draft, form)
    return send(draft, form)


def send_over(draft: Draft, form: ChangeForm) -> Response:
    """Read the action once more, and send the change unless somebody else has changed the same meanwhile."""
    place, snapshot = draft.envelope.place, draft.envelope.snapshot
    try:
        stored = StoredContainer.of(parts().client.action(place, form.opened.id)) or abort(404)
    except BuddyError as error:
        return show_form(Page(keep(draft), form, notice=f"{error.sentence} {error.advice} {UNSENT}"), 503)
    copy = copy_of(stored)
    envelope = replace(draft.envelope, snapshot=replace(snapshot, opened=opened(stored, copy)))
    fresh = replace(draft, envelope=envelope, typed=form.rebased(draft.typed, copy.typed))
    over = bind_change(fresh)
    if theirs := form.overtaken(copy.typed):
        labelled = {LABELS.get(name, name): value for name, value in theirs.items()}
        return show_form(Page(keep(fresh), over, overtaken=labelled), 409)
    if not over.to_changes():
        return show_form(Page(fresh, over, notice=DONE_ALREADY), 422)
    return send(fresh, over)


def send(draft: Draft, form: ChangeForm) -> Response:
    """Send the change, and go to what came of it."""
    change = Amendment(
        Kind.CHANGE,
        draft,
        form.opened.id,
        actor(),
        changes=form.to_changes(),
        body=form.to_body(),
        redacted=form.redacted(),
        secrets=form.secrets(),
    )
    result = parts().amender.send(change)
    envelope = draft.envelope
    if isinstance(result, Unrecorded):
        return show_unrecorded(draft.typed["name"], envelope.place, envelope.snapshot, result)
    if isinstance(result, Taken):
        return already_sent(change)
    return to_receipt(result.id if isinstance(result, Twin) else envelope.submission)


def already_sent(change: Amendment) -> Response:
    """The form was sent before: unchanged, its receipt; changed since, the form again as a new one."""
    row = earlier(parts().journal, change.draft.envelope)
    if row is not None and row.state != State.DRAFT and row.fingerprint == parts().amender.fingerprint(change):
        return to_receipt(row.id)
    draft = keep(change.draft)
    notice = ELSEWHERE if changed_elsewhere(change.draft, draft) else EDITED
    return show_form(Page(draft, bind(draft), notice=notice), 409)


def to_receipt(id: str) -> Response:
    """Go to what came of a change."""
    return redirect(url_for("submissions.show", id=id), 303)


@bp.errorhandler(Busy)
def not_asked(busy: Busy) -> Response:
    """Too many wait for Buddy: the filled form comes back, kept."""
    values = request.view_args or {}
    if request.method == "POST" and request.endpoint != "changes.draft":
        return show_turned_away(busy, values["place"], values["id"])
    return turned_away(busy)


@bp.errorhandler(JournalUnavailable)
def not_kept(error: JournalUnavailable) -> Response:
    """The database failed before anything was sent: the filled form comes back, without the secrets."""
    values = request.view_args or {}
    if request.method == "POST" and request.endpoint != "changes.draft":
        return show_unkept(values["place"], values["id"])
    return unavailable(error)
