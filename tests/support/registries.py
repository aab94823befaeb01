"""A registry on a socket, which answers as a test says, and asking it as people do."""

import json
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from support.faults import Fault, FaultyServer
from webapp.docker.references import ImageReference
from webapp.registry.findings import Finding, Pins, Tags
from webapp.registry.hosts import Allowed
from webapp.registry.images import Credentials
from webapp.registry.registries import Registries

DIGEST = f"sha256:{'a' * 64}"
FOUND = f"HTTP/1.1 200 OK\r\nDocker-Content-Digest: {DIGEST}\r\nContent-Length: 500\r\n\r\n"
API = "Docker-Distribution-Api-Version: registry/2.0"
CANARY = "canary-password"
CREDENTIALS = Credentials("anna", CANARY)
# Gives the answer to a request, which is its first line and its headers, of the registry at this address.
Answers = Callable[[str, str], str]


def empty(status: str, *headers: str) -> str:
    """An answer without a body."""
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "Content-Length: 0", "", ""])


def said(data: Any, status: str = "200 OK", *headers: str) -> str:
    """An answer in JSON."""
    text = json.dumps(data)
    typed = ["Content-Type: application/json", f"Content-Length: {len(text)}"]
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, *typed, "", text])


def challenge(*parts: str) -> str:
    """An answer that wants a token."""
    return empty("401 Unauthorized", API, f"WWW-Authenticate: Bearer {','.join(parts)}")


def always(answer: str) -> Answers:
    """The same answer to everything."""
    return lambda request, url: answer


class Registry:
    """A registry on a loopback port, over TLS where there is a context. `answers` or `fault` say what it does."""

    def __init__(
        self, answers: Answers | None = None, fault: Fault | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self.answers = answers or always(FOUND)
        self._tls = tls
        self.server = FaultyServer(fault or self._answer)
        self.host = f"127.0.0.1:{self.server.port}"
        self.url = f"{'https' if tls else 'http'}://{self.host}"

    @property
    def requests(self) -> list[str]:
        """What came, as text."""
        return [request.decode(errors="replace") for request in self.server.requests]

    @property
    def lines(self) -> list[str]:
        """The first line of each request, without the version."""
        return [request.split("\r\n")[0].rpartition(" ")[0] for request in self.requests]

    def _answer(self, connection: socket.socket, server: FaultyServer) -> None:
        with suppress(OSError), self._secured(connection) as talking:
            while request := server.read(talking):
                answer = self.answers(request.decode(errors="replace"), self.url)
                talking.sendall(answer.encode())
                if "\r\n\r\n" not in answer:
                    return

    def _secured(self, connection: socket.socket) -> socket.socket:
        return self._tls.wrap_socket(connection, server_side=True) if self._tls else connection


class Desk:
    """Somebody who asks registries."""

    def __init__(self, setting: str, **options: Any) -> None:
        self.ca_file = options.get("ca_file")
        self.registries = Registries(Allowed.parse(setting), **options)

    def check(self, image: str, credentials: Credentials | None = None, person: str = "anna") -> Finding:
        """Ask for an image."""
        return self.registries.check(reference(image), credentials, person)

    def tags(self, image: str, credentials: Credentials | None = None, person: str = "anna") -> Tags:
        """Ask for its tags."""
        return self.registries.tags(reference(image), credentials, person)

    def pins(self, image: str, credentials: Credentials | None = None, person: str = "anna") -> Pins:
        """Ask for its versions."""
        return self.registries.pins(reference(image), credentials, person)


@contextmanager
def asking(setting: str, **options: Any) -> Iterator[Desk]:
    """Somebody who asks those registries that the setting allows."""
    desk = Desk(setting, **options)
    try:
        yield desk
    finally:
        desk.registries.close()


@contextmanager
def running(*registries: Registry) -> Iterator[Desk]:
    """Somebody who may ask these registries. Nobody of them may ever be asked for a manifest by GET."""
    try:
        with asking(",".join(each.url for each in registries)) as desk:
            yield desk
    finally:
        for each in registries:
            each.server.close()
            assert not [line for line in each.lines if line.startswith("GET") and "/manifests/" in line]


def no_look_up(name: str, port: int) -> tuple[str, ...]:
    """Looks nothing up, and must not be asked to."""
    raise AssertionError(name)


def reference(text: str) -> ImageReference:
    """An image as Buddy has it: the registry may have a path."""
    registry, slash, name = text.rpartition("//")
    if not slash:
        return ImageReference.parse(text)
    known = ImageReference.parse(name)
    return ImageReference(known.name, registry, known.tag, known.digest)
