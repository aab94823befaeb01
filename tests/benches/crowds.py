"""How many submits a second come through while many wait at once: with one process, with two, and on PostgreSQL.

Who is turned away after waiting in line too long sends the same again in a moment, and is counted apart.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from statistics import median
from time import perf_counter
from urllib.parse import urlsplit

from support.examples import REQUEST_EXAMPLE
from support.postgres import running as postgresql
from support.revisions import Revision
from support.server import Served

from benches.measuring import computed, milliseconds, show
from benches.tabs import ACTIONS, Tab, request_bytes, slipway
from benches.upstream import Control, body_length

DELAY = 200
ROUNDS = 3
# In seconds: until who was turned away comes again, and for a whole crowd.
MOMENT, PATIENCE = 1.0, 300
# How many submits wait at once: how many there are in a round, and the aim for one process. All begin together, so that
# the first wave is computed at once: there are more of them for it to count less.
CROWDS = {32: (480, 0.80), 128: (640, None), 512: (1024, None)}
STRAIGHT = "straight to the upstream"
ONE, TWO, ON_POSTGRESQL, BEFORE = "one process", "two", "two, PostgreSQL", "one, before"
KEY = "the secret key of the bench"
# As people run it, and as SQLite is run here: what is committed is on the disk.
DURABLE = {"fsync": "on", "full_page_writes": "on"}


def measure_crowds(upstream: Control, folder: Path, older: Revision | None) -> None:
    """Submits that come through, beside as many as the delay lets through: waiting ÷ delay.

    An `older` revision is measured with one process.
    """
    upstream.delay(DELAY)
    with ExitStack() as stack:
        settings: dict[str, dict[str, str]] = {
            ONE: {},
            TWO: {"SLIPWAY_PROCESSES": "2"},
            ON_POSTGRESQL: {
                "SLIPWAY_PROCESSES": "2",
                "SLIPWAY_DATABASE_URL": f"{stack.enter_context(postgresql(**DURABLE)).url}postgres",
                "SLIPWAY_SECRET_KEY": KEY,
            },
        }
        servers = {
            way: stack.enter_context(slipway(upstream, folder / f"crowd-{number}.db", **own))
            for number, (way, own) in enumerate(settings.items())
        }
        if older:
            servers[BEFORE] = stack.enter_context(slipway(upstream, folder / "crowd-before.db", older))
        Measuring(servers, upstream).run()


class Measuring:
    """Rounds in which each way is measured after the other, and the upstream itself: what the bench can do at all."""

    def __init__(self, servers: Mapping[str, Served], upstream: Control) -> None:
        self._servers = servers
        self._upstream = upstream
        self._rates: dict[tuple[int, str], list[float]] = {}
        self._costs: dict[tuple[int, str], list[float]] = {}
        self._turned_away = Counter[tuple[int, str]]()
        self._straight = request_bytes(upstream.url, ACTIONS, "application/json", json.dumps(REQUEST_EXAMPLE).encode())

    def run(self) -> None:
        """Measure, and print the medians."""
        for _ in range(ROUNDS):
            for waiting, (count, _) in CROWDS.items():
                for way, served in self._servers.items():
                    self._submit(waiting, count, way, served)
                with self._upstream.expecting(count):
                    crowding = crowd(self._upstream.url, waiting, [self._straight] * count, b"HTTP/1.1 201 ")
                    self._rates.setdefault((waiting, STRAIGHT), []).append(asyncio.run(crowding)[0])
        for waiting, (_, aim) in CROWDS.items():
            self._show(waiting, aim)

    def _submit(self, waiting: int, count: int, way: str, served: Served) -> None:
        with closing(Tab(served.url)) as tab:
            prepared = [tab.submit_bytes(tab.form()) for _ in range(count)]
        with self._upstream.expecting(count):
            before = computed(served)
            rate, refused = asyncio.run(crowd(served.url, waiting, prepared, b"HTTP/1.1 303 "))
            cost = (computed(served) - before) / count
        self._rates.setdefault((waiting, way), []).append(rate)
        self._costs.setdefault((waiting, way), []).append(cost)
        self._turned_away[waiting, way] += refused

    def _show(self, waiting: int, aim: float | None) -> None:
        limit = waiting / (DELAY / 1000)
        rates = {way: median(self._rates[waiting, way]) for way in (*self._servers, STRAIGHT)}
        for way in self._servers:
            aimed = f"≥ {aim:.2f}" if aim and way == ONE else ""
            show(f"Submits ÷ limit, {waiting} waiting, {way}", f"{rates[way] / limit:.2f}", aimed)
            show("  submits a second, the limit", f"{rates[way]:.0f}, {limit:.0f}")
            show("  computing for a submit", milliseconds(median(self._costs[waiting, way])))
            show("  turned away first, in all rounds", f"{self._turned_away[waiting, way]:,}")
        # Where one process comes near the limit, two have no room to be so much faster.
        show("  two processes ÷ one", f"{rates[TWO] / rates[ONE]:.2f}", "" if aim else "≥ 1.4")
        show("  two on PostgreSQL ÷ one", f"{rates[ON_POSTGRESQL] / rates[ONE]:.2f}")
        show(f"  {STRAIGHT} ÷ limit", f"{rates[STRAIGHT] / limit:.2f}")


async def crowd(url: str, waiting: int, prepared: Iterable[bytes], status: bytes) -> tuple[float, int]:
    """Send all prepared requests, always so many at once; gives how many a second were answered with `status`.

    How often somebody was turned away, too.
    """
    address = urlsplit(url)
    rest = iter(prepared)
    answered = turned_away = 0

    async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal answered, turned_away
        for request in rest:
            while not (head := await exchange(reader, writer, request)).startswith(status):
                assert head.startswith(b"HTTP/1.1 503 "), head
                turned_away += 1
                await asyncio.sleep(MOMENT)
            answered += 1

    connections = [await asyncio.open_connection(address.hostname, address.port) for _ in range(waiting)]
    try:
        begin = perf_counter()
        await asyncio.wait_for(asyncio.gather(*(ask(*connection) for connection in connections)), PATIENCE)
        return answered / (perf_counter() - begin), turned_away
    finally:
        for _, writer in connections:
            writer.close()


async def exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> bytes:
    """Send one request and read its answer whole; gives the head."""
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    await reader.readexactly(body_length(head))
    return head
