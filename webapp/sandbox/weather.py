"""How the simulated Buddy and registry behave: the weather that a person chooses on the sandbox's own page."""

from enum import Enum

SLOW_SECONDS = 4
# Where an own port leaves the weather for the app; elsewhere it is always fine.
WEATHER = "sandbox.weather"
NONSENSE = "<!doctype html><html><head><title>Welcome</title></head><body><p>Please sign in to go on.</p></body></html>"


class Weather(Enum):
    """The kinds of weather. It acts on the sandbox's own ports alone, never on what is mounted beside Slipway."""

    FINE = "fine"
    SLOW = "slow"
    LOST = "lost"
    ERROR_AFTER_CREATING = "error_after_creating"
    DOWN = "down"
    TOKEN_REFUSED = "token_refused"
    RATE_LIMITED = "rate_limited"
    NONSENSE = "nonsense"
    OLDER_LOGS = "older_logs"
    OLDEST_LOGS = "oldest_logs"

    @property
    def title(self) -> str:
        """Its name in plain words."""
        return WORDS[self][0]

    @property
    def effect(self) -> str:
        """What Buddy does in this weather, in plain words."""
        return WORDS[self][1]


WORDS = {
    Weather.FINE: ("Fine", "Buddy answers at once."),
    Weather.SLOW: ("Slow", f"Buddy does what it is asked, and answers {SLOW_SECONDS} seconds later."),
    Weather.LOST: ("The answer gets lost", "Buddy makes the change, then hangs up without a word. Reading works."),
    Weather.ERROR_AFTER_CREATING: (
        "An error after the change",
        "Buddy makes the change, then says that something went wrong (500). Reading works.",
    ),
    Weather.DOWN: ("Down", "Buddy hangs up on everybody before reading a word."),
    Weather.TOKEN_REFUSED: ("The token is refused", "Buddy says that it does not know the token (401)."),
    Weather.RATE_LIMITED: ("Too many requests", "Buddy says that it was asked too often (429)."),
    Weather.NONSENSE: ("Nonsense", "A web page comes back in place of each answer. Nothing reaches Buddy."),
    Weather.OLDER_LOGS: ("A Buddy of 2025", "Buddy gives the log of a run in one piece, and not page by page."),
    Weather.OLDEST_LOGS: ("A Buddy of 2022", "Buddy gives the log of a run at its first address alone."),
}
# The registry has some of these, and not always at the same time.
OF_REGISTRY = {
    Weather.FINE: ("Fine", "The registry answers at once."),
    Weather.SLOW: ("Slow", f"The registry answers each request after {SLOW_SECONDS} seconds."),
    Weather.DOWN: ("Down", "The registry hangs up on everybody before reading a word."),
    Weather.RATE_LIMITED: ("Too many requests", "The registry says that it was asked too often (429)."),
    Weather.NONSENSE: ("Nonsense", "A web page comes back in place of each answer."),
}
