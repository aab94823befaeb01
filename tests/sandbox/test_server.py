"""The sandbox's own port as a server: many connections, kept open, ended cleanly."""

import http.client
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from threading import Barrier
from urllib.parse import urlsplit

import pytest
import requests
from support.waiting import until

from webapp.sandbox import Sandbox
from webapp.sandbox.weather import Weather

Call = Callable[..., requests.Response]
TOKEN = {"Authorization": "Bearer sandbox"}
CROWD = 150


def connect(api: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(api).netloc, timeout=30)


def talk(api: str, request: bytes) -> bytes:
    """Send bytes as they are and read until the server hangs up."""
    address = urlsplit(api)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_a_connection_serves_one_request_after_the_other(api: str, actions: str) -> None:
    with closing(connect(api)) as connection:
        ports = set()
        for method, body in (("GET", None), ("POST", b"nonsense"), ("DELETE", b"null"), ("GET", b"null")):
            connection.request(method, f"/api{actions}/5", body, TOKEN)
            connection.getresponse().read()
            assert connection.sock is not None
            ports.add(connection.sock.getsockname()[1])
    assert len(ports) == 1


def test_many_are_served_at_once(api: str, sandbox: Sandbox, actions: str, least: object) -> None:
    together = Barrier(CROWD)

    def add(number: int) -> int:
        together.wait(30)
        return requests.post(f"{api}{actions}", json=least, headers=TOKEN, timeout=30).json()["id"]

    with ThreadPoolExecutor(CROWD) as crowd:
        ids = list(crowd.map(add, range(CROWD)))
    assert len(set(ids)) == len(sandbox.received) == CROWD
    listed = requests.get(f"{api}{actions}", params={"per_page": 999}, headers=TOKEN, timeout=10).json()["actions"]
    assert sorted(item["id"] for item in listed) == sorted([5, *ids])


def test_many_connections_can_stay_open_at_once(api: str) -> None:
    with ExitStack() as stack:
        connections = [stack.enter_context(closing(connect(api))) for _ in range(CROWD)]
        for connection in connections:
            connection.connect()
        for connection in connections:
            connection.request("GET", "/api/workspaces", headers=TOKEN)
        assert [connection.getresponse().status for connection in connections] == [200] * CROWD


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"POST /api/workspaces HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", b"411"),
        (b"POST /api/workspaces HTTP/1.1\r\nContent-Length: x\r\n\r\n", b"400"),
        (b"POST /api/workspaces HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"400"),
        (b"POST /api/workspaces HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", b"413"),
    ],
)
def test_a_body_that_it_will_not_read_ends_the_connection(api: str, head: bytes, status: bytes) -> None:
    assert talk(api, head).startswith(b"HTTP/1.1 " + status)


def test_closing_ends_open_connections_and_sleepers(
    sandbox: Sandbox, actions: str, capfd: pytest.CaptureFixture[str]
) -> None:
    api = sandbox.start()
    with closing(connect(api)) as idle, closing(connect(api)) as waiting:
        idle.request("GET", "/api/workspaces", headers=TOKEN)
        idle.getresponse().read()
        sandbox.state.weather = Weather.SLOW
        waiting.request("POST", f"/api{actions}", b"{}", TOKEN)
        until(lambda: sandbox.received)
        sandbox.close()
        sandbox.close()
        assert idle.sock is not None and idle.sock.recv(1) == b""
        with pytest.raises(ConnectionError), closing(connect(api)) as late:
            late.connect()
    assert capfd.readouterr() == ("", "")


def test_a_client_that_hangs_up_is_no_news(sandbox: Sandbox, capfd: pytest.CaptureFixture[str]) -> None:
    api = sandbox.start()
    for _ in range(20):
        with closing(connect(api)) as hasty:
            hasty.request("GET", "/api/workspaces/buddy/integrations", headers=TOKEN)
    sandbox.close()
    assert capfd.readouterr() == ("", "")
