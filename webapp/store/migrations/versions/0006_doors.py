"""Let a session know how it was begun and a link who made it, count attempts faster, and count what repeats itself."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ACCOUNTS = sa.table("accounts", sa.column("id"), sa.column("issuer"))
SESSIONS = sa.table("sessions", sa.column("account"), sa.column("way"))
INVITATIONS = sa.table("invitations", sa.column("account"), sa.column("made_by"), sa.column("first", sa.Boolean))
EVENTS = sa.table("events", sa.column("number"), sa.column("verb"), sa.column("person"), sa.column("details", sa.JSON))


def upgrade() -> None:
    """Add columns and tables, and carry over what is there."""
    op.add_column("sessions", sa.Column("way", sa.String(16), nullable=False, server_default="password"))
    op.add_column("invitations", sa.Column("made_by", sa.String(32)))
    op.add_column("invitations", sa.Column("first", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_index("ix_attempts_login", "attempts", ["login", "at"])
    op.create_index("ix_attempts_origin", "attempts", ["origin", "at"])
    op.create_table(
        "repeats",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("since", BIG, nullable=False),
        sa.Column("until", BIG, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("told", sa.Integer, nullable=False),
        sa.Column("person", sa.String(255)),
        sa.Column("person_name", sa.String(255), nullable=False),
        sa.Column("origin", sa.String(64)),
        sa.Column("verb", sa.String(32), nullable=False),
        sa.Column("outcome", sa.String(32)),
    )
    op.create_index("ix_repeats_kind", "repeats", ["kind"])
    op.create_index("ix_repeats_since", "repeats", ["since"])
    carry_over(op.get_bind())


def carry_over(connection: sa.Connection) -> None:
    """An account has one way in, and the record names who made the links that are still out."""
    guests = sa.select(ACCOUNTS.c.id).where(ACCOUNTS.c.issuer.is_not(None))
    connection.execute(sa.update(SESSIONS).where(SESSIONS.c.account.in_(guests)).values(way="oidc"))
    connection.execute(sa.update(INVITATIONS).where(INVITATIONS.c.account.is_(None)).values(first=True))
    invited = set(connection.scalars(sa.select(INVITATIONS.c.account).where(INVITATIONS.c.account.is_not(None))))
    made = sa.select(EVENTS.c.person, EVENTS.c.details).where(EVENTS.c.verb == "made a link")
    for person, details in connection.execute(made.order_by(EVENTS.c.number)).all() if invited else ():
        if details.get("account") in invited:
            own = INVITATIONS.c.account == details["account"]
            connection.execute(sa.update(INVITATIONS).where(own).values(made_by=person))


def downgrade() -> None:
    """Take back what `upgrade` added."""
    op.drop_table("repeats")
    op.drop_index("ix_attempts_origin", "attempts")
    op.drop_index("ix_attempts_login", "attempts")
    op.drop_column("invitations", "first")
    op.drop_column("invitations", "made_by")
    op.drop_column("sessions", "way")
