"""When the database can't be used: one exception for whatever it is that fails."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout


class JournalUnavailable(Exception):
    """The database is locked, read-only, full, gone or broken. What was to be written has not been written."""


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's errors into `JournalUnavailable`; a broken rule of uniqueness stays what it is."""
    try:
        yield
    except IntegrityError:
        raise
    except (DBAPIError, PoolTimeout) as error:
        raise JournalUnavailable(said_by(error)) from error


def said_by(error: SQLAlchemyError) -> str:
    """What the driver said, without the statement and what SQLAlchemy adds."""
    return str(error.orig if isinstance(error, DBAPIError) else error)


class DatabaseFile:
    """The file behind an SQLite engine. A connection would go on writing into a file that was moved or removed."""

    def __init__(self, engine: Engine) -> None:
        name = engine.url.database if engine.dialect.name == "sqlite" else None
        self._path = Path(name) if name else None
        self._identity = self._look()

    def check(self) -> None:
        """Raises `JournalUnavailable` when the file is not the one that was opened."""
        if self._look() != self._identity:
            raise JournalUnavailable("the database file is gone")

    def _look(self) -> tuple[int, int] | None:
        if self._path is None:
            return None
        try:
            found = self._path.stat()
        except OSError:
            return (0, 0)
        return found.st_dev, found.st_ino
