"""Keep of a run which one it is in Buddy, how far it was when that was read, and since when it is being stopped."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PLACE = ("workspace", "project", "pipeline")
COLUMNS: dict[str, Any] = {"execution": BIG, "run_status": sa.String(40), "run_at": BIG, "stopping_at": BIG}
STARTED, RUNS = "uq_submissions_execution", "ix_submissions_runs"


def upgrade() -> None:
    """Add the columns and indexes. What was sent before was no run."""
    for name, type in COLUMNS.items():
        op.add_column("submissions", sa.Column(name, type))
    index(STARTED, [*PLACE, "execution"], '"execution" IS NOT NULL', unique=True)
    index(RUNS, [*PLACE, "target", "number"], "kind = 'run'")


def index(name: str, columns: list[str], there: str, unique: bool = False) -> None:
    """Index those submissions alone of which something is so."""
    condition = sa.text(there)
    op.create_index(name, "submissions", columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def downgrade() -> None:
    """Take them back. A run goes on as what that version does not know."""
    op.drop_index(RUNS, "submissions")
    op.drop_index(STARTED, "submissions")
    for name in reversed(COLUMNS):
        op.drop_column("submissions", name)
