"""`make bench`: how fast Slipway is, beside what it aims at. It prints figures and judges nothing.

Whatever is divided is measured side by side in one run, in alternating rounds, and stands for itself with its median:
so a figure says more about Slipway than about the computer.
"""

import re
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from statistics import median
from time import perf_counter

import requests
from benches.answers import measure_answers
from benches.crowds import measure_crowds
from benches.encrypted import measure_encrypted
from benches.growth import measure_growth
from benches.lists import measure_lists
from benches.logs import measure_logs
from benches.measuring import alternate, computed, megabytes, milliseconds, show
from benches.parsers import measure_parsers
from benches.tabs import ACTIONS, PATIENCE, PLACE, TOKEN, TYPED, Tab, slipway
from benches.tags import measure_tags
from benches.upstream import Control, upstream_process
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
        measure_encrypted(folder)
        measure_crowds(upstream, folder)
        measure_lists(upstream, folder)
        measure_waiting(folder)
    measure_answers()
    measure_parsers()
    measure_logs()
    measure_tags()
    measure_growth()
    print(f"\nMeasured in {perf_counter() - begin:.0f} s.")


def measure_start(upstream: Control, folder: Path) -> None:
    """What a start takes until the form has come whole: the first one, with no database yet, and a later one."""
    starts: dict[str, list[tuple[float, float, int]]] = {"first": [], "later": []}
    for number in range(STARTS):
        for taken in starts.values():
            taken.append(start(upstream, folder / f"start-{number}.db"))
    for which, taken in starts.items():
        seconds, busy, memory = zip(*taken, strict=True)
        show(f"Cold start to the first form page, {which} start", f"{median(seconds):.2f} s", "≤ 0.75 s")
        show("  of it processor time", f"{median(busy):.2f} s")
        show(f"Memory after the {which} start", megabytes(int(median(memory))), "≤ 95 MB")


def start(upstream: Control, database: Path) -> tuple[float, float, int]:
    """The seconds until the form has come whole, those of them in which Slipway computed, and the bytes of memory when
    the server was ready."""
    begin = perf_counter()
    with slipway(upstream, database) as served, closing(Tab(served.url)) as tab:
        memory = resident(served)
        tab.page(f"{ACTIONS}/new")
        return perf_counter() - begin, computed(served), memory


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


if __name__ == "__main__":
    main()
