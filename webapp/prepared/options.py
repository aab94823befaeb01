"""Answers that a program would take for one of its options, since they begin with “-”."""

from collections.abc import Mapping

from webapp.prepared.boxes import Asked, Fixed
from webapp.prepared.commands import uses_in
from webapp.prepared.questions import Question
from webapp.prepared.reach import reached_by_answers
from webapp.prepared.rules import FreeText, Length
from webapp.prepared.templates import Template

DASH = "-"


def taken_for_options(template: Template, answers: Mapping[str, str]) -> dict[str, str]:
    """Tell which answers a program could take for an option, by the question's key, in words.

    Of a list, a pattern, a day and of yes or no, their maker has said which answers there are.
    """
    free = free_questions(template)
    if not any(answers.get(question.key, "").startswith(DASH) for question in free.values()):
        return {}
    return {
        question.key: f"“{question.label}” must not begin with “-”: the commands could take it for an option"
        for question in (free[name] for name in without_dash(template))
        if answers.get(question.key, "").startswith(DASH)
    }


def without_dash(template: Template) -> tuple[str, ...]:
    """The variables whose answers must not begin with “-”, in their order."""
    free = free_questions(template)
    risky = names_at_risk(template) if free else frozenset()
    return tuple(name for name in free if name in risky)


def free_questions(template: Template) -> dict[str, Question]:
    """The questions of variables whose maker has not said which answers there are, by the variable."""
    asked = {item.key: item.value.question for item in template.variables if isinstance(item.value, Asked)}
    return {key: question for key, question in asked.items() if isinstance(question.rule, FreeText | Length)}


def names_at_risk(template: Template) -> frozenset[str]:
    """The asked variables that the commands give to a program as a word of its own, with no “--” before it."""
    use = template.use("inline_commands")
    asked = frozenset(item.key for item in template.variables if isinstance(item.value, Asked))
    found = uses_in(use.value, reached_by_answers(template)).options if isinstance(use, Fixed) else frozenset()
    # What is made of an answer may begin as it does.
    return asked if found - asked else found
