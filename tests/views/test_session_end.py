"""A session that ends, or is not the one that a form was opened in, while the form is open."""

import re
from collections.abc import Callable
from datetime import timedelta

import itsdangerous
import pytest
from support.pages import Browser, Page, text_of
from support.rigs import Rig
from support.signing_in import PASSWORD, sign_in
from support.teams import become

from webapp.store.events import SLIPWAY
from webapp.store.models import Account

LEAST = {"name": "Run tests", "docker_image_name": "library/ubuntu", "inline_commands": "make test"}
SECRETS = {
    "image_source": "credentials",
    "login": "me",
    "password": "canary-password",
    "variables__0__key": "A",
    "variables__0__value": "canary-variable",
    "variables__0__encrypted": "true",
}
URL = "http://127.0.0.1:8000"
MINE = "/workspaces/buddy/projects/company-website/pipelines/2/actions/7"
IMAGE = {"docker_image_name": "team/app", "docker_image_tag": "1.2"}


def again(page: Page, login: str) -> Page:
    """Sign in on the page that a lost session has led to."""
    return page.send_to("/sign-in", login=login, password=PASSWORD)


@pytest.mark.parametrize("button", ["send", "check"])
def test_a_form_posted_after_its_session_has_ended_is_there_again_after_signing_in(
    team: Rig, new_form: str, button: str
) -> None:
    browser = team.hired("ada")
    form = browser.get(new_form)
    team.clock.forward(minutes=31)
    lost = form.send(**LEAST | SECRETS) if button == "send" else form.press("check", **LEAST | SECRETS)
    assert (lost.heading, lost.status) == ("Sign in", 200)
    assert "Nothing was sent, and what you typed is kept" in lost.text
    back = again(lost, "ada")
    assert {name: back.fields[name] for name in LEAST} == LEAST
    assert (back.fields["login"], back.fields["variables-0-key"]) == ("me", "A")
    assert "canary" not in back.html
    assert team.buddy.bodies == []
    receipt = back.send()
    assert receipt.heading == "“Run tests” was added"
    (sent,) = team.buddy.bodies
    assert sent["password"] == "canary-password"
    assert [(item["key"], item["value"]) for item in sent["variables"]] == [("A", "canary-variable")]


def test_a_wrong_password_on_the_way_does_not_lose_the_posted_form(team: Rig, new_form: str) -> None:
    browser = team.hired("ada")
    form = browser.get(new_form)
    team.clock.forward(minutes=31)
    wrong = form.send(**LEAST).send_to("/sign-in", login="ada", password="wrong password")
    assert "what you typed is kept" in wrong.text
    assert again(wrong, "ada").fields["name"] == "Run tests"


def test_a_button_that_came_too_late_is_told_to_have_done_nothing(team: Rig) -> None:
    team.buddy.by_hand = [{"id": 7, "name": "Run", "type": "RUN_DOCKER_CONTAINER", **IMAGE}]
    browser = team.hired("ada")
    question = browser.get(f"{MINE}/delete")
    team.clock.forward(minutes=31)
    browser.headers |= {"Referer": f"{browser.url}{MINE}/delete"}
    lost = question.send_to(f"{MINE}/delete")
    told = "Your session has ended. Nothing was done: sign in, then press the button again."
    assert (lost.heading, told in lost.text) == ("Sign in", True)
    wrong = lost.send_to("/sign-in", login="ada", password="wrong password")
    assert told in wrong.text
    assert again(wrong, "ada").heading == "Delete “Run”?"
    assert team.buddy.writes == 0


def test_who_asked_for_a_page_is_told_of_no_button(team: Rig) -> None:
    browser = team.hired("ada")
    team.clock.forward(minutes=31)
    assert "Nothing was done" not in browser.get("/submissions").text


def test_who_signs_out_after_the_session_has_ended_is_signed_out(team: Rig) -> None:
    browser = team.hired("ada")
    page = browser.get("/account")
    team.clock.forward(minutes=31)
    left = page.send_to("/sign-out")
    assert (left.heading, "You are signed out." in left.text) == ("Sign in", True)


def test_the_form_is_not_shown_to_whoever_else_signs_in_and_is_still_there_for_its_owner(
    team: Rig, new_form: str
) -> None:
    browser = team.hired("ada")
    team.hire("bob", "administrator")
    form = browser.get(new_form)
    team.clock.forward(minutes=31)
    other = again(form.send(**LEAST), "bob")
    assert (other.status, other.heading) == (404, "There is no such page")
    assert "Run tests" not in other.browser.get("/").html
    browser.get("/account").send_to("/sign-out")
    sign_in(browser, "ada")
    assert browser.get(other.path).fields["name"] == "Run tests"


def test_a_form_that_slipway_did_not_sign_is_kept_by_nobody(team: Rig, new_form: str) -> None:
    form = team.hired("ada").get(new_form)
    sealed = form.fields["envelope"]
    # The last character of a signature stands for fewer bits than it has: another one can be the same signature.
    content, _, signature = sealed.rpartition(".")
    fields = {**form.fields, **LEAST, "envelope": f"{content}.{signature[::-1]}"}
    page = team.stranger().post(new_form.removesuffix("/new"), fields)
    assert page.heading == "Sign in"
    assert "kept" not in page.text
    assert team.rows == []


def test_a_form_of_the_day_before_yesterday_is_not_kept_without_its_person(team: Rig, new_form: str) -> None:
    form = team.hired("ada").get(new_form)
    team.clock.forward(hours=25)
    assert "kept" not in form.send(**LEAST).text
    assert team.rows == []


def test_a_form_with_more_in_it_than_a_form_takes_is_not_kept_without_its_person(team: Rig, new_form: str) -> None:
    form = team.hired("ada").get(new_form)
    fields = form.fields | LEAST
    team.clock.forward(minutes=31)
    rows = {f"variables-{number}-key": f"A{number}" for number in range(2_001)}
    page = team.stranger().post(new_form.removesuffix("/new"), fields | rows)
    assert (page.status, page.heading, team.rows) == (413, "What you sent is too large", [])
    env = "".join(f"A{number}=1\n" for number in range(401))
    assert "what you typed is kept" in team.stranger().post(new_form, fields | {"env_text": env}).text
    (row,) = team.rows
    assert (row.name, [name for name in row.typed if name.startswith("variables-")]) == ("Run tests", [])


def test_a_form_with_nothing_in_it_leads_back_to_a_form(team: Rig, new_form: str) -> None:
    form = team.hired("ada").get(new_form)
    team.clock.forward(minutes=31)
    assert form.send().heading == "Sign in"
    assert team.rows == []


@pytest.mark.parametrize("address", ["http://[", "http://a]b/people", "http://\u2100"])
def test_who_comes_from_what_is_no_address_signs_in_and_begins_at_the_first_page(team: Rig, address: str) -> None:
    browser = team.hired("ada")
    team.clock.forward(minutes=31)
    browser.headers = {"Referer": address}
    lost = browser.post("/drafts/discard", {})
    assert (lost.heading, lost.path) == ("Sign in", "/sign-in?next=/&undone=1")


def test_what_script_keeps_is_kept_after_the_session_too_and_script_is_told(team: Rig, new_form: str) -> None:
    browser = team.hired("ada")
    form = browser.get(new_form)
    team.clock.forward(minutes=31)
    answer = browser.client.post(
        new_form.replace("/new", "/draft"), base_url=URL, data={**form.fields, "name": "Half typed"}
    )
    assert (answer.status_code, answer.json["problem"]) == (401, "signed out")
    (row,) = team.rows
    assert (row.name, row.state) == ("Half typed", "draft")


@pytest.mark.parametrize("token", [None, "forged", "other"])
def test_a_wrong_csrf_token_brings_the_filled_form_back_and_is_on_record(
    team: Rig, new_form: str, token: str | None
) -> None:
    form = team.hired("ada").get(new_form)
    other = team.hired("bob").get(new_form).fields["csrf_token"] if token == "other" else token
    page = form.send(**LEAST, csrf_token=other)
    assert page.status == 400
    assert {name: page.fields[name] for name in LEAST} == LEAST
    assert team.buddy.bodies == []
    assert ("Ada", "refused", "form") in team.deeds


def test_a_csrf_token_lasts_as_long_as_its_session(
    desk: Browser, new_form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = itsdangerous.TimestampSigner.get_timestamp
    with monkeypatch.context() as yesterday:
        yesterday.setattr(itsdangerous.TimestampSigner, "get_timestamp", lambda signer: now(signer) - 25 * 3600)
        form = desk.get(new_form)
    assert form.send(**LEAST).heading == "“Run tests” was added"


def test_a_post_from_another_site_sends_nothing_in_spite_of_the_cookie(team: Rig, new_form: str) -> None:
    browser = team.hired("ada")
    fields = {**browser.get(new_form).fields, **LEAST}
    answer = browser.client.post(
        new_form.removesuffix("/new"), base_url=URL, data=fields, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert (answer.status_code, team.buddy.bodies) == (403, [])


def test_a_draft_of_somebody_else_is_not_there_and_a_receipt_is(team: Rig, new_form: str) -> None:
    ada, boss = team.hired("ada"), team.hired("boss", "administrator")
    draft = ada.get(new_form).press("check", **LEAST)
    (row,) = team.rows
    missing = boss.get("/submissions/none")
    hidden = boss.get(f"/submissions/{row.id}")
    # Each page tells the number of its own request.
    told = [re.sub(r"request [0-9a-f]+", "", each.text) for each in (hidden, missing)]
    assert (hidden.status, missing.status, told[0]) == (404, 404, told[1])
    for noun in ("attempts", "delete", "looks", "ruling"):
        assert boss.post(f"/submissions/{row.id}/{noun}", {}).status == 404
    receipt = draft.send()
    assert boss.get(receipt.path).heading == "“Run tests” was added"
    assert boss.get("/submissions").links["Run tests"] == receipt.path


def test_a_token_that_buddy_no_longer_takes_loses_nothing(team: Rig, new_form: str) -> None:
    form = team.hired("ada").get(new_form)
    team.buddy.answer = (401, {"errors": [{"message": "The token was revoked"}]})
    page = form.send(**LEAST)
    assert page.fields["name"] == "Run tests"
    assert "The token was revoked" in page.text
    team.buddy.answer = (201, {"id": 7, "name": "Run tests"})
    assert page.send().heading == "“Run tests” was added"


def test_a_page_says_when_its_session_ends_and_staying_moves_the_end(team: Rig) -> None:
    browser = team.hired("ada")
    end = team.clock.now + timedelta(minutes=30)
    until = browser.get("/").by_id("session-end")
    assert until is not None
    assert f"signed out on {end:%-d %B %Y, %H:%M} UTC if you do nothing." in text_of(until)
    team.clock.forward(minutes=29)
    asked = browser.client.get("/account/session", base_url=URL, headers={"Sec-Fetch-Mode": "cors"})
    assert asked.json == {"left": 60, "most": 12 * 3600 - 29 * 60}
    token = next(field.get("value") or "" for field in browser.get("/account").all("input"))
    stayed = browser.client.post("/account/session", base_url=URL, data={"csrf_token": token})
    assert stayed.json["left"] == 30 * 60


def test_a_database_that_fails_while_somebody_is_signed_in_says_so(team: Rig, new_form: str) -> None:
    form = team.hired("ada").get(new_form)
    with team.parts.journal._engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE sessions RENAME TO gone")
    page = form.send(**LEAST)
    assert (page.status, page.fields["name"]) == (503, "Run tests")
    assert form.browser.get("/").heading == "Slipway can't use its database"


ACTION = "/workspaces/buddy/projects/company-website/pipelines/2/actions/7"
EXISTING = {"id": 7, "name": "Lint", "type": "RUN_DOCKER_CONTAINER", "docker_image_name": "library/python"}
# What ends, what is told then, and whether a form that was posted is kept for another time.
ENDS: dict[str, tuple[Callable[[Rig], object], str, bool]] = {
    "is disabled": (lambda team: team.parts.staff.disable(account_of(team, "ada"), SLIPWAY), "Sign in", False),
    "is signed out": (lambda team: team.parts.sessions.end_all(account_of(team, "ada").id, SLIPWAY), "Sign in", True),
    "has another role": (lambda team: become(team, "ada", "viewer"), "Your role does not allow this", True),
}


def account_of(team: Rig, login: str) -> Account:
    account = team.parts.staff.accounts.named(login)
    assert account is not None
    return account


def changed(page: Page) -> Page:
    return page.send(inline_commands="make lint")


def answered(page: Page) -> Page:
    return page.send_to(page.path.removesuffix("/new"))


SENT = {"a change": ("/edit", changed), "a deletion": ("/delete", answered), "a run": ("/runs/new", answered)}


@pytest.mark.parametrize("kind", SENT)
@pytest.mark.parametrize(("end", "heading", "kept"), ENDS.values(), ids=ENDS)
def test_nothing_is_sent_for_whom_it_is_over_while_buddy_is_read(
    team: Rig, kind: str, end: Callable[[Rig], object], heading: str, kept: bool
) -> None:
    team.buddy.answer, team.buddy.by_hand = None, [EXISTING]
    below, send = SENT[kind]
    page = team.hired("ada").get(f"{ACTION}{below}")
    ends = iter([end])
    team.buddy.before_reading = lambda _: next(ends, lambda _: None)(team)
    told = send(page)
    assert (told.heading, team.buddy.writes, team.buddy.runs) == (heading, 0, [])
    assert [row.state for row in team.rows] == (["draft"] if kept and kind == "a change" else [])
    assert ("what you typed is kept" in told.text.lower()) == (kept and kind == "a change")
