"""How much of what people type is kept, and what is said when it is no more."""

from typing import Any

import pytest
from support.pages import Page
from support.rigs import LEAST, NEW, SECRETS, Rig

from webapp.auth.people import Role
from webapp.buddy.places import Place
from webapp.buddy.snapshot import Snapshot
from webapp.context import Parts
from webapp.store.events import Actor, NewEvent
from webapp.store.journal import Mark
from webapp.submissions.drafts import QUOTA, Draft, keep_draft
from webapp.submissions.envelope import new_envelope

DRAFT = NEW.replace("/new", "/draft")
FULL = "What you typed is not kept: you have as many drafts as Slipway keeps for one person, 200 or 20 MB in all."
GONE = Actor("local", "Ada", None)
LARGE = "x" * 1_900_000


def fill(parts: Parts, owner: str, count: int = QUOTA.rows, size: int = 1) -> None:
    """Keep so many drafts of somebody."""
    for number in range(count):
        envelope = new_envelope(owner, Place("buddy", "site", 2), Snapshot("A pipeline"), parts.clock())
        assert keep_draft(parts.journal, Draft(envelope, {"name": f"Draft {number}", "inline_commands": "x" * size}))


def autosave(page: Page, **typed: str) -> Any:
    """What script does while somebody types."""
    return page.browser.client.post(DRAFT, data={**page.fields, **typed}, base_url=page.browser.url)


@pytest.mark.parametrize("button", ["check", "add-variables", "preview", "link", "add-volumes"])
def test_with_as_many_drafts_as_are_kept_each_button_works_and_says_that_nothing_is_kept(rig: Rig, button: str) -> None:
    page = rig.form()
    fill(rig.parts, "local")
    pressed = page.press(button, **LEAST)
    assert (pressed.status, FULL in pressed.text) == (200, True)
    assert "inline_commands" in pressed.html and "make test" in pressed.html
    assert len(rig.rows) == QUOTA.rows


def test_a_row_that_was_asked_for_is_there_and_the_form_can_be_sent_all_the_same(rig: Rig) -> None:
    page = rig.form()
    fill(rig.parts, "local")
    longer = page.press("add-variables", **LEAST)
    assert "variables-0-key" in longer.fields
    receipt = longer.send(variables__0__key="A", variables__0__value="b")
    assert receipt.heading == "“Run tests” was added"
    assert rig.states.count("created") == 1


def test_an_edited_copy_of_a_sent_form_asks_and_can_be_sent_all_the_same(rig: Rig) -> None:
    page = rig.form()
    receipt = page.send(**LEAST)
    fill(rig.parts, "local")
    asked = page.send(**LEAST | {"inline_commands": "make all"})
    assert (asked.status, FULL in asked.text, rig.buddy.writes) == (409, True, 1)
    assert asked.links["see what happened to it"] == receipt.path
    asked.send()
    assert [action["inline_commands"] for action in rig.buddy.added] == ["make test", "make all"]


def test_a_mistake_is_told_beside_it(rig: Rig) -> None:
    page = rig.form()
    fill(rig.parts, "local")
    wrong = page.send(**LEAST | {"name": ""})
    assert (wrong.status, FULL in wrong.text) == (422, True)
    assert wrong.errors == ["Enter a name for the action, for example Run tests"]
    assert wrong.fields["docker_image_name"] == "library/ubuntu"


@pytest.mark.parametrize("button", ["check", "send"])
def test_secrets_that_are_not_kept_are_not_said_to_be_and_stand_on_no_page(rig: Rig, button: str) -> None:
    page = rig.form()
    fill(rig.parts, "local")
    typed = LEAST | SECRETS | ({"name": ""} if button == "send" else {})
    told = page.press("check", **typed) if button == "check" else page.send(**typed)
    assert "canary" not in told.html
    assert "The password is no longer kept: type it again." in told.text
    assert "The value is no longer kept: type it again." in told.text
    asked = told.send(**LEAST)
    assert (asked.status, rig.buddy.writes) == (422, 0)
    asked.send(password="canary-password", variables__0__value="canary-variable")
    assert rig.states.count("created") == 1


NO_ROOM = "There is no room to keep the secrets in this text, so nothing was filled in from it"
PASTES = {
    "run_command": "docker run -e API_TOKEN=canary -e A=1 alpine ls",
    "env_text": "API_TOKEN=canary\nA=1\n",
}


@pytest.mark.parametrize(
    ("box", "button"), [("run_command", "fill-run"), ("env_text", "fill-env"), ("env_text", "check"), ("env_text", "")]
)
def test_a_text_whose_secrets_can_not_be_kept_stays_whole_in_its_box(rig: Rig, box: str, button: str) -> None:
    page = rig.form()
    fill(rig.parts, "local")
    typed = {"inline_commands": "mine", box: PASTES[box]}
    told = page.press(button, **typed) if button else page.send(**typed)
    assert (told.status, told.fields[box].strip()) == (422, PASTES[box].strip())
    assert told.error_at(box).startswith(NO_ROOM)
    assert "Filled in" not in told.text and "no longer kept" not in told.text
    assert "variables-0-key" not in told.fields and told.fields["inline_commands"].strip() == "mine"
    rig.parts.journal.remove_draft(rig.rows[0].id, "local", Mark("x", rig.rows[0].version), NewEvent(GONE, "discarded"))
    filled = told.press(button or "fill-env")
    assert NO_ROOM not in filled.text and filled.fields["variables-0-key"] == "API_TOKEN"
    assert "no longer kept" not in filled.text


def test_a_text_without_secrets_is_filled_in_all_the_same(rig: Rig) -> None:
    page = rig.form()
    fill(rig.parts, "local")
    told = page.press("fill-run", run_command="docker run -e A=1 alpine ls", password="canary")
    assert (told.status, FULL in told.text, told.fields["variables-0-key"]) == (200, True, "A")
    sent = rig.form().send(**LEAST, env_text=PASTES["env_text"])
    assert sent.heading == "“Run tests” was added"


def test_script_is_told_too(rig: Rig) -> None:
    page = rig.form()
    fill(rig.parts, "local")
    answer = autosave(page, name="Half typed")
    assert (answer.status_code, answer.json) == (507, {"problem": "full"})


def test_a_draft_that_is_there_goes_on_being_kept_and_one_that_is_discarded_makes_room(rig: Rig) -> None:
    page = rig.form()
    fill(rig.parts, "local", QUOTA.rows - 1)
    assert autosave(page, name="Mine").status_code == 200
    checked = page.press("check", **LEAST)
    assert FULL not in checked.text
    other = rig.form()
    assert autosave(other, name="Other").status_code == 507
    assert autosave(checked, **dict.fromkeys(LEAST, "")).status_code == 204
    assert autosave(other, name="Other").status_code == 200


def test_drafts_have_so_much_room_in_all(rig: Rig) -> None:
    fill(rig.parts, "local", 10, 1_900_000)
    page = rig.form()
    assert FULL in page.press("check", **LEAST | {"inline_commands": LARGE}).text
    assert FULL not in page.press("check", **LEAST).text
    assert sum(row.size for row in rig.rows) <= QUOTA.size


def test_a_draft_can_be_shortened_where_there_is_no_room(rig: Rig) -> None:
    page = rig.form()
    page = page.press("check", **LEAST | {"inline_commands": LARGE})
    fill(rig.parts, "local", 9, 2_000_000)
    assert FULL in page.press("check", inline_commands=LARGE + "x" * 100_000).text
    assert FULL not in page.press("check", inline_commands=LARGE[:-1]).text


def test_what_is_newer_on_another_page_is_not_said_to_be_kept_twice(rig: Rig) -> None:
    first = rig.form().press("check", **LEAST)
    rig.receipt().press("check", name="Newer")
    fill(rig.parts, "local", QUOTA.rows - 1)
    older = first.press("check", name="Older")
    assert (FULL in older.text, "Both are kept" in older.text) == (True, False)
    assert older.fields["name"] == "Older"


def test_one_persons_drafts_take_no_room_from_anothers(team: Rig) -> None:
    team.hire("ada")
    account = team.parts.staff.accounts.named("ada")
    assert account is not None
    fill(team.parts, account.id)
    bob = team.hired("bob")
    assert FULL not in bob.get(NEW).press("check", **LEAST).text


@pytest.mark.parametrize("change", ["disabled", "viewer"])
def test_who_may_keep_nothing_any_more_can_not_do_it_with_an_old_form_either(team: Rig, change: str) -> None:
    browser = team.hired("ada")
    team.hired("boss", "administrator")
    form = browser.get(NEW)
    staff = team.parts.staff
    account = staff.accounts.named("ada")
    assert account is not None
    boss = staff.accounts.named("boss")
    assert boss is not None
    if change == "disabled":
        staff.disable(account, Actor(boss.id, boss.name, None))
    else:
        staff.change_role(account, Role.VIEWER, Actor(boss.id, boss.name, None))
    stranger = team.stranger()
    for number in range(3):
        page = stranger.post(NEW.removesuffix("/new"), form.fields | LEAST | {"name": f"Run {number}"})
        assert (page.heading, "kept" in page.text) == ("Sign in", False)
    saved = stranger.client.post(DRAFT, data=form.fields | LEAST, base_url=stranger.url)
    assert (saved.status_code, saved.json["draft"]) == (401, None)
    assert team.rows == []


def test_a_form_that_is_posted_after_its_session_and_finds_no_room_says_how_to_save_it(team: Rig) -> None:
    browser = team.hired("ada")
    form = browser.get(NEW)
    account = team.parts.staff.accounts.named("ada")
    assert account is not None
    fill(team.parts, account.id)
    team.clock.forward(minutes=31)
    told = form.send(**LEAST)
    assert (told.status, told.heading) == (507, "You are signed out, and what you typed is not kept")
    assert "your browser still has what you typed" in told.text
    assert len(team.rows) == QUOTA.rows
