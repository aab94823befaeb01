"""Let each send that is not known be looked for apart, and know which submissions have grown out of one form."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# How long after a send it is looked for.
LOOKED_FOR = 3_600_000
# Additions that were looked for in vain before they were sent once more: what came of the first is not known.
SENT_AGAIN = """
SELECT number, state, sent_at, seen_at, snapshot FROM submissions
WHERE kind = 'addition' AND sent_at > :since
AND state IN ('rejected', 'not_sent', 'created', 'found', 'unknown', 'sending')
AND EXISTS (SELECT 1 FROM events WHERE events.submission = submissions.id
            AND verb IN ('looked', 'ruled') AND outcome = 'absent')
AND EXISTS (SELECT 1 FROM events WHERE events.submission = submissions.id AND verb = 'sent'
            AND events.number > (SELECT min(number) FROM events AS looks WHERE looks.submission = submissions.id
                                 AND looks.verb IN ('looked', 'ruled') AND looks.outcome = 'absent'))
"""
KEEP = """
UPDATE submissions SET earlier = :earlier, version = version + 1,
attempts = CASE WHEN attempts < 2 THEN 2 ELSE attempts END,
proved = CASE WHEN state IN ('rejected', 'not_sent') THEN state END,
next_look = CASE WHEN state IN ('unknown', 'sending') THEN next_look ELSE :now END,
state = CASE WHEN state IN ('rejected', 'not_sent') THEN 'absent' ELSE state END
WHERE number = :number
"""


def upgrade() -> None:
    """Add the columns, and fill them in for what is there."""
    op.add_column("submissions", sa.Column("family", sa.String(64)))
    op.add_column("submissions", sa.Column("earlier", sa.JSON))
    op.add_column("submissions", sa.Column("proved", sa.String(16)))
    op.add_column("submissions", sa.Column("settled_at", BIG))
    op.create_index("ix_submissions_family", "submissions", ["family"])
    connection = op.get_bind()
    name_families(connection)
    look_again(connection)


def name_families(connection: sa.Connection) -> None:
    """Call each family by the first of what follows one another."""
    rows = connection.execute(sa.text("SELECT id, follows FROM submissions")).all()
    follows: dict[str, str | None] = {row.id: row.follows for row in rows}
    families: dict[str, str] = {}
    for id in follows:
        first, seen = id, {id}
        while (before := follows.get(first)) and before not in seen:
            first = families.get(before, before)
            seen.add(before)
        families[id] = first
    named = [{"this": id, "first": first} for id, first in families.items()]
    if named:
        connection.execute(sa.text("UPDATE submissions SET family = :first WHERE id = :this"), named)


def look_again(connection: sa.Connection) -> None:
    """Look for first attempts that were sent once more within the hour, whatever came of the second one.

    When they were sent is no longer known: at the latest when the second was.
    """
    now = int(datetime.now(UTC).timestamp() * 1000)
    sent_again = sa.text(SENT_AGAIN).columns(snapshot=sa.JSON)
    keep = sa.text(KEEP).bindparams(sa.bindparam("earlier", type_=sa.JSON))
    for row in connection.execute(sent_again, {"since": now - LOOKED_FOR}).all():
        seen: dict[str, Any] = row.snapshot
        send = {"attempt": 1, "sent_at": row.sent_at, "seen_at": row.seen_at, "seen": seen.get("action_ids") or []}
        connection.execute(keep, {"number": row.number, "now": now, "earlier": [send]})


def downgrade() -> None:
    """Take the columns back."""
    op.drop_index("ix_submissions_family", "submissions")
    for name in ("settled_at", "proved", "earlier", "family"):
        op.drop_column("submissions", name)
