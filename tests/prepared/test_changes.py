"""What a newer version of a template changes, in words."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from support.prepared import COUNTRY, REPORT, templates

from webapp.forms.templates.telling import PARTS, change_for_users, change_term
from webapp.prepared.areas import Area
from webapp.prepared.boxes import Asked, Fixed, Made, Use
from webapp.prepared.changes import Change, Words, changes
from webapp.prepared.questions import Question
from webapp.prepared.rules import Choices, Day, FreeText, Length, Option, Pattern, Rule, YesNo
from webapp.prepared.templates import PreparedVariable, PreparedVolume, Template


@given(templates, templates)
@settings(max_examples=50)
def test_two_versions_differ_only_if_something_is_told(one: Template, other: Template) -> None:
    assert changes(one, one) == ()
    keys = [item.key for item in (*one.variables, *other.variables)]
    if one != other and len(set(keys)) == len(keys):
        assert changes(one, other) != ()


def test_each_thing_is_told_once_with_what_it_was_and_is() -> None:
    newer = replace(
        REPORT,
        name="Weekly report",
        boxes={**REPORT.boxes, "docker_image_tag": Fixed("23.04"), "timeout": Asked(replace(COUNTRY, key="limit"))},
        variables=(
            PreparedVariable("COUNTRY", Asked(replace(COUNTRY, label="Market")), settable=True),
            *REPORT.variables[1:3],
        ),
        volumes=(),
    )
    assert changes(REPORT, newer) == (
        Change("template_name", "Nightly report", "Weekly report"),
        Change("docker_image_tag", "always the same: 22.04", "always the same: 23.04"),
        Change("timeout", "always the same: 600", "asked: Country"),
        Change("volume_mappings-0", "always the same: / → always the same: /buddy/app", "not there"),
        Change("variables-COUNTRY", "Country", "Market", "label"),
        Change("variables-COUNTRY", "no", "yes", "settable"),
        Change("variables-DB_PASSWORD", "a secret of the template", "not there"),
    )


def test_places_that_are_called_the_same_are_told_apart_by_their_addresses() -> None:
    one, other = (replace(REPORT, areas=(Area("buddy", name),)) for name in ("site", "site-2"))
    (change,) = changes(one, other, Words(areas=lambda areas: "The site"))
    assert (change.before, change.after) == ("buddy/site", "buddy/site-2")
    assert changes(one, one, Words(areas=lambda areas: "The site")) == ()


# Of each part of a template another value than the one that it has in the tests below.
OTHER: dict[Any, dict[str, object]] = {
    Template: {
        "name": "Weekly report",
        "purpose": "Counts the orders of a week.",
        "areas": (Area("buddy"),),
        "boxes": REPORT.boxes | {"timeout": Fixed("700")},
        "variables": REPORT.variables[:1],
        "volumes": (),
    },
    Area: {"workspace": "buddy-2", "project": "site-2", "pipeline": 3},
    PreparedVariable: {
        "key": "NATION",
        "value": Fixed("pl"),
        "type": "FILE",
        "encrypted": True,
        "settable": True,
        "description": "Goes into the mail",
    },
    PreparedVolume: {"source": Fixed("/a"), "target": Fixed("/b")},
    Question: {
        "key": "nation",
        "label": "Market",
        "help": "Whose orders are counted.",
        "example": "pl",
        "default": "de",
        "rule": FreeText(),
        "variables_allowed": ("A",),
        "required": False,
    },
    Fixed: {"value": "pl"},
    Made: {"text": "Nightly {country}"},
    Asked: {"question": replace(COUNTRY, label="Market")},
    Choices: {"options": (Option("pl", "Poland"),)},
    Option: {"value": "po", "words": "Polska"},
    Pattern: {"pattern": "[a-z]{2}", "words": "two small letters"},
    Length: {"shortest": 2, "longest": 3},
    YesNo: {"yes": "on", "no": "off"},
    Day: {"first": date(2026, 1, 1), "last": date(2026, 12, 31)},
    FreeText: {"lines": True},
}
KINDS = dict.fromkeys((*OTHER, *get_args(Use), *get_args(Rule)))
PARTS_OF_ALL = [(kind, part.name) for kind in KINDS for part in fields(kind)]
OPTION = Option("pl", "Poland")


def ruled(rule: Rule) -> Template:
    return asking(replace(COUNTRY, rule=rule))


def asking(question: Question) -> Template:
    return replace(REPORT, variables=(PreparedVariable("COUNTRY", Asked(question)),))


def in_volume(question: Question) -> Template:
    return replace(REPORT, volumes=(PreparedVolume(Fixed("/"), Asked(question)),))


# Each kind of part, as a template that has nothing else of it.
WITH: dict[Any, tuple[Any, Callable[[Any], Template]]] = {
    Template: (REPORT, lambda each: each),
    Area: (Area("buddy", "site", 2), lambda each: replace(REPORT, areas=(each,))),
    PreparedVariable: (PreparedVariable("COUNTRY", Fixed("de")), lambda each: replace(REPORT, variables=(each,))),
    PreparedVolume: (REPORT.volumes[0], lambda each: replace(REPORT, volumes=(each,))),
    Question: (COUNTRY, asking),
    Fixed: (Fixed("de"), lambda each: replace(REPORT, boxes={"region": each})),
    Made: (Made("Report {country}"), lambda each: replace(REPORT, boxes={"name": each})),
    Asked: (Asked(COUNTRY), lambda each: replace(REPORT, boxes={"region": each})),
    Choices: (Choices((OPTION,) * 2), ruled),
    Option: (OPTION, lambda each: ruled(Choices((each,)))),
    Pattern: (Pattern("[A-Z]{2}", "two capitals"), ruled),
    Length: (Length(1, 9), ruled),
    YesNo: (YesNo(), ruled),
    Day: (Day(), ruled),
    FreeText: (FreeText(), ruled),
}


@pytest.mark.parametrize(("kind", "part"), PARTS_OF_ALL, ids=lambda each: getattr(each, "__name__", each))
def test_each_part_of_a_template_is_told_in_words_that_differ(kind: Any, part: str) -> None:
    usual, template = WITH[kind]
    assert_told(template(usual), template(replace(usual, **{part: OTHER[kind][part]})))


@pytest.mark.parametrize("part", OTHER[Question])
def test_so_is_each_part_of_a_question_about_a_folder(part: str) -> None:
    assert_told(in_volume(COUNTRY), in_volume(replace(COUNTRY, **{part: OTHER[Question][part]})))


def assert_told(before: Template, after: Template) -> None:
    told = changes(before, after)
    assert told
    for change in told:
        assert change.before != change.after
        assert change.part in ("", "order", *PARTS)
        assert change_term(change).strip(", ")
        assert all(change_for_users(change, before, after))


@given(templates, templates)
@settings(max_examples=50)
def test_whatever_is_told_of_two_versions_reads_otherwise(one: Template, other: Template) -> None:
    for change in changes(one, other):
        assert change.before != change.after


def test_what_differs_where_it_is_not_shown_is_said_to() -> None:
    for before, after in (("a" * 300 + "b", "a" * 300 + "c"), ("two blanks", "two  blanks")):
        (change,) = changes(replace(REPORT, purpose=before), replace(REPORT, purpose=after))
        assert change.after == "the same as far as it is shown here"
