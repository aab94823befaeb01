"""The actions of a pipeline: what is there, and the form that adds one."""

from dataclasses import replace

from flask import jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.buddy.places import Place
from webapp.buddy.snapshot import take_snapshot
from webapp.context import actor, parts, person
from webapp.forms.actions import DEFAULTS, RunContainerForm, read, untouched
from webapp.forms.buttons import CHECK, LINK, PREVIEW, TO_ENV, press
from webapp.forms.posted import content
from webapp.forms.secrets import take_secrets, without_secrets
from webapp.store.failures import JournalUnavailable
from webapp.submissions.attempts import Attempt, Sent, Twin, Unrecorded
from webapp.submissions.drafts import Draft, drop_draft, earlier, keep_draft
from webapp.submissions.envelope import new_envelope
from webapp.submissions.states import State
from webapp.views.copying import original
from webapp.views.errors import unavailable
from webapp.views.form_page import Page, bind, link_to, show_form, show_preview
from webapp.views.guards import editor, viewer
from webapp.views.listing import asked_for
from webapp.views.placed import placed_blueprint
from webapp.views.posting import ELSEWHERE, changed_elsewhere, keep, posted_draft, show_unkept, show_unrecognised
from webapp.views.receipts import show_unrecorded

bp = placed_blueprint("actions", __name__)


@bp.get("")
@viewer
def index(place: Place) -> str:
    """The pipeline's actions, as Buddy has them."""
    pipeline = parts().executor.submit(parts().client.pipeline, place)
    listing = asked_for(parts().client.actions(place), lambda item: (item.name, item.type, str(item.id)))
    return render_template("actions/index.html", place=place, pipeline=pipeline.result(), listing=listing)


@bp.get("/new")
@editor
def new(place: Place) -> Response:
    """The form: empty, filled from the address, or like an action or a submission."""
    now = parts().clock()
    snapshot = take_snapshot(parts().client, parts().executor, place)
    found = original()
    copied = found.into(place, snapshot) if found else None
    typed = copied.copy.typed if copied else without_secrets(content(read(request.args)))
    draft = Draft(new_envelope(person().id, place, snapshot, now), DEFAULTS | typed)
    return show_form(Page(draft, bind(draft), copied=copied))


@bp.post("/new")
@editor
def redraw(place: Place) -> Response:
    """A helper button: the same form with what was typed, changed as the button says. Nothing is sent."""
    posted = posted_draft(place)
    before, button = posted.draft, request.form.get("button", CHECK)
    pressed = press(button, before.typed, posted.pasted)
    typed, secrets = take_secrets(pressed.typed, before.secrets)
    # Variables that are shown as one text are kept as variables.
    draft = keep(before if button == TO_ENV else replace(before, typed=typed, secrets=secrets))
    form = bind(replace(draft, typed=typed), pressed.pasted)
    if form.forged() or not posted.known:
        return show_unrecognised(draft, form, posted.known)
    notice = ELSEWHERE if changed_elsewhere(before, draft) else ""
    page = Page(draft, form, focus=pressed.focus, notice=notice, report=pressed.report or posted.report)
    if pressed.refused:
        form.pastes.validate()
        return show_form(replace(page, checked=True), 422)
    if button == LINK:
        page = replace(page, link=link_to(replace(draft, typed=typed)))
    return show_checked(page, button) if button in (CHECK, PREVIEW) else show_form(page)


def show_checked(page: Page, button: str) -> Response:
    """Check the form, and show it with what is wrong, or its preview if that was asked for."""
    valid = page.form.validate()
    if valid and button == PREVIEW:
        return show_preview(page.draft, page.form)
    return show_form(replace(page, focus="", checked=True), 200 if valid else 422)


@bp.post("/draft")
@editor
def draft(place: Place) -> Response:
    """What script keeps while somebody types. 204: nothing is typed; 409: there is something newer, or it was sent."""
    posted = posted_draft(place)
    if bind(posted.draft).forged() or not posted.known:
        return make_response(jsonify(problem="not recognised"), 400)
    if untouched(posted.draft.typed):
        drop_draft(parts().journal, posted.draft, actor())
        return make_response("", 204)
    kept = keep_draft(parts().journal, posted.draft)
    return make_response(jsonify(draft=str(kept.mark)), 200) if kept else make_response(jsonify(problem="old"), 409)


@bp.post("")
@editor
def create(place: Place) -> Response:
    """Send the form to Buddy, once, and go to its receipt."""
    posted = posted_draft(place)
    draft, form = posted.draft, bind(posted.draft, posted.pasted)
    if form.forged() or not posted.known:
        return show_unrecognised(keep(draft), form, posted.known)
    if not form.validate():
        return show_form(Page(keep(draft), form, checked=True), 422)
    attempt = Attempt(draft, form.to_request(), actor(), known_twin=request.form.get("anyway"))
    result = parts().sender.send(attempt)
    if isinstance(result, Sent):
        return redirect(url_for("submissions.show", id=draft.envelope.submission), 303)
    if isinstance(result, Unrecorded):
        return show_unrecorded(attempt.request.name, place, draft.envelope.snapshot, result.outcome)
    if isinstance(result, Twin):
        return show_form(Page(keep(draft), form, twin=result), 409)
    return already_sent(attempt, form)


def already_sent(attempt: Attempt, form: RunContainerForm) -> Response:
    """The form was sent before: unchanged, its receipt; changed, the form again as a new one, with nothing sent."""
    row = earlier(parts().journal, attempt.draft.envelope)
    if row is not None and row.state != State.DRAFT and row.fingerprint == parts().sender.fingerprint(attempt):
        return redirect(url_for("submissions.show", id=row.id), 303)
    draft = keep(attempt.draft)
    if changed_elsewhere(attempt.draft, draft):
        return show_form(Page(draft, form, notice=ELSEWHERE), 409)
    return show_form(Page(draft, form, edited_copy=True), 409)


@bp.errorhandler(JournalUnavailable)
def not_kept(error: JournalUnavailable) -> Response:
    """The database failed before anything was sent: the filled form comes back."""
    place = (request.view_args or {})["place"]
    if request.method == "POST" and request.endpoint != "actions.draft":
        return show_unkept(place)
    return unavailable(error)
