from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.clock import Clock
from support.printing import PrintingBuddy
from support.rigs import Rig, open_rig
from support.running import ACTION, started

from webapp.runs.run_views import RunView
from webapp.store.models import Submission

Look = Callable[[], RunView]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def buddy() -> Iterator[PrintingBuddy]:
    buddy = PrintingBuddy()
    yield buddy
    buddy.close()


@pytest.fixture
def rig(tmp_path: Path, buddy: PrintingBuddy, clock: Clock) -> Iterator[Rig]:
    """A Slipway in front of a Buddy whose runs print."""
    rig = open_rig(tmp_path, buddy, clock)
    yield rig
    rig.parts.close()


@pytest.fixture
def row(rig: Rig, buddy: PrintingBuddy) -> Submission:
    """A run of one action, which Buddy has begun."""
    row = started(rig)
    buddy.now("INPROGRESS", progress=10)
    rig.clock.forward(seconds=2)
    return row


@pytest.fixture
def look(rig: Rig, row: Submission) -> Look:
    """Looks at the run as its page does, when five seconds are over."""

    def look() -> RunView:
        rig.clock.forward(seconds=5)
        return rig.parts.follower.look(row, ACTION)

    return look
