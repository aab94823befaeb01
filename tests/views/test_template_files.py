"""A template as a file: saved without its secrets, taken in again after a look at what it changes."""

from dataclasses import replace

import pytest
from flask import Flask
from support.making import made
from support.pages import Browser, Page
from support.prepared import REPORT
from support.rigs import Rig

from webapp.prepared.areas import Area
from webapp.prepared.files import export
from webapp.prepared.templates import Template
from webapp.store.events import SLIPWAY

SECRETS = {"template:password": "canary-of-the-registry", "template:variable:DB_PASSWORD": "canary-of-the-database"}
BOMB = "a: &a [1,1]\nb: &b [*a,*a]\nc: [*b,*b]\n"


def take_in(browser: Browser, text: str, **more: str) -> Page:
    return browser.get("/templates").send_to("/templates/import", file=text, **more)


def templates(app: Flask) -> list[Template]:
    return [each.template for each in app.extensions["slipway"].library.all()]


@pytest.fixture
def team(team: Rig) -> Rig:
    """A team with a template that has secrets, and its administrator's browser."""
    team.parts.library.make(REPORT, SECRETS, SLIPWAY)
    return team


def test_a_template_is_saved_without_its_secrets_and_taken_in_as_the_same(team: Rig) -> None:
    browser = team.hired("ada", "administrator")
    (template,) = team.parts.library.all()
    page = browser.get(f"/templates/{template.id}")
    file = browser.client.get(page.links["Save it as a file"], base_url=browser.url)
    text = file.get_data(as_text=True)
    assert (file.mimetype, text) == ("application/yaml", export(REPORT))
    assert not [secret for secret in SECRETS.values() if secret in text]
    answer = take_in(browser, text)
    assert "the file changes nothing in it" in answer.text
    assert "Password kept, never shown" in answer.text and "Nobody can use it" not in answer.text
    new = answer.send_to("/templates/import", sure="new")
    assert "it lacks the password for the registry, the value of DB_PASSWORD" in new.text
    assert [each.template for each in team.parts.library.all()] == [REPORT, REPORT]


def test_a_file_with_the_name_of_a_template_makes_its_next_version_after_a_look(team: Rig) -> None:
    browser = team.hired("ada", "administrator")
    answer = take_in(browser, export(REPORT).replace("figures to finance", "figures to sales"))
    assert "the file makes version 2 of it" in answer.text
    assert "What it is for" in answer.text and "figures to sales" in answer.text
    (before,) = team.parts.library.all()
    assert before.version == 1
    page = answer.send_to("/templates/import", sure=f"{before.id}-1")
    assert "Version 2, by Ada" in page.text
    (after,) = team.parts.library.all()
    assert (after.version, after.missing) == (2, ())


def test_a_file_that_names_a_place_that_nobody_knows_says_so_before_anything_is_made(
    app: Flask, browser: Browser
) -> None:
    browser.get("/workspaces/buddy/projects?page=1")
    moved = replace(REPORT, areas=(Area("buddy", "mobile-api"), Area("buddy", "nowhere")))
    answer = take_in(browser, export(moved))
    assert "Slipway knows no such place as “buddy/nowhere”." in answer.text
    assert "Correct it in the file, or open it as a form" in answer.text
    assert "“buddy/mobile-api”" not in answer.text
    assert not app.extensions["slipway"].library.all()
    made = answer.send_to("/templates/import", sure="new")
    assert made.heading == "Nightly report"
    again = take_in(browser, export(replace(moved, purpose="Counts.")))
    assert "Slipway knows no such place" not in again.text


def test_a_file_says_which_secrets_have_to_be_typed_after_it(team: Rig) -> None:
    browser = team.hired("ada", "administrator")
    told = (
        "Nobody can use it until you type its secrets, which are in no file: the password for the registry, the value"
    )
    other = take_in(browser, export(REPORT).replace("team/report", "team/other"))
    assert told in other.text and "Password to be typed" in other.text
    words = take_in(browser, export(REPORT).replace("figures to finance", "figures to sales"))
    assert told not in words.text and "Password kept, never shown" in words.text
    new = take_in(browser, export(replace(REPORT, name="Another")))
    assert told in new.text and "Variable DB_PASSWORD to be typed" in new.text


def test_who_was_overtaken_while_looking_at_a_file_looks_again(team: Rig) -> None:
    browser = team.hired("ada", "administrator")
    answer = take_in(browser, export(REPORT).replace("figures to finance", "figures to sales"))
    (before,) = team.parts.library.all()
    team.parts.library.change(before, Template("Nightly report", boxes=REPORT.boxes), {}, SLIPWAY)
    again = answer.send_to("/templates/import", sure=f"{before.id}-1")
    assert "the file makes version 3 of it" in again.text
    assert team.parts.library.all()[0].version == 2


def test_a_file_can_be_opened_as_a_form(app: Flask, browser: Browser) -> None:
    text = export(REPORT)
    form = take_in(browser, text).send_to("/templates/import", mend="yes")
    assert form.heading == "Make a template"
    assert form.fields["template_name"] == "Nightly report"
    answer = form.send()
    assert answer.errors == ["Enter the password for the registry", "DB_PASSWORD: enter the value"]
    done = answer.send(password="one", variables__3__value="two")
    assert done.errors == []
    assert templates(app) == [REPORT]


def test_what_the_page_makes_is_what_its_file_says(app: Flask, browser: Browser) -> None:
    page = made(browser)
    (template,) = templates(app)
    text = browser.client.get(f"{page.path}.yaml", base_url=browser.url).get_data(as_text=True)
    take_in(browser, text).send_to("/templates/import", sure="new")
    assert templates(app) == [template, template]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Enter the text of a template's file, or choose the file"),
        ("# nothing", "The file must have a template in it: it is empty"),
        ("just words", "The template must be a map of names and values"),
        (BOMB, "The file must have no & or * references: line 1 has one"),
        ("!!python/object/apply:os.system [ls]", "The file must have no ! tags: line 1 has one"),
        ("[" * 50, "The file must be at most 12 levels deep: line 1 is deeper"),
        ("a: b: c", "The file must be YAML on line 1: it can't be read there"),
        ("format: '99'", "The template must have 1 as “format”"),
        ("x" * 1_000_001, "“The file” must be at most 1,000,000 bytes long: this is 1,000,001"),
    ],
    ids=["nothing", "a comment", "words", "references", "tags", "deep", "no YAML", "newer", "long"],
)
def test_a_hostile_file_gets_a_message_and_stays_in_its_box(app: Flask, browser: Browser, text: str, said: str) -> None:
    answer = take_in(browser, text)
    assert (answer.status, answer.errors) == (422, [said])
    assert templates(app) == []
    box = answer.by_id("file")
    assert box is not None and "".join(box.itertext()).strip() == text.strip()


def test_what_a_file_may_not_ask_is_told(browser: Browser) -> None:
    wrong = export(REPORT).replace('--since "$SINCE"', "--since $SINCE").replace("timeout:", "timeout: # seconds")
    answer = take_in(browser, wrong)
    assert answer.status == 422
    assert answer.errors[0].startswith("Line 1: ")


def test_a_file_of_another_browser_changes_nothing(app: Flask, browser: Browser) -> None:
    answer = take_in(browser, export(REPORT), csrf_token="wrong", sure="new")
    assert (answer.status, templates(app)) == (400, [])
