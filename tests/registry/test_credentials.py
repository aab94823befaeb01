"""Whom a name and password are told: the host that was typed, and the realm that is known to be its own."""

import gc
import logging
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType, ModuleType

import pytest
from support.registries import (
    CANARY,
    CREDENTIALS,
    DIGEST,
    FOUND,
    Desk,
    Registry,
    always,
    asking,
    challenge,
    empty,
    running,
    said,
)
from support.tls import make_certificate

from webapp.registry.challenges import Realm, read_challenge
from webapp.registry.findings import NotSeen, Seen
from webapp.registry.hosts import Host
from webapp.registry.images import HUB, Credentials

BASIC = f"Authorization: Basic {b64encode(f'anna:{CANARY}'.encode()).decode()}"
LOGIN = empty("401 Unauthorized", 'WWW-Authenticate: Basic realm="tests"')
NOT_TAKEN = (
    "The registry doesn't take this name and password, or they may not read this image, which may also not be there."
)
OPEN = (
    "The image is there: sha256:aaaaaaaaaaaa. Anybody may read it, so the name and password were not sent and are not "
    "checked."
)


@dataclass
class Two:
    """Two registries over TLS, and somebody who may ask both."""

    one: Registry
    other: Registry
    desk: Desk

    def check(self) -> tuple[Seen, str]:
        """Ask the first one with a name and password."""
        finding = self.desk.check(f"{self.one.host}/team/app:1", CREDENTIALS)
        return finding.seen, finding.sentence

    def told(self, registry: Registry) -> list[bool]:
        """Which requests to a registry had the name and password."""
        return [BASIC in request for request in registry.requests]


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    certificate = make_certificate(tmp_path)
    one, other = Registry(tls=certificate.context), Registry(tls=certificate.context)
    with asking(f"{one.host},{other.host}", ca_file=certificate.path) as desk:
        yield Two(one, other, desk)
    for each in (one, other):
        each.server.close()


def basic(request: str, url: str) -> str:
    """A registry that takes the right name and password."""
    return FOUND if BASIC in request else LOGIN


def with_realm(realm: Registry) -> "str":
    """What a registry says whose realm is another one."""
    return challenge(f'realm="{realm.url}/token"', 'service="tests"')


def test_a_registry_that_asks_for_them_is_told_them(two: Two) -> None:
    two.one.answers = basic
    assert two.check() == (Seen.THERE, "The image is there: sha256:aaaaaaaaaaaa.")
    assert two.told(two.one) == [False, True]


def test_a_wrong_password_is_refused(two: Two) -> None:
    two.one.answers = always(LOGIN)
    assert two.check() == (Seen.REFUSED, NOT_TAKEN)
    assert two.told(two.one) == [False, True]


def test_a_registry_that_does_not_ask_for_them_is_not_told_them(two: Two) -> None:
    assert two.check() == (Seen.THERE, OPEN)
    assert two.told(two.one) == [False]


def test_a_registry_that_refuses_and_does_not_ask_for_them_is_not_said_to_have_refused_them(two: Two) -> None:
    two.one.answers = always(empty("403 Forbidden"))
    assert two.check() == (
        Seen.REFUSED,
        "The registry refuses to show this image, and does not ask for the name and password.",
    )
    assert two.told(two.one) == [False]


def test_a_realm_on_the_registry_itself_is_told_them_and_the_registry_has_the_token_alone(two: Two) -> None:
    def answers(request: str, url: str) -> str:
        if request.startswith("GET /token?service=tests&scope=repository%3Ateam%2Fapp%3Apull "):
            return said({"token": "t0ken"}) if BASIC in request else empty("401 Unauthorized")
        return FOUND if "Authorization: Bearer t0ken" in request else with_realm(two.one)

    two.one.answers = answers
    assert two.check() == (Seen.THERE, "The image is there: sha256:aaaaaaaaaaaa.")
    assert two.told(two.one) == [False, True, False]


def test_a_realm_that_does_not_take_them_refuses(two: Two) -> None:
    two.one.answers = lambda request, url: empty("401 No") if "/token" in request else with_realm(two.one)
    assert two.check() == (Seen.REFUSED, NOT_TAKEN)


def test_a_token_that_opens_too_little_refuses(two: Two) -> None:
    two.one.answers = lambda request, url: said({"token": "t"}) if "/token" in request else with_realm(two.one)
    assert two.check() == (Seen.REFUSED, NOT_TAKEN)


@pytest.mark.parametrize("token", [empty("401 Unauthorized"), said({"token": "t0ken"})])
def test_a_realm_on_another_host_is_not_told_them_and_the_answer_says_so(two: Two, token: str) -> None:
    two.one.answers = always(with_realm(two.other))
    two.other.answers = always(token)
    assert two.check() == (
        Seen.NOT_CHECKED,
        "Not checked: the registry wants the name and password at 127.0.0.1, which is not known to be its own.",
    )
    assert two.told(two.other) == [False]


def test_what_anybody_may_read_is_there_also_with_a_realm_on_another_host(two: Two) -> None:
    two.one.answers = lambda request, url: FOUND if "Bearer t0ken" in request else with_realm(two.other)
    two.other.answers = always(said({"token": "t0ken"}))
    assert two.check() == (Seen.THERE, OPEN)
    assert two.told(two.one) + two.told(two.other) == [False] * 3


def test_a_realm_without_encryption_is_not_asked_for_a_registry_with_it(two: Two) -> None:
    plain = Registry()
    two.one.answers = always(with_realm(plain))
    with asking(f"{two.one.host},{plain.url}", ca_file=two.desk.ca_file) as desk:
        finding = desk.check(f"{two.one.host}/team/app:1", CREDENTIALS)
    plain.server.close()
    assert finding.sentence == "Not checked: the registry sends for a token without encryption."
    assert plain.server.connections == 0


def test_a_redirect_takes_neither_password_nor_token_to_another_host_and_not_back_again(two: Two) -> None:
    def away(request: str, url: str) -> str:
        if request.startswith("HEAD /back"):
            return FOUND
        return empty("307 Moved", f"Location: {two.other.url}/there") if BASIC in request else LOGIN

    two.one.answers = away
    two.other.answers = always(empty("307 Moved", f"Location: {two.one.url}/back"))
    assert two.check()[0] is Seen.THERE
    assert two.told(two.one) == [False, True, False]
    assert "Authorization" not in "".join(two.other.requests)


def test_a_redirect_on_the_same_host_keeps_them(two: Two) -> None:
    def moved(request: str, url: str) -> str:
        if "/moved" in request:
            return basic(request, url)
        return empty("308 Moved", "Location: /moved") if BASIC in request else LOGIN

    two.one.answers = moved
    assert two.check()[0] is Seen.THERE
    assert two.told(two.one) == [False, True, True]


def test_a_redirect_of_the_realm_takes_no_password_along(two: Two) -> None:
    def answers(request: str, url: str) -> str:
        return empty("307 Moved", f"Location: {two.other.url}/token") if "/token" in request else with_realm(two.one)

    two.one.answers = answers
    two.other.answers = always(empty("401 Unauthorized"))
    assert two.check()[0] is Seen.REFUSED
    assert two.told(two.one) == [False, True]
    assert two.told(two.other) == [False]


def test_a_plain_registry_is_told_them_only_where_it_is_named_with_http() -> None:
    registry = Registry(basic)
    with running(registry) as desk:
        assert desk.check(f"{registry.host}/team/app:1", CREDENTIALS).seen is Seen.THERE
    registry = Registry(basic)
    with asking(registry.host, seconds=0.3) as desk:
        assert desk.check(f"{registry.host}/team/app:1", CREDENTIALS).seen is Seen.NOT_CHECKED
    registry.server.close()
    assert BASIC not in "".join(registry.requests)


BEARER = 'Bearer realm="{}",service="tests"'
FOR_DOCKER_HUB = {
    "https://auth.docker.io/token": True,
    "https://registry-1.docker.io/token": True,
    "http://auth.docker.io/token": False,
    "https://auth.docker.io:444/token": False,
    "https://auth.docker.io.evil.example/": False,
    "https://evil-docker.io/": False,
    "https://docker.io/": False,
}


@pytest.mark.parametrize("address", FOR_DOCKER_HUB)
def test_the_realms_of_the_well_known_registries_are_known(address: str) -> None:
    realm = read_challenge(BEARER.format(address), "library/ubuntu")
    assert isinstance(realm, Realm)
    assert realm.may_know(HUB) is FOR_DOCKER_HUB[address]
    assert not realm.may_know(Host("https", "registry.example"))
    assert not realm.may_know(Host("http", HUB.name, 80))


def test_docker_hub_is_asked_for_leave_to_read_one_repository_whatever_it_names() -> None:
    header = 'Bearer realm="https://auth.docker.io/token?a=1",service="registry.docker.io",scope="repository:x:push"'
    assert read_challenge(header, "library/ubuntu") == Realm(
        Host("https", "auth.docker.io"),
        "/token?a=1&service=registry.docker.io&scope=repository%3Alibrary%2Fubuntu%3Apull",
    )


@pytest.mark.parametrize("header", ['Basic realm="b", {}', '{}, Basic realm="b"', "{},basic", "bogus, {}"])
def test_where_there_is_a_choice_it_is_the_token(header: str) -> None:
    found = read_challenge(header.format(BEARER.format("https://a.example/t")), "team/app")
    assert isinstance(found, Realm) and found.host == Host("https", "a.example")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", 'Bearer realm=""', "Negotiate", "x" * 9000])
def test_what_names_no_realm_is_not_followed(header: str) -> None:
    with pytest.raises(NotSeen):
        read_challenge(header, "team/app")


def texts_held_by(start: object) -> Iterator[str]:
    """All texts that something holds, however deep."""
    seen, waiting = {id(start)}, [start]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str | bytes | bytearray):
            yield item if isinstance(item, str) else bytes(item).decode("latin-1")
        for held in gc.get_referents(item):
            if id(held) not in seen and not isinstance(held, ModuleType | FunctionType | type):
                seen.add(id(held))
                waiting.append(held)


def test_nothing_of_them_is_kept_logged_or_shown(two: Two, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    two.one.answers = basic
    credentials = Credentials("anna-canary", CANARY)
    finding = two.desk.check(f"{two.one.host}/team/app:1", credentials)
    tags = two.desk.tags(f"{two.one.host}/team/app:1", credentials)
    pins = two.desk.pins(f"{two.one.host}/team/app:1", credentials)
    assert finding.seen is Seen.REFUSED
    shown = f"{finding!r} {tags!r} {pins!r} {credentials!r} {caplog.text}"
    held = [shown, *texts_held_by(two.desk.registries)]
    assert any(NOT_TAKEN in text for text in held), "answers are kept, and this looks at what is kept"
    signed = credentials.basic.removeprefix("Basic ")
    assert [text for text in held if CANARY in text or "anna-canary" in text or signed in text] == []


def test_half_a_character_in_a_password_is_no_error(two: Two) -> None:
    two.one.answers = basic
    assert two.desk.check(f"{two.one.host}/team/app:1", Credentials("anna", "\ud800")).seen is Seen.REFUSED


def test_another_password_is_another_question(two: Two) -> None:
    two.one.answers = basic
    image = f"{two.one.host}/team/app:1"
    assert two.desk.check(image, Credentials("anna", "wrong")).seen is Seen.REFUSED
    assert two.desk.check(image, CREDENTIALS).digest == DIGEST
    assert two.desk.check(image).seen is Seen.REFUSED
