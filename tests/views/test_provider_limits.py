"""An OpenID provider that is slow, silent, huge or away costs nobody else anything."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

import pytest
import requests
from support import faults
from support.faults import Fault, FaultyServer
from support.pages import Browser, Document, Page, text_of
from support.provider import CLIENT, CONFIGURATION, SECRET, StubProvider
from support.rigs import Rig
from support.server import serving

from webapp.auth.openid.asking import PLACES, Asker
from webapp.auth.openid.provider import Provider
from webapp.auth.openid.refusals import REFUSALS, SignInRefused
from webapp.settings import Oidc
from webapp.store.journal import utc_now

ANONYMOUS = 90


@pytest.fixture
def provider() -> Iterator[StubProvider]:
    """A provider that is right in everything."""
    provider = StubProvider()
    yield provider
    provider.close()


@pytest.fixture
def team(team_with: Callable[..., Rig], provider: StubProvider) -> Rig:
    """Slipway that lets in whom the provider knows."""
    oidc = Oidc(provider.issuer, CLIENT, SECRET, editors=frozenset({"slipway-editors"}))
    return team_with(sign_in=frozenset({"oidc"}), oidc=oidc)


def test_ninety_who_ask_a_silent_provider_are_not_felt_by_anybody_else(provider: StubProvider, tmp_path: Path) -> None:
    settings = {
        "BUDDY_TOKEN": "token",
        "SLIPWAY_SIGN_IN": "oidc",
        "SLIPWAY_OIDC_ISSUER": provider.issuer,
        "SLIPWAY_OIDC_CLIENT_ID": CLIENT,
        "SLIPWAY_OIDC_CLIENT_SECRET": SECRET,
        "SLIPWAY_OIDC_EDITORS": "slipway-editors",
        "SLIPWAY_DATABASE_URL": f"sqlite:///{tmp_path}/slipway.db",
    }
    provider.gate.clear()
    answered: Queue[requests.Response] = Queue()
    with serving(**settings) as served, ThreadPoolExecutor(ANONYMOUS) as crowd:

        def ask() -> None:
            answered.put(requests.get(f"{served.url}/sign-in/oidc", allow_redirects=False, timeout=60))

        for _ in range(ANONYMOUS):
            crowd.submit(ask)
        try:
            provider.until_waiting(1)
            told = [answered.get(timeout=60) for _ in range(ANONYMOUS - PLACES)]
            others = [requests.get(served.url + path, timeout=60).status_code for path in ("/healthz", "/sign-in")]
        finally:
            provider.gate.set()
    assert others == [200, 200]
    assert (503, [REFUSALS["busy"]]) in [(answer.status_code, errors_of(answer)) for answer in told]
    assert {answer.status_code for answer in told} <= {502, 503}
    assert provider.most_waiting == 1


def errors_of(answer: requests.Response) -> list[str]:
    """The lines of the error summary."""
    summary = Document("/sign-in/oidc", answer.text).by_id("summary")
    return [] if summary is None else [text_of(item) for item in summary.iter("li")]


def test_those_who_come_back_to_a_silent_provider_are_few_at_once_too(team: Rig, provider: StubProvider) -> None:
    browsers = [team.stranger() for _ in range(PLACES + 1)]
    ways = [(browser, provider.begin(browser)) for browser in browsers]
    provider.gate.clear()
    answered: Queue[Page] = Queue()

    def come_back(browser: Browser, way: str) -> None:
        answered.put(browser.get(way))

    with ThreadPoolExecutor(len(ways)) as crowd:
        for browser, way in ways:
            assert isinstance(way, str)
            crowd.submit(come_back, browser, way)
        try:
            first = answered.get(timeout=60)
            # What is known of the provider still leads there.
            begun = provider.begin(team.stranger())
        finally:
            provider.gate.set()
    assert (first.status, first.errors) == (503, [REFUSALS["busy"]])
    assert isinstance(begun, str)


def test_a_failure_is_remembered_for_seconds_and_not_for_longer(team: Rig, provider: StubProvider) -> None:
    provider.replies["configuration"] = (503, {}, b"")
    for _ in range(3):
        page = provider.begin(team.stranger())
        assert isinstance(page, Page)
        assert (page.status, page.errors) == (502, [REFUSALS["provider"]])
    assert provider.asked == [CONFIGURATION]
    provider.replies.clear()
    team.clock.forward(seconds=6)
    assert isinstance(provider.begin(team.stranger()), str)
    assert provider.asked == [CONFIGURATION] * 2


def test_what_is_known_of_a_provider_ages(team: Rig, provider: StubProvider) -> None:
    known = [CONFIGURATION, "/keys"]
    assert provider.sign_in(team.stranger()).status == 200
    team.clock.forward(minutes=59)
    assert provider.sign_in(team.stranger()).status == 200
    assert sorted(provider.asked) == [CONFIGURATION, "/keys", "/token", "/token"]
    # A key that was stolen is taken out, and another one has its name.
    provider.forget()
    assert provider.sign_in(team.stranger()).errors == [REFUSALS["identity"]]
    team.clock.forward(minutes=2)
    assert provider.sign_in(team.stranger()).status == 200
    assert [path for path in provider.asked if path in known] == known


def test_another_key_is_asked_for_once_in_half_a_minute_whoever_names_it(team: Rig, provider: StubProvider) -> None:
    assert provider.sign_in(team.stranger()).status == 200
    provider.header = {"kid": "nobody's"}
    for _ in range(3):
        assert provider.sign_in(team.stranger()).errors == [REFUSALS["identity"]]
    assert provider.asked.count("/keys") == 1
    provider.forget()
    provider.name_key("second")
    team.clock.forward(seconds=31)
    assert provider.sign_in(team.stranger()).status == 200
    provider.header = {"kid": "nobody's"}
    for _ in range(3):
        assert provider.sign_in(team.stranger()).errors == [REFUSALS["identity"]]
    assert provider.asked.count("/keys") == 1


# What a server does to the request → the reason why nobody is signed in.
FAULTS: dict[str, tuple[Fault, str, str]] = {
    "silence": (faults.read_and_wait, "http", "provider"),
    "one byte of a header now and then": (faults.drip_headers, "http", "provider"),
    "one byte of a body now and then": (faults.drip_body, "http", "provider"),
    "hints without end": (faults.endless_hints, "http", "provider"),
    "a handshake that stalls": (faults.stall_the_handshake, "https", "provider"),
    "a body without end": (faults.endless_body, "http", "malformed"),
    "a reset": (faults.read_then_reset, "http", "provider"),
    "a reset in the body": (faults.reset_in_the_body, "http", "provider"),
    "nothing": (faults.read_then_close, "http", "provider"),
}


@pytest.mark.parametrize(("fault", "scheme", "reason"), FAULTS.values(), ids=FAULTS)
def test_whatever_a_provider_does_it_ends(fault: Fault, scheme: str, reason: str) -> None:
    server, asker = FaultyServer(fault), Asker(seconds=0.5)
    oidc = Oidc(f"{scheme}://127.0.0.1:{server.port}", CLIENT, SECRET)
    try:
        with pytest.raises(SignInRefused) as refused:
            Provider(oidc, "https://desk.example.com/sign-in/oidc/answer", asker, utc_now).begin()
    finally:
        asker.close()
        server.close()
    assert refused.value.reason == reason
