"""What every answer carries: the security headers, compared with the exact text, on every route and status."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from support.buddy import StubBuddy
from support.databases import stored_in
from support.rigs import LEAST, NEW
from werkzeug.datastructures import Headers

from webapp.app import create_app
from webapp.settings import Settings
from webapp.views.access import public

EXPECTED = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
    ),
    "Permissions-Policy": (
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), "
        "geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), "
        "publickey-credentials-get=(), screen-wake-lock=(), usb=(), xr-spatial-tracking=()"
    ),
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
SECURE = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
KEPT = {"Cache-Control": "public, immutable, max-age=31536000"}
VALUES = {
    "workspace": "buddy",
    "project": "company-website",
    "pipeline": "2",
    "id": "1",
    "name": "site.css",
    "secret": "none",
}
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE")
URLS = {"http": "http://127.0.0.1:8000", "https": "https://desk.example.com"}


@pytest.fixture(params=URLS.values(), ids=URLS)
def url(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def app(tmp_path: Path, url: str) -> Iterator[Flask]:
    """Slipway on its sandbox, under an address of either kind."""
    app = create_app(Settings(**stored_in(tmp_path), url=url))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield app
    app.extensions["slipway"].close()


def shown(headers: Headers) -> dict[str, list[str]]:
    """The headers that are looked at, each as often as it is there."""
    return {name: headers.get_all(name) for name in (*EXPECTED, *SECURE) if headers.get_all(name)}


def expected(url: str, **others: str) -> dict[str, list[str]]:
    secure = SECURE if url.startswith("https:") else {}
    return {name: [value] for name, value in (EXPECTED | secure | others).items()}


def addresses(app: Flask) -> set[str]:
    """One address of every route, those of the sandbox too, and some that there are not."""
    own = app.url_map.bind("").map.iter_rules()
    routes = {rule.build({**VALUES})[1] for rule in own if rule.build({**VALUES})}
    return routes | {"/nowhere", "/static/nowhere.css", "/sandbox/", "/sandbox/nowhere", "/sandbox/api/workspaces"}


def test_every_route_answers_every_method_with_exactly_these_headers(app: Flask, url: str) -> None:
    client = app.test_client()
    statuses = set()
    for path in addresses(app):
        for method in METHODS:
            with client.open(path, method=method, base_url=url) as answer:
                assert shown(answer.headers) == expected(url), f"{method} {path}: {answer.status}"
                statuses.add(answer.status_code)
    assert len(addresses(app)) >= 20
    assert statuses >= {200, 401, 404, 405, 415}


def test_a_static_file_may_be_kept_and_carries_the_other_headers(app: Flask, url: str) -> None:
    address = app.jinja_env.globals["asset"]("site.css")
    with app.test_client().get(address, base_url=url) as answer:
        assert (answer.status_code, shown(answer.headers)) == (200, expected(url, **KEPT))


def test_every_refusal_at_the_gate_carries_the_headers_too(app: Flask, url: str) -> None:
    client = app.test_client()
    refusals = {
        "another host": ({"Host": "example.com"}, 400),
        "a proxy": ({"X-Forwarded-For": "10.0.0.1"}, 400),
        "another site": ({"Sec-Fetch-Site": "cross-site"}, 403),
    }
    for headers, status in refusals.values():
        answer = client.post("/submissions/x/delete", base_url=url, headers=headers)
        assert (answer.status_code, shown(answer.headers)) == (status, expected(url))


@public
def broken() -> str:
    raise RuntimeError("a fault of our own")


def test_faults_and_oversized_forms_carry_the_headers_too(app: Flask, url: str) -> None:
    app.add_url_rule("/broken", view_func=broken)
    client = app.test_client()
    assert client.get("/broken", base_url=url).status_code == 500
    for answer in (
        client.get("/broken", base_url=url),
        client.post(NEW, base_url=url, data={"name": "x" * 2_200_000}),
        client.post(NEW, base_url=url, data=LEAST),
    ):
        assert shown(answer.headers) == expected(url), answer.status


def test_the_headers_are_the_same_while_buddy_or_the_database_fails(
    personal: Flask, upstream: StubBuddy, tmp_path: Path
) -> None:
    client = personal.test_client()
    upstream.readable = False
    (tmp_path / "slipway.db").rename(tmp_path / "elsewhere.db")
    for path, status in (("/workspaces", 502), ("/readyz", 503), ("/healthz", 200)):
        answer = client.get(path, base_url=URLS["http"])
        assert (answer.status_code, shown(answer.headers)) == (status, expected(URLS["http"]))


def test_nothing_tells_what_it_is_built_with(app: Flask, url: str) -> None:
    headers = app.test_client().get("/", base_url=url).headers
    assert not {"Server", "X-Powered-By", "Via"} & set(headers.keys())
