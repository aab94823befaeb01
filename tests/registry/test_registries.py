"""What registries do, and which of the four answers it is: never surer than what was seen, in a sentence."""

import socket
from base64 import b64encode
from pathlib import Path
from threading import Event

import pytest
from support.faults import (
    Fault,
    FaultyServer,
    drip_body,
    drip_headers,
    endless_body,
    read_and_wait,
    read_then_close,
    read_then_reset,
    reset_at_once,
    stall_the_handshake,
)
from support.registries import (
    API,
    CANARY,
    CREDENTIALS,
    DIGEST,
    FOUND,
    Answers,
    Registry,
    always,
    asking,
    challenge,
    empty,
    no_look_up,
    reference,
    running,
    said,
)
from support.tls import make_certificate

from webapp.docker.references import ImageReference
from webapp.registry.findings import NotSeen, Seen
from webapp.registry.hosts import Allowed, Host
from webapp.registry.images import Place, place_of
from webapp.registry.lookups import LookUps, look_up

THERE, NOT_THERE, REFUSED, NOT_CHECKED = Seen.THERE, Seen.NOT_THERE, Seen.REFUSED, Seen.NOT_CHECKED
BASIC = f"Basic {b64encode(f'anna:{CANARY}'.encode()).decode()}"
PRIVATE = "The image is private or not there: without a name and password the registry doesn't tell which."
NOT_TAKEN = (
    "The registry doesn't take this name and password, or they may not read this image, which may also not be there."
)
BROKEN = "Not checked: the connection to the registry broke before its answer came."
TOO_SLOW = "Not checked: the registry took too long to answer."
TOO_LARGE = "Not checked: the registry gave an answer that is too large."
UNREADABLE = "Not checked: the registry gave an answer that Slipway can't read."
NOTHING_HERE = "Not checked: 127.0.0.1 does not answer as a registry does."
NAME_UNKNOWN = {"errors": [{"code": "NAME_UNKNOWN", "message": "repository name not known to registry"}]}
HTML = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n"


def with_token(token_answer: str, *more: str) -> Answers:
    """A registry that wants a token from its own realm."""

    def answers(request: str, url: str) -> str:
        if request.startswith("GET /token"):
            return token_answer
        if "Authorization: Bearer t0ken" in request:
            return FOUND
        return challenge(f'realm="{url}/token"', 'service="tests"', *more)

    return answers


def with_list(manifest: str, tags: str) -> Answers:
    """A registry that says one thing of manifests, and another one of tags."""
    return lambda request, url: manifest if request.startswith("HEAD") else tags


def listing(*tags: str) -> Answers:
    """A registry that has these tags, and not the one that is looked for."""
    return with_list(GONE, said({"tags": tags}))


TOKEN = said({"token": "t0ken"})
GONE = empty("404 Not Found", API)
LOGIN = empty("401 Unauthorized", 'WWW-Authenticate: Basic realm="tests"')
# What a registry does when nobody gives a name and password → the answer, and what its sentence says.
ANONYMOUS: dict[str, tuple[Answers, Seen, str]] = {
    "there": (always(FOUND), THERE, "The image is there: sha256:aaaaaaaaaaaa."),
    "HTTP/1.0": (always(FOUND.replace("1.1", "1.0")), THERE, "The image is there: sha256:aaaaaaaaaaaa."),
    "Bearer": (with_token(TOKEN), THERE, "The image is there: sha256:aaaaaaaaaaaa."),
    "Bearer with a scope": (with_token(TOKEN, 'scope="repository:all:*"'), THERE, "The image is there"),
    "an access token": (with_token(said({"access_token": "t0ken"})), THERE, "The image is there"),
    "no token": (with_token(said({})), NOT_CHECKED, "Not checked: the registry gave no token to ask with."),
    "a token with a line end": (with_token(said({"token": "a\r\nb"})), NOT_CHECKED, "gave no token"),
    "HTML for a token": (with_token(HTML + "<html>"), NOT_CHECKED, "gave no token"),
    "a token that is packed, and is not": (
        with_token(said({}, "200 OK", "Content-Encoding: gzip")),
        NOT_CHECKED,
        "no token",
    ),
    "a token refused": (with_token(empty("401 Unauthorized")), REFUSED, PRIVATE),
    "too many tokens": (with_token(empty("429 Slow", "Retry-After: 90")), NOT_CHECKED, "takes no more questions"),
    "401 after the token": (with_token(said({"token": "other"})), REFUSED, PRIVATE),
    "Basic": (always(LOGIN), REFUSED, PRIVATE),
    "403": (always(empty("403 Forbidden")), REFUSED, PRIVATE),
    "no such image": (
        with_list(empty("404 Not Found"), said(NAME_UNKNOWN, "404 Not Found")),
        NOT_THERE,
        "The registry shows no such image to anybody without a name and password.",
    ),
    "no such image, and no JSON": (always(GONE), NOT_THERE, "The registry shows no such image"),
    "404 from what is no registry": (always(empty("404 Not Found")), NOT_CHECKED, NOTHING_HERE),
    "no such tag": (
        listing("22.04", "24.04", "jammy", "20.04"),
        NOT_THERE,
        "The registry has this image, but not with the tag 22.4. Most alike: 22.04, 20.04, 24.04.",
    ),
    "a tag that is listed and has no image": (listing("22.4"), NOT_CHECKED, "lists this tag, and says that it has no"),
    "no tags at all": (listing(), NOT_THERE, "shows no such image"),
    "a list that is too large": (
        with_list(empty("404 Not Found"), said({"tags": ["1.0"] * 400_000})),
        NOT_CHECKED,
        TOO_LARGE,
    ),
    "tags that are kept secret": (
        with_list(GONE, empty("403 Forbidden")),
        NOT_THERE,
        "The registry has no such image, or not with this tag.",
    ),
    "429 with a time": (
        always(empty("429 Too Many Requests", "Retry-After: 600")),
        NOT_CHECKED,
        "Not checked: the registry takes no more questions at this moment.",
    ),
    "429": (always(empty("429 Too Many Requests")), NOT_CHECKED, "takes no more questions at this moment."),
    "HTML": (always(HTML), NOT_CHECKED, "Not checked: the registry answers with a web page."),
    "without a digest": (always(empty("200 OK")), NOT_CHECKED, "doesn't say which image"),
    "a wrong digest": (always(empty("200 OK", "Docker-Content-Digest: sha256:zz")), NOT_CHECKED, "doesn't say which"),
    "500": (always(empty("500 Oops")), NOT_CHECKED, "Not checked: the registry has a problem of its own."),
    "503 with a time": (always(empty("503 Busy", "Retry-After: 30")), NOT_CHECKED, "has a problem of its own."),
    "a teapot": (always(empty("418 Teapot")), NOT_CHECKED, UNREADABLE),
    "cut in the first line": (always("HTTP/1.1 2"), NOT_CHECKED, BROKEN),
    "no HTTP": (always("<html>"), NOT_CHECKED, BROKEN),
    "401 without a way": (always(empty("401 Unauthorized")), NOT_CHECKED, "a kind of sign-in that"),
    "Negotiate": (always(empty("401 No", "WWW-Authenticate: Negotiate")), NOT_CHECKED, "a kind of sign-in"),
    "a realm that is no address": (always(challenge('realm="/token"')), NOT_CHECKED, "a kind of sign-in"),
    "a realm that no URL can be": (always(challenge('realm="https://[::1/"')), NOT_CHECKED, "a kind of sign-in"),
    "a redirect inward": (
        always(empty("302 Found", "Location: https://127.0.0.1:1/")),
        NOT_CHECKED,
        "Not checked: 127.0.0.1:1 is not one of the registries that Slipway asks.",
    ),
    "a redirect to no address": (always(empty("302 Found", "Location: https://[::1/")), NOT_CHECKED, "can't be asked"),
    "a redirect nowhere": (always(empty("302 Found")), NOT_CHECKED, UNREADABLE),
    "redirects in a circle": (always(empty("307 Go", "Location: /v2/")), NOT_CHECKED, "from one address to the next."),
}


@pytest.mark.parametrize("name", ANONYMOUS)
def test_what_a_registry_says_is_one_of_four_answers(name: str) -> None:
    answers, seen, sentence = ANONYMOUS[name]
    registry = Registry(answers)
    with running(registry) as desk:
        finding = desk.check(f"{registry.host}/team/app:22.4")
    assert finding.seen is seen
    assert sentence in finding.sentence
    assert finding.digest == (DIGEST if seen is THERE else "")


FAULTS: dict[str, tuple[Fault, str]] = {
    "closed at once": (read_then_close, BROKEN),
    "reset": (read_then_reset, BROKEN),
    "reset before the request": (reset_at_once, BROKEN),
    "silent": (read_and_wait, TOO_SLOW),
    "slow headers": (drip_headers, TOO_SLOW),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_never_answers_is_given_up(name: str) -> None:
    fault, sentence = FAULTS[name]
    registry = Registry(fault=fault)
    with asking(registry.url, seconds=0.3 if sentence is TOO_SLOW else 30) as desk:
        finding = desk.check(f"{registry.host}/team/app:1")
    registry.server.close()
    assert (finding.seen, finding.sentence) == (NOT_CHECKED, sentence)
    # Only a broken connection is tried again.
    assert registry.server.connections <= (1 if sentence is TOO_SLOW else 2)


def after_the_challenge(fault: Fault) -> Fault:
    """A registry whose realm does something odd."""

    def whole(connection: socket.socket, server: FaultyServer) -> None:
        request = server.read(connection)
        if request.startswith(b"HEAD"):
            connection.sendall(challenge(f'realm="{server.url}/token"').encode())
            fault(connection, server)

    return whole


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [(drip_body, TOO_SLOW), (endless_body, TOO_LARGE)],
)
def test_the_body_of_an_answer_is_read_within_the_time_and_no_more_than_64_kb(fault: Fault, sentence: str) -> None:
    registry = Registry(fault=after_the_challenge(fault))
    with asking(registry.url, seconds=0.3 if sentence is TOO_SLOW else 30) as desk:
        finding = desk.check(f"{registry.host}/team/app:1")
    registry.server.close()
    assert (finding.seen, finding.sentence) == (NOT_CHECKED, sentence)


def endless_head(connection: socket.socket, server: FaultyServer) -> None:
    """Send one header after the other for ever, as fast as they are read."""
    server.read(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X-Long: " + b"x" * 60_000 + b"\r\n")


def fast_hints(connection: socket.socket, server: FaultyServer) -> None:
    """Send one early hint after the other, as fast as they are read."""
    server.read(connection)
    while True:
        connection.sendall(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1000)


@pytest.mark.parametrize("fault", [endless_head, fast_hints])
def test_the_head_of_an_answer_counts_too(fault: Fault) -> None:
    registry = Registry(fault=fault)
    with asking(registry.url, seconds=30) as desk:
        finding = desk.check(f"{registry.host}/team/app:1")
    registry.server.close()
    assert (finding.seen, finding.sentence) == (NOT_CHECKED, TOO_LARGE)
    assert registry.server.connections == 1


def test_nobody_there_is_no_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with asking(f"http://127.0.0.1:{port}") as desk:
        finding = desk.check(f"127.0.0.1:{port}/team/app:1")
    assert (finding.seen, finding.sentence) == (NOT_CHECKED, "Not checked: there is no connection to 127.0.0.1.")


def test_a_broken_connection_is_tried_once_more() -> None:
    registry = Registry()

    def once_broken(connection: socket.socket, server: FaultyServer) -> None:
        request = server.read(connection)
        if request and server.connections > 1:
            connection.sendall(FOUND.encode())

    registry.server.fault = once_broken
    with running(registry) as desk:
        assert desk.check(f"{registry.host}/team/app:1").seen is THERE
    assert registry.server.connections == 2


def test_a_name_that_is_looked_up_for_too_long_is_given_up() -> None:
    end = Event()

    def never(name: str, port: int) -> tuple[str, ...]:
        end.wait(60)
        return ()

    with asking("*", seconds=0.2, resolve=never) as desk:
        findings = [desk.check("registry.example/team/app:1") for _ in range(3)]
    end.set()
    assert {finding.seen for finding in findings} == {NOT_CHECKED}


def test_a_name_without_an_address_is_no_host() -> None:
    with asking("registry.example", resolve=lambda name, port: ()) as desk:
        assert desk.check("registry.example/team/app:1").sentence == "Not checked: there is no host registry.example."


def test_an_authority_that_nobody_knows_is_trusted_only_from_the_file_of_the_setting(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path)
    registry = Registry(tls=certificate.context)
    image = f"{registry.host}/team/app:1"
    with asking(registry.host) as desk:
        finding = desk.check(image, CREDENTIALS)
    assert (finding.seen, finding.sentence) == (
        NOT_CHECKED,
        "Not checked: the certificate of 127.0.0.1 is not trusted.",
    )
    assert registry.requests == []
    with asking(registry.host, ca_file=certificate.path) as desk:
        assert desk.check(image).seen is THERE
    registry.server.close()


def test_a_certificate_is_of_the_name_that_was_typed_and_not_of_the_address(tmp_path: Path) -> None:
    for name, seen in [("registry.example", THERE), ("", NOT_CHECKED)]:
        folder = tmp_path / (name or "address")
        folder.mkdir()
        certificate = make_certificate(folder, name)
        registry = Registry(tls=certificate.context)
        host = f"registry.example:{registry.server.port}"
        with asking(host, ca_file=certificate.path, resolve=lambda name, port: ("127.0.0.1",)) as desk:
            assert desk.check(f"{host}/team/app:1").seen is seen
        registry.server.close()


def test_a_handshake_that_stalls_is_given_up() -> None:
    server = FaultyServer(stall_the_handshake)
    with asking(f"127.0.0.1:{server.port}", seconds=0.2) as desk:
        assert desk.check(f"127.0.0.1:{server.port}/team/app:1").seen is NOT_CHECKED
    server.close()


def test_a_redirect_to_a_host_that_may_be_asked_is_followed() -> None:
    store = Registry()
    registry = Registry(always(empty("307 Moved", f"Location: {store.url}/elsewhere?a=b")))
    with running(registry, store) as desk:
        finding = desk.check(f"{registry.host}/team/app:1")
    assert finding.sentence == "Not checked: the registry leads to an address without encryption."
    assert store.server.connections == 0


def test_only_buddy_knows_what_a_variable_is() -> None:
    registry = Registry()
    with running(registry) as desk:
        for image in [f"{registry.host}/team/app:$TAG", "$REGISTRY/team/app:1", f"{registry.host}/team/$NAME:1"]:
            assert desk.check(image).sentence.startswith("Not checked: a variable stands in the name of the image")
    assert registry.server.connections == 0


@pytest.mark.parametrize(
    "image", ["", "Team/App", "team/app:a b", "user@host//team/app", "host/-//team/app", "a" * 700]
)
def test_what_is_no_image_is_asked_for_nowhere(image: str) -> None:
    registry, _, name = image.rpartition("//")
    name, _, tag = name.partition(":")
    with asking("*", resolve=no_look_up) as desk:
        finding = desk.registries.check(ImageReference(name, registry, tag))
    assert finding.sentence == "Not checked: this is not the name of an image."


def test_a_registry_can_stand_in_for_those_that_may_be_asked() -> None:
    registry = Registry()
    stand_in = Host.in_url(registry.url)
    with asking("default,registry.example:5000", stand_in=stand_in, resolve=lambda name, port: ("127.0.0.1",)) as desk:
        for image in ("ubuntu", "ghcr.io/team/app:1", "registry.example:5000/team/app"):
            assert desk.check(image).seen is THERE
        assert desk.check("elsewhere.example/team/app").sentence == (
            "Not checked: elsewhere.example is not one of the registries that Slipway asks."
        )
    registry.server.close()
    assert registry.lines == [
        "HEAD /v2/registry-1.docker.io/library/ubuntu/manifests/latest",
        "HEAD /v2/ghcr.io/team/app/manifests/1",
        "HEAD /v2/registry.example/team/app/manifests/latest",
    ]


ON_HUB = [
    "ubuntu",
    "library/ubuntu",
    "docker.io/ubuntu",
    "index.docker.io//library/ubuntu",
    "index.docker.io/v1//ubuntu",
]


@pytest.mark.parametrize("image", [*ON_HUB, "Docker.IO//ubuntu", "registry-1.docker.io/ubuntu"])
def test_docker_hub_has_several_names_and_official_images_a_place(image: str) -> None:
    assert place_of(reference(image), Allowed.parse()) == Place(
        Host("https", "registry-1.docker.io"), "library/ubuntu", "latest"
    )


def test_a_path_of_the_registry_is_part_of_the_name() -> None:
    assert place_of(ImageReference("app", "Registry.Example:5000/team/", "1"), Allowed.parse("*")) == Place(
        Host("https", "registry.example", 5000), "team/app", "1"
    )
    assert place_of(ImageReference("redis", "docker.io/bitnami"), Allowed.parse()).repository == "bitnami/redis"


def test_a_registry_that_stands_in_the_name_is_the_one_that_is_asked_unless_there_are_two() -> None:
    allowed = Allowed.parse("*")
    assert place_of(ImageReference("ghcr.io/team/app"), allowed) == Place(
        Host("https", "ghcr.io"), "team/app", "latest"
    )
    with pytest.raises(NotSeen):
        place_of(ImageReference("ghcr.io/team/app", "quay.io"), allowed)


def test_names_are_looked_up_by_few_threads_at_once() -> None:
    end = Event()

    def never(name: str, port: int) -> tuple[str, ...]:
        end.wait(60)
        return ()

    looking = LookUps(never, at_once=1)
    for _ in range(2):
        with pytest.raises(TimeoutError):
            looking.find("registry.example", 443, 0.05)
    end.set()


def test_a_name_that_none_can_be_has_no_address() -> None:
    assert look_up("a..b", 443) == ()
