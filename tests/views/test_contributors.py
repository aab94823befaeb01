"""What a contributor may do beside a viewer: keep drafts, and for ten minutes take back what they added themselves."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session
from support import faults
from support.pages import Browser, Page, text_of
from support.prepared import REPORT
from support.rigs import LEAST, NEW, WIRE, Rig
from support.signing_in import sign_in
from support.teams import become

from webapp.store.events import SLIPWAY
from webapp.store.models import Submission

ACTIONS = NEW.removesuffix("/new")
REFUSED = (403, "Your role does not allow this")


@pytest.fixture
def team(team: Rig) -> Rig:
    """A team before a Buddy that does what it is asked."""
    team.buddy.answer = None
    return team


def added(team: Rig, login: str = "cora") -> Page:
    """A contributor's receipt of an action that they added a moment ago."""
    browser = team.hired(login)
    receipt = browser.get(NEW).send(**LEAST)
    assert receipt.heading == "“Run tests” was added"
    become(team, login, "contributor")
    return browser.get(receipt.path)


def clock_of(team: Rig) -> str:
    """The time in ten minutes."""
    return (team.clock() + timedelta(minutes=10)).strftime("%H:%M")


def hidden(page: Page, name: str) -> str:
    return next(field.get("value") or "" for field in page.all("input") if field.get("name") == name)


def straight(browser: Browser, path: str, **fields: str) -> Page:
    """Post what a page with a button there would post."""
    return browser.post(path, {"csrf_token": hidden(browser.get("/account"), "csrf_token"), **fields})


def state_of(page: Page) -> tuple[int, str]:
    return page.status, page.heading


def test_what_a_contributor_has_just_added_is_deleted_from_its_receipt(team: Rig) -> None:
    receipt = added(team)
    assert f"Added by mistake? Delete it, until {clock_of(team)} UTC." in receipt.text
    question = receipt.browser.get(receipt.links["Delete it"])
    gone = question.send_to(question.path)
    assert (gone.heading, team.states, team.buddy.added) == ("“Run tests” was deleted", ["created", "deleted"], [])
    assert "change it" not in receipt.links


def test_ten_minutes_after_it_was_added_it_is_an_editors_business(team: Rig) -> None:
    receipt = added(team)
    question = receipt.browser.get(receipt.links["Delete it"])
    team.clock.forward(minutes=9, seconds=59)
    assert "Delete it" in receipt.browser.get(receipt.path).links
    team.clock.forward(seconds=1)
    late = question.send_to(question.path)
    assert state_of(late) == REFUSED
    assert "You may delete what you added yourself for 10 minutes after adding it." in late.text
    assert "Delete it" not in receipt.browser.get(receipt.path).links
    assert state_of(receipt.browser.get(question.path)) == REFUSED
    assert (team.states, len(team.buddy.added), team.buddy.writes) == (["created"], 1, 1)
    assert team.deeds[-1] == ("Cora", "refused", "role")


def test_a_clock_that_is_put_back_gives_nobody_more_time(team: Rig) -> None:
    receipt = added(team)
    path = receipt.links["Delete it"]
    team.clock.forward(minutes=-30)
    assert "Delete it" not in receipt.browser.get(receipt.path).links
    assert state_of(receipt.browser.get(path)) == REFUSED
    assert team.buddy.writes == 1


def test_the_minutes_are_over_also_while_buddy_is_read_before_the_deletion(team: Rig) -> None:
    receipt = added(team)
    question = receipt.browser.get(receipt.links["Delete it"])
    team.clock.forward(minutes=9)
    team.buddy.before_reading = lambda path: team.clock.forward(minutes=2)
    assert state_of(question.send_to(question.path)) == REFUSED
    assert (team.states, team.buddy.writes) == (["created"], 1)


def test_a_deletion_that_was_sent_in_time_has_its_receipt_however_often_it_is_pressed(team: Rig) -> None:
    receipt = added(team)
    question = receipt.browser.get(receipt.links["Delete it"])
    first = question.send_to(question.path)
    team.clock.forward(minutes=11)
    assert question.send_to(question.path).path == first.path
    assert team.buddy.writes == 2


def test_a_deletion_that_came_to_nothing_is_asked_for_again_in_time_alone(team: Rig) -> None:
    receipt = added(team)
    question = receipt.browser.get(receipt.links["Delete it"])
    team.buddy.creates, team.buddy.write_fault = False, faults.read_then_close
    lost = question.send_to(question.path)
    team.settle()
    browser = receipt.browser
    assert browser.get(lost.path).links["Delete it after all"] == question.path
    team.clock.forward(minutes=10)
    assert "Delete it after all" not in browser.get(lost.path).links


def test_what_somebody_else_added_is_not_a_contributors_to_delete(team: Rig) -> None:
    receipt = added(team)
    stranger = team.hired("carl", "contributor")
    seen = stranger.get(receipt.path)
    path = receipt.links["Delete it"]
    assert (seen.heading, "Delete it" in seen.links) == ("“Run tests” was added", False)
    assert state_of(stranger.get(path)) == REFUSED
    assert state_of(straight(stranger, path, envelope=hidden(receipt.browser.get(path), "envelope"))) == REFUSED
    assert (team.states, team.buddy.writes) == (["created"], 1)


def test_what_was_there_before_is_not_theirs_either(team: Rig) -> None:
    browser = team.hired("cora", "contributor")
    path = f"{ACTIONS}/{team.buddy.add(WIRE)['id']}"
    assert "Delete it" not in browser.get(path).links
    for method in (browser.get, lambda address: straight(browser, address)):
        assert state_of(method(f"{path}/delete")) == REFUSED
    assert team.buddy.writes == 0


def test_an_action_that_a_contributor_says_is_theirs_is_not_theirs_to_delete(team: Rig) -> None:
    team.buddy.creates, team.buddy.write_fault = False, faults.read_then_close
    browser = team.hired("cora")
    page = browser.get(NEW)
    others = team.buddy.add(WIRE | {"name": "Of somebody else", "inline_commands": "make prod"})
    receipt = page.send(**LEAST)
    become(team, "cora", "contributor")
    team.settle()
    team.clock.forward(minutes=3)
    with Session(team.parts.journal._engine) as session:
        row = session.query(Submission).one()
        row.state = "ambiguous"
        row.candidates = [
            {"id": others["id"], "name": "Of somebody else", "html_url": "", "compared": False, "differences": []}
        ]
        session.commit()
    asked = browser.get(receipt.path)
    found = asked.send_to(f"{receipt.path}/ruling", ruling=str(others["id"]))
    assert (found.heading, team.row.action_id) == ("“Run tests” was added", others["id"])
    assert "Delete it" not in found.links
    assert state_of(browser.get(f"{ACTIONS}/{others['id']}/delete")) == REFUSED
    assert team.buddy.writes == 1


def test_what_slipway_itself_has_found_is_theirs(team: Rig) -> None:
    team.buddy.write_fault = faults.read_then_close
    browser = team.hired("cora")
    receipt = browser.get(NEW).send(**LEAST)
    become(team, "cora", "contributor")
    team.look(seconds=3)
    assert team.states == ["found"]
    team.buddy.write_fault = type(team.buddy).answers
    question = browser.get(browser.get(receipt.path).links["Delete it"])
    assert question.send_to(question.path).heading == "“Run tests” was deleted"


WHOLE_FORM: dict[str, Callable[[Browser], Page]] = {
    "the form": lambda browser: browser.get(NEW),
    "a link": lambda browser: browser.get(f"{NEW}?name=Mine"),
    "one like another": lambda browser: browser.get(f"{NEW}?like=7"),
    "a template that is none": lambda browser: browser.get(f"{NEW}?template=none"),
    "a paste": lambda browser: straight(browser, NEW, button="fill-run", run_command="docker run a"),
    "a preview": lambda browser: straight(browser, NEW, button="preview", **LEAST),
    "a send": lambda browser: straight(browser, ACTIONS, **LEAST),
    "what script keeps": lambda browser: straight(browser, f"{ACTIONS}/draft", **LEAST),
    "the form of a change": lambda browser: browser.get(f"{ACTIONS}/7/edit"),
    "a preview of a change": lambda browser: straight(browser, f"{ACTIONS}/7/edit", button="preview", **LEAST),
    "a change": lambda browser: straight(browser, f"{ACTIONS}/7", **LEAST),
    "a draft of a change": lambda browser: straight(browser, f"{ACTIONS}/7/draft", **LEAST),
}


@pytest.mark.parametrize("ask", WHOLE_FORM.values(), ids=WHOLE_FORM)
def test_the_whole_form_is_not_a_contributors(team: Rig, ask: Callable[[Browser], Page]) -> None:
    browser = team.hired("cora", "contributor")
    page = ask(browser)
    assert state_of(page) == REFUSED
    assert "You must be an editor to do this. You are signed in as Cora, a contributor." in page.text
    assert (team.rows, team.buddy.writes) == ([], 0)


def test_a_role_that_changes_while_the_form_is_open_is_judged_at_the_send(team: Rig) -> None:
    browser = team.hired("cora")
    form = browser.get(NEW)
    become(team, "cora", "contributor")
    assert state_of(form.send(**LEAST)) == REFUSED
    become(team, "cora", "editor")
    assert form.send(**LEAST).heading == "“Run tests” was added"


def test_what_was_not_sent_with_the_whole_form_is_not_sent_again_by_a_contributor(team: Rig) -> None:
    browser = team.hired("cora")
    form = browser.get(NEW)
    team.clock.forward(minutes=11)
    team.buddy.readable = False
    receipt = form.send(**LEAST)
    assert (receipt.heading, team.states) == ("“Run tests” was not sent", ["not_sent"])
    become(team, "cora", "contributor")
    team.buddy.readable = True
    assert f"{receipt.path}/attempts" not in [form.get("action") for form in browser.get(receipt.path).all("form")]
    assert state_of(straight(browser, f"{receipt.path}/attempts")) == REFUSED
    assert (team.states, team.buddy.writes) == (["not_sent"], 0)


BUTTONS = ("attempts", "both", "looks", "ruling", "dismissal", "delete")


@pytest.mark.parametrize("button", BUTTONS)
def test_the_buttons_on_somebody_elses_receipt_are_refused_however_they_are_pressed(team: Rig, button: str) -> None:
    team.buddy.write_fault = faults.read_then_close
    receipt = team.hired("ed").get(NEW).send(**LEAST)
    before, reads = team.record, len(team.buddy.reads)
    browser = team.hired("cora", "contributor")
    fields = {"ruling": "none", "sure": "yes", "version": "1"}
    assert straight(browser, f"{receipt.path}/{button}", **fields).status in (403, 404)
    offered = [form.get("action") or "" for form in browser.get(receipt.path).all("form")]
    assert [address for address in offered if address.startswith("/submissions")] == []
    assert (team.states, team.buddy.writes, len(team.buddy.reads)) == (["unknown"], 1, reads)
    assert [each for each in team.record[len(before) :] if each[0] in ("ruled", "both", "dismissed", "sent")] == []


def test_of_their_own_submissions_contributors_look_and_say_what_they_found(team: Rig) -> None:
    team.buddy.creates, team.buddy.write_fault = False, faults.read_then_close
    browser = team.hired("cora")
    receipt = browser.get(NEW).send(**LEAST)
    become(team, "cora", "contributor")
    looked = browser.get(receipt.path).send_to(f"{receipt.path}/looks")
    assert "Last look" in looked.text
    team.settle()
    assert team.states == ["absent"]
    home = browser.get("/")
    home.send_to(f"{receipt.path}/dismissal")
    assert ("Cora", "dismissed", None) in team.deeds
    assert "What needs your attention" not in browser.get("/").text


def test_a_contributor_sees_and_discards_own_drafts_and_no_others(team: Rig) -> None:
    cora, ed = team.hired("cora"), team.hired("ed")
    cora.get(NEW).press("check", **LEAST | {"name": "Hers"})
    ed.get(NEW).press("check", **LEAST | {"name": "His"})
    hers, his = team.rows
    become(team, "cora", "contributor")
    drafts = cora.get("/drafts")
    assert ("Hers" in drafts.text, "His" in drafts.text) == (True, False)
    assert "Continue “Hers”" in cora.get("/").links
    assert straight(cora, f"/submissions/{his.id}/delete", sure="yes", version="9").status == 404
    straight(cora, "/drafts/discard", draft=f"{his.id}.9", sure="yes")
    assert [row.name for row in team.rows] == ["Hers", "His"]
    whole = cora.get(f"/submissions/{hers.id}")
    assert state_of(whole) == REFUSED
    assert "Your draft is kept." in whole.text
    straight(cora, f"/submissions/{hers.id}/delete", sure="yes", version=str(hers.version))
    assert [row.name for row in team.rows] == ["His"]


def test_what_a_contributor_typed_is_kept_when_the_session_ends(team: Rig) -> None:
    browser = team.hired("cora")
    form = browser.get(NEW)
    become(team, "cora", "contributor")
    team.clock.forward(minutes=31)
    assert form.send(**LEAST).heading == "Sign in"
    assert (team.states, team.buddy.writes) == (["draft"], 0)
    assert sign_in(browser, "cora").status == 200
    assert "Continue “Run tests”" in browser.get("/").links


def test_an_administrator_makes_somebody_a_contributor(team: Rig) -> None:
    boss = team.hired("boss", "administrator")
    page = boss.get("/people").send_to("/people", name="Cora", login="cora", role="contributor")
    assert page.status == 200
    assert "Contributor" in boss.get("/people").text
    assert ("Boss", "invited", "contributor") in team.deeds


def test_one_may_be_the_contributor_on_the_sandbox(browser: Browser) -> None:
    page = browser.get("/account").send_to("/account/role", role="contributor")
    assert "You are Demo contributor, contributor." in page.text


def test_what_came_of_a_template_is_taken_back_like_anything_else(team: Rig) -> None:
    secrets = {"template:password": "canary", "template:variable:DB_PASSWORD": "canary"}
    id = team.parts.library.make(REPORT, secrets, SLIPWAY)
    browser = team.hired("cora", "contributor")
    receipt = browser.get(f"{NEW}?template={id}").send(answers__country="pl", answers__since="2026-03-01")
    assert receipt.heading == "“Report Poland” was added"
    question = browser.get(receipt.links["Delete it"])
    assert question.send_to(question.path).heading == "“Report Poland” was deleted"
    assert team.buddy.added == []


@pytest.mark.parametrize("login", ["cora", "ed"])
def test_a_role_that_changes_while_the_question_is_open_is_judged_at_the_deletion(team: Rig, login: str) -> None:
    receipt = added(team)
    become(team, "cora", "contributor")
    asking = receipt.browser if login == "cora" else team.hired("ed")
    question = asking.get(f"{ACTIONS}/{team.row.action_id}/delete")
    assert question.status == 200
    become(team, login, "viewer" if login == "cora" else "contributor")
    assert state_of(question.send_to(question.path)) == REFUSED
    assert (team.states, len(team.buddy.added), team.buddy.writes) == (["created"], 1, 1)


def test_a_contributor_is_told_to_choose_and_to_answer_and_an_editor_to_fill_in_the_form(team: Rig) -> None:
    steps = {
        role: [text_of(step) for step in team.hired(role, role).get("/").all("b")][-3:]
        for role in ("contributor", "editor")
    }
    assert steps == {
        "contributor": ["Choose what to add", "Choose the pipeline", "Answer the questions, press “Add”"],
        "editor": ["Choose the pipeline", "Fill in the form", "Press “Add”"],
    }
    assert "Fill in" not in team.hired("cleo", "contributor").get("/").text
