"""What is typed is kept, for the person who typed it, and never over something newer."""

from datetime import timedelta
from typing import Any

import pytest
from support import faults
from support.desks import LEAST, SECRETS, Desk
from support.faults import answer, answering
from support.pages import Page

from .conftest import Open

DRAFT = "/workspaces/buddy/projects/company-website/pipelines/2/actions/draft"


def save(desk: Desk, page: Page, **typed: str) -> Any:
    """What script does while somebody types: gives the answer."""
    named = {name.replace("__", "-"): value for name, value in typed.items()}
    fields = {**page.fields, **getattr(page, "kept", {}), **named}
    answered = desk.browser.client.post(DRAFT, data=fields, base_url=desk.browser.url)
    if answered.status_code == 200:
        page.kept = {"draft": answered.json["draft"]}  # type: ignore[attr-defined]
    return answered


def continued(desk: Desk, name: str = "Run tests") -> Page:
    """Go back to a draft from the first page."""
    return desk.browser.get(desk.browser.get("/").links[f"Continue “{name}”"])


def test_what_is_typed_is_kept_without_a_button_and_continued_from_the_first_page(desk: Desk) -> None:
    page = desk.form()
    assert save(desk, page, **LEAST | SECRETS).status_code == 200
    assert (desk.states, len(desk.secrets)) == (["draft"], 2)
    back = continued(desk)
    assert back.fields["inline_commands"] == "make test"
    assert "canary" not in back.html
    back.send()
    assert (desk.states, desk.buddy.added[0]["login"]) == (["created"], "me")
    assert b"canary-password" in desk.buddy.requests[0]
    assert "Drafts" not in desk.browser.get("/").text


def test_a_form_in_which_nothing_was_typed_is_not_kept(desk: Desk) -> None:
    page = desk.form()
    assert save(desk, page).status_code == 204
    page.press("add-variables").press("remove-variables-0")
    assert desk.rows == []
    assert save(desk, page, **LEAST).status_code == 200
    assert save(desk, page, name="", docker_image_name=" ", inline_commands="").status_code == 204
    assert desk.rows == []


def test_a_later_save_of_an_older_page_never_overwrites_a_newer_one(desk: Desk) -> None:
    older = desk.form()
    save(desk, older, **LEAST)
    newer = continued(desk)
    assert save(desk, newer, **LEAST | {"inline_commands": "newer"}).status_code == 200
    assert save(desk, older, **LEAST | {"inline_commands": "older"}).status_code == 409
    assert [row.typed["inline_commands"] for row in desk.rows] == ["newer"]
    assert save(desk, newer, **LEAST | {"inline_commands": "newest"}).status_code == 200
    pressed = older.press("check", **LEAST | {"inline_commands": "older"})
    assert "changed on another page" in pressed.text
    assert sorted(row.typed["inline_commands"] for row in desk.rows) == ["newest", "older"]


def test_an_older_page_does_not_send_in_a_newer_ones_place(desk: Desk) -> None:
    older = desk.form()
    save(desk, older, **LEAST)
    newer = continued(desk)
    save(desk, newer, **LEAST | {"inline_commands": "newer"})
    asked = older.send(**LEAST | {"inline_commands": "older"})
    assert (asked.status, desk.buddy.posts) == (409, 0)
    assert "changed on another page" in asked.text
    asked.send()
    assert [action["inline_commands"] for action in desk.buddy.added] == ["older"]
    assert sorted(desk.states) == ["created", "draft"]


def test_one_page_goes_on_saving_after_an_answer_got_lost(desk: Desk) -> None:
    page = desk.form()
    save(desk, page, **LEAST)
    mark = page.kept["draft"]  # type: ignore[attr-defined]
    save(desk, page, **LEAST | {"name": "Second"})
    page.kept = {"draft": mark}  # type: ignore[attr-defined]
    assert save(desk, page, **LEAST | {"name": "Third"}).status_code == 200
    assert desk.row.name == "Third"


def test_a_draft_that_is_being_sent_is_not_overwritten(desk: Desk) -> None:
    page = desk.form()
    save(desk, page, **LEAST)

    def save_meanwhile(connection: Any, server: Any) -> None:
        server.read(connection)
        assert save(desk, page, **LEAST | {"name": "Too late"}).status_code == 409
        connection.sendall(answer("201 Created", server.mine.action))

    desk.buddy.write_fault = save_meanwhile
    page.send(**LEAST)
    assert (desk.row.state, desk.row.name) == ("created", "Run tests")
    assert save(desk, page, **LEAST | {"name": "Too late"}).status_code == 409


def test_a_draft_is_kept_only_for_a_page_of_slipways_own(desk: Desk) -> None:
    page = desk.form()
    assert save(desk, page, **LEAST, csrf_token="forged").status_code == 400
    assert save(desk, page, **LEAST, envelope="forged").status_code == 400
    assert desk.rows == []


def test_an_expired_page_brings_the_same_filled_form_back(desk: Desk) -> None:
    page = desk.form().send(**LEAST, csrf_token="expired")
    assert (page.status, desk.states, desk.buddy.posts) == (400, ["draft"], 0)
    assert page.fields["inline_commands"] == "make test"
    page.send()
    assert desk.states == ["created"]


def test_what_buddy_refused_and_a_restart_bring_the_same_filled_form_back(opened: Open, desk: Desk) -> None:
    save(desk, desk.form(), **LEAST)
    desk.buddy.write_fault = answering(answer("400 Bad Request", {"errors": [{"message": "name is taken"}]}))
    desk.buddy.creates = False
    desk.send(name="Refused")
    again = opened()
    assert continued(again).fields["inline_commands"] == "make test"
    refused = again.receipt(again.rows[1])
    assert (refused.fields["name"], refused.errors) == ("Refused", ["name is taken"])


def test_discarding_a_draft_wipes_it_and_its_secrets_and_is_on_record(desk: Desk) -> None:
    save(desk, desk.form(), **LEAST | SECRETS)
    home = desk.browser.get("/")
    token = next(element.get("value") or "" for element in home.all("input") if element.get("name") == "csrf_token")
    desk.browser.post(f"/submissions/{desk.row.id}/delete", {"csrf_token": token})
    assert (desk.rows, desk.secrets, desk.record) == ([], [], [("discarded", None)])
    assert "Drafts" not in desk.browser.get("/").text


def test_what_was_sent_cannot_be_discarded(desk: Desk) -> None:
    receipt = desk.send()
    token = desk.form().fields["csrf_token"]
    desk.browser.post(f"{receipt.path}/delete", {"csrf_token": token})
    assert desk.browser.post(f"{receipt.path}/delete", {"csrf_token": "forged"}).status == 400
    assert (desk.states, desk.record[-1]) == (["created"], ("answered", "created"))


def test_drafts_expire_after_thirty_days(desk: Desk) -> None:
    save(desk, desk.form(), **LEAST)
    for days, states in ((29, ["draft"]), (2, [])):
        desk.clock.forward(days=days)
        desk.parts.journal.sweep(timedelta(days=365))
        assert desk.states == states


@pytest.mark.parametrize("state", ["rejected", "absent", "unknown"])
def test_secrets_of_what_was_not_added_are_kept_for_a_day_and_then_asked_for_again(desk: Desk, state: str) -> None:
    desk.buddy.creates = False
    refusing = answering(answer("400 Bad Request", {"errors": [{"message": "no"}]}))
    desk.buddy.write_fault = refusing if state == "rejected" else faults.read_then_close
    desk.send(**SECRETS)
    desk.buddy.readable = state != "unknown"
    desk.settle()
    assert (desk.states, len(desk.secrets)) == ([state], 2)
    desk.buddy.readable = True
    desk.clock.forward(hours=24)
    desk.parts.journal.sweep(timedelta(days=365))
    assert desk.secrets == []
    if state == "absent":
        asked = desk.press(desk.receipt(), "attempts")
        assert "Enter the password again: Slipway keeps secrets for at most 24 hours" in asked.errors
        assert desk.buddy.posts == 1
