"""Find in the record what was done."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_events_verb", "events", ["verb", "number"])


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_events_verb", "events")
