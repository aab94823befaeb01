"""A posted form: read, kept as a draft, and shown again when it could not be kept."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from webapp.auth.people import Role
from webapp.buddy.places import Place
from webapp.buddy.snapshot import Snapshot
from webapp.context import actor, asked, parts, person, visitor
from webapp.forms.action_form.fillings import Report, fill_from_env, together
from webapp.forms.action_form.form import RunContainerForm, read, untouched
from webapp.forms.action_form.posted import Typed, content, pastes
from webapp.forms.action_form.references import fill_from_name
from webapp.forms.action_form.secrets import names_secrets, take_secrets
from webapp.http.slots import Busy
from webapp.store.events import NewEvent
from webapp.store.failures import JournalUnavailable
from webapp.store.journal import Mark
from webapp.submissions.drafts import Draft, drop_draft, kept_secrets, save_draft
from webapp.submissions.envelope import Envelope, new_envelope
from webapp.submissions.states import Kind, State
from webapp.views.action_form.opening import prepare
from webapp.views.action_form.pages import Page, bind, bind_change, show_form
from webapp.views.errors import to_be_tried_again, turned_away, unavailable

# A form is open for a day at most, and a session shorter than that.
RESCUED_WITHIN = timedelta(hours=24)
UNRECOGNISED = "This page was not recognised. Check what you typed and send it again: nothing has been sent."
TOO_OLD = "This page was open too long. Check what you typed and send it again: nothing has been sent."
ELSEWHERE = (
    "This form was changed on another page since you opened it here. Both are kept, each as a draft of its own. "
    "Nothing has been sent."
)
TURNED_AWAY = "Nothing was sent, and what you typed is kept as a draft: wait a moment, then press the button again."
TURNED_AWAY_UNKEPT = "Nothing was sent: wait a moment, then press the button again."
NOT_KEPT = (
    "Slipway can't use its database at this moment. Nothing was sent to Buddy, and what you typed is not kept: leave "
    "this page open and try again in a moment. Secrets have to be typed again."
)


@dataclass(frozen=True)
class Posted:
    """A posted form, with the variables of a pasted text in it, and a whole image split into its boxes.

    `known` says whether its signed value was this person's own for this place. `pasted` is what stays in the boxes for
    texts, `report` what was filled in from them and from the image.
    """

    draft: Draft
    known: bool
    pasted: Typed
    report: Report | None


def posted_draft(place: Place, id: int | None = None) -> Posted:
    """Read the posted form, of a new action or of the one with this id.

    Where its signed value was not this person's own, the form goes on with a new one, unless the CSRF token is wrong
    too: then a stranger's page has posted it.
    """
    typed = read(request.form)
    envelope = parts().seal.open(typed.get("envelope", ""), person().id, place)
    if envelope is None or envelope.snapshot.opened_id != id:
        return read_posted(typed, replacement(place, id), known=False)
    return read_posted(typed, envelope, known=True)


def read_posted(typed: Typed, envelope: Envelope, known: bool) -> Posted:
    """What was posted: the draft, with the secrets that it names, and what was pasted."""
    stored = kept_secrets(parts().journal, envelope) if names_secrets(typed) else {}
    pasted = pastes(typed)
    opened = envelope.snapshot.opened
    split, image = fill_from_name(content(typed), opened.before if opened else None)
    filled, pasted["env_text"], variables = fill_from_env(split, pasted["env_text"])
    report = together(image, variables)
    public, secrets = take_secrets(filled, stored)
    return Posted(Draft(envelope, public, secrets, Mark.parse(typed.get("draft", ""))), known, pasted, report)


def rescue(place: Place) -> Draft | None:
    """Keep a form that was posted after its person's session had ended, among that person's drafts.

    None when nothing was typed, the person may no longer keep anything, or the form is not one that Slipway handed out
    of late: a stranger can't keep anything.
    """
    typed = read(request.form)
    envelope = parts().seal.read(typed.get("envelope", ""), place)
    if envelope is None or parts().clock().timestamp() - envelope.issued_at > RESCUED_WITHIN.total_seconds():
        return None
    if not may_keep(envelope.owner):
        return None
    draft = read_posted(typed, envelope, known=True).draft
    return None if nothing_typed(draft) else save_draft(parts().journal, draft)


def may_keep(owner: str) -> bool:
    """Whether somebody who is not signed in at the moment is still one who may have drafts."""
    account = parts().staff.accounts.find(owner)
    return account is not None and account.disabled_at is None and Role.of(account.role).covers(Role.CONTRIBUTOR)


def show_unrecognised(draft: Draft, form: RunContainerForm, envelope_known: bool) -> Response:
    """The filled form once more, after its CSRF token or its signed value was not recognised."""
    event = NewEvent(actor(), "refused", "form", asked())
    parts().journal.record(event)
    return show_form(Page(draft, form, notice=TOO_OLD if envelope_known else UNRECOGNISED), 400)


def replacement(place: Place, id: int | None) -> Envelope:
    """A new envelope for a form whose own was not recognised."""
    if bind(Draft(unread(place), {})).forged():
        abort(400)
    return prepare(place, id).envelope(person().id, place)


def unread(place: Place) -> Envelope:
    """An envelope that knows nothing of its pipeline."""
    return new_envelope(person().id, place, Snapshot(f"pipeline {place.pipeline}"), parts().clock())


def nothing_typed(draft: Draft) -> bool:
    """Whether there is nothing to keep: no box is filled in, or no box differs from what Buddy has."""
    return untouched(draft.typed) if draft.kind is Kind.ADDITION else not bind_change(draft).to_changes()


def keep(draft: Draft) -> Draft:
    """Keep what was typed. Where nothing is typed, nothing is kept."""
    if nothing_typed(draft):
        drop_draft(parts().journal, draft, actor())
        return draft
    return save_draft(parts().journal, draft)


def changed_elsewhere(before: Draft, kept: Draft) -> bool:
    """Whether what was typed had to be kept apart because another page has kept something newer."""
    if before.envelope.submission == kept.envelope.submission or not kept.kept:
        return False
    row = parts().journal.find(before.envelope.submission)
    return row is not None and row.state == State.DRAFT


def rescued(bp: Blueprint) -> Blueprint:
    """Have what is posted to a blueprint's form come back filled when Buddy can't be asked, or nothing can be kept.

    What script keeps by itself (the view `draft`) is told so in short.
    """
    bp.register_error_handler(Busy, not_asked)
    bp.register_error_handler(JournalUnavailable, not_kept)
    return bp


def not_asked(busy: Busy) -> Response:
    """Too many wait for Buddy: the filled form comes back, kept."""
    values = request.view_args or {}
    return show_turned_away(busy, values["place"], values.get("id")) if is_form() else turned_away(busy)


def not_kept(error: JournalUnavailable) -> Response:
    """The database failed before anything was sent: the filled form comes back, without the secrets."""
    values = request.view_args or {}
    return show_unkept(values["place"], values.get("id")) if is_form() else unavailable(error)


def is_form() -> bool:
    """Whether a person has posted a form, and not script a draft."""
    return request.method == "POST" and not (request.endpoint or "").endswith(".draft")


def show_turned_away(busy: Busy, place: Place, id: int | None = None) -> Response:
    """The filled form once more, kept, after too many others were waiting for Buddy."""
    typed = read(request.form)
    envelope = parts().seal.open(typed.get("envelope", ""), person().id, place)
    if envelope is None or envelope.snapshot.opened_id != id:
        if id is not None:
            # What is to be changed is not known, so that there is no form to show.
            return turned_away(busy)
        envelope = unread(place)
    posted = read_posted(typed, envelope, known=True)
    draft = keep(posted.draft)
    notice = f"{busy.sentence} {TURNED_AWAY if draft.kept else TURNED_AWAY_UNKEPT}"
    return to_be_tried_again(show_form(Page(draft, bind(draft, posted.pasted), notice=notice), 503), busy)


def show_unkept(place: Place, id: int | None = None) -> Response:
    """The filled form once more, after it could not be kept."""
    typed = read(request.form)
    # Whoever's it is: it goes back to the browser that it came from, and nowhere else.
    envelope = parts().seal.read(typed.get("envelope", ""), place)
    if envelope is None or envelope.snapshot.opened_id != id:
        if visitor() is None or id is not None:
            abort(503)
        envelope = unread(place)
    public, _ = take_secrets(content(typed), {})
    draft = Draft(envelope, public, {}, Mark.parse(typed.get("draft", "")))
    return show_form(Page(draft, bind(draft, pastes(typed)), notice=NOT_KEPT), 503)
