"""Sessions: one row a browser in which somebody is signed in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from webapp.auth.people import Person, Role
from webapp.store.events import Actor, NewEvent
from webapp.store.models import Account, BrowserSession
from webapp.store.reading import Clock
from webapp.store.sessions import SessionTable

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
# How exactly it is known when a session was used last; within it nothing is written.
TOUCH_EVERY = timedelta(minutes=1)
# The ways in, as the settings call them.
PASSWORD, OPENID = "password", "oidc"


@dataclass(frozen=True)
class Visit:
    """Somebody who is signed in: the session's `id`, when it was used last, when it ends if nothing is done, and when
    whatever is done."""

    id: str
    person: Person
    seen_at: datetime
    ends_at: datetime
    ends_for_good_at: datetime
    has_password: bool


@dataclass(frozen=True)
class Sessions:
    """Begins, finds and ends sessions. Of the `ways` in, one that is switched off opens nothing, nor do the sessions
    that it has begun; `issuer` is the one OpenID provider that may vouch for somebody."""

    table: SessionTable
    clock: Clock
    ways: frozenset[str]
    issuer: str | None

    def begin(
        self, account: Account, origin: str | None, browser: str, before: str | None, way: str, ending: str
    ) -> str | None:
        """Sign somebody in who came in one of the `ways`, and give the secret that the browser is to keep.

        `before` is the secret that the browser has kept so far: it opens nothing any more. The record says `ending`.
        None when the account, as it was read, is not what it was: disabled, or with another password.
        """
        secret = token_urlsafe(32)
        now = self.clock()
        session = BrowserSession(
            key=hashed(secret),
            id=token_urlsafe(9),
            account=account.id,
            begun_at=now,
            seen_at=now,
            origin=origin,
            browser=browser[:255],
            way=way,
        )
        event = NewEvent(Actor(account.id, account.name, origin), "signed in", ending, {"role": account.role})
        begun = self.table.begin(session, hashed(before) if before else None, event, account.password)
        return secret if begun else None

    def find(self, secret: str | None) -> Visit | None:
        """Tell who is signed in with a secret.

        None when its session is over, the account is disabled, or the way in is switched off.
        """
        found = self.table.find(hashed(secret)) if secret else None
        if found is None:
            return None
        session, account = found
        ends_at = end_of(session)
        if ends_at <= self.clock() or account.disabled_at is not None or not self._open(session, account):
            return None
        person = Person(account.id, account.name, Role.of(account.role))
        return Visit(
            id=session.id,
            person=person,
            seen_at=session.seen_at,
            ends_at=ends_at,
            ends_for_good_at=session.begun_at + LONGEST,
            has_password=session.way == PASSWORD,
        )

    def touch(self, secret: str, visit: Visit) -> Visit:
        """Note that a session is in use, and tell when it ends now."""
        if self.clock() - visit.seen_at < TOUCH_EVERY:
            return visit
        self.table.touch(hashed(secret))
        return self.find(secret) or visit

    def running(self, person: str) -> list[BrowserSession]:
        """List where somebody is signed in."""
        now = self.clock()
        return [session for session in self.table.of(person) if end_of(session) > now and session.way in self.ways]

    def end(self, account: str, actor: Actor, id: str) -> bool:
        """End one session of an account. False when it has no such session."""
        return self.table.end(account, NewEvent(actor, "signed out", "one session", {"account": account}), id=id) > 0

    def end_all(self, account: str, actor: Actor) -> None:
        """End all sessions of an account."""
        self.table.end(account, NewEvent(actor, "signed out", "all sessions", {"account": account}))

    def sweep(self) -> None:
        """Forget the sessions that are over, or whose way in is switched off."""
        now = self.clock()
        self.table.sweep(now - LONGEST, now - IDLE, self.ways)

    def _open(self, session: BrowserSession, account: Account) -> bool:
        """Whether a session's way in is one that is switched on."""
        return session.way in self.ways and (session.way != OPENID or account.issuer == self.issuer)


def end_of(session: BrowserSession) -> datetime:
    """When a session ends if nothing is done."""
    return min(session.seen_at + IDLE, session.begun_at + LONGEST)


def hashed(secret: str) -> str:
    """What the database keeps of a secret that opens something. It is random, so that a plain hash is enough."""
    return sha256(secret.encode()).hexdigest()
