"""Two Slipways on one PostgreSQL behind nginx as the guide has it: one is killed, and who fills in a form goes on."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserType, Page, expect
from support import nginx, postgres
from support.buddy import StubBuddy
from support.chromium import running
from support.faults import read_then_close
from support.server import Served, first_link, logged, serving
from support.signing_in import PASSWORD
from support.states import FORM, fill_in
from support.waiting import PATIENCE, until

pytestmark = pytest.mark.browser

# Longer than a form waits until it keeps what was typed.
PAUSE = 11_000


@pytest.fixture
def settings(upstream: StubBuddy) -> Iterator[dict[str, str]]:
    """What all replicas are told."""
    upstream.answer = None
    with postgres.running() as server:
        yield {
            "BUDDY_TOKEN": "token-of-the-tests",
            "BUDDY_API_ENDPOINT": upstream.url,
            "SLIPWAY_DATABASE_URL": f"{server.url}postgres",
            "SLIPWAY_SECRET_KEY": "the secret key of all replicas",
            "SLIPWAY_SIGN_IN": "password",
            "SLIPWAY_URL": nginx.URL,
            "SLIPWAY_PROXY_HOPS": "1",
        }


def page_before(proxy: nginx.Nginx, browsers: BrowserType, path: str, stack: ExitStack) -> Page:
    """A page of a browser that finds the proxy by its name, and whose clock the test moves."""
    browser = stack.enter_context(running(browsers, path, f"--host-resolver-rules={proxy.rules}"))
    page = browser.new_page(ignore_https_errors=True)
    page.set_default_timeout(PATIENCE * 1000)
    page.clock.install()
    return page


def troubles_of(page: Page) -> list[str]:
    """What goes wrong on a page from now on: requests without an answer, and answers that say so."""
    troubles: list[str] = []
    page.on("requestfailed", lambda request: troubles.append(f"{request.url}: {request.failure}"))
    page.on(
        "response",
        lambda answer: troubles.append(f"{answer.url}: {answer.status}") if not 200 <= answer.status < 400 else None,
    )
    return troubles


def kill(served: Served) -> None:
    os.kill(served.process.pid, signal.SIGKILL)
    served.process.wait(PATIENCE)


def keep(page: Page, commands: str) -> None:
    """Type, and pause until it is kept."""
    with page.expect_response(lambda answer: urlencode({"": commands}) in (answer.request.post_data or "")) as kept:
        page.get_by_label("Commands", exact=True).fill(commands)
        page.clock.fast_forward(PAUSE)
    assert kept.value.json()["draft"]


def test_one_of_two_is_killed_and_another_started_while_somebody_types_and_nobody_notices(
    chromium: Browser, chromium_path: str, settings: dict[str, str], upstream: StubBuddy, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        first, second = (stack.enter_context(serving(**settings)) for _ in range(2))
        # Each start makes a link, and those before it no longer work.
        address = first_link(second)
        places = [urlsplit(each.url).netloc for each in (first, second)]
        proxy = stack.enter_context(nginx.proxying(tmp_path / "nginx", places))
        page = page_before(proxy, chromium.browser_type, chromium_path, stack)
        troubles = troubles_of(page)
        page.goto(address.replace("https:", "http:"))
        for box, typed in {"login": "ada", "name": "Ada", "password": PASSWORD}.items():
            page.locator(f"#{box}").fill(typed)
        page.locator("main button[type=submit]").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Add actions to your Buddy pipelines")

        page.goto(nginx.URL + FORM)
        fill_in(page)
        keep(page, "make before")
        kill(first)
        for commands in ("make without the first", "make without it all the same"):
            keep(page, commands)
        third = stack.enter_context(serving(**settings, SLIPWAY_PORT=places[0].rpartition(":")[2]))
        keep(page, "make with another")

        upstream.write_fault = read_then_close
        page.locator("button.primary").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("“Run tests” was added")
        expect(page.get_by_role("main")).to_contain_text("Looked for it")
        until(lambda: page.reload() and '"path"' in logged(third.log))
        assert troubles == []
    (sent,) = upstream.bodies
    assert sent["inline_commands"] == "make with another"
