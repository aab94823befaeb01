"""`make bench`: how fast Slipway is, beside what it aims at. It prints figures and judges nothing.

Whatever is divided is measured side by side in one run, in alternating rounds, and stands for itself with its median:
so a figure says more about Slipway than about the computer.
"""

import asyncio
import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from statistics import median
from time import perf_counter
from urllib.parse import urlsplit

import requests
from benches.answers import measure_answers
from benches.growth import measure_growth
from benches.lists import measure_lists
from benches.logs import measure_logs
from benches.measuring import alternate, megabytes, milliseconds, show
from benches.parsers import measure_parsers
from benches.tabs import ACTIONS, PATIENCE, PLACE, TOKEN, TYPED, Tab, request_bytes, slipway
from benches.upstream import Control, body_length, upstream_process
from benches.waiting import measure_waiting
from support.examples import REQUEST_EXAMPLE
from support.server import Served

from webapp.buddy.client import Client
from webapp.buddy.snapshot import take_snapshot

STARTS = 5
PAGES = 1000
PAGE_ROUNDS = 200
# The upstream's delay in milliseconds: how many rounds, and the aim.
SUBMITS = {0: (100, None), 50: (50, 1.10), 200: (30, 1.04)}
CROWD_DELAY = 200
CROWD_ROUNDS = 3
SUBMITS_EACH = 5
# In seconds, until who was turned away comes again.
MOMENT = 1.0
# How many submits wait at once: the aim. Of the last ones half are turned away, and come again.
CROWDS = {32: 0.80, 64: 0.60, 128: None}


def main() -> None:
    """Measure everything and print it."""
    begin = perf_counter()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="slipway-bench-")))
        upstream = Control(stack.enter_context(upstream_process()))
        show("What", "Measured", "Aim")
        measure_start(upstream, folder)
        with slipway(upstream, folder / "slipway.db") as served:
            measure_memory(served)
            measure_form_page(served, upstream)
            measure_submits(served, upstream)
            measure_crowds(served, upstream)
        measure_lists(upstream, folder)
        measure_waiting(folder)
    measure_answers()
    measure_parsers()
    measure_logs()
    measure_growth()
    print(f"\nMeasured in {perf_counter() - begin:.0f} s.")


def measure_start(upstream: Control, folder: Path) -> None:
    """What a start takes until the form has come whole: the first one, with no database yet, and a later one."""
    starts: dict[str, list[tuple[float, int]]] = {"first": [], "later": []}
    for number in range(STARTS):
        for taken in starts.values():
            taken.append(start(upstream, folder / f"start-{number}.db"))
    for which, taken in starts.items():
        seconds, memory = zip(*taken, strict=True)
        show(f"Cold start to the first form page, {which} start", f"{median(seconds):.2f} s", "≤ 0.75 s")
        show(f"Memory after the {which} start", megabytes(int(median(memory))), "≤ 95 MB")


def start(upstream: Control, database: Path) -> tuple[float, int]:
    """The seconds until the form has come whole, and the bytes of memory when the server was ready."""
    begin = perf_counter()
    with slipway(upstream, database) as served, closing(Tab(served.url)) as tab:
        memory = resident(served)
        tab.page(f"{ACTIONS}/new")
        return perf_counter() - begin, memory


def measure_memory(served: Served) -> None:
    """What the process holds in memory after many form pages, the largest there are."""
    with closing(Tab(served.url)) as tab:
        for _ in range(PAGES):
            tab.page(f"{ACTIONS}/new")
    show(f"Memory after {PAGES:,} form pages", megabytes(resident(served)))


def resident(served: Served) -> int:
    """How many bytes of memory the process holds; 0 where the system does not tell."""
    status = Path(f"/proc/{served.process.pid}/status")
    found = re.findall(r"^VmRSS:\s+(\d+) kB$", status.read_text(), re.M) if status.exists() else ["0"]
    return int(found[0]) * 1024


def measure_form_page(served: Served, upstream: Control) -> None:
    """The form page beside a view that does nothing, and beside the two reads that the page waits for."""
    with (
        closing(Tab(served.url)) as tab,
        closing(Client(upstream.url, TOKEN)) as client,
        ThreadPoolExecutor(1) as executor,
    ):
        hello, form, reads = alternate(
            PAGE_ROUNDS,
            lambda: tab.page("/healthz"),
            lambda: tab.page(f"{ACTIONS}/new"),
            lambda: take_snapshot(client, executor, PLACE),
        )
    show("Form page ÷ hello view", f"{form / hello:.2f}", "≤ 3")
    show("  the hello view", milliseconds(hello))
    show("  the form page", milliseconds(form))
    show("  of it Buddy's two reads, timed apart", milliseconds(reads))
    show("  without them ÷ hello view", f"{(form - reads) / hello:.2f}", "≤ 4")


def measure_submits(served: Served, upstream: Control) -> None:
    """A submit up to its 303, the journal included, beside the same POST straight to the upstream."""
    with closing(Tab(served.url)) as tab, requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {TOKEN}"
        tab.submit(tab.form())
        body = upstream.seen()["last"]
        assert body | {"inline_commands": TYPED["inline_commands"]} == REQUEST_EXAMPLE
        for delay, (rounds, aim) in SUBMITS.items():
            upstream.delay(delay)
            forms = iter([tab.form() for _ in range(rounds + 1)])
            with upstream.expecting(2 * (rounds + 1)):
                submit, direct = alternate(
                    rounds,
                    lambda forms=forms: tab.submit(next(forms)),
                    lambda: session.post(upstream.url + ACTIONS, json=body, timeout=PATIENCE).raise_for_status(),
                )
            show(f"Submit ÷ direct POST, {delay} ms", f"{submit / direct:.3f}", f"≤ {aim:.2f}" if aim else "")
            show("  the submit, the direct POST", f"{milliseconds(submit)}, {milliseconds(direct)}")


def measure_crowds(served: Served, upstream: Control) -> None:
    """How many submits a second come through, beside as many as the delay lets through: waiting ÷ delay."""
    upstream.delay(CROWD_DELAY)
    straight = request_bytes(upstream.url, ACTIONS, "application/json", json.dumps(REQUEST_EXAMPLE).encode())
    # Straight to the upstream: what the bench itself can do, so that its own limit is not taken for Slipway's.
    shares: dict[tuple[int, str], list[float]] = {(waiting, way): [] for waiting in CROWDS for way in ("", "straight")}
    turned_away = Counter[int]()
    for _ in range(CROWD_ROUNDS):
        for waiting in CROWDS:
            count = waiting * SUBMITS_EACH
            limit = waiting / (CROWD_DELAY / 1000)
            with closing(Tab(served.url)) as tab:
                prepared = [tab.submit_bytes(tab.form()) for _ in range(count)]
            with upstream.expecting(2 * count):
                rate, refused = asyncio.run(crowd(served.url, waiting, prepared, b"HTTP/1.1 303 "))
                turned_away[waiting] += refused
                shares[waiting, ""].append(rate / limit)
                rate, _ = asyncio.run(crowd(upstream.url, waiting, [straight] * count, b"HTTP/1.1 201 "))
                shares[waiting, "straight"].append(rate / limit)
    for waiting, aim in CROWDS.items():
        limit = waiting / (CROWD_DELAY / 1000)
        share = median(shares[waiting, ""])
        show(f"Throughput ÷ limit, {waiting} waiting, {CROWD_DELAY} ms", f"{share:.2f}", f"≥ {aim:.2f}" if aim else "")
        show("  submits a second, the limit", f"{share * limit:.0f}, {limit:.0f}")
        show("  turned away first, in all rounds", f"{turned_away[waiting]:,}")
        show("  straight to the upstream ÷ limit", f"{median(shares[waiting, 'straight']):.2f}")


async def crowd(url: str, waiting: int, prepared: Iterable[bytes], status: bytes) -> tuple[float, int]:
    """Send all prepared requests, always so many at once; gives how many a second were answered with `status`.

    Who is turned away, since too many wait for Buddy already, sends the same again in a moment: how often, too.
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


if __name__ == "__main__":
    main()
