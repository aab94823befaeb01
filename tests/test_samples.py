"""The templates with which a sandbox begins."""

import pytest
from flask import Flask
from support.pages import Browser

from webapp.prepared.judging import problems
from webapp.prepared.templates import Template
from webapp.samples import SAMPLES, make_samples

ANSWERS = {
    "Nightly report": {"answers-country": "Spain", "answers-since": "2026-03-01", "answers-mail": "true"},
    "Database backup": {"answers-database": "orders"},
    "Tests of a website": {"answers-node": "24"},
}
ADDED = {"Nightly report": "Report Spain", "Database backup": "Backup of Orders", "Tests of a website": "Run tests"}
PIPELINE = "/workspaces/buddy/projects/company-website/pipelines/2"


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_each_is_one_that_an_administrator_could_make(sample: Template) -> None:
    assert problems(sample) == ()


def test_a_contributor_adds_from_each_of_them(app: Flask, browser: Browser) -> None:
    library = app.extensions["slipway"].library
    make_samples(library)
    browser.get("/account").send_to("/account/role", role="contributor")
    assert [each.template.name for each in library.all()] == sorted(ANSWERS)
    for each in library.all():
        name = each.template.name
        form = browser.get(f"{PIPELINE}/actions/new?template={each.id}")
        assert form.heading == name
        assert form.send(**ANSWERS[name]).heading == f"“{ADDED[name]}” was added in the sandbox"


def test_they_are_made_once(app: Flask) -> None:
    library = app.extensions["slipway"].library
    make_samples(library)
    first = [each.id for each in library.all()]
    make_samples(library)
    assert [each.id for each in library.all()] == first
