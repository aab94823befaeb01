"""Asking the OpenID provider: few at once, each within an end, and no more than 1 MiB of an answer.

What a hanging provider can hold is counted in threads, and those are needed for everybody else's pages.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from time import monotonic
from typing import Any

import requests

from webapp.auth.openid.refusals import SignInRefused, unusable
from webapp.http.connections import WatchedAdapter, watched_pools
from webapp.http.deadlines import Deadline, Watchdog
from webapp.http.transport import environment, read_body
from webapp.http.trust import Trust

# For all requests of one sign-in together.
SECONDS = 10.0
CONNECT_SECONDS = 5.0
# How many sign-ins may ask at once, or wait for one that does. The rest of the server's threads stay free.
PLACES = 8
TOO_MANY_REQUESTS = 429
FAILED = 500


class PlainSession(requests.Session):
    """A session that follows no redirect and does not even look at where one leads, which can be anything."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Nowhere."""


class Exchange:
    """One sign-in's requests to the provider. All of them end by the deadline, whatever the provider does."""

    def __init__(self, session: requests.Session, deadline: Deadline) -> None:
        self._session = session
        self._deadline = deadline

    @property
    def seconds_left(self) -> float:
        """How long it may still take."""
        return max(self._deadline.end - monotonic(), 0.0)

    def ask(self, method: str, url: str, **content: Any) -> tuple[int, bytes]:
        """Send one request and give the status and the body. Raises `SignInRefused`.

        A redirect is an answer as any other: followed, it would carry the client's secret along.
        """
        left = self.seconds_left
        # With an `auth`, even one that does nothing, requests lets no `.netrc` put in another.
        options = {"auth": unsigned, "timeout": (min(CONNECT_SECONDS, left), left), **content}
        if not left:
            raise SignInRefused("provider")
        try:
            with self._session.request(method, url, allow_redirects=False, stream=True, **options) as response:
                body = read_body(response)
        except requests.exceptions.ContentDecodingError:
            raise unusable("it is not compressed as it says") from None
        except (requests.RequestException, ValueError):
            raise SignInRefused("provider") from None
        # Headers that were cut look like whole ones to Python.
        if self._deadline.over or response.status_code >= FAILED or response.status_code == TOO_MANY_REQUESTS:
            raise SignInRefused("provider")
        if body is None:
            raise unusable("it is larger than 1 MiB")
        return response.status_code, body


class Asker:
    """Lets so many sign-ins ask at once, each for so many `seconds` in all."""

    def __init__(self, seconds: float = SECONDS, places: int = PLACES) -> None:
        self._seconds = seconds
        self._places = BoundedSemaphore(places)
        self._watchdog = Watchdog()
        self._trust = Trust(environment("https://")["verify"])

    @contextmanager
    def exchange(self) -> Iterator[Exchange]:
        """Begin to ask. Raises `SignInRefused` at once when all places are taken."""
        if not self._places.acquire(blocking=False):
            raise SignInRefused("busy")
        try:
            with self._watchdog.limit(self._seconds) as deadline, PlainSession() as session:
                for scheme in ("https://", "http://"):
                    session.mount(scheme, WatchedAdapter(1, watched_pools(deadline.watch), self._trust))
                yield Exchange(session, deadline)
        finally:
            self._places.release()

    def close(self) -> None:
        """End the thread that ends the requests."""
        self._watchdog.close()


def unsigned(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Leave a request as it is."""
    return request
