"""Making templates: from an action, version by version, retired and brought back."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from support.making import ACTION, MAKE, SECRET, asking, confirmed, made, opened
from support.pages import Browser, Page
from support.rigs import NEW, Rig

from webapp.library import Library
from webapp.prepared.boxes import SEALED, Asked, Fixed
from webapp.prepared.questions import Question
from webapp.prepared.rules import Choices, Day, Option
from webapp.prepared.templates import PreparedVariable, Template
from webapp.store.events import SLIPWAY

CANARIES = ("canary-of-the-registry", "canary-of-the-database")


def library(app: Flask) -> Library:
    found = app.extensions["slipway"].library
    assert isinstance(found, Library)
    return found


def only(app: Flask) -> Template:
    """What the only template says."""
    (template,) = library(app).all()
    return template.template


def id_of(page: Page) -> str:
    return page.path.rpartition("/")[2]


def asked(template: Template, box: str) -> Question:
    use = dict(template.uses())[box]
    assert isinstance(use, Asked)
    return use.question


def test_where_there_is_none_the_page_says_what_a_template_is_and_how_to_make_one(browser: Browser) -> None:
    page = browser.get("/templates")
    assert "A template is an action that somebody has prepared" in page.text
    assert page.links["Make a template"] == "/templates/new"


def test_a_template_is_made_of_an_action_with_three_questions(app: Flask, browser: Browser) -> None:
    page = made(browser, purpose="Counts the orders of one country.")
    assert page.heading == "Nightly report"
    assert only(app) == Template(
        name="Nightly report",
        purpose="Counts the orders of one country.",
        boxes={
            "name": Asked(Question("name", "Name of the action", default="Nightly report")),
            "image_source": Fixed("public"),
            "docker_image_name": Fixed("team/report"),
            "docker_image_tag": Fixed("22.04"),
            "inline_commands": Fixed(ACTION["inline_commands"]),
            "trigger_time": Fixed("ON_EVERY_EXECUTION"),
        },
        variables=(
            PreparedVariable(
                "COUNTRY",
                Asked(
                    Question(
                        "country",
                        "Country",
                        default="pl",
                        rule=Choices((Option("pl", "Poland"), Option("de", "Germany"))),
                    )
                ),
            ),
            PreparedVariable("SINCE", Asked(Question("since", "Since", default="2026-03-01", rule=Day()))),
        ),
    )


def test_the_same_is_offered_at_an_action_a_receipt_and_the_form_with_what_is_typed(browser: Browser) -> None:
    receipt = browser.get(NEW).send(**ACTION)
    action = browser.get(f"{NEW.removesuffix('new')}{receipt_number(receipt)}")
    for page in (receipt, action):
        assert browser.get(page.links[MAKE]).fields["docker_image_name"] == "team/report"
    form = browser.get(NEW)
    typed = {name.replace("__", "-"): text for name, text in ACTION.items()}
    page = browser.post("/templates/new", {**form.fields, **typed})
    assert page.heading == "Make a template"
    assert page.fields["inline_commands"] == ACTION["inline_commands"]
    assert (page.fields["name-use"], page.fields["name-default"]) == ("asked", "Nightly report")


def receipt_number(receipt: Page) -> str:
    return receipt.text.partition("Action number ")[2].split()[0]


def test_what_the_others_will_see_is_on_the_page(browser: Browser) -> None:
    page = asking(opened(browser))
    live = page.by_id("live")
    assert live is not None
    words = " ".join("".join(live.itertext()).split())
    assert words == "What the others will see Nightly report Name of the action Country Poland Germany Since"


def test_what_is_typed_is_kept_when_something_is_wrong(browser: Browser) -> None:
    page = asking(opened(browser)).send(
        template_name="", purpose="For finance", variables__0__ask_choices="", variables__0__ask_help="Which one?"
    )
    assert page.status == 422
    assert page.errors == [
        "Enter a name for the template, for example Nightly report",
        "COUNTRY: enter the choices, one per line",
    ]
    assert (page.fields["purpose"], page.fields["variables-0-ask_help"]) == ("For finance", "Which one?")


def test_what_is_fixed_is_judged_as_the_whole_form_judges_it(browser: Browser) -> None:
    page = opened(browser).send(docker_image_tag="no tag!", timeout="soon", timeout__use="fixed")
    assert page.status == 422
    assert page.error_at("docker_image_tag").startswith("The tag must")
    assert page.error_at("timeout") == "The time limit must be a whole number from 1 to 86,400"


def test_what_goes_with_another_source_of_the_image_is_not_lost_either(browser: Browser) -> None:
    page = opened(browser).send(template_name="", login="robot", integration="hub")
    assert (page.status, page.fields["login"], page.fields["integration"]) == (422, "robot", "hub")


def test_a_whole_image_is_split_into_its_boxes(browser: Browser) -> None:
    page = opened(browser).send(docker_image_name="ghcr.io/team/app:1.2")
    assert "press “Split it for me”" in page.error_at("docker_image_name")
    fields = page.press("split-image").fields
    boxes = [fields[name] for name in ("registry", "docker_image_name", "docker_image_tag")]
    assert boxes == ["ghcr.io", "team/app", "1.2"]


def test_what_must_be_there_can_not_be_left_out(browser: Browser) -> None:
    page = opened(browser).send(docker_image_tag__use="left_out")
    assert page.error_at("docker_image_tag-use") == "Enter the tag of the image, for example latest"


def test_no_two_questions_have_the_same_short_name(browser: Browser) -> None:
    page = asking(opened(browser)).send(variables__1__ask_key="country")
    assert page.status == 422
    assert page.error_at("variables-0-ask_key").startswith("The key must differ")


def test_a_name_is_made_of_answers(app: Flask, browser: Browser) -> None:
    page = asking(opened(browser)).press("update", name__use="made")
    assert "{country}" in page.text
    wrong = page.send(name="Report {city}")
    assert wrong.error_at("name").endswith("{city} is not asked")
    right = wrong.send(name="Report {country}", template_name="")
    assert right.fields["name"] == "Report {country}"
    assert right.send(template_name="Report").status == 200
    assert only(app).boxes["name"].text == "Report {country}"  # type: ignore[union-attr]


def test_a_new_question_begins_with_what_was_fixed(browser: Browser) -> None:
    page = opened(browser).press("update", docker_image_tag__use="asked")
    fields = {name.removeprefix("docker_image_tag-"): text for name, text in page.fields.items() if "_tag-" in name}
    assert fields == {
        "use": "asked",
        "label": "Tag",
        "help": "",
        "rule": "text",
        "default": "22.04",
        "example": "",
        "key": "docker_image_tag" if fields["key"] != "tag" else "tag",
        "allowed": "",
    }


def test_what_is_chosen_anew_brings_back_what_was_typed(browser: Browser) -> None:
    page = asking(opened(browser)).press("update", docker_image_tag__use="asked", variables__0__ask_help="Which one?")
    page = page.press("update", docker_image_tag__use="fixed", variables__0__ask_use="fixed")
    assert (page.fields["docker_image_tag"], page.fields["variables-0-value"]) == ("22.04", "pl")
    emptied = page.press("update", docker_image_tag="")
    assert emptied.fields["docker_image_tag"] == ""
    page = emptied.press("update", variables__0__ask_use="asked", variables__1__ask_rule="text")
    assert (page.fields["variables-0-ask_help"], page.fields["variables-0-ask_rule"]) == ("Which one?", "choices")
    assert page.fields["variables-0-ask_choices"] == "pl = Poland\nde = Germany"


def test_a_tick_that_was_fixed_is_ticked_at_first(browser: Browser) -> None:
    page = opened(browser, ignore_errors="true").press("update", ignore_errors__use="asked")
    assert page.fields["ignore_errors-ticked"] == "true"


def test_places_are_everywhere_or_lines(app: Flask, browser: Browser) -> None:
    browser.get("/workspaces/buddy/projects/company-website/pipelines?page=1")
    page = opened(browser).press("add-place", known_place="buddy/company-website")
    assert page.fields["areas"] == "buddy/company-website"
    wrong = page.send(places="chosen", areas="buddy/company-website\nbuddy/company-website/two")
    assert wrong.error_at("areas") == "Line 2 must be a place such as buddy/company-website/2"
    assert wrong.send(areas="buddy/company-website/2\n buddy ").status == 200
    areas = [(area.workspace, area.project, area.pipeline) for area in only(app).areas]
    assert areas == [("buddy", "company-website", 2), ("buddy", "", 0)]


def test_a_place_that_was_chosen_and_not_added_is_not_lost(app: Flask, browser: Browser) -> None:
    browser.get("/workspaces/buddy/projects/company-website/pipelines?page=1")
    page = opened(browser)
    for lost in (
        page.send(known_place="buddy/company-website"),
        page.press("check", known_place="buddy/company-website"),
    ):
        assert lost.error_at("known_place").startswith("Choose “Add this place” for this place, or choose none")
        assert lost.fields["known_place"] == "buddy/company-website"
    assert not library(app).all()
    assert lost.press("add-place").send().status == 200
    assert [(area.workspace, area.project) for area in only(app).areas] == [("buddy", "company-website")]


def test_the_name_of_a_known_place_becomes_its_address(app: Flask, browser: Browser) -> None:
    browser.get("/workspaces?page=1")
    browser.get("/workspaces/buddy/projects?page=1")
    page = opened(browser)
    assert "Project Mobile API, in Buddy" in page.html
    shown = page.send(places="chosen", areas="Mobile API")
    assert [(area.workspace, area.project) for area in only(app).areas] == [("buddy", "mobile-api")]
    assert "Project Mobile API, in Buddy" in shown.text
    assert "Project Mobile API, in Buddy" in browser.get("/templates").text


def test_a_place_that_nobody_knows_is_told_before_it_is_kept(app: Flask, browser: Browser) -> None:
    browser.get("/workspaces/buddy/projects?page=1")
    told = opened(browser).send(places="chosen", areas="buddy/nowhere")
    assert "Slipway knows no such place as “buddy/nowhere”" in told.text
    assert not library(app).all()
    another = told.send(areas="buddy/nowhere\nelsewhere")
    assert "Slipway knows no such place as “elsewhere”" in another.text
    assert not library(app).all()
    made = another.send()
    assert made.heading == "Nightly report" and "buddy/nowhere; elsewhere" in made.text


def test_what_a_new_version_changes_says_values_as_the_form_does(browser: Browser) -> None:
    page = made(browser)
    more = browser.get(page.links["Change it"]).press("update", disabled__use="fixed", trigger_time__use="fixed")
    table = more.send(disabled="true", trigger_time="ON_FAILURE").table("What is changed")
    assert ["Switched off", "left out", "always the same: yes"] in table
    assert [
        "When it runs",
        "always the same: Every time the pipeline runs",
        "always the same: When the pipeline fails",
    ] in table


def test_what_a_new_version_changes_names_places_by_their_names(app: Flask, browser: Browser) -> None:
    browser.get("/workspaces?page=1")
    browser.get("/workspaces/buddy/projects?page=1")
    page = made(browser)
    shown = browser.get(page.links["Change it"]).send(places="chosen", areas="buddy/mobile-api\nbuddy")
    told = ["Where it may be used", "everywhere", "Project Mobile API, in Buddy; Workspace Buddy"]
    assert told in shown.table("What is changed")
    assert confirmed(shown).status == 200
    shown = browser.get(page.links["Change it"]).send(areas="\n".join(f"buddy/mobile-api/{n}" for n in range(1, 13)))
    shown = shown.send() if "Slipway knows no such place" in shown.text else shown
    (changed,) = [row for row in shown.table("What is changed") if row[0] == "Where it may be used"]
    assert changed[2] == "buddy/mobile-api/1; buddy/mobile-api/2; buddy/mobile-api/3 and 9 more"


def test_what_is_asked_and_not_used_is_told_and_stands_in_no_ones_way(browser: Browser) -> None:
    page = asking(opened(browser, inline_commands='report --country "$COUNTRI" --since "$SINCE"'))
    shown = page.send()
    assert shown.heading == "Nightly report"
    for told in (page, shown):
        assert "The commands do not use COUNTRY" in told.text
        assert "$COUNTRI is no variable of this template. Did you mean COUNTRY?" in told.text
        assert "do not use SINCE" not in told.text
    named = page.press("update", name__use="made", name="Report {country}")
    assert "do not use COUNTRY" not in named.text


def test_yes_or_no_begins_with_what_is_sent(browser: Browser) -> None:
    page = asking(opened(browser)).press("update", variables__0__ask_rule="yes_no")
    assert (page.fields["variables-0-ask_yes"], page.fields["variables-0-ask_no"]) == ("yes", "no")
    empty = page.send(variables__0__ask_yes="", variables__0__ask_no="")
    assert empty.error_at("variables-0-ask_rule") == "Enter what is sent for yes and for no"


@pytest.mark.parametrize(
    ("name", "file"),
    [("Country report", "country-report.yaml"), ('Größe/„x“"', "groe-x.yaml"), ("日報", "template.yaml")],
)
def test_its_file_is_called_after_it(browser: Browser, name: str, file: str) -> None:
    page = made(browser, template_name=name)
    answer = browser.client.get(page.links["Save it as a file"], base_url=browser.url)
    assert answer.headers["Content-Disposition"] == f"attachment; filename={file}"


def test_the_page_after_making_gives_the_link_to_hand_on_once(browser: Browser) -> None:
    page = made(browser)
    assert "Version 1 is made" in page.text
    assert f"{browser.url}{page.links['Use it']}" in page.text
    assert "is made" not in browser.get(page.path).text
    changed = confirmed(browser.get(page.links["Change it"]).send(docker_image_tag="24.04"))
    assert "Version 2 is made" in changed.text


def test_check_says_when_everything_is_in_order(app: Flask, browser: Browser) -> None:
    order = "Everything is in order. Nothing has been made yet."
    page = asking(opened(browser))
    assert order not in page.text
    assert order in page.press("check").text
    assert order not in page.press("check", template_name="").text
    assert order not in page.press("preview").text
    assert not library(app).all()


def test_a_new_version_shows_first_what_it_changes(app: Flask, browser: Browser) -> None:
    page = made(browser)
    shown = browser.get(page.links["Change it"]).send(docker_image_tag="24.04")
    assert shown.heading == "Change “Nightly report”?"
    assert "22.04" in shown.text and "24.04" in shown.text
    assert library(app).all()[0].version == 1
    after = confirmed(shown)
    assert "Version 2, by Demo administrator" in after.text
    assert only(app).boxes["docker_image_tag"] == Fixed("24.04")


def test_back_from_what_it_changes_comes_to_the_filled_form(browser: Browser) -> None:
    edit = browser.get(made(browser).links["Change it"])
    assert edit.send(docker_image_tag="24.04").press("back").fields["docker_image_tag"] == "24.04"


def test_where_nothing_differs_nothing_is_made(app: Flask, browser: Browser) -> None:
    page = browser.get(made(browser).links["Change it"]).send()
    assert "Nothing differs from the version that is there" in page.text
    assert library(app).all()[0].version == 1


def test_who_was_overtaken_is_told_what_changed_and_loses_nothing(app: Flask, browser: Browser) -> None:
    edit = browser.get(made(browser).links["Change it"])
    confirmed(edit.send(docker_image_tag="24.04"))
    page = edit.send(purpose="For finance")
    assert page.status == 409
    assert "Somebody has made version 2 since you opened this page" in page.text
    assert "24.04" in page.text
    assert page.fields["purpose"] == "For finance"
    confirmed(page.send())
    assert (only(app).purpose, only(app).boxes["docker_image_tag"]) == ("For finance", Fixed("22.04"))


@pytest.mark.parametrize("version", ["", "0", "7", "-1", "9" * 19, "9" * 400, "\u0663"])
def test_who_names_a_version_that_there_can_not_be_is_shown_the_present_one(browser: Browser, version: str) -> None:
    edit = browser.get(made(browser).links["Change it"])
    page = edit.send(version=version, purpose="For finance")
    assert (page.status, page.fields["version"], page.fields["purpose"]) == (409, "1", "For finance")


def test_a_template_is_retired_after_a_question_and_brought_back(app: Flask, browser: Browser) -> None:
    page = made(browser)
    question = page.send_to(f"{page.path}/retirement")
    assert question.heading == "Retire “Nightly report”?"
    assert "Nobody will be able to use it." in question.text
    assert library(app).all()[0].retired_at is None
    retired = question.send_to(f"{page.path}/retirement", sure="yes")
    assert "It is retired" in retired.text
    assert "Retired: 1" in browser.get("/templates").text
    back = retired.send_to(f"{page.path}/return")
    assert "It is retired" not in back.text
    assert library(app).all()[0].retired_at is None


@pytest.fixture
def secretive(team: Rig) -> tuple[Rig, Page]:
    """A team's template with a password and an encrypted variable: its page."""
    team.buddy.answer = None
    browser = team.hired("ada", "administrator")
    page = browser.get("/templates/new").press(
        "update",
        template_name="Report",
        name__use="asked",
        docker_image_name="team/report",
        inline_commands="report",
        variables__0__key="DB_PASSWORD",
        variables__0__ask_use="fixed",
        variables__0__encrypted="true",
        variables__0__value=CANARIES[1],
        password=CANARIES[0],
        **SECRET,
    )
    page = page.send()
    assert page.errors == []
    return team, page


def test_the_name_of_a_variable_is_as_long_at_most_as_its_secret_can_be_kept_by(secretive: tuple[Rig, Page]) -> None:
    form = secretive[1].browser.get(f"{secretive[1].path}/edit")
    page = form.send(variables__0__key="A" * 300, variables__0__value=CANARIES[1], password=CANARIES[0])
    assert page.error_at("variables-0-key") == "The name must be at most 255 characters long: this is 300"
    page = page.send(variables__0__key="A" * 255, variables__0__value=CANARIES[1], password=CANARIES[0])
    assert page.heading == "Change “Report”?"


def test_secrets_are_kept_sealed_and_shown_nowhere(secretive: tuple[Rig, Page]) -> None:
    team, page = secretive
    id = id_of(page)
    assert team.parts.library.secrets(id) == {
        "template:password": CANARIES[0],
        "template:variable:DB_PASSWORD": CANARIES[1],
    }
    template = team.parts.library.all()[0].template
    assert template.use("password") == SEALED
    pages = [page, page.browser.get("/templates"), page.browser.get(f"{page.path}/edit")]
    pages.append(pages[-1].send(purpose="For finance"))
    pages.append(pages[2].press("update"))
    for each in pages:
        assert not [canary for canary in CANARIES if canary in each.html], each.path
    assert "anyone who may edit the pipeline in Buddy" in page.text
    assert "The value of DB_PASSWORD Kept" in page.text


def test_secrets_stay_with_a_version_that_changes_nothing_that_they_belong_to(secretive: tuple[Rig, Page]) -> None:
    team, page = secretive
    confirmed(page.browser.get(f"{page.path}/edit").send(purpose="For finance"))
    now = team.parts.library.find(id_of(page))
    assert now is not None and (now.version, now.missing) == (2, ())
    assert team.parts.library.secrets(now.id)["template:password"] == CANARIES[0]


@pytest.mark.parametrize(
    "changed",
    [
        {"docker_image_name": "team/other"},
        {"docker_image_tag": "2"},
        {"registry": "other.example.com"},
        {"inline_commands": "cat"},
        {"places": "chosen", "areas": "buddy"},
        {"variables__1__key": "DB_HOST", "variables__1__ask_use": "asked", "variables__1__ask_label": "Host"},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_secrets_are_asked_again_where_what_they_belong_to_changes(
    secretive: tuple[Rig, Page], changed: dict[str, str]
) -> None:
    _, page = secretive
    answer = page.browser.get(f"{page.path}/edit").send(**changed)
    assert answer.status == 422
    assert "these were changed" in answer.error_at("password")
    assert "these were changed" in answer.error_at("variables-0-value")
    shown = answer.send(password="new-canary", variables__0__value="new-canary-2")
    assert shown.status == 200 and "new-canary" not in shown.html
    assert confirmed(shown).heading == "Report"
    team = secretive[0]
    assert team.parts.library.secrets(id_of(page))["template:password"] == "new-canary"


def test_a_secret_alone_is_replaced_without_a_new_version(secretive: tuple[Rig, Page]) -> None:
    team, page = secretive
    shown = page.browser.get(f"{page.path}/edit").send(password="new-canary")
    assert "the password for the registry" in shown.text
    confirmed(shown)
    now = team.parts.library.find(id_of(page))
    assert now is not None and now.version == 1
    assert team.parts.library.secrets(now.id)["template:password"] == "new-canary"


def test_a_secret_is_removed_after_a_question_and_nothing_can_be_made_then(secretive: tuple[Rig, Page]) -> None:
    team, page = secretive
    address = f"{page.path}/secrets/delete"
    question = page.send_to(address, slot="template:password")
    assert question.heading == "Remove the password for the registry?"
    after = question.send_to(address, sure="yes")
    assert "Nobody can use it yet" in after.text
    assert team.parts.library.secrets(id_of(page)) == {"template:variable:DB_PASSWORD": CANARIES[1]}


def test_a_secret_that_was_typed_on_a_page_is_of_no_use_to_anybody_else(secretive: tuple[Rig, Page]) -> None:
    team, page = secretive
    typed = page.browser.get(f"{page.path}/edit").press("update", password="typed-canary")
    sealed = typed.fields["password_kept"]
    other = team.hired("eve", "administrator")
    fields = {**other.get(f"{page.path}/edit").fields, "password_kept": sealed}
    answer = other.post(page.path, fields)
    assert answer.status == 422
    assert answer.error_at("password").startswith("Enter the password")


@pytest.mark.parametrize("kept", ["é", "x", "template:password", "template:variable:A"])
def test_what_is_no_sealed_secret_is_asked_for(browser: Browser, kept: str) -> None:
    answer = opened(browser, **SECRET, password="canary").send(password_kept=kept)
    assert answer.status == 422
    assert answer.error_at("password") == "Enter the password for the registry"


def test_each_page_tells_what_was_made_from_a_template_and_looks_when_asked(secretive: tuple[Rig, Page]) -> None:
    team, page = secretive
    form = page.browser.get(f"{NEW}?template={id_of(page)}")
    form.send(answers__name="Report of March")
    shown = page.browser.get(page.path)
    assert "Report of March" in shown.links
    assert shown.links["Use it"] == f"/find?template={id_of(page)}"
    reads = len(team.buddy.reads)
    assert "As it was sent" in page.browser.get(shown.links["Look which are no longer as they were sent"]).text
    assert len(team.buddy.reads) == reads + 1
    team.buddy.actions[-1]["docker_image_tag"] = "24.04"
    assert "Differs in: Tag" in page.browser.get(shown.links["Look which are no longer as they were sent"]).text


def test_an_editor_sees_templates_and_is_not_offered_what_changes_them(secretive: tuple[Rig, Page]) -> None:
    team, page = secretive
    seen = team.hired("eddie", "editor").get(page.path)
    assert "Change it" not in seen.links and "Retire it" not in seen.text and "Remove it" not in seen.text
    assert "Make a template" not in team.stranger().get("/templates").links


def test_too_many_rows_and_too_long_texts_get_messages(browser: Browser) -> None:
    page = opened(browser)
    answer = page.send(template_name="x" * 300, purpose="y" * 3000)
    assert answer.errors == [
        "“Name of the template” must be at most 255 characters long: this is 300",
        "“What it is for” must be at most 2,000 characters long: this is 3,000",
    ]


def test_a_page_of_another_browser_makes_nothing(app: Flask, browser: Browser) -> None:
    page = asking(opened(browser))
    answer = page.send(csrf_token="wrong")
    assert (answer.status, library(app).all()) == (400, [])
    assert answer.fields["template_name"] == "Nightly report"


def test_what_is_typed_is_kept_while_the_database_can_not_be_written(
    team_with: Callable[..., Rig], tmp_path: Path
) -> None:
    team = team_with(database_url=f"sqlite:///{tmp_path}/slipway.db?timeout=0.1")
    browser = team.hired("ada", "administrator")
    new = browser.get("/templates/new")
    fields = {"template_name": "Report", "name__use": "asked", "docker_image_name": "team/a", "inline_commands": "ls"}
    shown = browser.get(f"{new.send(**fields).path}/edit").send(purpose="For finance")
    with closing(sqlite3.connect(tmp_path / "slipway.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answers = [new.send(**fields, purpose="For sales"), confirmed(shown)]
    for answer, purpose in zip(answers, ("For sales", "For finance"), strict=True):
        assert (answer.status, answer.fields["purpose"]) == (503, purpose)
        assert "nothing was made or changed" in answer.text
    assert [each.version for each in team.parts.library.all()] == [1]


def test_a_file_with_what_the_page_can_not_show_says_so_before_it_is_changed(app: Flask, browser: Browser) -> None:
    odd = Template("Odd", boxes={"image_source": Fixed("public"), "login": Fixed("robot")})
    id = library(app).make(odd, {}, SLIPWAY)
    assert "can't be shown here as it is" in browser.get(f"/templates/{id}/edit").text


def test_a_template_of_somebody_elses_making_is_not_lost_by_who_may_not_make_any_more(team: Rig) -> None:
    id = team.parts.library.make(Template("Report"), {}, SLIPWAY)
    assert team.hired("eddie", "editor").get(f"/templates/{id}/edit").status == 403


def test_its_page_says_when_the_rules_refuse_what_is_made_from_it(browser: Browser) -> None:
    page = made(browser)
    assert "The rules for what is sent refuse" not in page.text
    browser.get("/rules").send_to(
        "/rules", timeout_verdict="refuse", timeout_sentence="Give each action a time limit, so that none hangs."
    )
    assert "Give each action a time limit, so that none hangs" in browser.get(page.path).text


def test_where_the_commands_use_what_is_asked_is_shown_and_what_is_unsafe_has_to_be_mended(browser: Browser) -> None:
    page = asking(opened(browser, inline_commands="report --country $COUNTRY"))
    assert "Line 1, $COUNTRY" in page.text
    wrong = page.send()
    assert wrong.status == 422
    assert wrong.error_at("inline_commands").startswith("Line 1: ")
    assert wrong.send(inline_commands='report --country "$COUNTRY"').status == 200


def test_the_maker_is_told_which_answers_must_not_begin_with_a_dash(browser: Browser) -> None:
    page = asking(opened(browser))
    assert "begins with “-” is refused" not in page.text
    free = page.press("update", variables__0__ask_rule="text")
    assert "An answer that begins with “-” is refused for $COUNTRY, since a program could" in free.text
    mended = free.press("update", inline_commands='report --country="$COUNTRY"')
    assert "begins with “-” is refused" not in mended.text


def test_what_leads_to_a_secret_is_not_asked_freely(browser: Browser) -> None:
    page = asking(opened(browser, **SECRET, password="canary")).press("update", docker_image_tag__use="asked")
    wrong = page.send(password="canary")
    assert wrong.error_at("docker_image_tag-use").startswith("“Tag” must be always the same or one of a list")
    listed = wrong.press("update", docker_image_tag__rule="choices")
    assert listed.send(docker_image_tag__choices="22.04\n24.04").errors == []


def test_all_that_is_wrong_with_a_template_is_told_at_once(browser: Browser) -> None:
    page = asking(opened(browser, **SECRET, password="canary")).press("update", docker_image_tag__use="asked")
    page = page.press("update", docker_image_tag__rule="pattern")
    assert "It is needed, too: people read it in place of the pattern." in page.text
    wrong = page.send(docker_image_tag__default="22.04")
    assert wrong.errors == [
        "“Tag” must be always the same or one of a list, "
        "since this template holds a secret that an answer could lead to",
        "Enter the pattern",
        "Enter the pattern in words",
        "Enter the password for the registry",
    ]


def test_editors_make_templates_where_the_rules_say_so(team: Rig) -> None:
    editor = team.hired("eddie", "editor")
    assert editor.get("/templates/new").status == 403
    assert "Make a template" not in editor.get("/templates").links
    administrator = team.hired("ada", "administrator")
    administrator.get("/rules").send_to("/rules", editors_make_templates="true")
    assert "Make a template" in editor.get("/templates").links
    page = asking(opened(editor)).send()
    assert page.heading == "Nightly report"
    assert [event.person_name for event in team.events if event.verb == "made a template"] == ["Eddie"]


def test_the_page_of_a_file_says_that_it_is_not_kept(team: Rig) -> None:
    ada = team.hired("ada", "administrator")
    assert "Forms are kept." in ada.get("/templates/new").html
    wrong = ada.get("/templates").send_to("/templates/import", file="no template")
    assert "What is on this page is not kept." in wrong.html


def test_an_earlier_version_is_shown_as_it_was(secretive: tuple[Rig, Page]) -> None:
    team, page = secretive
    id = id_of(page)
    first = team.parts.library.find(id)
    assert first is not None
    newer = replace(first.template, name="Country report", boxes={**first.template.boxes, "timeout": Fixed("77")})
    team.parts.library.change(first, newer, {}, SLIPWAY)
    now = page.browser.get(page.path)
    assert "77" in now.text and "not the current one" not in now.text
    earlier = page.browser.get(now.links["Version 1"])
    assert (earlier.status, earlier.heading) == (200, first.template.name)
    assert "This is version 1, which is not the current one" in earlier.text
    assert "77" not in earlier.text and "Use it" not in earlier.links and "Change it" not in earlier.links
    assert earlier.links["See the current version"] == page.path
    assert "not the current one" not in page.browser.get(f"{page.path}?version=2").text
    for wrong in ("3", "0", "x", "9" * 30):
        assert page.browser.get(f"{page.path}?version={wrong}").status == 404


def test_a_receipt_leads_to_the_version_that_it_was_made_from(secretive: tuple[Rig, Page]) -> None:
    _, page = secretive
    receipt = page.browser.get(f"{NEW}?template={id_of(page)}").send(answers__name="Report of March")
    assert f"{page.path}?version=1" in receipt.links.values()


def test_the_name_is_asked_for_after_the_answers_that_it_may_be_made_of(team: Rig) -> None:
    page = asking(opened(team.hired("ada", "administrator")))
    places = [page.text.index(words) for words in ("Variables (optional)", "Name of the action", "More options")]
    assert places == sorted(places)
    made = page.press("update", name__use="made", name="Report {country}")
    assert "What is chosen from a list goes in by its words, such as Germany" in made.text
    assert made.send().heading == "Nightly report"
