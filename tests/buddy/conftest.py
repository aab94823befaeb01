from collections.abc import Callable, Iterator

import pytest
from support.faults import Fault, FaultyServer
from support.tls import Certificate, make_certificate

from webapp.buddy.client import Client
from webapp.buddy.transport import Timings

QUICK = Timings(connect=1, silence=0.4, write=0.8, read=2)


@pytest.fixture
def faulty() -> Iterator[Callable[[Fault], FaultyServer]]:
    """Starts misbehaving servers and ends them."""
    servers: list[FaultyServer] = []

    def start(fault: Fault) -> FaultyServer:
        servers.append(FaultyServer(fault))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def client() -> Iterator[Callable[..., Client]]:
    """Makes clients with short time limits and closes them."""
    clients: list[Client] = []

    def make(url: str, ca_file: str | None = None, timings: Timings = QUICK) -> Client:
        clients.append(Client(url, "token-of-the-tests", ca_file, timings))
        return clients[-1]

    yield make
    for each in clients:
        each.close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate that is not trusted unless its file is named."""
    return make_certificate(tmp_path_factory.mktemp("certificate"))
