"""The links with which people choose a password: the first administrator, who is invited, and who forgot it."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.auth.sessions import PASSWORD
from webapp.context import parts
from webapp.forms.passwords import TAKEN, FirstForm, NewPasswordForm
from webapp.store.models import Account, Invitation
from webapp.views.access import public
from webapp.views.errors import page
from webapp.views.sign_in import let_in, only_with_sign_in, remember

bp = Blueprint("invitations", __name__, url_prefix="/invitations")
bp.before_request(only_with_sign_in)

FIRST = (
    "Slipway has no administrator yet. The newest link is in the log of the Slipway that was started last: each start "
    "prints one."
)
GONE = "It was used already, is too old, or a newer one has taken its place."
SWITCHED_OFF = "Nobody signs in with a password here any more. Sign in through the provider."
NOTHING_KEPT = "No password was set."
LATER = "If you have a password, sign in with it. If not, ask an administrator for a new link."


@bp.before_request
def only_with_passwords() -> Response | None:
    """Where nobody signs in with a password, no link chooses one, however old it is."""
    if PASSWORD in parts().settings.sign_in:
        return None
    return page(404, "This link can't be used here", SWITCHED_OFF, sign_in=True)


@bp.get("/<secret>")
@public
def show(secret: str) -> Response:
    """The form of an invitation."""
    invitation = parts().staff.invitation(secret)
    return used_up() if invitation is None else show_form(invitation, form_of(invitation))


@bp.post("/<secret>")
@public
def accept(secret: str) -> Response:
    """Choose a password, and be signed in."""
    invitation = parts().staff.invitation(secret)
    if invitation is None:
        return used_up()
    form = form_of(invitation)
    if not form.validate_on_submit():
        return show_form(invitation, form, 422)
    login, name = (form.login.text, form.name.text) if isinstance(form, FirstForm) else ("", "")
    account = parts().staff.accept(invitation, form.password.text, login, name, request.remote_addr)
    if account is None and isinstance(form, FirstForm) and parts().staff.invitation(secret) is not None:
        # The link is as good as before, so that it is the name that has kept it from being used.
        form.login.errors = [TAKEN]
        return show_form(invitation, form, 422)
    if account is None or not let_in(account, PASSWORD, "invitation"):
        return used_up()
    return remember(account, redirect(url_for("home.index"), 303))


def form_of(invitation: Invitation) -> NewPasswordForm:
    """What the person is asked: a new administrator also for a name."""
    account = invited(invitation)
    return FirstForm() if account is None else NewPasswordForm((account.name, account.login or ""))


def invited(invitation: Invitation) -> Account | None:
    """The account that an invitation is for; None for a new administrator's."""
    return parts().staff.accounts.find(invitation.account) if invitation.account else None


def show_form(invitation: Invitation, form: NewPasswordForm, status: int = 200) -> Response:
    """Draw the form."""
    html = render_template(
        "invitations/show.html", form=form, account=invited(invitation), problems=list(form.problems())
    )
    return make_response(html, status)


def used_up() -> Response:
    """The page for a link that opens nothing."""
    advice = FIRST if parts().staff.has_none() else LATER
    return page(404, "This link can't be used any more", f"{GONE} {advice}", NOTHING_KEPT, sign_in=True)
