"""What a POST to Buddy over TLS takes, the connection included, with as many authorities as a system trusts."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import requests
from support.buddy import AS_DOCUMENTED, StubBuddy
from support.tls import Certificate, make_certificate

from benches.measuring import alternate, milliseconds, show
from benches.tabs import PLACE, TOKEN
from webapp.buddy.client import Client
from webapp.buddy.container import Container
from webapp.buddy.images import PublicImage
from webapp.buddy.outcomes import Created

ROUNDS = 30
REQUEST = Container("Run tests", PublicImage("library/ubuntu", "latest"), "make test")


def measure_encrypted(folder: Path) -> None:
    """The POST over TLS, beside the same one without."""
    certificate = make_certificate(folder)
    trusted = folder / "trusted.pem"
    trusted.write_text(Path(requests.utils.DEFAULT_CA_BUNDLE_PATH).read_text() + Path(certificate.path).read_text())
    with asking(certificate, str(trusted)) as secure, asking() as plain:
        over_tls, without = alternate(ROUNDS, lambda: post(secure), lambda: post(plain))
    show("A POST to Buddy over TLS, and without", f"{milliseconds(over_tls)}, {milliseconds(without)}")


@contextmanager
def asking(certificate: Certificate | None = None, trusted: str | None = None) -> Iterator[Client]:
    """A client of a server in Buddy's place."""
    with (
        closing(StubBuddy(answer=AS_DOCUMENTED, tls=certificate.context if certificate else None)) as buddy,
        closing(Client(buddy.url, TOKEN, trusted)) as client,
    ):
        yield client


def post(client: Client) -> None:
    """Send one action."""
    assert isinstance(client.add_action(PLACE, REQUEST), Created)
