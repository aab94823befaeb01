"""The people who may sign in, and the links with which they choose a password."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, insert, null, or_, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from webapp.store.authorisation import ADMINISTRATOR, Conflict, authorised, locked
from webapp.store.events import INSERT_EVENT, NewEvent
from webapp.store.locks import take_lock
from webapp.store.models import Account, BrowserSession, Invitation, table_of
from webapp.store.repeats import COMING_AND_GOING, record_repeat
from webapp.store.tables import Table

ACCOUNTS = table_of(Account)
INVITATIONS = table_of(Invitation)
SESSIONS = table_of(BrowserSession)


@dataclass(frozen=True)
class Link:
    """An invitation that is to be made: for an `account`, or for a new administrator, the `first` one if need be."""

    key: str
    account: str | None
    expires_at: datetime
    first: bool = False


class Accounts(Table):
    """Reads and writes accounts and invitations. Each change is put on record in its own transaction, which also asks
    whether it is still right: that who makes it is still an administrator, and that who enters was not kept out."""

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

    def has_administrator(self, issuer: str | None) -> bool:
        """Whether there is an administrator who can enter: with a password, or through this OpenID issuer."""
        return self.row(select(Account).where(able_administrator(issuer))) is not None

    def add(
        self, values: dict[str, Any], event: NewEvent, link: Link | None = None, handed: NewEvent | None = None
    ) -> bool:
        """Add an account, and with it the link with which its person enters. False when login or subject is taken.

        Raises `Conflict` when who invites is no administrator any more.
        """
        try:
            with self.writing() as connection:
                authorised(connection, event.actor)
                connection.execute(insert(ACCOUNTS), {"created_at": self.clock(), **values})
                self._record(connection, event)
                if link is not None and handed is not None:
                    self._invite(connection, link, handed)
        except IntegrityError:
            return False
        return True

    def manage(self, id: str, values: dict[str, Any], event: NewEvent) -> None:
        """Change what somebody may do, as an administrator. Raises `Conflict` when who does it is none any more."""
        with self.writing() as connection:
            authorised(connection, event.actor, id)
            self._change(connection, id, values)
            self._record(connection, event)

    def follow(self, id: str, values: dict[str, Any], event: NewEvent) -> None:
        """Change what somebody may do, as an OpenID provider says at a sign-in. Raises `Conflict` when the account was
        disabled in the meantime."""
        with self.writing() as connection:
            if locked(connection, id)[id].disabled_at is not None:
                raise Conflict
            self._change(connection, id, values)
            record_repeat(connection, event, self.clock(), COMING_AND_GOING)

    def hash_anew(self, id: str, before: str, after: str, event: NewEvent) -> bool:
        """Keep another hash of the same password. False, and nothing is changed, when it was changed meanwhile."""
        query = update(ACCOUNTS).where(ACCOUNTS.c.id == id, ACCOUNTS.c.password == before).values(password=after)
        with self.writing() as connection:
            if connection.execute(query).rowcount != 1:
                return False
            self._record(connection, event)
        return True

    def change_password(self, id: str, before: str, after: str, event: NewEvent, but: str) -> bool:
        """Set a new password in the place of the hash `before`. False, and nothing is changed, when it was changed
        meanwhile, or the account disabled.

        All its sessions end, `but` the one with this id, and so do its links.
        """
        with self.writing() as connection:
            account = locked(connection, id)[id]
            if account.disabled_at is not None or account.password != before:
                return False
            connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == id).values(password=after))
            connection.execute(delete(SESSIONS).where(SESSIONS.c.account == id, SESSIONS.c.id != but))
            connection.execute(delete(INVITATIONS).where(INVITATIONS.c.account == id))
            record_repeat(connection, event, self.clock(), COMING_AND_GOING)
        return True

    def invitation(self, key: str) -> Invitation | None:
        """Read an invitation that can still be used."""
        return self.row(select(Invitation).where(Invitation.key == key, Invitation.expires_at > self.clock()))

    def invite(self, link: Link, event: NewEvent) -> None:
        """Put a new invitation in the place of all others for the same account.

        Raises `Conflict` when who invites is no administrator any more, or who is invited was disabled.
        """
        with self.writing() as connection:
            found = authorised(connection, event.actor, link.account)
            if link.account is not None and found[link.account].disabled_at is not None:
                raise Conflict
            self._invite(connection, link, event)

    def accept(
        self,
        invitation: Invitation,
        account: str,
        password: str,
        event: NewEvent,
        new: dict[str, Any] | None = None,
        issuer: str | None = None,
    ) -> bool:
        """Use an invitation up: set the password, and end the sessions that the account had.

        With `new`, the account is added with these values. False, and nothing is changed, when the invitation was used
        or ended in the meantime, the login is taken, or there is an administrator already (through `issuer`, too) and
        the invitation was for the first one.
        """
        try:
            with self.writing() as connection:
                found = locked(connection, account).get(account)
                if found is not None and found.disabled_at is not None:
                    return False
                if invitation.first and not self._first(connection, issuer):
                    return False
                if connection.execute(delete(INVITATIONS).where(INVITATIONS.c.key == invitation.key)).rowcount != 1:
                    return False
                if new is not None:
                    connection.execute(insert(ACCOUNTS), {"id": account, "created_at": self.clock(), **new})
                connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == account).values(password=password))
                connection.execute(delete(SESSIONS).where(SESSIONS.c.account == account))
                self._record(connection, event)
        except IntegrityError:
            return False
        return True

    def record(self, event: NewEvent) -> None:
        """Put something on record that changes no account, and that anybody may do again and again."""
        with self.writing() as connection:
            record_repeat(connection, event, self.clock())

    def _change(self, connection: Connection, id: str, values: dict[str, Any]) -> None:
        """Change an account, and end what it opens no more: the sessions of who is disabled, and the links that are
        theirs, or that they made while they might."""
        changed = connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == id).values(**values).returning(ACCOUNTS))
        account = changed.one()
        if account.disabled_at is not None:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.account == id))
            connection.execute(delete(INVITATIONS).where(INVITATIONS.c.account == id))
        if account.disabled_at is not None or account.role != ADMINISTRATOR:
            connection.execute(delete(INVITATIONS).where(INVITATIONS.c.made_by == id))

    def _invite(self, connection: Connection, link: Link, event: NewEvent) -> None:
        take_lock(connection, "links")
        connection.execute(delete(INVITATIONS).where(INVITATIONS.c.account.is_not_distinct_from(link.account)))
        values = {"key": link.key, "account": link.account, "expires_at": link.expires_at, "first": link.first}
        connection.execute(insert(INVITATIONS), {**values, "made_by": event.actor.id})
        self._record(connection, event)

    def _first(self, connection: Connection, issuer: str | None) -> bool:
        """Whether whoever holds a first administrator's link is the first: of two that hold one, one waits here."""
        links = select(INVITATIONS.c.key).where(INVITATIONS.c.account == null()).order_by(INVITATIONS.c.key)
        connection.execute(links.with_for_update()).all()
        return connection.execute(select(ACCOUNTS.c.id).where(able_administrator(issuer)).limit(1)).first() is None

    def _record(self, connection: Connection, event: NewEvent) -> None:
        connection.execute(INSERT_EVENT, event.columns(self.clock()))


def able_administrator(issuer: str | None) -> ColumnElement[bool]:
    """Asks for administrators who can enter, as `Accounts.has_administrator` does."""
    entering = or_(Account.password.is_not(None), Account.issuer == issuer)
    return and_(Account.role == ADMINISTRATOR, Account.disabled_at.is_(None), entering)
