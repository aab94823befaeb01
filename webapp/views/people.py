"""The people who may sign in, for administrators."""

import json
from datetime import datetime, timedelta

from flask import Blueprint, abort, make_response, redirect, render_template, request, session, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from webapp.auth.accounts import tidy
from webapp.auth.people import Role
from webapp.auth.sessions import PASSWORD
from webapp.context import actor, parts, person, visit
from webapp.forms.passwords import TAKEN
from webapp.forms.people import InvitationForm, RoleForm
from webapp.store.models import Account
from webapp.views.access import administrator, only_with_sign_in

bp = Blueprint("people", __name__, url_prefix="/people")
bp.before_request(only_with_sign_in)

# Where the cookie keeps the link that was made last, sealed, until it is shown.
MADE = "sealed link"
# How long after it was made a link is shown. The page follows at once.
SHOWN_WITHIN = timedelta(minutes=5)
ROLES = {
    Role.VIEWER: "Viewer: reads",
    Role.CONTRIBUTOR: "Contributor: adds actions from templates",
    Role.EDITOR: "Editor: adds, changes and deletes actions",
    Role.ADMINISTRATOR: "Administrator: also looks after people and the connection to Buddy",
}


@bp.get("")
@administrator
def index() -> Response:
    """Everybody who may sign in, and who no longer may."""
    return show_people(InvitationForm(roles()))


@bp.post("")
@administrator
def invite() -> Response:
    """Invite somebody, and go to the page with the link."""
    only_with_passwords()
    form = InvitationForm(roles())
    if not form.validate_on_submit():
        return show_people(form, status=422)
    link = parts().staff.invite(form.login.text, form.name.text, Role(form.role.text), actor())
    if link is None:
        form.login.errors = [TAKEN]
        return show_people(form, status=422)
    invited = parts().staff.accounts.named(tidy(form.login.text)) or abort(404)
    return to_link(invited, link)


@bp.get("/<id>")
@administrator
def show(id: str) -> Response:
    """One of them, and what can be changed."""
    account = parts().staff.accounts.find(id)
    return abort(404) if account is None else show_person(account, RoleForm(roles(), account.role))


@bp.post("/<id>/role")
@administrator
def change_role(id: str) -> Response:
    """Give somebody another role."""
    account = other(id)
    form = RoleForm(roles(), account.role)
    if account.issuer is not None:
        abort(400)
    if not form.validate_on_submit():
        return show_person(account, form, 422)
    parts().staff.change_role(account, Role(form.role.text), actor())
    return to_person(account)


@bp.post("/<id>/link")
@administrator
def renew(id: str) -> Response:
    """Make a new link in the place of the one before, and go to the page with it."""
    only_with_passwords()
    account = other(id)
    if account.login is None:
        abort(400)
    return to_link(account, parts().staff.renew(account, actor()))


@bp.get("/<id>/link")
@administrator
def show_link(id: str) -> Response:
    """The link that this browser has just made, which is shown this once; then how to make another one."""
    only_with_passwords()
    account = parts().staff.accounts.find(id)
    if account is None or account.login is None:
        abort(404)
    secret = made_for(account)
    link = parts().settings.url + url_for("invitations.show", secret=secret) if secret else ""
    return make_response(render_template("people/link.html", account=account, link=link))


@bp.post("/<id>/sign-out")
@administrator
def sign_out(id: str) -> Response:
    """Sign somebody out everywhere, once the administrator is sure."""
    account = other(id)
    if "sure" not in request.form:
        return ask(account, "sign_out")
    parts().sessions.end_all(account.id, actor())
    return to_person(account)


@bp.post("/<id>/disable")
@administrator
def disable(id: str) -> Response:
    """Let somebody in no more, once the administrator is sure."""
    account = other(id)
    if "sure" not in request.form:
        return ask(account, "disable")
    parts().staff.disable(account, actor())
    return to_person(account)


@bp.post("/<id>/enable")
@administrator
def enable(id: str) -> Response:
    """Let somebody in again."""
    account = other(id)
    parts().staff.enable(account, actor())
    return to_person(account)


def other(id: str) -> Account:
    """Find an account that is not one's own, so that an administrator is always left; a forged post is refused."""
    account = parts().staff.accounts.find(id)
    if account is None or account.id == person().id:
        abort(404)
    if not FlaskForm().validate_on_submit():
        abort(400)
    return account


def only_with_passwords() -> None:
    """Where nobody signs in with a password there are no links to choose one."""
    if PASSWORD not in parts().settings.sign_in:
        abort(404)


def roles() -> dict[str, str]:
    """The roles to choose from, in words."""
    return {str(role): words for role, words in ROLES.items()}


def show_people(form: InvitationForm, status: int = 200) -> Response:
    """Draw the list, with the form that invites."""
    html = render_template(
        "people/index.html",
        accounts=parts().staff.accounts.everyone(),
        roles=roles(),
        form=form,
        with_passwords=PASSWORD in parts().settings.sign_in,
        problems=list(form.problems()),
    )
    return make_response(html, status)


def to_link(account: Account, secret: str) -> Response:
    """Go to the page with a one-time link, so that reloading it makes no other one."""
    made = [account.id, session_id(), parts().clock().isoformat(), secret]
    session[MADE] = parts().vault.seal(json.dumps(made))
    return redirect(url_for("people.show_link", id=account.id), 303)


def made_for(account: Account) -> str | None:
    """The secret of the link that has just been made for somebody in this session, once; None when there is none.

    Who asks for the head of the page alone is not shown it, and does not use it up.
    """
    sealed = session.get(MADE, "") if request.method == "HEAD" else session.pop(MADE, "")
    opened = parts().vault.open(sealed)
    if opened is None:
        return None
    whose, where, made_at, secret = json.loads(opened)
    fresh = parts().clock() - datetime.fromisoformat(made_at) < SHOWN_WITHIN
    shown = (whose, where) == (account.id, session_id()) and fresh and parts().staff.invitation(secret) is not None
    return str(secret) if shown else None


def session_id() -> str:
    """The id of the session in which this is asked."""
    now = visit()
    assert now is not None, "where nobody signs in there are no people"
    return now.id


def ask(account: Account, question: str) -> Response:
    """The question before somebody can't go on working."""
    return make_response(render_template(f"people/{question}.html", account=account))


def show_person(account: Account, form: RoleForm, status: int = 200) -> Response:
    """Draw somebody's page."""
    html = render_template(
        "people/show.html",
        account=account,
        form=form,
        running=parts().sessions.running(account.id),
        with_passwords=PASSWORD in parts().settings.sign_in,
        problems=list(form.problems()),
    )
    return make_response(html, status)


def to_person(account: Account) -> Response:
    """Go back to somebody's page."""
    return redirect(url_for("people.show", id=account.id), 303)
