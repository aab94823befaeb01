"""A template that an address names."""

import re

from flask import abort, redirect, session, url_for
from werkzeug.wrappers import Response

from webapp.context import parts
from webapp.library import CurrentTemplate
from webapp.prepared.templates import Template

VERSION = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)

# In the session, until the page of the template has told it: the template whose version has just been made.
JUST_MADE = "template_made"


def template_of(id: str) -> CurrentTemplate:
    """A template, or 404."""
    return parts().library.find(id) or abort(404)


def version_of(seen: CurrentTemplate, text: str) -> tuple[int, Template]:
    """The version of a template that an address names, the present one where it names none; or 404."""
    if not text:
        return seen.version, seen.template
    number = int(text) if VERSION.fullmatch(text) else 0
    return number, parts().library.version(seen.id, number) or abort(404)


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
