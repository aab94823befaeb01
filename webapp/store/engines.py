"""Connecting to the databases that Slipway can use: which these are, and how long each is waited for."""

import os
from importlib.util import find_spec
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection
from typing import Any

from sqlalchemy import URL, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

BUSY_SECONDS = 5
MOST_BUSY_SECONDS = 600
# For one of the connections, while all of them are used.
POOL_SECONDS = 10
# Kept open by each process, and how many more there may be for a while.
POOLED = 8
BEYOND = 8
PSYCOPG = "postgresql+psycopg"


class UnusableAddress(ValueError):
    """An address names no database that Slipway can use; the message is one sentence, without the address."""


def address_of(address: str | URL) -> URL:
    """Read the SQLAlchemy URL of a database; PostgreSQL's is given its driver. Raises `UnusableAddress`."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise UnusableAddress(
            "must be a SQLAlchemy URL such as sqlite:////var/lib/slipway.db or postgresql://slipway@db.example.com/slipway"
        ) from None
    text = address if isinstance(address, str) else ""
    if url.drivername in ("sqlite", "sqlite+pysqlite"):
        check_sqlite(url, text)
        return url
    if url.drivername not in ("postgresql", PSYCOPG):
        raise UnusableAddress("must begin with sqlite:/// or postgresql://: Slipway can use no other database")
    check_postgresql(url, text)
    return url.set(drivername=PSYCOPG)


def check_sqlite(url: URL, text: str) -> None:
    """Raise `UnusableAddress` unless a URL names a file as the text that it was read from does."""
    if url.database in (None, "", ":memory:") or "uri" in url.query:
        raise UnusableAddress("must name a file, as sqlite:////var/lib/slipway.db does")
    if set(url.query) - {"timeout"} or ("?" in text and not url.query):
        raise UnusableAddress(
            "has a question mark, which can't be in the name of the file or its folder: behind it stands nothing but "
            "timeout=<seconds>"
        )
    busy_seconds(url)


def check_postgresql(url: URL, text: str) -> None:
    """Raise `UnusableAddress` when the driver is not there, or would not find what a URL names."""
    # The host would begin within the password, and errors name the host.
    if text.count("@") > 1:
        raise UnusableAddress("has more than one @: write %40 for each that is part of a name or of the password")
    if find_spec("psycopg") is None:
        raise UnusableAddress(
            "names a PostgreSQL, whose driver is not installed: install slipway[postgresql], or in a checkout what "
            "requirements-postgresql.txt names"
        )
    # The driver's own OpenSSL looks for the system's authorities in a folder that no system has.
    if url.query.get("sslrootcert") == "system":
        raise UnusableAddress(
            "has sslrootcert=system, with which the driver finds no authority: name a file, on Debian "
            "sslrootcert=/etc/ssl/certs/ca-certificates.crt"
        )


def is_sqlite(url: URL) -> bool:
    """Whether an address is that of an SQLite database."""
    return url.get_backend_name() == "sqlite"


def busy_seconds(url: URL) -> float:
    """How many seconds SQLite waits for a lock, where its address says so by `timeout`. Raises `UnusableAddress`."""
    try:
        seconds = float(str(url.query.get("timeout", BUSY_SECONDS)))
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= MOST_BUSY_SECONDS:
        raise UnusableAddress(f"has a timeout that is no number of seconds from 0 to {MOST_BUSY_SECONDS}")
    return seconds


def connect_to(url: URL, patient: bool = False) -> Engine:
    """Make the way to a database; the first use connects.

    Who is `patient` waits for PostgreSQL as long as it takes, on a connection that is closed after each use.
    """
    # What people have typed is in the parameters, and does not belong into a log.
    options: dict[str, Any] = {"hide_parameters": True}
    if patient:
        options |= {"poolclass": NullPool}
    else:
        # The one that was used last has the most in its cache.
        options |= {"pool_size": POOLED, "max_overflow": BEYOND, "pool_timeout": POOL_SECONDS, "pool_use_lifo": True}
    return sqlite_engine(url, options) if is_sqlite(url) else postgresql_engine(url, options, patient)


def sqlite_engine(url: URL, options: dict[str, Any]) -> Engine:
    """Make the way to an SQLite database, in a file that only this user can read."""
    # IMMEDIATE makes a transaction take the write lock at its first change, so it can't fail half-way for a lock.
    arguments: dict[str, Any] = {"timeout": BUSY_SECONDS, "isolation_level": "IMMEDIATE"}
    if "timeout" in url.query:
        arguments.pop("timeout")
    engine = create_engine(url, connect_args=arguments, **options)
    make_private(engine.url.database)
    event.listen(engine, "connect", prepare_sqlite)
    return engine


def postgresql_engine(url: URL, options: dict[str, Any], patient: bool) -> Engine:
    """Make the way to a PostgreSQL database, whose connections are looked at before each use."""
    # Loaded here, since the driver is there only where it is used.
    from webapp.store import postgresql

    engine = create_engine(url, pool_pre_ping=not patient, isolation_level="READ COMMITTED", **options)
    postgresql.prepare(engine, patient)
    return engine


def prepare_sqlite(connection: SQLiteConnection, _record: object) -> None:
    """Make one SQLite connection durable at each commit, readable while another writes, and strict about keys.

    What SQLite needs to take back one statement of several is kept in memory instead of a file.
    """
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}").close()


def make_private(file: str | None) -> None:
    """Let a database file that is not there yet be one that only this user can read."""
    if file and not Path(file).exists() and Path(file).parent.is_dir():
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600))
