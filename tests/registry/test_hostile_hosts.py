"""Nobody can reach through Slipway what only Slipway's computer can: not one connection is made inward."""

import socket
from collections.abc import Iterator, Sequence

import pytest
from support.registries import CREDENTIALS, Registry, always, asking, challenge, empty

from webapp.registry.findings import NOT_REACHED, Seen
from webapp.registry.lookups import look_up

PUBLIC, PUBLIC_6 = "93.184.216.34", "2606:4700::1111"
# Names that lead somewhere, which the tests don't ask the internet for.
NAMES = {
    "localhost": ("::1", "127.0.0.1"),
    "metadata.google.internal": ("169.254.169.254",),
    "inward.example": ("10.0.0.1",),
    "half.example": (PUBLIC, "10.0.0.1"),
    "other-half.example": (PUBLIC_6, "::1"),
    "nat64.example": ("64:ff9b::7f00:1",),
    "gone.example": (),
}
INWARD = [
    "localhost", "LOCALHOST", "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1",
    "017700000001", "0", "0.0.0.0", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "[::ffff:169.254.169.254]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::1]",
    "[2002:7f00:1::]", "[2002:a9fe:a9fe::1]", "[2001:0:7f00:1::1]", "169.254.169.254", "2852039166", "0xa9fea9fe",
    "[fd00:ec2::254]", "[fe80::1]", "[fec0::1]", "[fc00::1]", "[ff02::1]", "224.0.0.1", "255.255.255.255",
    "240.0.0.1", "168.63.129.16", "100.100.100.200", "100.64.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1",
    "10.0.0.1", "172.16.0.1", "192.168.0.1", "192.88.99.1", "[2001:db8::1]", "metadata.google.internal",
    "inward.example", "half.example", "other-half.example", "nat64.example", "gone.example",
    "93.184.216.34:22", "93.184.216.34:6379", "93.184.216.34:80",
]  # fmt: skip
Connected = list[tuple[object, ...]]


def resolve(name: str, port: int) -> Sequence[str]:
    """The system's own way for numbers, in whatever spelling; a table for names."""
    return NAMES[name] if name in NAMES else look_up(name, port)


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> Iterator[Connected]:
    """Where sockets of this process have been told to connect to. None gets through but to the tests' own servers."""
    made: Connected = []
    connect = socket.socket.connect

    def count(self: socket.socket, address: tuple[object, ...]) -> None:
        made.append(address[:2])
        if address[0] != "127.0.0.1" or address[1] == 443:
            raise ConnectionRefusedError
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", count)
    yield made


@pytest.mark.parametrize("setting", ["*", "default,*", "default", "none"])
def test_no_spelling_of_an_inner_host_is_connected_to(connected: Connected, setting: str) -> None:
    with asking(setting, resolve=resolve) as desk:
        findings = {name: desk.check(f"{name}//team/app:1", person=name) for name in INWARD}
    assert len(INWARD) > 50
    assert {finding.seen for finding in findings.values()} == {Seen.NOT_CHECKED}
    assert connected == []
    if "*" in setting:
        assert {finding.sentence for finding in findings.values()} == {NOT_REACHED}


@pytest.mark.parametrize("name", INWARD)
def test_no_redirect_leads_inward(connected: Connected, name: str) -> None:
    registry = Registry(always(empty("307 Moved", f"Location: https://{name}/v2/")))
    with asking(f"*,{registry.url}", resolve=resolve) as desk:
        finding = desk.check(f"{registry.host}//team/app:1")
    registry.server.close()
    assert (finding.seen, finding.sentence) == (Seen.NOT_CHECKED, NOT_REACHED)
    assert connected == [("127.0.0.1", registry.server.port)]


@pytest.mark.parametrize("name", INWARD)
def test_no_realm_leads_inward(connected: Connected, name: str) -> None:
    registry = Registry(always(challenge(f'realm="https://{name}/token"')))
    with asking(f"*,{registry.url}", resolve=resolve) as desk:
        finding = desk.check(f"{registry.host}//team/app:1", CREDENTIALS)
    registry.server.close()
    assert (finding.seen, finding.sentence) == (Seen.NOT_CHECKED, NOT_REACHED)
    assert connected == [("127.0.0.1", registry.server.port)]


ODD = [
    "https://user@{}/", "https://{}:0/", "https://{}:99999/", "ftp://{}/", "file:///etc/passwd", "gopher://{}/",
    "https:\\\\{}/", "https://good.example\\@{}/", "https://{}%2f@good.example/", "https://good.example#@{}/",
    "//user@{}/", "https://１２７.0.0.1/", "unix:/var/run/docker.sock", "https:///",
]  # fmt: skip


@pytest.mark.parametrize("text", ODD)
def test_no_odd_address_leads_inward(connected: Connected, text: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as inner:
        inner.settimeout(0)
        port = inner.getsockname()[1]
        address = text.format(f"127.0.0.1:{port}" if "{}:" not in text else "127.0.0.1")
        for answer in [empty("302 Found", f"Location: {address}"), challenge(f'realm="{address}"')]:
            registry = Registry(always(answer))
            with asking(f"*,{registry.url}", resolve=lambda name, port: (PUBLIC,)) as desk:
                assert desk.check(f"{registry.host}//team/app:1", CREDENTIALS).seen is Seen.NOT_CHECKED
            registry.server.close()
        with pytest.raises(BlockingIOError):
            inner.accept()
    assert not [each for each in connected if each[1] not in (registry.server.port, 443) and each[1] == port]


def test_a_name_is_looked_up_once_and_connected_to_where_it_led_then(connected: Connected) -> None:
    looked_up: list[str] = []

    def changing(name: str, port: int) -> tuple[str, ...]:
        looked_up.append(name)
        return (PUBLIC,) if len(looked_up) == 1 else ("127.0.0.1",)

    with asking("*", resolve=changing) as desk:
        assert desk.check("registry.example/team/app:1").sentence == NOT_REACHED
    assert looked_up == ["registry.example"]
    assert set(connected) == {(PUBLIC, 443)}


def test_all_requests_of_one_check_go_where_the_name_led_at_first() -> None:
    looked_up: list[str] = []

    def changing(name: str, port: int) -> tuple[str, ...]:
        looked_up.append(name)
        return ("127.0.0.1",) if len(looked_up) == 1 else ("127.0.0.2",)

    def closing(request: str, url: str) -> str:
        found = "Bearer t0ken" in request or "GET /token" in request
        body = '{"token": "t0ken"}'
        answer = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nDocker-Content-Digest: sha256:{'a' * 64}\r\n"
        realm = f'WWW-Authenticate: Bearer realm="http://registry.example:{url.rpartition(":")[2]}/token"'
        if not found:
            return empty("401 No", realm, "Connection: close")
        return f"{answer}Connection: close\r\n\r\n{body if 'GET /token' in request else ''}"

    registry = Registry(closing)
    host = f"registry.example:{registry.server.port}"
    with asking(f"http://{host}", resolve=changing) as desk:
        assert desk.check(f"{host}/team/app:1").seen is Seen.THERE
    registry.server.close()
    assert looked_up == ["registry.example"]
    assert [f"Host: {host}" in request for request in registry.requests] == [True] * 3


def test_who_may_ask_anybody_is_not_told_what_is_behind_a_name(connected: Connected) -> None:
    """Closed, filtered, untrusted, private and unknown are all the same."""
    answers = {"closed.example": (PUBLIC,), "private.example": ("10.0.0.1",), "unknown.example": ()}
    with asking("*", resolve=lambda name, port: answers[name]) as desk:
        assert {desk.check(f"{name}/team/app:1").sentence for name in answers} == {NOT_REACHED}


@pytest.mark.parametrize(("host", "asked"), [("registry.example", False), ("ghcr.io", True), ("named.example", True)])
def test_through_a_proxy_which_looks_names_up_itself_only_known_hosts_are_asked(
    monkeypatch: pytest.MonkeyPatch, host: str, asked: bool
) -> None:
    proxy = Registry(always(empty("403 Not that one")))
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    monkeypatch.setenv("NO_PROXY", "")
    with asking("*,named.example", resolve=lambda name, port: (PUBLIC,)) as desk:
        assert desk.check(f"{host}/team/app:1", CREDENTIALS).seen is Seen.NOT_CHECKED
    proxy.server.close()
    assert proxy.lines == ([f"CONNECT {host}:443"] if asked else [])
    assert "Authorization" not in "".join(proxy.requests)


def test_several_addresses_of_a_host_are_tried_one_after_the_other() -> None:
    registry = Registry()
    host = f"registry.example:{registry.server.port}"
    with asking(f"http://{host}", resolve=lambda name, port: ("127.0.0.9", "127.0.0.1")) as desk:
        assert desk.check(f"{host}/team/app:1").seen is Seen.THERE
    registry.server.close()
