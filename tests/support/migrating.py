"""Databases as older versions of Slipway have left them."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine
from sqlalchemy.engine import Connection

import webapp.store
from webapp.store.engines import address_of, connect_to


def migrations(connection: Connection | None = None) -> Config:
    """What Alembic's commands are given: where the migrations are, and what they are run on."""
    config = Config()
    config.set_main_option("script_location", str(Path(webapp.store.__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    return config


def migrated(url: str, version: str, then: str = "") -> Engine:
    """A database as that version has it, after the statements that come `then`."""
    engine = connect_to(address_of(url), patient=True)
    with engine.begin() as connection:
        command.upgrade(migrations(connection), version)
        for statement in then.split(";") if then else ():
            connection.exec_driver_sql(statement)
    engine.dispose()
    return engine
