"""Who may use which page: every view declares it, and Slipway does not start with one that does not."""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, request, session
from werkzeug.wrappers import Response

from webapp.auth.people import Role
from webapp.context import SESSION, actor, asked, parts, person, visit, visitor
from webapp.store.events import NewEvent
from webapp.store.failures import JournalUnavailable
from webapp.views.errors import page
from webapp.views.rescuing import keep_refused_form, to_sign_in

View = TypeVar("View", bound=Callable[..., Any])

NEEDS = "needs"
WITHOUT_TEMPLATE = "needs without a template"

CHANGED_NOW = "Your role was changed at this moment: start again from the home page."

log = logging.getLogger(__name__)


class UndeclaredView(Exception):
    """A route was added whose view does not say who may use it."""


def public(view: View) -> View:
    """Let everybody use a view, signed in or not."""
    return declare(view, None)


def viewer(view: View) -> View:
    """Let everybody who is signed in use a view."""
    return declare(view, Role.VIEWER)


def contributor(view: View) -> View:
    """Let contributors, editors and administrators use a view."""
    return declare(view, Role.CONTRIBUTOR)


def with_template(view: View) -> View:
    """Let editors use a view, and contributors for what a template asks: which of the two it is the view itself sees
    to, since a form may say it."""
    return declare(view, Role.CONTRIBUTOR, without_template=Role.EDITOR)


def editor(view: View) -> View:
    """Let editors and administrators use a view."""
    return declare(view, Role.EDITOR)


def administrator(view: View) -> View:
    """Let administrators alone use a view."""
    return declare(view, Role.ADMINISTRATOR)


def only_with_sign_in() -> None:
    """Before a view: where nobody signs in it is not there."""
    if not parts().settings.sign_in:
        abort(404)


def declare(view: View, role: Role | None, without_template: Role | None = None) -> View:
    """Write down which role a view needs, and which `without_template`; None for no role at all."""
    setattr(view, NEEDS, role)
    setattr(view, WITHOUT_TEMPLATE, without_template or role)
    return view


def register(app: Flask) -> None:
    """Put the check before every view that the app has by now. Raises `UndeclaredView`."""
    for rule in app.url_map.iter_rules():
        if not hasattr(app.view_functions[rule.endpoint], NEEDS):
            raise UndeclaredView(f"{rule.endpoint} ({rule}) does not declare who may use it")
    app.before_request(admit)


def admit() -> Response | None:
    """Let a request pass (None), or answer it."""
    needed = None if request.endpoint is None else role_needed(current_app.view_functions[request.endpoint])
    if needed is None:
        return None
    asking = visitor()
    if asking is None:
        return to_sign_in()
    if not asking.role.covers(needed):
        return refuse(needed if request.args.get("template") else role_without_template())
    note_use()
    return None


def role_needed(view: Callable[..., Any]) -> Role | None:
    """The role that a view has declared."""
    needed: Role | None = getattr(view, NEEDS)
    return needed


def role_without_template() -> Role:
    """The role that what is asked for takes where no template is named."""
    needed: Role = getattr(current_app.view_functions[request.endpoint or ""], WITHOUT_TEMPLATE)
    return needed


def note_use() -> None:
    """Let the session last on. What script reads by itself, while it follows a submission, is no sign of a person."""
    if request.method == "GET" and request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
        return
    parts().directory.visited()
    now = visit()
    if now is None:
        return
    try:
        g.visit = parts().sessions.touch(session[SESSION], now)
    except JournalUnavailable as error:
        # What the person wants to do may still be possible, and says so itself if it is not.
        log.warning("it could not be noted that a session is in use: %s", error)


def insist(needed: Role, else_allowed: str = "") -> None:
    """Refuse who asks unless they have a role, where it depends on what is asked for. `else_allowed` says what
    they may do without it."""
    if not person().role.covers(needed):
        abort(refuse(needed, else_allowed))


def insist_still() -> None:
    """Refuse who may do less by now than when they asked: Buddy may have taken its time to be read meanwhile."""
    before = person()
    g.pop("visit", None)
    g.pop("visitor", None)
    now = visitor()
    if now is None:
        abort(to_sign_in())
    if not now.role.covers(before.role):
        abort(refuse(before.role, CHANGED_NOW))


def refuse(needed: Role, else_allowed: str = "") -> Response:
    """The page for somebody who is signed in and may not do this."""
    details = {**asked(), "needs": needed}
    parts().journal.record(NewEvent(actor(), "refused", "role", details))
    advice = f"You must be {a_role(needed)} to do this. You are signed in as {person().name}, {a_role(person().role)}."
    way_on = else_allowed or "Ask an administrator to change your role."
    if told := keep_refused_form():
        way_on = f"{way_on} {told}"
    return page(403, "Your role does not allow this", f"{advice} {way_on}")


def a_role(role: Role) -> str:
    """Somebody with a role, in words."""
    return f"{'a' if role in (Role.VIEWER, Role.CONTRIBUTOR) else 'an'} {role}"
