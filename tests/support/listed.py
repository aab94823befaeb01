"""What the activity and the record list: a Slipway in which people have sent and done something, and its two files."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from support.buddy import StubBuddy
from support.clock import Clock
from support.pages import Page, text_of
from support.rigs import Rig, open_rig
from webapp.store.events import Actor, NewEvent
from webapp.store.journal import Entry, Mark, Names
from webapp.store.reading import Duplicates

BEGIN = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANN, BEN = Actor("ann", "Ann Smith", "10.0.0.1"), Actor("ben", "Ben", "10.0.0.2")
PLACES = {
    2: ("buddy", "site", Names("Buddy Team", "The site", "Live mirror")),
    7: ("buddy", "shop", Names("Buddy Team", "The shop", "Release")),
    9: ("labs", "old", Names("Labs", "Old things", "Mirror of old")),
}


@contextmanager
def rig_in(folder: Path) -> Iterator[Rig]:
    """A Slipway that has its database in a folder, and in which nothing was done yet."""
    buddy, clock = StubBuddy(), Clock()
    clock.now = BEGIN
    rig = open_rig(folder, buddy, clock)
    yield rig
    rig.parts.close()
    buddy.close()


def sent(rig: Rig, name: str, who: str, pipeline: int, state: str, kind: str = "addition") -> None:
    """Something that somebody sent, and what became of it."""
    workspace, project, names = PLACES[pipeline]
    id = f"{name}-{pipeline}-{state}".replace(" ", "-")
    entry = Entry(
        id, who.lower(), workspace, project, pipeline, None, name, {}, {"pipeline_name": ""}, {}, kind, names=names
    )
    actor, now = Actor(who.lower(), who), rig.clock()
    duplicates = Duplicates((), (), now)
    claimed = rig.parts.journal.claim(
        entry, (), Mark(), NewEvent(actor, "sent"), duplicates, fingerprint=id, sent_at=now
    )
    assert claimed is not None
    rig.parts.journal.move(id, claimed.version, "sending", state, finished_at=now)


def send_some(rig: Rig) -> None:
    """Three people send something on four days, the last of them who is asking."""
    sent(rig, "Nightly report", "Ann", 2, "created")
    rig.clock.forward(days=1)
    sent(rig, "Run tests", "Ben", 7, "rejected")
    rig.clock.forward(days=1)
    sent(rig, "Nightly report", "Ann", 9, "changed", "change")
    rig.clock.forward(days=1)
    sent(rig, "Old build", "Ben", 7, "found", "deletion")
    rig.send(name="Mine")


def note(rig: Rig, actor: Actor, verb: str, outcome: str | None = None, **columns: object) -> None:
    """Something that somebody did."""
    rig.parts.journal.record(NewEvent(actor, verb, outcome), **columns)


def do_some(rig: Rig) -> None:
    """Two people do something on three days, in three places."""
    note(rig, ANN, "signed in", "password")
    note(
        rig, ANN, "sent", "sending", **at("a", "Nightly report", "buddy", "site", 2, "Buddy Team/The site/Live mirror")
    )
    rig.clock.forward(days=1)
    note(rig, BEN, "answered", "created", **at("b", "Run tests", "buddy", "shop", 7, "Buddy Team/The shop/Release"))
    rig.clock.forward(days=1)
    note(rig, BEN, "answered", "rejected", **at("c", "Run tests", "labs", "site", 2, "Labs/The site/Mirror of old"))


def at(submission: str, action: str, workspace: str, project: str, pipeline: int, names: str) -> dict[str, object]:
    """What an event tells of the submission that it is about."""
    where = {"workspace": workspace, "project": project, "pipeline": pipeline}
    called = zip(("workspace_name", "project_name", "pipeline_name"), names.split("/"), strict=True)
    return {"submission": submission, "action": action, **where, **dict(called)}


def shown_names(page: Page) -> list[str]:
    """What the actions on a page of the activity are called."""
    return [text_of(link) for link in page.all("a") if link.get("href", "").startswith("/submissions/")]


def exported_activity(rig: Rig, query: str = "") -> list[dict[str, str]]:
    """The activity as a file."""
    return exported(rig, f"/submissions.csv?{query}", "slipway-activity.csv")


def exported_record(rig: Rig, query: str = "") -> list[dict[str, str]]:
    """The record as a file."""
    return exported(rig, f"/record.csv?{query}", "slipway-record.csv")


def exported(rig: Rig, path: str, name: str) -> list[dict[str, str]]:
    """The rows of a file that a table program would open under this name."""
    with rig.browser.client.get(path, base_url=rig.browser.url) as answer:
        assert (answer.status_code, answer.content_type) == (200, "text/csv; charset=utf-8")
        assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
        return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))
