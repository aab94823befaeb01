"""A posted form: read, kept as a draft, and shown again when it could not be kept."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from webapp.auth.people import Role
from webapp.buddy.places import Place
from webapp.buddy.snapshot import Snapshot
from webapp.context import actor, asked, parts, person, visitor, would_be_let
from webapp.forms.action_form.buttons import FILL, FILL_AGAIN
from webapp.forms.action_form.fillings import fill_from_env
from webapp.forms.action_form.form import read, untouched
from webapp.forms.action_form.posted import PAGE_FIELDS, PASTES, Typed, content, pastes
from webapp.forms.action_form.references import fill_from_name
from webapp.forms.action_form.reports import Report, together
from webapp.forms.action_form.secrets import names_secrets, take_secrets
from webapp.forms.answers import as_untouched, given, locked_names, posted_answers, take_secret_answers
from webapp.forms.messages import blame
from webapp.http.slots import Busy
from webapp.prepared.answers import answers_in, fill
from webapp.store.events import NewEvent
from webapp.store.failures import JournalUnavailable
from webapp.store.journal import Mark
from webapp.submissions.drafts import Draft, drop_draft, kept_secrets, save_draft
from webapp.submissions.envelope import Envelope, FromTemplate, new_envelope
from webapp.submissions.states import Kind, State
from webapp.views.action_form.binding import AnyForm, bind, bind_change, template_of, whole_form
from webapp.views.action_form.opening import prepare
from webapp.views.action_form.pages import Page, show_form
from webapp.views.answers.template_status import TemplateStatus, template_status_of
from webapp.views.errors import page, to_be_tried_again, turned_away, unavailable

# A form is open for a day at most, and a session shorter than that.
RESCUED_WITHIN = timedelta(hours=24)
UNRECOGNISED = "This page was not recognised. Check what you typed and send it again: nothing has been sent."
TOO_OLD = "This page was open for too long. Check what you typed and send it again: nothing has been sent."
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

NO_ROOM = (
    "There is no room to keep the secrets in this text, so nothing was filled in from it: discard drafts on the "
    "home page in another tab, then press the button again"
)
STILL_IN_THE_BROWSER = "Go back: your browser still has what you typed. Send it again in a moment."


@dataclass(frozen=True)
class Posted:
    """A posted form, with the variables of a pasted text in it, and a whole image split into its boxes.

    `known` says whether its signed value was this person's own for this place. `pasted` is what stays in the boxes for
    texts, `report` what was filled in from them and from the image. Of a template's form, `template_status` tells of
    the template, and `locked` are the boxes that were posted though it has none of them.
    """

    draft: Draft
    known: bool
    pasted: Typed
    report: Report | None = None
    template_status: TemplateStatus | None = None
    locked: tuple[str, ...] = ()


def posted_draft(place: Place, id: int | None = None) -> Posted:
    """Read the posted form, of a new action or of the one with this id.

    Where its signed value was not this person's own, the form goes on with a new one, unless the CSRF token is wrong
    too: then a stranger's page has posted it.
    """
    typed, envelope = read(request.form), posted_envelope(place, id)
    if envelope is None:
        return read_posted(typed, replacement(place, id), known=False)
    return read_posted(typed, envelope, known=True)


def posted_envelope(place: Place, id: int | None) -> Envelope | None:
    """The signed value of the posted form; None when it is not this person's own for just this form."""
    envelope = parts().seal.open(request.form.get("envelope", ""), person().id, place)
    if envelope is None or envelope.snapshot.opened_id != id or not is_of_template(envelope):
        return None
    return envelope


def is_of_template(envelope: Envelope) -> bool:
    """Whether a signed value is of the template that the address names, if it names one."""
    named = request.args.get("template")
    return not named or (envelope.template is not None and envelope.template.id == named)


def read_posted(typed: Typed, envelope: Envelope, known: bool) -> Posted:
    """What was posted: the draft, with the secrets that it names, and what was pasted."""
    if envelope.template:
        return read_answers(envelope, envelope.template, known)
    stored = kept_secrets(parts().journal, envelope) if names_secrets(typed) else {}
    pasted = pastes(typed)
    opened = envelope.snapshot.opened
    split, image = fill_from_name(content(typed), opened.before if opened else None)
    filled, pasted["env_text"], variables = fill_from_env(split, pasted["env_text"])
    report = together(image, variables)
    public, secrets = take_secrets(filled, stored)
    return Posted(Draft(envelope, public, secrets, Mark.parse(typed.get("draft", ""))), known, pasted, report)


def read_answers(envelope: Envelope, source: FromTemplate, known: bool) -> Posted:
    """The same of a template's form: the answers alone. They go on with the template as it is now."""
    posted = {name: text for name, text in request.form.items() if name not in PAGE_FIELDS - set(PASTES)}
    template_status = template_status_of(source, envelope.place) or abort(404)
    # What was asked when the form was opened is no lock that somebody wants to open.
    locked = locked_names(template_status.before or template_status.template, posted)
    typed = posted_answers(template_status.template, posted)
    stored = kept_secrets(parts().journal, envelope) if names_secrets(typed) else {}
    public, secrets = take_secret_answers(template_status.template, typed, stored)
    mark = Mark.parse(request.form.get("draft", ""))
    draft = Draft(replace(envelope, template=template_status.source), public, secrets, mark)
    return Posted(with_name(draft), known, pastes({}), template_status=template_status, locked=locked)


def with_name(draft: Draft) -> Draft:
    """A draft of a template's form with the name that its answers make."""
    template = template_of(draft)
    return replace(draft, called=fill(template, answers_in(template, draft.typed)).get("name", ""))


def renewed_for(draft: Draft) -> tuple[Draft, TemplateStatus | None]:
    """A draft as it goes on: one of a template's form with the template as it is now, and where that stands."""
    source = draft.envelope.template
    if source is None:
        return draft, None
    template_status = template_status_of(source, draft.envelope.place) or abort(404)
    return with_name(replace(draft, envelope=replace(draft.envelope, template=template_status.source))), template_status


def rescue(place: Place, id: int | None, person_id: str | None = None) -> Draft | None:
    """Keep a form that was posted after its person's session had ended, or a role of theirs, among their drafts: that
    of a new action, or of the one with this id.

    None when nothing was typed, the person may no longer keep anything or is not the one who is asking (`person_id`),
    or the form is not one that Slipway handed out in the last 24 hours: a stranger can't keep anything.
    """
    typed = read(request.form)
    envelope = parts().seal.read(typed.get("envelope", ""), place)
    if envelope is None or envelope.snapshot.opened_id != id:
        return None
    if parts().clock().timestamp() - envelope.issued_at > RESCUED_WITHIN.total_seconds():
        return None
    if envelope.owner != person_id if person_id else not would_be_let(envelope.owner, Role.CONTRIBUTOR):
        return None
    draft = read_posted(typed, envelope, known=True).draft
    return None if nothing_typed(draft) else save_draft(parts().journal, draft)


def show_unrecognised(
    draft: Draft, form: AnyForm, envelope_known: bool, template_status: TemplateStatus | None = None
) -> Response:
    """The filled form once more, after its CSRF token or its signed value was not recognised."""
    event = NewEvent(actor(), "refused", "form", asked())
    parts().journal.record(event)
    return show_form(
        Page(draft, form, notice=TOO_OLD if envelope_known else UNRECOGNISED, template_status=template_status), 400
    )


def replacement(place: Place, id: int | None) -> Envelope:
    """A new envelope for a form whose own was not recognised."""
    if bind(Draft(unread(place), {})).forged():
        abort(400)
    envelope = prepare(place, id).envelope(person().id, place)
    named = parts().library.find(request.args.get("template", ""))
    return replace(envelope, template=FromTemplate(named.id, named.version)) if named else envelope


def unread(place: Place) -> Envelope:
    """An envelope that knows nothing of its pipeline."""
    return new_envelope(person().id, place, Snapshot(f"pipeline {place.pipeline}"), parts().clock())


def nothing_typed(draft: Draft) -> bool:
    """Whether there is nothing to keep: no box is filled in, or no box differs from what Buddy has."""
    if draft.envelope.template:
        # The answers of an action that is there are some already.
        return draft.kind is Kind.ADDITION and as_untouched(template_of(draft), draft.typed)
    return untouched(draft.typed) if draft.kind is Kind.ADDITION else not bind_change(draft).to_changes()


def as_opened(draft: Draft) -> bool:
    """Whether there is nothing to keep, also where a link or another submission has filled in the answers: whoever
    follows the same way has them again."""
    return nothing_typed(draft) or draft.envelope.begun == begun_as(draft.typed)


def begun_as(answers: Mapping[str, str]) -> str:
    """Tell answers from others."""
    return parts().vault.fingerprint(json.dumps(given(answers), sort_keys=True).encode())


def keep(draft: Draft) -> Draft:
    """Keep what was typed. Where nothing is typed, nothing is kept."""
    if as_opened(draft):
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
    if not is_form():
        return unavailable(error)
    if not request.args.get("template"):
        return show_unkept(values["place"], values.get("id"))
    with suppress(JournalUnavailable):
        return show_answers_unkept(values["place"])
    # What the template asks can't be read either.
    return page(503, "Slipway can't use its database", STILL_IN_THE_BROWSER)


def show_answers_unkept(place: Place) -> Response:
    """The answers once more, after they could not be kept. Raises `JournalUnavailable`."""
    envelope = parts().seal.read(request.form.get("envelope", ""), place)
    if envelope is None or envelope.template is None:
        abort(503)
    posted = read_answers(envelope, envelope.template, known=True)
    draft = replace(posted.draft, secrets={})
    return show_form(Page(draft, bind(draft), notice=NOT_KEPT, template_status=posted.template_status), 503)


def is_form() -> bool:
    """Whether a person has posted a form, and not script a draft, or the image to be checked."""
    return request.method == "POST" and not (request.endpoint or "").endswith((".draft", ".image"))


def show_turned_away(busy: Busy, place: Place, id: int | None = None) -> Response:
    """The filled form once more, kept, after too many others were waiting for Buddy."""
    typed = read(request.form)
    envelope = parts().seal.open(typed.get("envelope", ""), person().id, place)
    if envelope is None or envelope.snapshot.opened_id != id:
        if id is not None or request.args.get("template"):
            # What is to be changed, or what is asked, is not known, so that there is no form to show.
            return turned_away(busy)
        envelope = unread(place)
    posted = read_posted(typed, envelope, known=True)
    draft = keep(posted.draft)
    notice = f"{busy.sentence} {TURNED_AWAY if draft.kept else TURNED_AWAY_UNKEPT}"
    return to_be_tried_again(show_form(Page(draft, bind(draft, posted.pasted), notice=notice), 503), busy)


def unkept_texts(draft: Draft, secrets: Mapping[str, str]) -> Response | None:
    """The form as it was posted, its pasted texts in their boxes, where a secret out of them could not be kept: in a
    `draft` of all these `secrets`. None where that is not so."""
    lost = {secrets[id] for id in secrets.keys() - draft.secrets.keys()}
    if draft.kept or not lost or draft.envelope.template:
        return None
    typed = read(request.form)
    public, secret = take_secrets(content(typed), draft.secrets)
    if lost <= set(secret.values()):
        return None
    back = replace(draft, typed=public, secrets={id: secret[id] for id in secret.keys() & draft.secrets.keys()})
    form = bind(back, pastes(typed))
    texts = whole_form(form).pastes
    box = texts.run_command if request.form.get("button") in (FILL, FILL_AGAIN) else texts.env_text
    blame(box, NO_ROOM)
    return show_form(Page(back, form, focus=box.id, checked=True), 422)


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
