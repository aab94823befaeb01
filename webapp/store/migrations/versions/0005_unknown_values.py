"""Mark in drafts the secret variables whose value was still to be typed, since an empty one may be sent now."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SUBMISSIONS = sa.table(
    "submissions", sa.column("number", sa.BigInteger), sa.column("state", sa.String), sa.column("typed", sa.JSON)
)


def upgrade() -> None:
    """Mark each variable that is to be encrypted and holds no value. What was sent stays as it was."""
    connection = op.get_bind()
    drafts = sa.select(SUBMISSIONS.c.number, SUBMISSIONS.c.typed).where(SUBMISSIONS.c.state == "draft")
    for number, typed in connection.execute(drafts).all():
        marks = unknown_values(typed)
        if marks:
            row = sa.update(SUBMISSIONS).where(SUBMISSIONS.c.number == number)
            connection.execute(row.values(typed={**typed, **marks}))


def downgrade() -> None:
    """Leave the marks: the version before drops fields that it does not know."""


def unknown_values(typed: dict[str, Any]) -> dict[str, str]:
    """The mark of each variable that is to be encrypted and has no value, neither typed nor kept."""
    rows = [name.removesuffix("-encrypted") for name in typed if name.endswith("-encrypted") and typed[name]]
    return {f"{row}-unknown": "true" for row in rows if not typed.get(f"{row}-value") and not typed.get(f"{row}-kept")}
