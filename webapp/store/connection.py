"""The API token for Buddy that an administrator has set."""

from typing import Any

from sqlalchemy import delete, insert, select

from webapp.store.authorisation import authorised
from webapp.store.events import INSERT_EVENT, NewEvent
from webapp.store.locks import take_lock
from webapp.store.models import BuddyToken, PlaceName, table_of
from webapp.store.tables import Table

TOKEN = table_of(BuddyToken)
NAMES = table_of(PlaceName)


class ConnectionTable(Table):
    """Reads and writes the one row. Its change is put on record in the same transaction."""

    def find(self) -> BuddyToken | None:
        """Read what is known of the token, and the sealed token."""
        return self.row(select(BuddyToken))

    def put(self, values: dict[str, Any], event: NewEvent) -> None:
        """Put a token in the place of the one before, which takes what that one was told along. Raises `Conflict`."""
        with self.writing() as connection:
            authorised(connection, event.actor)
            take_lock(connection, "the token")
            connection.execute(delete(TOKEN))
            connection.execute(delete(NAMES))
            connection.execute(insert(TOKEN), {"number": 1, "set_at": self.clock(), **values})
            connection.execute(INSERT_EVENT, event.columns(self.clock()))
