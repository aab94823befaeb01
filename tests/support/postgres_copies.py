"""Databases of the PostgreSQL that tests are run with: one for each folder, copied from one with all tables."""

import os
from functools import cache
from hashlib import sha256
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier

from support.databases import SERVER
from webapp.store.database import open_database


def copy_in(folder: Path) -> str:
    """The URL of the database of a folder; where there is none, of one with all tables and nothing in them."""
    return made(folder, template())


def empty_in(folder: Path) -> str:
    """The URL of the database of a folder; where there is none, of an empty one."""
    return made(folder, "template1")


@cache
def template() -> str:
    """The name of a database that nobody has used yet."""
    name = f"template_{os.getpid()}"
    with administering() as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
    open_database(os.environ[SERVER] + name).dispose()
    return name


def made(folder: Path, origin: str) -> str:
    """The URL of the database of a folder, made as a copy where it is not there."""
    name = name_of(folder)
    with administering() as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            copied = SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(origin))
            connection.execute(copied)
    return os.environ[SERVER] + name


def forget(folder: Path) -> None:
    """Remove the database of a folder."""
    with administering() as connection:
        connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name_of(folder))))


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


def administering() -> "psycopg.Connection[tuple[str]]":
    """Connect as who may make databases."""
    return psycopg.connect(f"{os.environ[SERVER]}postgres", autocommit=True)
