"""Whether a question may be asked as its maker has written it."""

import re
from collections.abc import Iterator
from dataclasses import replace

from webapp.docker.texts import blank
from webapp.docker.variables import VariableNameError, check_variable_name
from webapp.prepared.checks import check_answer
from webapp.prepared.patterns import PatternError, check_pattern
from webapp.prepared.problems import Problem
from webapp.prepared.questions import Question
from webapp.prepared.rules import Choices, Day, Length, Pattern, YesNo

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
LONGEST_LABEL = 100
LONGEST_HELP = 1_000
LONGEST_RULE_WORDS = 200
LENGTHS = "The shortest length must be no greater than the longest, which must be 1 or more"
DAYS = "The first day must be no later than the last one"


def question_problems(box: str, question: Question) -> Iterator[Problem]:
    """Tell what is wrong with the question of a box."""
    if not KEY.fullmatch(question.key):
        words = "The key must be small letters, digits and _ only, begin with a letter and have at most 40 characters"
        yield Problem(box, words, "key")
    if blank(question.label):
        yield Problem(box, "Enter what is asked, for example Country", "label")
    for part, text, longest in (
        ("label", question.label, LONGEST_LABEL),
        ("help", question.help, LONGEST_HELP),
        ("example", question.example, LONGEST_HELP),
    ):
        if len(text) > longest:
            yield Problem(box, f"The {part} must be at most {longest:,} characters long: this is {len(text):,}", part)
    for name in question.variables_allowed:
        try:
            check_variable_name(name)
        except VariableNameError:
            words = "The allowed variables must be names such as VERSION, without $"
            yield Problem(box, words, "variables_allowed")
            break
    mistakes = list(rule_problems(question))
    yield from (Problem(box, words, "rule") for words in mistakes)
    if not mistakes and question.default and (wrong := check_answer(question, question.default)):
        yield Problem(box, f"The default must be an answer that is right. {wrong}", "default")


def pattern_problems(rule: Pattern) -> Iterator[str]:
    """Tell what is wrong with a pattern."""
    try:
        check_pattern(rule.pattern)
    except PatternError as error:
        yield str(error)
    if blank(rule.words) or len(rule.words) > LONGEST_RULE_WORDS:
        yield "Enter what the answer must be, in words, for example two capital letters"


def rule_problems(question: Question) -> Iterator[str]:
    """Tell what is wrong with the rule of a question."""
    match question.rule:
        case Choices():
            yield from choice_problems(question, question.rule)
        case Pattern():
            yield from pattern_problems(question.rule)
        case Length(shortest, longest):
            yield from [] if max(shortest, 1) <= longest else [LENGTHS]
        case Day(first, last):
            yield from [DAYS] if first and last and first > last else []
        case YesNo(yes, no):
            if blank(yes) and blank(no):
                yield "Enter what is sent for yes and for no"
            elif yes == no:
                yield "What is sent for yes must differ from what is sent for no"
            yield from sent_problems(question, [yes, no])


def choice_problems(question: Question, rule: Choices) -> Iterator[str]:
    """Tell what is wrong with a list of choices."""
    values = [item.value for item in rule.options]
    if not values:
        yield "Enter the choices, one per line"
    if any(map(blank, values)):
        yield "Each choice must have a value"
    if len(set(values)) < len(values):
        yield "Each choice must have a value of its own"
    yield from sent_problems(question, values)


def sent_problems(question: Question, values: list[str]) -> Iterator[str]:
    """Tell which of the values that the maker has written no answer could be."""
    free = replace(question, rule=Length(0, 65_536), required=False)
    yield from dict.fromkeys(filter(None, (check_answer(free, value) for value in values if not blank(value))))
