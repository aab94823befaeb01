"""Inviting people, changing what they may do, and their own account."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy.orm import Session
from support.pages import Browser, Page, posted_fields
from support.rigs import Rig
from support.signing_in import PASSWORD, sign_in
from support.teams import with_provider

from webapp.store.events import Actor
from webapp.store.models import Account

URL = "http://127.0.0.1:8000"
NEW = "/workspaces/buddy/projects/company-website/pipelines/2/actions/new"


def id_of(team: Rig, login: str) -> str:
    return next(account.id for account in team.parts.staff.accounts.everyone() if account.login == login)


def link_on(page: Page) -> str:
    address = next(code.text or "" for code in page.all("code"))
    assert address.startswith(f"{URL}/invitations/")
    return address.removeprefix(URL)


def invite(browser: Browser, login: str, role: str = "viewer") -> Page:
    return browser.get("/people").send_to("/people", name=login.capitalize(), login=login, role=role)


def test_the_first_link_makes_an_administrator_once(team: Rig) -> None:
    path = f"/invitations/{team.parts.staff.first_invitation()}"
    page = team.stranger().get(path)
    assert page.heading == "Become the administrator"
    home = page.send_to(path, login="ada@example.com", name="Ada Byron", password=PASSWORD)
    assert home.path == "/"
    assert "You are Ada Byron, administrator." in home.browser.get("/account").text
    used_up = team.stranger().get(path)
    assert (used_up.heading, used_up.links["Sign in"]) == ("This link can't be used any more", "/sign-in")
    assert team.parts.staff.first_invitation() is None
    assert ("Ada Byron", "chose a password", None) in team.deeds


def test_a_newer_first_link_takes_the_place_of_the_older_one_and_both_end(team: Rig) -> None:
    first, second = team.parts.staff.first_invitation(), team.parts.staff.first_invitation()
    page = team.stranger().get(f"/invitations/{first}")
    assert page.status == 404
    assert "It was used already, is too old, or a newer one has taken its place." in page.text
    assert team.stranger().get(f"/invitations/{second}").status == 200
    team.clock.forward(days=3)
    assert team.stranger().get(f"/invitations/{second}").status == 404


FIRST = (
    "Slipway has no administrator yet. The newest link is in the log of the Slipway that was started last: each start "
    "prints one."
)
LATER = "If you have a password, sign in with it. If not, ask an administrator for a new link."


def test_a_link_that_opens_nothing_says_where_another_comes_from(team: Rig) -> None:
    first = f"/invitations/{team.parts.staff.first_invitation()}"
    team.clock.forward(days=3)
    page = team.stranger().get(first)
    assert (FIRST in page.text, "ask an administrator" in page.text) == (True, False)
    assert FIRST in team.stranger().post(first, {}).text
    team.hire("boss", "administrator")
    assert LATER in team.stranger().get(first).text


def test_where_only_a_provider_lets_people_in_no_new_first_link_is_promised(team_with: Callable[..., Rig]) -> None:
    team = team_with(**with_provider("https://id.example.org"))
    page = team.stranger().get("/invitations/none")
    assert (page.status, page.heading) == (404, "This link can't be used here")
    assert "Nobody signs in with a password here any more." in page.text


def test_an_administrator_invites_and_the_guest_chooses_a_password_and_is_in(team: Rig) -> None:
    boss = team.hired("boss", "administrator")
    link = link_on(invite(boss, "bob", "viewer"))
    guest = team.stranger()
    page = guest.get(link)
    assert page.heading == "Choose your password, Bob"
    weak = page.send_to(link, password="password1")
    assert (weak.status, len(weak.errors)) == (422, 1)
    weak.send_to(link, password=PASSWORD)
    assert "You are Bob, viewer." in guest.get("/account").text
    assert team.stranger().get(link).status == 404
    assert ("Boss", "invited", "viewer") in team.deeds


def test_what_is_missing_in_an_invitation_is_said_and_a_name_is_given_once(team: Rig) -> None:
    boss = team.hired("boss", "administrator")
    assert invite(boss, "").errors == ["Enter a name", "Enter a sign-in name"]
    assert invite(boss, "bob").status == 200
    again = invite(boss, "BOB")
    assert again.error_at("login") == "The sign-in name must be one that nobody else has"


def test_a_new_administrator_whose_sign_in_name_somebody_has_chooses_another_one(team: Rig) -> None:
    team.hire("boss", "administrator")
    path = f"/invitations/{team.parts.staff.administrator_link(None)}"
    taken = team.stranger().get(path).send_to(path, login="BOSS", name="Ada Byron", password=PASSWORD)
    assert (taken.status, taken.errors) == (422, ["The sign-in name must be one that nobody else has"])
    home = taken.send_to(path, login="ada", password=PASSWORD)
    assert "You are Ada Byron, administrator." in home.browser.get("/account").text


def test_a_sign_in_name_that_is_too_long_in_small_letters_is_refused_at_its_field(team: Rig) -> None:
    # In small letters this is three characters each.
    greek = "\u0390" * 90
    refusal = "The sign-in name must be shorter: in small letters it has 270 characters, and 255 is the most"
    first = f"/invitations/{team.parts.staff.first_invitation()}"
    page = team.stranger().get(first).send_to(first, login=greek, name="Ada", password=PASSWORD)
    assert (page.status, page.errors) == (422, [refusal])
    page = team.hired("boss", "administrator").get("/people").send_to("/people", login=greek, name="Ada", role="viewer")
    assert (page.status, page.errors) == (422, [refusal])
    assert sign_in(team.stranger(), greek).errors == ["The sign-in name or the password is wrong"]


def test_somebody_with_a_role_of_a_newer_slipway_may_read_and_keeps_it_until_it_is_changed(team: Rig) -> None:
    boss, ada = team.hired("boss", "administrator"), team.hired("ada")
    form = ada.get(NEW)
    id = id_of(team, "ada")
    set_role(team, id, "deputy")
    everyone, person = boss.get("/people"), boss.get(f"/people/{id}")
    words = "Deputy, of a newer Slipway: reads"
    assert (words in everyone.text, words in person.text) == (True, True)
    assert "You are Ada, viewer." in ada.get("/account").text
    assert (ada.get("/").status, ada.get(NEW).status, ada.get("/people").status) == (200, 403, 403)
    assert form.send(name="Run tests", docker_image_name="a", inline_commands="ls").status == 403
    assert sign_in(team.stranger(), "ada").status == 200
    assert [account.role for account in team.parts.staff.accounts.everyone()] == ["deputy", "administrator"]
    assert boss.get(f"/people/{id}").send_to(f"/people/{id}/role").error_at("role") == "Choose a role"
    boss.get(f"/people/{id}").send_to(f"/people/{id}/role", role="editor")
    assert ada.get(NEW).status == 200
    assert boss.get("/record").status == 200


def test_what_somebody_with_a_role_of_a_newer_slipway_posts_signed_out_is_not_kept(team: Rig) -> None:
    ada = team.hired("ada")
    form = ada.get(NEW)
    team.clock.forward(hours=13)
    set_role(team, id_of(team, "ada"), "deputy")
    assert form.send(name="Run tests", docker_image_name="a", inline_commands="ls").heading == "Sign in"
    assert team.rows == []


def set_role(team: Rig, id: str, role: str) -> None:
    """Give somebody a role as a newer Slipway may."""
    with Session(team.parts.journal._engine) as session:
        session.get_one(Account, id).role = role
        session.commit()


def test_a_new_link_resets_a_password_and_signs_out_everywhere(team: Rig) -> None:
    boss, ada = team.hired("boss", "administrator"), team.hired("ada")
    id = id_of(team, "ada")
    link = link_on(boss.get(f"/people/{id}").send_to(f"/people/{id}/link"))
    team.stranger().get(link).send_to(link, password="another quiet lighthouse")
    assert ada.get("/account").heading == "Sign in"
    assert sign_in(team.stranger(), "ada").status == 422
    assert sign_in(team.stranger(), "ada", "another quiet lighthouse").status == 200


def test_a_changed_role_holds_from_the_next_page_on(team: Rig) -> None:
    boss, ada = team.hired("boss", "administrator"), team.hired("ada", "viewer")
    id = id_of(team, "ada")
    assert ada.get("/people").status == 403
    boss.get(f"/people/{id}").send_to(f"/people/{id}/role", role="administrator")
    assert ada.get("/people").status == 200
    assert team.deeds[-1] == ("Boss", "role changed", "administrator")
    assert team.events[-1].details == {"account": id, "name": "Ada", "before": "viewer"}


def test_a_role_that_does_not_exist_is_not_given(team: Rig) -> None:
    boss = team.hired("boss", "administrator")
    team.hire("ada", "viewer")
    id = id_of(team, "ada")
    page = boss.get(f"/people/{id}").send_to(f"/people/{id}/role", role="owner")
    assert (page.status, page.errors) == (422, ["Choose a role"])


def test_who_is_disabled_can_be_let_in_again(team: Rig) -> None:
    boss = team.hired("boss", "administrator")
    team.hire("ada")
    id = id_of(team, "ada")
    boss.get(f"/people/{id}").send_to(f"/people/{id}/disable", sure="yes")
    assert "Disabled" in boss.get("/people").text
    assert sign_in(team.stranger(), "ada").status == 422
    boss.get(f"/people/{id}").send_to(f"/people/{id}/enable")
    assert sign_in(team.stranger(), "ada").status == 200
    assert [deed[:2] for deed in team.deeds if deed[0] == "Boss"][-2:] == [("Boss", "disabled"), ("Boss", "enabled")]


@pytest.mark.parametrize(
    ("verb", "heading"),
    [("disable", "Disable Ada?"), ("sign-out", "Sign Ada out everywhere?")],
    ids=["disabling", "ending all sessions"],
)
def test_what_ends_the_work_of_somebody_is_asked_first(team: Rig, verb: str, heading: str) -> None:
    boss, ada = team.hired("boss", "administrator"), team.hired("ada")
    path = f"/people/{id_of(team, 'ada')}"
    question = boss.get(path).send_to(f"{path}/{verb}")
    assert question.heading == heading
    assert question.links["No, go back"] == path
    assert ada.get("/account").heading == "Your account"
    assert question.send_to(f"{path}/{verb}", sure="yes").path == path
    assert ada.get("/account").heading == "Sign in"


def test_reloading_the_page_with_a_link_makes_no_other_one_and_the_link_stays_good(team: Rig) -> None:
    boss = team.hired("boss", "administrator")
    page = invite(boss, "bob")
    link = link_on(page)
    again = boss.get(page.path)
    assert (list(again.all("code")), again.heading) == ([], "A link for Bob")
    assert team.stranger().get(link).status == 200
    assert [verb for _, verb, _ in team.deeds].count("made a link") == 1 + 1


def make_link(team: Rig, boss: Browser) -> str:
    """Press the button that makes Bob a link, without going on to the page that shows it, whose path this gives."""
    path = f"/people/{id_of(team, 'bob')}"
    (form,) = [form for form in boss.get(path).all("form") if form.get("action") == f"{path}/link"]
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": URL}
    boss.client.post(f"{path}/link", base_url=URL, data=dict(posted_fields(form)), headers=headers)
    return f"{path}/link"


def cookies_of(browser: Browser) -> dict[str, Any]:
    """What the session's cookie holds for whoever reads it."""
    app, name = browser.client.application, browser.client.application.config["SESSION_COOKIE_NAME"]
    cookie = next(cookie for cookie in (browser.client._cookies or {}).values() if cookie.key == name)
    held = SecureCookieSessionInterface().get_signing_serializer(app)
    assert held is not None
    return dict(held.loads(cookie.value))


def test_a_link_is_not_used_up_by_who_asks_for_the_head_of_its_page(team: Rig) -> None:
    boss = team.hired("boss", "administrator")
    team.hire("bob")
    path = make_link(team, boss)
    assert boss.client.head(path, base_url=URL).status_code == 200
    assert team.stranger().get(link_on(boss.get(path))).status == 200
    assert list(boss.get(path).all("code")) == []


def test_who_reads_the_cookie_reads_no_link(team: Rig) -> None:
    boss = team.hired("boss", "administrator")
    team.hire("bob")
    path = make_link(team, boss)
    held = cookies_of(boss)
    secret = link_on(boss.get(path)).rpartition("/")[2]
    assert secret not in str(held)


def ended_session(team: Rig, boss: Browser) -> None:
    boss.get("/account").send_to("/sign-out")
    sign_in(boss, "boss")


def minutes(team: Rig, boss: Browser) -> None:
    team.clock.forward(minutes=6)


def another_link(team: Rig, boss: Browser) -> None:
    parts = team.parts.staff
    account = parts.accounts.named("bob")
    assert account is not None
    parts.renew(account, Actor(None, "somebody", None))


@pytest.mark.parametrize("meanwhile", [ended_session, minutes, another_link])
def test_a_cookie_that_was_put_back_shows_no_link_later(team: Rig, meanwhile: Callable[[Rig, Browser], None]) -> None:
    boss = team.hired("boss", "administrator")
    team.hire("bob")
    path = make_link(team, boss)
    kept = cookies_of(boss)
    meanwhile(team, boss)
    with boss.client.session_transaction(base_url=URL) as held:
        held.update({name: value for name, value in kept.items() if "link" in name})
    assert list(boss.get(path).all("code")) == []


def test_an_invitation_is_shown_again_by_making_a_new_one(team: Rig) -> None:
    boss = team.hired("boss", "administrator")
    page = invite(boss, "bob")
    first = link_on(page)
    second = link_on(boss.get(page.path).send_to(f"/people/{id_of(team, 'bob')}/link"))
    assert first != second
    assert [team.stranger().get(link).status for link in (first, second)] == [404, 200]


def test_a_link_is_shown_on_the_page_of_whom_it_is_for_alone(team: Rig) -> None:
    boss = team.hired("boss", "administrator")
    team.hire("ada")
    page = invite(boss, "bob")
    assert page.path == f"/people/{id_of(team, 'bob')}/link"
    boss.get(page.path).send_to(page.path)
    assert list(boss.get(f"/people/{id_of(team, 'ada')}/link").all("code")) == []


def test_nobody_changes_their_own_role_or_disables_themselves_so_that_an_administrator_is_left(team: Rig) -> None:
    boss = team.hired("boss", "administrator")
    page = boss.get(f"/people/{id_of(team, 'boss')}")
    assert [form.get("action") for form in page.all("form") if "/people" in form.get("action", "")] == []
    for verb in ("role", "disable", "link", "sign-out"):
        assert boss.post(f"{page.path}/{verb}", {"role": "viewer"}).status == 404


def test_people_see_where_they_are_signed_in_and_end_it(team: Rig) -> None:
    here = team.hired("ada")
    there = team.stranger()
    sign_in(there, "ada")
    page = here.get("/account")
    (action,) = [form.get("action", "") for form in page.all("form") if "/sessions/" in form.get("action", "")]
    page.send_to(action)
    assert there.get("/account").heading == "Sign in"
    assert here.get("/account").heading == "Your account"


# What browsers say of themselves → how the list calls them.
BROWSERS = {
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chromium/130.0.0.0 Chrome/130.0.0.0 "
    "Safari/537.36": "Chromium on Linux",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/130.0.0.0 "
    "Safari/537.36": "Chrome on Linux",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 "
    "Edg/130.0.0.0": "Edge on Windows",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 "
    "Safari/605.1.15": "Safari on macOS",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "CriOS/130.0.0.0 Mobile/15E148 Safari/604.1": "Chrome on an iPhone",
    "Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0": "Firefox on Android",
    "curl/8.5.0": "curl/8.5.0",
    "x" * 61: "x" * 60,
    "": "An unknown program",
}


@pytest.mark.parametrize(("agent", "words"), BROWSERS.items(), ids=BROWSERS.values())
def test_a_browser_is_named_in_short_words(team: Rig, agent: str, words: str) -> None:
    team.hire("ada")
    browser = team.stranger()
    browser.headers["User-Agent"] = agent
    page = sign_in(browser, "ada").browser.get("/account")
    assert f"Where you are signed in {words} from 127.0.0.1 Here last used {team.clock.now:%-d %B %Y}" in page.text


def test_the_people_are_listed_with_when_they_signed_in_last(team: Rig) -> None:
    boss = team.hired("boss", "administrator")
    team.hire("ada")
    text = boss.get("/people").text
    assert f"boss Administrator signed in last {team.clock.now:%-d %B %Y, %H:%M} UTC" in text
    assert "ada Editor not signed in yet" in text


def test_nobody_ends_the_session_of_somebody_else(team: Rig) -> None:
    ada, bob = team.hired("ada"), team.hired("bob")
    (session,) = team.parts.sessions.running(id_of(team, "bob"))
    token = next(field.get("value") or "" for field in ada.get("/account").all("input"))
    assert ada.post(f"/account/sessions/{session.id}/delete", {"csrf_token": token}).status == 404
    assert bob.get("/account").heading == "Your account"


def test_people_change_their_password_with_the_present_one_and_other_browsers_are_signed_out(team: Rig) -> None:
    here = team.hired("ada")
    there = team.stranger()
    sign_in(there, "ada")
    new = "another quiet lighthouse"
    wrong = here.get("/account").send_to("/account/password", present="wrong", password=new)
    assert wrong.error_at("present") == "Enter your current password: this is not it"
    done = here.get("/account").send_to("/account/password", present=PASSWORD, password=new)
    assert "The password has been changed." in done.text
    assert there.get("/account").heading == "Sign in"
    assert sign_in(there, "ada", new).status == 200
    assert "password changed" in [verb for _, verb, _ in team.deeds]
