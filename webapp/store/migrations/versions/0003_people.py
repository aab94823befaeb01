"""Keep the people who may sign in, where they are signed in, who failed to, and the token for Buddy."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("login", sa.String(255), unique=True),
        sa.Column("password", sa.String(255)),
        sa.Column("issuer", sa.String(255)),
        sa.Column("subject", sa.String(255)),
        sa.Column("created_at", BIG, nullable=False),
        sa.Column("signed_in_at", BIG),
        sa.Column("disabled_at", BIG),
    )
    op.create_index("uq_accounts_subject", "accounts", ["issuer", "subject"], unique=True)
    op.create_table(
        "sessions",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("id", sa.String(32), nullable=False, unique=True),
        sa.Column("account", sa.String(32), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("begun_at", BIG, nullable=False),
        sa.Column("seen_at", BIG, nullable=False),
        sa.Column("origin", sa.String(64)),
        sa.Column("browser", sa.String(255), nullable=False),
    )
    op.create_index("ix_sessions_account", "sessions", ["account"])
    op.create_table(
        "invitations",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("account", sa.String(32), sa.ForeignKey("accounts.id")),
        sa.Column("expires_at", BIG, nullable=False),
    )
    op.create_table(
        "attempts",
        sa.Column("number", BIG, primary_key=True),
        sa.Column("at", BIG, nullable=False),
        sa.Column("login", sa.String(64), nullable=False),
        sa.Column("origin", sa.String(64), nullable=False),
    )
    op.create_index("ix_attempts_at", "attempts", ["at"])
    op.create_table(
        "buddy_token",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("sealed", sa.String, nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("scopes", sa.JSON),
        sa.Column("expires_at", BIG),
        sa.Column("set_at", BIG, nullable=False),
        sa.Column("set_by", sa.String(255), nullable=False),
    )


def downgrade() -> None:
    """Take back what `upgrade` added."""
    for name in ("buddy_token", "attempts", "invitations", "sessions", "accounts"):
        op.drop_table(name)
