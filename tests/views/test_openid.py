"""Signing in through an OpenID provider: the sandbox's own, over HTTP."""

from collections.abc import Callable, Iterator
from random import Random
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from support.pages import Browser, Document, Page, text_of
from support.rigs import Rig
from support.signing_in import PASSWORD
from support.teams import provider, with_provider

URL = "http://127.0.0.1:8000"


@pytest.fixture
def issuer() -> Iterator[str]:
    with provider() as issuer:
        yield issuer


@pytest.fixture
def guests(team_with: Callable[..., Rig], issuer: str) -> Rig:
    """Slipway that lets in whom the provider knows."""
    return team_with(**with_provider(issuer))


def begin(browser: Browser, next: str = "/") -> Document:
    """Go from the sign-in page to the provider's."""
    page = browser.get(f"/sign-in?{urlencode({'next': next})}")
    link = next_link(page)
    answer = browser.client.get(link, base_url=URL)
    assert answer.status_code == 302
    return Document("/sandbox/openid", requests.get(answer.headers["Location"], timeout=30).text)


def next_link(page: Page) -> str:
    return next(address for words, address in page.links.items() if words.startswith("Sign in with 127.0.0.1"))


def answer(asked: Document, issuer: str, person: str) -> str:
    """Choose who one is, and give the address that the provider leads back to."""
    links = {text_of(link): link.get("href", "") for link in asked.all("a")}
    origin = issuer.removesuffix("/openid")
    back = requests.get(origin + links[person], allow_redirects=False, timeout=30).headers["Location"]
    assert back.startswith(f"{URL}/sign-in/oidc/answer?")
    return back.removeprefix(URL)


def sign_in(browser: Browser, issuer: str, person: str, next: str = "/") -> Page:
    return browser.get(answer(begin(browser, next), issuer, person))


PEOPLE = {
    "Ada Administrator": "administrator",
    "Eddie Editor": "editor",
    "Cora Contributor": "contributor",
    "Vera Viewer": "viewer",
}


@pytest.mark.parametrize(("name", "role"), PEOPLE.items(), ids=PEOPLE)
def test_whom_the_provider_knows_is_let_in_with_the_role_that_the_groups_give(
    guests: Rig, issuer: str, name: str, role: str
) -> None:
    browser = guests.stranger()
    assert sign_in(browser, issuer, name, "/submissions").path == "/submissions"
    assert f"You are {name}, {role}." in browser.get("/account").text
    assert guests.deeds == [(name, "entered first", role), (name, "signed in", "oidc")]


def test_who_comes_from_a_very_long_address_is_let_in_and_begins_at_the_first_page(guests: Rig, issuer: str) -> None:
    browser = guests.stranger()
    assert sign_in(browser, issuer, "Vera Viewer", f"/submissions?q={Random(1).randbytes(3000).hex()}").path == "/"
    assert "You are Vera Viewer, viewer." in browser.get("/account").text


def test_who_comes_again_is_the_same_person(guests: Rig, issuer: str) -> None:
    for _ in range(2):
        sign_in(guests.stranger(), issuer, "Eddie Editor")
    assert [account.subject for account in guests.parts.staff.accounts.everyone()] == ["eddie"]


def refused(guests: Rig, page: Page, reason: str, words: str) -> None:
    assert (page.status, page.heading) == (403, "Sign in")
    assert words in page.errors[0]
    assert guests.deeds[-1] == ("somebody", "sign-in refused", reason)
    assert page.browser.get("/account").heading == "Sign in"


def test_who_is_in_no_group_is_not_let_in(guests: Rig, issuer: str) -> None:
    refused(guests, sign_in(guests.stranger(), issuer, "Olga Outsider"), "no role", "have no role here")


def test_denied_consent_is_refused(guests: Rig, issuer: str) -> None:
    refused(guests, sign_in(guests.stranger(), issuer, "Do not sign in"), "denied", "did not let you in")


@pytest.mark.parametrize("state", ["wrong", "", None, "caf\u00e9"])
def test_a_wrong_or_missing_state_is_refused(guests: Rig, issuer: str, state: str | None) -> None:
    browser = guests.stranger()
    path, query = answer(begin(browser), issuer, "Ada Administrator").split("?")
    fields = {name: values[0] for name, values in parse_qs(query).items()} | {"state": state}
    changed = urlencode({name: value for name, value in fields.items() if value is not None})
    refused(guests, browser.get(f"{path}?{changed}"), "state", "started in another browser")


def test_an_answer_in_another_browser_than_the_one_that_asked_is_refused(guests: Rig, issuer: str) -> None:
    back = answer(begin(guests.stranger()), issuer, "Ada Administrator")
    refused(guests, guests.stranger().get(back), "state", "started in another browser")


def test_an_answer_is_good_for_once(guests: Rig, issuer: str) -> None:
    browser = guests.stranger()
    back = answer(begin(browser), issuer, "Ada Administrator")
    browser.get(back)
    browser.get("/account").send_to("/sign-out")
    refused(guests, browser.get(back), "state", "was already used")


def test_a_code_that_the_provider_has_redeemed_before_is_refused(guests: Rig, issuer: str) -> None:
    first, second = guests.stranger(), guests.stranger()
    used = code_of(answer(begin(first), issuer, "Ada Administrator"))
    back = answer(begin(second), issuer, "Eddie Editor")
    refused(guests, second.get(back.replace(code_of(back), used)), "code", "no longer knows this sign-in")


def code_of(address: str) -> str:
    return parse_qs(urlsplit(address).query)["code"][0]


def test_an_answer_in_the_name_of_another_issuer_is_refused(guests: Rig, issuer: str) -> None:
    browser = guests.stranger()
    back = answer(begin(browser), issuer, "Ada Administrator")
    other = back.replace(urlencode({"iss": issuer}), urlencode({"iss": "https://other.example.com"}))
    refused(guests, browser.get(other), "identity", "does not prove who you are")


def test_the_same_subject_of_another_issuer_is_another_person(team_with: Callable[..., Rig], issuer: str) -> None:
    sign_in(team_with(**with_provider(issuer)).stranger(), issuer, "Ada Administrator")
    with provider() as other:
        team = team_with(**with_provider(other))
        sign_in(team.stranger(), other, "Ada Administrator")
    accounts = team.parts.staff.accounts.everyone()
    assert {(account.issuer, account.subject) for account in accounts} == {(issuer, "ada"), (other, "ada")}
    assert len({account.id for account in accounts}) == 2


def test_a_provider_that_calls_itself_something_else_is_not_believed(
    team_with: Callable[..., Rig], issuer: str
) -> None:
    team = team_with(**with_provider(issuer.replace("127.0.0.1", "localhost") + "/"))
    page = team.stranger().get("/sign-in/oidc")
    assert (page.status, page.errors) == (502, ["The provider's answer does not prove who you are"])


def test_a_provider_that_is_away_is_named_and_asked_again_next_time(team_with: Callable[..., Rig]) -> None:
    team = team_with(**with_provider("http://127.0.0.1:9"))
    page = team.stranger().get("/sign-in/oidc")
    assert (page.status, page.errors) == (502, ["The provider can't be reached now: try again in a moment"])


def test_a_role_follows_the_provider_at_each_sign_in(team_with: Callable[..., Rig], issuer: str) -> None:
    sign_in(team_with(**with_provider(issuer)).stranger(), issuer, "Eddie Editor")
    team = team_with(**with_provider(issuer, administrators=frozenset({"slipway-editors"})))
    browser = team.stranger()
    sign_in(browser, issuer, "Eddie Editor")
    assert "You are Eddie Editor, administrator." in browser.get("/account").text
    assert ("Eddie Editor", "role changed", "administrator") in team.deeds


def test_who_is_disabled_is_not_let_in_whatever_the_provider_says(guests: Rig, issuer: str) -> None:
    boss = guests.stranger()
    sign_in(boss, issuer, "Ada Administrator")
    sign_in(guests.stranger(), issuer, "Eddie Editor")
    id = next(account.id for account in guests.parts.staff.accounts.everyone() if account.subject == "eddie")
    page = boss.get(f"/people/{id}")
    assert "The role comes from" in page.text
    page.send_to(f"/people/{id}/disable", sure="yes")
    refused(guests, sign_in(guests.stranger(), issuer, "Eddie Editor"), "disabled", "may no longer sign in here")


def test_ten_failed_answers_have_to_wait(guests: Rig) -> None:
    browser = guests.stranger()
    for _ in range(10):
        assert browser.get("/sign-in/oidc/answer?code=guess&state=guess").status == 403
    assert browser.get("/sign-in/oidc/answer?code=guess&state=guess").status == 429


def test_failed_passwords_and_failed_answers_of_the_provider_are_counted_apart(
    team_with: Callable[..., Rig], issuer: str
) -> None:
    team = team_with(**with_provider(issuer) | {"sign_in": frozenset({"password", "oidc"})})
    team.hire("bob")
    for _ in range(10):
        team.stranger().get("/sign-in").send_to("/sign-in", login="bob", password="wrong password")
    browser = team.stranger()
    sign_in(browser, issuer, "Vera Viewer")
    assert "You are Vera Viewer, viewer." in browser.get("/account").text
    team.clock.forward(minutes=5)
    for _ in range(10):
        team.stranger().get("/sign-in/oidc/answer?code=guess&state=guess")
    assert team.stranger().get("/sign-in").send_to("/sign-in", login="bob", password=PASSWORD).status == 200


def test_with_the_provider_alone_there_is_no_password_to_type_and_nobody_to_invite(guests: Rig, issuer: str) -> None:
    browser = guests.stranger()
    page = browser.get("/sign-in")
    assert list(page.all("form")) == []
    assert browser.client.post("/sign-in", base_url=URL, data={"login": "a", "password": "b"}).status_code == 404
    sign_in(browser, issuer, "Ada Administrator")
    assert [form.get("action") for form in browser.get("/people").all("form") if form.get("action") == "/people"] == []


def test_both_ways_stand_on_one_page(team_with: Callable[..., Rig], issuer: str) -> None:
    team = team_with(**with_provider(issuer) | {"sign_in": frozenset({"password", "oidc"})})
    team.hire("bob")
    browser = team.stranger()
    sign_in(browser, issuer, "Vera Viewer")
    assert "You are Vera Viewer, viewer." in browser.get("/account").text
    other = team.stranger()
    other.get("/sign-in").send_to("/sign-in", login="bob", password=PASSWORD)
    assert "You are Bob, editor." in other.get("/account").text
