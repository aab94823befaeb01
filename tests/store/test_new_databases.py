"""A database that is made anew is the one that all migrations, one after the other, would have made."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from support.databases import empty_database_in, forget_database_in
from support.migrating import migrated, migrations

from webapp.store.database import open_database, versions
from webapp.store.engines import address_of, connect_to

# What PostgreSQL tells of a database, each as a text; the order in which a table has its columns is in none of them.
OF_POSTGRESQL = (
    "SELECT concat_ws(' ', table_name, column_name, data_type, character_maximum_length, is_nullable, column_default, "
    "is_identity) FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace",
    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT concat_ws(' ', pg_get_triggerdef(oid), tgenabled) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT pg_get_functiondef(pg_proc.oid) FROM pg_proc JOIN pg_language ON prolang = pg_language.oid "
    "WHERE lanname = 'plpgsql'",
    "SELECT concat_ws(' ', relkind, relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace",
    "SELECT extname FROM pg_extension",
)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Engine]:
    """A database that this version has made."""
    engine = open_database(empty_database_in(tmp_path))
    yield engine
    engine.dispose()


@pytest.fixture
def grown(tmp_path: Path) -> Iterator[Engine]:
    """A database that has been there since the first version."""
    folder = tmp_path / "grown"
    folder.mkdir()
    url = empty_database_in(folder)
    migrated(url, "head")
    engine = open_database(url)
    yield engine
    engine.dispose()
    forget_database_in(folder)


def test_it_has_what_the_migrations_make(made: Engine, grown: Engine) -> None:
    assert description(made) == description(grown)


def test_its_indexes_were_made_in_the_same_order(made: Engine, grown: Engine) -> None:
    """Of two that serve a query equally well SQLite takes the newer one."""
    assert indexes_of_sqlite(made) == indexes_of_sqlite(grown)


def indexes_of_sqlite(engine: Engine) -> list[str]:
    """The indexes of each table, the oldest first; none of another database."""
    if engine.dialect.name != "sqlite":
        return []
    with engine.connect() as connection:
        ordered = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY tbl_name, rowid"
        return list(connection.exec_driver_sql(ordered).scalars())


def test_it_is_of_the_newest_version(made: Engine) -> None:
    with made.connect() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all() == versions()[-1:]


def test_one_that_went_back_to_before_the_first_version_is_made_anew(tmp_path: Path, grown: Engine) -> None:
    url = empty_database_in(tmp_path)
    engine = migrated(url, "head")
    with engine.begin() as connection:
        command.downgrade(migrations(connection), "base")
    engine.dispose()
    engine = open_database(url)
    assert description(engine) == description(grown)
    engine.dispose()


def test_where_somebody_elses_tables_are_nothing_is_made(tmp_path: Path) -> None:
    url = empty_database_in(tmp_path)
    engine = connect_to(address_of(url), patient=True)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE templates (its_own INTEGER)")
    before = description(engine)
    with pytest.raises(DBAPIError, match="already exists"):
        open_database(url)
    assert description(engine) == before
    engine.dispose()


@pytest.mark.parametrize("table", ["events", "template_versions"])
def test_it_refuses_to_change_what_is_only_ever_added(made: Engine, table: str) -> None:
    values = {
        "events": "INSERT INTO events (at, person_name, verb, details) VALUES (1, 'Ann', 'sent', '{}')",
        "template_versions": "INSERT INTO template_versions (template, version, at, person_name, content) "
        "VALUES ('a', 1, 1, 'Ann', '{}')",
    }
    with made.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO templates (id, name, version, revision, made_at, changed_at) VALUES ('a', 'A', 1, 1, 1, 1)"
            )
        )
        connection.execute(text(values[table]))
    for change in (f"UPDATE {table} SET person_name = 'Ben'", f"DELETE FROM {table}"):
        with pytest.raises(DBAPIError, match="are only ever added"), made.begin() as connection:
            connection.execute(text(change))


def description(engine: Engine) -> list[str]:
    """All that a database has, but for its rows."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            return sorted(of_sqlite(connection))
        return [row for query in OF_POSTGRESQL for row in sorted(connection.exec_driver_sql(query).scalars())]


def of_sqlite(connection: Connection) -> Iterator[str]:
    """Each index and trigger as SQLite was told it, and each table, whatever the order of what is in it."""
    for kind, name, table, told in connection.exec_driver_sql("SELECT type, name, tbl_name, sql FROM sqlite_master"):
        # A name in quotes is the same name.
        words = " ".join((told or "").replace('"', "").split())
        head, _, inside = words.partition("(")
        # Commas in brackets separate no columns.
        parts = sorted(re.split(r", *(?![^(]*\))", inside.rpartition(")")[0])) if kind == "table" else [words]
        yield f"{kind} {name} of {table}: {head if kind == 'table' else ''} {parts}"
