"""What can be wrong with a database, for as long as a test says: the same for SQLite and PostgreSQL."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from functools import partial
from pathlib import Path

import pytest

from support.databases import ON_POSTGRESQL, database_in
from support.rigs import Rig

Failure = Callable[[Rig, Path], AbstractContextManager[None]]
# Behind the address of a database: nobody waits long for a lock.
IMPATIENT = "?options=-c%20lock_timeout%3D100ms" if ON_POSTGRESQL else "?timeout=0.1"


@contextmanager
def locked_file(rig: Rig, folder: Path) -> Iterator[None]:
    """Another program is writing."""
    with closing(sqlite3.connect(folder / "slipway.db", isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def with_pragma(rig: Rig, on: str, off: str) -> Iterator[None]:
    """Set a pragma on the connection that the pool hands out next."""
    engine = rig.parts.journal._engine
    for pragma in (on, off):
        with engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA {pragma}")
        if pragma == on:
            yield


def read_only_file(rig: Rig, folder: Path) -> AbstractContextManager[None]:
    """Nothing can be written."""
    return with_pragma(rig, "query_only=ON", "query_only=OFF")


@contextmanager
def full_file(rig: Rig, folder: Path) -> Iterator[None]:
    """The database has no page more."""
    with rig.parts.journal._engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE filling (text)")
    with rig.parts.journal._engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    with with_pragma(rig, f"max_page_count={pages}", "max_page_count=1000000"):
        filler = rig.parts.journal._engine
        with pytest.raises(Exception, match="full"), filler.begin() as connection:
            connection.exec_driver_sql("INSERT INTO filling VALUES (randomblob(60000))")
        yield


@contextmanager
def moved_file(rig: Rig, folder: Path) -> Iterator[None]:
    """The file was moved away."""
    (folder / "slipway.db").rename(folder / "elsewhere.db")
    yield
    (folder / "elsewhere.db").rename(folder / "slipway.db")


@contextmanager
def locked_tables(rig: Rig, folder: Path) -> Iterator[None]:
    """Somebody else's transaction holds the tables, which can be read."""
    import psycopg

    with psycopg.connect(database_in(folder)) as other:
        other.execute("LOCK TABLE submissions, key_proof IN EXCLUSIVE MODE")
        yield


@contextmanager
def refusing(state: str, rig: Rig, folder: Path) -> Iterator[None]:
    """PostgreSQL refuses each write with an error of this name."""
    import psycopg

    tables = ("submissions", "key_proof")
    with psycopg.connect(database_in(folder), autocommit=True) as other:
        other.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}', MESSAGE = 'refused'; END $$"
        )
        for table in tables:
            other.execute(
                f"CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse()"
            )
        yield
        for table in tables:
            other.execute(f"DROP TRIGGER refuse ON {table}")
        other.execute("DROP FUNCTION refuse")


@contextmanager
def unreachable(rig: Rig, folder: Path) -> Iterator[None]:
    """All connections are cut, and there are no new ones, as while the server starts anew."""
    from support.postgres_copies import administering, name_of

    name = name_of(folder)
    with administering() as other:
        other.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        yield
        other.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


locked: Failure = locked_tables if ON_POSTGRESQL else locked_file
read_only: Failure = partial(refusing, "read_only_sql_transaction") if ON_POSTGRESQL else read_only_file
gone: Failure = unreachable if ON_POSTGRESQL else moved_file
# A database that is full may still take what is short.
PASSING_FAILURES: dict[str, Failure] = {"locked": locked, "read-only": read_only, "gone": gone}
FAILURES: dict[str, Failure] = PASSING_FAILURES | (
    {name: partial(refusing, name) for name in ("disk_full", "serialization_failure", "deadlock_detected")}
    if ON_POSTGRESQL
    else {"full": full_file}
)
