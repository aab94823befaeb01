"""Locks for what only one may do at a time, whatever process it is in."""

from hashlib import sha256
from sqlite3 import Connection as SQLiteConnection

from sqlalchemy import BigInteger, bindparam, func, select
from sqlalchemy.engine import Connection

PG_LOCK = select(func.pg_advisory_xact_lock(bindparam("key", type_=BigInteger)))


def take_lock(connection: Connection, name: str) -> None:
    """Let nobody else do what goes by this name, until the transaction ends.

    What is read after this and then written is still so when it is written, as long as all who write it take the lock.
    It comes before what locks rows, but for those of accounts, so that two never wait for each other.
    """
    begin_writing(connection)
    if connection.dialect.name == "postgresql":
        connection.execute(PG_LOCK, {"key": key_of(name)})


def begin_writing(connection: Connection) -> None:
    """Begin a transaction now, if that is not done, and not at the first write, when SQLite would begin it and take its
    one lock."""
    if connection.dialect.name == "sqlite" and not driver_of(connection).in_transaction:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def driver_of(connection: Connection) -> SQLiteConnection:
    """SQLite's own connection behind one of SQLAlchemy's."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, SQLiteConnection)
    return driver


def key_of(name: str) -> int:
    """The number that a lock has in PostgreSQL, whose locks of this kind are apart in each database."""
    return int.from_bytes(sha256(f"slipway {name}".encode()).digest()[:8], signed=True)
