"""Answers: what is wrong with them, and the form that they fill in."""

import re
from collections.abc import Collection, Iterable, Mapping

from webapp.docker.variables import used_names
from webapp.prepared.boxes import BOXES, Asked, Fixed, Made, Sealed, Use
from webapp.prepared.checks import YES, check_answer
from webapp.prepared.options import taken_for_options
from webapp.prepared.questions import Question
from webapp.prepared.rules import Choices, Day, YesNo
from webapp.prepared.secrets import PASSWORD, is_templates, slot_of
from webapp.prepared.templates import PreparedVariable, Template

Typed = dict[str, str]
ANSWER = "answers-"
KEPT = "-kept"
LINE_END = re.compile(r"\r\n?")
ROWS = ("volume_mappings", "variables")
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def answer_name(key: str) -> str:
    """The name under which a form posts the answer to a question."""
    return f"{ANSWER}{key}"


def kept_name(key: str) -> str:
    """The name under which a form posts the id of a secret answer that is kept for it."""
    return f"{ANSWER}{key}{KEPT}"


def answers_in(template: Template, posted: Mapping[str, str]) -> Typed:
    """Read the answers to a template's questions, by key, out of what was posted or linked. What else is there is not
    looked at."""
    names = {question.key: answer_name(question.key) for question in template.questions()}
    return {key: LINE_END.sub("\n", posted[name]) for key, name in names.items() if name in posted}


def kept_in(template: Template, posted: Mapping[str, str]) -> Typed:
    """Read the ids of the secret answers that are kept for a form, by key: a template's own secret answers nothing."""
    names = {key: kept_name(key) for key in secret_keys(template)}
    found = {key: posted.get(name, "") for key, name in names.items()}
    return {key: id for key, id in found.items() if id and not is_templates(id)}


def secret_keys(template: Template) -> frozenset[str]:
    """The keys of the questions whose answers are secrets: values of variables that are encrypted."""
    asked = ((item, item.value) for item in template.variables)
    return frozenset(value.question.key for item, value in asked if isinstance(value, Asked) and item.secret)


def defaults(template: Template) -> Typed:
    """What a new form of the template has as answers, by key."""
    return {question.key: question.default for question in template.questions()}


def samples(template: Template) -> Typed:
    """Answers that fit, as far as the template itself knows some: with them its maker sees what the others will."""
    return {question.key: sample(question) for question in template.questions()}


def sample(question: Question) -> str:
    """An answer that fits, if the question knows one."""
    rule = question.rule
    tries = [question.default, question.example]
    if isinstance(rule, Choices):
        tries += [item.value for item in rule.options]
    if isinstance(rule, Day):
        tries += [str(rule.first or rule.last or "2026-03-01")]
    if isinstance(rule, YesNo):
        tries = [YES]
    return next((text for text in tries if text and not check_answer(question, text)), "")


def locked_boxes(template: Template, names: Iterable[str]) -> tuple[str, ...]:
    """Those of the posted names that a template's form never has: boxes of the whole form, and answers to no question.

    Whoever posts one wants to open a lock: it is refused, and put on record. Answers go by their questions' names.
    """
    known = {answer_name(question.key) for question in template.questions()}
    known |= {kept_name(key) for key in secret_keys(template)}
    return tuple(name for name in names if name not in known and is_locked(name))


def is_locked(name: str) -> bool:
    """Whether a name is that of a box of the whole form, of one of its rows, or of an answer."""
    return name in BOXES or name == "password_kept" or name.startswith((ANSWER, *(f"{row}-" for row in ROWS)))


def check_answers(template: Template, answers: Mapping[str, str], kept: Collection[str] = ()) -> dict[str, str]:
    """Tell what is wrong with the answers, by the question's key, in words; nothing where all is right.

    `kept` are the keys of secret answers that are kept for the form already. What the box itself asks of its text, the
    whole form tells: `Template.key_of` leads from its box to the question.
    """
    found = {
        question.key: check_answer(question, answers.get(question.key, ""))
        for question in template.questions()
        if answers.get(question.key) or question.key not in kept
    }
    wrong = taken_for_options(template, answers) | {key: words for key, words in found.items() if words}
    return wrong or check_made_name(template, answers)


def check_made_name(template: Template, answers: Mapping[str, str]) -> dict[str, str]:
    """Tell that answers which use no variable do so together in the name that is made of them, by the first one's
    key."""
    use = template.use("name")
    if not isinstance(use, Made):
        return {}
    keys = PLACEHOLDER.findall(use.text)
    asked = {question.key: question for question in template.questions() if question.key in keys}
    values = {key: named(question, answers) for key, question in asked.items()}
    apart = {name for text in (PLACEHOLDER.sub("\n", use.text), *values.values()) for name in used_names(text)}
    if not asked or apart.issuperset(used_names(text_of(use, values) or "")):
        return {}
    first = next(question for key, question in asked.items() if "$" in values[key] or "$" in use.text)
    return {first.key: f"“{first.label}” must make no variable, such as $NAME, with what stands beside it in the name"}


def fill(template: Template, answers: Mapping[str, str], kept: Mapping[str, str] | None = None) -> Typed:
    """Fill in the whole form from a template and answers: what it would post, without its page's own fields.

    `kept` are the ids, by key, of secret answers that are kept for this form. A secret of the template is named, in
    `password_kept` or `variables-<i>-kept`, by its slot: whoever sends the form hands the form the opened slots among
    its secrets. What is not asked comes from the template alone, whatever the answers are.
    """
    values = {question.key: value_of(question, answers) for question in template.questions()}
    typed: Typed = {}
    names = {question.key: named(question, answers) for question in template.questions()}
    for box in BOXES:
        use = template.use(box)
        put(typed, box, text_of(use, names if isinstance(use, Made) else values))
    if isinstance(template.use("password"), Sealed):
        typed["password_kept"] = PASSWORD
    for number, volume in enumerate(template.volumes):
        put(typed, f"volume_mappings-{number}-source", text_of(volume.source, values) or "")
        put(typed, f"volume_mappings-{number}-target", text_of(volume.target, values) or "")
    for number, variable in enumerate(template.variables):
        row = variable_row(variable, values, kept or {})
        typed |= {f"variables-{number}-{field}": text for field, text in row.items()}
    return typed


def variable_row(variable: PreparedVariable, values: Mapping[str, str], kept: Mapping[str, str]) -> Typed:
    """A variable as a row of the form."""
    row = {"key": variable.key, "type": variable.type, "description": variable.description}
    row |= {flag: "true" for flag in ("encrypted", "settable") if getattr(variable, flag)}
    if isinstance(variable.value, Sealed):
        return row | {"kept": slot_of(variable)}
    text = text_of(variable.value, values) or ""
    id = kept.get(variable.value.question.key, "") if isinstance(variable.value, Asked) else ""
    if id and not text and not is_templates(id):
        return row | {"kept": id}
    return row | {"value": text}


def put(typed: Typed, name: str, text: str | None) -> None:
    """Fill in a box, if there is something for it."""
    if text is not None:
        typed[name] = text


def text_of(use: Use, values: Mapping[str, str]) -> str | None:
    """What a box holds; None where nothing is posted for it."""
    if isinstance(use, Fixed):
        return use.value
    if isinstance(use, Asked):
        return values.get(use.question.key, "")
    if isinstance(use, Made):
        return PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), use.text)
    return None


def value_of(question: Question, answers: Mapping[str, str]) -> str:
    """What an answer stands for in its box."""
    answer = answers.get(question.key, "")
    if isinstance(question.rule, YesNo):
        return question.rule.yes if answer else question.rule.no
    return answer


def named(question: Question, answers: Mapping[str, str]) -> str:
    """What an answer is called in a name that is made of answers: a choice by the words that people chose."""
    value = value_of(question, answers)
    options = question.rule.options if isinstance(question.rule, Choices) else ()
    return next((each.words for each in options if each.value == value and each.words), value)
