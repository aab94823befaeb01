"""Rows and forms of a newer Slipway, which runs beside this one or ran before it: read, shown, and left alone."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session
from support import faults
from support.buddy import StubBuddy
from support.rigs import LEAST, NEW, Rig

from webapp.buddy.places import Place
from webapp.store.models import Event, Submission
from webapp.submissions.envelope import VERSION, Purpose

NEWER = "Made by a newer Slipway"
PLACE = Place("buddy", "company-website", 2)
ACTIONS = NEW.removesuffix("/new")
# What this version does not know: the kind, the state, both, or a state that it knows of other kinds alone.
STRANGE = {
    "an approval": {"kind": "approval", "state": "asked"},
    "an approval in a state of ours": {"kind": "approval", "state": "unknown"},
    "a run": {"kind": "run", "state": "running"},
    "a run in an addition's state": {"kind": "run", "state": "created"},
    "an addition": {"kind": "addition", "state": "running"},
    "a change": {"kind": "change", "state": "running"},
    "an addition in a change's state": {"kind": "addition", "state": "changed"},
}


def write(rig: Rig, id: str = "newer", **columns: Any) -> str:
    """Put a row into the database as a newer Slipway may: with a snapshot and contents of its own."""
    now = rig.clock()
    values: dict[str, Any] = {
        "id": id,
        "owner": "local",
        "workspace": "buddy",
        "project": "company-website",
        "pipeline": 2,
        "family": id,
        "version": 1,
        "name": "Nightly",
        "typed": {"branch": "main"},
        "snapshot": {"runs": [1, 2]},
        "request": {"to_revision": {"revision": "HEAD"}},
        "created_at": now,
        "changed_at": now,
        "sent_at": now,
        "next_look": now,
        "attempts": 1,
        **columns,
    }
    with Session(rig.parts.journal._engine) as session:
        session.add(Submission(**values))
        session.commit()
    return id


def told(rig: Rig, id: str, verb: str, outcome: str | None, **details: Any) -> None:
    """Put on record what a newer Slipway has done."""
    event = {"at": rig.clock(), "person": "local", "person_name": "Ann", "origin": None, "submission": id}
    place = {"workspace": "buddy", "project": "company-website", "pipeline": 2}
    with Session(rig.parts.journal._engine) as session:
        session.add(Event(**event, **place, verb=verb, outcome=outcome, details=details))
        session.commit()


def state_of(rig: Rig, id: str = "newer") -> tuple[Any, ...]:
    row = rig.parts.journal.find(id)
    assert row is not None
    return row.state, row.version, row.next_look, row.looked_at, row.look_until, row.attempts


@pytest.mark.parametrize("strange", STRANGE.values(), ids=STRANGE)
def test_it_is_shown_as_made_by_a_newer_slipway(rig: Rig, strange: dict[str, str]) -> None:
    write(rig, **strange)
    told(rig, "newer", "sent", "running", attempt=1, asks=strange["kind"])
    told(rig, "newer", "answered", strange["state"], attempt=1, asks=strange["kind"], status=200)
    told(rig, "newer", "went by itself", None)
    home, history, receipt = (rig.browser.get(path) for path in ("/", "/submissions", "/submissions/newer"))
    assert {page.status for page in (home, history, receipt)} == {200}
    assert all(NEWER in page.text for page in (home, history, receipt))
    assert "pipeline 2 company-website, buddy" in history.text
    assert receipt.heading == "“Nightly” was made by a newer Slipway"
    assert "Open it in the newer Slipway" in receipt.text
    assert "Went by itself" in receipt.text
    assert [form for form in receipt.all("form") if form.get("method") == "post"] == []
    record = rig.browser.get("/record")
    assert (record.status, NEWER in record.text) == (200, True)
    table = rig.browser.client.get("/record.csv", base_url=rig.browser.url)
    assert (table.status_code, "running" in table.text.lower()) == (200, True)


@pytest.mark.parametrize("strange", STRANGE.values(), ids=STRANGE)
def test_it_is_never_looked_after_and_keeps_nothing_else_from_it(
    rig: Rig, buddy: StubBuddy, strange: dict[str, str]
) -> None:
    buddy.write_fault = faults.read_then_close
    rig.send()
    for number in range(60):
        write(rig, f"newer-{number}", **strange, lease_until=rig.clock())
    before = state_of(rig, "newer-7")
    rig.look(minutes=5)
    assert (rig.states[0], state_of(rig, "newer-7")) == ("found", before)


@pytest.mark.parametrize("noun", ["attempts", "looks", "ruling", "both"])
@pytest.mark.parametrize("strange", STRANGE.values(), ids=STRANGE)
def test_no_button_does_anything_to_it(rig: Rig, buddy: StubBuddy, strange: dict[str, str], noun: str) -> None:
    token = rig.form().fields["csrf_token"]
    write(rig, **strange)
    before = state_of(rig)
    page = rig.browser.post(f"/submissions/newer/{noun}", {"csrf_token": token, "ruling": "none"})
    assert (page.status, page.heading) == (200, "“Nightly” was made by a newer Slipway")
    assert (state_of(rig), rig.record, buddy.writes) == (before, [], 0)


def test_a_draft_of_it_is_its_owners_alone_and_goes_when_they_discard_it(rig: Rig) -> None:
    write(rig, kind="approval", state="draft", sent_at=None, next_look=None)
    write(rig, "another's", kind="approval", state="sketch", sent_at=None, next_look=None, owner="ben")
    home = rig.browser.get("/")
    assert (home.status, home.text.count("Nightly"), NEWER in home.text) == (200, 2, True)
    assert rig.browser.get("/submissions/another's").status == 404
    assert rig.browser.get("/submissions/newer").heading == "“Nightly” was made by a newer Slipway"
    question = rig.browser.post("/submissions/newer/delete", {"csrf_token": rig.form().fields["csrf_token"]})
    assert question.heading == "Discard the draft “Nightly”?"
    question.send_to("/submissions/newer/delete", sure="yes")
    assert [row.id for row in rig.rows] == ["another's"]


def test_no_form_is_filled_in_like_it(rig: Rig) -> None:
    write(rig, kind="approval", state="running")
    page = rig.browser.get(f"{NEW}?like=newer")
    assert (page.status, page.fields["name"]) == (200, "")
    assert "What was to be copied is not there, or is of a kind that can't be copied." in page.text


@pytest.mark.parametrize("strange", STRANGE.values(), ids=STRANGE)
def test_nothing_more_of_its_form_is_sent_while_it_is_there(
    rig: Rig, buddy: StubBuddy, strange: dict[str, str]
) -> None:
    buddy.write_fault = faults.answering(faults.answer("400 Bad Request", {"errors": [{"message": "no"}]}))
    refused = rig.send()
    write(rig, **strange, family=rig.row.family)
    page = refused.send(inline_commands="make all")
    assert (page.status, buddy.writes) == (409, 1)
    assert "It is not known yet what happened to an earlier attempt of this form" in page.text
    assert page.fields["inline_commands"] == "make all"


def test_a_form_that_a_newer_slipway_has_sent_on_is_not_sent_from_here(rig: Rig, buddy: StubBuddy) -> None:
    form = rig.form()
    envelope = rig.parts.seal.open(form.fields["envelope"], "local", PLACE)
    assert envelope is not None
    write(rig, envelope.submission, kind="addition", state="running")
    page = form.send(**LEAST)
    assert (page.status, page.fields["name"], buddy.writes) == (409, "Run tests", 0)


@pytest.mark.patient
def test_an_answer_that_comes_when_a_newer_slipway_has_gone_on_with_it_is_not_written_over_that(
    rig: Rig, buddy: StubBuddy, caplog: pytest.LogCaptureFixture
) -> None:
    def overtaken(connection: Any, server: Any) -> None:
        row = rig.row
        rig.parts.journal.move(row.id, row.version, row.state, "running")
        StubBuddy.answers(connection, server)

    buddy.write_fault = overtaken
    page = rig.send()
    assert (page.status, rig.row.state, NEWER in page.text) == (200, "running", True)
    assert "came too late to be written" in caplog.text


def test_it_is_swept_when_everything_else_is(rig: Rig) -> None:
    write(rig, kind="approval", state="running")
    write(rig, "draft", kind="approval", state="draft", sent_at=None)
    rig.clock.forward(days=29)
    rig.parts.journal.sweep(timedelta(days=90))
    assert rig.states == ["running", "draft"]
    rig.clock.forward(days=2)
    rig.parts.journal.sweep(timedelta(days=90))
    assert rig.states == ["running"]
    rig.clock.forward(days=60)
    rig.parts.journal.sweep(timedelta(days=90))
    assert rig.states == []


def newer_envelope(rig: Rig, sealed: str, purpose: Purpose = Purpose.FORM) -> str:
    """The signed value of a page as a newer Slipway with the same key writes it."""
    own = rig.parts.seal._serializer
    data = {**own.loads(sealed, salt=purpose), "version": VERSION + 1, "place": {"path": PLACE.path}}
    del data["snapshot"]
    return str(own.dumps(data, salt=purpose))


@pytest.mark.parametrize("step", ["", "/new"], ids=["sent", "a helper button"])
def test_a_form_that_a_newer_slipway_handed_out_comes_back_filled_and_says_so(
    rig: Rig, buddy: StubBuddy, step: str
) -> None:
    form = rig.form()
    fields = {**form.fields, **LEAST, "envelope": newer_envelope(rig, form.fields["envelope"])}
    page = rig.browser.post(ACTIONS + step, fields)
    assert (page.status, page.fields["name"], buddy.writes) == (400, "Run tests", 0)
    assert "This page was not recognised." in page.text
    assert rig.states == ["draft"]
    assert page.send().heading == "“Run tests” was added"


def test_a_change_and_a_deletion_that_a_newer_slipway_handed_out_come_back_and_say_so(
    rig: Rig, buddy: StubBuddy
) -> None:
    id = buddy.add({"name": "Run tests", "type": "RUN_DOCKER_CONTAINER", "docker_image_name": "a"})["id"]
    form = rig.browser.get(f"{ACTIONS}/{id}/edit")
    fields = {**form.fields, "inline_commands": "ls", "envelope": newer_envelope(rig, form.fields["envelope"])}
    page = rig.browser.post(f"{ACTIONS}/{id}", fields)
    assert (page.status, page.fields["inline_commands"], buddy.writes) == (400, "ls", 0)
    question = rig.browser.get(f"{ACTIONS}/{id}/delete")
    sealed = next(field.get("value") for field in question.all("input") if field.get("name") == "envelope")
    page = question.send_to(question.path, envelope=newer_envelope(rig, sealed or "", Purpose.DELETION))
    assert (page.status, buddy.writes) == (400, 0)
    assert "This page was open for too long, or was not recognised." in page.text


def test_a_form_that_was_handed_out_before_signed_values_had_a_version_is_still_good(
    rig: Rig, buddy: StubBuddy
) -> None:
    form = rig.form()
    own = rig.parts.seal._serializer
    data = own.loads(form.fields["envelope"])
    assert data.pop("version") == VERSION
    rig.browser.post(ACTIONS, {**form.fields, **LEAST, "envelope": str(own.dumps(data))})
    assert (rig.states, buddy.writes) == (["created"], 1)


def test_a_snapshot_with_fields_of_a_newer_slipway_is_read_without_them(rig: Rig) -> None:
    rig.send()
    with Session(rig.parts.journal._engine) as session:
        row = session.get_one(Submission, rig.row.number)
        integrations = [{"reference": "a", "name": "A", "type": "DOCKER_HUB", "since": 1}]
        row.snapshot = {**row.snapshot, "runs": [1], "integrations": integrations}
        session.commit()
    assert rig.receipt().heading == "“Run tests” was added"
