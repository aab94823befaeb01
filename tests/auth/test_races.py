"""What two people do at the same moment, in two Slipways on one database: one between what the other reads and does."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Event, current_thread, main_thread
from typing import Any

import pytest
from sqlalchemy import Connection, Select, delete, event, insert, select, update
from support.pages import Browser, Page
from support.rigs import Rig
from support.signing_in import PASSWORD, sign_in
from support.waiting import happens, until

from webapp.store.models import Account, BrowserSession, Invitation, table_of

URL = "http://127.0.0.1:8000"
NEW_PASSWORD = "another quiet lighthouse"
ACCOUNTS, SESSIONS, INVITATIONS = table_of(Account), table_of(BrowserSession), table_of(Invitation)
# How often a request reads before it writes: its session, then an account. Who signs in has no session yet.
READS, READ_BY_STRANGERS = 2, 1


def meanwhile(team: Rig, reads: int, first: Callable[[], object], second: Callable[[], object]) -> None:
    """Let the first, in this Slipway, come as far as having read so often, and the second then come to its end."""
    there, go_on, read = Event(), Event(), count(1)

    def stop(_: Connection) -> None:
        if current_thread() is not main_thread() and next(read) == reads:
            there.set()
            happens(go_on)

    engine = team.parts.journal._engine
    # So ends what only reads.
    event.listen(engine, "rollback", stop)
    with ThreadPoolExecutor(1) as threads:
        begun = threads.submit(first)
        try:
            until(lambda: there.is_set() or begun.done(), 0.001)
            assert there.is_set(), "it has read less often"
            second()
        finally:
            go_on.set()
    event.remove(engine, "rollback", stop)
    begun.result()


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
        return self._count(select(ACCOUNTS).where(ACCOUNTS.c.role == "administrator", ACCOUNTS.c.disabled_at.is_(None)))

    def links(self) -> int:
        return self._count(select(INVITATIONS))

    def _count(self, rows: Select[Any]) -> int:
        with self._engine.connect() as connection:
            return len(connection.execute(rows).all())


@pytest.fixture
def here(team: Rig) -> Rig:
    """A Slipway."""
    return team


@pytest.fixture
def there(here: Rig, team_with: Callable[..., Rig]) -> Rig:
    """Another Slipway on the same database."""
    return team_with()


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
    ("first", "second"),
    [("role", "role"), ("disable", "disable"), ("role", "disable"), ("disable", "role")],
    ids="-".join,
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
    for reads in range(1, READS + 1):
        moment.again()
        meanwhile(
            here,
            reads,
            lambda: ada.client.post(
                f"{against_bob}/{first}", base_url=URL, data={**token_of_ada, "role": "viewer", "sure": "yes"}
            ),
            lambda: bob.client.post(
                f"{against_ada}/{second}", base_url=URL, data={**token_of_bob, "role": "viewer", "sure": "yes"}
            ),
        )
        assert moment.administrators() == 1


@pytest.mark.parametrize(
    ("stopped", "reads"),
    [*(("change", reads) for reads in range(1, READS + 1)), ("sign-in", READ_BY_STRANGERS)],
)
def test_who_signs_in_with_the_old_password_while_it_is_changed_is_not_signed_in(
    here: Rig, there: Rig, stopped: str, reads: int
) -> None:
    here.hire("ada")
    ada = entered(here, "ada")
    token = form_on(ada.get("/account"), "/account/password")
    page = there.stranger().get("/sign-in")

    def change() -> object:
        return ada.post("/account/password", {**token, "present": PASSWORD, "password": NEW_PASSWORD})

    def enter() -> object:
        return page.send_to("/sign-in", login="ada", password=PASSWORD)

    if stopped == "change":
        meanwhile(here, reads, change, enter)
    else:
        meanwhile(there, reads, enter, change)
    assert sign_in(there.stranger(), "ada", NEW_PASSWORD).status == 200
    assert not signed_in(page.browser)


def test_who_signs_in_while_being_disabled_is_not_signed_in_when_let_in_again(here: Rig, there: Rig) -> None:
    here.hire("boss", "administrator")
    here.hire("ada")
    boss = entered(here, "boss")
    path = f"/people/{id_of(here, 'ada')}"
    token = form_on(boss.get(path), f"{path}/disable")
    page = there.stranger().get("/sign-in")
    meanwhile(
        there,
        READ_BY_STRANGERS,
        lambda: page.send_to("/sign-in", login="ada", password=PASSWORD),
        lambda: boss.post(f"{path}/disable", {**token, "sure": "yes"}),
    )
    boss.post(f"{path}/enable", token)
    assert not signed_in(page.browser)


def test_a_link_that_somebody_makes_while_being_disabled_opens_nothing(here: Rig, there: Rig) -> None:
    for login in ("boss", "eve"):
        here.hire(login, "administrator")
    here.hire("ada")
    boss, eve = entered(here, "boss"), entered(there, "eve")
    path, target = f"/people/{id_of(here, 'eve')}", f"/people/{id_of(here, 'ada')}"
    token_of_boss = form_on(boss.get(path), f"{path}/disable")
    token_of_eve = form_on(eve.get(target), f"{target}/link")
    moment = Moment(here)
    for reads in range(1, READS + 1):
        moment.again()
        meanwhile(
            there,
            reads,
            lambda: eve.post(f"{target}/link", token_of_eve),
            lambda: boss.post(f"{path}/disable", {**token_of_boss, "sure": "yes"}),
        )
        assert moment.links() == 0
