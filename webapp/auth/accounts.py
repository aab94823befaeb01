"""People who sign in with a password of Slipway's own: signing in, inviting, changing, disabling."""

from dataclasses import dataclass, replace
from datetime import timedelta
from secrets import token_urlsafe

from webapp.auth.browsers import Browsers
from webapp.auth.hashing_queue import QueueFull
from webapp.auth.passwords import Passwords
from webapp.auth.people import Role
from webapp.auth.sessions import hashed
from webapp.auth.sign_in_limits import SignInLimits, Wait
from webapp.store.accounts import Accounts, Link
from webapp.store.events import SLIPWAY, Actor, NewEvent
from webapp.store.models import Account, Invitation
from webapp.store.reading import Clock

INVITED = timedelta(days=3)
# When too many passwords are being compared, there is soon a turn.
BUSY_SECONDS = 5


@dataclass(frozen=True)
class Staff:
    """Looks after the accounts. `issuer` is the OpenID provider through which people may enter, too."""

    accounts: Accounts
    attempts: SignInLimits
    passwords: Passwords
    browsers: Browsers
    clock: Clock
    issuer: str | None

    def sign_in(self, login: str, password: str, anonymous_actor: Actor, cookie: str = "") -> Account | Wait | None:
        """Find the account of somebody who wants to sign in; None when login or password is wrong.

        `cookie` is what the browser was given when somebody signed in there before.
        """
        account = self.accounts.named(tidy(login))
        usable = account if account is not None and account.disabled_at is None else None
        browser = self.browsers.recognise(cookie, usable) if usable else None
        proved = self._prove(tidy(login), usable, password, anonymous_actor, browser)
        if proved is None:
            self._refused(anonymous_actor, account, "password" if usable else "unknown or disabled")
        return proved

    def prove(self, account: Account, password: str, actor: Actor, session: str) -> Account | Wait | None:
        """Have somebody who is signed in, in the `session` with this id, prove to know the present password."""
        proved = self._prove(account.login or "", account, password, actor, session)
        if proved is None:
            self._refused(actor, account, "password")
        return proved

    def first_invitation(self) -> str | None:
        """Make the link for the first administrator; None when there is one who can enter."""
        if not self.has_none():
            return None
        return self._invitation(None, NewEvent(SLIPWAY, "invited", "first administrator"), first=True)

    def has_none(self) -> bool:
        """Whether there is no administrator who can enter."""
        return not self.accounts.has_administrator(self.issuer)

    def administrator_link(self, login: str | None) -> str | None:
        """Make a link for whoever runs Slipway: for the administrator with this sign-in name to choose a new password,
        or for a new administrator. None when nobody with this name is an administrator who may enter."""
        if login is None:
            return self._invitation(None, NewEvent(SLIPWAY, "invited", "new administrator"))
        account = self.accounts.named(tidy(login))
        if account is None or account.role != Role.ADMINISTRATOR or account.disabled_at is not None:
            return None
        return self.renew(account, SLIPWAY)

    def invite(self, login: str, name: str, role: Role, actor: Actor) -> str | None:
        """Add an account and make its link; None when the login is taken. Raises `Conflict`."""
        account = Account(id=token_urlsafe(12), name=name, role=role, login=tidy(login))
        values = {"id": account.id, "name": name, "role": role, "login": account.login}
        secret, link = self._link(account.id)
        invited = NewEvent(actor, "invited", role, about(account))
        added = self.accounts.add(values, invited, link, NewEvent(actor, "made a link", details=about(account)))
        return secret if added else None

    def renew(self, account: Account, actor: Actor) -> str:
        """Make a new link for somebody who has none any more, or forgot the password. Raises `Conflict`."""
        return self._invitation(account.id, NewEvent(actor, "made a link", details=about(account)))

    def invitation(self, secret: str) -> Invitation | None:
        """Find an invitation that can still be used."""
        invitation = self.accounts.invitation(hashed(secret))
        return None if invitation is not None and invitation.first and not self.has_none() else invitation

    def accept(
        self, invitation: Invitation, password: str, login: str, name: str, origin: str | None
    ) -> Account | None:
        """Use an invitation up, and give the account; `login` and `name` are a new administrator's.

        None when it was used or ended in the meantime.
        """
        account = self.accounts.find(invitation.account) if invitation.account else None
        new = None
        if account is None:
            new = {"name": name, "role": Role.ADMINISTRATOR, "login": tidy(login)}
            account = Account(id=token_urlsafe(12), **new)
        account.password = self.passwords.hash(password, account.login or "")
        event = NewEvent(Actor(account.id, account.name, origin), "chose a password")
        accepted = self.accounts.accept(invitation, account.id, account.password, event, new, self.issuer)
        return account if accepted else None

    def change_password(self, account: Account, password: str, actor: Actor, session: str) -> Account | None:
        """Set a new password in the place of the one that the account was read with, and end what the old one has
        opened, but the `session` with this id. None when it was another one by then."""
        event = NewEvent(actor, "password changed", details=about(account))
        after = self.passwords.hash(password, account.login or "")
        changed = self.accounts.change_password(account.id, account.password or "", after, event, session)
        account.password = after
        return account if changed else None

    def change_role(self, account: Account, role: Role, actor: Actor) -> None:
        """Give somebody another role. Raises `Conflict`."""
        event = NewEvent(actor, "role changed", role, {**about(account), "before": account.role})
        self.accounts.manage(account.id, {"role": role}, event)

    def disable(self, account: Account, actor: Actor) -> None:
        """Let somebody in no more, from this moment on. Raises `Conflict`."""
        self.accounts.manage(
            account.id, {"disabled_at": self.clock()}, NewEvent(actor, "disabled", details=about(account))
        )

    def enable(self, account: Account, actor: Actor) -> None:
        """Let somebody in again. Raises `Conflict`."""
        self.accounts.manage(account.id, {"disabled_at": None}, NewEvent(actor, "enabled", details=about(account)))

    def _prove(
        self, login: str, account: Account | None, password: str, actor: Actor, browser: str | None
    ) -> Account | Wait | None:
        attempt = self.attempts.take(login, actor.origin or "", browser)
        if isinstance(attempt, Wait):
            self._refused(actor, None, "too many attempts")
            return attempt
        kept = account.password if account else None
        try:
            matches = self.passwords.matches(kept, password, login, known=browser is not None)
        except QueueFull:
            self.attempts.forgive(attempt)
            self._refused(actor, None, "too many attempts")
            return Wait(BUSY_SECONDS)
        if not matches or account is None:
            return None
        self.attempts.forgive(attempt)
        if self.passwords.outdated(account.password or ""):
            self._hash_anew(account, password)
        return account

    def _hash_anew(self, account: Account, password: str) -> None:
        """Keep a password as the parameters of today have it, unless it was changed meanwhile."""
        event = NewEvent(SLIPWAY, "password hashed anew", details=about(account))
        try:
            before, after = account.password or "", self.passwords.hash(password)
        except QueueFull:
            # The next sign-in is soon enough.
            return
        if self.accounts.hash_anew(account.id, before, after, event):
            account.password = after

    def _link(self, account: str | None, first: bool = False) -> tuple[str, Link]:
        secret = token_urlsafe(32)
        return secret, Link(hashed(secret), account, self.clock() + INVITED, first)

    def _invitation(self, account: str | None, event: NewEvent, first: bool = False) -> str:
        secret, link = self._link(account, first)
        self.accounts.invite(link, event)
        return secret

    def _refused(self, anonymous_actor: Actor, account: Account | None, why: str) -> None:
        actor = replace(anonymous_actor, id=account.id, name=account.name) if account else anonymous_actor
        self.accounts.record(NewEvent(actor, "sign-in refused", why))


def tidy(login: str) -> str:
    """One spelling for a login: people type it in capitals and with blanks around it."""
    return login.strip().casefold()


def about(account: Account) -> dict[str, str]:
    """How an event names the account that it is about."""
    return {"account": account.id, "name": account.name}
