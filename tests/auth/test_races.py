"""What two people do at the same moment, in two Slipways on one database, again and again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep
from typing import Literal

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from sqlalchemy import delete, func, insert, select, update
from support.pages import Browser, Page
from support.rigs import Rig
from support.signing_in import PASSWORD, sign_in

from webapp.auth.passwords import Passwords
from webapp.store.models import Account, BrowserSession, Invitation
from webapp.store.tables import table_of

RACES = 50
URL = "http://127.0.0.1:8000"
NEW_PASSWORD = "another quiet lighthouse"
ACCOUNTS, SESSIONS, INVITATIONS = table_of(Account), table_of(BrowserSession), table_of(Invitation)
# Seconds that a password takes to be hashed or compared, as for people.
A_WHILE = 0.05
# How much later the second one begins, from race to race: the whole time that two passwords take.
LATER = [number / RACES * 2.5 * A_WHILE for number in range(RACES)]


class Unhurried(PasswordHasher):
    """Takes as long as for people, and leaves the processor to what else happens meanwhile."""

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        sleep(A_WHILE)
        return super().hash(password, salt=salt)

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        sleep(A_WHILE)
        return super().verify(hash, password)


def at_once(first: Callable[[], object], second: Callable[[], object], later: float = 0) -> None:
    """Do both at the same moment, or the second one so many seconds later, and wait for both."""
    barrier = Barrier(2)

    def do(task: Callable[[], object], pause: float) -> object:
        barrier.wait(60)
        sleep(pause)
        return task()

    with ThreadPoolExecutor(2) as threads:
        for ended in [threads.submit(do, first, 0), threads.submit(do, second, later)]:
            ended.result(60)


class Moment:
    """The people and sessions of a team at one moment, to come back to before each race."""

    def __init__(self, team: Rig) -> None:
        self._engine = team.parts.journal._engine
        with self._engine.connect() as connection:
            self._kept = {
                table: [dict(row._mapping) for row in connection.execute(select(table))]
                for table in (ACCOUNTS, SESSIONS)
            }

    def again(self) -> None:
        with self._engine.begin() as connection:
            for table in (SESSIONS, INVITATIONS):
                connection.execute(delete(table))
            for row in self._kept[ACCOUNTS]:
                connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == row["id"]).values(row))
            connection.execute(insert(SESSIONS), self._kept[SESSIONS])

    def administrators(self) -> int:
        able = (ACCOUNTS.c.role == "administrator") & ACCOUNTS.c.disabled_at.is_(None)
        with self._engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(ACCOUNTS).where(able)) or 0


@pytest.fixture
def here(team_with: Callable[..., Rig]) -> Rig:
    """A Slipway that takes as long for a password as it does for people."""
    return team_with(passwords=Passwords(Unhurried.from_parameters(CHEAPEST)))


@pytest.fixture
def there(here: Rig, team_with: Callable[..., Rig]) -> Rig:
    """Another Slipway on the same database."""
    return team_with(passwords=Passwords(Unhurried.from_parameters(CHEAPEST)))


def entered(team: Rig, login: str) -> Browser:
    browser = team.stranger()
    assert sign_in(browser, login).status == 200
    return browser


def id_of(team: Rig, login: str) -> str:
    return next(account.id for account in team.parts.staff.accounts.everyone() if account.login == login)


def form_on(page: Page, action: str) -> dict[str, str]:
    form = next(form for form in page.all("form") if form.get("action") == action)
    return {str(element.get("name")): element.get("value") or "" for element in form.iter("input")}


def signed_in(browser: Browser) -> bool:
    return browser.client.get("/account", base_url=URL).status_code == 200


@pytest.mark.parametrize(
    ("first", "second"), [("role", "role"), ("disable", "disable"), ("role", "disable")], ids="-".join
)
def test_two_administrators_who_take_each_others_rights_at_once_leave_one(
    here: Rig, there: Rig, first: str, second: str
) -> None:
    here.hire("ada", "administrator")
    here.hire("bob", "administrator")
    ada, bob = entered(here, "ada"), entered(there, "bob")
    against_bob, against_ada = f"/people/{id_of(here, 'bob')}", f"/people/{id_of(here, 'ada')}"
    token_of_ada = form_on(ada.get(against_bob), f"{against_bob}/{first}")
    token_of_bob = form_on(bob.get(against_ada), f"{against_ada}/{second}")
    moment = Moment(here)
    left = []
    for _ in range(RACES):
        moment.again()
        at_once(
            lambda: ada.client.post(
                f"{against_bob}/{first}", base_url=URL, data={**token_of_ada, "role": "viewer", "sure": "yes"}
            ),
            lambda: bob.client.post(
                f"{against_ada}/{second}", base_url=URL, data={**token_of_bob, "role": "viewer", "sure": "yes"}
            ),
        )
        left.append(moment.administrators())
    assert left == [1] * RACES


def test_who_signs_in_with_the_old_password_while_it_is_changed_is_not_signed_in(here: Rig, there: Rig) -> None:
    here.hire("ada")
    ada = entered(here, "ada")
    token = form_on(ada.get("/account"), "/account/password")
    moment = Moment(here)
    inside = 0
    for later in LATER:
        moment.again()
        other = there.stranger()
        page = other.get("/sign-in")
        at_once(
            lambda: ada.post("/account/password", {**token, "present": PASSWORD, "password": NEW_PASSWORD}),
            lambda page=page: page.send_to("/sign-in", login="ada", password=PASSWORD),
            later,
        )
        assert sign_in(there.stranger(), "ada", NEW_PASSWORD).status == 200
        inside += signed_in(other)
    assert inside == 0


def test_who_signs_in_while_being_disabled_is_not_signed_in_when_let_in_again(here: Rig, there: Rig) -> None:
    here.hire("boss", "administrator")
    here.hire("ada")
    boss = entered(here, "boss")
    path = f"/people/{id_of(here, 'ada')}"
    token = form_on(boss.get(path), f"{path}/disable")
    moment = Moment(here)
    inside = 0
    for later in LATER:
        moment.again()
        other = there.stranger()
        page = other.get("/sign-in")
        at_once(
            lambda page=page: page.send_to("/sign-in", login="ada", password=PASSWORD),
            lambda: boss.post(f"{path}/disable", {**token, "sure": "yes"}),
            later,
        )
        boss.post(f"{path}/enable", token)
        inside += signed_in(other)
    assert inside == 0


def test_a_link_that_somebody_makes_while_being_disabled_opens_nothing(here: Rig, there: Rig) -> None:
    for login in ("boss", "eve"):
        here.hire(login, "administrator")
    here.hire("ada")
    boss, eve = entered(here, "boss"), entered(there, "eve")
    path, target = f"/people/{id_of(here, 'eve')}", f"/people/{id_of(here, 'ada')}"
    token_of_boss = form_on(boss.get(path), f"{path}/disable")
    token_of_eve = form_on(eve.get(target), f"{target}/link")
    moment = Moment(here)
    opened = 0
    for number in range(RACES):
        moment.again()
        pages: list[Page] = []
        at_once(
            lambda pages=pages: pages.append(eve.post(f"{target}/link", token_of_eve)),
            lambda: boss.post(f"{path}/disable", {**token_of_boss, "sure": "yes"}),
            number % 10 / 1000,
        )
        links = [code.text or "" for code in pages[0].all("code")]
        opened += any(here.stranger().get(link.removeprefix(URL)).status == 200 for link in links)
    assert opened == 0
