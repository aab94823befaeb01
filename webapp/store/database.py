"""Opening the database and bringing its tables up to date."""

import os
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect, make_url
from sqlalchemy.engine import Connection

from webapp.store.words import prepare_words

BUSY_SECONDS = 5
# For one of the connections, while all of them are used.
POOL_SECONDS = 10
MIGRATIONS = Path(__file__).with_name("migrations")


class NewerDatabase(Exception):
    """A newer Slipway has written the database; the message is one sentence that says what to do."""

    def __init__(self, version: str) -> None:
        super().__init__(
            f"the database was written by a newer version of Slipway (its tables are {version}): start that version "
            "again, or restore a backup that was made before the upgrade"
        )


def open_database(url: str) -> Engine:
    """Connect to the database at a SQLAlchemy `url` and migrate it to this version's tables.

    Raises `sqlalchemy.exc.SQLAlchemyError` when the database can't be opened or migrated, and `NewerDatabase`.
    """
    sqlite = make_url(url).get_backend_name() == "sqlite"
    # IMMEDIATE makes a transaction take the write lock at its first change, so it can't fail half-way for a lock.
    arguments: dict[str, Any] = {"timeout": BUSY_SECONDS, "isolation_level": "IMMEDIATE"} if sqlite else {}
    if "timeout" in make_url(url).query:
        arguments.pop("timeout", None)
    # What people have typed is in the parameters, and does not belong into a log.
    engine = create_engine(
        url,
        connect_args=arguments,
        pool_size=8,
        max_overflow=8,
        pool_timeout=POOL_SECONDS,
        # The one that was used last has the most in its cache.
        pool_use_lifo=True,
        hide_parameters=True,
    )
    if sqlite:
        make_private(engine.url.database)
        event.listen(engine, "connect", prepare_sqlite)
    migrate(engine)
    return engine


def prepare_sqlite(connection: SQLiteConnection, _record: object) -> None:
    """Make one SQLite connection durable at each commit, readable while another writes, and strict about keys."""
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def make_private(file: str | None) -> None:
    """Let a database file that is not there yet be one that only this user can read."""
    if file and file != ":memory:" and not Path(file).exists() and Path(file).parent.is_dir():
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600))


def migrate(engine: Engine) -> None:
    """Run the migrations that this database has not seen yet, one process at a time, and index its words.

    Raises `NewerDatabase`.
    """
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        found = version_of(connection)
        if found is not None:
            refuse_unknown(found)
        if found != versions()[-1]:
            upgrade(connection)
        prepare_words(connection)


def upgrade(connection: Connection) -> None:
    """Bring the tables up to date, whatever version they are of."""
    # Not loaded at each start: Alembic takes a tenth of a second and 10 MB, and tables are mostly up to date.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def version_of(connection: Connection) -> str | None:
    """Which version's tables a database has, as Alembic has written it down; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return found


def refuse_unknown(version: str) -> None:
    """Raise `NewerDatabase` for tables of a version that has no migration here."""
    if version not in versions():
        raise NewerDatabase(version)


def versions() -> list[str]:
    """The versions that the tables have had, oldest first: the file of each migration begins with its own."""
    return sorted(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))
