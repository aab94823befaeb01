"""The simulated registry on its own port: the protocol, its tokens, its weather, and what it remembers."""

import re
from collections.abc import Callable

import pytest
import requests
from support.pages import Browser

from webapp.docker.references import ImageReference
from webapp.registry.findings import Seen
from webapp.registry.hosts import Allowed, Host
from webapp.registry.images import Credentials
from webapp.registry.registries import Registries
from webapp.sandbox import Sandbox
from webapp.sandbox.registry import RETRY_SECONDS
from webapp.sandbox.weather import OF_REGISTRY, Weather

Ask = Callable[..., requests.Response]
PRIVATE = "acme/private-reports"
GOOD = ("acme", "sandbox")


@pytest.fixture
def registry(sandbox: Sandbox) -> str:
    """The address of the registry."""
    return sandbox.start_registry()


@pytest.fixture
def ask(registry: str) -> Ask:
    """A client that gets a token for what it asks, with a name and password or without."""

    def ask(method: str, path: str, auth: tuple[str, str] | None = None) -> requests.Response:
        url = path if path.startswith("http") else f"{registry}{path}"
        answer = requests.request(method, url, timeout=10)
        assert answer.status_code == 401
        told = dict(re.findall(r'(\w+)="([^"]*)"', answer.headers["WWW-Authenticate"]))
        realm = told.pop("realm")
        token = requests.get(realm, params=told, auth=auth, timeout=10)
        if token.status_code != 200:
            return token
        return requests.request(method, url, headers={"Authorization": f"Bearer {token.json()['token']}"}, timeout=10)

    return ask


def digest(ask: Ask, name: str, tag: str) -> str:
    answer = ask("HEAD", f"/v2/{name}/manifests/{tag}")
    assert (answer.status_code, answer.content) == (200, b"")
    return answer.headers["Docker-Content-Digest"]


def test_latest_is_the_same_image_as_a_version(ask: Ask) -> None:
    assert digest(ask, "library/python", "latest") == digest(ask, "library/python", "3.14.0")
    assert digest(ask, "library/python", "latest") != digest(ask, "library/python", "3.13.9")


def test_a_manifest_can_be_asked_for_by_its_digest(ask: Ask) -> None:
    found = digest(ask, "library/ubuntu", "noble")
    assert digest(ask, "library/ubuntu", found) == found


def test_ten_thousand_tags_come_page_by_page(ask: Ask, registry: str) -> None:
    path, seen = "/v2/library/node/tags/list?n=1000", []
    while path:
        answer = ask("GET", path)
        seen += answer.json()["tags"]
        path = registry + link if (link := answer.links.get("next", {}).get("url")) else ""
    assert len(seen) == len(set(seen)) == 10_000


@pytest.mark.parametrize(
    ("name", "tag", "auth", "status"),
    [
        ("library/python", "3.99", None, 404),
        ("quay.io/prometheus/no-such-image", "latest", None, 404),
        ("library/no-such-image", "latest", None, 401),
        (PRIVATE, "latest", None, 401),
        (PRIVATE, "latest", ("acme", "wrong"), 401),
        (PRIVATE, "latest", GOOD, 200),
        ("registry-1.docker.io/library/python", "latest", None, 200),
        ("ghcr.io/astral-sh/uv", "0.9.5", None, 200),
    ],
)
def test_who_may_read_what(ask: Ask, name: str, tag: str, auth: tuple[str, str] | None, status: int) -> None:
    assert ask("HEAD", f"/v2/{name}/manifests/{tag}", auth).status_code == status


def test_it_remembers_what_it_was_asked_and_no_password(ask: Ask, sandbox: Sandbox) -> None:
    ask("HEAD", f"/v2/{PRIVATE}/manifests/latest", GOOD)
    first, token, last = sandbox.registry.asked
    assert (first.method, first.path, first.login) == ("HEAD", f"/v2/{PRIVATE}/manifests/latest", "")
    assert (token.path, token.login, last) == ("/token", "acme", first)
    assert "sandbox" not in repr(token)


SENTENCES = {
    Weather.FINE: "The image is there: sha256:",
    Weather.SLOW: "Not checked: the registry took too long to answer.",
    Weather.DOWN: "Not checked: the connection to the registry broke before its answer came.",
    Weather.RATE_LIMITED: "Not checked: the registry takes no more questions at this moment.",
    Weather.NONSENSE: "Not checked: the registry",
}


@pytest.mark.parametrize("weather", OF_REGISTRY)
def test_each_weather_is_one_of_the_answers(sandbox: Sandbox, registry: str, weather: Weather) -> None:
    registries = Registries(Allowed.parse(), seconds=1.5, stand_in=Host.in_url(registry))
    sandbox.state.registry_weather = weather
    finding = registries.check(ImageReference("ubuntu", "", "24.04"))
    registries.close()
    assert finding.sentence.startswith(SENTENCES[weather])
    assert (finding.seen is Seen.THERE) == (weather is Weather.FINE)


@pytest.mark.parametrize(
    ("host", "name", "seen"),
    [
        ("", "ubuntu", Seen.THERE),
        ("docker.io", "library/ubuntu", Seen.THERE),
        ("ghcr.io", "astral-sh/uv", Seen.THERE),
        ("ghcr.io", "ubuntu", Seen.NOT_THERE),
        ("registry.company.example", "ubuntu", Seen.NOT_CHECKED),
    ],
)
def test_on_the_sandbox_it_answers_for_the_well_known_registries(
    browser: Browser, host: str, name: str, seen: Seen
) -> None:
    registries = browser.client.application.extensions["slipway"].registries
    assert registries.check(ImageReference(name, host, "latest")).seen is seen


def test_on_the_sandbox_a_private_image_wants_its_name_and_password(browser: Browser) -> None:
    registries = browser.client.application.extensions["slipway"].registries
    image = ImageReference(PRIVATE, "", "latest")
    answers = [registries.check(image, given).seen for given in (None, Credentials("acme", "no"), Credentials(*GOOD))]
    assert answers == [Seen.REFUSED, Seen.REFUSED, Seen.THERE]


def test_the_sandboxs_page_tells_of_the_registry_and_sets_its_weather(browser: Browser) -> None:
    assert "acme/private-reports is for the name acme with the password sandbox" in browser.get("/sandbox/").text
    page = browser.post("/sandbox/registry-weather", {"registry_weather": "down"})
    assert "Now: Down. The registry hangs up on everybody" in page.text
    assert "Now: Fine. Buddy answers at once." in page.text


def test_a_registry_that_wants_a_pause_holds_up_no_other_and_only_for_its_weather(browser: Browser) -> None:
    registries = browser.client.application.extensions["slipway"].registries
    browser.post("/sandbox/registry-weather", {"registry_weather": "rate_limited"})
    assert registries.check(ImageReference("ubuntu", "", "24.04")).wait == RETRY_SECONDS
    state = browser.client.application.extensions["slipway"].sandbox.state
    state.registry_weather = Weather.FINE
    assert registries.check(ImageReference("ubuntu", "", "22.04")).seen is Seen.NOT_CHECKED
    assert registries.check(ImageReference("astral-sh/uv", "ghcr.io", "0.9.5")).seen is Seen.THERE
    browser.post("/sandbox/registry-weather", {"registry_weather": "fine"})
    assert registries.check(ImageReference("ubuntu", "", "24.04")).seen is Seen.THERE


def test_the_registry_has_no_weather_of_buddys_alone(browser: Browser) -> None:
    answer = browser.client.post("/sandbox/registry-weather", data={"registry_weather": "lost"}, base_url=browser.url)
    assert answer.status_code == 400
