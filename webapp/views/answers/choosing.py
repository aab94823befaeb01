"""Which template an address or a form names, and whether who asks may do without one."""

from flask import abort, request

from webapp.auth.people import Role
from webapp.buddy.places import Place
from webapp.context import parts, person
from webapp.views.access import insist
from webapp.views.action_form.posting import posted_envelope
from webapp.views.answers.template_status import TemplateStatus


def chosen(place: Place) -> TemplateStatus | None:
    """The template that the address names, as it is now; None where it names none: that takes an editor.

    One that is not there is not found.
    """
    id = request.args.get("template", "")
    now = parts().library.find(id) if id else None
    if now is not None:
        return TemplateStatus(now, place, now.version)
    insist(Role.EDITOR)
    return abort(404) if id else None


def insist_on_template(place: Place) -> None:
    """Refuse who posts the whole form and is no editor. Which one it is its signed value says, or else the address:
    where the value is of another form than this one, it says nothing."""
    if person().role.covers(Role.EDITOR) and not request.args.get("template"):
        return
    envelope = posted_envelope(place, None)
    if envelope is None or envelope.template is None:
        chosen(place)
