"""The sandbox's OpenID provider: whom it answers, and whom not."""

from collections.abc import Iterator

import pytest
import requests
from support.teams import provider

ASKED = {
    "client_id": "slipway",
    "redirect_uri": "http://127.0.0.1:8001/back",
    "state": "s",
    "nonce": "n",
    "code_challenge": "JBbiqONGWPaAmwXk_8bT6UnlPfrn65D32eZlJS-zGG0",
}
VERIFIER = "test-verifier"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with provider() as issuer:
        yield issuer


def test_it_tells_where_everything_is(issuer: str) -> None:
    told = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=30).json()
    assert told["issuer"] == issuer
    assert told["token_endpoint"] == f"{issuer}/token"


@pytest.mark.parametrize("missing", ASKED)
def test_it_asks_nobody_who_they_are_for_a_client_that_leaves_something_out(issuer: str, missing: str) -> None:
    asked = {name: value for name, value in ASKED.items() if name != missing}
    assert requests.get(f"{issuer}/authorize", params=asked, timeout=30).status_code == 400


@pytest.mark.parametrize("address", ["https://example.com/back", "http://127.0.0.1.example.com/", "//[", "x"])
def test_it_sends_people_back_to_this_computer_alone(issuer: str, address: str) -> None:
    for page in ("authorize", "answer"):
        answer = requests.get(f"{issuer}/{page}", params=ASKED | {"redirect_uri": address}, timeout=30)
        assert answer.status_code == 400


def code(issuer: str) -> str:
    answer = requests.get(f"{issuer}/answer", params=ASKED | {"person": "ada"}, timeout=30, allow_redirects=False)
    return answer.headers["Location"].partition("code=")[2].partition("&")[0]


def redeem(issuer: str, secret: str = "sandbox", **changed: str) -> requests.Response:
    fields = {"code": code(issuer), "code_verifier": VERIFIER, "redirect_uri": ASKED["redirect_uri"]} | changed
    return requests.post(f"{issuer}/token", data=fields, auth=("slipway", secret), timeout=30)


def test_a_code_is_redeemed_once(issuer: str) -> None:
    once = code(issuer)
    assert redeem(issuer, code=once).status_code == 200
    assert redeem(issuer, code=once).json() == {"error": "invalid_grant"}


def test_a_code_is_redeemed_by_its_client_alone(issuer: str) -> None:
    assert redeem(issuer, secret="guess").json() == {"error": "invalid_client"}
    assert redeem(issuer, code_verifier="guess").json() == {"error": "invalid_grant"}
    assert redeem(issuer, redirect_uri="http://127.0.0.1:1/").json() == {"error": "invalid_grant"}
