"""What the tables beside the journal's have in common."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Engine, Select
from sqlalchemy import Row as SqlRow
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session as Reading

from webapp.store.failures import translated
from webapp.store.models import Base
from webapp.store.reading import Clock

Row = TypeVar("Row", bound=Base)


@dataclass(frozen=True)
class Table:
    """A way to some tables. `writing` begins a transaction; both raise `JournalUnavailable`."""

    engine: Engine
    writing: Callable[[], AbstractContextManager[Connection]]
    clock: Clock

    def columns(self, statement: Select[Any], **values: Any) -> Sequence[SqlRow[Any]]:
        """Read columns by a statement that was made once: what each page asks takes a third of the time so."""
        with translated(), self.engine.connect() as connection:
            return connection.execute(statement, values).all()

    def rows(self, query: Select[Row]) -> list[Row]:
        """Read rows."""
        with translated(), Reading(self.engine, expire_on_commit=False) as session:
            return list(session.scalars(query))

    def row(self, query: Select[Row]) -> Row | None:
        """Read one row, if it is there."""
        return next(iter(self.rows(query.limit(1))), None)
