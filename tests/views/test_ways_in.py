"""The ways in, and which of them open where what is switched on: what is switched off is off, and what it has begun."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from sqlalchemy import text
from support.buddy import StubBuddy
from support.clock import Clock
from support.pages import Browser, Document, Page, text_of
from support.rigs import Rig
from support.signing_in import PASSWORD, sign_in
from support.teams import open_team, provider, with_provider

from webapp.store.events import SLIPWAY
from webapp.store.models import Account

URL = "http://127.0.0.1:8000"
SWITCHED_ON = {
    "none": frozenset[str](),
    "password": frozenset({"password"}),
    "oidc": frozenset({"oidc"}),
    "both": frozenset({"password", "oidc"}),
}
# Where nobody signs in, whoever comes is one and the same person.
THIS_COMPUTER = "this computer"


class Doors:
    """Slipways on one database that let people in by other ways: `before` by both, `now` as a test says."""

    def __init__(self, folder: Path, upstream: StubBuddy, issuer: str) -> None:
        self._folder, self._upstream, self._issuer = folder, upstream, issuer
        self._open: list[Rig] = []
        self.before = self.now = self.start("both")

    def start(self, ways: str, issuer: str = "") -> Rig:
        settings = with_provider(issuer or self._issuer) | {"sign_in": SWITCHED_ON[ways]}
        self._open.append(open_team(self._folder, self._upstream, Clock(), **settings))
        return self._open[-1]

    def close(self) -> None:
        for team in self._open:
            team.parts.close()


@pytest.fixture
def issuer() -> Iterator[str]:
    with provider() as issuer:
        yield issuer


@pytest.fixture
def doors(tmp_path: Path, upstream: StubBuddy, issuer: str) -> Iterator[Doors]:
    doors = Doors(tmp_path, upstream, issuer)
    yield doors
    doors.close()


def account_of(team: Rig, name: str) -> Account:
    return next(account for account in team.parts.staff.accounts.everyone() if account.name == name)


def has_form(page: Page, action: str) -> bool:
    return any(form.get("action") == action for form in page.all("form"))


def who_is_at(browser: Browser) -> str:
    """The name of who is signed in, or nobody's."""
    page = browser.get("/account")
    return page.text.partition("You are ")[2].partition(",")[0] if page.heading == "Your account" else "nobody"


def at_providers(browser: Browser) -> str:
    """Where the provider leads back to, after Vera was chosen there; nothing where nobody is sent to it."""
    begun = browser.client.get("/sign-in/oidc", base_url=URL)
    asked = begun.headers.get("Location", "")
    if "/authorize" not in asked:
        return ""
    page = Document("/sandbox/openid", requests.get(asked, timeout=30).text)
    chosen = next(link.get("href", "") for link in page.all("a") if text_of(link) == "Vera Viewer")
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(asked))
    back = requests.get(origin + chosen, allow_redirects=False, timeout=30).headers["Location"]
    return back.removeprefix(URL)


def through_provider(browser: Browser) -> None:
    back = at_providers(browser)
    if back:
        browser.get(back)


def post_password(browser: Browser) -> None:
    """Send the sign-in form, also where it is not offered: some CSRF token is on every page with a form."""
    page = browser.get("/sign-in")
    if has_form(page, "/sign-in"):
        page.send_to("/sign-in", login="ada", password=PASSWORD)
    else:
        answer = browser.client.post("/sign-in", base_url=URL, data={"login": "ada", "password": PASSWORD})
        assert answer.status_code in (302, 404)


def use_link(browser: Browser, secret: str | None) -> None:
    path = f"/invitations/{secret}"
    page = browser.get(path)
    if has_form(page, path):
        page.send_to(path, name="Neo", login="neo", password=PASSWORD)
    else:
        answer = browser.client.post(path, base_url=URL, data={"password": PASSWORD, "name": "Neo", "login": "neo"})
        assert answer.status_code in (302, 404)


# What is prepared while both ways are on gives what is tried when others are: who is in then.
Prepare = Callable[[Doors], Callable[[Browser], None]]


def password_form(doors: Doors) -> Callable[[Browser], None]:
    doors.before.hire("ada")
    return post_password


def invitation(doors: Doors) -> Callable[[Browser], None]:
    doors.before.hire("ada")
    secret = doors.before.parts.staff.renew(account_of(doors.before, "Ada"), SLIPWAY)
    return lambda browser: use_link(browser, secret)


def first_link(doors: Doors) -> Callable[[Browser], None]:
    secret = doors.before.parts.staff.first_invitation()
    return lambda browser: use_link(browser, secret)


def way_back(doors: Doors) -> Callable[[Browser], None]:
    doors.before.hire("ada", "administrator")
    secret = doors.before.parts.staff.administrator_link(None)
    return lambda browser: use_link(browser, secret)


def password_session(doors: Doors) -> Callable[[Browser], None]:
    return keep(doors, doors.before.hired("ada"))


def link_session(doors: Doors) -> Callable[[Browser], None]:
    before = doors.before.stranger()
    use_link(before, doors.before.parts.staff.first_invitation())
    return keep(doors, before)


def oidc_session(doors: Doors) -> Callable[[Browser], None]:
    before = doors.before.stranger()
    through_provider(before)
    return keep(doors, before)


def oidc_answer(doors: Doors) -> Callable[[Browser], None]:
    """A sign-in with the provider that was begun before."""
    before = doors.before.stranger()
    back = at_providers(before)
    take = keep(doors, before)

    def finish(browser: Browser) -> None:
        take(browser)
        browser.client.get(back, base_url=URL)

    return finish


def oidc_start(doors: Doors) -> Callable[[Browser], None]:
    return through_provider


def demo_role(doors: Doors) -> Callable[[Browser], None]:
    def forge(browser: Browser) -> None:
        with browser.client.session_transaction(base_url=URL) as session:
            session["demo role"] = "administrator"

    return forge


def keep(doors: Doors, before: Browser) -> Callable[[Browser], None]:
    """Give another browser the cookies of one that was there before."""
    cookie = before.client.get_cookie("slipway-8000", domain="127.0.0.1")
    assert cookie is not None
    return lambda browser: browser.client.set_cookie("slipway-8000", cookie.value, domain="127.0.0.1")


# Way in → how it is prepared, who comes in, and what has to be switched on.
WAYS: dict[str, tuple[Prepare, str, str]] = {
    "password form": (password_form, "Ada", "password"),
    "invitation": (invitation, "Ada", "password"),
    "first administrator's link": (first_link, "Neo", "password"),
    "administrator-link": (way_back, "Neo", "password"),
    "password session": (password_session, "Ada", "password"),
    "session of a link": (link_session, "Neo", "password"),
    "oidc start": (oidc_start, "Vera Viewer", "oidc"),
    "oidc answer": (oidc_answer, "Vera Viewer", "oidc"),
    "oidc session": (oidc_session, "Vera Viewer", "oidc"),
    "demo role": (demo_role, "", "the sandbox"),
}


@pytest.mark.parametrize("ways", SWITCHED_ON)
@pytest.mark.parametrize(("prepare", "name", "needed"), WAYS.values(), ids=WAYS)
def test_a_way_in_opens_where_it_is_switched_on_and_nowhere_else(
    doors: Doors, prepare: Prepare, name: str, needed: str, ways: str
) -> None:
    enter = prepare(doors)
    doors.now = doors.start(ways)
    browser = doors.now.stranger()
    enter(browser)
    expected = THIS_COMPUTER if ways == "none" else name if needed in SWITCHED_ON[ways] else "nobody"
    assert who_is_at(browser) == expected


def test_with_the_provider_alone_nobody_makes_a_link_or_changes_a_password(doors: Doors) -> None:
    boss = doors.before.hired("boss", "administrator")
    doors.before.hire("ada")
    path = f"/people/{account_of(doors.before, 'Ada').id}"
    token = next(field.get("value") or "" for field in boss.get(path).all("input"))
    assert has_form(boss.get(path), f"{path}/link")
    doors.now = doors.start("oidc")
    with doors.now.parts.journal._engine.begin() as connection:
        # As if the provider had let the same person in.
        connection.execute(text("UPDATE sessions SET way = 'oidc'"))
        connection.execute(text("UPDATE accounts SET issuer = (SELECT :issuer)"), {"issuer": doors._issuer})
    boss.client.application = doors.now.app
    assert not has_form(boss.get(path), f"{path}/link")
    for address in (f"{path}/link", "/people", "/account/password"):
        assert boss.client.post(address, base_url=URL, data={"csrf_token": token}).status_code == 404


def test_another_provider_ends_what_the_one_before_has_begun(doors: Doors) -> None:
    enter = oidc_session(doors)
    with provider() as other:
        doors.now = doors.start("oidc", other)
        browser = doors.now.stranger()
        enter(browser)
        assert who_is_at(browser) == "nobody"


def test_a_session_of_a_way_that_was_switched_off_does_not_come_back(doors: Doors) -> None:
    enter = password_session(doors)
    doors.start("oidc").parts.sessions.sweep()
    browser = doors.before.stranger()
    enter(browser)
    assert who_is_at(browser) == "nobody"


def test_a_guest_of_the_provider_who_comes_first_leaves_the_first_link_as_it_is(doors: Doors) -> None:
    first = doors.before.parts.staff.first_invitation()
    through_provider(doors.before.stranger())
    browser = doors.before.stranger()
    use_link(browser, first)
    assert "You are Neo, administrator." in browser.get("/account").text
    assert doors.before.parts.staff.first_invitation() is None


def test_an_administrator_of_a_provider_that_is_switched_off_leaves_the_first_link_as_it_is(
    doors: Doors, issuer: str
) -> None:
    team = doors.before
    through_provider(team.stranger())
    with team.parts.journal._engine.begin() as connection:
        connection.execute(text("UPDATE accounts SET role = 'administrator'"))
    assert team.parts.staff.first_invitation() is None
    browser = doors.start("password").stranger()
    use_link(browser, doors.start("password").parts.staff.first_invitation())
    assert "You are Neo, administrator." in browser.get("/account").text


def test_who_runs_slipway_makes_a_forgetful_administrator_a_way_back(team: Rig) -> None:
    forgetful = team.hired("ada", "administrator")
    team.hire("eve", "editor")
    link = team.parts.staff.administrator_link("ADA")
    assert team.parts.staff.administrator_link("eve") is None
    assert team.parts.staff.administrator_link("nobody") is None
    browser = team.stranger()
    path = f"/invitations/{link}"
    browser.get(path).send_to(path, password="another quiet lighthouse")
    assert "You are Ada, administrator." in browser.get("/account").text
    assert who_is_at(forgetful) == "nobody"
    assert sign_in(team.stranger(), "ada").status == 422
    assert ("Slipway", "made a link", None) in team.deeds
