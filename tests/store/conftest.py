"""A database for each test of the store, and a journal in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from support.databases import database_in

from webapp.store.database import open_database
from webapp.store.journal import Journal
from webapp.store.vault import Vault


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A database with all tables and nothing in them."""
    engine = open_database(database_in(tmp_path))
    yield engine
    engine.dispose()


@pytest.fixture
def journal(engine: Engine) -> Journal:
    """A journal in it."""
    return Journal(engine, Vault(["a key of the tests, long enough"]))
