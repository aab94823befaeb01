from collections.abc import Callable, Iterator

import pytest
from support.faults import Fault, FaultyServer
from support.tls import Certificate, make_certificate

from webapp.buddy.client import Client
from webapp.buddy.container import Container
from webapp.buddy.executions import Revision, RunRequest
from webapp.buddy.images import PublicImage
from webapp.buddy.outcomes import Changed, Created, Deleted, NoSuccess, Started, StopTaken
from webapp.buddy.places import Place
from webapp.http.transport import Timings
from webapp.sandbox import Sandbox

Start = Callable[[Fault], FaultyServer]
Make = Callable[..., Client]
Done = Created | Changed | Deleted | Started | StopTaken

QUICK = Timings(connect=1, write=0.8, read=2)
PLACE = Place("buddy", "company-website", 2)
REQUEST = Container("Run tests", PublicImage("library/ubuntu", "latest"), "make test")
RUN = RunRequest((2,), Revision("newest"), "Try it")
CHANGES = {"name": "Run container", "type": "RUN_DOCKER_CONTAINER", "docker_image_tag": "24"}


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


WRITES: dict[str, tuple[str, type, str, Callable[[Client], Done | NoSuccess]]] = {
    "add": ("POST", Created, "201 Created", lambda client: client.add_action(PLACE, REQUEST)),
    "edit": ("PATCH", Changed, "200 OK", lambda client: client.edit_action(PLACE, 2, CHANGES)),
    "delete": ("DELETE", Deleted, "204 No Content", lambda client: client.delete_action(PLACE, 2)),
    "run": ("POST", Started, "200 OK", lambda client: client.run(PLACE, RUN)),
    "stop": ("PATCH", StopTaken, "200 OK", lambda client: client.stop(PLACE, 2)),
}


class Write:
    """One way of writing: a client can `send` it once; `done` is its success, proven by an answer with `status`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.method, self.done, self.status, self.send = WRITES[name]


@pytest.fixture(params=WRITES)
def write(request: pytest.FixtureRequest) -> Write:
    """Each way of writing in turn."""
    return Write(request.param)


@pytest.fixture
def buddy(sandbox: Sandbox) -> Iterator[Client]:
    """A client of the sandbox."""
    client = Client(sandbox.start(), sandbox.token)
    yield client
    client.close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate that is not trusted unless its file is named."""
    return make_certificate(tmp_path_factory.mktemp("certificate"))
