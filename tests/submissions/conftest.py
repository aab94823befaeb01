from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.clock import Clock
from support.desks import Desk, open_desk
from support.hostile import HostileBuddy
from support.tls import Certificate, make_certificate

Open = Callable[..., Desk]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def buddy() -> Iterator[HostileBuddy]:
    buddy = HostileBuddy()
    yield buddy
    buddy.close()


@pytest.fixture
def opened(tmp_path: Path, buddy: HostileBuddy, clock: Clock) -> Iterator[Open]:
    """Starts Slipways and ends them."""
    desks: list[Desk] = []

    def start(**options: str | None) -> Desk:
        desks.append(open_desk(tmp_path, buddy, clock, **options))
        return desks[-1]

    yield start
    for desk in desks:
        desk.parts.close()


@pytest.fixture
def desk(opened: Open) -> Desk:
    return opened()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate that is not trusted unless its file is named."""
    return make_certificate(tmp_path_factory.mktemp("certificate"))
