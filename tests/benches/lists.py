"""The home page, the lists, and what goes on by itself, in front of few submissions and of many, on two servers."""

from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from time import sleep

import psycopg
from support.postgres import running as postgresql
from support.server import Served

from benches.crowds import DURABLE
from benches.filling import fill
from benches.measuring import alternate, computed, milliseconds, show
from benches.tabs import Tab, slipway
from benches.upstream import Control

ROUNDS = 60
# In seconds: how long nobody asks for anything.
IDLE = 10
FEW, MANY = 30, 300_000
# Longer by this is no longer that anybody notices, whatever the ratio.
UNNOTICED = 0.020
MOST_TIMES = 1.5
# What it sets by itself.
AS_INSTALLED = DURABLE | {"autovacuum": "on", "shared_buffers": "128MB"}
KEY = "the secret key of the bench"
PAGES = {
    "Home": "/",
    "Activity": "/submissions",
    "Activity, a word that all have": "/submissions?q=tests",
    "Activity, a word that the oldest has": "/submissions?q=needle",
    "Activity, a word of long ago": "/submissions?q=legacy",
    "Activity, a word that none has": "/submissions?q=nowhere",
    "Activity, a word, mine": "/submissions?q=tests&who=me",
    "Activity, my added ones": "/submissions?who=me&state=Added",
    "Activity, one pipeline": "/submissions?place=buddy/company-website/1000",
    "Record": "/record",
    "Record, a word that all have": "/record?q=tests",
    "Record, a word of long ago": "/record?q=legacy",
    "Record, a word that none has": "/record?q=nowhere",
    "Record, mine": "/record?who=me",
    "Record, what was added": "/record?what=created",
}


def measure_lists(upstream: Control, folder: Path) -> None:
    """Fetch each page from both in turn, on SQLite and on PostgreSQL."""
    counts = (FEW, MANY)
    measure("SQLite", upstream, {count: f"sqlite:///{(folder / f'lists-{count}.db').as_posix()}" for count in counts})
    with postgresql(**AS_INSTALLED) as server:
        with psycopg.connect(f"{server.url}postgres", autocommit=True) as connection:
            for count in counts:
                connection.execute(f"CREATE DATABASE lists_{count}".encode())
        measure("PostgreSQL", upstream, {count: f"{server.url}lists_{count}" for count in counts})


def measure(kind: str, upstream: Control, databases: dict[int, str]) -> None:
    """Fetch each page from both databases in turn."""
    settings = {"SLIPWAY_SECRET_KEY": KEY}
    with ExitStack() as stack:
        servers, tabs = [], []
        for count, url in databases.items():
            with slipway(upstream, url, **settings) as served, closing(Tab(served.url)) as tab:
                tab.submit(tab.form())
            fill(url, count)
            served = stack.enter_context(slipway(upstream, url, **settings))
            servers.append(served)
            tabs.append(stack.enter_context(closing(Tab(served.url))))
        show(
            f"With {MANY:,} ÷ with {FEW} submissions, {kind}", "", f"≤ {MOST_TIMES}, or {milliseconds(UNNOTICED)} more"
        )
        for name, path in PAGES.items():
            few, many = alternate(ROUNDS, *(lambda tab=tab, path=path: tab.page(path) for tab in tabs))
            show(f"  {name}", f"{many / few:.2f}", f"{milliseconds(many - few)} more")
            show("    with many, with few", f"{milliseconds(many)}, {milliseconds(few)}")
        few, many = idle(servers)
        show("  Computing while nobody asks", milliseconds(many), f"of {IDLE} s; with few {milliseconds(few)}")


def idle(servers: Sequence[Served]) -> list[float]:
    """How many seconds of a processor each has used while nobody asked for anything; of PostgreSQL's work none."""
    before = [computed(served) for served in servers]
    sleep(IDLE)
    return [computed(served) - used for served, used in zip(servers, before, strict=True)]
