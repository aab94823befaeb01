"""Find what was done to an action, however much was done in its pipeline."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

INDEX = "ix_submissions_target"
COLUMNS = ("workspace", "project", "pipeline", "target", "number")


def upgrade() -> None:
    """Add the index."""
    there = sa.text("target IS NOT NULL")
    op.create_index(INDEX, "submissions", COLUMNS, sqlite_where=there, postgresql_where=there)


def downgrade() -> None:
    """Take it back."""
    op.drop_index(INDEX, "submissions")
