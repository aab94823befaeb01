"""Adding an action: the form, its helper buttons, and the one send."""

from dataclasses import replace

from flask import request
from werkzeug.wrappers import Response

from webapp.buddy.places import Place
from webapp.context import actor, parts, person
from webapp.forms.action_form.buttons import PREVIEW
from webapp.forms.action_form.form import DEFAULTS, read
from webapp.forms.action_form.posted import content
from webapp.forms.action_form.secrets import without_secrets
from webapp.prepared.sending_rules import forewarning
from webapp.store.failures import JournalUnavailable
from webapp.store.templates import TemplateMoved
from webapp.submissions.additions import Addition
from webapp.submissions.drafts import Draft, latest_draft
from webapp.submissions.envelope import Copied
from webapp.submissions.results import AlreadyClaimed, Duplicate, Stopped
from webapp.views.access import editor, with_template
from webapp.views.action_form.binding import AnyForm, bind, bind_answers
from webapp.views.action_form.buttons import keep_typing, show_image_seen, show_pressed
from webapp.views.action_form.checking import only_known
from webapp.views.action_form.copying import NOT_COPIED, original
from webapp.views.action_form.opening import prepare
from webapp.views.action_form.pages import Page, show_form
from webapp.views.action_form.posting import (
    Posted,
    keep,
    nothing_typed,
    posted_draft,
    renewed_for,
    rescued,
    show_unrecognised,
    unkept_texts,
)
from webapp.views.action_form.returning import come_back
from webapp.views.answers.choosing import chosen, insist_on_template
from webapp.views.answers.locks import refuse_outside, show_moved, stopped_by_template
from webapp.views.answers.opening import open_answers
from webapp.views.placed import placed_blueprint
from webapp.views.sending import already_sent, send, telling, to_receipt
from webapp.views.skipped_lists import read_skipped_lists

bp = rescued(placed_blueprint("additions", __name__))

FROM_A_LINK = (
    "The link that you followed has filled in this form. Look at it before you send it: nothing has been sent."
)


@bp.get("/new")
@with_template
def new(place: Place) -> Response:
    """The form, whole or a template's: empty, filled from the address, like an action or a submission, or as it was
    left for its preview."""
    template = chosen(place)
    if left := come_back(place):
        draft, template_status = renewed_for(left)
        return show_form(Page(draft, bind(draft), focus=PREVIEW, template_status=template_status))
    if template:
        return open_answers(place, template)
    with parts().client.slot():
        back = read_skipped_lists(*place.key)
        copying = original()
        opening = prepare(place, None)
        found = copying()
        elsewhere = back()
    if elsewhere:
        return elsewhere
    copied = found.into(place, opening.snapshot) if found else None
    typed = copied.copy.typed if copied else without_secrets(content(read(request.args)))
    told = Copied(copied.name, copied.copy.left) if copied else None
    draft = Draft(replace(opening.envelope(person().id, place), copied=told), DEFAULTS | typed)
    notice = FROM_A_LINK if typed and not copied else ""
    if request.args.get("like") and not copied:
        notice = NOT_COPIED
    waiting = latest_draft(parts().journal, person().id, place) if nothing_typed(draft) else None
    return show_form(Page(draft, bind(draft), notice=notice, waiting=waiting, forewarning=forewarned(place)))


def forewarned(place: Place) -> str:
    """What the team's rules say before the whole form is filled in; nothing while the database can't be read."""
    try:
        return forewarning(parts().rulebook.now(), *place.key)
    except JournalUnavailable:
        return ""


@bp.post("/new")
@with_template
def redraw(place: Place) -> Response:
    """A helper button: the same form with what was typed, changed as the button says. Nothing is sent."""
    insist_on_template(place)
    return show_pressed(posted_draft(place))


@bp.post("/new/image")
@editor
def image(place: Place) -> Response:
    """Whether the image is there, for script, which asks when somebody leaves its boxes."""
    return show_image_seen(posted_draft(place))


@bp.post("/draft")
@with_template
def draft(place: Place) -> Response:
    """What script keeps while somebody types."""
    insist_on_template(place)
    return keep_typing(posted_draft(place))


@bp.post("")
@with_template
def create(place: Place) -> Response:
    """Send the form to Buddy, once, and go to its receipt."""
    insist_on_template(place)
    posted = posted_draft(place)
    draft, form = posted.draft, to_be_sent(posted)
    if form.forged() or not (posted.known or posted.locked):
        return show_unrecognised(keep(draft), form, posted.known, posted.template_status)
    if refused := stopped_by_template(posted, draft, form):
        return refused
    if not form.validate():
        refuse_outside(form, posted.template_status)
        kept = keep(draft)
        mistakes = Page(kept, form, checked=True, template_status=posted.template_status)
        return unkept_texts(kept, draft.secrets) or show_form(mistakes, 422)
    made = posted.template_status.now.as_read if posted.template_status else None
    addition = Addition(only_known(draft, form), actor(), form.to_request(), request.form.get("anyway"), made=made)
    try:
        return send(addition, lambda why: not_sent(addition, form, why))
    except TemplateMoved:
        return show_moved(draft)


def to_be_sent(posted: Posted) -> AnyForm:
    """The form of what was posted. Where it is a template's, its secrets are opened: for the send, and never kept."""
    if posted.template_status is None:
        return bind(posted.draft, posted.pasted)
    return bind_answers(posted.draft, parts().library.secrets(posted.template_status.now.id))


def not_sent(addition: Addition, form: AnyForm, why: AlreadyClaimed | Duplicate | Stopped) -> Response:
    """The form once more, which says why; or the receipt, when it asks for what was done already."""
    if isinstance(why, Duplicate):
        return show_form(Page(keep(addition.draft), form, duplicate=why), 409)
    return stopped(addition, form, why) if isinstance(why, Stopped) else already_sent(addition, form)


def stopped(addition: Addition, form: AnyForm, why: Stopped) -> Response:
    """An earlier attempt may be there: its page, when this form asks for the same, else the form once more."""
    row = parts().journal.find(why.id)
    if row is not None and why.added and row.fingerprint == parts().sender.fingerprint(addition):
        return to_receipt(row.id)
    known = [addition.known_duplicate] if addition.known_duplicate else []
    return show_form(Page(keep(telling(addition.draft, known)), form, stopped=why), 409)
