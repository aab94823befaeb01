"""A template that an address names."""

from flask import abort, redirect, url_for
from werkzeug.wrappers import Response

from webapp.context import parts
from webapp.library import Shelved


def template_of(id: str) -> Shelved:
    """A template, or 404."""
    return parts().library.find(id) or abort(404)


def to_template(id: str) -> Response:
    """Go to the page of a template."""
    return redirect(url_for("templates.show", id=id), 303)
