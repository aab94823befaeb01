"""What concerns the person who is asking: who they are, their password, and where they are signed in."""

from flask import Blueprint, abort, jsonify, make_response, redirect, render_template, request, session, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from webapp.auth.people import DEMO, demo_person
from webapp.auth.sessions import Visit
from webapp.auth.sign_in_limits import Wait
from webapp.context import DEMO_ROLE, actor, parts, visit
from webapp.forms.passwords import ChangePasswordForm
from webapp.views.access import viewer
from webapp.views.sign_in import remember

bp = Blueprint("account", __name__, url_prefix="/account")

CHANGED = "Enter your current password: it was changed at this moment"
TOO_MANY = "Wait some minutes: there were too many attempts"


@bp.get("")
@viewer
def show() -> Response:
    """Who you are, and where you are signed in."""
    return show_account(ChangePasswordForm())


@bp.post("/password")
@viewer
def change_password() -> Response:
    """Choose a new password. Other browsers are signed out."""
    now = signed_in()
    account = parts().staff.accounts.find(now.person.id)
    if account is None or not now.has_password:
        abort(404)
    form = ChangePasswordForm((account.name, account.login or ""))
    if not form.validate_on_submit():
        return show_account(form, 422)
    checked = parts().staff.prove(account, form.present.text, actor(), now.id)
    if checked is None or isinstance(checked, Wait):
        form.present.errors = ["Enter your current password: this is not it" if checked is None else TOO_MANY]
        return show_account(form, 422)
    changed = parts().staff.change_password(account, form.password.text, actor(), now.id)
    if changed is None:
        form.present.errors = [CHANGED]
        return show_account(form, 422)
    return remember(changed, to_account(changed="password"))


@bp.get("/session")
@viewer
def session_left() -> Response:
    """How long this session lasts, for script that asks before it warns; another tab may have been used."""
    return tell_left(signed_in())


@bp.post("/session")
@viewer
def stay() -> Response:
    """Stay signed in: it has been noted by now that somebody is there."""
    now = signed_in()
    if not FlaskForm().validate_on_submit():
        abort(400)
    return tell_left(now)


@bp.post("/sessions/<id>/delete")
@viewer
def end(id: str) -> Response:
    """End one of your sessions."""
    now = signed_in()
    if not FlaskForm().validate_on_submit():
        abort(400)
    if not parts().sessions.end(now.person.id, actor(), id):
        abort(404)
    return to_account()


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
    return to_account()


def signed_in() -> Visit:
    """The session of who is asking; where nobody signs in there is no such page."""
    now = visit()
    return abort(404) if now is None else now


def tell_left(now: Visit) -> Response:
    """The seconds that are left if nothing is done, and whatever is done."""
    left, most = (round((end - parts().clock()).total_seconds()) for end in (now.ends_at, now.ends_for_good_at))
    return make_response(jsonify(left=left, most=most))


def show_account(form: ChangePasswordForm, status: int = 200) -> Response:
    """Draw the page."""
    now = visit()
    html = render_template(
        "account/show.html",
        people=DEMO if parts().settings.sandbox else (),
        form=form,
        now=now,
        running=parts().sessions.running(now.person.id) if now else (),
        changed="changed" in request.args,
        problems=list(form.problems()),
    )
    return make_response(html, status)


def to_account(changed: str | None = None) -> Response:
    """Go back to the page, which says what was changed."""
    return redirect(url_for("account.show", changed=changed), 303)
