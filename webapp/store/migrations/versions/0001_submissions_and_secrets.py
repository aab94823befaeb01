"""Create the tables for submissions and their secrets."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "submissions",
        sa.Column("number", BIG, primary_key=True),
        sa.Column("id", sa.String(64), nullable=False, unique=True),
        sa.Column("owner", sa.String(255), nullable=False),
        sa.Column("workspace", sa.String(255), nullable=False),
        sa.Column("project", sa.String(255), nullable=False),
        sa.Column("pipeline", BIG, nullable=False),
        sa.Column("follows", sa.String(64)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("typed", sa.JSON, nullable=False),
        sa.Column("snapshot", sa.JSON, nullable=False),
        sa.Column("fingerprint", sa.String(64)),
        sa.Column("request", sa.JSON),
        sa.Column("status", sa.Integer),
        sa.Column("reason", sa.String),
        sa.Column("messages", sa.JSON),
        sa.Column("answer", sa.JSON),
        sa.Column("action_id", BIG),
        sa.Column("created_at", BIG, nullable=False),
        sa.Column("changed_at", BIG, nullable=False),
        sa.Column("sent_at", BIG),
        sa.Column("lease_until", BIG),
        sa.Column("finished_at", BIG),
    )
    op.create_index("ix_submissions_sent", "submissions", ["sent_at", "number"])
    op.create_table(
        "secrets",
        sa.Column("submission", sa.String(64), sa.ForeignKey("submissions.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("sealed", sa.String, nullable=False),
        sa.Column("expires_at", BIG, nullable=False),
    )
    op.create_index("ix_secrets_expires_at", "secrets", ["expires_at"])


def downgrade() -> None:
    """Drop both tables."""
    op.drop_table("secrets")
    op.drop_table("submissions")
