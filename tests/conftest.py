import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from support.buddy import AS_DOCUMENTED, StubBuddy
from support.clock import Clock
from support.compiled import compile_once
from support.databases import ON_POSTGRESQL, forget_database_in, stored_in
from support.pages import Browser
from support.rigs import Rig
from support.teams import open_team

from webapp.app import create_app
from webapp.sandbox import Sandbox
from webapp.settings import Settings

# How fast examples come says something of the machine, and nothing of Slipway.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
compile_once()


if ON_POSTGRESQL:

    @pytest.fixture(autouse=True)
    def leave_no_database(tmp_path: Path) -> Iterator[None]:
        """Remove the database that a test has made outside of its folder."""
        yield
        forget_database_in(tmp_path)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about another database than the one that the tests are run with."""
    other = "sqlite" if ON_POSTGRESQL else "postgresql"
    left_out = [item for item in items if item.get_closest_marker(other)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def pytest_collection_finish() -> None:
    """Look for garbage seldom, and not in what is there from the beginning: that takes a fifth of the time of tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


LOOKS = {"stylesheet": "/static/site.css", "icon": "/static/icon.svg"}
TEMPLATES = Path(__file__).parents[1] / "templates"
NEW = "/workspaces/buddy/projects/company-website/pipelines/2/actions/new"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """Slipway on its sandbox."""
    app = create_app(Settings(**stored_in(tmp_path)))
    yield app
    app.extensions["slipway"].close()


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A browser in front of Slipway on its sandbox."""
    return Browser(app, app.extensions["slipway"].settings.url)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox that is mounted nowhere."""
    sandbox = Sandbox("http://127.0.0.1:8000/sandbox", str(TEMPLATES), LOOKS)
    yield sandbox
    sandbox.close()


@pytest.fixture
def upstream() -> Iterator[StubBuddy]:
    """A plain server in Buddy's place."""
    upstream = StubBuddy(answer=AS_DOCUMENTED)
    yield upstream
    upstream.close()


@pytest.fixture
def personal(tmp_path: Path, upstream: StubBuddy) -> Iterator[Flask]:
    """Slipway with a token, in front of the plain server."""
    settings = Settings(
        buddy_token="token-of-the-tests",
        buddy_api_endpoint=upstream.url,
        **stored_in(tmp_path),
    )
    app = create_app(settings)
    yield app
    app.extensions["slipway"].close()


@pytest.fixture
def desk(personal: Flask) -> Browser:
    """A browser in front of Slipway with a token."""
    return Browser(personal, personal.extensions["slipway"].settings.url)


@pytest.fixture
def new_form() -> str:
    """The address of the form for the contract's pipeline."""
    return NEW


@pytest.fixture
def team_with(tmp_path: Path, upstream: StubBuddy) -> Iterator[Callable[..., Rig]]:
    """Starts Slipways on which people sign in, and ends them."""
    teams: list[Rig] = []

    def start(**settings: Any) -> Rig:
        teams.append(open_team(tmp_path, upstream, Clock(), **settings))
        return teams[-1]

    yield start
    for team in teams:
        team.parts.close()


@pytest.fixture
def team(team_with: Callable[..., Rig]) -> Rig:
    """Slipway on which people sign in with a password."""
    return team_with()
