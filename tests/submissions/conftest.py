from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.buddy import StubBuddy
from support.clock import Clock
from support.rigs import QUICK, Rig, open_rig
from support.tls import Certificate, make_certificate

from webapp.http.transport import Timings

Open = Callable[..., Rig]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def buddy() -> Iterator[StubBuddy]:
    buddy = StubBuddy()
    yield buddy
    buddy.close()


@pytest.fixture
def opened(tmp_path: Path, buddy: StubBuddy, clock: Clock, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Starts Slipways and ends them. They wait for Buddy as long as people do where a test is `patient`: then something
    happens before Buddy answers, and a busy computer takes its time for it."""
    timings = Timings() if request.node.get_closest_marker("patient") else QUICK
    rigs: list[Rig] = []

    def start(**options: Any) -> Rig:
        rigs.append(open_rig(tmp_path, buddy, clock, **{"timings": timings, **options}))
        return rigs[-1]

    yield start
    for rig in rigs:
        rig.parts.close()


@pytest.fixture
def rig(opened: Open) -> Rig:
    return opened()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate that is not trusted unless its file is named."""
    return make_certificate(tmp_path_factory.mktemp("certificate"))
