"""What needs a person's attention on the home page, and is dismissed once they have seen it."""

from support.faults import answer, answering
from support.pages import Page, log_lines
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
    assert (HEADING in home.text, "Hide" in home.text) == (True, False)
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
    assert "Hidden from the home page" in rig.receipt().text
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


def lose_many(rig: Rig, count: int) -> None:
    """Send so many that Buddy neither adds nor answers for, until it is known that they are not there."""
    rig.buddy.write_fault = answering(answer("500 Server Error", {}))
    rig.buddy.creates = False
    for number in range(count):
        rig.send(name=f"Run {number}")
        rig.clock.forward(seconds=1)
    rig.settle()


def test_the_newest_three_are_listed_and_the_others_are_one_press_away(rig: Rig) -> None:
    lose_many(rig, 5)
    home = rig.browser.get("/")
    assert [name for name in home.links if name.startswith("Run ")][:3] == ["Run 4", "Run 3", "Run 2"]
    assert "Run 1" not in home.text.split("Latest from your team")[0]
    lines = log_lines(rig.browser.get(home.links["2 more"]))
    assert [line[:5] for line in lines] == ["Run 4", "Run 3", "Run 2", "Run 1", "Run 0"]


def test_all_that_may_be_are_dismissed_at_once_by_who_is_sure(rig: Rig) -> None:
    lose_many(rig, 4)
    rig.send(name="Not known")
    question = rig.browser.get("/").send_to("/submissions/dismissals")
    assert question.heading == "Hide these 4 from the home page?"
    assert "Run 3 in Live mirror, Company Website: Not found" in question.text
    assert HEADING in rig.browser.get("/").text
    home = question.send_to("/submissions/dismissals", sure="yes")
    assert home.path == "/"
    assert [name for name in ("Run 0", "Run 3", "Not known") if name in home.text.split("Latest")[0]] == ["Not known"]
    assert (rig.record.count(("dismissed", None)), "Hide all" in home.text) == (4, False)


def test_what_was_not_in_the_question_is_not_dismissed(rig: Rig) -> None:
    lose_many(rig, 2)
    question = rig.browser.get("/").send_to("/submissions/dismissals")
    rig.send(name="Came later")
    rig.settle()
    assert rig.states[-1] == "absent"
    home = question.send_to("/submissions/dismissals", sure="yes")
    assert rig.record.count(("dismissed", None)) == 2
    assert ("Came later" in home.text.split("Latest")[0], "Run 1" in home.text.split("Latest")[0]) == (True, False)


def test_a_single_one_has_no_button_for_all(rig: Rig) -> None:
    lose_many(rig, 1)
    assert "Hide all" not in rig.browser.get("/").text
