"""Using a template: three questions in place of a form, and a request that differs from the prepared one by them."""

from dataclasses import replace

import pytest
from flask import Flask
from support.pages import Browser
from support.prepared import REPORT
from support.rigs import NEW, Rig
from support.templates import ANSWERS, REPORTED, SECRETS, make_template, open_template

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
    assert receipt.heading == "“Report pl” was added"
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
