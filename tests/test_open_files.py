"""Where the system allows few open files at first, or at all, connections leave enough of them for everything else."""

import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import requests
from support.server import logged, serving, serving_with

# What many systems allow a program at first, and what it may ask for.
AT_FIRST = 256
# So many, and no way to ask for more.
ALLOWED = 120
NARROW = (
    "-c",
    f"import resource; resource.setrlimit(resource.RLIMIT_NOFILE, ({ALLOWED}, {ALLOWED})); "
    "from webapp.__main__ import main; main()",
    "serve",
)


@pytest.fixture
def few_at_first() -> Iterator[None]:
    """Programs that are started from here may have few files open, unless they ask for more."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (AT_FIRST, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.usefixtures("few_at_first")
def test_as_many_open_files_are_asked_for_as_connections_and_all_else_need() -> None:
    with serving() as served:
        allowed, most = resource.prlimit(served.process.pid, resource.RLIMIT_NOFILE)
    assert allowed >= 2500 or allowed == most


def test_connections_take_not_the_last_open_file_of_those_that_are_allowed() -> None:
    with serving_with({}, NARROW) as served:
        address = ("127.0.0.1", int(served.url.rpartition(":")[2]))
        with ExitStack() as others:
            held = [others.enter_context(socket.create_connection(address, 30)) for _ in range(ALLOWED + 20)]
            held[0].sendall(b"GET /submissions HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert held[0].recv(100).startswith(b"HTTP/1.1 200")
        assert requests.get(f"{served.url}/submissions", timeout=30).status_code == 200
        assert "Too many open files" not in logged(served.log)
