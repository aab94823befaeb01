"""Signing in and out, and what a session is good for."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Semaphore

import pytest
from support.pages import Browser, Page
from support.rigs import Rig
from support.signing_in import PASSWORD, sign_in
from support.waiting import until

from webapp.auth.hashing_queue import PER_NAME
from webapp.store.events import SLIPWAY

URL = "http://127.0.0.1:8000"


def cookie(browser: Browser) -> str:
    found = browser.client.get_cookie("slipway-8000", domain="127.0.0.1")
    assert found is not None
    return str(found.value)


def with_cookie(team: Rig, value: str) -> Browser:
    """Another browser that holds a copy of a cookie."""
    browser = team.stranger()
    browser.client.set_cookie("slipway-8000", value, domain="127.0.0.1")
    return browser


def signed_in(browser: Browser) -> bool:
    """Whether the account page opens, without going on to sign in."""
    return browser.client.get("/account", base_url=URL).status_code == 200


def test_signing_in_leads_back_to_the_page_that_was_asked_for(team: Rig) -> None:
    team.hire("ada")
    browser = team.stranger()
    asked = browser.get("/submissions?before=5-5")
    assert asked.heading == "Sign in"
    page = asked.send_to("/sign-in", login=" ADA ", password=PASSWORD)
    assert (page.heading, page.path) == ("Activity", "/submissions?before=5-5")


@pytest.mark.parametrize("next", ["//evil.example", "https:evil.example", "/\\evil.example", "%0d%0a", "\r\n"])
def test_signing_in_leads_to_no_other_site(team: Rig, next: str) -> None:
    team.hire("ada")
    browser = team.stranger()
    page = browser.get("/sign-in")
    answer = browser.client.post(
        "/sign-in",
        base_url=URL,
        data={"csrf_token": token_of(page), "login": "ada", "password": PASSWORD, "next": next},
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    again = browser.client.get("/sign-in", base_url=URL, query_string={"next": next})
    assert (again.status_code, again.headers["Location"]) == (302, "/")


def token_of(page: Page) -> str:
    return next(field.get("value") or "" for field in page.all("input") if field.get("name") == "csrf_token")


def test_a_session_and_its_csrf_token_are_new_at_each_sign_in_and_the_old_one_is_dead(team: Rig) -> None:
    team.hire("ada")
    browser = team.stranger()
    page = browser.get("/sign-in")
    page.send_to("/sign-in", login="ada", password=PASSWORD)
    thief = with_cookie(team, cookie(browser))
    assert signed_in(thief)
    again = page.send_to("/sign-in", login="ada", password=PASSWORD)
    assert again.errors == ["This page was open for too long: check it and send it again"]
    again.send_to("/sign-in", login="ada", password=PASSWORD)
    assert signed_in(browser)
    assert not signed_in(thief)


def test_a_cookie_from_before_signing_in_opens_nothing(team: Rig) -> None:
    team.hire("ada")
    browser = team.stranger()
    browser.get("/sign-in")
    before = cookie(browser)
    sign_in(browser, "ada")
    assert not signed_in(with_cookie(team, before))


def test_a_cookie_is_dead_once_its_person_has_signed_out(team: Rig) -> None:
    browser = team.hired("ada")
    copy = with_cookie(team, cookie(browser))
    left = browser.get("/account").send_to("/sign-out")
    assert "You are signed out." in left.text
    assert not signed_in(copy)


def test_signing_out_has_the_browser_forget_what_it_kept(team: Rig) -> None:
    browser = team.hired("ada")
    token = token_of(browser.get("/account"))
    answer = browser.client.post("/sign-out", base_url=URL, data={"csrf_token": token})
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_a_cookie_is_dead_once_an_administrator_has_revoked_it_or_disabled_its_person(team: Rig) -> None:
    boss = team.hired("boss", "administrator")
    for verb in ("sign-out", "disable"):
        browser = team.hired(f"ada-{verb}")
        id = next(account.id for account in team.parts.staff.accounts.everyone() if account.login == f"ada-{verb}")
        boss.get(f"/people/{id}").send_to(f"/people/{id}/{verb}", sure="yes")
        assert not signed_in(browser)
        assert sign_in(browser, f"ada-{verb}").status == (422 if verb == "disable" else 200)


def test_a_session_ends_after_thirty_idle_minutes(team: Rig) -> None:
    browser = team.hired("ada")
    for _ in range(3):
        team.clock.forward(minutes=29)
        assert signed_in(browser)
    team.clock.forward(minutes=30)
    assert not signed_in(browser)


def test_a_session_ends_after_twelve_hours_whatever_is_done(team: Rig) -> None:
    browser = team.hired("ada")
    for _ in range(35):
        team.clock.forward(minutes=20)
        assert signed_in(browser)
    team.clock.forward(minutes=20)
    assert not signed_in(browser)


def test_what_script_reads_by_itself_does_not_keep_a_session(team: Rig) -> None:
    browser = team.hired("ada")
    for _ in range(3):
        team.clock.forward(minutes=10, seconds=1)
        browser.client.get("/submissions", base_url=URL, headers={"Sec-Fetch-Mode": "cors"})
    assert not signed_in(browser)


def test_what_is_over_is_swept_away(team: Rig) -> None:
    team.hired("ada")
    team.clock.forward(hours=1)
    team.hired("bob")
    team.parts.sessions.sweep()
    with team.parts.journal._engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT COUNT(*) FROM sessions").scalar() == 1


def test_the_database_holds_no_secret_of_a_session_or_a_link(team: Rig) -> None:
    browser = team.hired("ada")
    with browser.client.session_transaction(base_url=URL) as session:
        secret = session["session"]
    link = team.parts.staff.renew(team.parts.staff.accounts.everyone()[0], SLIPWAY)
    with team.parts.journal._engine.connect() as connection:
        dump = str(
            [connection.exec_driver_sql(f"SELECT * FROM {table}").all() for table in ("sessions", "invitations")]
        )
    assert secret not in dump
    assert link not in dump


def test_whatever_strangers_try_elsewhere_the_right_password_lets_in(team: Rig) -> None:
    team.hire("ada")
    for number in range(20):
        assert sign_in(from_address(team, f"10.0.0.{number}"), "ada", "wrong password").status == 422
    assert sign_in(from_address(team, "10.0.0.99"), "ada").status == 200


def test_a_name_that_is_attacked_has_three_guesses_from_each_origin_and_other_names_have_more(team: Rig) -> None:
    team.hire("ada")
    team.hire("bob")
    for number in range(10):
        sign_in(from_address(team, f"10.0.0.{number}"), "ada", "wrong password")
    guesses = [sign_in(from_address(team, "10.0.0.99"), "ada", "wrong password").status for _ in range(4)]
    assert guesses == [422, 422, 422, 429]
    assert sign_in(from_address(team, "10.0.0.99"), "bob").status == 200


# Where ten failures come from → where somebody then has to wait, and where not.
ORIGINS = {
    "one address": (["10.0.0.1"] * 10, "10.0.0.1", "10.0.0.2"),
    "one /64": ([f"2001:db8:1:2::{number}" for number in range(1, 11)], "2001:db8:1:2:ffff::1", "2001:db8:1:3::1"),
    "IPv4 in two spellings": (["10.0.0.1", "::ffff:10.0.0.1"] * 5, "10.0.0.1", "::ffff:10.0.0.2"),
}


@pytest.mark.parametrize(("tried", "same", "other"), ORIGINS.values(), ids=ORIGINS)
def test_after_ten_failures_from_one_origin_it_has_to_wait_whoever_signs_in(
    team: Rig, tried: list[str], same: str, other: str
) -> None:
    team.hire("ada")
    for number, address in enumerate(tried):
        assert sign_in(from_address(team, address), f"guess-{number}", "wrong password").status == 422
    refused = sign_in(from_address(team, same), "ada")
    assert (refused.status, refused.headers["Retry-After"]) == (429, "300")
    assert refused.errors == ["There were too many attempts: try again in 5 minutes"]
    assert sign_in(from_address(team, other), "ada").status == 200
    team.clock.forward(minutes=4, seconds=59)
    refused = sign_in(from_address(team, same), "ada")
    assert refused.errors == ["There were too many attempts: try again in 1 second"]
    team.clock.forward(seconds=1)
    assert sign_in(from_address(team, same), "ada").status == 200


def test_a_thousand_failures_from_everywhere_keep_nobody_out(team: Rig) -> None:
    team.hire("ada")
    for number in range(1000):
        assert isinstance(team.parts.staff.attempts.take(f"guess-{number}", f"10.0.{number // 10}.0"), int)
    assert sign_in(team.stranger(), "ada").status == 200


def test_a_browser_that_signed_in_before_is_spared_what_strangers_do_beside_it(team: Rig) -> None:
    browser = from_address(team, "10.0.0.1")
    team.hire("ada")
    sign_in(browser, "ada")
    browser.get("/account").send_to("/sign-out")
    for _ in range(10):
        sign_in(from_address(team, "10.0.0.1"), "ada", "wrong password")
    assert sign_in(from_address(team, "10.0.0.1"), "ada").status == 429
    assert sign_in(browser, "ada").status == 200


def test_a_browser_that_signed_in_before_has_ten_guesses_too_and_none_at_others(team: Rig) -> None:
    browser = from_address(team, "10.0.0.1")
    team.hire("ada")
    team.hire("bob")
    sign_in(browser, "ada")
    browser.get("/account").send_to("/sign-out")
    guesses = [sign_in(browser, "ada", "wrong password").status for _ in range(11)]
    assert guesses == [422] * 10 + [429]
    guesses = [sign_in(browser, "bob", "wrong password").status for _ in range(11)]
    assert guesses == [422] * 10 + [429]


@pytest.mark.parametrize("how", ["a new password", "half a year", "another's", "a forged one"])
def test_the_cookie_that_spares_a_browser_ends(team: Rig, how: str) -> None:
    browser = from_address(team, "10.0.0.1")
    team.hire("ada")
    if how == "another's":
        team.hire("bob")
    sign_in(browser, "bob" if how == "another's" else "ada")
    browser.get("/account").send_to("/sign-out")
    if how == "a new password":
        link = team.parts.staff.renew(next(iter(team.parts.staff.accounts.everyone())), SLIPWAY)
        path = f"/invitations/{link}"
        team.stranger().get(path).send_to(path, password=PASSWORD)
    if how == "half a year":
        team.clock.forward(days=180)
    if how == "a forged one":
        browser.client.set_cookie("slipway-8000-known", "e30.forged", domain="127.0.0.1")
    for _ in range(10):
        sign_in(from_address(team, "10.0.0.1"), "ada", "wrong password")
    assert sign_in(browser, "ada").status == 429


def test_the_cookie_that_spares_a_browser_opens_nothing_and_script_cannot_read_it(team: Rig) -> None:
    team.hire("ada")
    browser = team.stranger()
    page = browser.get("/sign-in")
    fields = {"csrf_token": token_of(page), "login": "ada", "password": PASSWORD}
    kept = browser.client.post("/sign-in", base_url=URL, data=fields).headers.getlist("Set-Cookie")
    (known,) = [cookie for cookie in kept if cookie.startswith("slipway-8000-known=")]
    assert {"HttpOnly", "Path=/", "SameSite=Strict"} <= set(known.split("; "))
    other = team.stranger()
    other.client.set_cookie("slipway-8000-known", known.partition("=")[2].split(";")[0], domain="127.0.0.1")
    assert not signed_in(other)


def test_while_strangers_take_all_turns_a_browser_that_is_known_signs_in_and_a_stranger_is_told_to_wait(
    team: Rig,
) -> None:
    team.hire("ada")
    browser = team.stranger()
    sign_in(browser, "ada")
    browser.get("/account").send_to("/sign-out")
    queue, begun, done = team.parts.staff.passwords._strangers, Semaphore(0), Event()

    def hold() -> None:
        begun.release()
        with queue.turn("ada"):
            done.wait(60)

    with ThreadPoolExecutor(PER_NAME) as threads:
        holding = [threads.submit(hold) for _ in range(PER_NAME)]
        for _ in range(PER_NAME):
            begun.acquire()
        until(lambda: queue._asking["ada"] == PER_NAME)
        told = sign_in(team.stranger(), "ada")
        assert (told.status, told.headers["Retry-After"]) == (429, "5")
        assert sign_in(browser, "ada").status == 200
        done.set()
        for held in holding:
            held.result(60)
    assert sign_in(team.stranger(), "ada").status == 200


def test_who_signs_in_rightly_may_do_so_as_often_as_they_like(team: Rig) -> None:
    team.hire("ada")
    for _ in range(11):
        assert sign_in(team.stranger(), "ada").status == 200


def from_address(team: Rig, address: str) -> Browser:
    browser = team.stranger()
    browser.client.environ_base["REMOTE_ADDR"] = address
    return browser


def test_every_sign_in_refusal_and_sign_out_is_on_record_and_what_was_typed_is_not(team: Rig) -> None:
    team.hire("ada")
    browser = team.stranger()
    sign_in(browser, "hunter2-typed-as-a-name", "wrong password")
    sign_in(browser, "ada", "wrong password")
    sign_in(browser, "ada")
    browser.get("/account").send_to("/sign-out")
    assert team.deeds[-4:] == [
        ("somebody", "sign-in refused", "unknown or disabled"),
        ("Ada", "sign-in refused", "password"),
        ("Ada", "signed in", "password"),
        ("Ada", "signed out", "one session"),
    ]
    assert [event.origin for event in team.events[-4:]] == ["127.0.0.1"] * 4
    assert "hunter2" not in str([vars(event) for event in team.events])


def test_a_form_that_was_open_too_long_asks_again(team: Rig) -> None:
    team.hire("ada")
    page = team.stranger().post("/sign-in", {"login": "ada", "password": PASSWORD, "csrf_token": "old"})
    assert (page.status, page.errors) == (422, ["This page was open for too long: check it and send it again"])


def test_where_nobody_signs_in_there_is_no_sign_in_page(desk: Browser) -> None:
    assert desk.get("/sign-in").path == "/"
    assert desk.client.get("/people", base_url=URL).status_code == 404


def test_under_https_the_cookie_is_bound_to_the_host(team_with: Callable[..., Rig]) -> None:
    team = team_with(url="https://desk.example.com")
    answer = team.app.test_client().get("/sign-in", base_url="https://desk.example.com")
    kept = answer.headers["Set-Cookie"]
    assert kept.startswith("__Host-slipway=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(kept.split("; "))
    assert "Domain" not in kept
