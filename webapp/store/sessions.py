"""Where people are signed in."""

from datetime import datetime

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session as Reading

from webapp.store.events import NOTE, Deed
from webapp.store.failures import translated
from webapp.store.models import Account, Session
from webapp.store.tables import Table, table_of

ACCOUNTS = table_of(Account)
SESSIONS = table_of(Session)


class SessionTable(Table):
    """Reads and writes sessions. That one begins or is ended is put on record in the same transaction."""

    def find(self, key: str) -> tuple[Session, Account] | None:
        """Read a session with its account."""
        query = select(Session, Account).join(Account, Account.id == Session.account).where(Session.key == key)
        with translated(), Reading(self.engine, expire_on_commit=False) as reading:
            found = reading.execute(query).first()
        return None if found is None else (found[0], found[1])

    def of(self, account: str) -> list[Session]:
        """Read the sessions of an account, the last used first."""
        return self.rows(select(Session).where(Session.account == account).order_by(Session.seen_at.desc()))

    def begin(self, session: Session, instead_of: str | None, deed: Deed) -> None:
        """Add a session, and remove the one that the browser had before."""
        with self.writing() as connection:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.key == instead_of))
            values = {column.name: getattr(session, column.name) for column in SESSIONS.c}
            connection.execute(insert(SESSIONS), values)
            signed_in = {"signed_in_at": session.begun_at}
            connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == session.account).values(signed_in))
            connection.execute(NOTE, deed.columns(self.clock()))

    def touch(self, key: str) -> None:
        """Note that a session is in use."""
        with self.writing() as connection:
            connection.execute(update(SESSIONS).where(SESSIONS.c.key == key).values(seen_at=self.clock()))

    def end(self, account: str, deed: Deed, id: str | None = None, but: str | None = None) -> int:
        """Remove one session of an account by its id, or all of them, but the one with the id `but`. Counts them."""
        query = delete(SESSIONS).where(SESSIONS.c.account == account)
        if id is not None:
            query = query.where(SESSIONS.c.id == id)
        if but is not None:
            query = query.where(SESSIONS.c.id != but)
        with self.writing() as connection:
            count = connection.execute(query).rowcount
            if count:
                connection.execute(NOTE, deed.columns(self.clock()))
        return count

    def sweep(self, begun_before: datetime, seen_before: datetime) -> None:
        """Remove the sessions that are over."""
        over = or_(SESSIONS.c.begun_at < begun_before, SESSIONS.c.seen_at < seen_before)
        with self.writing() as connection:
            connection.execute(delete(SESSIONS).where(over))
