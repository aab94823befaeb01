"""A template that an address names."""

from flask import abort, redirect, session, url_for
from werkzeug.wrappers import Response

from webapp.context import parts
from webapp.library import Shelved

# In the session, until the page of the template has told it: the template whose version has just been made.
JUST_MADE = "template_made"


def template_of(id: str) -> Shelved:
    """A template, or 404."""
    return parts().library.find(id) or abort(404)


def to_template(id: str) -> Response:
    """Go to the page of a template."""
    return redirect(url_for("templates.show", id=id), 303)


def to_made(id: str) -> Response:
    """Go to the page of a template, which tells that a version has just been made."""
    session[JUST_MADE] = id
    return to_template(id)


def was_just_made(id: str) -> bool:
    """Whether a version of a template has just been made by who asks; it is told once."""
    if session.get(JUST_MADE) != id:
        return False
    del session[JUST_MADE]
    return True
