"""Never twice: the same form, the same content, at once and one after the other."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from support import faults
from support.buddy import StubBuddy
from support.faults import answer
from support.pages import Browser, Page, text_of
from support.rigs import LEAST, Rig

ACTIONS = "/workspaces/buddy/projects/company-website/pipelines/2/actions"


def same_browser(rig: Rig, page: Page) -> Browser:
    """Another window of the same browser: it has the cookie."""
    other = Browser(rig.app, rig.browser.url)
    cookie = page.browser.client.get_cookie("slipway-8000", domain="127.0.0.1")
    assert cookie is not None
    other.client.set_cookie("slipway-8000", cookie.value, domain="127.0.0.1")
    return other


class Slow:
    """Answers as Buddy does once `gate` is open; `came` says that a POST was read."""

    def __init__(self) -> None:
        self.gate, self.came = Event(), Event()

    def __call__(self, connection: Any, server: Any) -> None:
        server.read(connection)
        self.came.set()
        self.gate.wait(0.7)
        connection.sendall(answer("201 Created", server.mine.action))


@pytest.mark.patient
def test_a_double_click_sends_once_and_both_end_at_the_same_receipt(rig: Rig) -> None:
    page = rig.form()
    slow = rig.buddy.write_fault = Slow()
    fields = {**page.fields, **LEAST}
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(same_browser(rig, page).post, ACTIONS, fields)
        slow.came.wait(5)
        second = page.browser.post(ACTIONS, fields)
        assert second.heading == "Adding “Run tests”"
        slow.gate.set()
        assert first.result().path == second.path
    assert (rig.states, rig.buddy.writes) == (["created"], 1)


def test_reload_and_back_and_send_lead_to_the_receipt(rig: Rig) -> None:
    page = rig.form()
    receipt = page.send(**LEAST)
    assert rig.browser.get(receipt.path).heading == receipt.heading
    again = page.send(**LEAST)
    assert (again.path, rig.buddy.writes) == (receipt.path, 1)
    assert "Make another like it" in again.links


def test_an_edited_copy_of_a_sent_form_asks_once(rig: Rig) -> None:
    page = rig.form()
    receipt = page.send(**LEAST)
    asked = page.send(**LEAST | {"inline_commands": "make all"})
    assert (asked.status, rig.buddy.writes) == (409, 1)
    assert receipt.path in asked.links.values()
    asked.send()
    assert [action["inline_commands"] for action in rig.buddy.added] == ["make test", "make all"]


@pytest.mark.patient
def test_the_same_content_in_another_tab_at_this_moment_is_refused(rig: Rig) -> None:
    one, two = rig.form(), rig.form()
    slow = rig.buddy.write_fault = Slow()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(same_browser(rig, one).post, ACTIONS, {**one.fields, **LEAST})
        slow.came.wait(5)
        refused = two.send(**LEAST)
        assert (refused.status, "The same action is being added right now" in refused.text) == (409, True)
        assert "Add a second one" not in refused.html
        slow.gate.set()
        receipt = first.result()
    assert refused.links["see how it goes"] == receipt.path
    assert (sorted(rig.states), rig.buddy.writes) == (["created", "draft"], 1)


def test_the_same_content_is_refused_as_long_as_it_is_not_known(rig: Rig) -> None:
    rig.buddy.creates = False
    rig.buddy.write_fault = faults.read_then_close
    rig.send()
    refused = rig.send()
    assert (refused.status, rig.buddy.writes) == (409, 1)
    assert "it is not known yet what came of it" in refused.text


def test_the_same_content_within_ten_minutes_warns_and_is_sent_only_on_demand(rig: Rig) -> None:
    receipt = rig.send()
    warned = rig.send()
    assert (warned.status, rig.buddy.writes) == (409, 1)
    assert warned.links["see what happened to it"] == receipt.path
    assert [text_of(button) for button in warned.all("button") if button.get("class") == "primary"] == [
        "Add a second one"
    ]
    assert warned.fields["inline_commands"] == "make test"
    once_more = warned.send()
    assert (once_more.status, rig.buddy.writes) == (409, 1)
    rig.clock.forward(minutes=1)
    anyway = once_more.send(anyway=rig.rows[0].id)
    assert ("was added" in anyway.heading, rig.buddy.writes) == (True, 2)
    third = rig.send()
    assert third.links["see what happened to it"] == anyway.path
    rig.clock.forward(minutes=11)
    assert "was added" in rig.send().heading
    assert len(rig.buddy.added) == 3


def test_what_was_not_sent_is_sent_from_its_page_beside_the_same_of_another_page_only_on_demand(rig: Rig) -> None:
    form = rig.form()
    rig.buddy.hang_up()
    receipt = form.send(**LEAST)
    rig.buddy.accept_connections()
    rig.send()
    assert (rig.states, rig.buddy.writes) == (["not_sent", "created"], 1)
    warned = rig.press(receipt, "attempts")
    assert (warned.status, rig.buddy.writes) == (409, 1)
    anyway = next(button for button in warned.all("button") if button.get("name") == "anyway")
    assert anyway.get("value") == rig.rows[1].id
    assert "Send again" not in warned.text
    added = rig.press(receipt, "attempts", anyway=rig.rows[1].id)
    assert ("was added" in added.heading, rig.states, rig.buddy.writes) == (True, ["created", "created"], 2)


def test_another_content_or_another_secret_is_no_look_alike(rig: Rig) -> None:
    rig.send()
    rig.send(inline_commands="make all")
    for password in ("one", "two"):
        rig.send(image_source="credentials", login="me", password=password)
    assert (rig.states, rig.buddy.writes) == (["created"] * 4, 4)


def test_the_send_needs_no_script_and_enter_sends_nothing(rig: Rig) -> None:
    page = rig.form()
    page.press("check", **LEAST)
    assert rig.buddy.writes == 0
    page.send(**LEAST)
    assert rig.buddy.writes == 1


@pytest.mark.patient
def test_a_number_that_buddy_gives_twice_is_a_proof_all_the_same(rig: Rig) -> None:
    rig.send()
    first = rig.buddy.added[0]

    def repeat(connection: Any, server: Any) -> None:
        server.read(connection)
        connection.sendall(answer("201 Created", first))

    rig.buddy.write_fault = repeat
    rig.send(name="Run more")
    assert [(row.state, row.action_id) for row in rig.rows] == [("created", first["id"]), ("created", None)]
    assert rig.record.count(("answered", "created")) == 2
    rig.buddy.write_fault = StubBuddy.answers
