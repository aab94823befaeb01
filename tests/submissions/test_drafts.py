"""What is typed is kept, for the person who typed it, and never over something newer."""

from datetime import timedelta
from typing import Any

import pytest
from support import faults
from support.faults import answer, answering
from support.pages import Page
from support.rigs import LEAST, SECRETS, Rig

from .conftest import Open

DRAFT = "/workspaces/buddy/projects/company-website/pipelines/2/actions/draft"


def save(rig: Rig, page: Page, **typed: str) -> Any:
    """What script does while somebody types: gives the answer."""
    named = {name.replace("__", "-"): value for name, value in typed.items()}
    fields = {**page.fields, **getattr(page, "kept", {}), **named}
    answered = rig.browser.client.post(DRAFT, data=fields, base_url=rig.browser.url)
    if answered.status_code == 200:
        page.kept = {"draft": answered.json["draft"]}
    return answered


def continued(rig: Rig, name: str = "Run tests") -> Page:
    """Go back to a draft from the home page."""
    return rig.browser.get(rig.browser.get("/").links[f"Continue “{name}”"])


def test_what_is_typed_is_kept_without_a_button_and_continued_from_the_first_page(rig: Rig) -> None:
    page = rig.form()
    assert save(rig, page, **LEAST | SECRETS).status_code == 200
    assert (rig.states, len(rig.secrets)) == (["draft"], 2)
    back = continued(rig)
    assert back.fields["inline_commands"] == "make test"
    assert "canary" not in back.html
    back.send()
    assert (rig.states, rig.buddy.added[0]["login"]) == (["created"], "me")
    assert b"canary-password" in rig.buddy.requests[0]
    assert "Drafts" not in rig.browser.get("/").text


def test_what_was_emptied_and_typed_anew_has_a_receipt(rig: Rig) -> None:
    page = rig.form()
    save(rig, page, name="Mistyped")
    assert save(rig, page, name="").status_code == 204
    receipt = page.send(**LEAST)
    assert (receipt.status, receipt.heading) == (200, "“Run tests” was added")
    assert "Discarded a draft" in receipt.text


def test_a_form_in_which_nothing_was_typed_is_not_kept(rig: Rig) -> None:
    page = rig.form()
    assert save(rig, page).status_code == 204
    page.press("add-variables").press("remove-variables-0")
    assert rig.rows == []
    assert save(rig, page, **LEAST).status_code == 200
    assert save(rig, page, name="", docker_image_name=" ", inline_commands="").status_code == 204
    assert rig.rows == []


def test_a_later_save_of_an_older_page_never_overwrites_a_newer_one(rig: Rig) -> None:
    older = rig.form()
    save(rig, older, **LEAST)
    newer = continued(rig)
    assert save(rig, newer, **LEAST | {"inline_commands": "newer"}).status_code == 200
    assert save(rig, older, **LEAST | {"inline_commands": "older"}).status_code == 409
    assert [row.typed["inline_commands"] for row in rig.rows] == ["newer"]
    assert save(rig, newer, **LEAST | {"inline_commands": "newest"}).status_code == 200
    pressed = older.press("check", **LEAST | {"inline_commands": "older"})
    assert "changed on another page" in pressed.text
    assert sorted(row.typed["inline_commands"] for row in rig.rows) == ["newest", "older"]


def test_an_older_page_does_not_send_in_a_newer_ones_place(rig: Rig) -> None:
    older = rig.form()
    save(rig, older, **LEAST)
    newer = continued(rig)
    save(rig, newer, **LEAST | {"inline_commands": "newer"})
    asked = older.send(**LEAST | {"inline_commands": "older"})
    assert (asked.status, rig.buddy.writes) == (409, 0)
    assert "changed on another page" in asked.text
    asked.send()
    assert [action["inline_commands"] for action in rig.buddy.added] == ["older"]
    assert sorted(rig.states) == ["created", "draft"]


def test_one_page_goes_on_saving_after_an_answer_got_lost(rig: Rig) -> None:
    page = rig.form()
    save(rig, page, **LEAST)
    mark = page.kept["draft"]
    save(rig, page, **LEAST | {"name": "Second"})
    page.kept = {"draft": mark}
    assert save(rig, page, **LEAST | {"name": "Third"}).status_code == 200
    assert rig.row.name == "Third"


@pytest.mark.patient
def test_a_draft_that_is_being_sent_is_not_overwritten(rig: Rig) -> None:
    page = rig.form()
    save(rig, page, **LEAST)

    def save_meanwhile(connection: Any, server: Any) -> None:
        server.read(connection)
        assert save(rig, page, **LEAST | {"name": "Too late"}).status_code == 409
        connection.sendall(answer("201 Created", server.mine.action))

    rig.buddy.write_fault = save_meanwhile
    page.send(**LEAST)
    assert (rig.row.state, rig.row.name) == ("created", "Run tests")
    assert save(rig, page, **LEAST | {"name": "Too late"}).status_code == 409


def test_a_draft_is_kept_only_for_a_page_of_slipways_own(rig: Rig) -> None:
    page = rig.form()
    assert save(rig, page, **LEAST, csrf_token="forged").status_code == 400
    assert save(rig, page, **LEAST, envelope="forged").status_code == 400
    assert rig.rows == []


def test_an_expired_page_brings_the_same_filled_form_back(rig: Rig) -> None:
    page = rig.form().send(**LEAST, csrf_token="expired")
    assert (page.status, rig.states, rig.buddy.writes) == (400, ["draft"], 0)
    assert page.fields["inline_commands"] == "make test"
    page.send()
    assert rig.states == ["created"]


def test_what_buddy_refused_and_a_restart_bring_the_same_filled_form_back(opened: Open, rig: Rig) -> None:
    save(rig, rig.form(), **LEAST)
    rig.buddy.write_fault = answering(answer("400 Bad Request", {"errors": [{"message": "name is taken"}]}))
    rig.buddy.creates = False
    rig.send(name="Refused")
    again = opened()
    assert continued(again).fields["inline_commands"] == "make test"
    refused = again.receipt(again.rows[1])
    assert (refused.fields["name"], refused.errors) == ("Refused", ["name is taken"])


def test_discarding_a_draft_wipes_it_and_its_secrets_and_is_on_record(rig: Rig) -> None:
    save(rig, rig.form(), **LEAST | SECRETS)
    home = rig.browser.get("/")
    token = next(element.get("value") or "" for element in home.all("input") if element.get("name") == "csrf_token")
    asked = rig.browser.post(f"/submissions/{rig.row.id}/delete", {"csrf_token": token})
    assert (asked.heading, rig.states) == ("Discard the draft “Run tests”?", ["draft"])
    asked.send_to(asked.path, sure="yes")
    assert (rig.rows, rig.secrets, rig.record) == ([], [], [("discarded", None)])
    assert "Drafts" not in rig.browser.get("/").text


def test_what_was_sent_cannot_be_discarded(rig: Rig) -> None:
    receipt = rig.send()
    token = rig.form().fields["csrf_token"]
    rig.browser.post(f"{receipt.path}/delete", {"csrf_token": token, "sure": "yes"})
    assert rig.browser.post(f"{receipt.path}/delete", {"csrf_token": "forged"}).status == 400
    assert (rig.states, rig.record[-1]) == (["created"], ("answered", "created"))


def test_drafts_expire_after_thirty_days(rig: Rig) -> None:
    save(rig, rig.form(), **LEAST)
    for days, states in ((29, ["draft"]), (2, [])):
        rig.clock.forward(days=days)
        rig.parts.journal.sweep(timedelta(days=365))
        assert rig.states == states


@pytest.mark.parametrize("state", ["rejected", "absent", "unknown"])
def test_secrets_of_what_was_not_added_are_kept_for_a_day_and_then_asked_for_again(rig: Rig, state: str) -> None:
    rig.buddy.creates = False
    refusing = answering(answer("400 Bad Request", {"errors": [{"message": "no"}]}))
    rig.buddy.write_fault = refusing if state == "rejected" else faults.read_then_close
    rig.send(**SECRETS)
    rig.buddy.readable = state != "unknown"
    rig.settle()
    assert (rig.states, len(rig.secrets)) == ([state], 2)
    rig.buddy.readable = True
    rig.clock.forward(hours=24)
    rig.parts.journal.sweep(timedelta(days=365))
    assert rig.secrets == []
    if state == "absent":
        asked = rig.press(rig.receipt(), "attempts")
        assert "Enter the password again: Slipway keeps secrets for at most 24 hours" in asked.errors
        assert rig.buddy.writes == 1
