"""Taking a template out of use, bringing it back, and removing one of its secrets."""

from flask import abort, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from webapp.context import actor, parts
from webapp.prepared.secrets import slots
from webapp.views.templates.bp import bp
from webapp.views.templates.makers import maker, makers
from webapp.views.templates.pages import show_question
from webapp.views.templates.taking import template_of, to_template


@bp.post("/<id>/retirement")
@maker
def retire(id: str) -> Response:
    """Let nothing more be made from a template, once its maker is sure."""
    seen = template_of(id)
    refuse_forged()
    if "sure" not in request.form:
        return show_question("retire", seen)
    parts().library.retire(seen, actor(), makers())
    return to_template(id)


@bp.post("/<id>/return")
@maker
def give_back(id: str) -> Response:
    """Bring a retired template back."""
    seen = template_of(id)
    refuse_forged()
    parts().library.give_back(seen, actor(), makers())
    return to_template(id)


@bp.post("/<id>/secrets/delete")
@maker
def remove_secret(id: str) -> Response:
    """Remove one of its secrets, once its maker is sure."""
    seen, slot = template_of(id), request.form.get("slot", "")
    refuse_forged()
    if slot not in slots(seen.template):
        abort(404)
    if "sure" not in request.form:
        return show_question("remove_secret", seen, slot=slot)
    parts().library.remove_secret(seen, slot, actor(), makers())
    return to_template(id)


def refuse_forged() -> None:
    """400 for what a page of another browser has posted."""
    if not FlaskForm().validate_on_submit():
        abort(400)
