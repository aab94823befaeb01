"""What receipts say: nothing that is not so, and all that is known."""

import re
from pathlib import Path

import pytest
from support import faults
from support.buddy import StubBuddy
from support.faults import Fault, answer, answering
from support.pages import Page
from support.rigs import LEAST, NEW, QUICK, WIRE, Rig

from webapp.http.transport import Timings
from webapp.store.models import Submission

ACTIONS = NEW.removesuffix("/new")


def test_pages_and_the_guide_name_the_time_that_a_send_really_has(rig: Rig, buddy: StubBuddy) -> None:
    buddy.write_fault, buddy.creates = faults.read_and_wait, False
    form = rig.form()
    progress = form.by_id("progress")
    assert progress is not None
    assert progress.get("data-words") == f"This can take up to {QUICK.write} seconds. What you typed is kept."
    form.send(**LEAST)
    rig.parts.journal.move(rig.row.id, rig.row.version, "unknown", "sending")
    assert f"This can take up to {QUICK.write} seconds." in rig.receipt().text
    guide = (Path(__file__).parent.parent.parent / "docs" / "operating.md").read_text()
    assert f"Slipway gives Buddy {Timings().write} seconds" in guide


def test_a_draft_at_which_a_forged_button_was_pressed_says_so(rig: Rig, buddy: StubBuddy) -> None:
    rig.form().press("check", **LEAST)
    page = rig.browser.post(f"/submissions/{rig.row.id}/looks", {"csrf_token": "forged"})
    assert (page.status, page.heading, buddy.writes) == (400, "“Run tests” is a draft", 0)


def written(rig: Rig, kind: str) -> Submission:
    """The last submission of a kind."""
    return [row for row in rig.rows if row.kind == kind][-1]


def delete(rig: Rig, id: int) -> Page:
    question = rig.browser.get(f"{ACTIONS}/{id}/delete")
    return question.send_to(question.path)


@pytest.mark.parametrize("fault", [StubBuddy.answers, faults.read_then_close], ids=["answered", "found gone"])
def test_the_receipts_of_an_action_that_was_deleted_say_so_and_offer_nothing_dead(
    rig: Rig, buddy: StubBuddy, fault: Fault
) -> None:
    rig.send()
    added = rig.row
    assert added.action_id is not None
    assert "Delete it" in rig.receipt(added).links
    rig.browser.get(f"{ACTIONS}/{added.action_id}/edit").send(docker_image_tag="24")
    changed = written(rig, "change")
    assert "Look at the action" in rig.receipt(changed).links
    buddy.write_fault = fault
    delete(rig, added.action_id)
    rig.look(seconds=3)
    gone = written(rig, "deletion")
    for row in (added, changed):
        receipt = rig.receipt(row)
        assert "The action is no longer there: it was deleted with Slipway by this computer, " in receipt.text
        assert receipt.links["See what was deleted"] == f"/submissions/{gone.id}"
        assert not {"Delete it", "change it", "Look at the action"} & set(receipt.links)
        assert not [words for words in receipt.links if words.startswith("Open the action")]
    assert "no longer there" not in rig.receipt(gone).text


def test_an_action_of_another_pipeline_or_number_is_not_taken_for_the_deleted_one(rig: Rig) -> None:
    rig.send()
    rig.send(name="Another")
    first, second = rig.rows
    assert second.action_id is not None
    delete(rig, second.action_id)
    assert "no longer there" not in rig.receipt(first).text
    assert "no longer there" in rig.receipt(second).text


WHAT_CAME = {
    "none in time": (faults.read_and_wait, "Buddy did not answer in time."),
    "none at all": (faults.read_then_close, "The connection to Buddy broke before its answer came."),
    "one without proof": (
        answering(answer("503 Unavailable", {"errors": [{"message": "Later."}]})),
        "Buddy answered with status 503, which does not say whether it was done.",
    ),
    "one that can't be read": (
        answering(answer("201 Created", b"<h1>Yes</h1>")),
        "What came back could not be read.",
    ),
}


@pytest.mark.parametrize("done", [True, False], ids=["done", "not done"])
@pytest.mark.parametrize(("fault", "words"), WHAT_CAME.values(), ids=WHAT_CAME)
def test_an_answer_is_never_called_lost_that_came(
    rig: Rig, buddy: StubBuddy, fault: Fault, words: str, done: bool
) -> None:
    rig.send()
    id = rig.row.action_id
    assert id is not None
    buddy.creates, buddy.write_fault = done, fault
    pages = [
        rig.send(name="Another"),
        rig.browser.get(f"{ACTIONS}/{id}/edit").send(docker_image_tag="24"),
    ]
    rig.settle()
    pages.append(delete(rig, id))
    rig.settle()
    pages += [rig.receipt(row) for row in rig.rows[1:]]
    assert [row.state for row in rig.rows[1:]] == ["found" if done else "absent"] * 3
    for page in pages:
        assert words in page.text
        assert "got lost" not in page.text
        assert ("Buddy said: Later." in page.text) == ("503" in words)


def test_the_receipt_says_whether_what_it_tells_of_is_done_or_was_only_asked_for(rig: Rig, buddy: StubBuddy) -> None:
    buddy.readable = False
    unsent = rig.send()
    assert "What was to be added" in unsent.text
    assert "company-website Tried " in unsent.text
    buddy.readable = True
    added = rig.press(unsent, "attempts")
    assert "What was added" in added.text
    rig.parts.journal.move(rig.row.id, rig.row.version, "created", "sending")
    sending = rig.receipt()
    assert "What is being added" in sending.text
    assert not re.search("nothing (has been|was) sent", sending.text, re.IGNORECASE)


def test_what_a_person_has_found_is_not_said_to_be_slipways_finding(rig: Rig, buddy: StubBuddy) -> None:
    buddy.creates, buddy.write_fault = False, faults.read_then_close
    rig.send()
    buddy.readable = False
    rig.settle()
    buddy.readable = True
    id = buddy.add(WIRE | {"name": "Renamed by hand"})["id"]
    receipt = rig.press(rig.receipt(), "ruling", ruling="other", address=str(id))
    assert rig.row.state == "found"
    assert "What came of it was written down by this computer: the action is in Live mirror." in receipt.text
    assert "Slipway looked" not in receipt.text


def test_what_the_answer_to_an_earlier_attempt_said_is_not_told_of_a_later_one(rig: Rig, buddy: StubBuddy) -> None:
    buddy.creates = False
    buddy.write_fault = answering(answer("503 Unavailable", {"errors": [{"message": "Later."}]}))
    rig.send()
    rig.settle()
    buddy.write_fault = faults.read_then_close
    receipt = rig.press(rig.receipt(), "attempts")
    assert "The connection to Buddy broke before its answer came." in receipt.text
    assert "Later." not in receipt.text
    assert (rig.row.status, rig.row.messages) == (None, [])
