"""The limits that columns have in PostgreSQL, for the SQLite of the tests, which has none of its own."""

from collections.abc import Iterator

from sqlalchemy import JSON, BigInteger, Column, Engine, Integer, String, Table
from sqlalchemy.types import TypeDecorator

from webapp.store.models import Base

# Of PostgreSQL's `integer`.
LOWEST, HIGHEST = -(2**31), 2**31 - 1


def limit_columns(engine: Engine) -> None:
    """Let an SQLite database that has all tables refuse what PostgreSQL would refuse, whoever writes into it."""
    with engine.begin() as connection:
        for table in Base.metadata.tables.values():
            for verb in ("INSERT", "UPDATE"):
                connection.exec_driver_sql(trigger(table, verb))


def trigger(table: Table, verb: str) -> str:
    """What checks each row of a table before it is written."""
    beyond = dict(limits(table))
    cases = " ".join(f"WHEN {condition} THEN 'does not fit {table.name}.{name}'" for name, condition in beyond.items())
    # RAISE would be taken for a broken rule of uniqueness, which PostgreSQL's error is not: a function's error is none.
    return (
        f"CREATE TRIGGER {table.name}_limits_{verb.lower()} BEFORE {verb} ON {table.name} "
        f"WHEN {' OR '.join(beyond.values())} BEGIN SELECT json_extract('{{}}', CASE {cases} END); END"
    )


def limits(table: Table) -> Iterator[tuple[str, str]]:
    """The columns of a table that have limits in PostgreSQL, each with the condition that a value is beyond them."""
    for column in table.columns:
        kind, value = kind_of(column), f'new."{column.name}"'
        if isinstance(kind, JSON):
            yield column.name, f"({value} IS NOT NULL AND NOT json_valid({value}))"
        elif isinstance(kind, String) and kind.length:
            # The character NUL would become another one, and nobody would find again what was written.
            yield column.name, f"(length({value}) > {kind.length} OR instr({value}, char(0)))"
        elif isinstance(kind, BigInteger):
            yield column.name, f"typeof({value}) NOT IN ('integer', 'null')"
        elif isinstance(kind, Integer):
            yield column.name, f"{value} NOT BETWEEN {LOWEST} AND {HIGHEST}"


def kind_of(column: Column[object]) -> object:
    """The type that a column has in PostgreSQL."""
    return column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
