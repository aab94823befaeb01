"""Databases of the tests: their tables are made once in a process, and copied for each Slipway.

They are SQLite's, which refuse here what PostgreSQL would, or, where the tests are run with a PostgreSQL
(`tests/support/postgres.py`), databases of that one.
"""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from support.limits import limit_columns
from webapp.store.database import open_database
from webapp.store.engines import make_private

# Names the server, for whoever is run with one.
SERVER = "TESTS_POSTGRESQL"
ON_POSTGRESQL = SERVER in os.environ


def database_in(folder: Path) -> str:
    """The URL of the database in a folder; where there is none, of one with all tables and nothing in them."""
    if ON_POSTGRESQL:
        return str(postgres_copies().copies().copy_in(folder))
    file = folder / "slipway.db"
    if not file.exists():
        make_private(str(file))
        file.write_bytes(tables())
    return f"sqlite:///{file}"


def stored_in(folder: Path, query: str = "") -> dict[str, Any]:
    """The settings with which a Slipway has its database in a folder, with that `query` behind its address."""
    # An SQLite file has its key beside it.
    keys = {"secret_keys": ("the key of these tests",)} if ON_POSTGRESQL else {}
    return {"database_url": database_in(folder) + query, **keys}


def environment_in(folder: Path) -> dict[str, str]:
    """The same for a Slipway that is started as people start it, in an environment."""
    stored = stored_in(folder)
    keys = {"SLIPWAY_SECRET_KEY": ",".join(stored["secret_keys"])} if "secret_keys" in stored else {}
    return {"SLIPWAY_DATABASE_URL": stored["database_url"], **keys}


def empty_database_in(folder: Path) -> str:
    """The URL of the database in a folder; where there is none, of one that Slipway has not opened yet."""
    return str(postgres_copies().copies().empty_in(folder)) if ON_POSTGRESQL else f"sqlite:///{folder}/slipway.db"


@cache
def tables() -> bytes:
    """What is in the file of a database that nobody has used yet."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "slipway.db")
        engine = open_database(f"sqlite:///{file}")
        limit_columns(engine)
        engine.dispose()
        return file.read_bytes()


def written_at(url: str) -> bytes:
    """All that stands in a database: of SQLite its files, of PostgreSQL its tables."""
    if not url.startswith("postgresql"):
        file = Path(url.removeprefix("sqlite:///"))
        return b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    return bytes(postgres_copies().written_at(url))


def forget_database_in(folder: Path) -> None:
    """Remove what takes room outside of the folder."""
    if ON_POSTGRESQL:
        postgres_copies().copies().forget(folder)


def killer_of_database() -> Callable[[], None] | None:
    """What kills the database as a power cut would, and waits until it is there again; None where it is a file."""
    if not ON_POSTGRESQL:
        return None
    from support.postgres import Server

    return Server.there().kill


def postgres_copies() -> Any:
    """What makes databases of PostgreSQL. Loaded here, so that other tests need no driver."""
    from support import postgres_copies

    return postgres_copies
