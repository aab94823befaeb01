"""The first page and the lists in front of few submissions and of many, on two servers side by side."""

from contextlib import ExitStack, closing
from pathlib import Path

from benches.filling import fill
from benches.measuring import alternate, milliseconds, show
from benches.tabs import Tab, slipway
from benches.upstream import Control
from webapp.store.backups import copy

ROUNDS = 60
FEW, MANY = 30, 300_000
# Longer by this is no longer that anybody notices, whatever the ratio.
UNNOTICED = 0.020
MOST_TIMES = 1.5
PAGES = {
    "Home": "/",
    "Activity": "/submissions",
    "Activity, a word that all have": "/submissions?q=tests",
    "Activity, a word that the oldest has": "/submissions?q=needle",
    "Activity, my added ones": "/submissions?who=me&state=Added",
    "Activity, one pipeline": "/submissions?place=buddy/company-website/1000",
    "Record": "/record",
    "Record, a word that all have": "/record?q=tests",
    "Record, mine": "/record?who=me",
    "Record, what was added": "/record?what=created",
}


def measure_lists(upstream: Control, folder: Path) -> None:
    """Fetch each page from both in turn. `folder` holds a database in which Slipway has written a submission."""
    with ExitStack() as stack:
        tabs = []
        for count in (FEW, MANY):
            own = folder / f"lists-{count}"
            own.mkdir()
            for name in ("slipway.db", "secret-key"):
                if (folder / name).exists():
                    (own / name).write_bytes((folder / name).read_bytes())
            copy(folder / "slipway.db", own / "slipway.db")
            fill(own / "slipway.db", count)
            tabs.append(
                stack.enter_context(closing(Tab(stack.enter_context(slipway(upstream, own / "slipway.db")).url)))
            )
        show(f"With {MANY:,} ÷ with {FEW} submissions", "", f"≤ {MOST_TIMES}, or {milliseconds(UNNOTICED)} more")
        for name, path in PAGES.items():
            few, many = alternate(ROUNDS, *(lambda tab=tab, path=path: tab.page(path) for tab in tabs))
            show(f"  {name}", f"{many / few:.2f}", f"{milliseconds(many - few)} more")
            show("    with many, with few", f"{milliseconds(many)}, {milliseconds(few)}")
