"""Submissions: the history and the receipts."""

import pytest
from flask import Flask
from support.buddy import StubBuddy
from support.examples import RESPONSE_EXAMPLE
from support.pages import Browser

from webapp.buddy.places import Place

LEAST = {"name": "Run tests", "docker_image_name": "library/ubuntu", "inline_commands": "make test"}


def test_the_receipt_shows_what_was_sent_beside_what_buddy_answered(
    desk: Browser, upstream: StubBuddy, new_form: str
) -> None:
    upstream.answer = (201, RESPONSE_EXAMPLE | {"inline_commands": "make test", "docker_image_tag": "other"})
    typed = LEAST | {"timeout": "60", "variables__0__key": "A", "variables__0__value": "1"}
    receipt = desk.get(new_form).send(**typed)
    assert "inline_commands make test the same" in receipt.text
    assert "docker_image_tag latest other" in receipt.text
    assert "Time limit in seconds timeout 60 not in the answer" in receipt.text
    assert "Action number 2" in receipt.text


UNSAFE = ["javascript:alert(1)", "https://evil.example/", "https://app.buddy.works@evil.example/", None, 7]


@pytest.mark.parametrize("address", UNSAFE, ids=str)
def test_an_unsafe_address_in_the_answer_is_no_link(
    desk: Browser, upstream: StubBuddy, new_form: str, address: object
) -> None:
    pipeline = RESPONSE_EXAMPLE["pipeline"] | {"html_url": address}
    upstream.answer = (201, RESPONSE_EXAMPLE | {"html_url": address, "pipeline": pipeline})
    receipt = desk.get(new_form).send(**LEAST)
    assert "was added" in receipt.heading
    assert address not in receipt.links.values()
    assert "Open the action in Buddy" not in receipt.links


def test_markup_in_the_answer_is_shown_as_text(desk: Browser, upstream: StubBuddy, new_form: str) -> None:
    upstream.answer = (201, RESPONSE_EXAMPLE | {"name": "<img src=x onerror=alert(1)>", "html_url": "<b>"})
    receipt = desk.get(new_form).send(**LEAST)
    assert "<img src=x onerror=alert(1)>" in receipt.text
    assert [image.get("alt") for image in receipt.all("img")] == [""]


def test_add_another_like_this_opens_the_form_filled_and_sends_a_second_action(
    desk: Browser, upstream: StubBuddy, new_form: str
) -> None:
    receipt = desk.get(new_form).send(**LEAST)
    again = desk.get(receipt.links["Make another like it"])
    assert again.fields["inline_commands"] == "make test"
    again.send(name="Run tests again")
    assert [body["name"] for body in upstream.bodies] == ["Run tests", "Run tests again"]


def test_the_history_is_newest_first_and_paged(desk: Browser, new_form: str) -> None:
    for number in range(30):
        desk.get(new_form).send(**LEAST | {"name": f"Action {number}"})
    first = desk.get("/submissions")
    second = desk.get(first.links["Older"])
    names = [words for page in (first, second) for words in page.links if words.startswith("Action ")]
    assert names == [f"Action {number}" for number in reversed(range(30))]
    assert "Older" not in second.links


def test_a_draft_is_its_owners_filled_form_and_in_no_list(desk: Browser, personal: Flask, new_form: str) -> None:
    page = desk.get(new_form).press("check", **LEAST | {"variables__0__key": "1"})
    assert page.status == 422
    seal = personal.extensions["slipway"].seal
    draft = seal.open(page.fields["envelope"], "local", Place("buddy", "company-website", 2))
    back = desk.get(f"/submissions/{draft.submission}")
    assert back.fields["name"] == "Run tests"
    assert "Run tests" not in desk.get("/submissions").text


@pytest.mark.parametrize("path", ["/submissions/none", "/submissions/../x", "/submissions/" + "x" * 300])
def test_a_submission_that_is_not_there_is_404(desk: Browser, path: str) -> None:
    assert desk.get(path).status == 404


def test_sending_again_needs_the_pages_token(desk: Browser, upstream: StubBuddy, new_form: str) -> None:
    upstream.readable = False
    receipt = desk.get(new_form).send(**LEAST)
    upstream.readable = True
    refused = desk.post(f"{receipt.path}/attempts", {"csrf_token": "forged"})
    assert (refused.status, upstream.bodies) == (400, [])
    assert "Nothing was sent" in refused.text


def test_what_was_sent_is_not_sent_again(desk: Browser, upstream: StubBuddy, new_form: str) -> None:
    page = desk.get(new_form)
    receipt = page.send(**LEAST)
    desk.post(f"{receipt.path}/attempts", {"csrf_token": page.fields["csrf_token"]})
    assert len(upstream.bodies) == 1
