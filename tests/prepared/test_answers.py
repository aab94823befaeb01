"""Answers: what is wrong with them is told beside the question, and nothing but them differs from the template."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask_wtf.csrf import generate_csrf
from hypothesis import given, settings
from hypothesis import strategies as st
from support.prepared import REPORT, templates

from webapp.buddy.snapshot import Snapshot
from webapp.forms.action_form.form import DEFAULTS, RunContainerForm
from webapp.prepared.answers import answers_in, check_answers, fill, kept_in, locked_boxes, samples
from webapp.prepared.boxes import BOXES, Asked, Fixed, Made
from webapp.prepared.questions import Question
from webapp.prepared.rules import Choices, Day, FreeText, Length, Option, Pattern, Rule, YesNo
from webapp.prepared.templates import PreparedVariable, Template

ANY = Question("any", "Any")
CALLED = {"pl": "Poland", "de": "Germany"}
LISTED = Choices((Option("pl", "Poland"), Option("de", "Germany")))
MARCH = Day(date(2026, 3, 1), date(2026, 3, 31))
ANSWERS: list[tuple[Rule, dict[str, Any], str, str]] = [
    (LISTED, {}, "pl", ""),
    (LISTED, {}, "fr", "Choose an answer to “Any” from its list"),
    (LISTED, {}, "Poland", "Choose an answer to “Any” from its list"),
    (LISTED, {}, "", "Choose an answer to “Any”"),
    (LISTED, {"required": False}, "", ""),
    (Pattern("[A-Z]{2}", "two capital letters"), {}, "PL", ""),
    (Pattern("[A-Z]{2}", "two capital letters"), {}, "PL\n", "“Any” must be two capital letters"),
    (Pattern(".*", "short"), {}, "x" * 501, "“Any” must be at most 500 characters long: this is 501"),
    (Pattern("(a+)+", "many a"), {}, "a" * 499 + "b", "“Any” must be many a"),
    (Length(2, 3), {}, "é🙂", ""),
    (Length(2, 3), {}, "a", "“Any” must be 2 to 3 characters long: this is 1"),
    (Length(2, 2), {}, "abc", "“Any” must be 2 characters long: this is 3"),
    (Length(1, 1), {}, "ab", "“Any” must be 1 character long: this is 2"),
    (YesNo(), {}, "true", ""),
    (YesNo(), {}, "", ""),
    (YesNo(), {}, "false", "Choose yes or no for “Any”"),
    (MARCH, {}, "2026-03-31", ""),
    (MARCH, {}, "2026-02-28", "“Any” must be 2026-03-01 or later"),
    (MARCH, {}, "2026-04-01", "“Any” must be 2026-03-31 or earlier"),
    (MARCH, {}, "20260305", "“Any” must be a day such as 2026-03-01"),
    (MARCH, {}, "2026-W10-1", "“Any” must be a day such as 2026-03-01"),
    (MARCH, {}, "2026-02-30", "“Any” must be a day such as 2026-03-01"),
    (FreeText(), {}, "a\nb", "“Any” must be on one line"),
    (FreeText(lines=True), {}, "a\nb", ""),
    (FreeText(), {}, " ", "Enter an answer to “Any”"),
    (FreeText(), {"required": False}, " ", "“Any” must be empty, or have more than blanks"),
    (FreeText(), {}, "\u200b\u2060", "Enter an answer to “Any”"),
    (FreeText(), {}, "\u3164\ufe0f\u00ad", "Enter an answer to “Any”"),
    (FreeText(), {"required": False}, "\ufeff", "“Any” must be empty, or have more than blanks"),
    (Length(1, 9), {}, "\u200b", "Enter an answer to “Any”"),
    (LISTED, {}, "\u200b", "Choose an answer to “Any”"),
    (FreeText(), {}, "x" * 65_537, "“Any” must be at most 65,536 bytes long: this is 65,537"),
    (FreeText(), {}, "costs $5, $(id), $", ""),
    (FreeText(), {}, "$HOME", "“Any” must have no variables, such as $NAME or ${NAME}"),
    (FreeText(), {}, "a${HOME}b", "“Any” must have no variables, such as $NAME or ${NAME}"),
    (FreeText(), {}, "${HOME:-x}", "“Any” must have no variables, such as $NAME or ${NAME}"),
    (FreeText(), {"variables_allowed": ("VERSION",)}, "v$VERSION-${VERSION}", ""),
    (FreeText(), {"variables_allowed": ("VERSION",)}, "$VERSIONS", "“Any” must have no other variables than $VERSION"),
    (FreeText(), {"variables_allowed": ("V",)}, "${V} ${VERSION}", "“Any” must have no other variables than $V"),
    (FreeText(), {"variables_allowed": ("V",)}, "${${V}HOME}", "“Any” must have no other variables than $V"),
    (FreeText(), {"variables_allowed": ("V",)}, "$$VHOME", "“Any” must have no other variables than $V"),
]


@pytest.mark.parametrize(("rule", "more", "answer", "words"), ANSWERS)
def test_an_answer_is_judged_by_its_question(rule: Rule, more: dict[str, Any], answer: str, words: str) -> None:
    question = replace(ANY, rule=rule, **more)
    template = Template("T", variables=(PreparedVariable("ANY", Asked(question)),))
    assert check_answers(template, {"any": answer}) == ({"any": words} if words else {})


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        ("{one}{other}", "$", "HOME"),
        ("{one}{other}", "$", "{HOME}"),
        ("{one}ME", "$HO", ""),
        ("{one}{other}", "x$", "_"),
    ],
)
def test_answers_use_no_variable_together_in_the_name_either(text: str, one: str, other: str) -> None:
    asked = [Asked(Question(key, key.title(), required=False, variables_allowed=("HO",))) for key in ("one", "other")]
    variables = tuple(PreparedVariable(each.question.key.upper(), each) for each in asked)
    template = replace(REPORT, boxes={**REPORT.boxes, "name": Made(text)}, variables=variables)
    words = "“One” must make no variable, such as $NAME, with what stands beside it in the name"
    assert check_answers(template, {"one": one, "other": other}) == {"one": words}
    apart = replace(template, boxes={**REPORT.boxes, "name": Made("Report {one} {other}")})
    assert check_answers(apart, {"one": one, "other": other}) == {}


def test_yes_and_no_become_what_their_maker_has_said() -> None:
    asked = Asked(replace(ANY, rule=YesNo("on", "off")))
    template = Template("T", boxes={"disabled": Asked(Question("off", "Off", rule=YesNo()))})
    template = replace(template, variables=(PreparedVariable("ANY", asked),))
    assert fill(template, {"any": "true"})["variables-0-value"] == "on"
    assert fill(template, {})["variables-0-value"] == "off"
    assert (fill(template, {"off": "true"})["disabled"], fill(template, {})["disabled"]) == ("true", "")


def test_a_secret_answer_is_kept_by_its_id_and_no_secret_of_the_template_can_be_named_as_one() -> None:
    token = PreparedVariable("TOKEN", Asked(ANY), encrypted=True)
    template = replace(REPORT, variables=(*REPORT.variables, token))
    assert kept_in(template, {"answers-any-kept": "abc"}) == {"any": "abc"}
    assert fill(template, {}, {"any": "abc"})["variables-4-kept"] == "abc"
    for slot in ("template:password", "template:variable:DB_PASSWORD"):
        assert kept_in(template, {"answers-any-kept": slot}) == {}
        assert slot not in [
            text for name, text in fill(template, {}, {"any": slot}).items() if name.startswith("variables-4-")
        ]


def test_its_maker_sees_a_template_with_answers_that_fit() -> None:
    assert samples(REPORT) == {"country": "pl", "since": "2026-03-01", "note": ""}
    assert check_answers(REPORT, samples(REPORT)) == {}


texts = st.text(max_size=12)


@given(templates, st.data())
@settings(max_examples=50)
def test_answers_fill_in_the_asked_boxes_and_nothing_else(template: Template, data: st.DataObject) -> None:
    keys = [question.key for question in template.questions()]
    answers = data.draw(st.dictionaries(st.sampled_from([*keys, "other", "name", "password"]), texts))
    asked = {box for box, use in template.uses() if isinstance(use, Asked | Made)}
    before, after = fill(template, {}), fill(template, answers)
    assert before.keys() == after.keys()
    assert {name for name in before if before[name] != after[name]} <= asked


SECRETS = {"template:password": "canary-registry", "template:variable:DB_PASSWORD": "canary-database"}
ROWS = [f"variables-{number}-{field}" for number in range(6) for field in ("key", "value", "type", "kept", "encrypted")]
NAMES = [
    *BOXES,
    *ROWS,
    "volume_mappings-0-source",
    "volume_mappings-1-target",
    "password_kept",
    "image_source",
    "answers-country",
    "answers-since",
    "answers-note",
    "answers-name",
    "answers-country-kept",
    "answers-note-kept",
    "answers-",
    "country",
    "variables-²-key",
    "run_command",
    "env_text",
]
POSTED = st.dictionaries(
    st.sampled_from(NAMES) | st.text(max_size=8),
    st.sampled_from(["pl", "de", "2026-03-01", "$HOME", "true", "evil/image", "template:password", "PATH"]) | texts,
    max_size=12,
)


@pytest.fixture(scope="module")
def app() -> Iterator[Flask]:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="of the tests")
    with app.test_request_context():
        yield app


def payload(template: Template, posted: dict[str, str]) -> tuple[dict[str, Any], bool]:
    """The request that a posted form gives, and whether it would be sent."""
    answers = answers_in(template, posted)
    filled = DEFAULTS | fill(template, answers, kept_in(template, posted)) | {"csrf_token": generate_csrf()}
    form = RunContainerForm(filled, SECRETS, Snapshot("Live"))
    right = not check_answers(template, answers) and form.validate()
    return dict(form.to_request().payload()), right and not locked_boxes(template, posted)


@given(posted=POSTED)
@settings(max_examples=50)
def test_no_posted_form_gives_a_request_that_differs_outside_the_asked_boxes(
    app: Flask, posted: dict[str, str]
) -> None:
    prepared, sent = payload(REPORT, {"answers-country": "pl", "answers-since": "2026-03-01", "answers-note": "x"})
    assert sent
    made, sent = payload(REPORT, posted)
    answers = answers_in(REPORT, posted)
    country, since, note = (answers.get(key, "") for key in ("country", "since", "note"))
    expected = {**prepared, "name": f"Report {CALLED.get(country, country)}".strip()}
    values = [country, since, note, "canary-database"]
    expected["variables"] = [
        {**variable, "value": value} for variable, value in zip(prepared["variables"], values, strict=True)
    ]
    assert made == expected
    if sent:
        assert country in ("pl", "de")
        assert not [name for name in posted if name in BOXES or name in ROWS]


def test_the_prepared_request_goes_out_byte_for_byte_but_for_the_answers(app: Flask) -> None:
    made, sent = payload(REPORT, {"answers-country": "de", "answers-note": "$(id) `id` \"'"})
    assert sent
    assert made == {
        "name": "Report Germany",
        "type": "RUN_DOCKER_CONTAINER",
        "docker_image_name": "team/report",
        "docker_image_tag": "22.04",
        "registry": "registry.example.com",
        "login": "robot",
        "password": "canary-registry",
        "inline_commands": 'report --country "$COUNTRY" --since "$SINCE"\necho "$NOTE"',
        "mount_filesystem_disable": False,
        "volume_mappings": ["/:/buddy/app"],
        "variables": [
            {"key": "COUNTRY", "value": "de"},
            {"key": "SINCE", "value": ""},
            {"key": "NOTE", "description": "Goes into the mail", "value": "$(id) `id` \"'"},
            {"key": "DB_PASSWORD", "encrypted": True, "value": "canary-database"},
        ],
        "ignore_errors": True,
        "timeout": 600,
    }
    assert isinstance(REPORT.use("timeout"), Fixed)
