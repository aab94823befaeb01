"""The API token that Slipway asks Buddy with: from the environment, or set by an administrator and kept sealed."""

from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from webapp.buddy.client import Client
from webapp.buddy.tokens import Token
from webapp.http.errors import Forbidden
from webapp.http.rate_limit import Pace
from webapp.http.transport import TokenSource
from webapp.store.connection import ConnectionTable
from webapp.store.events import Actor, NewEvent
from webapp.store.failures import JournalUnavailable
from webapp.store.models import BuddyToken
from webapp.store.vault import Vault

# How long before its end people are told of it.
NOTICE = timedelta(days=14)


class ClientFor(Protocol):
    """Makes a client that asks with a token, or with the present one of a source, and at a pace, if there is one."""

    def __call__(self, token: str | TokenSource, pace: Pace | None = None) -> Client:
        """Make one."""


@dataclass
class Connection:
    """Whose token is used, at which endpoint. `fixed` is the environment's, which goes before any other; `client_for`
    asks with another.

    The last token known is kept in memory for the moment when the database can't be read.
    """

    table: ConnectionTable
    vault: Vault
    fixed: str | None = field(repr=False)
    endpoint: str
    client_for: ClientFor
    _last: str | None = field(default=None, repr=False)

    def token(self) -> str | None:
        """Give the present token; None when there is none."""
        if self.fixed is not None:
            return self.fixed
        try:
            kept = self.table.find()
            self._last = self.vault.open(kept.sealed) if kept else None
        except JournalUnavailable:
            pass
        return self._last

    def mark(self) -> str | None:
        """Tell the present token apart from all others, without giving it away; None when there is none."""
        token = self.token()
        return None if token is None else self.vault.fingerprint(f"directory\n{self.endpoint}\n{token}".encode())

    def kept(self) -> BuddyToken | None:
        """Tell of the token that an administrator has set."""
        return None if self.fixed is not None else self.table.find()

    def ending(self) -> datetime | None:
        """Tell when the token ends, if that is soon."""
        kept = self.kept()
        end = kept.expires_at if kept else None
        return end if end is not None and end - self.table.clock() <= NOTICE else None

    def connect(self, token: str, actor: Actor) -> None:
        """Ask Buddy about a token, and keep it. Raises `BuddyError` when Buddy does not take it: nothing changes."""
        told = self._ask(token)
        values = {
            "sealed": self.vault.seal(token),
            "name": told.name if told else "",
            "scopes": list(told.scopes) if told else None,
            "expires_at": told.expires_at if told else None,
            "set_by": actor.name,
        }
        details = {"token": values["name"], "scopes": values["scopes"]}
        self.table.put(values, NewEvent(actor, "connected", details=details))

    def ask_fixed(self) -> Token | None:
        """What Buddy tells now of the environment's token; None when it works, but may not ask. Raises `BuddyError`."""
        assert self.fixed is not None, "where there is none, there is nothing to ask about"
        return self._ask(self.fixed)

    def _ask(self, token: str) -> Token | None:
        """What Buddy tells of a token; None when the token may not ask that, but is good for the rest."""
        with closing(self.client_for(token)) as client:
            try:
                return client.token()
            except Forbidden:
                list(client.workspaces())
                return None
