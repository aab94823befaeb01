"""Browsers in which somebody has signed in before: a signed cookie says so, long after the session."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_urlsafe

from itsdangerous import BadSignature, URLSafeSerializer

from webapp.store.models import Account
from webapp.store.reading import Clock

LASTING = timedelta(days=180)
LONGEST = 500


@dataclass(frozen=True)
class Browsers:
    """Signs the cookie and recognises it. It lets nobody in, and is good for one account and its present password."""

    secret_keys: Sequence[str]
    clock: Clock

    def remember(self, account: Account) -> str:
        """Give the cookie of a browser in which somebody has just proved to know the password."""
        known = {"browser": token_urlsafe(12), "until": int((self.clock() + LASTING).timestamp())}
        return str(self._serializer(account).dumps(known))

    def recognise(self, cookie: str, account: Account) -> str | None:
        """Tell which browser of an account it is; None for a cookie that is not its own, or too old."""
        try:
            known = self._serializer(account).loads(cookie[:LONGEST])
        except BadSignature:
            return None
        return str(known["browser"]) if known["until"] > self.clock().timestamp() else None

    def _serializer(self, account: Account) -> URLSafeSerializer:
        # The hash of the password goes into the key that signs, so that a new password ends the cookie.
        salt = f"known browser {account.id} {account.password}"
        return URLSafeSerializer(list(reversed(self.secret_keys)), salt=salt)
