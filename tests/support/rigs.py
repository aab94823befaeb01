"""A Slipway of the tests: its clock, which tests move, the Buddy behind it and a browser in front of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from support.buddy import StubBuddy
from support.clock import Clock
from support.databases import stored_in
from support.pages import Browser, Page
from support.signing_in import PASSWORD, sign_in
from webapp.app import create_app
from webapp.auth.passwords import Passwords
from webapp.auth.people import Role
from webapp.context import Parts
from webapp.http.transport import Timings
from webapp.settings import Settings
from webapp.store.events import SLIPWAY
from webapp.store.models import Event, Secret, Submission

# Short where a fault has to be waited for, long where a busy computer must not be taken for a fault.
QUICK = Timings(connect=1, write=1.5, read=10)
NEW = "/workspaces/buddy/projects/company-website/pipelines/2/actions/new"
LEAST = {"name": "Run tests", "docker_image_name": "library/ubuntu", "inline_commands": "make test"}
# The same on the wire.
WIRE = {
    "name": "Run tests",
    "type": "RUN_DOCKER_CONTAINER",
    "docker_image_name": "library/ubuntu",
    "docker_image_tag": "latest",
    "inline_commands": "make test",
    "mount_filesystem_disable": False,
}
SECRETS = {
    "image_source": "credentials",
    "login": "me",
    "password": "canary-password",
    "variables__0__key": "A",
    "variables__0__value": "canary-variable",
    "variables__0__encrypted": "true",
}


@dataclass(frozen=True)
class Rig:
    """One Slipway, the Buddy behind it, its clock and a browser in front of it."""

    app: Flask
    buddy: StubBuddy
    clock: Clock
    browser: Browser

    @property
    def parts(self) -> Parts:
        found = self.app.extensions["slipway"]
        assert isinstance(found, Parts)
        return found

    @property
    def rows(self) -> list[Submission]:
        """The submissions, oldest first."""
        with Session(self.parts.journal._engine) as session:
            return list(session.scalars(select(Submission).order_by(Submission.number)))

    @property
    def row(self) -> Submission:
        """The only submission."""
        (row,) = self.rows
        return row

    @property
    def states(self) -> list[str]:
        return [row.state for row in self.rows]

    @property
    def secrets(self) -> list[Secret]:
        with Session(self.parts.journal._engine) as session:
            return list(session.scalars(select(Secret)))

    @property
    def events(self) -> list[Event]:
        """What was done, in order."""
        with Session(self.parts.journal._engine) as session:
            return list(session.scalars(select(Event).order_by(Event.number)))

    @property
    def record(self) -> list[tuple[str, str | None]]:
        """Verb and outcome of everything that was done, in order."""
        return [(event.verb, event.outcome) for event in self.events]

    @property
    def deeds(self) -> list[tuple[str, str, str | None]]:
        """Who did what, and how it ended, in order."""
        return [(event.person_name, event.verb, event.outcome) for event in self.events]

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

    def form(self) -> Page:
        return self.browser.get(NEW)

    def send(self, **typed: str | None) -> Page:
        """Open a form, fill it in and send it."""
        return self.form().send(**LEAST | typed)

    def receipt(self, row: Submission | None = None) -> Page:
        return self.browser.get(f"/submissions/{(row or self.row).id}")

    def press(self, page: Page, noun: str, /, **fields: str) -> Page:
        """Press a button of a receipt."""
        tokens = [element.get("value") or "" for element in page.all("input") if element.get("name") == "csrf_token"]
        return self.browser.post(f"{page.path}/{noun}", {"csrf_token": tokens[0], **fields})

    def look(self, **later: float) -> None:
        """Let so much time pass, then let Slipway look after what is due."""
        self.clock.forward(**later)
        self.parts.reconciler.round()

    def settle(self) -> None:
        """Let the time pass after which nothing turns up any more, and every look that falls into it."""
        for seconds in (3, 7, 20, 30, 61):
            self.look(seconds=seconds)


def open_rig(
    folder: Path,
    buddy: StubBuddy,
    clock: Clock,
    timings: Timings | None = QUICK,
    passwords: Passwords | None = None,
    query: str = "",
    **more: Any,
) -> Rig:
    """Start a Slipway with its database in `folder`, before `buddy`; `more` are settings."""
    settings: dict[str, Any] = {
        "buddy_token": "token-of-the-tests",
        "buddy_api_endpoint": buddy.url,
        **stored_in(folder, query),
        **more,
    }
    app = create_app(Settings(**settings), clock, timings, passwords)
    return Rig(app, buddy, clock, Browser(app, app.extensions["slipway"].settings.url))
