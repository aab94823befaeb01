"""Making the tables of a new database at once, as all migrations would leave them: a test compares the two.

So a first start needs no Alembic. The migrations say how older tables become these, and stay as they are.
"""

from sqlalchemy import Column, Index, MetaData, PrimaryKeyConstraint, String, Table, insert
from sqlalchemy.engine import Connection
from sqlalchemy.schema import CreateIndex, CreateTable

from webapp.store.models import Base, Event, TemplateVersion

# As Alembic makes it.
VERSION = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
# Tables in which the database itself refuses to change or remove a row: PostgreSQL's function that does so, and what
# is said.
ONLY_ADDED = {
    Event.__tablename__: ("refuse_change", "events are only ever added"),
    TemplateVersion.__tablename__: ("refuse_change_of_versions", "versions of templates are only ever added"),
}


def create_tables(connection: Connection, version: str) -> None:
    """Make all tables, indexes and triggers in an empty database, and write down which version they are of."""
    tables = for_postgresql() if connection.dialect.name == "postgresql" else Base.metadata
    for table in tables.sorted_tables:
        connection.execute(CreateTable(table))
        for index in in_order(table):
            connection.execute(CreateIndex(index))
    for name, (function, refusal) in ONLY_ADDED.items():
        for statement in refusing(connection.dialect.name, name, function, refusal):
            connection.exec_driver_sql(statement)
    VERSION.create(connection, checkfirst=True)
    connection.execute(insert(VERSION), {"version_num": version})


def in_order(table: Table) -> list[Index]:
    """The indexes of a table: those of single columns, then the others as the models name them, as the migrations have
    made them. Of two that serve a query equally well SQLite takes the newer one."""
    named = [index.name for mapper in Base.registry.mappers for index in indexes_of(mapper.class_)]
    return sorted(table.indexes, key=lambda each: (named.index(each.name) if each.name in named else -1, each.name))


def indexes_of(model: type[Base]) -> list[Index]:
    """The indexes that a model names one after the other."""
    return [part for part in getattr(model, "__table_args__", ()) if isinstance(part, Index)]


def for_postgresql() -> MetaData:
    """The tables, with the conditions of their indexes for PostgreSQL, too.

    The models have them for SQLite alone: to name PostgreSQL there loads all that SQLAlchemy knows of it at each start.
    """
    tables = MetaData()
    for table in Base.metadata.sorted_tables:
        for index in table.to_metadata(tables).indexes:
            if "sqlite_where" in index.dialect_kwargs:
                index.dialect_kwargs["postgresql_where"] = index.dialect_kwargs["sqlite_where"]
    return tables


def refusing(dialect: str, table: str, function: str, refusal: str) -> list[str]:
    """What lets a database refuse to change a table's rows."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_refuse_{change.lower()} BEFORE {change} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
            for change in ("UPDATE", "DELETE")
        ]
    return [
        f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{refusal}'; END $$",
        f"CREATE TRIGGER {table}_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()",
    ]
