"""What a request can reach: the parts that `create_app` has put together, and who is asking."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass

from flask import current_app, request

from webapp.assets import Assets
from webapp.auth.people import Person, local_person
from webapp.buddy.client import Client
from webapp.sandbox import Sandbox
from webapp.settings import Settings
from webapp.store.events import Actor
from webapp.store.journal import Journal
from webapp.store.reading import Clock
from webapp.submissions.envelope import EnvelopeSeal
from webapp.submissions.reconciling import Reconciler
from webapp.submissions.ruling import Ruling
from webapp.submissions.sending import Sender


@dataclass(frozen=True)
class Parts:
    """The parts of one running Slipway. `close` ends them all."""

    settings: Settings
    client: Client
    journal: Journal
    seal: EnvelopeSeal
    clock: Clock
    sender: Sender
    reconciler: Reconciler
    ruling: Ruling
    executor: Executor
    sandbox: Sandbox | None
    assets: Assets
    link_base: str
    close: Callable[[], object]

    @property
    def endpoint(self) -> str:
        """The address of Buddy's API for other programs; the sandbox's is mounted beside the pages."""
        return f"{self.settings.url}/sandbox/api" if self.sandbox else self.settings.buddy_api_endpoint.rstrip("/")


def parts() -> Parts:
    """The parts of the Slipway that answers this request."""
    found = current_app.extensions["slipway"]
    assert isinstance(found, Parts)
    return found


def person() -> Person:
    """Who is asking."""
    return local_person()


def actor() -> Actor:
    """Who is asking, as the record names them."""
    asking = person()
    return Actor(asking.id, asking.name, request.remote_addr)
