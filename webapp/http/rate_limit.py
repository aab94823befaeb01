"""How many more requests Buddy takes, as its answers tell, and asking so seldom that people notice nothing."""

import re
from collections.abc import Mapping
from threading import Event
from time import monotonic, time

from webapp.http.errors import BuddyError

NUMBER = re.compile(r"[0-9]{1,12}", re.ASCII)


class Deferred(BuddyError):
    """Slipway has not asked by itself: it is to stop, or what Buddy allows is left to people."""


class RateLimit:
    """What `X-Rate-Limit-…` said last. Where Buddy says nothing, there is enough."""

    def __init__(self) -> None:
        self._low = False
        self._reset = 0.0

    def note(self, headers: Mapping[str, str]) -> None:
        """Read the headers of an answer. `X-Rate-Limit-Reset` is a Unix time in seconds (Buddy's Go SDK)."""
        limit, remaining, reset = (headers.get(f"X-Rate-Limit-{name}", "") for name in ("Limit", "Remaining", "Reset"))
        if NUMBER.fullmatch(limit) and NUMBER.fullmatch(remaining):
            self._low = 2 * int(remaining) < int(limit)
            self._reset = float(reset) if NUMBER.fullmatch(reset) else float("inf")

    @property
    def low(self) -> bool:
        """Whether less than half is left, until Buddy counts anew."""
        return self._low and time() < self._reset


class Pace:
    """Lets one thread ask once in so many seconds, and not while little of the rate limit is left or once `stop` is
    set."""

    def __init__(self, rate_limit: RateLimit, seconds: float) -> None:
        self.stop = Event()
        self._rate_limit = rate_limit
        self._seconds = seconds
        self._next = 0.0

    @property
    def deferred(self) -> bool:
        """Whether nothing is to be asked now."""
        return self.stop.is_set() or self._rate_limit.low

    def __call__(self) -> None:
        """Wait for the turn of the next request. Raises `Deferred`."""
        if self.stop.wait(max(self._next - monotonic(), 0.0)) or self.deferred:
            raise Deferred
        self._next = monotonic() + self._seconds
