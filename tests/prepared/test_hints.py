"""What the maker of a template may have overlooked in the commands."""

import pytest

from webapp.prepared.boxes import Asked, Fixed, Made
from webapp.prepared.hints import MOST_COMPARED, hints
from webapp.prepared.questions import Question
from webapp.prepared.rules import Choices, Option
from webapp.prepared.templates import PreparedVariable, PreparedVolume, Template

COUNTRY = PreparedVariable("COUNTRY", Asked(Question("country", "Country")))
SINCE = PreparedVariable("SINCE", Asked(Question("since", "First day")))
UNUSED = ("The commands do not use COUNTRY",)


def template(commands: str, *variables: PreparedVariable, **boxes: Fixed | Asked | Made) -> Template:
    return Template("T", boxes={"inline_commands": Fixed(commands), **boxes}, variables=variables or (COUNTRY,))


@pytest.mark.parametrize(
    "commands",
    ['report "$COUNTRY"', 'report "${COUNTRY}"', 'report "${COUNTRY:-none}"', 'report "${#COUNTRY}"'],
)
def test_what_the_commands_use_in_any_way_needs_no_hint(commands: str) -> None:
    assert hints(template(commands)) == ()


@pytest.mark.parametrize("commands", ["report", 'report "$COUNTRY_CODE"', "report COUNTRY", ""])
def test_an_asked_variable_that_nothing_uses_is_told(commands: str) -> None:
    assert hints(template(commands)) == UNUSED


def test_each_of_them_is_told_in_their_order() -> None:
    told = hints(template("report", SINCE, COUNTRY))
    assert told == ("The commands do not use SINCE", "The commands do not use COUNTRY")


def test_what_the_name_another_box_a_choice_or_a_fixed_variable_uses_is_used() -> None:
    assert hints(template("report", name=Made("Report {country}"))) == ()
    assert hints(template("report", docker_image_tag=Fixed("$COUNTRY"))) == ()
    tags = Question("tag", "Tag", rule=Choices((Option("${COUNTRY}-1", "One"),)))
    assert hints(template("report", docker_image_tag=Asked(tags))) == ()
    assert hints(template("report", COUNTRY, PreparedVariable("PLACE", Fixed("in $COUNTRY")))) == ()
    allowed = Question("note", "Note", variables_allowed=("COUNTRY",))
    assert hints(template('report "$NOTE"', COUNTRY, PreparedVariable("NOTE", Asked(allowed)))) == ()
    mapped = Template("T", variables=(COUNTRY,), volumes=(PreparedVolume(Fixed("/data/$COUNTRY"), Fixed("/data")),))
    assert hints(mapped) == ()


def test_a_variable_that_is_not_asked_needs_no_use() -> None:
    assert hints(template("report", PreparedVariable("REGION", Fixed("eu")))) == ()


@pytest.mark.parametrize("name", ["COUNTRI", "COUNTY", "COUNTRY2", "CUONTRY"])
def test_a_name_that_is_like_an_asked_one_is_told(name: str) -> None:
    told = hints(template(f'report "${name}" "$COUNTRY"'))
    assert told == (f"${name} is no variable of this template. Did you mean COUNTRY?",)


@pytest.mark.parametrize(
    "commands",
    [
        'COUNTRI=pl\nreport "$COUNTRI" "$COUNTRY"',
        'for COUNTRI in a b; do report "$COUNTRI" "$COUNTRY"; done',
        'read -r COUNTRI < file\nreport "$COUNTRI" "$COUNTRY"',
        'export COUNTRI=pl\nreport "$COUNTRI" "$COUNTRY"',
        'report "$HOME" "$BUDDY_PIPELINE_NAME" "$COUNTRY"',
    ],
)
def test_a_name_that_the_commands_set_or_that_is_like_none_is_not(commands: str) -> None:
    assert hints(template(commands)) == ()


def test_a_fixed_variable_of_a_like_name_is_not_told() -> None:
    region = PreparedVariable("COUNTRIES", Fixed("pl de"))
    assert hints(template('report "$COUNTRIES" "$COUNTRY"', COUNTRY, region)) == ()


def test_each_name_is_told_once_and_so_many_are_compared() -> None:
    assert len(hints(template('a "$COUNTRI"\nb "$COUNTRI" "$COUNTRY"'))) == 1
    others = " ".join(f'"$A{number}"' for number in range(MOST_COMPARED))
    assert hints(template(f'report {others} "$COUNTRI" "$COUNTRY"')) == ()


def test_without_commands_there_is_nothing_to_mistype() -> None:
    assert hints(Template("T", variables=(COUNTRY,))) == UNUSED
