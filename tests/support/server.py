"""Slipway as people start it: a process of its own, with nothing but what a test puts into its environment."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

import requests
from waitress import wasyncore

from support.pages import Document, posted_fields
from support.waiting import until
from webapp.channel import Channel
from webapp.dispatching import Dispatcher
from webapp.server import CONNECTIONS, Sockets, bind, listen, turn

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


@dataclass(frozen=True)
class Served:
    """A running Slipway: its process, its address, what it printed when it was ready, and its log."""

    process: "subprocess.Popen[str]"
    url: str
    printed: str
    log: IO[str]


SERVE = ("-m", "webapp", "serve")


@contextmanager
def serving_with(settings: Mapping[str, str], program: Sequence[str] = SERVE) -> Iterator[Served]:
    """Start `slipway serve` with these settings alone, on a free port unless they name one, and end it with SIGTERM.

    Another `program` does something first.
    """
    port = int(settings.get("SLIPWAY_PORT") or free_port())
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("SLIPWAY_", "BUDDY_"))}
    # A file, since a pipe that nobody reads would fill up with the log and hold Slipway back.
    with TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [sys.executable, "-W", "error", *program],
            env=inherited | {"SLIPWAY_PORT": str(port)} | dict(settings),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            assert process.stdout is not None
            printed = process.stdout.readline()
            assert printed.startswith("Slipway is ready"), logged(log)
            yield Served(process, f"http://127.0.0.1:{port}", printed, log)
        finally:
            process.terminate()
            process.communicate(timeout=90)


@contextmanager
def serving(**settings: str) -> Iterator[Served]:
    """Do the same with these settings, and let no registry be asked but the sandbox's."""
    unasked = {"SLIPWAY_REGISTRIES": "none"} if {"BUDDY_TOKEN", "SLIPWAY_SIGN_IN"} & settings.keys() else {}
    with serving_with(unasked | settings) as served:
        yield served


def logged(log: IO[str]) -> str:
    """What a Slipway has written into its log so far."""
    log.seek(0)
    return log.read()


def first_link(served: Served) -> str:
    """The one-time link that a Slipway prints behind its address while it has no account."""
    assert served.process.stdout is not None
    return served.process.stdout.readline().split()[-1]


def send_form(url: str, typed: dict[str, str]) -> requests.Response:
    """Open the form of a running Slipway, fill it in and send it; the answer leads to the receipt."""
    return filled_form(url, typed)()


def filled_form(url: str, typed: dict[str, str]) -> Callable[[], requests.Response]:
    """Open the form of a running Slipway and fill it in; gives what sends it."""
    browser = requests.Session()
    form = browser.get(f"{url}/workspaces/buddy/projects/company-website/pipelines/2/actions/new", timeout=30)
    (element,) = Document("form", form.text).all("form")
    fields = dict(posted_fields(element)) | typed

    def send() -> requests.Response:
        with browser:
            return browser.post(form.url.removesuffix("/new"), data=fields, timeout=600, allow_redirects=False)

    return send


@contextmanager
def serving_here(
    app: "WSGIApplication",
    port: int,
    channel: type[Channel] = Channel,
    dispatcher: Dispatcher | None = None,
    connections: int = CONNECTIONS,
) -> Iterator[None]:
    """Serve an app of this process as `slipway serve` does, with its threads and its limits."""
    sockets: Sockets = {}
    dispatcher = dispatcher or Dispatcher(lambda *_: False)
    server = listen(app, bind("127.0.0.1", port), sockets, dispatcher, channel, connections)
    over = threading.Event()

    def work() -> None:
        while not over.is_set():
            turn(sockets, dispatcher)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        over.set()
        server.pull_trigger()
        thread.join()
        dispatcher.shutdown()
        for each in [each for each in sockets.values() if isinstance(each, Channel)]:
            each.handle_close()
        wasyncore.close_all(sockets)


def until_refused(url: str) -> None:
    """Wait until the address takes no connection any more."""

    def refused() -> bool:
        try:
            requests.get(f"{url}/healthz", timeout=5)
        except requests.ConnectionError:
            return True
        return False

    until(refused)


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
