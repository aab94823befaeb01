"""People who sign in with a password of Slipway's own: signing in, inviting, changing, disabling."""

from dataclasses import dataclass, replace
from datetime import timedelta
from secrets import token_urlsafe

from webapp.auth.attempts import Attempts, Wait
from webapp.auth.passwords import Passwords
from webapp.auth.people import Role
from webapp.auth.sessions import hashed
from webapp.store.accounts import Accounts
from webapp.store.events import SLIPWAY, Actor, Deed
from webapp.store.models import Account, Invitation
from webapp.store.reading import Clock

INVITED = timedelta(days=3)


@dataclass(frozen=True)
class Staff:
    """Looks after the accounts."""

    accounts: Accounts
    attempts: Attempts
    passwords: Passwords
    clock: Clock

    def sign_in(self, login: str, password: str, stranger: Actor) -> Account | Wait | None:
        """Find the account of somebody who wants to sign in; None when login or password is wrong."""
        attempt = self.attempts.take(tidy(login), stranger.origin or "")
        if isinstance(attempt, Wait):
            self._refused(stranger, None, "too many attempts")
            return attempt
        account = self.accounts.named(tidy(login))
        usable = account is not None and account.disabled_at is None
        if not self.passwords.matches(account.password if account and usable else None, password) or account is None:
            self._refused(stranger, account, "password" if usable else "unknown or disabled")
            return None
        self.attempts.forgive(attempt)
        if self.passwords.outdated(account.password or ""):
            deed = Deed(SLIPWAY, "password hashed anew", details=about(account))
            self.accounts.change(account.id, {"password": self.passwords.hash(password)}, deed)
        return account

    def first_invitation(self) -> str | None:
        """Make the link for the first administrator; None when there are accounts already."""
        return (
            self._invitation(None, Deed(SLIPWAY, "invited", "first administrator")) if self.accounts.empty() else None
        )

    def invite(self, login: str, name: str, role: Role, actor: Actor) -> str | None:
        """Add an account and make its link; None when the login is taken."""
        account = Account(id=token_urlsafe(12), name=name, role=role, login=tidy(login))
        values = {"id": account.id, "name": name, "role": role, "login": account.login}
        if not self.accounts.add(values, Deed(actor, "invited", role, about(account))):
            return None
        return self._invitation(account.id, Deed(actor, "made a link", details=about(account)))

    def renew(self, account: Account, actor: Actor) -> str:
        """Make a new link for somebody who has none any more, or forgot the password."""
        return self._invitation(account.id, Deed(actor, "made a link", details=about(account)))

    def invitation(self, secret: str) -> Invitation | None:
        """Find an invitation that can still be used."""
        invitation = self.accounts.invitation(hashed(secret))
        if invitation is not None and invitation.account is None and not self.accounts.empty():
            return None
        return invitation

    def accept(self, invitation: Invitation, password: str, login: str, name: str, origin: str | None) -> str | None:
        """Use an invitation up, and give the account's id; `login` and `name` are the first administrator's.

        None when it was used in the meantime.
        """
        first = None
        if invitation.account is None:
            first = {"name": name, "role": Role.ADMINISTRATOR, "login": tidy(login)}
        id = invitation.account or token_urlsafe(12)
        account = self.accounts.find(id)
        deed = Deed(Actor(id, account.name if account else name, origin), "chose a password")
        return id if self.accounts.accept(invitation.key, id, self.passwords.hash(password), deed, first) else None

    def change_password(self, account: Account, password: str, actor: Actor) -> None:
        """Set a new password."""
        deed = Deed(actor, "password changed", details=about(account))
        self.accounts.change(account.id, {"password": self.passwords.hash(password)}, deed)

    def change_role(self, account: Account, role: Role, actor: Actor) -> None:
        """Give somebody another role."""
        deed = Deed(actor, "role changed", role, {**about(account), "before": account.role})
        self.accounts.change(account.id, {"role": role}, deed)

    def disable(self, account: Account, actor: Actor) -> None:
        """Let somebody in no more, from this moment on."""
        deed = Deed(actor, "disabled", details=about(account))
        self.accounts.change(account.id, {"disabled_at": self.clock()}, deed, sign_out=True)

    def enable(self, account: Account, actor: Actor) -> None:
        """Let somebody in again."""
        self.accounts.change(account.id, {"disabled_at": None}, Deed(actor, "enabled", details=about(account)))

    def _invitation(self, account: str | None, deed: Deed) -> str:
        secret = token_urlsafe(32)
        self.accounts.invite(hashed(secret), account, self.clock() + INVITED, deed)
        return secret

    def _refused(self, stranger: Actor, account: Account | None, why: str) -> None:
        actor = replace(stranger, id=account.id, name=account.name) if account else stranger
        self.accounts.note(Deed(actor, "sign-in refused", why))


def tidy(login: str) -> str:
    """One spelling for a login: people type it in capitals and with blanks around it."""
    return login.strip().casefold()


def about(account: Account) -> dict[str, str]:
    """How an event names the account that it is about."""
    return {"account": account.id, "name": account.name}
