"""Keep the record of what was done, and what is needed to look for a lost submission."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PLACE = ["workspace", "project", "pipeline"]
ON_ITS_WAY = sa.text("state IN ('sending', 'unknown')")
REFUSAL = "events are only ever added"


def upgrade() -> None:
    """Add the columns, the indexes and both tables."""
    add_columns()
    bring_rows_along()
    op.create_index("ix_submissions_owner", "submissions", ["owner", "state"])
    op.create_index("ix_submissions_next_look", "submissions", ["next_look"])
    op.create_index("ix_submissions_fingerprint", "submissions", ["fingerprint"])
    op.create_index(
        "uq_submissions_pending",
        "submissions",
        [*PLACE, "fingerprint"],
        unique=True,
        sqlite_where=ON_ITS_WAY,
        postgresql_where=ON_ITS_WAY,
    )
    op.create_index("uq_submissions_action", "submissions", [*PLACE, "action_id"], unique=True)
    op.create_table(
        "key_proof",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("sealed", sa.String, nullable=False),
    )
    create_events()


def add_columns() -> None:
    """Add what drafts and looks need."""
    for column in (
        sa.Column("editor", sa.String(32)),
        sa.Column("attempts", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("seen_at", BIG),
        sa.Column("next_look", BIG),
        sa.Column("look_until", BIG),
        sa.Column("looked_at", BIG),
        sa.Column("look_problem", sa.String),
        sa.Column("candidates", sa.JSON),
    ):
        op.add_column("submissions", column)


def bring_rows_along() -> None:
    """Let rows in every state go on: what is not known yet is looked for, and what must be unique becomes so."""
    op.execute("UPDATE submissions SET attempts = 1, seen_at = created_at WHERE sent_at IS NOT NULL")
    op.execute("UPDATE submissions SET next_look = lease_until WHERE state = 'sending'")
    op.execute("UPDATE submissions SET next_look = sent_at WHERE state = 'unknown'")
    for column, condition in (("fingerprint", "state IN ('sending', 'unknown')"), ("action_id", "1 = 1")):
        op.execute(
            f"UPDATE submissions SET {column} = NULL WHERE {condition} AND number NOT IN (SELECT MIN(number) "
            f"FROM submissions WHERE {condition} GROUP BY workspace, project, pipeline, {column})"
        )


def create_events() -> None:
    """Create the record and the triggers that keep it whole."""
    op.create_table(
        "events",
        sa.Column("number", BIG, primary_key=True),
        sa.Column("at", BIG, nullable=False),
        sa.Column("person", sa.String(255)),
        sa.Column("person_name", sa.String(255), nullable=False),
        sa.Column("origin", sa.String(64)),
        sa.Column("verb", sa.String(32), nullable=False),
        sa.Column("submission", sa.String(64)),
        sa.Column("workspace", sa.String(255)),
        sa.Column("project", sa.String(255)),
        sa.Column("pipeline", BIG),
        sa.Column("outcome", sa.String(32)),
        sa.Column("details", sa.JSON, nullable=False),
    )
    op.create_index("ix_events_submission", "events", ["submission"])
    dialect = op.get_context().dialect.name
    if dialect == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER events_refuse_{change.lower()} BEFORE {change} ON events "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
    elif dialect == "postgresql":
        op.execute(
            f"CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER events_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON events "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    """Take back what `upgrade` added."""
    op.drop_table("events")
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")
    op.drop_table("key_proof")
    for name in ("action", "pending"):
        op.drop_index(f"uq_submissions_{name}", "submissions")
    for name in ("fingerprint", "next_look", "owner"):
        op.drop_index(f"ix_submissions_{name}", "submissions")
    for name in (
        "candidates",
        "look_problem",
        "looked_at",
        "look_until",
        "next_look",
        "seen_at",
        "attempts",
        "editor",
    ):
        op.drop_column("submissions", name)
