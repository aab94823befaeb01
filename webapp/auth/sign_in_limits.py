"""How often somebody may fail to sign in.

Who guesses is held up by where the guesses come from, so that nobody can keep somebody else out. A browser in which a
person has signed in before counts by itself: whatever strangers do to a name, or to a network that it shares, it may.
"Slow Down Online Guessing Attacks with Device Cookies" (OWASP).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from webapp.store.origins import network_of
from webapp.store.reading import Clock
from webapp.store.sign_in_attempts import Limit, SignInAttempts

WITHIN = timedelta(minutes=5)
# A name that has failed ten times, wherever from, is under attack: each origin has fewer guesses at it then.
OF_STRANGERS = (Limit(("origin",), 10), Limit(("login", "origin"), 3, once=10))
OF_ONE = (Limit(("login", "origin"), 10),)


@dataclass(frozen=True)
class Wait:
    """There were too many attempts: the next one may be in so many seconds."""

    seconds: int


@dataclass(frozen=True)
class SignInLimits:
    """Counts what failed. `mark` hides what was typed as a login, which may be a password in the wrong box."""

    table: SignInAttempts
    clock: Clock
    mark: Callable[[bytes], str]

    def take(self, login: str, origin: str, browser: str | None = None) -> int | Wait:
        """Count an attempt with a password before it is decided; `browser` is one that the account knows."""
        if browser is not None:
            return self._take(f"browser {browser}", "browser", OF_ONE)
        return self._take(f"login {login}", network_of(origin), OF_STRANGERS)

    def take_answer(self, origin: str) -> int | Wait:
        """Count an answer of an OpenID provider's before it is decided. Passwords are counted apart."""
        return self._take("openid", f"openid {network_of(origin)}", OF_ONE)

    def forgive(self, number: int) -> None:
        """Take an attempt back that has succeeded, or was not decided."""
        self.table.forgive(number)

    def _take(self, login: str, origin: str, limits: Collection[Limit]) -> int | Wait:
        taken = self.table.take(self.mark(login.encode()), origin, WITHIN, limits)
        return taken if isinstance(taken, int) else Wait(max(1, ceil((taken - self.clock()).total_seconds())))
