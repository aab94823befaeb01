"""Keep the page on which somebody was making a template when their session ended."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "unfinished_templates",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("owner", sa.String(255), nullable=False),
        sa.Column("template", sa.String(32)),
        sa.Column("typed", sa.JSON, nullable=False),
        sa.Column("dropped", sa.Boolean, nullable=False),
        sa.Column("kept_at", BIG, nullable=False),
    )
    op.create_index("ix_unfinished_templates_owner", "unfinished_templates", ["owner", "kept_at"])
    op.create_index("ix_unfinished_templates_kept", "unfinished_templates", ["kept_at"])


def downgrade() -> None:
    """Take the table back."""
    op.drop_table("unfinished_templates")
