"""Runs as the tests ask for them: of the first action of Buddy's pipeline alone, unless a test says otherwise."""

from datetime import datetime
from typing import Any

from support.rigs import Rig
from webapp.buddy.executions import Revision, RunVariable
from webapp.buddy.places import Place
from webapp.buddy.snapshot import OpenedAction, Snapshot
from webapp.store.events import Actor
from webapp.store.models import Submission
from webapp.submissions.drafts import Draft
from webapp.submissions.envelope import new_envelope
from webapp.submissions.results import Result
from webapp.submissions.runs import Run

PLACE = Place("buddy", "company-website", 2)
ACTION = 1
ANN = Actor("local", "Ann", "127.0.0.1")
NEWEST = Revision("newest")
SECRET = RunVariable("TOKEN", "canary-of-a-run", encrypted=True)
PLAIN = RunVariable("MODE", "canary-in-the-open")


def a_run(rig: Rig, target: int | None = ACTION, **chosen: Any) -> Run:
    """A run as its page makes it, which can be sent once."""
    return run_called("Live mirror" if target is None else "Build API", target, rig.clock(), **chosen)


def run_called(name: str, target: int | None, now: datetime, revision: Revision = NEWEST, **chosen: Any) -> Run:
    """The same, of what is called so."""
    opened = OpenedAction(target, {}) if target is not None else None
    snapshot = Snapshot("Live mirror", project_name="Company Website", opened=opened)
    envelope = new_envelope("local", PLACE, snapshot, now)
    return Run.asking(Draft(envelope, {"name": name}), ANN, target, revision, **chosen)


def send_run(rig: Rig, target: int | None = ACTION, **chosen: Any) -> Result:
    """Ask for a run, once."""
    return rig.parts.sender.send(a_run(rig, target, **chosen))


def started(rig: Rig, target: int | None = ACTION, **chosen: Any) -> Submission:
    """Start a run, and give what the journal has of it."""
    run = a_run(rig, target, **chosen)
    rig.parts.sender.send(run)
    row = rig.parts.journal.find(run.id)
    assert row is not None
    assert row.state == "started"
    return row


def see(rig: Rig, row: Submission) -> Submission:
    """Read how far a run is, as who follows it does, and give what the journal has of it then."""
    assert row.execution is not None
    rig.parts.runs.seen(row, rig.parts.client.execution(PLACE, row.execution))
    found = rig.parts.journal.find(row.id)
    assert found is not None
    return found
