"""Deleting an action: the question, the one send, the receipt."""

import pytest
from flask import Flask
from support.buddy import StubBuddy
from support.pages import Browser, Page, text_of
from support.rigs import NEW, Rig

from .test_existing import EVERYTHING

STYLE = "/workspaces/buddy/projects/company-website/pipelines/3/actions/9"
MINE = "/workspaces/buddy/projects/company-website/pipelines/2/actions/7"
LEAST = {"name": "Run tests", "docker_image_name": "library/ubuntu", "inline_commands": "make test"}


def yes(page: Page) -> Page:
    """Press the button that deletes."""
    return page.send_to(page.path)


def test_the_question_names_what_goes_and_deletes_nothing(browser: Browser) -> None:
    question = browser.get(browser.get(STYLE).links["Delete it"])
    assert question.heading == "Delete “Check the style”?"
    assert "number 9, will be deleted from Build and test" in question.text
    assert "NPM_TOKEN encrypted, not shown" in question.text
    assert browser.get(question.links["No, go back"]).path == STYLE


def test_of_an_action_without_commands_no_empty_box_is_shown(desk: Browser, upstream: StubBuddy) -> None:
    upstream.by_hand = [EVERYTHING | {"inline_commands": ""}]
    for page in (desk.get(MINE), desk.get(f"{MINE}/delete")):
        assert "What it runs No commands" in page.text
        assert "" not in map(text_of, page.all("code"))


def test_it_is_deleted_and_the_receipt_offers_another_like_it(browser: Browser) -> None:
    receipt = yes(browser.get(f"{STYLE}/delete"))
    assert receipt.heading == "“Check the style” was deleted in the sandbox"
    assert "Action number 9" in receipt.text
    assert browser.get(STYLE).status == 404
    form = browser.get(receipt.links["Make another like it"])
    assert form.fields["inline_commands"] == "npm ci\nnpm run lint"
    assert "The value of the variable NPM_TOKEN: encrypted values are never copied." in form.text
    assert "Check the style Deletion Build and test company-website, buddy" in browser.get("/submissions").text


def test_a_deletion_goes_by_the_names_that_people_have_seen(browser: Browser) -> None:
    for list_of in (
        "/workspaces",
        "/workspaces/buddy/projects",
        "/workspaces/buddy/projects/company-website/pipelines",
    ):
        browser.get(list_of)
    receipt = yes(browser.get(f"{STYLE}/delete"))
    assert "Build and test in Company Website" in receipt.text
    assert "Check the style Deletion Build and test Company Website, Buddy" in browser.get("/submissions").text


def test_one_delete_goes_out_however_often_the_button_is_pressed(desk: Browser, upstream: StubBuddy) -> None:
    upstream.by_hand = [EVERYTHING]
    upstream.answer = (204, None)
    question = desk.get(f"{MINE}/delete")
    first, second = yes(question), yes(question)
    assert (first.path, first.heading) == (second.path, "“Everything” was deleted")
    assert (upstream.paths, upstream.bodies) == ([MINE], [None])
    assert "canary" not in first.html


def test_what_was_added_by_mistake_is_deleted_from_its_fresh_receipt(browser: Browser, new_form: str) -> None:
    receipt = browser.get(new_form).send(**LEAST)
    question = browser.get(receipt.links["Delete it"])
    assert question.heading == "Delete “Run tests”?"
    assert yes(question).heading == "“Run tests” was deleted in the sandbox"


def test_what_buddy_refuses_is_said_in_its_words(desk: Browser, upstream: StubBuddy) -> None:
    upstream.by_hand = [EVERYTHING]
    upstream.answer = (403, {"errors": [{"message": "Not <b>yours</b>."}]})
    receipt = yes(desk.get(f"{MINE}/delete"))
    assert receipt.heading == "Buddy did not delete “Everything”"
    assert "Nothing was deleted. Buddy said: Not <b>yours</b>." in receipt.text


@pytest.mark.parametrize("forged", ["envelope", "csrf_token"])
def test_a_page_that_is_not_recognised_deletes_nothing(desk: Browser, upstream: StubBuddy, forged: str) -> None:
    upstream.by_hand = [EVERYTHING]
    question = desk.get(f"{MINE}/delete")
    again = question.send_to(question.path, **{forged: "forged"})
    assert (again.status, upstream.paths) == (400, [])
    assert "Nothing has been sent: press the button again." in again.text
    upstream.answer = (204, None)
    assert yes(again).heading == "“Everything” was deleted"


@pytest.mark.parametrize("id", ["7", "99"])
def test_only_run_docker_container_actions_are_deleted(browser: Browser, id: str) -> None:
    assert browser.get(f"{STYLE.removesuffix('9')}{id}/delete").status == 404


def test_two_pages_that_ask_for_the_same_at_once_send_one_delete(
    desk: Browser, personal: Flask, upstream: StubBuddy
) -> None:
    upstream.by_hand = [EVERYTHING]
    upstream.answer = (500, {})
    first, second = desk.get(f"{MINE}/delete"), desk.get(f"{MINE}/delete")
    lost = yes(first)
    assert lost.heading == "We do not know yet whether “Everything” was deleted"
    assert yes(second).path == lost.path
    assert upstream.paths == [MINE]
    row = personal.extensions["slipway"].journal.find(lost.path.rpartition("/")[2])
    assert (row.kind, row.target, row.state, row.action_id) == ("deletion", 7, "unknown", None)
    assert "canary" not in str(row.answer)


def badge(page: Page, words: str) -> list[str | None]:
    """The tone of each badge with these words."""
    return [span.get("class") for span in page.all("span") if text_of(span) == words]


def test_an_addition_that_was_deleted_since_says_so_wherever_it_is_listed(browser: Browser, new_form: str) -> None:
    receipt = browser.get(new_form).send(**LEAST)
    assert browser.get(receipt.links["Look at the action"]).heading == "Run tests"
    assert badge(browser.get("/submissions"), "Added") == ["status good"]
    yes(browser.get(receipt.links["Delete it"]))
    for page in (browser.get("/"), browser.get("/submissions")):
        assert (badge(page, "Added, deleted since"), badge(page, "Added")) == (["status "], [])
        assert badge(page, "Deleted") == ["status "]
    again = browser.get(receipt.path)
    assert badge(again, "Added, deleted since") == ["status "]
    assert [each for each in again.all("div") if "notice good" in (each.get("class") or "")] == []
    assert "Look at the action" not in again.links
    lines = browser.client.get("/submissions.csv", base_url=browser.url).get_data(as_text=True).splitlines()
    assert ["Added, deleted since" in line for line in lines[1:]] == [False, True]


def test_an_action_that_slipway_has_not_added_is_said_to_be_nobodys(browser: Browser) -> None:
    assert "added with Slipway" not in browser.get(f"{STYLE}/delete").text


def test_the_question_says_who_has_added_the_action_with_slipway_and_when(team: Rig) -> None:
    ada, bob = team.hired("ada"), team.hired("bob")
    team.buddy.answer = None
    receipt = ada.get(NEW).send(**LEAST)
    (id,) = [row.action_id for row in team.rows]
    question = bob.get(f"{NEW.removesuffix('/new')}/{id}/delete")
    assert f"It was added with Slipway by Ada, {text_of(next(receipt.all('time')))}." in question.text
    assert question.links["See what was sent"] == receipt.path
