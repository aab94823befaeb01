"""Let a submission ask for a change or a deletion, and name the action that it is about."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add both columns; what is there already are additions."""
    op.add_column("submissions", sa.Column("kind", sa.String(16), nullable=False, server_default="addition"))
    op.add_column("submissions", sa.Column("target", BIG))


def downgrade() -> None:
    """Take both columns back."""
    op.drop_column("submissions", "target")
    op.drop_column("submissions", "kind")
