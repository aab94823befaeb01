"""From each version that the tables have had straight to this one, with rows in all that there was then."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, MetaData, Row, Table, insert, select
from sqlalchemy.orm import Session
from support.databases import empty_database_in
from support.migrating import migrated

from webapp.store.activity import Activity
from webapp.store.activity import Wanted as WantedOfActivity
from webapp.store.database import open_database, versions
from webapp.store.journal import Entry, Journal
from webapp.store.models import Base
from webapp.store.record import Record
from webapp.store.record import Wanted as WantedOfRecord
from webapp.store.vault import Vault
from webapp.submissions.states import DONE_STATES

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PLACE = {"workspace": "buddy", "project": "company-website", "pipeline": 2}
NAMES = {
    "workspace_name": "Buddy Team",
    "project_name": "Company Website",
    "pipeline_name": "Live mirror",
}
# What stands in each column that there ever was; the numbers of rows are the database's to give.
SENT: dict[str, Any] = {
    **PLACE,
    **NAMES,
    "id": "sent",
    "owner": "ada",
    "owner_name": "Ada",
    "follows": "draft",
    "family": "draft",
    "kind": "addition",
    "target": 7,
    "state": "created",
    "version": 3,
    "name": "Run Ünit tests",
    "typed": {"name": "Run Ünit tests", "variables-0-key": "TOKEN"},
    "snapshot": {"action_ids": [1, 2], "pipeline_name": "Live mirror"},
    "fingerprint": "same",
    "request": {"name": "Run Ünit tests"},
    "status": 201,
    "reason": "said",
    "messages": ["one", "two"],
    "answer": {"id": 9},
    "action_id": 9,
    "editor": "page",
    "attempts": 2,
    "created_at": 1000,
    "changed_at": 2000,
    "sent_at": 3000,
    "seen_at": 900,
    "lease_until": 4000,
    "finished_at": 5000,
    "next_look": 6000,
    "look_until": 7000,
    "looked_at": 8000,
    "look_problem": "silent",
    "candidates": [{"id": 9}],
    "size": 99,
    "earlier": [{"attempt": 1, "sent_at": 1, "seen_at": 1, "seen": []}],
    "proved": "rejected",
    "settled_at": 9000,
    "overlaps": True,
    "dismissed_at": 9500,
    "template": "report",
    "template_version": 1,
    "undoes": "draft",
    "execution": 11,
    "run_status": "SUCCESSFUL",
    "run_at": 9600,
    "stopping_at": 9700,
    "image_check": {"said": "there"},
}
DRAFT = SENT | {
    "id": "draft",
    "family": "draft",
    "follows": None,
    "state": "draft",
    "sent_at": None,
    "action_id": None,
    "execution": None,
}
EVENT: dict[str, Any] = {
    **PLACE,
    **NAMES,
    "at": 3000,
    "person": "ada",
    "person_name": "Ada",
    "origin": "127.0.0.1",
    "verb": "sent",
    "submission": "sent",
    "action": "Run Ünit tests",
    "outcome": "sending",
    "details": {"how": "by hand"},
}
ROWS: dict[str, list[dict[str, Any]]] = {
    "submissions": [DRAFT, SENT],
    "secrets": [{"submission": "draft", "id": "a-secret", "sealed": "sealed", "expires_at": 1}],
    "events": [EVENT, EVENT | {"at": 5000, "verb": "answered", "outcome": "created"}],
    "key_proof": [{"number": 1, "sealed": "sealed"}],
    "accounts": [
        {
            "id": "ada",
            "name": "Ada",
            "role": "administrator",
            "login": "ada",
            "password": "hash",
            "issuer": "https://id.example.com",
            "subject": "a",
            "created_at": 1,
            "signed_in_at": 2,
            "disabled_at": 3,
        }
    ],
    "sessions": [
        {
            "key": "key",
            "id": "id",
            "account": "ada",
            "begun_at": 1,
            "seen_at": 2,
            "origin": "127.0.0.1",
            "browser": "one",
            "way": "oidc",
        }
    ],
    "invitations": [{"key": "key", "account": "ada", "expires_at": 1, "made_by": "ada", "first": True}],
    "attempts": [{"at": 1, "login": "ada", "origin": "127.0.0.1"}],
    "buddy_token": [
        {
            "number": 1,
            "sealed": "sealed",
            "name": "token",
            "scopes": ["WORKSPACE"],
            "expires_at": 1,
            "set_at": 2,
            "set_by": "Ada",
        }
    ],
    "repeats": [
        {
            "key": "key",
            "kind": "kind",
            "since": 1,
            "until": 2,
            "count": 3,
            "told": 4,
            "person": "ada",
            "person_name": "Ada",
            "origin": "127.0.0.1",
            "verb": "was refused",
            "outcome": "refused",
        }
    ],
    "places": [
        {
            **PLACE,
            "mark": "mark",
            "name": "Live mirror",
            "words": "live mirror",
            "seen_at": 1,
            "asked_at": 2,
            "whole": True,
        }
    ],
    "templates": [
        {
            "id": "report",
            "name": "Report",
            "version": 1,
            "revision": 2,
            "made_at": 1,
            "changed_at": 2,
            "retired_at": 3,
        }
    ],
    "template_versions": [
        {"template": "report", "version": 1, "at": 1, "person": "ada", "person_name": "Ada", "content": {"name": "R"}}
    ],
    "template_secrets": [
        {"template": "report", "slot": "password", "sealed": "sealed", "set_at": 1, "person_name": "Ada"}
    ],
    "rules": [{"number": 1, "version": 1, "content": {"tags": "fixed"}}],
    "unfinished_templates": [
        {
            "id": "unfinished",
            "owner": "ada",
            "template": "report",
            "typed": {"name": "R"},
            "dropped": True,
            "kept_at": 1,
            "editor": "page",
            "version": 2,
        }
    ],
}


def tables_of(engine: Engine) -> list[Table]:
    """The tables of a version as they were, those first that others name."""
    found = MetaData()
    found.reflect(engine)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def fill(engine: Engine, tables: Sequence[Table]) -> None:
    """Write into each column of each table."""
    with engine.begin() as connection:
        for table in tables:
            names = [column.name for column in table.columns]
            for row in ROWS[table.name]:
                assert set(names) - set(row) <= {"number"}, "a column that no row here has anything in"
                connection.execute(insert(table), {name: row[name] for name in names if name in row})


def read(engine: Engine, tables: Sequence[Table]) -> dict[str, list[Row[Any]]]:
    """All that stands in these columns."""
    with engine.connect() as connection:
        return {table.name: sorted(connection.execute(select(table)).all(), key=str) for table in tables}


@pytest.mark.parametrize("version", versions())
def test_all_that_a_version_has_written_is_there_in_this_one_which_reads_it_and_goes_on(
    tmp_path: Path, version: str
) -> None:
    url = empty_database_in(tmp_path)
    before = migrated(url, version)
    tables = tables_of(before)
    fill(before, tables)
    written = read(before, tables)
    before.dispose()
    engine = open_database(url)
    assert read(engine, tables) == written
    with Session(engine) as session:
        models = {model.__tablename__: len(list(session.scalars(select(model)))) for model in Base.__subclasses__()}
    assert models == {name: len(written.get(name, ())) for name in ROWS}
    assert [row.name for row in Activity(engine, DONE_STATES).page(WantedOfActivity(), 10).rows] == ["Run Ünit tests"]
    lines = Record(engine).page(WantedOfRecord(), 10).rows
    assert [len(line.steps) for line in lines] == [2] * ("events" in written)
    journal = Journal(engine, Vault(["the key of these tests"]))
    entry = Entry("next", "ada", "buddy", "site", 2, None, "Next", {}, {}, {})
    assert journal.put(entry, "created", (), sent_at=NOW) == 1
    assert [row.id for row in journal.history(10)] == ["next", "sent"]
    engine.dispose()
