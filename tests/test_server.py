"""Slipway as a process: how it starts, how it refuses to, how it ends."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep

import pytest
import requests
from support.server import first_link, send_form, serving
from support.upstream import Upstream

from webapp.server import THREADS

LEAST = {"name": "Run tests", "docker_image_name": "library/ubuntu", "inline_commands": "make test"}
PIPELINES = "/workspaces/buddy/projects/company-website/pipelines"


def test_it_starts_with_no_settings_and_says_that_nothing_leaves_this_computer() -> None:
    with serving() as served:
        assert served.url in served.printed
        page = requests.get(served.url, timeout=30)
        assert "nothing leaves this computer" in page.text


def test_the_first_start_with_passwords_prints_the_link_of_the_first_administrator(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/slipway.db"
    with serving(BUDDY_TOKEN="t", SLIPWAY_SIGN_IN="password", SLIPWAY_DATABASE_URL=url) as served:
        page = requests.get(first_link(served), timeout=30)
    assert (page.status_code, "Become the administrator" in page.text) == (200, True)


def test_p11_sigterm_lets_a_send_in_flight_end_and_takes_no_more(upstream: Upstream, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/slipway.db"
    with serving(BUDDY_TOKEN="token", BUDDY_API_ENDPOINT=upstream.url, SLIPWAY_DATABASE_URL=url) as served:
        upstream.gate.clear()
        with ThreadPoolExecutor(1) as sender:
            sending = sender.submit(send_form, served.url, LEAST)
            upstream.until_waiting(1)
            served.process.terminate()
            until_refused(served.url)
            assert served.process.poll() is None
            upstream.gate.set()
            assert sending.result().status_code == 303
        assert served.process.wait(60) == 0
    with serving(BUDDY_TOKEN="token", BUDDY_API_ENDPOINT=upstream.url, SLIPWAY_DATABASE_URL=url) as served:
        history = requests.get(f"{served.url}/submissions", timeout=30).text
    assert '<span class="status good">Added</span>' in history
    assert len(upstream.bodies) == 1


def until_refused(url: str) -> None:
    """Wait until the address takes no connection any more."""
    for _ in range(600):
        try:
            requests.get(f"{url}/healthz", timeout=5)
        except requests.ConnectionError:
            return
        sleep(0.05)
    raise AssertionError("it still takes connections")


def test_a_proxys_headers_reach_the_gate_and_are_refused() -> None:
    with serving() as served:
        answer = requests.get(served.url, headers={"X-Forwarded-For": "10.0.0.1"}, timeout=30)
        assert answer.status_code == 400


def start(**settings: str) -> "subprocess.CompletedProcess[str]":
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("SLIPWAY_", "BUDDY_"))}
    command = [sys.executable, "-m", "webapp"]
    return subprocess.run(command, env=inherited | settings, capture_output=True, text=True, timeout=60, check=False)


REFUSALS = {
    "another host": ({"SLIPWAY_HOST": "0.0.0.0"}, "SLIPWAY_HOST must be 127.0.0.1, ::1 or localhost"),
    "an unknown setting": ({"SLIPWAY_COLOUR": "blue"}, "SLIPWAY_COLOUR is not a setting"),
    "an unknown database": ({"SLIPWAY_DATABASE_URL": "nonsense"}, "SLIPWAY_DATABASE_URL must be a SQLAlchemy URL"),
}


@pytest.mark.parametrize(("settings", "message"), REFUSALS.values(), ids=REFUSALS)
def test_a_wrong_setting_ends_the_start_in_one_sentence(settings: dict[str, str], message: str) -> None:
    ended = start(**settings)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("Slipway did not start: ")
    assert message in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_port_in_use_is_named() -> None:
    with serving() as served:
        ended = start(SLIPWAY_PORT=served.url.rpartition(":")[2])
    assert "Choose another port with SLIPWAY_PORT." in ended.stderr


def test_it_takes_more_requests_at_once_than_it_has_threads() -> None:
    with serving() as served, ThreadPoolExecutor(THREADS + 20) as browsers:
        pages = [browsers.submit(requests.get, f"{served.url}{PIPELINES}", timeout=60) for _ in range(THREADS + 20)]
        assert {page.result().status_code for page in pages} == {200}
