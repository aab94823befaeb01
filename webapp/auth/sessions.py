"""Sessions: one row a browser in which somebody is signed in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from webapp.auth.people import Person, Role
from webapp.store.events import Actor, Deed
from webapp.store.models import Account, Session
from webapp.store.reading import Clock
from webapp.store.sessions import SessionTable

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
# How exactly it is known when a session was used last; within it nothing is written.
TOUCH_EVERY = timedelta(minutes=1)


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
    """Begins, finds and ends sessions."""

    table: SessionTable
    clock: Clock

    def begin(self, account: Account, origin: str | None, browser: str, before: str | None, way: str) -> str:
        """Sign somebody in, in a `way` that the record names, and give the secret that the browser is to keep.

        `before` is the secret that the browser has kept so far: it opens nothing any more.
        """
        secret = token_urlsafe(32)
        now = self.clock()
        session = Session(
            key=hashed(secret),
            id=token_urlsafe(9),
            account=account.id,
            begun_at=now,
            seen_at=now,
            origin=origin,
            browser=browser[:255],
        )
        deed = Deed(Actor(account.id, account.name, origin), "signed in", way, {"role": account.role})
        self.table.begin(session, hashed(before) if before else None, deed)
        return secret

    def find(self, secret: str | None) -> Visit | None:
        """Tell who is signed in with a secret. None when its session is over, or the account is disabled."""
        found = self.table.find(hashed(secret)) if secret else None
        if found is None:
            return None
        session, account = found
        ends_at = end_of(session)
        if ends_at <= self.clock() or account.disabled_at is not None:
            return None
        person = Person(account.id, account.name, Role(account.role))
        return Visit(
            id=session.id,
            person=person,
            seen_at=session.seen_at,
            ends_at=ends_at,
            ends_for_good_at=session.begun_at + LONGEST,
            has_password=account.password is not None,
        )

    def touch(self, secret: str, visit: Visit) -> Visit:
        """Note that a session is in use, and tell when it ends now."""
        if self.clock() - visit.seen_at < TOUCH_EVERY:
            return visit
        self.table.touch(hashed(secret))
        return self.find(secret) or visit

    def running(self, person: str) -> list[Session]:
        """List where somebody is signed in."""
        now = self.clock()
        return [session for session in self.table.of(person) if end_of(session) > now]

    def end(self, account: str, actor: Actor, id: str) -> bool:
        """End one session of an account. False when it has no such session."""
        return self.table.end(account, Deed(actor, "signed out", "one session", {"account": account}), id=id) > 0

    def end_others(self, account: str, actor: Actor, but: str) -> None:
        """End all sessions of an account but one."""
        self.table.end(account, Deed(actor, "signed out", "other sessions", {"account": account}), but=but)

    def end_all(self, account: str, actor: Actor) -> None:
        """End all sessions of an account."""
        self.table.end(account, Deed(actor, "signed out", "all sessions", {"account": account}))

    def sweep(self) -> None:
        """Forget the sessions that are over."""
        now = self.clock()
        self.table.sweep(now - LONGEST, now - IDLE)


def end_of(session: Session) -> datetime:
    """When a session ends if nothing is done."""
    return min(session.seen_at + IDLE, session.begun_at + LONGEST)


def hashed(secret: str) -> str:
    """What the database keeps of a secret that opens something. It is random, so that a plain hash is enough."""
    return sha256(secret.encode()).hexdigest()
