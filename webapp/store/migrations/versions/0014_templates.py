"""Keep templates, their versions and their secrets, and of a submission what it was made from."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REFUSAL = "versions of templates are only ever added"
THERE = sa.text("template IS NOT NULL")


def upgrade() -> None:
    """Add the tables, the triggers that keep versions as they are, and what a submission was made from."""
    op.create_table(
        "templates",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("made_at", BIG, nullable=False),
        sa.Column("changed_at", BIG, nullable=False),
        sa.Column("retired_at", BIG),
    )
    op.create_table(
        "template_versions",
        sa.Column("template", sa.String(32), sa.ForeignKey("templates.id"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("at", BIG, nullable=False),
        sa.Column("person", sa.String(255)),
        sa.Column("person_name", sa.String(255), nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
    )
    op.create_table(
        "template_secrets",
        sa.Column("template", sa.String(32), sa.ForeignKey("templates.id"), primary_key=True),
        sa.Column("slot", sa.String(300), primary_key=True),
        sa.Column("sealed", sa.String, nullable=False),
        sa.Column("set_at", BIG, nullable=False),
        sa.Column("person_name", sa.String(255), nullable=False),
    )
    refuse_changes()
    op.add_column("submissions", sa.Column("template", sa.String(32)))
    op.add_column("submissions", sa.Column("template_version", sa.Integer))
    op.create_index(
        "ix_submissions_template",
        "submissions",
        ["template", "sent_at", "number"],
        sqlite_where=THERE,
        postgresql_where=THERE,
    )


def refuse_changes() -> None:
    """Let the database itself refuse to change or remove a version."""
    dialect = op.get_context().dialect.name
    if dialect == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER template_versions_refuse_{change.lower()} BEFORE {change} ON template_versions "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
    elif dialect == "postgresql":
        op.execute(
            f"CREATE FUNCTION refuse_change_of_versions() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER template_versions_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON template_versions "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_versions()"
        )


def downgrade() -> None:
    """Take back what `upgrade` added."""
    op.drop_index("ix_submissions_template", "submissions")
    op.drop_column("submissions", "template_version")
    op.drop_column("submissions", "template")
    op.drop_table("template_secrets")
    op.drop_table("template_versions")
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change_of_versions()")
    op.drop_table("templates")
