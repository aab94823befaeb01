"""The operator's chores, as commands."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, update
from support import faults
from support.clock import Clock
from support.hostile import HostileBuddy
from support.rigs import Rig, open_rig

from webapp.store.models import Submission

OLD, NEW = "the old key of the tests", "the new key of the tests"


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """A Slipway whose send got no answer."""
    buddy = HostileBuddy(faults.read_then_close)
    rig = open_rig(tmp_path, buddy, Clock())
    rig.send()
    rig.parts.close()
    yield rig
    buddy.close()


def command(rig: Rig, name: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("SLIPWAY_", "BUDDY_"))}
    own = {
        "BUDDY_TOKEN": "token-of-the-tests",
        "BUDDY_API_ENDPOINT": rig.buddy.url,
        "SLIPWAY_DATABASE_URL": rig.parts.settings.database_url or "",
    }
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "webapp", name],
        env=inherited | own | settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def make_due(rig: Rig) -> None:
    engine = create_engine(rig.parts.settings.database_url or "")
    with engine.begin() as connection:
        connection.execute(update(Submission).values(next_look=datetime.now(UTC) - timedelta(seconds=1)))
    engine.dispose()


def test_reconcile_looks_for_what_is_due_and_says_what_it_found(rig: Rig) -> None:
    make_due(rig)
    ended = command(rig, "reconcile")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == "Run tests: found in Buddy: it was added once.\nLooked for 1.\n"
    assert command(rig, "reconcile").stdout == "Nothing is due.\n"


def test_reconcile_says_why_it_could_not_look(rig: Rig) -> None:
    make_due(rig)
    rig.buddy.readable = False
    ended = command(rig, "reconcile")
    assert ended.stdout.startswith("Run tests: not known yet. Buddy has a problem of its own.")


def test_keys_are_rotated_and_a_wrong_one_is_refused_in_one_sentence(rig: Rig) -> None:
    key = Path(rig.parts.settings.database_url.removeprefix("sqlite:///")).with_name("secret-key").read_text()  # type: ignore[union-attr]
    wrong = command(rig, "serve", SLIPWAY_SECRET_KEY=NEW)
    assert (wrong.returncode, wrong.stdout, wrong.stderr.count("\n")) == (1, "", 1)
    assert wrong.stderr.startswith("Slipway did not start: SLIPWAY_SECRET_KEY")
    rotated = command(rig, "rotate-keys", SLIPWAY_SECRET_KEY=f"{NEW},{key}")
    assert (rotated.returncode, rotated.stderr) == (0, "")
    assert "sealed with the first key now" in rotated.stdout
    assert command(rig, "reconcile", SLIPWAY_SECRET_KEY=NEW).returncode == 0
    refused = command(rig, "rotate-keys", SLIPWAY_SECRET_KEY=key)
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert refused.stderr.startswith("No key was changed: ")
