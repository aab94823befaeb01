"""Find runs by how far they are."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

INDEX = "ix_submissions_run_status"


def upgrade() -> None:
    """Add the index."""
    there = sa.text('"run_status" IS NOT NULL')
    columns = ["run_status", "sent_at", "number"]
    op.create_index(INDEX, "submissions", columns, sqlite_where=there, postgresql_where=there)


def downgrade() -> None:
    """Take it back."""
    op.drop_index(INDEX, "submissions")
