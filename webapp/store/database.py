"""Opening the database and bringing its tables up to date."""

from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, Engine, inspect
from sqlalchemy.engine import Connection

from webapp.store.creation import create_tables
from webapp.store.engines import address_of, connect_to, is_sqlite
from webapp.store.locks import take_lock
from webapp.store.put_back import prepare_beginnings
from webapp.store.words import prepare_words
from webapp.store.writers import Writers

# For a table that is to be changed and that somebody uses.
TABLE_SECONDS = 10
MIGRATIONS = Path(__file__).with_name("migrations")


class NewerDatabase(Exception):
    """A newer Slipway has written the database; the message is one sentence that says what to do."""

    def __init__(self, version: str) -> None:
        super().__init__(
            f"the database was written by a newer version of Slipway (its tables are {version}): start that version "
            "again, or restore a backup that was made before the upgrade"
        )


def open_database(address: str | URL) -> Engine:
    """Connect to the database at an address and migrate it to this version's tables.

    Raises `UnusableAddress`, `NewerDatabase`, and `JournalUnavailable` or `sqlalchemy.exc.SQLAlchemyError` when the
    database can't be opened or migrated.
    """
    url = address_of(address)
    if is_sqlite(url):
        engine = connect_to(url)
        # To connect, too: who gives a new file its log is refused at once by SQLite where somebody else writes.
        with closing(Writers(engine)) as writers, writers.turn():
            migrate(engine)
        return engine
    patient = connect_to(url, patient=True)
    migrate(patient)
    return connect_to(url)


def migrate(engine: Engine) -> None:
    """Make the tables of an empty database, or run the migrations that another has not seen yet, and index its words.

    One process does so at a time.

    Raises `NewerDatabase`.
    """
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            take_lock(connection, "migrations")
            # Whoever uses a table at this moment is waited for, but not while all others wait behind.
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{TABLE_SECONDS}s'")
        found, newest = version_of(connection), versions()[-1]
        if found is None:
            create_tables(connection, newest)
        else:
            refuse_unknown(found)
            if found != newest:
                upgrade(connection)
        prepare_words(connection)
        prepare_beginnings(connection)


def upgrade(connection: Connection) -> None:
    """Bring older tables up to date, whatever version they are of."""
    # Not loaded at each start: Alembic takes a tenth of a second and 10 MB, and tables are mostly new or up to date.
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
