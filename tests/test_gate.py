"""The gate: who may ask, and from where."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.buddy import StubBuddy
from support.clock import Clock
from support.rigs import Rig, open_rig

URL = "http://127.0.0.1:8000"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "localhost:9", "[::1]:8000", "127.0.0.2"])
def test_this_computers_own_names_are_served(client: FlaskClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


OTHER_HOSTS = ["example.com", "127.0.0.1.example.com", "localhost.example.com", "a b", "[", ""]
MORE_THAN_A_HOST = ["example.com@localhost", "localhost/example.com", "localhost?", "localhost:http", "localhost:0"]


@pytest.mark.parametrize("host", OTHER_HOSTS + MORE_THAN_A_HOST)
@pytest.mark.parametrize("path", ["/", "/sandbox/", "/sandbox/api/workspaces", "/static/site.css"])
def test_any_other_host_is_refused_everywhere(client: FlaskClient, host: str, path: str) -> None:
    answer = client.get(path, headers={"Host": host})
    assert (answer.status_code, b"not Slipway's address" in answer.data) == (400, True)


@pytest.mark.parametrize("header", ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"])
def test_a_request_through_a_proxy_is_refused(client: FlaskClient, header: str) -> None:
    answer = client.get("/", base_url=URL, headers={header: "10.0.0.1"})
    assert (answer.status_code, b"through a proxy" in answer.data) == (400, True)


DESK = "https://desk.example.com"
# What the last proxies have added to X-Forwarded-For, with one in front and with two → whom the record names.
CLIENTS = {
    "one proxy": (1, "10.0.0.7", "10.0.0.7"),
    "one proxy, a forged entry before it": (1, "1.2.3.4, 10.0.0.7", "10.0.0.7"),
    "one proxy, many forged": (1, "127.0.0.1,1.1.1.1 , 10.0.0.7", "10.0.0.7"),
    "two proxies": (2, "10.0.0.7, 172.16.0.1", "10.0.0.7"),
    "two proxies, a forged entry": (2, "6.6.6.6, 10.0.0.7, 172.16.0.1", "10.0.0.7"),
    "IPv6": (1, "2001:db8::7", "2001:db8::7"),
    "IPv6, with a zone that is a network card of the proxy's": (1, "fe80::7%eth0", "fe80::7"),
    "IPv6, with a zone of any length": (1, f"fe80::7%{'a' * 300}", "fe80::7"),
}


@pytest.fixture
def behind(tmp_path: Path) -> Iterator[Callable[[int], Rig]]:
    """Starts Slipways behind proxies."""
    buddy = StubBuddy()
    rigs: list[Rig] = []

    def start(hops: int) -> Rig:
        rigs.append(open_rig(tmp_path, buddy, Clock(), url=DESK, proxy_hops=hops))
        return rigs[-1]

    yield start
    for rig in rigs:
        rig.parts.close()
    buddy.close()


@pytest.mark.parametrize(("hops", "entries", "client"), CLIENTS.values(), ids=CLIENTS)
def test_the_record_names_the_client_that_the_proxies_have_seen(
    behind: Callable[[int], Rig], hops: int, entries: str, client: str
) -> None:
    rig = behind(hops)
    lies = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "Forwarded": "for=9.9.9.9"}
    rig.browser.headers = lies | {"X-Forwarded-For": entries}
    rig.send()
    events = rig.parts.journal.events(rig.row.id)
    assert {event.origin for event in events} == {client}


PAST = {
    "no entry at all": (1, {}, "10.0.0.7"),
    "one too few": (2, {"X-Forwarded-For": "10.0.0.7"}, "127.0.0.1"),
    "no address": (1, {"X-Forwarded-For": "unknown"}, "127.0.0.1"),
    "an empty one": (1, {"X-Forwarded-For": ""}, "127.0.0.1"),
    "another header": (1, {"Forwarded": "for=10.0.0.7"}, "127.0.0.1"),
}


@pytest.mark.parametrize(("hops", "headers", "peer"), PAST.values(), ids=PAST)
def test_what_came_past_the_proxies_is_refused(
    behind: Callable[[int], Rig], hops: int, headers: dict[str, str], peer: str
) -> None:
    client = behind(hops).app.test_client()
    answer = client.get("/", base_url=DESK, headers=headers, environ_overrides={"REMOTE_ADDR": peer})
    assert (answer.status_code, b"through all of Slipway" in answer.data) == (400, True)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "evil.example", "desk.example.com.evil.example"])
def test_behind_a_proxy_its_own_name_alone_is_served(behind: Callable[[int], Rig], host: str) -> None:
    client = behind(1).app.test_client()
    answer = client.get(
        "/", headers={"Host": host, "X-Forwarded-For": "127.0.0.1", "X-Forwarded-Host": "desk.example.com"}
    )
    assert (answer.status_code, b"not Slipway's address" in answer.data) == (400, True)


def test_behind_a_proxy_this_computer_may_still_ask_how_it_is(behind: Callable[[int], Rig]) -> None:
    assert behind(1).app.test_client().get("/healthz", base_url="http://127.0.0.1:8000").status_code == 200


PROBES = {
    "a pod's address": ({"Host": "10.1.2.3:8000"}, "10.1.0.1"),
    "no host": ({"Host": ""}, "10.1.0.1"),
    "no host at all": ({"Host": "a b"}, "10.1.0.1"),
    "through fewer proxies": ({"Host": "desk.example.com", "X-Forwarded-For": "10.0.0.9"}, "10.0.0.7"),
    "through more": ({"Host": "x", "X-Forwarded-For": "1.1.1.1, 2.2.2.2, 3.3.3.3", "Forwarded": "for=x"}, "10.0.0.7"),
}


@pytest.mark.parametrize("hops", [0, 2])
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize(("headers", "peer"), PROBES.values(), ids=PROBES)
def test_a_probe_is_answered_whatever_it_says_of_host_and_proxies(
    behind: Callable[[int], Rig], hops: int, path: str, headers: dict[str, str], peer: str
) -> None:
    client = behind(hops).app.test_client()
    answer = client.get(path, headers=headers, environ_overrides={"REMOTE_ADDR": peer})
    assert (answer.status_code, answer.json) == (200, {"status": "alive" if path == "/healthz" else "ready"})
    # Nothing else is.
    assert client.get("/", headers=headers, environ_overrides={"REMOTE_ADDR": peer}).status_code == 400
    for other in (f"{path}/", f"/x/..{path}", f"/sandbox{path}"):
        assert client.get(other, headers=headers, environ_overrides={"REMOTE_ADDR": peer}).status_code == 400


def test_a_name_of_this_computer_is_no_address_for_others(client: FlaskClient) -> None:
    answer = client.get("/", base_url="http://localhost:8000", environ_overrides={"REMOTE_ADDR": "10.0.0.7"})
    assert answer.status_code == 400


CROSS_SITE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://example.com"},
    {"Origin": "http://127.0.0.1:9000"},
    {"Origin": "null"},
    {"Origin": "http://["},
]


@pytest.mark.parametrize("headers", CROSS_SITE)
@pytest.mark.parametrize("path", ["/workspaces/buddy/projects/a/pipelines/1/actions", "/sandbox/api/workspaces"])
def test_a_post_from_another_site_is_refused(client: FlaskClient, headers: dict[str, str], path: str) -> None:
    assert client.post(path, base_url=URL, headers=headers).status_code == 403


def test_a_link_from_another_site_is_followed(client: FlaskClient) -> None:
    assert client.get("/", base_url=URL, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_a_program_may_use_the_sandboxs_api(client: FlaskClient) -> None:
    answer = client.get("/sandbox/api/workspaces", base_url=URL, headers={"Authorization": "Bearer sandbox"})
    assert answer.status_code == 200


def test_trace_is_not_served(client: FlaskClient) -> None:
    assert client.open("/", method="TRACE", base_url=URL).status_code == 405


LONG = {
    "a path": ("/" + "x" * 2_000, {}, 414),
    "a query": ("/?q=" + "x" * 65_536, {}, 414),
    "a header": ("/", {"User-Agent": "x" * 32_001}, 431),
    "a cookie": ("/", {"Cookie": "a=" + "x" * 32_000}, 431),
    "a kind of body": ("/", {"Content-Type": "text/plain;" + "a=b;" * 8_000}, 431),
}


@pytest.mark.parametrize(("path", "headers", "status"), LONG.values(), ids=LONG)
@pytest.mark.parametrize("room", ["", "/sandbox"])
def test_what_is_longer_than_any_needs_to_be_is_refused_before_it_is_read(
    app: Flask, room: str, path: str, headers: dict[str, str], status: int
) -> None:
    answer = app.test_client(use_cookies=False).get(room + path, base_url=URL, headers=headers)
    assert (answer.status_code, b"Nothing was sent to Buddy." in answer.data) == (status, True)


def test_a_very_long_link_that_fills_in_a_form_opens_it(client: FlaskClient) -> None:
    new = "/workspaces/buddy/projects/company-website/pipelines/2/actions/new"
    answer = client.get(f"{new}?inline_commands={'%C3%A9' * 10_000}", base_url=URL)
    assert (answer.status_code, answer.text.count("é")) == (200, 10_000)
