"""Changing the answers of what was added from a template: within ten minutes, and nothing but the answers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from socket import socket

import pytest
from support import faults
from support.buddy import StubBuddy
from support.faults import FaultyServer
from support.pages import Browser, Page, log_lines, text_of
from support.prepared import COUNTRY, REPORT
from support.rigs import Rig
from support.templates import ACTIONS, ANSWERS, REPORTED, make_template, open_template

from webapp.prepared.boxes import Asked, Fixed
from webapp.prepared.questions import Question
from webapp.prepared.templates import PreparedVariable
from webapp.store.events import SLIPWAY

RUN = Fixed('report "$COUNTRY" "$SINCE" "$NOTE" "$KEY"')
# As the whole form has what came of the answers.
BOXES = {
    "name": "Report Poland",
    "docker_image_name": "team/report",
    "registry": "registry.example.com",
    "timeout": "600",
    "variables-0-value": "pl",
    "volume_mappings-0-source": "/",
}


@pytest.fixture
def team(team: Rig) -> Rig:
    """A team before a Buddy that does what it is asked."""
    team.buddy.answer = None
    return team


def added(team: Rig, browser: Browser) -> Page:
    """The receipt of what was added a moment ago."""
    receipt = open_template(browser, make_template(team)).send(**ANSWERS)
    assert receipt.heading == "“Report Poland” was added"
    return receipt


def form_of(receipt: Page) -> Page:
    return receipt.browser.get(receipt.links["change the answers"])


def test_other_answers_are_all_that_changes(team: Rig) -> None:
    receipt = added(team, team.hired("cora", "contributor"))
    form = form_of(receipt)
    assert form.heading == "Change the answers of “Report Poland”"
    assert {name: form.fields[name] for name in ANSWERS} == ANSWERS
    review = form.press("preview", **{"answers-country": "de"})
    assert "canary" not in review.html
    changed = review.send()
    assert changed.heading == "“Report Germany” was changed"
    sent = team.buddy.bodies[-1]
    germany = [{**each, "value": "de"} if each["key"] == "COUNTRY" else each for each in REPORTED["variables"]]
    assert sent["name"] == "Report Germany"
    # Buddy takes all variables together, and asks for the type and the image with every change.
    assert [
        {name: each[name] for name in wanted} for each, wanted in zip(sent["variables"], germany, strict=True)
    ] == germany
    assert set(sent) <= {"name", "type", "docker_image_name", "docker_image_tag", "variables", "password"}
    assert (team.rows[-1].template, team.rows[-1].template_version) == (team.rows[0].template, 1)
    assert "Template Nightly report, version 1" in changed.text
    (line, *_) = log_lines(changed.browser.get("/submissions"))
    assert "Change: Name of the action, Country, from Nightly report, version 1" in line


def test_after_ten_minutes_it_is_an_editors_business(team: Rig) -> None:
    receipt = added(team, team.hired("cora", "contributor"))
    form = form_of(receipt)
    team.clock.forward(minutes=10)
    late = form.send(**{"answers-country": "de"})
    assert (late.status, team.buddy.writes) == (403, 1)
    assert "for 10 minutes after adding it" in late.text
    assert "change the answers" not in receipt.browser.get(receipt.path).links


def test_what_is_not_theirs_is_not_changed_by_a_template(team: Rig) -> None:
    receipt = added(team, team.hired("cora", "contributor"))
    path = receipt.links["change the answers"]
    stranger = team.hired("carl", "contributor")
    assert stranger.get(path).status == 403
    form = form_of(receipt)
    token = open_template(stranger, team.row.template or "").fields["csrf_token"]
    for address in (path.replace("/edit", ""), path, path.replace("/edit", "/draft")):
        assert stranger.post(address, form.fields | {"csrf_token": token}).status == 403
    # And the whole form of their own action is not theirs.
    whole = path.partition("?")[0]
    assert receipt.browser.get(whole).status == 403
    fields = form.fields | {"docker_image_tag": "evil"}
    assert receipt.browser.post(whole.removesuffix("/edit"), fields).status == 403
    assert receipt.browser.post(path.replace("/edit", ""), fields).status == 422
    assert team.buddy.writes == 1


def test_what_somebody_else_has_changed_is_never_written_over(team: Rig) -> None:
    receipt = added(team, team.hired("cora", "contributor"))
    form = form_of(receipt)
    team.buddy.added[0]["timeout"] = 60
    page = form.send(**{"answers-country": "de"})
    assert (page.status, team.buddy.writes) == (409, 1)
    assert "Somebody else has changed this action since: Time limit" in page.text
    assert page.fields["answers-country"] == "de"
    assert receipt.browser.get(receipt.links["change the answers"]).status == 409


def test_the_same_answers_are_not_sent_and_later_ones_build_on_the_last(team: Rig) -> None:
    receipt = added(team, team.hired("cora", "contributor"))
    assert "These are the answers that it has." in form_of(receipt).send().text
    changed = form_of(receipt).send(**{"answers-country": "de"})
    again = receipt.browser.get(changed.links["Change the answers again"])
    assert again.fields["answers-country"] == "de"
    assert again.send(**{"answers-note": "Hi"}).heading == "“Report Germany” was changed"
    assert team.buddy.writes == 3


def test_a_form_of_answers_that_was_sent_is_sent_once_and_says_what_was_typed_since(team: Rig) -> None:
    form = form_of(added(team, team.hired("cora", "contributor")))
    first, again = (form.send(**{"answers-country": "de"}) for _ in range(2))
    assert (first.path, team.buddy.writes) == (again.path, 2)
    # The very answers that the action had before.
    edited = form.send(**{"answers-country": "pl"})
    assert (edited.status, edited.fields["answers-country"], team.buddy.writes) == (409, "pl", 2)
    assert "What you typed since is below and has not been sent." in edited.text
    assert "second action" not in edited.text
    assert edited.links["see what happened to it"] == first.path
    warned = edited.send()
    assert "its answers are now Country “Germany”" in warned.text
    assert (warned.send().heading, team.buddy.writes) == ("“Report Poland” was changed", 3)


@pytest.mark.parametrize("gone", [False, True], ids=["Buddy is away", "the action is gone"])
def test_answers_are_kept_while_the_action_can_not_be_read(team: Rig, gone: bool) -> None:
    form = form_of(added(team, team.hired("cora", "contributor")))
    id = team.row.action_id
    assert id is not None
    if gone:
        team.buddy.amend(id, None)
    team.buddy.readable = gone
    back = form.send(**{"answers-country": "de", "answers-note": "typed"})
    assert (back.status, back.fields["answers-country"], back.fields["answers-note"]) == (503, "de", "typed")
    assert "Nothing has been sent, and your answers are below." in back.text
    assert (team.states, team.buddy.writes) == (["created", "draft"], 1)
    team.buddy.readable = True
    if not gone:
        assert back.send().heading == "“Report Germany” was changed"


def test_answers_are_not_sent_beside_another_change_of_the_action(team: Rig) -> None:
    receipt = added(team, team.hired("cora", "contributor"))
    form, edit = form_of(receipt), team.hired("ada").get(f"{ACTIONS}/{team.row.action_id}/edit")
    refused = []

    def meanwhile(connection: socket, server: FaultyServer) -> None:
        refused.append(form.send(**{"answers-country": "de"}))
        StubBuddy.answers(connection, server)

    team.buddy.write_fault = meanwhile
    edit.send(timeout="60")
    (page,) = refused
    assert (page.status, page.fields["answers-country"], team.buddy.writes) == (409, "de", 2)
    assert "Something else is being done to this action at this moment." in page.text


def test_what_a_template_leaves_out_stays_as_somebody_else_has_set_it(team: Rig) -> None:
    receipt = added(team, team.hired("cora", "contributor"))
    team.buddy.added[0] |= {"retry_count": 3, "retry_interval": 20}
    assert form_of(receipt).send(**{"answers-country": "de"}).heading == "“Report Germany” was changed"
    assert not {"retry_count", "retry_interval"} & set(team.buddy.bodies[-1])


def test_answers_of_a_form_that_was_opened_before_others_were_sent_are_told_of_those(team: Rig) -> None:
    receipt = added(team, team.hired("cora", "contributor"))
    form = form_of(receipt).press("check", **{"answers-note": "Mine"})
    editor = team.hired("ed")
    assert editor.get(receipt.links["change the answers"]).send(**{"answers-country": "de"}).status == 200
    team.clock.forward(seconds=1)
    told = form.send()
    assert (told.status, team.buddy.writes) == (409, 2)
    assert "This action was changed since this form was opened: its answers are now Country “Germany”" in told.text
    assert (told.fields["answers-country"], told.fields["answers-note"]) == ("pl", "Mine")
    assert told.send(**{"answers-country": "de"}).heading == "“Report Germany” was changed"
    # What was opened first and sent last is what it has.
    again = form_of(receipt)
    assert (again.fields["answers-country"], again.fields["answers-note"]) == ("de", "Mine")


def test_a_template_that_was_changed_since_is_told(team: Rig) -> None:
    receipt = added(team, team.hired("cora", "contributor"))
    form = form_of(receipt)
    found = team.parts.library.find(team.row.template or "")
    assert found is not None
    team.parts.library.retire(found, SLIPWAY)
    page = form.send(**{"answers-country": "de"})
    assert (page.status, team.buddy.writes) == (409, 1)
    assert "was retired" in page.text


def test_an_editor_puts_other_answers_back_and_nothing_else(team: Rig) -> None:
    receipt = added(team, team.hired("cora", "contributor"))
    changed = form_of(receipt).send(**{"answers-country": "de"})
    editor = team.hired("ed")
    back = editor.get(editor.get(changed.path).links["Put it back as it was"])
    assert {name: back.fields[name] for name in BOXES} == BOXES
    sent = back.send(**{"variables-3-value": "canary-of-the-database"})
    assert sent.heading == "“Report Poland” was changed"
    assert [each["value"] for each in team.buddy.bodies[-1]["variables"]][:1] == ["pl"]
    assert set(team.buddy.bodies[-1]) == {"name", "type", "docker_image_name", "docker_image_tag", "variables"}


def test_an_editor_opens_answers_that_were_lost_on_the_whole_form(team: Rig) -> None:
    receipt = added(team, team.hired("cora", "contributor"))
    form = form_of(receipt)
    team.buddy.creates, team.buddy.write_fault = False, faults.read_then_close
    lost = form.send(**{"answers-country": "de"})
    team.settle()
    editor = team.hired("ed")
    page = editor.get(editor.get(lost.path).links["Open the form again"])
    assert {name: page.fields[name] for name in BOXES} == BOXES | {"name": "Report Germany", "variables-0-value": "de"}


def pressed_again(form: Page) -> Page:
    """The form once more, which says that the template was changed; it is that of the newer version."""
    return form.send(**{"answers-country": "de"})


def not_recognised(form: Page) -> Page:
    """The form once more, with a new signed value."""
    path = form.path.replace("/edit", "")
    return form.browser.post(path, form.fields | {"answers-country": "de", "envelope": "old"})


def reviewed(form: Page) -> Page:
    return form.press("preview", **{"answers-country": "de"})


@pytest.mark.parametrize("way", [pressed_again, not_recognised, reviewed])
def test_other_answers_never_bring_a_newer_version_to_an_action(team: Rig, way: Callable[[Page], Page]) -> None:
    receipt = added(team, team.hired("cora", "contributor"))
    form = form_of(receipt)
    found = team.parts.library.find(team.row.template or "")
    assert found is not None
    newer = replace(REPORT, boxes={**REPORT.boxes, "timeout": Fixed("60")})
    team.parts.library.change(found, newer, {}, SLIPWAY)
    page = way(form).send()
    assert (page.status, team.buddy.writes) == (409, 1)
    assert "was changed since this action was added" in page.text
    assert page.fields["answers-country"] == "de"
    assert "add another one" in receipt.browser.get(receipt.links["change the answers"]).text
    assert form.press("preview").status == 409


def test_what_was_made_has_a_row_for_each_action_and_compares_with_what_was_sent_last(team: Rig) -> None:
    receipt = added(team, team.hired("cora", "contributor"))
    team.clock.forward(seconds=1)
    assert form_of(receipt).send(**{"answers-country": "de"}).heading == "“Report Germany” was changed"
    editor = team.hired("ed")
    page = editor.get(f"/templates/{team.rows[0].template}")
    (line,) = (each for each in log_lines(page) if "Report Germany" in each)
    assert "Report Germany added as Report Poland" in line
    assert "version 1, answers changed by Cora" in line
    assert line.endswith("Changed")
    assert "State Added Changed" in receipt.browser.get(receipt.path).text
    team.buddy.added[0] |= team.buddy.bodies[-1]
    address = page.links["Look which are no longer as they were sent"]
    assert "As it was sent" in editor.get(address).text
    team.buddy.added[0]["timeout"] = 60
    assert "Differs in: Time limit" in editor.get(address).text


def test_secrets_that_the_template_fills_in_are_not_said_to_be_typed(team: Rig) -> None:
    receipt = added(team, team.hired("cora", "contributor"))
    review = form_of(receipt).press("preview", **{"answers-country": "de"})
    changed = review.send()
    for page in (review, changed, receipt.browser.get(receipt.path)):
        assert "ntered again" not in page.text
    assert "Country Poland Germany" in changed.text


def test_a_receipt_offers_other_answers_only_where_they_can_be_sent(team: Rig) -> None:
    receipt = added(team, team.hired("cora", "contributor"))
    path = receipt.links["change the answers"]
    found = team.parts.library.find(team.row.template or "")
    assert found is not None
    team.parts.library.change(found, replace(REPORT, purpose="Other"), {}, SLIPWAY)
    assert "change the answers" not in receipt.browser.get(receipt.path).links
    newer = team.parts.library.find(found.id)
    assert newer is not None
    team.parts.library.retire(newer, SLIPWAY)
    assert "change the answers" not in receipt.browser.get(receipt.path).links
    assert "Delete" not in receipt.browser.get(path).text


def test_the_form_of_a_template_that_is_retired_has_no_buttons_that_lead_on(team: Rig) -> None:
    form = open_template(team.hired("cora", "contributor"), make_template(team))
    found = team.parts.library.all()[0]
    team.parts.library.retire(found, SLIPWAY)
    page = form.send(**ANSWERS)
    assert "was retired" in page.text
    for button in ("Review", "Check without sending", "Show a link to this form"):
        assert button not in page.text


def test_a_link_that_is_refused_leaves_no_draft(team: Rig) -> None:
    browser = team.hired("cora", "contributor")
    id = make_template(team)
    for query in ("&answers-country=pl&timeout=9", "&answers-country=xx"):
        assert open_template(browser, id, query).status == 422
    assert team.rows == []


def until(team: Rig) -> str:
    """The time at which what was added a moment ago is no longer its person's own."""
    return f"{(team.clock() + timedelta(minutes=10)):%H:%M} UTC"


def test_the_page_of_ones_own_action_and_its_row_offer_what_the_receipt_does_and_say_until_when(team: Rig) -> None:
    receipt = added(team, team.hired("cora", "contributor"))
    when = until(team)
    assert f"Added by mistake? Delete it, or change the answers, until {when}." in receipt.text
    ways = {receipt.links["Delete it"], receipt.links["change the answers"]}
    page = receipt.browser.get(receipt.links["Look at the action"])
    assert f"You added it a moment ago: Delete it, or change the answers, until {when}." in page.text
    assert ways == {page.links["Delete it"], page.links["change the answers"]}
    pipeline = page.path.rpartition("/")[0]
    listed = receipt.browser.get(pipeline)
    assert f"until {when}" in listed.text
    assert ways == {listed.links["Delete “Report Poland”"], listed.links["Change the answers of “Report Poland”"]}
    for other in (team.hired("carl", "contributor"), team.hired("vera", "viewer")):
        for address in (page.path, pipeline):
            seen = other.get(address)
            assert "until" not in seen.text and not ways & set(seen.links.values())
    team.clock.forward(minutes=10)
    for address in (page.path, pipeline):
        seen = receipt.browser.get(address)
        assert "until" not in seen.text and not ways & set(seen.links.values())


def test_the_receipt_of_a_change_offers_to_delete_too(team: Rig) -> None:
    receipt = added(team, team.hired("cora", "contributor"))
    when = until(team)
    changed = form_of(receipt).send(**{"answers-country": "de"})
    assert f"Change the answers again, or delete the action, until {when}." in changed.text
    gone = changed.browser.get(changed.links["delete the action"])
    assert gone.send_to(gone.path).heading == "“Report Germany” was deleted"


def test_receipts_and_the_review_of_a_change_tell_the_words_that_were_chosen(team: Rig) -> None:
    receipt = added(team, team.hired("cora", "contributor"))
    answers = (
        'Your answers Country Poland First day 1 March 2026 Note It\'s "me" When it runs Every time the pipeline runs'
    )
    assert answers in receipt.text
    # All else is folded, below what its person wants to see.
    folded = [text_of(element) for element in receipt.all("summary")]
    assert folded[:2] == ["All that was added", "What was done, step by step"]
    assert receipt.text.index("Your answers") < receipt.text.index("All that was added")
    assert "The answers Country Poland" in team.hired("ed").get(receipt.path).text
    review = form_of(receipt).press("preview", **{"answers-country": "de", "answers-since": "2026-03-02"})
    changed = review.send()
    told = [["Name of the action", "Report Poland", "Report Germany"], ["Country", "Poland", "Germany"]]
    told += [["First day", "1 March 2026", "2 March 2026"]]
    assert review.table("What is changed")[1:] == told
    assert changed.table("What is changed")[1:] == told
    assert "Name of the action, Country, First day" in receipt.browser.get(receipt.path).text


def test_the_answer_to_a_secret_question_is_in_no_receipt(team: Rig) -> None:
    asked = PreparedVariable("KEY", Asked(Question("key", "Key of the shop")), encrypted=True)
    template = replace(REPORT, variables=(*REPORT.variables, asked), boxes=REPORT.boxes | {"inline_commands": RUN})
    form = open_template(team.hired("cora", "contributor"), make_template(team, template))
    receipt = form.send(**ANSWERS, **{"answers-key": "canary-of-the-shop"})
    assert "Key of the shop not shown" in receipt.text
    assert "canary" not in receipt.html
    changed = form_of(receipt).send(**{"answers-country": "de", "answers-key": "canary-two"})
    assert "Entered again: Key of the shop" in changed.text
    assert "canary" not in changed.html


def test_a_question_ends_its_sentence_and_what_was_done_is_folded_on_the_receipt_of_a_change(team: Rig) -> None:
    asked = PreparedVariable("COUNTRY", Asked(replace(COUNTRY, label="Which country?")))
    template = replace(REPORT, variables=(asked, *REPORT.variables[1:]))
    receipt = open_template(team.hired("cora", "contributor"), make_template(team, template)).send(**ANSWERS)
    changed = form_of(receipt).send(**{"answers-country": "de"})
    assert "Live mirror: Name of the action, Which country? Try it" in changed.text
    assert "What was done, step by step" in [text_of(element) for element in changed.all("summary")]
