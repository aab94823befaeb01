"""Databases of the PostgreSQL that tests are run with: one for each folder, copied from one with all tables.

To make a copy takes the computer longer than many a test. So one that nobody needs any more is emptied and used again
under another name, where nothing but rows has changed in it.
"""

import os
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from support.databases import SERVER
from webapp.store.database import open_database

Connection = psycopg.Connection[Any]

EMPTY = "template1"
# What a database has of its own, and by which transaction each became what it is. Below are PostgreSQL's own.
SHAPE = SQL(
    " UNION ALL ".join(
        f"SELECT '{catalog}', {number}::bigint, xmin::text FROM {catalog} WHERE {number} >= 16384"
        for catalog, number in {
            "pg_class": "oid",
            "pg_attribute": "attrelid",
            "pg_trigger": "oid",
            "pg_constraint": "oid",
            "pg_proc": "oid",
        }.items()
    )
)
TABLES = SQL("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'")
# So that rows go, too, that are only ever added, and in any order.
WITHOUT_TRIGGERS = SQL("SET session_replication_role = replica")
COUNT_ANEW = SQL("SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'")
DISCONNECT = SQL("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s")


class Copies:
    """The databases that this process has made."""

    def __init__(self) -> None:
        self._template = f"template_{os.getpid()}"
        make(self._template, EMPTY)
        open_database(url_of(self._template)).dispose()
        with psycopg.connect(url_of(self._template)) as connection:
            self._shape = shape_of(connection)
        # By their names: whether they are copies of the template.
        self._used: dict[str, bool] = {}
        self._free: list[str] = []

    def copy_in(self, folder: Path) -> str:
        """The URL of the database of a folder; where there is none, of one with all tables and nothing in them."""
        name = name_of(folder)
        if name not in self._used:
            if not self._use_again(name):
                make(name, self._template)
            self._used[name] = True
        return url_of(name)

    def empty_in(self, folder: Path) -> str:
        """The URL of the database of a folder; where there is none, of an empty one."""
        name = name_of(folder)
        if name not in self._used:
            make(name, EMPTY)
            self._used[name] = False
        return url_of(name)

    def forget(self, folder: Path) -> None:
        """Nobody needs the database of a folder any more, if there is one."""
        name = name_of(folder)
        if self._used.pop(name, None):
            self._free.append(name)
        else:
            drop(name)

    def _use_again(self, name: str) -> bool:
        """Give one that nobody needs that name, and empty it; gives whether there was one that could be."""
        while self._free:
            free = self._free.pop()
            with administering() as connection:
                # Whoever is late finds none of the old name.
                connection.execute(DISCONNECT, [free])
                connection.execute(SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(free), Identifier(name)))
            with psycopg.connect(url_of(name)) as connection:
                if shape_of(connection) == self._shape:
                    empty(connection)
                    return True
            drop(name)
        return False


@cache
def copies() -> Copies:
    """Those of this process."""
    return Copies()


def make(name: str, origin: str) -> None:
    """Make a database as a copy of another one."""
    with administering() as connection:
        connection.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(origin)))


def drop(name: str) -> None:
    """Remove a database, if it is there."""
    with administering() as connection:
        connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))


def shape_of(connection: Connection) -> list[tuple[Any, ...]]:
    """All that a database has, but for its rows."""
    return sorted(connection.execute(SHAPE).fetchall())


def empty(connection: Connection) -> None:
    """Remove all rows, as if there had never been any."""
    connection.execute(WITHOUT_TRIGGERS)
    for (table,) in connection.execute(TABLES).fetchall():
        connection.execute(SQL("DELETE FROM {}").format(Identifier(table)))
    connection.execute(COUNT_ANEW)


def written_at(url: str) -> bytes:
    """All that stands in the tables of a database."""
    found: list[bytes] = []
    with psycopg.connect(url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (name,) in tables:
            with connection.cursor().copy(SQL("COPY {} TO STDOUT").format(Identifier(name))) as rows:
                found += [bytes(row) for row in rows]
    return b"".join(found)


def name_of(folder: Path) -> str:
    """What the database of a folder is called."""
    return f"of_{sha256(str(folder).encode()).hexdigest()[:24]}"


def url_of(name: str) -> str:
    """The URL of a database by its name."""
    return os.environ[SERVER] + name


def administering() -> Connection:
    """Connect as who may make databases."""
    return psycopg.connect(url_of("postgres"), autocommit=True)
