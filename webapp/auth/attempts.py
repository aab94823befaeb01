"""How often somebody may fail to sign in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from webapp.store.attempts import AttemptTable
from webapp.store.reading import Clock

WITHIN = timedelta(minutes=5)
LIMITS = {"login": 10, "origin": 10, "all": 1000}


@dataclass(frozen=True)
class Wait:
    """There were too many attempts: the next one may be in so many seconds."""

    seconds: int


@dataclass(frozen=True)
class Attempts:
    """Counts what failed. `mark` hides what was typed as a login, which may be a password in the wrong box."""

    table: AttemptTable
    clock: Clock
    mark: Callable[[bytes], str]

    def take(self, login: str, origin: str) -> int | Wait:
        """Count an attempt before it is decided."""
        taken = self.table.take(self.mark(login.encode()), origin, WITHIN, LIMITS)
        return taken if isinstance(taken, int) else Wait(max(1, ceil((taken - self.clock()).total_seconds())))

    def forgive(self, number: int) -> None:
        """Take an attempt back that has succeeded."""
        self.table.forgive(number)
