"""A Slipway on which people sign in, with a clock that tests move, in front of a plain server in Buddy's place."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session as Reading
from werkzeug.serving import WSGIRequestHandler, make_server

from support.buddy import StubBuddy
from support.clock import Clock
from support.pages import Browser, Page
from support.server import free_port
from webapp import assets_folder, create_app
from webapp.auth.passwords import Passwords
from webapp.auth.people import Role
from webapp.context import Parts
from webapp.http.transport import Timings
from webapp.sandbox import Sandbox
from webapp.sandbox.openid import CLIENT, SECRET
from webapp.settings import Oidc, Settings
from webapp.store.events import SLIPWAY
from webapp.store.models import Event, Submission

PASSWORD = "seven quiet lighthouses"


@dataclass(frozen=True)
class Team:
    """One Slipway, its clock and the Buddy behind it."""

    app: Flask
    clock: Clock
    upstream: StubBuddy

    @property
    def parts(self) -> Parts:
        found = self.app.extensions["slipway"]
        assert isinstance(found, Parts)
        return found

    @property
    def record(self) -> list[Event]:
        """What was done, in order."""
        with Reading(self.parts.journal._engine) as reading:
            return list(reading.scalars(select(Event).order_by(Event.number)))

    @property
    def deeds(self) -> list[tuple[str, str, str | None]]:
        """Who did what, and how it ended, in order."""
        return [(event.person_name, event.verb, event.outcome) for event in self.record]

    @property
    def rows(self) -> list[Submission]:
        with Reading(self.parts.journal._engine) as reading:
            return list(reading.scalars(select(Submission).order_by(Submission.number)))

    def stranger(self) -> Browser:
        """A browser in which nobody is signed in."""
        return Browser(self.app, self.parts.settings.url)

    def hire(self, login: str, role: str = "editor") -> str:
        """Add somebody with the password of the tests, and give the account's id."""
        staff = self.parts.staff
        secret = staff.invite(login, login.capitalize(), Role(role), SLIPWAY)
        assert secret is not None
        invitation = staff.invitation(secret)
        assert invitation is not None
        account = staff.accept(invitation, PASSWORD, "", "", None)
        assert account is not None
        return account.id

    def hired(self, login: str, role: str = "editor") -> Browser:
        """Add somebody, and sign them in."""
        self.hire(login, role)
        browser = self.stranger()
        assert sign_in(browser, login).status == 200
        return browser


def sign_in(browser: Browser, login: str, password: str = PASSWORD, at: str = "/sign-in") -> Page:
    """Fill in the sign-in page."""
    page = browser.get(at)
    return press(page, "/sign-in", login=login, password=password)


def press(page: Page, action: str, **typed: str) -> Page:
    """Fill in and send the form on a page that posts to an address."""
    form = next(form for form in page.all("form") if form.get("action") == action)
    fields = {element.get("name"): element.get("value") or "" for element in form.iter("input")}
    return page.browser.post(action, {**{str(name): value for name, value in fields.items() if name}, **typed})


def open_team(
    folder: Path,
    upstream: StubBuddy,
    clock: Clock,
    timings: Timings | None = None,
    passwords: Passwords | None = None,
    **more: Any,
) -> Team:
    """Start a Slipway with its database in `folder`. Where nothing depends on it, passwords are quickly compared."""
    settings: dict[str, Any] = {
        "buddy_token": "token-of-the-tests",
        "buddy_api_endpoint": upstream.url,
        "database_url": f"sqlite:///{folder}/slipway.db",
        "sign_in": frozenset({"password"}),
        **more,
    }
    quick = Passwords(PasswordHasher.from_parameters(CHEAPEST))
    return Team(create_app(Settings(**settings), clock, timings, passwords or quick), clock, upstream)


@contextmanager
def sandbox() -> Iterator[str]:
    """The sandbox on a port of its own; gives the address of its API."""
    looks = {"stylesheet": "/site.css", "icon": "/icon.svg"}
    own = Sandbox("http://127.0.0.1/sandbox", str(assets_folder() / "templates"), looks)
    yield own.start()
    own.close()


@contextmanager
def provider() -> Iterator[str]:
    """The sandbox's OpenID provider on a port of its own; gives its issuer."""
    with sandbox() as api:
        yield api.removesuffix("/api") + "/openid"


def with_provider(issuer: str, **more: Any) -> dict[str, Any]:
    """The settings with which a Slipway uses the sandbox's provider."""
    groups = {role: frozenset({f"slipway-{role}"}) for role in ("administrators", "editors", "viewers")}
    return {"sign_in": frozenset({"oidc"}), "oidc": Oidc(issuer, CLIENT, SECRET, **groups | more)}


@contextmanager
def serving_team(folder: Path, upstream: StubBuddy, **more: Any) -> Iterator[Team]:
    """The same on a port of its own, for a real browser, with a clock that tests move all the same."""
    port = free_port()
    team = open_team(folder, upstream, Clock(), port=port, url=f"http://127.0.0.1:{port}", **more)
    server = make_server("127.0.0.1", port, team.app, threaded=True, request_handler=QuietHandler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield team
    server.shutdown()
    thread.join()
    server.server_close()
    team.parts.close()


class QuietHandler(WSGIRequestHandler):
    """Says nothing of requests."""

    def log(self, type: str, message: str, *args: Any) -> None:
        pass
