"""A start, the form and one submit after the other: of this revision, and of an older one beside it."""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from statistics import median
from time import perf_counter

import requests
from support.examples import REQUEST_EXAMPLE
from support.revisions import Revision
from support.server import Served

from benches.measuring import Figure, alternate, computed, megabytes, milliseconds, show_beside
from benches.tabs import ACTIONS, PATIENCE, PLACE, TOKEN, TYPED, Tab, slipway
from benches.upstream import Control
from webapp.buddy.client import Client
from webapp.buddy.snapshot import take_snapshot

STARTS = 5
PAGES = 1000
PAGE_ROUNDS = 200
# The upstream's delay in milliseconds: how many rounds, and the aim.
SUBMITS = {0: (100, ""), 50: (50, "≤ 1.10"), 200: (30, "≤ 1.04")}
# The seconds until the form has come whole, those of them in which Slipway computed, and the bytes of memory when the
# server was ready.
Start = tuple[float, float, int]


def measure_revisions(upstream: Control, folder: Path, revisions: Sequence[Revision]) -> None:
    """Measure each revision beside the others."""
    show_beside(measure_start(upstream, folder, revisions))
    with ExitStack() as stack:
        servers = [
            stack.enter_context(slipway(upstream, folder / f"slipway-{number}.db", revision))
            for number, revision in enumerate(revisions)
        ]
        show_beside([measure_memory(served) for served in servers])
        show_beside(measure_form_page(servers, upstream))
        measure_submits(servers, upstream)


def measure_start(upstream: Control, folder: Path, revisions: Sequence[Revision]) -> list[list[Figure]]:
    """What a start takes until the form has come whole: the first one, with no database yet, and a later one."""
    kinds = ("first", "later")
    starts: list[dict[str, list[Start]]] = [{kind: [] for kind in kinds} for _ in revisions]
    for number in range(STARTS):
        for kind in kinds:
            for place, (revision, taken) in enumerate(zip(revisions, starts, strict=True)):
                taken[kind].append(start(upstream, folder / f"start-{place}-{number}.db", revision))
    return [[figure for kind in kinds for figure in of_starts(kind, taken[kind])] for taken in starts]


def of_starts(kind: str, starts: Sequence[Start]) -> list[Figure]:
    """The medians of what so many starts took."""
    seconds, busy, memory = zip(*starts, strict=True)
    return [
        Figure(f"Cold start to the first form page, {kind} start", f"{median(seconds):.2f} s", "≤ 0.75 s"),
        Figure("  of it processor time", f"{median(busy):.2f} s"),
        Figure(f"Memory after the {kind} start", megabytes(int(median(memory))), "≤ 95 MB"),
    ]


def start(upstream: Control, database: Path, revision: Revision) -> Start:
    """Start a Slipway, fetch its form whole, and end it."""
    begin = perf_counter()
    with slipway(upstream, database, revision) as served, closing(Tab(served.url)) as tab:
        memory = resident(served)
        tab.page(f"{ACTIONS}/new")
        return perf_counter() - begin, computed(served), memory


def measure_memory(served: Served) -> list[Figure]:
    """What the process holds in memory after many form pages, the largest there are."""
    with closing(Tab(served.url)) as tab:
        for _ in range(PAGES):
            tab.page(f"{ACTIONS}/new")
    return [Figure(f"Memory after {PAGES:,} form pages", megabytes(resident(served)))]


def resident(served: Served) -> int:
    """How many bytes of memory the process holds; 0 where the system does not tell."""
    status = Path(f"/proc/{served.process.pid}/status")
    found = re.findall(r"^VmRSS:\s+(\d+) kB$", status.read_text(), re.M) if status.exists() else ["0"]
    return int(found[0]) * 1024


def measure_form_page(servers: Sequence[Served], upstream: Control) -> list[list[Figure]]:
    """The form page beside a view that does nothing, and beside the two reads that the page waits for."""
    with (
        ExitStack() as stack,
        closing(Client(upstream.url, TOKEN)) as client,
        ThreadPoolExecutor(1) as executor,
    ):
        tabs = [stack.enter_context(closing(Tab(served.url))) for served in servers]
        reads, *pages = alternate(
            PAGE_ROUNDS,
            lambda: take_snapshot(client, executor, PLACE),
            *(lambda tab=tab: tab.page("/healthz") for tab in tabs),
            *(lambda tab=tab: tab.page(f"{ACTIONS}/new") for tab in tabs),
        )
    return [
        [
            Figure("Form page ÷ hello view", f"{form / hello:.2f}", "≤ 3"),
            Figure("  the hello view", milliseconds(hello)),
            Figure("  the form page", milliseconds(form)),
            Figure("  of it Buddy's two reads, timed apart", milliseconds(reads)),
            Figure("  without them ÷ hello view", f"{(form - reads) / hello:.2f}", "≤ 4"),
        ]
        for hello, form in zip(pages[: len(tabs)], pages[len(tabs) :], strict=True)
    ]


def measure_submits(servers: Sequence[Served], upstream: Control) -> None:
    """A submit up to its 303, the journal included, beside the same POST straight to the upstream."""
    with ExitStack() as stack:
        tabs = [stack.enter_context(closing(Tab(served.url))) for served in servers]
        session = stack.enter_context(requests.Session())
        session.headers["Authorization"] = f"Bearer {TOKEN}"
        for tab in tabs:
            tab.submit(tab.form())
            body = upstream.seen()["last"]
            assert body | {"inline_commands": TYPED["inline_commands"]} == REQUEST_EXAMPLE
        for delay, (rounds, aim) in SUBMITS.items():
            upstream.delay(delay)
            forms = [iter([tab.form() for _ in range(rounds + 1)]) for tab in tabs]
            with upstream.expecting((1 + len(tabs)) * (rounds + 1)):
                direct, *submits = alternate(
                    rounds,
                    lambda: session.post(upstream.url + ACTIONS, json=body, timeout=PATIENCE).raise_for_status(),
                    *(lambda tab=tab, own=own: tab.submit(next(own)) for tab, own in zip(tabs, forms, strict=True)),
                )
            show_beside(
                [
                    [
                        Figure(f"Submit ÷ direct POST, {delay} ms", f"{submit / direct:.3f}", aim),
                        Figure("  the submit, the direct POST", f"{milliseconds(submit)}, {milliseconds(direct)}"),
                    ]
                    for submit in submits
                ]
            )
