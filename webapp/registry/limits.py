"""How often registries are asked in a minute, and by how many threads at once."""

from collections import Counter, deque
from collections.abc import Callable
from time import monotonic

from webapp.http.waits import at_least_one
from webapp.registry.findings import NotSeen

MINUTE = 60
# Questions in a minute of one person, and in all.
EACH_A_MINUTE = 20
ALL_A_MINUTE = 200
# Questions at once of one person, and in all.
EACH_AT_ONCE = 4
ALL_AT_ONCE = 16
WAIT = 5
BUSY = "Not checked: too many images are being checked at this moment."


class Limits:
    """Counts who asks. `clock` tells the seconds. Not for two threads at once."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        # When and by whom was asked within the last minute, oldest first.
        self._asked: deque[tuple[float, str | None]] = deque()
        self._asking: Counter[str | None] = Counter()

    def begin(self, person: str | None) -> None:
        """Let somebody ask one question, until it has ended. Raises `NotSeen` at once when it is too much."""
        self._check(person)
        self._asked.append((self._clock(), person))
        self._asking[person] += 1

    def end(self, person: str | None) -> None:
        """Tell that a question has ended."""
        self._asking -= Counter([person])

    def _check(self, person: str | None) -> None:
        now = self._clock()
        while self._asked and self._asked[0][0] <= now - MINUTE:
            self._asked.popleft()
        own = [asked for asked, who in self._asked if who == person]
        if len(own) >= EACH_A_MINUTE:
            wait = at_least_one(own[0] + MINUTE - now)
            raise NotSeen(f"Not checked: you have checked {EACH_A_MINUTE} images within a minute.", wait)
        if self._asking[person] >= EACH_AT_ONCE or self._asking.total() >= ALL_AT_ONCE:
            raise NotSeen(BUSY, WAIT)
        if len(self._asked) >= ALL_A_MINUTE:
            raise NotSeen(BUSY, at_least_one(self._asked[0][0] + MINUTE - now))
