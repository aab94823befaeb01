"""Keep what Buddy's workspaces, projects and pipelines are called."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the table. It fills while people look through the lists."""
    op.create_table(
        "places",
        sa.Column("number", BIG, primary_key=True),
        sa.Column("workspace", sa.String(255), nullable=False),
        sa.Column("project", sa.String(255), nullable=False),
        sa.Column("pipeline", BIG, nullable=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("words", sa.String, nullable=False),
        sa.Column("seen_at", BIG, nullable=False),
        sa.Column("asked_at", BIG),
        sa.Column("whole", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.create_index("uq_places", "places", ["workspace", "project", "pipeline"], unique=True)


def downgrade() -> None:
    """Take the table back."""
    op.drop_table("places")
