"""A submission from the claim to its receipt."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from support.buddy import StubBuddy
from support.databases import database_in, environment_in, written_at
from support.examples import RESPONSE_EXAMPLE
from support.pages import Browser, Page, text_of
from support.rigs import LEAST, SECRETS
from support.server import send_form, serving

from webapp.context import Parts
from webapp.store.engines import address_of, connect_to
from webapp.store.models import Secret, Submission


def rows(app: Flask) -> list[Submission]:
    with Session(parts(app).journal._engine) as session:
        return list(session.scalars(select(Submission)))


def secrets(app: Flask) -> list[Secret]:
    with Session(parts(app).journal._engine) as session:
        return list(session.scalars(select(Secret)))


def parts(app: Flask) -> Parts:
    found = app.extensions["slipway"]
    assert isinstance(found, Parts)
    return found


# What Buddy answers → the state in the journal, and words of the receipt.
ANSWERS = {
    "201": ((201, RESPONSE_EXAMPLE), "created", "was added"),
    "200 with the action": ((200, RESPONSE_EXAMPLE), "created", "was added"),
    "201 without an id": ((201, {"name": "Run tests"}), "unknown", "Do not add it again."),
    "201 with an id that is none": ((201, RESPONSE_EXAMPLE | {"id": True}), "unknown", "Do not add it again."),
    "200 with errors": ((200, {"errors": [{"message": "no"}]}), "unknown", "Do not add it again."),
    "302": ((302, {}), "unknown", "Do not add it again."),
    "400": ((400, {"errors": [{"message": "Bad tag"}]}), "rejected", "Bad tag"),
    "401": ((401, {"errors": [{"message": "x"}]}), "rejected", "Buddy refused the API token."),
    "403": ((403, {"errors": [{"message": "x"}]}), "rejected", "The API token may not do this."),
    "404": ((404, {"errors": [{"message": "x"}]}), "rejected", "Buddy has no such workspace"),
    "409": ((409, {"errors": [{"message": "x"}]}), "rejected", "Buddy did not accept this."),
    "429": ((429, {"errors": [{"message": "x"}]}), "rejected", "Buddy asks to wait"),
    "500": ((500, {"errors": [{"message": "x"}]}), "unknown", "Do not add it again."),
    "503": ((503, {}), "unknown", "Do not add it again."),
}


@pytest.mark.parametrize(("answer", "state", "words"), ANSWERS.values(), ids=ANSWERS)
def test_every_answer_ends_in_its_state_after_one_post(
    desk: Browser,
    personal: Flask,
    upstream: StubBuddy,
    new_form: str,
    answer: tuple[int, object],
    state: str,
    words: str,
) -> None:
    upstream.answer = answer
    receipt = desk.get(new_form).send(**LEAST)
    assert words in receipt.text
    assert [row.state for row in rows(personal)] == [state]
    assert len(upstream.bodies) == 1
    assert desk.get("/submissions").text.count("Run tests") == 1


def test_what_buddy_refused_comes_back_as_the_filled_form_with_its_messages_at_their_fields(
    desk: Browser, personal: Flask, upstream: StubBuddy, new_form: str
) -> None:
    upstream.answer = (400, {"errors": [{"message": "docker_image_tag is unknown"}, {"message": "<b>And so on</b>"}]})
    page = desk.get(new_form).send(**LEAST | SECRETS)
    assert page.heading == "Buddy did not accept the action"
    assert page.errors == ["docker_image_tag is unknown", "<b>And so on</b>"]
    assert page.links["docker_image_tag is unknown"] == "#docker_image_tag"
    assert page.fields["inline_commands"] == "make test"
    assert "canary" not in page.html
    upstream.answer = (201, RESPONSE_EXAMPLE)
    page.send(docker_image_tag="22.04")
    assert [body["docker_image_tag"] for body in upstream.bodies] == ["latest", "22.04"]
    assert upstream.bodies[1]["password"] == "canary-password"
    assert upstream.bodies[1]["variables"][0]["value"] == "canary-variable"
    assert sorted(row.state for row in rows(personal)) == ["created", "rejected"]


def test_without_a_connection_nothing_is_sent_and_the_same_form_can_be_sent_again(
    desk: Browser, personal: Flask, upstream: StubBuddy, new_form: str
) -> None:
    page = desk.get(new_form)
    upstream.close()
    receipt = page.send(**LEAST | SECRETS)
    assert "Nothing was sent" in receipt.text
    assert [row.state for row in rows(personal)] == ["not_sent"]
    again = page.send(**LEAST | SECRETS)
    assert (again.path, again.status) == (receipt.path, 200)
    assert upstream.bodies == []


def test_secrets_are_sealed_while_needed_and_gone_once_the_action_is_there(
    desk: Browser, personal: Flask, upstream: StubBuddy, new_form: str
) -> None:
    page = desk.get(new_form).press("check", **LEAST | SECRETS)
    assert page.status == 200
    assert [row.sealed.startswith("gAAAA") for row in secrets(personal)] == [True, True]
    receipt = page.send()
    assert upstream.bodies[0]["password"] == "canary-password"
    assert secrets(personal) == []
    (row,) = rows(personal)
    assert row.request is not None
    assert (row.request["password"], row.request["variables"][0]["value"]) == ("[secret]", "[secret]")
    assert "canary" not in receipt.html + desk.get("/submissions").html + json.dumps(row.typed)
    like = desk.get(receipt.links["Make another like it"])
    assert (like.fields["login"], like.fields["variables-0-key"]) == ("me", "A")
    assert "canary" not in like.html


def test_a_secret_that_buddy_repeats_is_not_kept(
    desk: Browser, personal: Flask, upstream: StubBuddy, new_form: str
) -> None:
    echoing = {
        "password": "canary-password",
        "login": "was canary-password",
        "variables": [{"value": "canary-variable"}],
    }
    upstream.answer = (201, RESPONSE_EXAMPLE | echoing)
    receipt = desk.get(new_form).send(**LEAST | SECRETS)
    (row,) = rows(personal)
    assert "canary" not in receipt.html + json.dumps(row.answer)


def test_the_database_holds_no_secret(desk: Browser, upstream: StubBuddy, new_form: str, tmp_path: Path) -> None:
    upstream.answer = (400, {"errors": [{"message": "canary-password is no password"}]})
    desk.get(new_form).send(**LEAST | SECRETS)
    stored = written_at(database_in(tmp_path))
    assert b"Run tests" in stored
    assert b"canary" not in stored
    assert b"token-of-the-tests" not in stored


def test_64_wait_on_a_slow_buddy_while_pages_answer_and_no_connection_to_the_database_is_held(
    desk: Browser, personal: Flask, upstream: StubBuddy, new_form: str
) -> None:
    pages = [desk.get(new_form) for _ in range(64)]
    upstream.gate.clear()
    with ThreadPoolExecutor(64) as senders:
        receipts = [senders.submit(send_in_another_tab, personal, page, number) for number, page in enumerate(pages)]
        upstream.until_waiting(64)
        assert parts(personal).journal._engine.pool.checkedout() == 0
        assert sum("Being added" in text_of(row) for row in desk.get("/submissions").all("li")) == 25
        assert desk.client.get("/healthz", base_url=desk.url).json == {"status": "alive"}
        upstream.gate.set()
        assert {receipt.result() for receipt in receipts} == {303}
    assert sorted(body["name"] for body in upstream.bodies) == sorted(f"Action {number}" for number in range(64))
    assert {row.state for row in rows(personal)} == {"created"}


def send_in_another_tab(app: Flask, page: Page, number: int) -> int:
    client = app.test_client()
    cookie = page.browser.client.get_cookie("slipway-8000", domain="127.0.0.1")
    assert cookie is not None
    client.set_cookie("slipway-8000", cookie.value, domain="127.0.0.1")
    fields = page.fields | LEAST | {"name": f"Action {number}"}
    address = "/workspaces/buddy/projects/company-website/pipelines/2/actions"
    return client.post(address, data=fields, base_url=page.browser.url).status_code


def test_a_submission_whose_sender_died_is_not_known_and_says_so(upstream: StubBuddy, tmp_path: Path) -> None:
    stored = environment_in(tmp_path)
    with serving(BUDDY_TOKEN="token", BUDDY_API_ENDPOINT=upstream.url, **stored) as served:
        upstream.gate.clear()
        with ThreadPoolExecutor(1) as sender:
            sending = sender.submit(send_form, served.url, LEAST)
            upstream.until_waiting(1)
            served.process.kill()
            assert sending.exception() is not None
        upstream.gate.set()
    engine = connect_to(address_of(stored["SLIPWAY_DATABASE_URL"]))
    with Session(engine) as session:
        (row,) = session.scalars(select(Submission)).all()
        assert (row.state, row.name) == ("sending", "Run tests")
        assert row.lease_until is not None
        row.lease_until = row.created_at
        session.commit()
        id = row.id
    engine.dispose()
    with serving(BUDDY_TOKEN="token", BUDDY_API_ENDPOINT=upstream.url, **stored) as served:
        receipt = requests.get(f"{served.url}/submissions/{id}", timeout=30).text
    assert "Do not add it again." in receipt
    assert len(upstream.bodies) == 1
