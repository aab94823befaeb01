"""The gate: who may ask, and from where."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

URL = "http://127.0.0.1:8000"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "localhost:9", "[::1]:8000", "127.0.0.2"])
def test_this_computers_own_names_are_served(client: FlaskClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["example.com", "127.0.0.1.example.com", "localhost.example.com", "a b", "[", ""])
@pytest.mark.parametrize("path", ["/", "/sandbox/", "/sandbox/api/workspaces", "/static/site.css"])
def test_n18_any_other_host_is_refused_everywhere(client: FlaskClient, host: str, path: str) -> None:
    answer = client.get(path, headers={"Host": host})
    assert (answer.status_code, b"not Slipway's address" in answer.data) == (400, True)


@pytest.mark.parametrize("header", ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"])
def test_n18_a_request_through_a_proxy_is_refused(client: FlaskClient, header: str) -> None:
    answer = client.get("/", base_url=URL, headers={header: "10.0.0.1"})
    assert (answer.status_code, b"through a proxy" in answer.data) == (400, True)


CROSS_SITE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://example.com"},
    {"Origin": "http://127.0.0.1:9000"},
    {"Origin": "null"},
]


@pytest.mark.parametrize("headers", CROSS_SITE)
@pytest.mark.parametrize("path", ["/workspaces/buddy/projects/a/pipelines/1/actions", "/sandbox/api/workspaces"])
def test_n12_a_post_from_another_site_is_refused(client: FlaskClient, headers: dict[str, str], path: str) -> None:
    assert client.post(path, base_url=URL, headers=headers).status_code == 403


def test_a_link_from_another_site_is_followed(client: FlaskClient) -> None:
    assert client.get("/", base_url=URL, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_a_program_may_use_the_sandboxs_api(client: FlaskClient) -> None:
    answer = client.get("/sandbox/api/workspaces", base_url=URL, headers={"Authorization": "Bearer sandbox"})
    assert answer.status_code == 200


def test_s10_trace_is_not_served(client: FlaskClient) -> None:
    assert client.open("/", method="TRACE", base_url=URL).status_code == 405
