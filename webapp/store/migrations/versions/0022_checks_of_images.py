"""Keep of a submission what was known of its image before it was sent."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column. Of what was sent before nothing was known."""
    op.add_column("submissions", sa.Column("image_check", sa.JSON))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("submissions", "image_check")
