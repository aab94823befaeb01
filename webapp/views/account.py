"""What concerns the person who is asking."""

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from webapp.auth.people import DEMO, demo_person
from webapp.context import DEMO_ROLE, parts
from webapp.views.guards import viewer

bp = Blueprint("account", __name__, url_prefix="/account")


@bp.get("")
@viewer
def show() -> str:
    """Who you are, and on the sandbox who else you may be."""
    people = DEMO if parts().settings.sandbox else ()
    return render_template("account/show.html", people=people, form=FlaskForm())


@bp.post("/role")
@viewer
def switch() -> Response:
    """Become another one of the sandbox's people."""
    chosen = demo_person(request.form.get("role", ""))
    if not parts().settings.sandbox or chosen is None:
        abort(404)
    if not FlaskForm().validate_on_submit():
        abort(400)
    session[DEMO_ROLE] = chosen.role
    return redirect(url_for("account.show"), 303)
