"""What Buddy has refused, or what could not be sent: it waits for its person, who mends it in one draft."""

from collections.abc import Callable

import pytest
from support.buddy import PIPELINE, StubBuddy
from support.faults import answer, answering
from support.pages import Page
from support.rigs import LEAST, NEW, Rig

from .conftest import Open
from .test_changes_and_deletions import ACTION, ACTIONS
from .test_drafts import save

HEADING = "What needs your attention"


def refuse(buddy: StubBuddy, message: str = "name is taken") -> None:
    """Let Buddy refuse what it is sent from now on."""
    buddy.creates = False
    buddy.write_fault = answering(answer("400 Bad Request", {"errors": [{"message": message}]}))


def accept(buddy: StubBuddy) -> None:
    """Let Buddy do what it is asked for again."""
    buddy.creates = True
    buddy.write_fault = StubBuddy.answers


def refused(rig: Rig, message: str = "name is taken", **typed: str | None) -> Page:
    """Send something that Buddy refuses."""
    refuse(rig.buddy, message)
    return rig.send(**typed)


def refused_change(rig: Rig, message: str = "name is taken") -> Page:
    """The same with a change of an action."""
    mine = f"{ACTIONS}/{rig.buddy.add(ACTION)['id']}"
    refuse(rig.buddy, message)
    return rig.browser.get(f"{mine}/edit").send(timeout="90")


def attention(rig: Rig) -> bool:
    """Whether anything waits on the home page."""
    return HEADING in rig.browser.get("/").text


def test_a_refused_form_waits_on_the_first_page_and_says_who_tried_it_when_and_what_buddy_said(rig: Rig) -> None:
    page = refused(rig)
    home = rig.browser.get("/")
    assert (HEADING in home.text, home.links["Run tests"]) == (True, page.path)
    again = rig.browser.get(page.path)
    assert again.heading == "Buddy did not accept the action"
    assert again.errors == ["name is taken"]
    moment = next(again.all("time")).text
    assert moment is not None
    assert f"Sent by {rig.row.owner_name}, {moment}. Buddy did not accept this." in again.text


def test_a_refused_change_waits_too(rig: Rig) -> None:
    page = refused_change(rig)
    assert (page.heading, "Sent by" in page.text) == ("Buddy did not accept the change", True)
    assert rig.browser.get("/").links["Run tests"] == page.path


def test_what_could_not_be_sent_waits_too(rig: Rig) -> None:
    rig.buddy.hang_up_after(rig.form)
    page = rig.send()
    assert rig.states == ["not_sent"]
    assert rig.browser.get("/").links["Run tests"] == page.path


def test_it_waits_no_more_once_it_was_mended_and_sent(rig: Rig) -> None:
    page = refused(rig)
    rig.browser.get(page.path).press("check", name="Mended")
    assert attention(rig)
    accept(rig.buddy)
    rig.browser.get(page.path).send(name="Mended")
    assert (rig.states, attention(rig)) == (["rejected", "created"], False)


def test_it_waits_no_more_once_its_person_has_dismissed_it(rig: Rig) -> None:
    refused(rig)
    rig.clock.forward(seconds=5)
    home = rig.browser.get("/").send_to(f"/submissions/{rig.row.id}/dismissal")
    assert (HEADING in home.text, rig.record[-1]) == (False, ("dismissed", None))


def test_it_waits_for_as_long_as_a_draft_is_kept(rig: Rig) -> None:
    refused(rig)
    rig.clock.forward(days=29)
    assert attention(rig)
    rig.clock.forward(days=2)
    assert not attention(rig)


def test_it_waits_for_nobody_else(opened: Open) -> None:
    team = opened(sign_in=frozenset({"password"}))
    refuse(team.buddy)
    ada, bob = team.hired("ada"), team.hired("bob")
    ada.get(NEW).send(**LEAST)
    assert (HEADING in ada.get("/").text, HEADING in bob.get("/").text) == (True, False)


def test_typing_on_two_visits_makes_one_draft(rig: Rig) -> None:
    page = refused(rig)
    assert save(rig, rig.browser.get(page.path), name="First").status_code == 200
    second = rig.browser.get(page.path)
    assert (second.fields["name"], second.errors) == ("First", ["name is taken"])
    assert save(rig, second, name="Second").status_code == 200
    assert [row.name for row in rig.rows] == ["Run tests", "Second"]


def test_two_pages_opened_before_anything_was_typed_are_the_same_draft(rig: Rig) -> None:
    page = refused(rig)
    first, second = rig.browser.get(page.path), rig.browser.get(page.path)
    assert save(rig, first, name="First").status_code == 200
    assert save(rig, second, name="Second").status_code == 409
    assert [row.name for row in rig.rows] == ["Run tests", "First"]


def test_of_two_such_pages_one_is_sent(rig: Rig) -> None:
    page = refused(rig)
    first, second = rig.browser.get(page.path), rig.browser.get(page.path)
    accept(rig.buddy)
    receipt = first.send(name="Mended")
    assert second.send(name="Mended").path == receipt.path
    assert rig.states == ["rejected", "created"]


def test_what_is_mended_again_after_it_was_sent_is_a_form_of_its_own(rig: Rig) -> None:
    page = refused(rig)
    rig.browser.get(page.path).send(name="Refused again")
    accept(rig.buddy)
    rig.browser.get(page.path).send(name="Mended")
    assert rig.states == ["rejected", "rejected", "created"]


@pytest.mark.parametrize("refuse_it", [refused, refused_change], ids=["an addition", "a change"])
def test_the_draft_of_it_says_what_buddy_did_not_accept(rig: Rig, refuse_it: Callable[[Rig], Page]) -> None:
    page = refuse_it(rig)
    rig.browser.get(page.path).press("check", name="Mended")
    draft = rig.browser.get(rig.browser.get("/").links["Continue “Mended”"])
    assert "Buddy did not accept an earlier version of this form. Sent by" in draft.text
    assert ("name is taken" in draft.text, draft.links["See it"]) == (True, page.path)
    assert draft.errors == []


FIXED = {
    "from a file": "This pipeline is defined by a YAML file and takes no changes.",
    "frozen": "The pipeline is frozen.",
}


@pytest.mark.parametrize("message", FIXED.values(), ids=FIXED)
@pytest.mark.parametrize("send", [refused, refused_change], ids=["an addition", "a change"])
def test_what_a_pipeline_that_takes_no_changes_refuses_goes_to_another_one(
    rig: Rig, send: Callable[[Rig, str], Page], message: str
) -> None:
    page = send(rig, message)
    assert page.errors == [message]
    assert "Correct what Buddy's message is about" not in page.text
    assert "This pipeline takes no changes. Copy the action to another pipeline" in page.text
    choosing = rig.browser.get(page.links["Copy it to another pipeline"])
    assert "Run tests" in choosing.text


def test_a_pipeline_from_a_file_tells_by_itself_that_a_copy_may_go_elsewhere(rig: Rig) -> None:
    rig.buddy.pipelines = [{**PIPELINE, "definition_source": "REMOTE"}]
    page = refused(rig, "Not possible here.")
    assert "Copy it to another pipeline" in page.links


def test_what_can_be_mended_is_not_sent_elsewhere(rig: Rig) -> None:
    page = refused(rig)
    assert "Correct what Buddy's message is about, then try again." in page.text
    assert "Copy it to another pipeline" not in page.links
