"""What needs a person's attention on the first page, and is dismissed once they have seen it."""

from support.faults import answer, answering
from support.pages import Page
from support.rigs import Rig

HEADING = "What needs your attention"


def lose(rig: Rig) -> Page:
    """Send something that Buddy neither adds nor answers for."""
    rig.buddy.write_fault = answering(answer("500 Server Error", {}))
    rig.buddy.creates = False
    return rig.send()


def dismiss(rig: Rig) -> Page:
    return rig.browser.get("/").send_to(f"/submissions/{rig.row.id}/dismissal")


def test_what_is_not_known_yet_is_listed_and_cannot_be_dismissed(rig: Rig) -> None:
    lose(rig)
    home = rig.browser.get("/")
    assert (HEADING in home.text, "Dismiss" in home.text) == (True, False)
    token = rig.form().fields["csrf_token"]
    rig.browser.post(f"/submissions/{rig.row.id}/dismissal", {"csrf_token": token})
    assert HEADING in rig.browser.get("/").text


def test_what_is_not_there_is_dismissed_by_its_person_and_that_is_on_record(rig: Rig) -> None:
    lose(rig)
    rig.settle()
    assert rig.states == ["absent"]
    home = dismiss(rig)
    assert (home.path, HEADING in home.text) == ("/", False)
    assert (rig.states, rig.record[-1]) == (["absent"], ("dismissed", None))
    assert "Dismissed" in rig.receipt().text
    rig.look(minutes=10)
    assert HEADING not in rig.browser.get("/").text


def test_what_is_dismissed_twice_is_on_record_once(rig: Rig) -> None:
    lose(rig)
    rig.settle()
    home = rig.browser.get("/")
    for _ in "ab":
        home.send_to(f"/submissions/{rig.row.id}/dismissal")
        rig.clock.forward(seconds=1)
    assert rig.record.count(("dismissed", None)) == 1


def test_what_was_dismissed_and_is_sent_again_needs_attention_again(rig: Rig) -> None:
    receipt = lose(rig)
    rig.settle()
    dismiss(rig)
    rig.press(rig.browser.get(receipt.path), "attempts")
    assert HEADING in rig.browser.get("/").text
    rig.settle()
    assert (rig.states, HEADING in rig.browser.get("/").text) == (["absent"], True)


def test_a_forged_post_dismisses_nothing(rig: Rig) -> None:
    lose(rig)
    rig.settle()
    assert rig.browser.post(f"/submissions/{rig.row.id}/dismissal", {"csrf_token": "forged"}).status == 400
    assert HEADING in rig.browser.get("/").text
