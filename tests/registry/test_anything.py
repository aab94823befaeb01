"""Whatever a registry answers and whatever is typed, there is one of the four answers, and no error."""

import socket

from hypothesis import given, settings
from hypothesis import strategies as st
from support.faults import FaultyServer
from support.registries import CANARY, CREDENTIALS, Registry, asking, no_look_up

from webapp.docker.references import ImageReference
from webapp.registry.findings import Finding, Seen

HEADERS = st.sampled_from(
    [
        "WWW-Authenticate",
        "Location",
        "Docker-Content-Digest",
        "Retry-After",
        "Link",
        "Content-Length",
        "Content-Encoding",
        "Transfer-Encoding",
        "Content-Type",
        "Docker-Distribution-Api-Version",
    ]  # fmt: skip
)
WORDS = st.sampled_from(
    [
        'Bearer realm="',
        '"',
        "Basic",
        "https://",
        "http://",
        "//",
        "[::1]",
        "@",
        ":0",
        "127.0.0.1",
        "gzip",
        "chunked",
        "-1",
        "1e9",
        "<",
        '>; rel="next"',
        "/v2/",
        "?",
        "#",
        "\\",
        "%",
        "%zz",
        "é",
        "\x00",
        "\t",
        "sha256:",
        "9" * 30,
    ]  # fmt: skip
)
VALUES = st.lists(WORDS | st.text(max_size=5), max_size=6).map("".join)
STATUS = st.sampled_from([200, 204, 206, 301, 302, 307, 308, 400, 401, 403, 404, 418, 429, 500, 503, 999, 0, 100])
BODIES = st.sampled_from(
    ["", "{}", '{"tags": null}', '{"token": 1}', "[" * 3000, '{"tags": ["a"]}', "\ud800", "-5\r\n"]
)


@given(
    answers=st.lists(st.tuples(STATUS, st.dictionaries(HEADERS, VALUES, max_size=4), BODIES), min_size=1, max_size=4)
)
@settings(max_examples=50)
def test_whatever_a_registry_answers_is_one_of_four(answers: list[tuple[int, dict[str, str], str]]) -> None:
    turns = iter(range(1000))

    def answer(connection: socket.socket, server: FaultyServer) -> None:
        if not server.read(connection):
            return
        status, headers, body = answers[next(turns) % len(answers)]
        lines = [f"HTTP/1.1 {status} Odd", *(f"{name}: {value}" for name, value in headers.items()), "", body]
        connection.sendall("\r\n".join(lines).encode("utf-8", "replace"))

    registry = Registry(fault=answer)
    with asking(registry.url, seconds=20, resolve=lambda name, port: ("127.0.0.1",)) as desk:
        found = [each(f"{registry.host}/team/app:1", CREDENTIALS) for each in (desk.check, desk.tags, desk.pins)]
    registry.server.close()
    assert all(each.sentence and CANARY not in repr(each) for each in found)


TEXTS = st.lists(
    WORDS | st.text(max_size=8) | st.sampled_from(["docker.io", "index.docker.io/v1/", "ubuntu"]), max_size=5
)


@given(registry=TEXTS.map("".join), name=TEXTS.map("".join), tag=TEXTS.map("".join))
@settings(max_examples=50)
def test_whatever_is_typed_is_one_of_four(registry: str, name: str, tag: str) -> None:
    with asking("only.example", resolve=no_look_up) as desk:
        found = desk.registries.check(ImageReference(name, registry, tag))
    assert isinstance(found, Finding)
    assert found.seen is Seen.NOT_CHECKED
