"""From one version's tables to the next one's, with rows in every state."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import JSON, Engine, bindparam, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from support.databases import ON_POSTGRESQL, empty_database_in
from support.migrating import migrated, migrations

from webapp.store.database import open_database
from webapp.store.engines import address_of, connect_to

STATES = ("draft", "sending", "created", "rejected", "not_sent", "unknown")


@pytest.fixture
def first_version(tmp_path: Path) -> str:
    """A database as the first version wrote it, with two rows in each state."""
    url = empty_database_in(tmp_path)
    engine = migrated(url, "0001")
    with engine.begin() as connection:
        for state in STATES:
            for copy in "ab":
                connection.execute(text(ROW), {"id": f"{state}-{copy}", "state": state, "sent": int(state != "draft")})
    engine.dispose()
    return url


def read(value: Any) -> Any:
    """What is in a column of JSON, which PostgreSQL's driver has read already."""
    return json.loads(value) if isinstance(value, str) else value


ROW = """
INSERT INTO submissions (id, owner, workspace, project, pipeline, state, version, name, typed, snapshot, fingerprint,
action_id, created_at, changed_at, sent_at, lease_until) VALUES (:id, 'local', 'buddy', 'site', 2, :state, 3, 'Run',
'{"name": "Run"}', '{}', 'same',
CASE CAST(:state AS VARCHAR(16)) WHEN 'created' THEN 7 END, 1000, 2000,
CASE CAST(:sent AS INTEGER) WHEN 1 THEN 3000 END,
CASE CAST(:state AS VARCHAR(16)) WHEN 'sending' THEN 93000 END)
"""


@pytest.fixture
def engine(first_version: str) -> Iterator[Engine]:
    engine = open_database(first_version)
    yield engine
    engine.dispose()


def test_every_row_keeps_its_state_and_what_is_not_known_will_be_looked_for(engine: Engine) -> None:
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT state, version, attempts, next_look FROM submissions ORDER BY number"))
        found = [tuple(row) for row in rows]
    looks = {"sending": 93000, "unknown": 3000}
    expected = [(state, 3, int(state != "draft"), looks.get(state)) for state in STATES]
    assert found == [row for row in expected for _ in "ab"]


def test_what_was_there_before_changes_and_deletions_are_additions(engine: Engine) -> None:
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT DISTINCT kind, target FROM submissions"))
        assert [tuple(row) for row in rows] == [("addition", None)]


def test_a_secret_that_was_still_to_be_typed_is_still_asked_for(first_version: str) -> None:
    typed = {
        "name": "Run",
        "variables-0-key": "TOKEN",
        "variables-0-encrypted": "true",
        "variables-1-key": "KEPT",
        "variables-1-encrypted": "true",
        "variables-1-kept": "an-id",
        "variables-2-key": "PLAIN",
        "variables-2-value": "",
    }
    before = connect_to(address_of(first_version), patient=True)
    with before.begin() as connection:
        connection.execute(
            text("UPDATE submissions SET typed = :typed WHERE state <> 'sending'").bindparams(
                bindparam("typed", typed, JSON)
            )
        )
    before.dispose()
    engine = open_database(first_version)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT state, typed FROM submissions")).all()
    engine.dispose()
    marked = {state for state, found in rows if read(found) == typed | {"variables-0-unknown": "true"}}
    untouched = {state for state, found in rows if read(found) in (typed, {"name": "Run"})}
    assert (marked, untouched) == ({"draft"}, set(STATES) - {"draft"})


def test_what_must_be_unique_is_kept_by_the_first_alone(engine: Engine) -> None:
    with engine.connect() as connection:
        pending = "SELECT id FROM submissions WHERE state IN ('sending', 'unknown') AND fingerprint = 'same'"
        assert [row.id for row in connection.execute(text(pending))] == ["sending-a"]
        assert [row.id for row in connection.execute(text("SELECT id FROM submissions WHERE action_id = 7"))] == [
            "created-a"
        ]


PEOPLE_BEFORE = """
INSERT INTO accounts (id, name, role, login, issuer, subject, created_at) VALUES
('boss', 'Boss', 'administrator', 'boss', NULL, NULL, 1), ('ada', 'Ada', 'editor', 'ada', NULL, NULL, 1),
('vera', 'Vera', 'viewer', NULL, 'https://id.example.com', 'v', 1);
INSERT INTO sessions (key, id, account, begun_at, seen_at, browser) VALUES
('a', 'a', 'boss', 1, 1, ''), ('b', 'b', 'vera', 1, 1, '');
INSERT INTO invitations (key, account, expires_at) VALUES ('c', 'ada', 9), ('d', NULL, 9);
INSERT INTO events (at, person, person_name, verb, details) VALUES
(1, 'other', 'Other', 'made a link', '{"account": "ada"}'), (2, 'boss', 'Boss', 'made a link', '{"account": "ada"}')
"""


def test_sessions_learn_how_they_were_begun_and_links_who_made_them(first_version: str) -> None:
    migrated(first_version, "0005", PEOPLE_BEFORE)
    engine = open_database(first_version)
    with engine.connect() as connection:
        sessions = connection.execute(text("SELECT account, way FROM sessions ORDER BY key")).all()
        links = connection.execute(text("SELECT account, made_by, first FROM invitations ORDER BY key")).all()
    engine.dispose()
    assert [tuple(row) for row in sessions] == [("boss", "password"), ("vera", "oidc")]
    assert [tuple(row) for row in links] == [("ada", "boss", 0), (None, None, 1)]


def test_what_was_sent_again_within_the_hour_is_looked_for_whatever_came_of_the_second_attempt(tmp_path: Path) -> None:
    url, now = empty_database_in(tmp_path), int(datetime.now(UTC).timestamp() * 1000)
    engine = migrated(url, "0007")
    with engine.begin() as connection:
        for id, sent_at in {"rejected": now, "not_sent": now, "created": now, "draft": now, "unknown": now}.items():
            connection.execute(text(SECOND), {"id": id, "sent": sent_at})
            for verb, outcome in (("sent", "sending"), ("looked", "absent"), ("sent", "sending")):
                connection.execute(text(EVENT), {"id": id, "verb": verb, "outcome": outcome})
        connection.execute(text(SECOND), {"id": "rejected-long-ago", "sent": now - 4_000_000})
        connection.execute(text(SECOND), {"id": "rejected-at-once", "sent": now})
        connection.execute(text("UPDATE submissions SET state = 'rejected' WHERE id LIKE 'rejected-%'"))
        connection.execute(text("UPDATE submissions SET follows = 'rejected' WHERE id = 'draft'"))
    engine.dispose()
    engine = open_database(url)
    with engine.connect() as connection:
        rows = {row.id: row for row in connection.execute(text("SELECT * FROM submissions"))}
    engine.dispose()
    states = {id: (row.state, row.proved, bool(read(row.earlier))) for id, row in rows.items()}
    assert states == {
        "rejected": ("absent", "rejected", True),
        "not_sent": ("absent", "not_sent", True),
        "created": ("created", None, True),
        "unknown": ("unknown", None, True),
        "draft": ("draft", None, False),
        "rejected-long-ago": ("rejected", None, False),
        "rejected-at-once": ("rejected", None, False),
    }
    assert read(rows["created"].earlier) == [{"attempt": 1, "sent_at": now, "seen_at": 5, "seen": [1, 2]}]
    assert rows["created"].next_look is not None
    assert (rows["draft"].family, rows["rejected"].family) == ("rejected", "rejected")


SECOND = """
INSERT INTO submissions (id, owner, workspace, project, pipeline, state, version, name, typed, snapshot, kind,
created_at, changed_at, sent_at, seen_at, attempts) VALUES (:id, 'local', 'buddy', 'site', 2,
CAST(:id AS VARCHAR(16)), 3, 'Run', '{}',
'{"action_ids": [1, 2]}', 'addition', 1000, 2000, :sent, 5, 2)
"""
EVENT = """
INSERT INTO events (at, person_name, verb, submission, outcome, details) VALUES (1, 'Ann', :verb, :id, :outcome, '{}')
"""


@pytest.mark.parametrize("change", ["UPDATE events SET verb = 'x'", "DELETE FROM events"])
def test_the_database_refuses_to_change_or_remove_an_event(engine: Engine, change: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO events (at, person_name, verb, details) VALUES (1, 'Ann', 'sent', '{}')"))
    with pytest.raises(DBAPIError, match="events are only ever added"), engine.begin() as connection:
        connection.execute(text(change))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT verb FROM events")).scalars().all() == ["sent"]


def test_submissions_are_measured(first_version: str) -> None:
    engine = open_database(first_version)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT size, typed, snapshot FROM submissions")).all()
    engine.dispose()
    assert rows
    assert all(size == len(json.dumps(read(typed))) + len(json.dumps(read(snapshot))) for size, typed, snapshot in rows)


NAMED_BEFORE = """
INSERT INTO accounts (id, name, role, created_at) VALUES ('ada', 'Ada Byron', 'editor', 1);
INSERT INTO submissions (id, owner, workspace, project, pipeline, state, version, name, typed, snapshot, kind, family,
created_at, changed_at, sent_at, finished_at, attempts) VALUES
('kept', 'ben', 'buddy', 'site', 2, 'created', 1, 'Run tests', '{}',
'{"pipeline_name": "Live mirror", "project_name": "Company Website"}', 'addition', 'kept', 1, 1, 10, 30, 1),
('late', 'ada', 'buddy', 'site', 3, 'created', 1, 'Run', '{}', '{}', 'addition', 'kept', 1, 1, 20, 25, 1),
('alone', 'ada', 'buddy', 'site', 3, 'created', 1, 'Run', '{}', '[]', 'addition', 'alone', 1, 1, 20, 25, 1);
INSERT INTO events (at, person, person_name, verb, submission, workspace, project, pipeline, details) VALUES
(1, 'ben', 'Ben Bit', 'sent', 'kept', 'buddy', 'site', 2, '{}'), (2, 'ben', 'Ben Bit', 'signed in', NULL, NULL, NULL,
NULL, '{}'), (3, NULL, 'Slipway', 'looked', 'swept', 'buddy', 'site', 9, '{}')
"""
NAMES = "workspace_name, project_name, pipeline_name"


def test_what_is_there_is_called_what_it_was_called_when_it_was_written(tmp_path: Path) -> None:
    url = empty_database_in(tmp_path)
    migrated(url, "0008", NAMED_BEFORE)
    engine = open_database(url)
    with engine.connect() as connection:
        rows = connection.execute(text(f'SELECT owner_name, {NAMES}, "overlaps" FROM submissions ORDER BY number'))
        events = connection.execute(text(f"SELECT action, {NAMES} FROM events ORDER BY number"))
        assert [tuple(row) for row in rows] == [
            ("Ben Bit", "buddy", "Company Website", "Live mirror", True),
            ("Ada Byron", "buddy", "site", "pipeline 3", True),
            ("Ada Byron", "buddy", "site", "pipeline 3", None),
        ]
        assert [tuple(row) for row in events] == [
            ("Run tests", "buddy", "Company Website", "Live mirror"),
            (None,) * 4,
            (None,) * 4,
        ]
    with pytest.raises(DBAPIError, match="events are only ever added"), engine.begin() as connection:
        connection.execute(text("UPDATE events SET action = 'x'"))
    engine.dispose()


def test_more_rows_than_are_read_at_once_are_all_named(tmp_path: Path) -> None:
    url = empty_database_in(tmp_path)
    many = """
    INSERT INTO submissions (id, owner, workspace, project, pipeline, state, version, name, typed, snapshot, kind,
    created_at, changed_at, attempts) WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE
    n < 1201) SELECT 'number ' || n, 'ben', 'buddy', 'site', n, 'draft', 1, '', '{}', '{}', 'addition', 1, 1, 0
    FROM numbers
    """
    migrated(url, "0008", many)
    engine = open_database(url)
    with engine.connect() as connection:
        named = connection.execute(text("SELECT count(*) FROM submissions WHERE pipeline_name = 'pipeline ' || number"))
        assert named.scalar() == 1201
    engine.dispose()


WORDS = (
    "SELECT relname FROM pg_class WHERE relname LIKE '%words%'"
    if ON_POSTGRESQL
    else "SELECT name FROM sqlite_master WHERE name LIKE '%words%'"
)


def test_an_older_slipway_gets_its_tables_back_with_all_that_is_in_them(tmp_path: Path) -> None:
    url = empty_database_in(tmp_path)
    migrated(url, "0008", NAMED_BEFORE)
    for _ in range(2):
        open_database(url).dispose()
        engine = connect_to(address_of(url), patient=True)
        with engine.begin() as connection:
            command.downgrade(migrations(connection), "0008")
            found = connection.execute(text("SELECT id FROM submissions ORDER BY number")).scalars().all()
            left = connection.execute(text(WORDS)).all()
        engine.dispose()
        assert (found, left) == (["kept", "late", "alone"], [])


def test_what_was_sent_before_there_were_runs_is_none_and_two_runs_never_have_one_number(tmp_path: Path) -> None:
    url = empty_database_in(tmp_path)
    before = migrated(url, "0018")
    with before.begin() as connection:
        for state in ("created", "rejected", "unknown"):
            connection.execute(text(ROW), {"id": state, "state": state, "sent": 1})
    before.dispose()
    engine = open_database(url)
    columns = "kind, execution, run_status, run_at, stopping_at"
    with engine.connect() as connection:
        rows = connection.execute(text(f"SELECT DISTINCT {columns} FROM submissions")).all()
        assert [tuple(row) for row in rows] == [("addition", None, None, None, None)]
    number = text("UPDATE submissions SET execution = 7 WHERE id = :id")
    with engine.begin() as connection:
        connection.execute(number, {"id": "rejected"})
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(number, {"id": "unknown"})
    engine.dispose()


def test_a_template_that_was_not_finished_before_is_gone_on_with(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/slipway.db"
    before = migrated(url, "0020")
    with before.begin() as connection:
        connection.execute(
            text("INSERT INTO unfinished_templates VALUES ('page', 'ada', NULL, '{\"a\": \"b\"}', 0, 1)")
        )
    before.dispose()
    engine = open_database(url)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT id, typed, editor, version FROM unfinished_templates")).all()
    engine.dispose()
    assert [tuple(row) for row in rows] == [("page", '{"a": "b"}', "", 1)]
