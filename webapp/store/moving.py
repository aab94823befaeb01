"""Copying everything from one database into another, empty one, of the same or another kind."""

import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, URL, Engine, Insert, Table, Text, bindparam, cast, delete, func, insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DataError

from webapp.store.backups import as_one_file, is_busy
from webapp.store.database import refuse_unknown, version_of, versions
from webapp.store.engines import UnusableAddress, address_of, is_sqlite
from webapp.store.events import EVENTS, INSERT_EVENT, SLIPWAY, NewEvent
from webapp.store.failures import said_by, translated
from webapp.store.journal import utc_now
from webapp.store.keys import PROOF, WrongKey, is_of
from webapp.store.locks import take_lock
from webapp.store.models import Base
from webapp.store.vault import Vault

AT_ONCE = 500
SQLITE_BEGINS = b"SQLite format 3\0"
# The longest address that is read from a file, in bytes.
LONGEST_ADDRESS = 10_000
TABLES = Base.metadata.sorted_tables
# Columns that only tell people something: nothing is found by them.
TOLD = {"browser", "name", "origin", "owner_name", "person_name", "set_by"}


class MoveError(Exception):
    """Nothing was moved; the message is one sentence that says why and what to do."""


@dataclass(frozen=True)
class Moved:
    """What was moved: how many rows of each table, and of how many rows which column was shortened."""

    counts: dict[str, int]
    shortened: dict[str, int]


def address_from(name: str, environ: Mapping[str, str]) -> URL:
    """Find the address that a command's FROM names: what an environment variable holds, or a file, or an SQLite file.

    So no password stands on a command line. Raises `MoveError`.
    """
    if name in environ:
        found = environ[name]
    else:
        try:
            with Path(name).open("rb") as file:
                content = file.read(LONGEST_ADDRESS)
            if content.startswith(SQLITE_BEGINS):
                return URL.create("sqlite", database=str(Path(name).absolute()))
            found = content.decode("utf-8-sig").strip()
        except (OSError, UnicodeDecodeError):
            raise MoveError(
                "FROM must be a file that holds the address of the database to move from, or the name of an "
                "environment variable that does, or an SQLite database itself"
            ) from None
    try:
        url = address_of(found)
    except UnusableAddress as error:
        raise MoveError(f"what FROM names {error}") from None
    if is_sqlite(url) and not (url.database and Path(url.database).is_file()):
        raise MoveError("there is no SQLite database at the address that FROM names")
    return url


def move(source: Engine, target: Engine, vault: Vault) -> Moved:
    """Copy each row of `source` as it is into `target`, whose tables are empty; all of them, or none.

    The proof of a key may be there, and is replaced. Secrets stay sealed. An SQLite that an old Slipway has written may
    hold longer texts than PostgreSQL takes: those that only tell something are shortened. Raises `MoveError`,
    `WrongKey`, `NewerDatabase` and `JournalUnavailable`.
    """
    shortened: Counter[str] = Counter()
    with translated(), reading(source) as before, target.begin() as after:
        refuse_other_version(before)
        proof = before.scalar(select(PROOF.c.sealed))
        if proof is not None and not is_of(proof, vault):
            raise WrongKey
        # Else two who move at once would both find it empty.
        take_lock(after, "moving")
        refuse_full(after)
        after.execute(delete(PROOF))
        counts = {table.name: copy(table, before, after, shortened) for table in TABLES}
        go_on_counting(after)
        details = {"rows": sum(counts.values())} | ({"shortened": dict(shortened)} if shortened else {})
        after.execute(INSERT_EVENT, NewEvent(SLIPWAY, "moved the database", details=details).columns(utc_now()))
    return Moved(counts, dict(shortened))


def refuse_running(url: URL) -> None:
    """Raise `MoveError` when Slipway has an SQLite database open: what it still writes there would not come along."""
    if not is_sqlite(url):
        return
    try:
        as_one_file(Path(url.database or ""))
    except sqlite3.DatabaseError as error:
        # Whatever else it is, reading says it.
        if is_busy(error):
            raise MoveError("Slipway is running on the database that FROM names: stop it first") from None


def reading(engine: Engine) -> Any:
    """Connect for reading alone, all of it as it is at one moment."""
    if is_sqlite(engine.url):
        return beginning(engine)
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True).connect()


def beginning(engine: Engine) -> Connection:
    """Connect to SQLite, which would else begin at the first change."""
    connection = engine.connect()
    connection.exec_driver_sql("BEGIN")
    return connection


def refuse_other_version(connection: Connection) -> None:
    """Raise `MoveError` unless a database has the tables of this version, and `NewerDatabase`."""
    version = version_of(connection)
    if version is None:
        raise MoveError("the database that FROM names is none of Slipway's")
    refuse_unknown(version)
    if version != versions()[-1]:
        raise MoveError("the database that FROM names is of an older Slipway: start this version on it once first")


def refuse_full(connection: Connection) -> None:
    """Raise `MoveError` unless there is nothing in any table but the proof of a key, which `slipway migrate` writes."""
    for table in TABLES:
        if table is PROOF:
            continue
        if connection.execute(select(*table.primary_key).limit(1)).first() is not None:
            raise MoveError(
                "the database of SLIPWAY_DATABASE_URL is not empty: name a new one, or empty that one, and start again"
            )


def copy(table: Table, before: Connection, after: Connection, shortened: Counter[str]) -> int:
    """Copy a table, and count its rows in both, and those that had to be shortened. Raises `MoveError`."""
    # JSON is copied as the text that it is.
    columns = [cast(column, Text).label(column.name) if is_json(column) else column for column in table.c]
    written: dict[str, Any] = {
        column.name: cast(bindparam(column.name, type_=Text), JSON)
        for column in table.c
        if is_json(column) and after.dialect.name == "postgresql"
    }
    written |= {
        column.name: bindparam(column.name, type_=Text if is_json(column) else column.type)
        for column in table.c
        if column.name not in written
    }
    rows = before.execution_options(stream_results=True).execute(select(*columns).order_by(*table.primary_key))
    for part in rows.mappings().partitions(AT_ONCE):
        found = [dict(row) for row in part]
        if after.dialect.name == "postgresql":
            shorten(table, found, shortened)
        write(insert(table).values(written), table, found, after)
    counted = [connection.scalar(select(func.count()).select_from(table)) or 0 for connection in (before, after)]
    if counted[0] != counted[1]:
        raise MoveError(f"of {counted[0]} rows of the table {table.name} {counted[1]} arrived")
    return counted[0]


def shorten(table: Table, rows: list[dict[str, Any]], shortened: Counter[str]) -> None:
    """Let texts end with “…” that are too long and only tell something. Raises `MoveError` for one that is more."""
    limits = {column.name: limit for column in table.c if (limit := getattr(column.type, "length", None))}
    for row in rows:
        for name, limit in limits.items():
            length = len(row[name] or "")
            if length <= limit:
                continue
            # An event tells what it tells, and nobody could shorten one before: the database refuses to change it.
            if table is not EVENTS and name not in TOLD:
                key = key_of(table, row)
                raise MoveError(
                    f"{name} of the row with {key} in the table {table.name} has {length} characters, and PostgreSQL "
                    f"takes {limit}: shorten all that are longer in the database that FROM names, with UPDATE "
                    f"{table.name} SET {name} = substr({name}, 1, {limit}) WHERE length({name}) > {limit}, and start "
                    "again"
                )
            row[name] = row[name][: limit - 1] + "…"
            shortened[f"{table.name}.{name}"] += 1


def write(statement: Insert, table: Table, rows: list[dict[str, Any]], connection: Connection) -> None:
    """Write rows, or find the one that can't be written. Raises `MoveError`."""
    try:
        with connection.begin_nested():
            connection.execute(statement, rows)
    except DataError as error:
        if len(rows) == 1:
            raise MoveError(
                f"the row with {key_of(table, rows[0])} in the table {table.name} can't be held by the new database: "
                f"{said_by(error)}; correct or remove it in the database that FROM names, and start again"
            ) from error
        for row in rows:
            write(statement, table, [row], connection)


def key_of(table: Table, row: Mapping[str, Any]) -> str:
    """What tells a row from all others, as SQL."""
    values = {column.name: row[column.name] for column in table.primary_key}
    quoted = {name: value if isinstance(value, int) else f"'{value}'" for name, value in values.items()}
    return " AND ".join(f"{name} = {value}" for name, value in quoted.items())


def is_json(column: Any) -> bool:
    """Whether a column holds JSON."""
    return isinstance(column.type, JSON)


def go_on_counting(connection: Connection) -> None:
    """Let PostgreSQL number further rows after those that came with their numbers; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in TABLES:
        if "number" in table.c and sequence_of(connection, table):
            highest = connection.scalar(select(func.max(table.c.number)))
            if highest is not None:
                connection.execute(select(func.setval(sequence_of(connection, table), highest)))


def sequence_of(connection: Connection, table: Table) -> str | None:
    """What numbers the rows of a table, if anything does."""
    found: str | None = connection.scalar(select(func.pg_get_serial_sequence(table.name, "number")))
    return found
