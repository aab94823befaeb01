"""People whom an OpenID provider knows: who of them may enter, and with which role."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from secrets import token_urlsafe
from typing import Any

from webapp.auth.openid.provider import Provider
from webapp.auth.openid.refusals import SignInRefused
from webapp.auth.people import Role
from webapp.settings import Oidc
from webapp.store.accounts import Accounts
from webapp.store.authorisation import Conflict
from webapp.store.events import Actor, NewEvent
from webapp.store.models import Account

ANYBODY = "*"
LONGEST_NAME = 255
# Controls, half characters, and the marks that turn the direction of writing around.
UNREADABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class ProviderAccounts:
    """Lets in whom the provider vouches for. Their account follows the provider, at each sign-in."""

    oidc: Oidc
    provider: Provider
    accounts: Accounts

    def sign_in(self, kept: Mapping[str, str] | None, answer: Mapping[str, str], anonymous_actor: Actor) -> Account:
        """Finish a sign-in. Raises `SignInRefused`, and puts that on record."""
        try:
            return self._account(self.provider.finish(kept, answer), anonymous_actor)
        except SignInRefused as refusal:
            self.accounts.record(NewEvent(anonymous_actor, "sign-in refused", refusal.reason))
            raise

    def _account(self, claims: Mapping[str, Any], anonymous_actor: Actor) -> Account:
        role, name = role_of(claims, self.oidc), name_of(claims)
        known = self.accounts.known_as(self.oidc.issuer, claims["sub"])
        if known is not None and known.disabled_at is not None:
            raise SignInRefused("disabled")
        if role is None:
            raise SignInRefused("no role")
        if known is None:
            return self._add(claims["sub"], name, role, anonymous_actor)
        if (known.name, known.role) != (name, role):
            about = {"account": known.id, "name": name, "before": known.role}
            event = NewEvent(replace(anonymous_actor, id=known.id, name=name), "role changed", role, about)
            try:
                self.accounts.follow(known.id, {"name": name, "role": role}, event)
            except Conflict:
                raise SignInRefused("disabled") from None
        return Account(id=known.id, name=name, role=role)

    def _add(self, subject: str, name: str, role: Role, anonymous_actor: Actor) -> Account:
        id = token_urlsafe(12)
        values = {"id": id, "name": name, "role": role, "issuer": self.oidc.issuer, "subject": subject}
        if not self.accounts.add(values, NewEvent(replace(anonymous_actor, id=id, name=name), "entered first", role)):
            # In another browser the same person was faster.
            known = self.accounts.known_as(self.oidc.issuer, subject)
            id = known.id if known else id
        return Account(id=id, name=name, role=role)


def role_of(claims: Mapping[str, Any], oidc: Oidc) -> Role | None:
    """The highest role that the claim gives; None when it gives none."""
    values = values_of(claims, oidc.role_claim)
    granted = {
        Role.ADMINISTRATOR: oidc.administrators,
        Role.EDITOR: oidc.editors,
        Role.CONTRIBUTOR: oidc.contributors,
        Role.VIEWER: oidc.viewers,
    }
    return next((role for role, wanted in granted.items() if ANYBODY in wanted or values & wanted), None)


def values_of(claims: Mapping[str, Any], name: str) -> frozenset[str]:
    """The texts in a claim, which may lie inside others: `realm_access.roles`.

    An address that the provider has not verified is none.
    """
    found: Any = claims
    for part in [name] if name in claims else name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    if name == "email" and claims.get("email_verified") is not True:
        return frozenset()
    texts = found if isinstance(found, list) else [found]
    return frozenset(text for text in texts if isinstance(text, str))


def name_of(claims: Mapping[str, Any]) -> str:
    """How to call somebody."""
    names = (claims.get(name) for name in ("name", "preferred_username", "email", "sub"))
    found = next(name for name in names if isinstance(name, str) and name.strip())
    return UNREADABLE.sub("\ufffd", found[:LONGEST_NAME])
