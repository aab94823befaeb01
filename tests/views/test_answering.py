"""Using a template: three questions in place of a form, and a request that differs from the prepared one by them."""

import csv
import io
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from flask import Flask
from support.pages import Browser, log_lines
from support.prepared import REPORT
from support.rigs import LEAST, NEW, Rig
from support.templates import ACTIONS, ANSWERS, REPORTED, SECRETS, make_template, open_template

from webapp.prepared.areas import Area
from webapp.store.events import SLIPWAY


@pytest.fixture
def team(team: Rig) -> Rig:
    """A team before a Buddy that does what it is asked."""
    team.buddy.answer = None
    return team


def test_a_contributor_answers_three_questions_and_the_rest_is_as_prepared(team: Rig) -> None:
    form = open_template(team.hired("cora", "contributor"), make_template(team))
    assert form.heading == "Nightly report"
    assert "Counts the orders of one country" in form.text
    receipt = form.send(**ANSWERS)
    assert receipt.heading == "“Report Poland” was added"
    assert team.buddy.bodies == [REPORTED]


def test_the_first_page_leads_to_the_form_of_a_template_by_its_places_alone(app: Flask, browser: Browser) -> None:
    library = app.extensions["slipway"].library
    areas = (Area("buddy", "company-website", 2), Area("buddy", "company-website", 3))
    library.make(replace(REPORT, areas=areas), SECRETS, SLIPWAY)
    library.make(replace(REPORT, name="One place", areas=areas[:1]), SECRETS, SLIPWAY)
    browser.get("/account").send_to("/account/role", role="contributor")
    browser.get(f"{NEW.partition('/pipelines')[0]}/pipelines")
    home = browser.get("/")
    assert "What would you like to add?" in home.text
    places = browser.get(home.links["Nightly report"])
    assert "Choose the pipeline for “Nightly report”." in places.text
    forms = [link for link in places.links.values() if "/actions/new" in link]
    assert [link.partition("pipelines/")[2][:1] for link in forms] == ["2", "3"]
    assert browser.get(forms[0]).heading == "Nightly report"
    assert browser.get(home.links["One place"]).path == home.links["One place"]
    assert browser.get(home.links["One place"]).heading == "One place"


def test_receipt_activity_and_record_name_the_template_and_its_version(team: Rig) -> None:
    browser = team.hired("cora", "contributor")
    receipt = open_template(browser, make_template(team)).send(**ANSWERS)
    assert "Template Nightly report, version 1" in receipt.text
    assert "New action from Nightly report, version 1" in log_lines(browser.get("/submissions"))[0]
    record = team.hired("boss", "administrator").get("/record")
    assert any("New action from Nightly report, version 1" in line for line in log_lines(record))
    again = browser.get(receipt.links["Add another from this template"])
    assert {name: again.fields[name] for name in ANSWERS} == ANSWERS
    assert "Make one like it with the whole form" not in receipt.links


def test_an_editor_goes_on_with_the_whole_form_without_the_templates_secrets(team: Rig) -> None:
    editor = team.hired("ed")
    form = open_template(editor, make_template(team))
    assert form.links["Use the whole form instead"] == NEW
    receipt = form.send(**ANSWERS)
    whole = editor.get(receipt.links["Make one like it with the whole form"])
    assert (whole.fields["name"], whole.fields["docker_image_name"]) == ("Report Poland", "team/report")
    assert "Not copied: The password for the registry: passwords are never copied." in whole.text
    refused = whole.send()
    assert (refused.status, team.buddy.writes) == (422, 1)


def test_the_first_page_offers_what_may_be_used_and_no_more(team: Rig) -> None:
    cora, vic = team.hired("cora", "contributor"), team.hired("vic", "viewer")
    assert "There is no template that you can add from yet." in cora.get("/").text
    id = make_template(team)
    assert "Nightly report" in cora.get("/").links
    assert "Nightly report" not in vic.get("/").links
    assert open_template(vic, id).status == 403
    found = team.parts.library.find(id)
    assert found is not None
    team.parts.library.retire(found, SLIPWAY)
    assert "Nightly report" not in cora.get("/").links
    assert open_template(cora, id).heading == "The template “Nightly report” was retired: nobody can use it any more"
    page = cora.get(f"/find?template={id}")
    assert "The template “Nightly report” was retired: nobody can use it any more." in page.text
    assert not [address for address in page.links.values() if "template=" in address]
    for number in range(13):
        make_template(team, replace(REPORT, name=f"Report {number:02}"))
    home = cora.get("/").links
    assert ("Report 11" in home, "Report 12" in home) == (True, False)
    assert "Report 12" in cora.get(home["All templates"]).text


def test_a_pipelines_page_offers_what_may_be_used_there(team: Rig) -> None:
    cora, vic, ed = team.hired("cora", "contributor"), team.hired("vic", "viewer"), team.hired("ed")
    assert "No template may be used in this pipeline." in cora.get(ACTIONS).text
    id = make_template(team)
    make_template(team, replace(REPORT, name="Elsewhere", areas=(Area("buddy", "other"),)))
    page = cora.get(ACTIONS)
    assert "What would you like to add?" in page.text and "Elsewhere" not in page.text
    assert page.links["Nightly report"] == f"{NEW}?template={id}"
    assert cora.get(page.links["Nightly report"]).send(**ANSWERS).heading == "“Report Poland” was added"
    assert ed.get(ACTIONS).links["Nightly report"] == f"{NEW}?template={id}"
    assert "Nightly report" not in vic.get(ACTIONS).links
    found = team.parts.library.find(id)
    assert found is not None
    team.parts.library.retire(found, SLIPWAY)
    assert "Nightly report" not in cora.get(ACTIONS).links


def test_the_file_of_the_activity_has_the_template_and_its_version(team: Rig) -> None:
    browser = team.hired("cora", "contributor")
    id = make_template(team)
    open_template(browser, id).send(**ANSWERS)
    found = team.parts.library.find(id)
    assert found is not None
    team.parts.library.change(found, replace(REPORT, name="Country report"), SECRETS, SLIPWAY)
    open_template(browser, id).send(**ANSWERS | {"answers-country": "de"})
    team.hired("ed").get(NEW).send(**LEAST)
    answer = browser.client.get("/submissions.csv", base_url=browser.url)
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True), newline="")))
    told = [(row["action"], row["template"], row["version of the template"]) for row in rows]
    assert told == [
        ("Run tests", "", ""),
        ("Report Germany", "Country report", "2"),
        ("Report Poland", "Nightly report", "1"),
    ]


def test_the_review_begins_with_the_answers_in_words(team: Rig) -> None:
    browser = team.hired("cora", "contributor")
    review = open_template(browser, make_template(team)).press("preview", **ANSWERS)
    told = review.text
    asked = told.index("Your answers")
    assert 'Country Poland First day 1 March 2026 Note It\'s "me"' in told
    assert asked < told.index("What will be sent") < told.index("team/report")
    assert review.send().heading == "“Report Poland” was added"


def test_the_search_finds_templates_by_their_names_and_their_sentences(team: Rig) -> None:
    id = make_template(team)
    make_template(team, replace(REPORT, name="Backup", purpose="Copies a database."))
    cora = team.hired("cora", "contributor")
    for words in ("nightly", "REPORT finance", "counts orders"):
        page = cora.get(f"/find?q={words}")
        assert "Nightly report Counts the orders" in page.text and "Backup" not in page.text, words
        assert "Not found" not in page.text
        assert id in page.links["Nightly report"]
    assert "Not found among the pipelines and templates" in cora.get("/find?q=nothing-like-it").text
    # Who may use none is led to none, and who chooses a place has chosen already.
    assert "Counts the orders" not in team.hired("vera", "viewer").get("/find?q=nightly").text
    assert "Backup" not in cora.get(f"/find?q=backup&template={id}").text


def test_the_link_to_hand_on_stands_wherever_its_maker_sees_the_template(team: Rig) -> None:
    id = make_template(team)
    make_template(team, replace(REPORT, name="Backup"))
    boss = team.hired("boss", "administrator")
    page, listed = boss.get(f"/templates/{id}"), boss.get("/templates")
    link = page.code("the link to this template")
    assert link == listed.code("the link to “Nightly report”") == f"{team.parts.settings.url}{page.links['Use it']}"
    assert link != listed.code("the link to “Backup”")
    cora = team.hired("cora", "contributor")
    assert "Link to share" not in cora.get("/templates").text + cora.get(f"/templates/{id}").text


def test_an_editor_sees_what_may_be_added_from_templates_plainly_beside_the_whole_form(team: Rig) -> None:
    make_template(team)
    page = team.hired("ed").get(ACTIONS)
    assert not list(page.all("details"))
    assert "Add from a template N Nightly report" in page.text
    assert page.browser.get(page.links["Nightly report"]).heading == "Nightly report"


def test_a_review_in_which_nothing_was_answered_makes_no_draft(team: Rig) -> None:
    browser, id = team.hired("cora", "contributor"), make_template(team)
    receipt = open_template(browser, id).send(**ANSWERS)
    ways = [f"{NEW}?template={id}&{urlencode(ANSWERS)}"]
    ways += [receipt.links[name] for name in ("Add another from this template", "change the answers")]
    for way in ways:
        for button in ("preview", "check"):
            assert browser.get(way).press(button).status == 200
        assert team.states == ["created"], way
        review = browser.get(way).press("preview", **{"answers-country": "de"})
        assert review.heading == "Review “Report Germany”"
        assert team.states == ["created", "draft"], way
        # Taken back, it is as it was opened.
        assert review.press("back", **ANSWERS).status == 200
        assert team.states == ["created"], way


def test_answers_of_a_link_that_are_sent_after_others_of_the_same_form_are_asked_about(team: Rig) -> None:
    form = open_template(team.hired("cora", "contributor"), make_template(team), f"&{urlencode(ANSWERS)}")
    receipt = form.send(**{"answers-country": "de"})
    asked = form.send()
    assert (asked.status, asked.fields["answers-country"], team.buddy.writes) == (409, "pl", 1)
    assert asked.links["see what happened to it"] == receipt.path
    assert (asked.send().heading, team.buddy.writes) == ("“Report Poland” was added", 2)


def test_answers_of_a_link_are_not_sent_over_a_draft_of_another_page(team: Rig) -> None:
    cora = team.hired("cora", "contributor")
    form = open_template(cora, make_template(team), f"&{urlencode(ANSWERS)}")
    form.press("check", **{"answers-country": "de"})
    cora.get(f"/submissions/{team.row.id}").press("check", **{"answers-note": "newer"})
    asked = form.send()
    assert (asked.status, asked.fields["answers-country"], team.buddy.writes) == (409, "pl", 0)
    assert ("Both are kept, each as a draft of its own." in asked.text, team.states) == (True, ["draft", "draft"])
    assert (asked.send().heading, team.buddy.writes) == ("“Report Poland” was added", 1)
    assert sorted(team.states) == ["created", "draft"]
