"""No question that the home page or a receipt asks goes through all rows, however many there are."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event
from support.buddy import StubBuddy
from support.pages import Browser
from support.rigs import Rig

from webapp.store.models import EPOCH
from webapp.store.reading import FailedQuery
from webapp.submissions.states import CAME_TO_NOTHING, DONE_STATES, MENDED, OPEN

pytestmark = pytest.mark.sqlite

# Indexes that have only some of the rows.
SPARSE = ("ix_submissions_overlaps", "uq_submissions_action", "ix_submissions_runs")
NEW = "/workspaces/buddy/projects/company-website/pipelines/2/actions/new"


@contextmanager
def asked(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """What is read from the tables of submissions and events meanwhile."""
    found: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if statement.startswith(("SELECT", "WITH")) and ("submissions" in statement or "events" in statement):
            found.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def plan(engine: Engine, statement: str, parameters: Any) -> list[str]:
    """How SQLite goes about it."""
    with engine.connect() as connection:
        return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]


def test_the_first_page_reads_by_index_alone(team: Rig) -> None:
    ada: Browser = team.hired("ada", "administrator")
    ada.get(NEW).send(name="Sent", docker_image_name="a", inline_commands="ls")
    ada.get(NEW).press("check", name="Begun")
    engine = team.parts.journal._engine
    with asked(engine) as statements:
        assert ada.get("/").status == 200
    assert len(statements) == 4
    for statement, parameters in statements:
        steps = plan(engine, statement, parameters)
        # What was sent last stands at the end of its index.
        last = "SCAN submissions USING INDEX ix_submissions_sent"
        assert not [step for step in steps if step.startswith("SCAN submissions") and step != last], (statement, steps)


def test_a_receipt_reads_what_became_of_its_action_by_index(team: Rig) -> None:
    ada: Browser = team.hired("ada")
    receipt = ada.get(NEW).send(name="Sent", docker_image_name="a", inline_commands="ls")
    engine = team.parts.journal._engine
    with asked(engine) as statements:
        assert ada.get(receipt.path).heading == "“Sent” was added"
    steps = [step for statement in statements for step in plan(engine, *statement)]
    assert [step for step in steps if "ix_submissions_target" in step]
    assert not [step for step in steps if step.startswith("SCAN submissions")]


def test_an_actions_page_reads_its_history_by_index(team: Rig, upstream: StubBuddy) -> None:
    ada: Browser = team.hired("ada")
    upstream.answer = None
    receipt = ada.get(NEW).send(name="Sent", docker_image_name="a", inline_commands="ls")
    engine = team.parts.journal._engine
    with asked(engine) as statements:
        assert "Added by Ada" in ada.get(receipt.links["change it"].removesuffix("/edit")).links
    steps = [step for statement in statements for step in plan(engine, *statement)]
    for index in ("ix_submissions_target", "uq_submissions_action"):
        assert [step for step in steps if index in step], steps
    assert not [step for step in steps if step.startswith("SCAN submissions")], steps


def test_what_only_some_submissions_have_is_found_by_indexes_of_those_alone(team: Rig) -> None:
    team.hired("ada").get(NEW).send(name="Sent", docker_image_name="a", inline_commands="ls")
    journal, row = team.parts.journal, team.row
    with asked(journal._engine) as statements:
        journal.waiting(row.owner, OPEN, FailedQuery(MENDED, CAME_TO_NOTHING, EPOCH), DONE_STATES, 1)
        journal.taken(row, [1])
        journal.last_run((row.workspace, row.project, row.pipeline), None)
    steps = " ".join(step for statement in statements for step in plan(journal._engine, *statement))
    assert [name for name in SPARSE if name not in steps] == []


def test_a_form_looks_for_a_draft_among_drafts_alone_however_much_was_sent_to_its_pipeline(team: Rig) -> None:
    ada: Browser = team.hired("ada")
    engine = team.parts.journal._engine
    with asked(engine) as statements:
        assert ada.get(NEW).status == 200
    steps = [step for each in statements for step in plan(engine, *each) if step.startswith("SEARCH submissions")]
    assert steps == ["SEARCH submissions USING INDEX ix_submissions_owner (owner=? AND state=?)"]
