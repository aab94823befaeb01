"""When the database can't be used: one exception for whatever it is that fails."""

from collections.abc import Iterator
from contextlib import contextmanager

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
    """What the driver said, on one line, without the statement and what SQLAlchemy adds."""
    return " ".join(str(error.orig if isinstance(error, DBAPIError) else error).split())
