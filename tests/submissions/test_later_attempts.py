"""A send that was not answered, and what was sent after it: each outcome speaks for its own attempt alone."""

from collections.abc import Callable

import pytest
from support import faults
from support.buddy import StubBuddy
from support.faults import answer, answering
from support.pages import Page
from support.rigs import LEAST, WIRE, Rig

from webapp.buddy.places import Place

from .conftest import Open

REFUSED = answering(answer("400 Bad Request", {"errors": [{"message": "The tag is not known"}]}))
NO_TOKEN = answering(answer("401 Unauthorized", {"errors": [{"message": "Wrong token"}]}))
PLACE = Place("buddy", "company-website", 2)
Weather = Callable[[Rig], None]


def refused(rig: Rig) -> None:
    """From here on Buddy refuses what it is sent."""
    rig.buddy.write_fault = REFUSED


def turned_away(rig: Rig) -> None:
    """From here on Buddy does not know the token."""
    rig.buddy.write_fault = NO_TOKEN


def cut_off(rig: Rig) -> None:
    """The look before the next send still reaches Buddy, and the send does not."""
    rig.buddy.hang_up_after(lambda: list(rig.parts.client.all_actions(PLACE)))


def back_again(rig: Rig) -> None:
    """Buddy can be reached, adds what it is sent, and says so."""
    rig.buddy.accept_connections()
    rig.buddy.creates = True
    rig.buddy.write_fault = StubBuddy.answers


@pytest.fixture
def lost(rig: Rig) -> Rig:
    """A first attempt that was not answered, and is not there after everything that is done in two minutes."""
    rig.buddy.creates = False
    rig.buddy.write_fault = faults.read_then_close
    rig.send()
    rig.settle()
    assert rig.states == ["absent"]
    return rig


WAYS_TO_NOTHING: list[Weather] = [refused, turned_away, cut_off]


@pytest.fixture(params=WAYS_TO_NOTHING, ids=lambda weather: weather.__name__)
def twice(lost: Rig, request: pytest.FixtureRequest) -> Rig:
    """The same, sent once more, of which nothing came: that is proved. From here on Buddy is well."""
    request.param(lost)
    lost.press(lost.receipt(), "attempts")
    back_again(lost)
    return lost


def send_again(rig: Rig) -> Page:
    """Press the button that sends the same once more, wherever the page is."""
    return rig.browser.post(f"/submissions/{rig.rows[0].id}/attempts", {"csrf_token": rig.form().fields["csrf_token"]})


def test_the_page_says_which_attempt_came_to_nothing_and_which_is_still_looked_for(twice: Rig) -> None:
    page = twice.receipt()
    assert "Nothing was added" not in page.text
    assert "Attempt 1" in page.text and "not known, and not in the pipeline so far" in page.text
    assert "Attempt 2" in page.text
    assert "Slipway goes on looking until" in page.text
    assert twice.row.attempts == 2
    assert twice.row.next_look is not None
    assert "Run tests" in twice.browser.get("/").text.partition("needs your attention")[2]


@pytest.mark.parametrize("minutes", [1, 10, 56])
def test_a_first_attempt_that_lands_after_the_second_came_to_nothing_is_found_by_the_schedule(
    twice: Rig, minutes: int
) -> None:
    for _ in range(minutes):
        twice.look(minutes=1)
    added = twice.buddy.add(WIRE)
    for _ in range(59 - minutes):
        twice.look(minutes=1)
    assert (twice.states, twice.row.action_id, twice.row.attempts) == (["found"], added["id"], 2)
    page = twice.receipt()
    assert "was added" in page.heading
    assert "The last attempt came to nothing, and an earlier one has turned up" in page.text
    assert "What happened to another attempt is not known" not in page.text
    assert len(twice.buddy.added) == 1


def test_send_again_looks_first_and_is_stopped_by_the_first_attempt(twice: Rig) -> None:
    writes = twice.buddy.writes
    twice.buddy.add(WIRE)
    page = send_again(twice)
    assert "was added" in page.heading
    assert (twice.states, twice.buddy.writes, len(twice.buddy.added)) == (["found"], writes, 1)
    send_again(twice)
    assert (twice.states, twice.buddy.writes) == (["found"], writes)


def test_send_again_is_stopped_by_a_pipeline_that_cannot_be_read(twice: Rig) -> None:
    writes = twice.buddy.writes
    twice.buddy.readable = False
    send_again(twice)
    assert (twice.states, twice.buddy.writes, twice.row.attempts) == (["absent"], writes, 2)


def test_while_buddy_cannot_be_read_at_the_last_mark_the_looks_go_on(twice: Rig) -> None:
    twice.buddy.readable = False
    for _ in range(13):
        twice.look(minutes=5)
    twice.buddy.add(WIRE)
    twice.buddy.readable = True
    twice.look(minutes=5)
    assert twice.states == ["found"]


def test_a_third_attempt_counts_on_and_both_before_it_stay_known(twice: Rig) -> None:
    send_again(twice)
    assert (twice.states, twice.row.attempts) == (["created"], 3)
    events = twice.parts.journal.events(twice.row.id)
    assert [event.details["attempt"] for event in events if event.verb == "sent"] == [1, 2, 3]


def test_what_continues_a_refused_form_is_stopped_too_and_keeps_what_was_typed(lost: Rig) -> None:
    refused(lost)
    lost.press(lost.receipt(), "attempts")
    back_again(lost)
    form = lost.receipt()
    assert "The tag is not known" in form.text
    lost.buddy.add(WIRE)
    writes = lost.buddy.writes
    stopped = form.send(inline_commands="make all")
    assert (lost.buddy.writes, len(lost.buddy.added)) == (writes, 1)
    assert stopped.fields["inline_commands"] == "make all"
    assert f"/submissions/{lost.rows[0].id}" in stopped.links.values()
    again = stopped.send()
    assert (lost.buddy.writes, again.status) == (writes, 409)
    assert lost.states == ["found", "draft"]
    anyway = stopped.send(anyway=lost.rows[0].id)
    assert "was added" in anyway.heading
    assert lost.states == ["found", "created"]


def test_an_unchanged_form_after_a_refusal_leads_to_the_page_of_what_turned_up(lost: Rig) -> None:
    refused(lost)
    lost.press(lost.receipt(), "attempts")
    back_again(lost)
    form = lost.receipt()
    lost.buddy.add(WIRE)
    page = form.send()
    assert page.heading == "“Run tests” was added"
    assert (lost.states, len(lost.buddy.added)) == (["found"], 1)


def test_a_form_of_a_form_is_stopped_by_the_first_of_all(lost: Rig) -> None:
    refused(lost)
    lost.press(lost.receipt(), "attempts")
    second = lost.receipt().send(inline_commands="make all")
    assert "The tag is not known" in second.text
    back_again(lost)
    lost.buddy.add(WIRE)
    writes = lost.buddy.writes
    third = second.send(inline_commands="make everything")
    assert (lost.buddy.writes, third.status, len(lost.buddy.added)) == (writes, 409, 1)
    assert third.fields["inline_commands"] == "make everything"


def test_what_was_edited_while_it_is_not_known_waits_for_what_becomes_of_the_first(rig: Rig) -> None:
    page = rig.form()
    rig.buddy.creates = False
    rig.buddy.write_fault = faults.read_then_close
    page.send(**LEAST)
    asked = page.send(**LEAST | {"inline_commands": "make all"})
    back_again(rig)
    stopped = asked.send()
    assert (rig.buddy.writes, stopped.status) == (1, 409)
    assert "It is not known yet what happened to" in stopped.text
    assert stopped.fields["inline_commands"] == "make all"


@pytest.mark.patient
def test_send_again_is_stopped_by_what_was_sent_from_its_form_meanwhile(lost: Rig) -> None:
    refused(lost)
    lost.press(lost.receipt(), "attempts")
    back_again(lost)
    lost.receipt().send(inline_commands="make all")
    assert lost.states == ["absent", "created"]
    writes = lost.buddy.writes
    stopped = send_again(lost)
    assert (lost.buddy.writes, stopped.status) == (writes, 409)
    assert f"/submissions/{lost.rows[1].id}" in stopped.links.values()


@pytest.mark.patient
def test_of_two_processes_that_look_and_find_nothing_one_sends(lost: Rig, opened: Open) -> None:
    refused(lost)
    lost.press(lost.receipt(), "attempts")
    back_again(lost)
    form, other = lost.receipt(), opened()
    token = other.form().fields["csrf_token"]
    pressed: list[Page] = []

    def press_meanwhile(connection: object, server: object) -> None:
        # The form of the other process is being sent, and its look has found nothing.
        pressed.append(other.browser.post(f"/submissions/{lost.rows[0].id}/attempts", {"csrf_token": token}))
        StubBuddy.answers(connection, server)

    lost.buddy.write_fault = press_meanwhile
    form.send(inline_commands="make all")
    assert len(lost.buddy.added) == 1
    assert "is being sent" in pressed[0].text or "not known yet" in pressed[0].text


def test_of_two_attempts_without_an_answer_nobody_says_which_has_added_it(lost: Rig) -> None:
    back_again(lost)
    lost.buddy.write_fault = faults.read_then_close
    lost.press(lost.receipt(), "attempts")
    lost.look(minutes=1)
    assert (lost.states, len(lost.buddy.added)) == (["found"], 1)
    page = lost.receipt()
    assert "It was sent 2 times, and nobody can tell which attempt has added it." in page.text
    assert "Slipway goes on looking for another one until" in page.text
    assert "not in the pipeline so far" not in page.text


def test_a_first_attempt_that_turns_up_beside_a_second_that_succeeded_is_told_with_both_links(lost: Rig) -> None:
    back_again(lost)
    lost.press(lost.receipt(), "attempts")
    assert lost.states == ["created"]
    assert "What happened to another attempt is not known" in lost.receipt().text
    link = "https://app.buddy.works/buddy/company-website/pipelines/pipeline/2/action/101/edit"
    first = lost.buddy.add({**WIRE, "html_url": link})
    lost.look(minutes=5)
    assert sorted(lost.states) == ["created", "found"]
    mine, late = lost.rows
    assert (late.action_id, late.owner) == (first["id"], mine.owner)
    for row in (mine, late):
        page = lost.receipt(row)
        assert "Two actions were added" in page.text
        assert page.links[f"Open the action {first['id']} in Buddy"] == link
        deletions = [link for words, link in page.links.items() if words.startswith("Delete")]
        assert {link.rsplit("/", 2)[1] for link in deletions} >= {str(mine.action_id), str(late.action_id)}
    assert lost.browser.get("/").text.count("One too many?") == 2
    asked = lost.receipt(mine)
    kept = lost.press(asked, "both")
    assert "Two actions were added" not in kept.text
    assert "Kept both" in kept.text
    assert "needs your attention" not in lost.browser.get("/").text
    lost.press(asked, "both")
    assert lost.record.count(("both", None)) == 2, "once for each of the two"


def test_two_that_exist_are_settled_by_deleting_one(lost: Rig) -> None:
    back_again(lost)
    lost.press(lost.receipt(), "attempts")
    late = lost.buddy.add(WIRE)
    lost.look(minutes=5)
    place = "/workspaces/buddy/projects/company-website/pipelines/2"
    address = f"{place}/actions/{late['id']}/delete"
    lost.browser.get(address).send_to(address)
    assert "needs your attention" not in lost.browser.get("/").text
    assert "Two actions were added" not in lost.receipt(lost.rows[0]).text


def test_of_two_that_land_after_all_both_are_ours_and_told(lost: Rig) -> None:
    lost.press(lost.receipt(), "attempts")
    assert (lost.states, lost.row.attempts) == (["unknown"], 2)
    lost.buddy.add(WIRE)
    lost.look(seconds=3)
    assert lost.states == ["found"]
    lost.buddy.add(WIRE)
    lost.look(minutes=5)
    assert lost.states == ["found", "found"]
    assert "Two actions were added" in lost.receipt(lost.rows[0]).text


def test_a_late_one_that_cannot_be_told_from_somebody_elses_is_asked_about(rig: Rig) -> None:
    page = rig.form()
    rig.clock.forward(minutes=3)
    rig.buddy.creates = False
    rig.buddy.write_fault = faults.read_then_close
    page.send(**LEAST)
    rig.settle()
    back_again(rig)
    rig.press(rig.receipt(), "attempts")
    rig.buddy.add(WIRE)
    rig.look(minutes=5)
    assert rig.states == ["created", "ambiguous"]
    asked = rig.receipt(rig.rows[1])
    assert "needs your attention" in rig.browser.get("/").text
    rig.press(asked, "ruling", ruling=str(rig.buddy.added[1]["id"]))
    assert "Two actions were added" in rig.receipt(rig.rows[0]).text


def test_a_refused_form_whose_successor_was_added_and_that_turns_up_later_is_told(lost: Rig) -> None:
    refused(lost)
    lost.press(lost.receipt(), "attempts")
    back_again(lost)
    lost.receipt().send(inline_commands="make all")
    lost.buddy.add(WIRE)
    lost.look(minutes=5)
    assert lost.states == ["found", "created"]
    for row in lost.rows:
        assert "Two actions were added" in lost.receipt(row).text


def test_an_edited_copy_that_was_meant_as_a_second_one_is_not_called_a_duplicate(rig: Rig) -> None:
    page = rig.form()
    page.send(**LEAST)
    rig.clock.forward(seconds=10)
    page.send(**LEAST | {"inline_commands": "make all"}).send()
    assert rig.states == ["created", "created"]
    assert "Two actions were added" not in rig.receipt(rig.rows[0]).text


def test_a_number_that_slipway_has_already_opens_and_says_what_is_known(rig: Rig) -> None:
    rig.send()
    taken = rig.row.action_id
    rig.buddy.write_fault = answering(answer("201 Created", {**WIRE, "id": taken, "name": "Deploy"}))
    page = rig.send(name="Deploy")
    assert page.status == 200
    assert "“Deploy” was added" in page.heading
    assert f"the number {taken}, which Slipway already has for another submission" in page.text
    assert f"/submissions/{rig.rows[0].id}" in page.links.values()
    assert rig.states == ["created", "created"]


@pytest.mark.patient
def test_a_late_answer_with_a_number_that_slipway_has_already_is_a_proof_too(rig: Rig, opened: Open) -> None:
    rig.send()
    taken, other = rig.row.action_id, opened()

    def give_up_meanwhile(connection: object, server: StubBuddy) -> None:
        server.read(connection)
        other.look(hours=1)
        connection.sendall(answer("201 Created", {**WIRE, "id": taken, "name": "Deploy"}))

    rig.buddy.creates = False
    rig.buddy.write_fault = give_up_meanwhile
    page = rig.send(name="Deploy")
    assert (rig.states[1], page.status) == ("created", 200)


def test_what_was_added_while_the_form_was_being_read_is_not_taken_for_what_was_there_before(rig: Rig) -> None:
    """A form that is not recognised goes on with a new one, whose pipeline is dated from before it was read."""
    page = rig.form()
    rig.buddy.before_reading = lambda path: rig.clock.forward(seconds=40)
    again = page.press("check", envelope="not ours", **LEAST)
    rig.buddy.before_reading = None
    rig.buddy.creates = False
    rig.buddy.write_fault = faults.read_then_close
    again.send()
    assert rig.row.seen_at is not None and rig.row.sent_at is not None
    assert (rig.row.sent_at - rig.row.seen_at).total_seconds() >= 40
    rig.buddy.add(WIRE)
    rig.look(seconds=3)
    assert rig.states == ["ambiguous"]
