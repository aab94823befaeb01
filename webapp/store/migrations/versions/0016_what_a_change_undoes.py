"""Keep of a change which one it puts back."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column. Of what was begun before nobody knows it."""
    op.add_column("submissions", sa.Column("undoes", sa.String(64)))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("submissions", "undoes")
