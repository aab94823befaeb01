"""Whether one answer is what its question asks for."""

import re
from datetime import date

from webapp.docker.texts import blank
from webapp.docker.variables import USE
from webapp.prepared.patterns import LONGEST_TEXT, PatternError, matches
from webapp.prepared.questions import Question
from webapp.prepared.rules import Choices, Day, FreeText, Length, Pattern, YesNo

LONGEST_ANSWER = 65_536
YES = "true"
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# What may begin the use of a variable. What else a $ begins, Buddy leaves as it is.
BEGINS = re.compile(r"\$\{|\$[A-Za-z_]")


def check_answer(question: Question, answer: str) -> str:
    """Tell what is wrong with an answer, in a sentence without its full stop; an empty text where nothing is."""
    name = f"“{question.label}”"
    size = len(answer.encode(errors="replace"))
    if size > LONGEST_ANSWER:
        return f"{name} must be at most {LONGEST_ANSWER:,} bytes long: this is {size:,}"
    if isinstance(question.rule, YesNo):
        return "" if answer in ("", YES) else f"Choose yes or no for {name}"
    if blank(answer):
        # Blanks alone are an answer that nobody can see.
        if question.required:
            return f"{'Choose' if isinstance(question.rule, Choices) else 'Enter'} an answer to {name}"
        return "" if not answer else f"{name} must be empty, or have more than blanks"
    return check_variables(question, name, answer) or check_rule(question, name, answer)


def check_variables(question: Question, name: str, answer: str) -> str:
    """Tell of variables of Buddy that an answer uses and may not."""
    allowed = set(question.variables_allowed)
    rest = USE.sub(lambda match: "" if (match[1] or match[2]) in allowed else match[0], answer)
    # What is left on both sides of a use that is allowed must not become another one.
    if not BEGINS.search(rest) and not BEGINS.search(USE.sub("\n", answer)):
        return ""
    if not allowed:
        return f"{name} must have no variables, such as $NAME or ${{NAME}}"
    names = ", ".join(f"${each}" for each in question.variables_allowed)
    return f"{name} must have no other variables than {names}"


def check_rule(question: Question, name: str, answer: str) -> str:
    """Tell what is wrong with an answer by the rule of its question."""
    match question.rule:
        case Choices(options):
            return "" if answer in {item.value for item in options} else f"Choose an answer to {name} from its list"
        case Pattern():
            return check_pattern(question.rule, name, answer)
        case Length(shortest, longest):
            fits = shortest <= len(answer) <= longest
            return "" if fits else f"{name} must be {question.rule.in_words} long: this is {len(answer):,}"
        case Day():
            return check_day(question.rule, name, answer)
        case FreeText(lines):
            return "" if lines or not re.search(r"[\n\r]", answer) else f"{name} must be on one line"
        case YesNo():
            return ""


def check_pattern(rule: Pattern, name: str, answer: str) -> str:
    """Tell that an answer does not match its pattern."""
    if len(answer) > LONGEST_TEXT:
        return f"{name} must be at most {LONGEST_TEXT} characters long: this is {len(answer):,}"
    try:
        fits = matches(rule.pattern, answer)
    except PatternError:
        fits = False
    return "" if fits else f"{name} must be {rule.words}"


def check_day(rule: Day, name: str, answer: str) -> str:
    """Tell that an answer is no day, or none that is wanted."""
    try:
        day = date.fromisoformat(answer) if DAY.fullmatch(answer) else None
    except ValueError:
        day = None
    if day is None:
        return f"{name} must be a day such as 2026-03-01"
    if rule.first is not None and day < rule.first:
        return f"{name} must be {rule.first} or later"
    if rule.last is not None and day > rule.last:
        return f"{name} must be {rule.last} or earlier"
    return ""
