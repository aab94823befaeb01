"""Registries are asked for people, and give one of four answers."""

import socket

from support.faults import FaultyServer

from webapp.docker.references import ImageReference
from webapp.registry.findings import Seen
from webapp.registry.hosts import Allowed
from webapp.registry.registries import Registries

DIGEST = f"sha256:{'a' * 64}"


def found(connection: socket.socket, server: FaultyServer) -> None:
    server.read(connection)
    connection.sendall(f"HTTP/1.1 200 OK\r\nDocker-Content-Digest: {DIGEST}\r\nContent-Length: 9\r\n\r\n".encode())


def test_an_image_is_asked_for_by_head_alone_and_is_there() -> None:
    server = FaultyServer(found)
    registries = Registries(Allowed.parse(server.url))
    finding = registries.check(ImageReference("team/app", f"127.0.0.1:{server.port}", "1"))
    registries.close()
    server.close()
    assert (finding.seen, finding.digest) == (Seen.THERE, DIGEST)
    assert [request.split(b"\r\n")[0] for request in server.requests] == [b"HEAD /v2/team/app/manifests/1 HTTP/1.1"]
