"""Index what only some submissions have for those alone: each write of the others touches fewer pages."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

PLACE = ("workspace", "project", "pipeline")
# What must be there for a row to be in the index, the columns of the index, and whether it is unique.
INDEXES = {
    "ix_submissions_overlaps": ("overlaps", ["owner", "sent_at", "number"], False),
    "uq_submissions_action": ("action_id", [*PLACE, "action_id"], True),
}
# The columns of these indexes before.
BEFORE = {"ix_submissions_overlaps": ["owner", "overlaps", "sent_at", "number"]}


def upgrade() -> None:
    """Leave out of each index the rows that have nothing in it."""
    for name, (column, columns, unique) in INDEXES.items():
        there = sa.text(f'"{column}" IS NOT NULL')
        op.drop_index(name, "submissions")
        op.create_index(name, "submissions", columns, unique=unique, sqlite_where=there, postgresql_where=there)


def downgrade() -> None:
    """Have all rows in them."""
    for name, (_, columns, unique) in INDEXES.items():
        op.drop_index(name, "submissions")
        op.create_index(name, "submissions", BEFORE.get(name, columns), unique=unique)
