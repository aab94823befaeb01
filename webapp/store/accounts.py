"""The people who may sign in, and the links with which they choose a password."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from webapp.store.events import NOTE, Deed
from webapp.store.models import Account, Invitation, Session
from webapp.store.tables import Table, table_of

ACCOUNTS = table_of(Account)
INVITATIONS = table_of(Invitation)
SESSIONS = table_of(Session)


class Accounts(Table):
    """Reads and writes accounts and invitations. Each change is put on record in its own transaction."""

    def find(self, id: str) -> Account | None:
        """Read one account."""
        return self.row(select(Account).where(Account.id == id))

    def named(self, login: str) -> Account | None:
        """Read the account that signs in with a name."""
        return self.row(select(Account).where(Account.login == login))

    def known_as(self, issuer: str, subject: str) -> Account | None:
        """Read the account of somebody whom an OpenID provider knows."""
        return self.row(select(Account).where(Account.issuer == issuer, Account.subject == subject))

    def everyone(self) -> list[Account]:
        """Read all accounts, by name."""
        return self.rows(select(Account).order_by(Account.name, Account.id))

    def empty(self) -> bool:
        """Whether there is no account at all."""
        return self.row(select(Account)) is None

    def add(self, values: dict[str, Any], deed: Deed) -> bool:
        """Add an account. False when its login or subject is taken."""
        try:
            with self.writing() as connection:
                connection.execute(insert(ACCOUNTS), {"created_at": self.clock(), **values})
                self._note(connection, deed)
        except IntegrityError:
            return False
        return True

    def change(self, id: str, values: dict[str, Any], deed: Deed, sign_out: bool = False) -> None:
        """Change an account, and end all its sessions if that is wanted."""
        with self.writing() as connection:
            connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == id).values(**values))
            if sign_out:
                connection.execute(delete(SESSIONS).where(SESSIONS.c.account == id))
            self._note(connection, deed)

    def invitation(self, key: str) -> Invitation | None:
        """Read an invitation that can still be used."""
        return self.row(select(Invitation).where(Invitation.key == key, Invitation.expires_at > self.clock()))

    def invite(self, key: str, account: str | None, expires_at: datetime, deed: Deed) -> None:
        """Put a new invitation in the place of all others for the same account."""
        with self.writing() as connection:
            connection.execute(delete(INVITATIONS).where(INVITATIONS.c.account.is_not_distinct_from(account)))
            connection.execute(insert(INVITATIONS), {"key": key, "account": account, "expires_at": expires_at})
            self._note(connection, deed)

    def accept(self, key: str, account: str, password: str, deed: Deed, first: dict[str, Any] | None = None) -> bool:
        """Use an invitation up: set the password, and end the sessions that the account had.

        With `first`, the account is added with these values. False, and nothing is changed, when the invitation was
        used in the meantime, or the login is taken.
        """
        try:
            with self.writing() as connection:
                if connection.execute(delete(INVITATIONS).where(INVITATIONS.c.key == key)).rowcount != 1:
                    return False
                if first is not None:
                    connection.execute(insert(ACCOUNTS), {"id": account, "created_at": self.clock(), **first})
                connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == account).values(password=password))
                connection.execute(delete(SESSIONS).where(SESSIONS.c.account == account))
                self._note(connection, deed)
        except IntegrityError:
            return False
        return True

    def note(self, deed: Deed) -> None:
        """Put something on record that changes no account."""
        with self.writing() as connection:
            self._note(connection, deed)

    def _note(self, connection: Connection, deed: Deed) -> None:
        connection.execute(NOTE, deed.columns(self.clock()))
