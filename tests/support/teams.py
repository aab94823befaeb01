"""Slipways on which people sign in, and who knows the people: a provider."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from sqlalchemy.orm import Session

from support.buddy import StubBuddy
from support.clock import Clock
from support.rigs import Rig, open_rig
from support.server import free_port, serving_here
from webapp.app import assets_folder
from webapp.auth.passwords import Passwords
from webapp.http.transport import Timings
from webapp.sandbox import Sandbox
from webapp.sandbox.openid import CLIENT, SECRET
from webapp.settings import Oidc
from webapp.store.models import Account


def open_team(
    folder: Path,
    buddy: StubBuddy,
    clock: Clock,
    timings: Timings | None = None,
    passwords: Passwords | None = None,
    **more: Any,
) -> Rig:
    """Start a Slipway on which people sign in. Where nothing depends on it, passwords are quickly compared."""
    quick = Passwords(PasswordHasher.from_parameters(CHEAPEST))
    settings = {"sign_in": frozenset({"password"}), **more}
    return open_rig(folder, buddy, clock, timings, passwords or quick, **settings)


def become(team: Rig, login: str, role: str) -> None:
    """Give somebody another role."""
    with Session(team.parts.journal._engine) as session:
        session.query(Account).filter_by(login=login).one().role = role
        session.commit()


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
    groups = {role: frozenset({f"slipway-{role}"}) for role in ("administrators", "editors", "contributors", "viewers")}
    return {"sign_in": frozenset({"oidc"}), "oidc": Oidc(issuer, CLIENT, SECRET, **groups | more)}


@contextmanager
def serving_team(folder: Path, buddy: StubBuddy, **more: Any) -> Iterator[Rig]:
    """The same on a port of its own, for a real browser, with a clock that tests move all the same."""
    port = free_port()
    team = open_team(folder, buddy, Clock(), port=port, url=f"http://127.0.0.1:{port}", **more)
    with serving_here(team.app, port):
        yield team
    team.parts.close()
