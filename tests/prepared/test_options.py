"""An answer that begins with “-”: refused where a program could take it for one of its options."""

from dataclasses import replace

import pytest

from webapp.prepared.answers import check_answers
from webapp.prepared.boxes import Asked, Fixed
from webapp.prepared.judging import problems
from webapp.prepared.problems import Problem
from webapp.prepared.questions import Question
from webapp.prepared.rules import Choices, FreeText, Length, Option, Pattern, Rule
from webapp.prepared.templates import PreparedVariable, Template

NOTE = Question("note", "Note")
REFUSED = {"note": "“Note” must not begin with “-”: the commands could take it for an option"}


def template(commands: str, rule: Rule = NOTE.rule, *more: PreparedVariable) -> Template:
    asked = PreparedVariable("NOTE", Asked(replace(NOTE, rule=rule)))
    return Template("T", boxes={"inline_commands": Fixed(commands)}, variables=(asked, *more))


@pytest.mark.parametrize(
    "commands",
    [
        'curl "$NOTE"',
        'report --country "$NOTE"',
        'report "${NOTE}.csv"',
        'report "$A$NOTE"',
        'timeout 10 report "$NOTE"',
        'python report.py "$NOTE"',
        'if report "$NOTE"; then echo done; fi',
        'OTHER="$NOTE"\nreport "$OTHER"',
        'for each in "$NOTE"; do report "$each"; done',
        'report "$(printf \'%s\' "$NOTE")"',
        'echo "$(report "$NOTE")"',
        'report "$NOTE" -- last',
    ],
)
def test_it_is_refused_where_it_is_a_word_of_its_own(commands: str) -> None:
    assert check_answers(template(commands), {"note": "-o/etc/passwd"}) == REFUSED
    assert check_answers(template(commands, Length(1, 20)), {"note": "--all"}) == REFUSED
    assert check_answers(template(commands), {"note": "all -o"}) == {}


@pytest.mark.parametrize(
    "commands",
    [
        'report -- "$NOTE"',
        'report --country="$NOTE"',
        'report "country $NOTE"',
        'echo "$NOTE"',
        "printf '%s\\n' \"$NOTE\" > note.txt",
        'if [ "$NOTE" = yes ]; then report; fi',
        'case "$NOTE" in a) report;; esac',
        "report",
    ],
)
def test_it_is_taken_where_no_program_could_read_it_so(commands: str) -> None:
    assert check_answers(template(commands), {"note": "- buy milk"}) == {}


@pytest.mark.parametrize("rule", [Pattern("-?[0-9]+", "a whole number"), Choices((Option("-5", ""),))])
def test_what_the_maker_has_allowed_is_taken(rule: Rule) -> None:
    assert check_answers(template('report "$NOTE"', rule), {"note": "-5"}) == {}


def test_a_variable_that_is_made_of_it_counts_too() -> None:
    made = PreparedVariable("MADE", Fixed("$NOTE and more"))
    assert check_answers(template('report "$MADE"', FreeText(), made), {"note": "-x"}) == REFUSED
    assert check_answers(template('echo "$MADE"', FreeText(), made), {"note": "-x"}) == {}


def test_no_default_begins_so_where_it_would_be_refused() -> None:
    asked = PreparedVariable("NOTE", Asked(replace(NOTE, default="-x")))
    wrong = Template("T", boxes={"inline_commands": Fixed('report "$NOTE"')}, variables=(asked,))
    told = [each for each in problems(wrong) if each.part == "default"]
    assert told == [
        Problem("variables-0-value", f"The default must be an answer that is right. {REFUSED['note']}", "default")
    ]
    assert not [
        each for each in problems(replace(wrong, boxes={"inline_commands": Fixed('echo "$NOTE"')})) if each.part
    ]


def test_what_is_kept_of_a_secret_answer_is_judged_as_well() -> None:
    secret = PreparedVariable("NOTE", Asked(NOTE), encrypted=True)
    asked = Template("T", boxes={"inline_commands": Fixed('report "$NOTE"')}, variables=(secret,))
    assert check_answers(asked, {"note": "-x"}) == REFUSED
