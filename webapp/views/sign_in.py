"""Signing in and out."""

from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, make_response, redirect, render_template, request, session, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from webapp.auth.browsers import LASTING
from webapp.auth.openid.refusals import SignInRefused
from webapp.auth.returning import local_path
from webapp.auth.sessions import OPENID, PASSWORD
from webapp.auth.sign_in_limits import Wait
from webapp.context import SESSION, actor, anonymous_actor, parts, visit, visitor
from webapp.forms.passwords import SignInForm
from webapp.http.waits import in_words
from webapp.store.models import Account
from webapp.views.access import public, viewer

bp = Blueprint("sign_in", __name__)

WRONG = "The sign-in name or the password is wrong"
CHANGED = "Your account was changed at this moment: sign in again"
# What a browser is told to forget at the end (W3C "Clear Site Data").
FORGET = '"cache", "storage"'
# Where the OpenID provider sends people back to.
ANSWER = "/sign-in/oidc/answer"
# What of a refused sign-in is not the person's, but the provider's or everybody's.
# What is not the fault of who signs in, and the status that says so.
STATUSES = {"provider": 502, "malformed": 502, "busy": 503}
# Where the cookie keeps what a sign-in with the provider has begun with.
BEGUN = "openid"
# Browsers throw a cookie of more than 4,096 bytes away, and with it what the provider's answer is checked against.
LONGEST_KEPT = 1500


@bp.before_request
def only_with_sign_in() -> Response | None:
    """Where nobody signs in there is nothing here."""
    return None if parts().settings.sign_in else redirect(url_for("home.index"))


@bp.get("/sign-in")
@public
def show() -> Response:
    """The ways in. Who is signed in already goes on."""
    if visitor() is not None:
        return redirect(local_path(request.args.get("next")))
    return show_ways(SignInForm())


@bp.post("/sign-in")
@public
def enter() -> Response:
    """Sign in with a password."""
    if PASSWORD not in parts().settings.sign_in:
        abort(404)
    form = SignInForm()
    if not form.validate_on_submit():
        return show_ways(form, status=422)
    found = parts().staff.sign_in(
        form.login.text, form.password.text, anonymous_actor(), request.cookies.get(known_cookie(), "")
    )
    if isinstance(found, Wait):
        return show_wait(form, found)
    if found is None:
        return show_ways(form, WRONG, 422)
    if not let_in(found, PASSWORD):
        return show_ways(form, CHANGED, 422)
    return remember(found, redirect(local_path(request.form.get("next")), 303))


@bp.get("/sign-in/oidc")
@public
def begin() -> Response:
    """Go to the OpenID provider."""
    provider_accounts = parts().provider_accounts or abort(404)
    try:
        begun = provider_accounts.provider.begin()
    except SignInRefused as refusal:
        return show_ways(SignInForm(), str(refusal), STATUSES.get(refusal.reason, 502))
    path = local_path(request.args.get("next"))
    session[BEGUN] = {**begun.kept, "next": path if len(path) <= LONGEST_KEPT else "/"}
    return redirect(begun.address)


@bp.get(ANSWER)
@public
def answered() -> Response:
    """Back from the OpenID provider. What was kept for it is good for one answer."""
    provider_accounts = parts().provider_accounts or abort(404)
    kept = session.pop(BEGUN, None)
    attempt = parts().staff.attempts.take_answer(request.remote_addr or "")
    if isinstance(attempt, Wait):
        return show_wait(SignInForm(), attempt)
    try:
        account = provider_accounts.sign_in(kept, request.args, anonymous_actor())
    except SignInRefused as refusal:
        if refusal.reason in STATUSES:
            parts().staff.attempts.forgive(attempt)
        return show_ways(SignInForm(), str(refusal), STATUSES.get(refusal.reason, 403))
    parts().staff.attempts.forgive(attempt)
    if not let_in(account, OPENID):
        return show_ways(SignInForm(), CHANGED, 403)
    return redirect(local_path(kept["next"]))


@bp.post("/sign-out")
@viewer
def leave() -> Response:
    """Sign out, here."""
    if not FlaskForm().validate_on_submit():
        abort(400)
    now = visit()
    if now is not None:
        parts().sessions.end(now.person.id, actor(), now.id)
    session.clear()
    answer = redirect(url_for("sign_in.show", left="1"), 303)
    answer.headers["Clear-Site-Data"] = FORGET
    return answer


def show_ways(form: SignInForm, problem: str = "", status: int = 200) -> Response:
    """Draw the sign-in page."""
    problems = [("", problem)] if problem else list(form.problems())
    html = render_template(
        "sign_in/show.html",
        form=form,
        problems=problems,
        ways=parts().settings.sign_in,
        provider=provider_name(),
        next=local_path(request.values.get("next")),
        left="left" in request.args,
        kept="kept" in request.values,
        undone="undone" in request.values,
    )
    return make_response(html, status)


def provider_name() -> str:
    """What people know the OpenID provider by: its host."""
    oidc = parts().settings.oidc
    return urlsplit(oidc.issuer).netloc if oidc else ""


def show_wait(form: SignInForm, wait: Wait) -> Response:
    """Draw the sign-in page for somebody who has to wait."""
    answer = show_ways(form, f"There were too many attempts: try again in {in_words(wait.seconds)}", 429)
    answer.headers["Retry-After"] = str(wait.seconds)
    return answer


def let_in(account: Account, way: str, ending: str | None = None) -> bool:
    """Begin a session, in the place of whatever the browser had before: its CSRF token too is a new one.

    False when the account was changed since it was read. `ending` is what the record says, if not the `way`.
    """
    before, browser = session.get(SESSION), request.headers.get("User-Agent", "")
    secret = parts().sessions.begin(account, request.remote_addr, browser, before, way, ending or way)
    if secret is None:
        return False
    session.clear()
    session[SESSION] = secret
    return True


def remember(account: Account, answer: Response) -> Response:
    """Let the browser know, for long, that somebody has signed in there with a password."""
    answer.set_cookie(
        known_cookie(),
        parts().staff.browsers.remember(account),
        max_age=LASTING,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Strict",
    )
    return answer


def known_cookie() -> str:
    """The name of the cookie that says so, beside the session's."""
    return f"{current_app.config['SESSION_COOKIE_NAME']}-known"
