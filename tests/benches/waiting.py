"""How long pages take while Buddy and the OpenID provider hang, and many wait for them.

Who is turned away is counted apart, and comes again after a second.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from threading import Thread
from time import perf_counter, sleep
from urllib.parse import urlsplit

from support.buddy import AS_DOCUMENTED, StubBuddy
from support.clock import Clock
from support.faults import FaultyServer, read_and_wait
from support.server import Served, serving
from support.teams import open_team
from werkzeug.test import Client as TestClient

from benches.measuring import milliseconds, show
from benches.tabs import PATIENCE

KEY = "the secret key of the bench"
FOR_BUDDY = 200
FOR_PROVIDER = 90
# So many tabs each: as many as one person's reads may be.
PEOPLE = 25
ROUNDS = 40
PAUSE = 1.0
# Time for the crowd to come.
GATHERING = 5.0
PAGES = ("/healthz", "/sign-in", "/")


def measure_waiting(folder: Path) -> None:
    """Pages that ask nobody, alone and then beside the crowds, on a server with a database of its own."""
    own = folder / "waiting"
    own.mkdir()
    with closing(FaultyServer(read_and_wait)) as silent:
        people = hire(own)
        with slipway(silent.url, f"sqlite:///{own.as_posix()}/slipway.db") as served:
            cookies = [f"slipway-{urlsplit(served.url).port}={cookie}" for cookie in people]
            alone = times(served, cookies[0])
            crowd = Crowd(served.url, cookies)
            with crowd.waiting():
                beside = times(served, cookies[0])
    show(f"While {FOR_BUDDY} want Buddy and {FOR_PROVIDER} the provider", "median, longest", "alone")
    for path, name in zip(PAGES, ("/healthz", "/sign-in", "home"), strict=True):
        figures = f"{milliseconds(median(beside[path]))}, {milliseconds(max(beside[path]))}"
        show(f"  {name}", figures, milliseconds(median(alone[path])))
    for path, name in (("/workspaces", "Buddy"), ("/sign-in/oidc", "the provider")):
        statuses = ", ".join(f"{count} × {status}" for status, count in sorted(crowd.answers[path].items()))
        show(f"  waiting for {name} at the end", str(crowd.held[path]))
        show("  answered meanwhile: turned away, given up", statuses or "none")


def hire(folder: Path) -> list[str]:
    """Add people to the database in a folder and sign them in; gives what each one's cookie holds."""
    with closing(StubBuddy(answer=AS_DOCUMENTED)) as upstream:
        team = open_team(folder, upstream, Clock(), secret_keys=(KEY,))
        with closing(team.parts):
            return [cookie_of(team.hired(f"person{number}").client) for number in range(PEOPLE)]


def cookie_of(client: TestClient) -> str:
    """What the session cookie of a signed-in browser holds."""
    cookie = client.get_cookie("slipway-8000", domain="127.0.0.1")
    assert cookie is not None
    return cookie.value


@contextmanager
def slipway(silent: str, database: str) -> Iterator[Served]:
    """Run `slipway serve` with both ways to sign in, before a Buddy and a provider that never answer."""
    with serving(
        BUDDY_TOKEN="bench-token",
        BUDDY_API_ENDPOINT=silent,
        SLIPWAY_DATABASE_URL=database,
        SLIPWAY_SECRET_KEY=KEY,
        SLIPWAY_SIGN_IN="password,oidc",
        SLIPWAY_OIDC_ISSUER=silent,
        SLIPWAY_OIDC_CLIENT_ID="bench",
        SLIPWAY_OIDC_CLIENT_SECRET="bench-secret",
        SLIPWAY_OIDC_ROLE_CLAIM="groups",
        SLIPWAY_OIDC_VIEWERS="bench",
    ) as served:
        yield served


def times(served: Served, cookie: str) -> dict[str, list[float]]:
    """Seconds for each of the pages, one after the other, each on a connection of its own as a new visitor's is."""
    taken: dict[str, list[float]] = {path: [] for path in PAGES}
    for _ in range(ROUNDS):
        for path in PAGES:
            begin = perf_counter()
            with closing(HTTPConnection(urlsplit(served.url).netloc, timeout=PATIENCE)) as connection:
                connection.request("GET", path, headers={"Cookie": cookie} if path == "/" else {})
                answer = connection.getresponse()
                answer.read()
            assert answer.status == 200, f"{path}: {answer.status}"
            taken[path].append(perf_counter() - begin)
    return taken


class Crowd:
    """Many who each ask for one page, again and again: `held` are those who wait, `answers` counts statuses."""

    def __init__(self, url: str, cookies: list[str]) -> None:
        self._address = urlsplit(url)
        self._cookies = cookies
        self.answers: dict[str, Counter[str]] = {"/workspaces": Counter(), "/sign-in/oidc": Counter()}
        self.held = Counter[str]()
        self._waiting = Counter[str]()

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Let all of them come, stay while something else is done, and go."""
        loop = asyncio.new_event_loop()
        thread = Thread(target=loop.run_until_complete, args=(self._all(),))
        self._over = asyncio.Event()
        thread.start()
        sleep(GATHERING)
        yield
        self.held = Counter(self._waiting)
        loop.call_soon_threadsafe(self._over.set)
        thread.join()
        loop.close()

    async def _all(self) -> None:
        tabs = [self._tab("/workspaces", self._cookies[number % PEOPLE]) for number in range(FOR_BUDDY)]
        tabs += [self._tab("/sign-in/oidc", "") for _ in range(FOR_PROVIDER)]
        tasks = [asyncio.ensure_future(tab) for tab in tabs]
        await self._over.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _tab(self, path: str, cookie: str) -> None:
        host = self._address.netloc
        head = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nCookie: {cookie}\r\n\r\n".encode()
        while True:
            reader, writer = await asyncio.open_connection(self._address.hostname, self._address.port)
            try:
                writer.write(head)
                self._waiting[path] += 1
                answer = await reader.read()
            finally:
                self._waiting[path] -= 1
                writer.close()
            self.answers[path][answer[9:12].decode()] += 1
            await asyncio.sleep(PAUSE)
