"""Opening the database and bringing its tables up to date."""

from pathlib import Path
from sqlite3 import Connection as SQLiteConnection
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event, make_url

BUSY_SECONDS = 5


def open_database(url: str) -> Engine:
    """Connect to the database at a SQLAlchemy `url` and migrate it to this version's tables.

    Raises `sqlalchemy.exc.SQLAlchemyError` when the database can't be opened or migrated.
    """
    sqlite = make_url(url).get_backend_name() == "sqlite"
    # IMMEDIATE makes a transaction take the write lock at its first change, so it can't fail half-way for a lock.
    arguments: dict[str, Any] = {"timeout": BUSY_SECONDS, "isolation_level": "IMMEDIATE"} if sqlite else {}
    if "timeout" in make_url(url).query:
        arguments.pop("timeout", None)
    # What people have typed is in the parameters, and does not belong into a log.
    engine = create_engine(url, connect_args=arguments, pool_size=8, max_overflow=8, hide_parameters=True)
    if sqlite:
        event.listen(engine, "connect", prepare_sqlite)
    migrate(engine)
    return engine


def prepare_sqlite(connection: SQLiteConnection, _record: object) -> None:
    """Make one SQLite connection durable at each commit, readable while another writes, and strict about keys."""
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def migrate(engine: Engine) -> None:
    """Run the migrations that this database has not seen yet, one process at a time."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
