"""Finds a Chromium for the browser tests, or installs one, and starts it: on request with a slow network."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, BrowserContext, BrowserType, Error, Locator, Page, sync_playwright

from support import debian

# Chromium without windows and their buttons, which no test looks at, starts faster and leaves more for pages.
SHELLS = ("chromium-headless-shell", "chrome-headless-shell")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Milliseconds that an answer takes, so that a test that does not wait for a page acts on the one before, and fails.
LATENCY = int(os.environ.get("LATENCY") or 0)
HELP = "The browser tests need Chromium: install it, or say where it is with CHROMIUM=/path/to/chromium."


def find() -> str | None:
    """The path of a Chromium that works: the one that CHROMIUM names, an installed one, or Playwright's own."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(works, candidates()), None)


def candidates() -> Iterator[str]:
    """The paths of what there is, the lightest first."""
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    yield from filter(None, map(shutil.which, SHELLS))
    revision = own.parents[1].name.rpartition("-")[2]
    yield from map(str, own.parents[2].glob(f"chromium_headless_shell-{revision}/*/*headless?shell"))
    yield from filter(None, map(shutil.which, NAMES))
    if own.is_file():
        yield str(own)


def works(path: str) -> bool:
    """Whether it starts here and reads a page."""
    with TemporaryDirectory(prefix="slipway-chromium-") as profile:
        command = [path, *FLAGS, f"--user-data-dir={profile}", "--dump-dom", "about:blank"]
        try:
            ended = subprocess.run(command, capture_output=True, timeout=60, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return False
    return ended.returncode == 0 and b"<html>" in ended.stdout


def install() -> str:
    """Install a Chromium: Playwright's, or else, as root on Debian, the distribution's. Exits when neither works."""
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    for name in ("chromium-headless-shell", "chromium"):
        if not find():
            debian.get(name)
    return find() or sys.exit(HELP)


@contextmanager
def running(browsers: BrowserType, path: str, *flags: str) -> Iterator[Browser]:
    """A Chromium with a fresh profile, whose pages have a slow network where LATENCY asks for one."""
    with browsers.launch(executable_path=path, args=[*FLAGS, *flags]) as browser:
        if LATENCY:
            browser.on("context", slow_down_all)
            # A click waits for the page that it brings only where that is asked for at once: not on a busy machine.
            for act in (Locator.click, Locator.press):
                act.__kwdefaults__["no_wait_after"] = True
        yield browser


def slow_down_all(context: BrowserContext) -> None:
    """Have all pages that come to be in it wait for each answer."""
    context.on("page", slow_down)


def slow_down(page: Page) -> None:
    """Have a page wait for each answer. What it asks in its very first moments may come at once."""
    conditions = {"offline": False, "latency": LATENCY, "downloadThroughput": -1, "uploadThroughput": -1}
    # A page may be closed before it is reached.
    with suppress(Error):
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", conditions)
