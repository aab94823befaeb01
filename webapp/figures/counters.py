"""What counts requests and calls to Buddy: told apart by what they ask, never by whose or by what somebody typed."""

from collections.abc import Callable
from itertools import zip_longest

from webapp.figures.counting import OTHER, Figures
from webapp.figures.families import CALL_SECONDS, CALLS, REQUEST_SECONDS, REQUESTS

METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
LIMITED = 429
NO_ROUTE = "none"


def counting_requests(figures: Figures) -> Callable[[str, str | None, int, float], None]:
    """What counts a request, by its method, the route that has answered it, if any, the status and its seconds."""

    def count(method: str, route: str | None, status: int, seconds: float) -> None:
        figures.count(REQUESTS, method if method in METHODS else OTHER, route or NO_ROUTE, str(status))
        figures.time(REQUEST_SECONDS, seconds, route or NO_ROUTE)

    return count


def counting_calls(figures: Figures) -> Callable[[str, str, int | None, float], None]:
    """What counts a call, by its method, its path, the status that came back, or None, and its seconds."""

    def count(method: str, path: str, status: int | None, seconds: float) -> None:
        endpoint = f"{method} {pattern(path)}"
        figures.count(CALLS, endpoint, outcome(status))
        figures.time(CALL_SECONDS, seconds, endpoint)

    return count


def pattern(path: str) -> str:
    """A path of the API with stars for names and numbers: there, words and what they name take turns."""
    words = path.strip("/").split("/")
    pairs = zip_longest(words[::2], ["*"] * (len(words) // 2))
    return "/" + "/".join(part for pair in pairs for part in pair if part)


def outcome(status: int | None) -> str:
    """What came back, as a label."""
    if status is None:
        return "none"
    if status == LIMITED:
        return str(status)
    return f"{status // 100}xx" if 100 <= status < 600 else OTHER
