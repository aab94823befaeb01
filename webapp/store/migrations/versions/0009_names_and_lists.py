"""Let submissions and events keep the names that people see, and lists of them cost the same however long they are."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

AT_ONCE = 500
PLACE = ("workspace", "project", "pipeline")
NAMES = ("workspace_name", "project_name", "pipeline_name")
SENT = ("sent_at", "number")
SUBMISSIONS = sa.table(
    "submissions",
    *(sa.column(name) for name in ("number", "id", "owner", "owner_name", *PLACE, *NAMES)),
    sa.column("snapshot", sa.JSON),
)
EVENTS = sa.table("events", *(sa.column(name) for name in ("submission", "person", "person_name")))
ACCOUNTS = sa.table("accounts", sa.column("id"), sa.column("name"))
INDEXES = {
    "ix_submissions_owner_sent": ("submissions", ["owner", *SENT]),
    "ix_submissions_owner": ("submissions", ["owner", "state", *SENT]),
    "ix_submissions_state": ("submissions", ["state", *SENT]),
    "ix_submissions_place": ("submissions", [*PLACE, *SENT]),
    "ix_submissions_used": ("submissions", ["owner", *PLACE, "number"]),
    "ix_submissions_overlaps": ("submissions", ["owner", "overlaps", *SENT]),
    "ix_submissions_changed": ("submissions", ["changed_at"]),
    "ix_events_submission": ("events", ["submission", "number"]),
    "ix_events_person": ("events", ["person", "person_name", "number"]),
    "ix_events_outcome": ("events", ["outcome", "number"]),
    "ix_events_place": ("events", [*PLACE, "number"]),
    "ix_events_at": ("events", ["at", "number"]),
}
# The indexes of these names before.
BEFORE = {
    "ix_submissions_owner": ("submissions", ["owner", "state"]),
    "ix_events_submission": ("events", ["submission"]),
}
# What another one of the same form was sent beside, before it was known what came of it.
OVERLAPS = """
UPDATE submissions SET "overlaps" = :yes WHERE sent_at IS NOT NULL AND EXISTS (
SELECT 1 FROM submissions AS other WHERE other.family = submissions.family AND other.number <> submissions.number
AND ((submissions.sent_at <= other.sent_at AND other.sent_at < submissions.finished_at)
OR (other.sent_at <= submissions.sent_at AND submissions.sent_at < other.finished_at)))
"""
NAME_EVENTS = """
UPDATE events SET (action, workspace_name, project_name, pipeline_name) = (
SELECT name, workspace_name, project_name, pipeline_name FROM submissions WHERE submissions.id = events.submission)
WHERE submission IS NOT NULL
"""
REFUSAL = "events are only ever added"


def upgrade() -> None:
    """Add the columns and indexes, and fill the columns in for what is there."""
    op.add_column("submissions", sa.Column("owner_name", sa.String(255)))
    op.add_column("submissions", sa.Column("overlaps", sa.Boolean))
    op.add_column("events", sa.Column("action", sa.String))
    for table in ("submissions", "events"):
        for name in NAMES:
            op.add_column(table, sa.Column(name, sa.String))
    connection = op.get_bind()
    name_submissions(connection)
    connection.execute(sa.text(OVERLAPS).bindparams(sa.bindparam("yes", True, sa.Boolean)))
    name_events(connection)
    for name, (table, _) in BEFORE.items():
        op.drop_index(name, table)
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns)


def name_submissions(connection: sa.Connection) -> None:
    """Name senders as the record does, and places as their snapshots do, some rows at a time."""
    this: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in ("owner_name", *NAMES)}
    write = sa.update(SUBMISSIONS).where(SUBMISSIONS.c.number == sa.bindparam("this")).values(this)
    for rows in in_parts(connection):
        connection.execute(write, [names_of(row) for row in rows])


def in_parts(connection: sa.Connection) -> Iterator[list[Any]]:
    """Read the submissions with the names of their senders, so many at once."""
    c = SUBMISSIONS.c
    on_record = sa.select(sa.func.min(EVENTS.c.person_name)).where(
        EVENTS.c.submission == c.id, EVENTS.c.person == c.owner
    )
    account = sa.select(ACCOUNTS.c.name).where(ACCOUNTS.c.id == c.owner)
    who = sa.func.coalesce(on_record.scalar_subquery(), account.scalar_subquery()).label("who")
    query = sa.select(c.number, c.workspace, c.project, c.pipeline, c.snapshot, who).order_by(c.number).limit(AT_ONCE)
    last = -1
    while rows := list(connection.execute(query.where(c.number > last))):
        yield rows
        last = rows[-1].number


def names_of(row: Any) -> dict[str, Any]:
    """What a row's place and sender are called; a workspace's name was not kept."""
    seen = row.snapshot if isinstance(row.snapshot, dict) else {}
    return {
        "this": row.number,
        "new_owner_name": row.who,
        "new_workspace_name": row.workspace,
        "new_project_name": seen.get("project_name") or row.project,
        "new_pipeline_name": seen.get("pipeline_name") or f"pipeline {row.pipeline}",
    }


def name_events(connection: sa.Connection) -> None:
    """Write the names beside what is on record, which stays as it is; then nothing may change it again."""
    dialect = connection.dialect.name
    if dialect == "sqlite":
        connection.execute(sa.text("DROP TRIGGER events_refuse_update"))
    elif dialect == "postgresql":
        connection.execute(sa.text("ALTER TABLE events DISABLE TRIGGER events_refuse_change"))
    connection.execute(sa.text(NAME_EVENTS))
    if dialect == "sqlite":
        connection.execute(
            sa.text(
                "CREATE TRIGGER events_refuse_update BEFORE UPDATE ON events "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        )
    elif dialect == "postgresql":
        connection.execute(sa.text("ALTER TABLE events ENABLE TRIGGER events_refuse_change"))


def downgrade() -> None:
    """Take the columns and indexes back, and the index of words that Slipway has built of them."""
    forget_words(op.get_bind())
    for name, (table, _) in INDEXES.items():
        op.drop_index(name, table)
    for name, (table, columns) in BEFORE.items():
        op.create_index(name, table, columns)
    for table in ("events", "submissions"):
        for name in NAMES:
            op.drop_column(table, name)
    op.drop_column("events", "action")
    op.drop_column("submissions", "overlaps")
    op.drop_column("submissions", "owner_name")


def forget_words(connection: sa.Connection) -> None:
    """Drop what depends on the columns: see `webapp.store.words`."""
    if connection.dialect.name == "sqlite":
        for name in ("submission_words_add", "submission_words_change", "submission_words_remove", "event_words_add"):
            connection.execute(sa.text(f"DROP TRIGGER IF EXISTS {name}"))
        for name in ("submission_words", "event_words"):
            connection.execute(sa.text(f"DROP TABLE IF EXISTS {name}"))
    elif connection.dialect.name == "postgresql":
        for table in ("submissions", "events"):
            connection.execute(sa.text(f"DROP INDEX IF EXISTS ix_{table}_words"))
