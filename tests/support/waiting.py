"""Waiting for what a test means, and not for something like it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from time import monotonic, sleep

from playwright.sync_api import Locator, Page, expect

# Seconds. Nothing takes so long but on a machine that does much else.
PATIENCE = 60


def until(done: Callable[[], object], pause: float = 0.05) -> None:
    """Wait until `done` gives something true, asking each `pause` seconds; fails after a minute."""
    end = monotonic() + PATIENCE
    while not done():
        assert monotonic() < end, "it did not come"
        sleep(pause)


def happens(event: Event) -> None:
    """Wait until another thread has set an event; fails after a minute."""
    assert event.wait(PATIENCE), "it did not happen"


@contextmanager
def new_page(page: Page) -> Iterator[None]:
    """Do something that brings another page, or draws this one anew, and wait until the one before is gone.

    What a test looks for, or acts on, may be on the page before, too.
    """
    page.locator("#main").evaluate("main => main.setAttribute('data-before', '')")
    yield
    expect(page.locator("#main[data-before]")).to_have_count(0)
    page.wait_for_load_state()


def press(what: Locator) -> None:
    """Click a button or a link that brings another page, or draws this one anew, and wait for that."""
    with new_page(what.page):
        what.click()
