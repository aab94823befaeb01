"""The actions of a pipeline: what is there, and the form that adds one."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.buddy.actions import RunDockerContainer
from webapp.buddy.places import Place
from webapp.buddy.snapshot import take_snapshot
from webapp.context import parts, person
from webapp.forms.actions import DEFAULTS, RunContainerForm, read
from webapp.forms.buttons import CHECK, press
from webapp.forms.posted import Typed, content
from webapp.forms.secrets import names_secrets, take_secrets, without_secrets
from webapp.submissions.drafts import Draft, earlier, kept_secrets, save_draft
from webapp.submissions.envelope import Envelope, new_envelope
from webapp.views.form_page import Page, bind, show_form

bp = Blueprint(
    "actions", __name__, url_prefix="/workspaces/<workspace>/projects/<project>/pipelines/<pipeline>/actions"
)

UNRECOGNISED = "This page was not recognised. Check what you typed and send it again: nothing has been sent."
TOO_OLD = "This page was open too long. Check what you typed and send it again: nothing has been sent."


@bp.url_value_preprocessor
def read_place(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Turn the three parts of the address into a place; an impossible one is not found."""
    if values is not None:
        try:
            values["place"] = Place.parse(values.pop("workspace"), values.pop("project"), values.pop("pipeline"))
        except ValueError:
            abort(404)


@bp.url_defaults
def write_place(endpoint: str, values: dict[str, Any]) -> None:
    """Turn a place into the three parts of the address."""
    place = values.pop("place", None)
    if place is not None:
        values.update(workspace=place.workspace, project=place.project, pipeline=place.pipeline)


@bp.get("")
def index(place: Place) -> str:
    """The pipeline's actions, as Buddy has them."""
    return render_template("actions/index.html", place=place, pipeline=parts().client.pipeline(place))


@bp.get("/new")
def new(place: Place) -> Response:
    """The form: empty, filled from the address, or like an earlier submission."""
    snapshot = take_snapshot(parts().client, parts().executor, place)
    draft = Draft(new_envelope(person().id, place, snapshot), DEFAULTS | starting_values())
    return show_form(Page(draft, bind(draft)))


def starting_values() -> Typed:
    """What the address asks the form to begin with; never a secret."""
    like = request.args.get("like")
    earlier_one = parts().journal.find(like) if like else None
    if earlier_one is not None and (earlier_one.sent_at or earlier_one.owner == person().id):
        return without_secrets(earlier_one.typed)
    return without_secrets(content(read(request.args)))


@bp.post("/new")
def redraw(place: Place) -> Response:
    """A helper button: the same form with what was typed, changed as the button says. Nothing is sent."""
    draft, envelope_known = posted_draft(place)
    button = request.form.get("button", CHECK)
    typed, focus = press(button, draft.typed)
    typed, secrets = take_secrets(typed, draft.secrets)
    draft = save_draft(parts().journal, Draft(draft.envelope, typed, secrets))
    form = bind(draft)
    if form.forged() or not envelope_known:
        return show_form(Page(draft, form, notice=TOO_OLD if envelope_known else UNRECOGNISED), 400)
    if button == CHECK:
        valid = form.validate()
        return show_form(Page(draft, form, checked=True), 200 if valid else 422)
    return show_form(Page(draft, form, focus=focus))


@bp.post("")
def create(place: Place) -> Response:
    """Send the form to Buddy, once, and go to its receipt."""
    draft, envelope_known = posted_draft(place)
    form = bind(draft)
    if form.forged() or not envelope_known:
        draft = save_draft(parts().journal, draft)
        return show_form(Page(draft, form, notice=TOO_OLD if envelope_known else UNRECOGNISED), 400)
    if not form.validate():
        return show_form(Page(save_draft(parts().journal, draft), form, checked=True), 422)
    container = form.to_request()
    if not parts().sender.send(draft, container):
        return already_sent(draft, form, container)
    return redirect(url_for("submissions.show", id=draft.envelope.submission), 303)


def already_sent(draft: Draft, form: RunContainerForm, container: RunDockerContainer) -> Response:
    """The form was sent before: unchanged, its receipt; changed, the form again as a new one, with nothing sent."""
    row = earlier(parts().journal, draft.envelope)
    if row is not None and row.fingerprint == parts().sender.fingerprint(draft, container):
        return redirect(url_for("submissions.show", id=row.id), 303)
    return show_form(Page(save_draft(parts().journal, draft), form, edited_copy=True), 409)


def posted_draft(place: Place) -> tuple[Draft, bool]:
    """Read the posted form, and whether its signed value was this person's own for this place.

    Where it was not, the form goes on with a new one, unless the CSRF token is wrong too: then a stranger's page
    has posted it.
    """
    typed = read(request.form)
    envelope = parts().seal.open(typed.get("envelope", ""), person().id, place)
    known = envelope is not None
    if envelope is None:
        envelope = replacement(place)
    stored = kept_secrets(parts().journal, envelope) if names_secrets(typed) else {}
    public, secrets = take_secrets(content(typed), stored)
    return Draft(envelope, public, secrets), known


def replacement(place: Place) -> Envelope:
    """A new envelope for a form whose own was not recognised."""
    snapshot = take_snapshot(parts().client, parts().executor, place)
    envelope = new_envelope(person().id, place, snapshot)
    if bind(Draft(envelope, {})).forged():
        abort(400)
    return envelope
