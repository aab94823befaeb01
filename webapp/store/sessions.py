"""Where people are signed in."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session as Reading

from webapp.store.authorisation import locked
from webapp.store.events import NewEvent
from webapp.store.failures import translated
from webapp.store.models import Account, BrowserSession, table_of
from webapp.store.repeats import COMING_AND_GOING, record_repeat
from webapp.store.tables import Table

ACCOUNTS = table_of(Account)
SESSIONS = table_of(BrowserSession)


class SessionTable(Table):
    """Reads and writes sessions. That one begins or is ended is put on record in the same transaction."""

    def find(self, key: str) -> tuple[BrowserSession, Account] | None:
        """Read a session with its account."""
        query = (
            select(BrowserSession, Account)
            .join(Account, Account.id == BrowserSession.account)
            .where(BrowserSession.key == key)
        )
        with translated(), Reading(self.engine, expire_on_commit=False) as reading:
            found = reading.execute(query).first()
        return None if found is None else (found[0], found[1])

    def of(self, account: str) -> list[BrowserSession]:
        """Read the sessions of an account, the last used first."""
        return self.rows(
            select(BrowserSession).where(BrowserSession.account == account).order_by(BrowserSession.seen_at.desc())
        )

    def begin(self, session: BrowserSession, instead_of: str | None, event: NewEvent, password: str | None) -> bool:
        """Add a session, and remove the one that the browser had before.

        False, and nothing is changed, when the account was disabled since it was read, or its password is no longer the
        one with the hash `password`.
        """
        with self.writing() as connection:
            account = locked(connection, session.account).get(session.account)
            if account is None or account.disabled_at is not None or account.password != password:
                return False
            connection.execute(delete(SESSIONS).where(SESSIONS.c.key == instead_of))
            values = {column.name: getattr(session, column.name) for column in SESSIONS.c}
            connection.execute(insert(SESSIONS), values)
            signed_in = {"signed_in_at": session.begun_at}
            connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == session.account).values(signed_in))
            record_repeat(connection, event, self.clock(), COMING_AND_GOING)
        return True

    def touch(self, key: str) -> None:
        """Note that a session is in use."""
        with self.writing() as connection:
            connection.execute(update(SESSIONS).where(SESSIONS.c.key == key).values(seen_at=self.clock()))

    def end(self, account: str, event: NewEvent, id: str | None = None) -> int:
        """Remove one session of an account by its id, or all of them. Counts them."""
        query = delete(SESSIONS).where(SESSIONS.c.account == account)
        if id is not None:
            query = query.where(SESSIONS.c.id == id)
        with self.writing() as connection:
            count = connection.execute(query).rowcount
            if count:
                record_repeat(connection, event, self.clock(), COMING_AND_GOING)
        return count

    def sweep(self, begun_before: datetime, seen_before: datetime, ways: Collection[str]) -> None:
        """Remove the sessions that are over, and those that were not begun in one of the `ways`."""
        over = or_(
            SESSIONS.c.begun_at < begun_before, SESSIONS.c.seen_at < seen_before, SESSIONS.c.way.not_in(list(ways))
        )
        with self.writing() as connection:
            connection.execute(delete(SESSIONS).where(over))
