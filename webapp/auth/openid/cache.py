"""What the provider says of itself is kept: asked for by one sign-in at a time, and anew once it has aged."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, TypeVar

from webapp.auth.openid.asking import Exchange
from webapp.auth.openid.refusals import SignInRefused
from webapp.store.reading import Clock

LASTING = timedelta(hours=1)
FAILURE_LASTING = timedelta(seconds=5)
# Anybody can bring an identity that names a key which nobody knows.
BETWEEN_RENEWALS = timedelta(seconds=30)

T = TypeVar("T")


class CachedAnswer(Generic[T]):
    """What `ask` brings, for an hour. That it could not be brought is kept for seconds."""

    def __init__(self, ask: Callable[[Exchange], T], clock: Clock) -> None:
        self._ask = ask
        self._clock = clock
        self._lock = Lock()
        self._found: tuple[datetime, T] | None = None
        self._failed: tuple[datetime, str] | None = None

    def fresh(self) -> T | None:
        """What is kept, or None where there is nothing yet, or nothing young enough."""
        found = self._found
        return found[1] if found and self._within(found[0], LASTING) else None

    def get(self, exchange: Exchange) -> T:
        """What is kept, or else what is asked for now; who comes meanwhile waits for it. Raises `SignInRefused`."""
        return self.fresh() or self._one_at_a_time(exchange, self.fresh)

    def newer(self, exchange: Exchange, than: T) -> T:
        """Another one than this, which did not do; the same where it was asked for a moment ago."""

        def known() -> T | None:
            found = self._found
            renewed = found is not None and (found[1] is not than or self._within(found[0], BETWEEN_RENEWALS))
            return found[1] if found and renewed else None

        return self._one_at_a_time(exchange, known)

    def _one_at_a_time(self, exchange: Exchange, known: Callable[[], T | None]) -> T:
        if not self._lock.acquire(timeout=exchange.seconds_left):
            raise SignInRefused("provider")
        try:
            # Somebody else may have asked while this one waited.
            return known() or self._asked(exchange)
        finally:
            self._lock.release()

    def _asked(self, exchange: Exchange) -> T:
        if self._failed and self._within(self._failed[0], FAILURE_LASTING):
            raise SignInRefused(self._failed[1])
        try:
            found = self._ask(exchange)
        except SignInRefused as refusal:
            self._failed = self._clock(), refusal.reason
            raise
        self._found = self._clock(), found
        return found

    def _within(self, begin: datetime, time: timedelta) -> bool:
        # A clock that was set back makes nothing last longer.
        return timedelta(0) <= self._clock() - begin < time
