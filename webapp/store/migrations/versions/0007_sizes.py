"""Write down how large each submission is, so that it can be told how much room a person's drafts take."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SUBMISSIONS = sa.table("submissions", sa.column("typed", sa.JSON), sa.column("snapshot", sa.JSON), sa.column("size"))


def upgrade() -> None:
    """Add the column, and measure what is there but for its secrets, which go within a day."""
    op.add_column("submissions", sa.Column("size", sa.Integer, nullable=False, server_default="0"))
    texts = [sa.func.length(sa.cast(column, sa.Text)) for column in (SUBMISSIONS.c.typed, SUBMISSIONS.c.snapshot)]
    op.get_bind().execute(sa.update(SUBMISSIONS).values(size=texts[0] + texts[1]))


def downgrade() -> None:
    """Take the column back."""
    op.drop_column("submissions", "size")
