"""Answers to a template as people read them: the words that they chose, and not the value that is sent."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date

from webapp.forms.action_form.facts import Fact
from webapp.prepared.answers import answers_in, secret_keys
from webapp.prepared.questions import Question
from webapp.prepared.rules import Choices, Day, YesNo
from webapp.prepared.templates import Template

UNANSWERED = "no answer"
HIDDEN = "not shown"


def answer_in_words(question: Question, answer: str) -> str:
    """An answer as people read it."""
    if isinstance(question.rule, YesNo):
        return "Yes" if answer else "No"
    return chosen_words(question, answer) or UNANSWERED


def value_in_words(question: Question, value: str) -> str:
    """What a box holds that a question fills in, as people read it."""
    if isinstance(question.rule, YesNo) and question.rule.yes != question.rule.no:
        return {question.rule.yes: "Yes", question.rule.no: "No"}.get(value, value)
    return chosen_words(question, value)


def chosen_words(question: Question, text: str) -> str:
    """A choice by its words, and a day as it is written out; any other text as it is."""
    if isinstance(question.rule, Choices):
        return next((each.words for each in question.rule.options if each.value == text and each.words), text)
    if isinstance(question.rule, Day):
        # What is no day was never accepted, or is what the box held before.
        with suppress(ValueError):
            day = date.fromisoformat(text)
            return f"{day.day} {day:%B %Y}"
    return text


def told_answers(template: Template, posted: Mapping[str, str]) -> list[Fact]:
    """Each question of a template with the answer that was posted to it, in words; a secret one is not shown."""
    answers, secret = answers_in(template, posted), secret_keys(template)
    return [
        (each.label, HIDDEN if each.key in secret else answer_in_words(each, answers.get(each.key, "")))
        for each in template.questions()
    ]
