"""The rules for what is sent, as plain data: the one row that the team has."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from webapp.store.authorisation import authorised
from webapp.store.events import INSERT_EVENT, Actor, NewEvent
from webapp.store.models import KeptRules, table_of
from webapp.store.tables import Table

RULES = table_of(KeptRules)
NOW = select(RULES.c.content, RULES.c.version)


class StoredRules(NamedTuple):
    """The rules as they are kept, and their version."""

    content: Mapping[str, Any]
    version: int


class RuleTable(Table):
    """Reads and writes the one row. Its change is put on record in the same transaction."""

    def find(self) -> StoredRules | None:
        """Read the rules; None before anybody has set any."""
        return next((StoredRules(row.content, row.version) for row in self.columns(NOW)), None)

    def put(self, content: Mapping[str, Any], version: int, actor: Actor, events: Iterable[NewEvent]) -> bool:
        """Write the rules in the place of the `version` before, which is 0 where there was none.

        False when somebody else was faster: nothing is written. Raises `Conflict`.
        """
        values = {"content": dict(content), "version": version + 1}
        try:
            with self.writing() as connection:
                authorised(connection, actor)
                if version == 0:
                    connection.execute(insert(RULES), {"number": 1, **values})
                elif connection.execute(update(RULES).where(RULES.c.version == version).values(values)).rowcount != 1:
                    return False
                for event in events:
                    connection.execute(INSERT_EVENT, event.columns(self.clock()))
        except IntegrityError:
            return False
        return True
