"""The actions of a pipeline: what is there, and the form that adds one."""

from collections.abc import Iterable
from dataclasses import replace

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.buddy.permissions import missing
from webapp.buddy.places import Place
from webapp.buddy.slots import Busy
from webapp.context import actor, parts, person
from webapp.forms.actions import DEFAULTS, RunContainerForm, read
from webapp.forms.posted import content
from webapp.forms.secrets import without_secrets
from webapp.store.failures import JournalUnavailable
from webapp.submissions.attempts import Attempt, Sent, Stopped, Twin, Unrecorded
from webapp.submissions.drafts import Draft, earlier, latest_draft
from webapp.submissions.states import ADDED, State
from webapp.views.copying import original
from webapp.views.errors import turned_away, unavailable
from webapp.views.form_page import Page, bind, show_form
from webapp.views.guards import editor, viewer
from webapp.views.helpers import keep_typing, show_pressed
from webapp.views.learning import learn
from webapp.views.listing import asked_for
from webapp.views.placed import placed_blueprint
from webapp.views.posting import (
    ELSEWHERE,
    changed_elsewhere,
    keep,
    nothing_typed,
    posted_draft,
    show_turned_away,
    show_unkept,
    show_unrecognised,
)
from webapp.views.receipts import show_unrecorded

bp = placed_blueprint("actions", __name__)

FROM_A_LINK = (
    "The link that you followed has filled in this form. Look at it before you send it: nothing has been sent."
)
NOT_COPIED = "What was to be copied is not there, or is of a kind that can't be copied. This form is a new one."


@bp.get("")
@viewer
def index(place: Place) -> str:
    """The pipeline's actions, as Buddy has them."""
    with parts().client.slot():
        pipeline = parts().executor.submit(parts().client.pipeline, place)
        lacking = parts().executor.submit(missing, parts().client)
        listing = asked_for(parts().client.actions(place), lambda item: (item.called, item.type, str(item.id)))
        told = {"pipeline": pipeline.result(), "lacking": lacking.result()}
    return render_template("actions/index.html", place=place, listing=listing, **told)


@bp.get("/new")
@editor
def new(place: Place) -> Response:
    """The form: empty, filled from the address, or like an action or a submission."""
    learned = learn(place, None)
    found = original()
    copied = found.into(place, learned.snapshot) if found else None
    typed = copied.copy.typed if copied else without_secrets(content(read(request.args)))
    draft = Draft(learned.envelope(person().id, place), DEFAULTS | typed)
    notice = FROM_A_LINK if typed and not copied else ""
    if request.args.get("like") and not copied:
        notice = NOT_COPIED
    waiting = latest_draft(parts().journal, person().id, place) if nothing_typed(draft) else None
    return show_form(Page(draft, bind(draft), copied=copied, notice=notice, waiting=waiting))


@bp.post("/new")
@editor
def redraw(place: Place) -> Response:
    """A helper button: the same form with what was typed, changed as the button says. Nothing is sent."""
    return show_pressed(posted_draft(place))


@bp.post("/draft")
@editor
def draft(place: Place) -> Response:
    """What script keeps while somebody types."""
    return keep_typing(posted_draft(place))


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
        return show_unrecorded(attempt.request.name, place, draft.envelope.snapshot, result)
    if isinstance(result, Twin):
        return show_form(Page(keep(draft), form, twin=result), 409)
    if isinstance(result, Stopped):
        return stopped(attempt, form, result)
    return already_sent(attempt, form)


def stopped(attempt: Attempt, form: RunContainerForm, why: Stopped) -> Response:
    """An earlier attempt may be there: its page, when this form asks for the same, else the form once more."""
    row = parts().journal.find(why.id)
    if row is not None and why.added and row.fingerprint == parts().sender.fingerprint(attempt):
        return redirect(url_for("submissions.show", id=row.id), 303)
    known = [attempt.known_twin] if attempt.known_twin else []
    return show_form(Page(keep(telling(attempt.draft, known)), form, stopped=why), 409)


def telling(draft: Draft, added: Iterable[str]) -> Draft:
    """The same form, whose page tells of submissions that have added an action."""
    envelope = draft.envelope
    return replace(draft, envelope=replace(envelope, told=tuple({*envelope.told, *added})))


def already_sent(attempt: Attempt, form: RunContainerForm) -> Response:
    """The form was sent before: unchanged, its receipt; changed, the form again as a new one, with nothing sent."""
    row = earlier(parts().journal, attempt.draft.envelope)
    if row is not None and row.state != State.DRAFT and row.fingerprint == parts().sender.fingerprint(attempt):
        return redirect(url_for("submissions.show", id=row.id), 303)
    family = parts().journal.family(row.family) if row is not None and row.family else []
    draft = keep(telling(attempt.draft, [each.id for each in family if each.state in ADDED]))
    if changed_elsewhere(attempt.draft, draft):
        return show_form(Page(draft, form, notice=ELSEWHERE), 409)
    return show_form(Page(draft, form, edited_copy=True), 409)


@bp.errorhandler(Busy)
def not_asked(busy: Busy) -> Response:
    """Too many wait for Buddy: the filled form comes back, kept."""
    if request.method == "POST" and request.endpoint != "actions.draft":
        return show_turned_away(busy, (request.view_args or {})["place"])
    return turned_away(busy)


@bp.errorhandler(JournalUnavailable)
def not_kept(error: JournalUnavailable) -> Response:
    """The database failed before anything was sent: the filled form comes back."""
    place = (request.view_args or {})["place"]
    if request.method == "POST" and request.endpoint != "actions.draft":
        return show_unkept(place)
    return unavailable(error)
