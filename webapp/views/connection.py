"""The connection to Buddy: its token, for administrators; and the page for when there is none."""

from typing import Any

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.buddy.tokens import Token
from webapp.context import actor, parts
from webapp.forms.connection import ConnectionForm
from webapp.forms.messages import blame
from webapp.http.errors import BuddyError
from webapp.http.scopes import NEEDED, RUNNING, lacking, meaning
from webapp.store.models import BuddyToken
from webapp.views.access import administrator, only_with_sign_in

bp = Blueprint("connection", __name__, url_prefix="/connection")
# There the token comes from the environment.
bp.before_request(only_with_sign_in)


@bp.get("")
@administrator
def show() -> Response:
    """What is known of the token, and the box for another one."""
    return show_fixed() if parts().connection.fixed is not None else show_connection(ConnectionForm())


@bp.post("")
@administrator
def connect() -> Response:
    """Ask Buddy about a token and keep it."""
    if parts().connection.fixed is not None:
        abort(404)
    form = ConnectionForm()
    if not form.validate_on_submit():
        return show_connection(form, 422)
    try:
        parts().connection.connect(form.token.text, actor())
    except BuddyError as error:
        blame(form.token, f"The API token must be one that Buddy accepts. {error.sentence} Nothing was changed.")
        return show_connection(form, 422)
    return redirect(url_for("connection.show", set="1"), 303)


def only_connected() -> Response | None:
    """Let a request pass when there is a token to ask Buddy with; else the page that says who can set one."""
    if parts().connection.token() is not None:
        return None
    return make_response(render_template("connection/missing.html"), 503)


def show_fixed() -> Response:
    """Draw the page of the environment's token, with what Buddy tells of it now."""
    told, trouble = None, ""
    try:
        told = parts().connection.ask_fixed()
    except BuddyError as error:
        trouble = f"{error.sentence} {error.advice}"
    return make_response(draw("connection/fixed.html", told, trouble=trouble))


def show_connection(form: ConnectionForm, status: int = 200) -> Response:
    """Draw the page of the token that an administrator sets."""
    html = draw(
        "connection/show.html",
        parts().connection.kept(),
        form=form,
        ending=parts().connection.ending(),
        just_set="set" in request.args,
        problems=list(form.problems()),
    )
    return make_response(html, status)


def draw(template: str, token: Token | BuddyToken | None, **values: Any) -> str:
    """Draw a page with what is known of a token."""
    scopes = token.scopes if token else None
    return render_template(
        template,
        token=token,
        scopes=scopes,
        meaning=meaning,
        lacking=lacking(scopes, {**NEEDED, **RUNNING}) if scopes else (),
        endpoint=parts().settings.buddy_api_endpoint,
        **values,
    )
