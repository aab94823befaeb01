"""Several Slipways on one database: any request may go to any of them."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

import requests
from support.buddy import AS_DOCUMENTED, StubBuddy
from support.pages import Document, posted_fields
from support.rigs import LEAST, NEW
from support.server import Served, first_link, free_port, serving
from support.signing_in import PASSWORD

KEY = "the secret key of both replicas"


@contextmanager
def replicas(folder: Path, upstream: StubBuddy, **settings: str) -> Iterator[list[Served]]:
    """Two Slipways with the same settings but for the port that they listen on."""
    common = {
        "BUDDY_TOKEN": "token-of-the-tests",
        "BUDDY_API_ENDPOINT": upstream.url,
        "SLIPWAY_DATABASE_URL": f"sqlite:///{folder}/slipway.db",
        "SLIPWAY_SECRET_KEY": KEY,
        "SLIPWAY_URL": f"http://127.0.0.1:{free_port()}",
    }
    with ExitStack() as stack:
        yield [stack.enter_context(serving(**common | settings)) for _ in range(2)]


class RoundRobin:
    """A browser behind a proxy that sends each request to another replica than the one before."""

    def __init__(self, served: list[Served]) -> None:
        self._session = requests.Session()
        self._turns = cycle([each.url for each in served])

    def get(self, path: str) -> Document:
        return self._read(self._session.get(next(self._turns) + path, timeout=60, allow_redirects=False))

    def fill_in(self, page: Document, target: str, **typed: str) -> Document:
        """Fill in the form that posts to this address, or has a button that does, send it and go where it leads."""
        (form,) = [
            form
            for form in page.all("form")
            if target in (form.get("action"), *(button.get("formaction") for button in form.iter("button")))
        ]
        fields = dict(posted_fields(form)) | typed
        return self._read(
            self._session.post(next(self._turns) + target, data=fields, timeout=60, allow_redirects=False)
        )

    def _read(self, answer: requests.Response) -> Document:
        if answer.is_redirect:
            return self.get(answer.headers["Location"])
        assert answer.status_code == 200, answer.text
        return Document(urlsplit(answer.url).path, answer.text)


def test_who_is_sent_to_another_replica_with_each_request_signs_in_fills_in_sends_and_sees_the_receipt(
    tmp_path: Path,
) -> None:
    upstream = StubBuddy(answer=AS_DOCUMENTED)
    with replicas(tmp_path, upstream, SLIPWAY_SIGN_IN="password") as served, ExitStack() as stack:
        stack.callback(upstream.close)
        browser = RoundRobin(served)
        # Each start makes a link, and those before it no longer work.
        invitation = urlsplit([first_link(each) for each in served][-1]).path
        name = {"login": "ada", "name": "Ada", "password": PASSWORD}
        signed_in = browser.fill_in(browser.get(invitation), invitation, **name)
        assert signed_in.heading == "Add actions to your Buddy pipelines"
        form = browser.get(NEW)
        typed = {key.replace("__", "-"): value for key, value in LEAST.items()}
        receipt = browser.fill_in(form, NEW.removesuffix("/new"), **typed)
        assert re.fullmatch("“.*” was added", receipt.heading)
        assert [browser.get("/submissions").heading for _ in range(4)] == ["Activity"] * 4
    assert len(upstream.bodies) == 1
