"""Actions that look like the one that was sent, and what a person says of them."""

import pytest
from support import faults
from support.buddy import StubBuddy
from support.faults import answer, answering
from support.rigs import LEAST, SECRETS, WIRE, Rig

from .conftest import Open


@pytest.fixture
def lost(rig: Rig) -> Rig:
    """A Buddy that adds nothing and says nothing."""
    rig.buddy.creates = False
    rig.buddy.write_fault = faults.read_then_close
    return rig


def test_what_somebody_added_by_hand_before_a_lost_post_is_not_called_ours_without_asking(lost: Rig) -> None:
    page = lost.form()
    lost.clock.forward(minutes=3)
    by_hand = lost.buddy.add(WIRE)
    page.send(**LEAST)
    lost.look(seconds=3)
    assert (lost.states, lost.row.action_id) == (["ambiguous"], None)
    asked = lost.receipt()
    assert f"“Run tests”, number {by_hand['id']}: the same as what you sent" in asked.text
    answered = lost.press(asked, "ruling", ruling="none")
    assert lost.states == ["absent"]
    assert "by this computer" in answered.text
    lost.look(minutes=15)
    assert lost.states == ["absent"]
    lost.buddy.creates = True
    lost.press(answered, "attempts")
    lost.look(seconds=3)
    assert (lost.states, lost.buddy.writes) == (["found"], 2)
    assert lost.row.action_id != by_hand["id"]


def test_what_was_sent_long_after_the_form_was_opened_is_asked_about_and_adopted_on_the_persons_word(
    rig: Rig,
) -> None:
    rig.buddy.write_fault = faults.read_then_close
    page = rig.form()
    rig.clock.forward(minutes=3)
    page.send(**LEAST)
    rig.look(seconds=3)
    assert rig.states == ["ambiguous"]
    asked = rig.receipt()
    found = rig.press(asked, "ruling", ruling=str(rig.buddy.added[0]["id"]))
    assert "was added" in found.heading
    assert (rig.states, rig.row.action_id) == (["found"], rig.buddy.added[0]["id"])
    assert rig.record[-1] == ("ruled", "found")


def test_a_form_that_another_computers_clock_puts_behind_its_send_reads_the_pipeline_first_and_so_can_tell(
    lost: Rig,
) -> None:
    lost.clock.forward(minutes=5)
    page = lost.form()
    lost.buddy.add(WIRE)
    lost.clock.forward(minutes=-5)
    page.send(**LEAST)
    lost.settle()
    assert lost.states == ["absent"]


def test_what_was_there_before_the_form_was_opened_is_never_ours(lost: Rig) -> None:
    lost.buddy.add(WIRE)
    lost.send()
    lost.settle()
    assert lost.states == ["absent"]


def test_an_old_form_reads_the_pipeline_first_and_so_can_tell(lost: Rig) -> None:
    page = lost.form()
    lost.buddy.add(WIRE)
    lost.clock.forward(minutes=11)
    page.send(**LEAST)
    lost.settle()
    assert lost.states == ["absent"]


OTHER_WORDS: dict[str, tuple[dict[str, str], dict[str, object]]] = {
    "an integration by its hash id": (
        {"image_source": "integration", "integration": "5ddb7c180fb38be67bd78a88a"},
        {"integration": {"identifier": "docker_hub"}},
    ),
    "a built image": (
        {"image_source": "action", "docker_build_action_name": "Build API"},
        {"use_image_from_action": None, "image_location": "ACTION"},
    ),
    "the commands one by one": ({}, {"inline_commands": None, "execute_commands": ["make test"]}),
}


@pytest.mark.parametrize(("typed", "answered"), OTHER_WORDS.values(), ids=OTHER_WORDS)
def test_what_buddy_answers_in_other_words_is_still_found(
    rig: Rig, typed: dict[str, str], answered: dict[str, object]
) -> None:
    rig.buddy.write_fault = faults.read_then_close
    rig.send(**typed)
    (added,) = rig.buddy.added
    rig.buddy.amend(added["id"], answered)
    rig.look(seconds=3)
    assert (rig.states, rig.row.action_id) == (["found"], added["id"])


def test_of_two_that_look_the_same_a_person_chooses_and_each_is_given_once(rig: Rig) -> None:
    rig.buddy.write_fault = faults.read_then_close
    rig.send()
    rig.buddy.add(WIRE)
    rig.look(seconds=3)
    assert rig.states == ["ambiguous"]
    first, second = (str(action["id"]) for action in rig.buddy.added)
    rig.press(rig.receipt(), "ruling", ruling=second)
    assert (rig.states, rig.row.action_id) == (["found"], int(second))
    rig.send(inline_commands="make all")
    rig.clock.forward(minutes=3)
    rig.buddy.readable = False
    rig.look(seconds=3)
    refused = rig.press(rig.receipt(rig.rows[1]), "ruling", ruling="other", address=second)
    assert "belongs to another submission" in refused.text
    assert rig.states == ["found", "unknown"]


@pytest.mark.parametrize(
    ("change", "label"),
    [
        ({"inline_commands": "make all"}, "Commands"),
        ({"docker_image_tag": "22"}, "Tag"),
        ({"run_as_user": "app"}, "Run as user"),
        ({"variables": [{"key": "A", "value": "1"}]}, "Variables"),
    ],
    ids=str,
)
def test_one_of_the_same_name_that_differs_is_asked_about_and_never_ends_in_absent(
    lost: Rig, change: dict[str, object], label: str
) -> None:
    lost.send()
    lost.buddy.add(WIRE | change)
    lost.look(seconds=3)
    assert lost.states == ["unknown"]
    lost.settle()
    assert lost.states == ["ambiguous"]
    assert f"differs in {label}" in lost.receipt().text


def test_one_that_was_renamed_meanwhile_is_asked_about_and_never_ends_in_absent(lost: Rig) -> None:
    lost.send()
    renamed = lost.buddy.add({**WIRE, "name": "Run all tests"})
    lost.settle()
    assert lost.states == ["ambiguous"]
    asked = lost.receipt()
    assert f"“Run all tests”, number {renamed['id']}: differs in Name of the action" in asked.text
    lost.press(asked, "attempts")
    assert (lost.states, lost.buddy.writes) == (["ambiguous"], 1)
    lost.press(asked, "ruling", ruling=str(renamed["id"]))
    assert (lost.states, lost.row.action_id) == (["found"], renamed["id"])


def test_one_that_is_what_another_submission_has_sent_is_not_taken_for_a_renamed_one(lost: Rig) -> None:
    lost.send()
    lost.buddy.creates = True
    lost.send(name="Run it again")
    lost.settle()
    assert lost.states == ["absent", "found"]


def test_one_that_somebody_else_has_added_is_not_taken_for_a_renamed_one(lost: Rig) -> None:
    lost.send()
    lost.buddy.add({**WIRE, "name": "Run all tests", "inline_commands": "make all"})
    lost.buddy.write_fault, lost.buddy.creates = StubBuddy.answers, True
    lost.send(name="Run it again")
    lost.settle()
    assert lost.states == ["absent", "created"]


def test_secrets_are_not_compared_and_a_found_one_needs_them_no_more(rig: Rig) -> None:
    rig.buddy.write_fault = faults.read_then_close
    rig.send(**SECRETS)
    assert len(rig.secrets) == 2
    rig.look(seconds=3)
    assert (rig.states, rig.secrets) == (["found"], [])


def test_two_submissions_never_adopt_the_same_action(rig: Rig) -> None:
    rig.buddy.creates = False
    rig.buddy.write_fault = faults.read_then_close
    page = rig.form()
    page.send(**LEAST, image_source="credentials", login="me", password="one")
    rig.form().send(**LEAST, image_source="credentials", login="me", password="two")
    rig.buddy.add(WIRE | {"login": "me"})
    rig.settle()
    assert sorted(rig.states) == ["absent", "found"]
    assert [row.action_id for row in rig.rows if row.state == "found"] == [100]


def test_of_two_that_look_after_one_submission_only_one_reads_and_writes(opened: Open, rig: Rig) -> None:
    other = opened()
    rig.buddy.write_fault = faults.read_then_close
    rig.send()
    rig.clock.forward(seconds=3)
    row, same = rig.row, other.row
    looks = [rig.parts.reconciler.look(row), other.parts.reconciler.look(same)]
    assert [look is None for look in looks] == [False, True]
    assert rig.record.count(("looked", "found")) == 1


@pytest.mark.patient
def test_while_another_of_that_name_is_being_sent_nothing_is_adopted(rig: Rig) -> None:
    rig.buddy.creates = False
    rig.buddy.write_fault = faults.read_then_close
    rig.send(image_source="credentials", login="me", password="one")
    rig.buddy.creates = True

    def look_meanwhile(connection: object, server: object) -> None:
        rig.buddy.read(connection)
        rig.look(seconds=3)
        connection.sendall(answer("201 Created", rig.buddy.added[-1]))

    rig.buddy.write_fault = look_meanwhile
    rig.send(image_source="credentials", login="me", password="two")
    assert rig.states == ["unknown", "created"]
    rig.buddy.write_fault = answering(b"")
    rig.settle()
    assert rig.states == ["absent", "created"]


def test_check_now_looks_at_once_but_not_twice_in_three_seconds(lost: Rig) -> None:
    receipt = lost.send()
    counts = []
    for pause in (0, 2, 1):
        lost.clock.forward(seconds=pause)
        lost.press(receipt, "looks")
        counts.append(len(lost.buddy.reads))
    assert counts[0] == counts[1] < counts[2]


def test_send_again_looks_first_and_what_turns_up_cancels_it(lost: Rig) -> None:
    lost.send()
    lost.settle()
    absent = lost.receipt()
    lost.buddy.add(WIRE)
    found = lost.press(absent, "attempts")
    assert "was added" in found.heading
    assert (lost.states, lost.buddy.writes) == (["found"], 1)


def test_send_again_sends_nothing_while_the_pipeline_cannot_be_read(lost: Rig) -> None:
    lost.send()
    lost.settle()
    absent = lost.receipt()
    lost.buddy.readable = False
    again = lost.press(absent, "attempts")
    assert "The last look failed" in again.text
    assert (lost.states, lost.buddy.writes) == (["absent"], 1)


def test_a_late_first_and_a_second_attempt_are_both_shown(lost: Rig) -> None:
    lost.send()
    lost.settle()
    lost.press(lost.receipt(), "attempts")
    assert (lost.states, lost.buddy.writes, lost.row.attempts) == (["unknown"], 2, 2)
    lost.buddy.add(WIRE)
    lost.buddy.add(WIRE)
    lost.look(seconds=3)
    assert lost.states == ["found", "found"]
    assert {row.action_id for row in lost.rows} == {action["id"] for action in lost.buddy.added}


def test_of_more_that_look_the_same_than_were_sent_a_person_chooses(lost: Rig) -> None:
    lost.send()
    lost.settle()
    lost.press(lost.receipt(), "attempts")
    for _ in range(3):
        lost.buddy.add(WIRE)
    lost.look(seconds=3)
    assert lost.states == ["ambiguous"]


def test_of_very_many_of_that_name_only_some_are_compared_and_all_are_offered(rig: Rig) -> None:
    rig.buddy.creates = False
    rig.buddy.write_fault = faults.read_then_close
    rig.send()
    for _ in range(25):
        rig.buddy.add(WIRE)
    rig.look(seconds=3)
    assert sum("/actions/" in path for path in rig.buddy.reads) == 20
    asked = rig.receipt()
    assert asked.text.count("the same as what you sent") == 20
    assert asked.text.count(": not compared") == 5


def test_an_unknown_that_cannot_be_read_is_ended_by_a_person_after_a_while(lost: Rig) -> None:
    receipt = lost.send()
    assert "Save this answer" not in receipt.html
    lost.press(receipt, "ruling", ruling="none")
    assert lost.states == ["unknown"]
    lost.buddy.readable = False
    lost.settle()
    asked = lost.receipt()
    wrong = lost.press(asked, "ruling", ruling="other", address="nowhere")
    assert wrong.error_at("address") == "Enter the number of the action, or paste its address from Buddy"
    lost.press(asked, "ruling", ruling="other", address="https://app.buddy.works/buddy/site/pipelines/action/77/edit")
    assert (lost.states, lost.row.action_id) == (["found"], 77)
    assert lost.record[-1] == ("ruled", "found")


def test_a_number_that_buddy_does_not_have_is_not_believed(lost: Rig) -> None:
    lost.send()
    lost.buddy.readable = False
    lost.settle()
    lost.buddy.readable = True
    refused = lost.press(lost.receipt(), "ruling", ruling="other", address="999")
    assert "Buddy has no such action" in refused.text
    assert lost.states == ["unknown"]
