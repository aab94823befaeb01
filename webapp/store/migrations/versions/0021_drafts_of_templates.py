"""Keep which page has saved an unfinished template last."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLE = "unfinished_templates"


def upgrade() -> None:
    """Add who saved it, and how often it was saved: what is there already was saved once, by a page that is gone."""
    op.add_column(TABLE, sa.Column("editor", sa.String(32), nullable=False, server_default=sa.text("''")))
    op.add_column(TABLE, sa.Column("version", sa.Integer, nullable=False, server_default=sa.text("1")))


def downgrade() -> None:
    """Take both back."""
    op.drop_column(TABLE, "version")
    op.drop_column(TABLE, "editor")
