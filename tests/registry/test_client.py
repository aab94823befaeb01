"""What registries answer, and which of the four answers it is: never surer than what was seen."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.faults import FaultyServer
from support.tls import make_certificate

from webapp.docker.references import ImageReference
from webapp.registry.client import Client, Credentials, Finding, Seen
from webapp.registry.hosts import Allowed

DIGEST = "sha256:" + "a" * 64
FOUND = f"HTTP/1.1 200 OK\r\nDocker-Content-Digest: {DIGEST}\r\nContent-Length: 500\r\n\r\n"
PASSWORD = "canary-password"
Answers = Callable[[str, str], str]


def empty(status: str, *headers: str) -> str:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "Content-Length: 0", "Connection: close", "", ""])


def json(text: str) -> str:
    return f"HTTP/1.1 200 OK\r\nContent-Length: {len(text)}\r\nConnection: close\r\n\r\n{text}"


class Registry:
    """A registry of the tests, on a socket."""

    def __init__(self) -> None:
        self.answers: Answers = lambda request, url: FOUND
        self.server = FaultyServer(self._answer)

    def _answer(self, connection: socket.socket, server: FaultyServer) -> None:
        connection.sendall(self.answers(server.read(connection).decode(), server.url).encode())

    def check(self, credentials: Credentials | None = None, settings: str | None = None) -> Finding:
        client = Client(Allowed.parse(self.server.url if settings is None else settings))
        try:
            return client.check(ImageReference.parse(f"127.0.0.1:{self.server.port}/team/app:1"), credentials)
        finally:
            client.close()


@pytest.fixture
def registry() -> Iterator[Registry]:
    made = Registry()
    yield made
    assert not [each for each in made.server.requests if each.startswith(b"GET") and b"/manifests/" in each]
    made.server.close()


PLAIN = {
    "there": (FOUND, Seen.THERE),
    "without digest": (empty("200 OK"), Seen.NOT_CHECKED),
    "wrong digest": (empty("200 OK", "Docker-Content-Digest: sha256:zz"), Seen.NOT_CHECKED),
    "HTTP/1.0": (FOUND.replace("1.1", "1.0"), Seen.THERE),
    "404": (empty("404 Not Found"), Seen.NOT_THERE),
    "403": (empty("403 Forbidden"), Seen.REFUSED),
    "429": (empty("429 Too Many", "Retry-After: 60"), Seen.NOT_CHECKED),
    "500": (empty("500 Oops"), Seen.NOT_CHECKED),
    "cut": ("HTTP/1.1 2", Seen.NOT_CHECKED),
    "garbage": ("<html>", Seen.NOT_CHECKED),
    "401 without a way": (empty("401 Unauthorized"), Seen.NOT_CHECKED),
    "inward": (empty("302 Found", "Location: http://127.0.0.1:1/"), Seen.NOT_CHECKED),
    "in a circle": (empty("302 Found", "Location: /v2/"), Seen.NOT_CHECKED),
}


@pytest.mark.parametrize("name", PLAIN)
def test_each_answer_is_one_of_four(registry: Registry, name: str) -> None:
    answer, seen = PLAIN[name]
    registry.answers = lambda request, url: answer
    assert registry.check().seen is seen


def test_a_token_is_fetched_with_the_password_and_the_image_asked_with_the_token(registry: Registry) -> None:
    def answers(request: str, url: str) -> str:
        if request.startswith("GET /token"):
            return json('{"token": "t0"}')
        challenge = f'WWW-Authenticate: Bearer realm="{url}/token",service="s"'
        return FOUND if "Bearer t0" in request else empty("401 Unauthorized", challenge)

    registry.answers = answers
    assert registry.check(Credentials("anna", PASSWORD)).digest == DIGEST
    first, token, last = (each.decode() for each in registry.server.requests)
    assert "Authorization" not in first
    assert "Authorization: Basic" in token
    assert "scope=repository%3Ateam%2Fapp%3Apull" in token
    assert "Basic" not in last


def test_a_wrong_password_is_refused(registry: Registry) -> None:
    registry.answers = lambda request, url: empty("401 Unauthorized", 'WWW-Authenticate: Basic realm="r"')
    found = registry.check(Credentials("anna", PASSWORD))
    assert found.seen is Seen.REFUSED
    assert PASSWORD not in repr(found)


def test_a_realm_that_leads_inward_gets_no_connection(registry: Registry) -> None:
    with socket.create_server(("127.0.0.1", 0)) as inward:
        inward.settimeout(0)
        realm = f"https://127.0.0.1:{inward.getsockname()[1]}/token"
        registry.answers = lambda request, url: empty("401 No", f'WWW-Authenticate: Bearer realm="{realm}"')
        assert registry.check(Credentials("anna", PASSWORD)).seen is Seen.NOT_CHECKED
        with pytest.raises(BlockingIOError):
            inward.accept()


def test_a_registry_that_is_not_named_gets_no_connection(registry: Registry) -> None:
    for settings in ["default", "*", "none"]:
        assert registry.check(settings=settings).seen is Seen.NOT_CHECKED
    assert registry.server.connections == 0


def test_the_connection_goes_to_the_address_that_was_judged_though_the_name_leads_elsewhere_by_then(
    registry: Registry,
) -> None:
    answers = iter([("127.0.0.1",), ("127.0.0.2",)])
    name = f"registry.example:{registry.server.port}"
    client = Client(Allowed.parse(f"http://{name}"), resolve=lambda host, port: next(answers))
    assert client.check(ImageReference.parse(f"{name}/team/app:1")).seen is Seen.THERE
    client.close()
    assert f"Host: {name}".encode() in registry.server.requests[0]
    assert next(answers) == ("127.0.0.2",), "the name was looked up once"


def test_an_answer_that_drips_is_given_up_when_the_time_is_over(registry: Registry) -> None:
    def drip(connection: socket.socket, server: FaultyServer) -> None:
        server.read(connection)
        while not server.stopping.wait(0.05):
            connection.sendall(b"H")

    registry.server.fault = drip
    client = Client(Allowed.parse(registry.server.url), seconds=0.4)
    found = client.check(ImageReference.parse(f"127.0.0.1:{registry.server.port}/team/app:1"))
    client.close()
    assert found.seen is Seen.NOT_CHECKED


def test_an_authority_that_nobody_knows_is_trusted_only_from_the_file_of_the_setting(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path)

    def secure(connection: socket.socket, server: FaultyServer) -> None:
        with certificate.context.wrap_socket(connection, server_side=True) as wrapped:
            server.read(wrapped)
            wrapped.sendall(FOUND.encode())

    server = FaultyServer(secure)
    for ca_file, seen in [(None, Seen.NOT_CHECKED), (certificate.path, Seen.THERE)]:
        client = Client(Allowed.parse(f"127.0.0.1:{server.port}"), ca_file)
        assert client.check(ImageReference.parse(f"127.0.0.1:{server.port}/team/app:1")).seen is seen
        client.close()
    server.close()
