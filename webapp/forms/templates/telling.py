"""What a template asks, in words."""

from webapp.forms.fixed import changed_box
from webapp.forms.templates.fillings import label_of
from webapp.prepared.boxes import BOXES, Asked
from webapp.prepared.changes import Change, shortened
from webapp.prepared.rules import Choices, Day, FreeText, Length, Pattern, Rule, YesNo
from webapp.prepared.secrets import PASSWORD
from webapp.prepared.templates import Template

LONGEST_SHOWN = 300
PARTS = {
    "label": "the question",
    "key": "the short name",
    "help": "the help",
    "example": "the example",
    "default": "filled in at first",
    "rule": "what the answer must be",
    "variables_allowed": "variables that it may use",
    "required": "whether it must be answered",
    "type": "the kind",
    "encrypted": "encrypted",
    "settable": "can be changed when the pipeline is run",
    "description": "the description",
}


def asked_in(template: Template) -> list[tuple[str, str, str]]:
    """Each question: its words, what its answer must be, and the box that it goes into."""
    asked = ((box, use.question) for box, use in template.uses() if isinstance(use, Asked))
    return [(question.label, rule_in_words(question.rule), box_in_words(template, box)) for box, question in asked]


def box_in_words(template: Template, box: str) -> str:
    """What a box is called, by the name that the whole form posts."""
    if box in BOXES:
        return label_of(box)
    kind, number, _ = box.split("-")
    return changed_box(f"variables-{template.variables[int(number)].key}" if kind == "variables" else box)


def change_term(change: Change) -> str:
    """What a change is about: the box, and which part of its question or of its variable."""
    part = PARTS.get(change.part, "")
    return f"{changed_box(change.box)}, {part}" if part else changed_box(change.box)


def change_for_users(change: Change, before: Template, after: Template) -> list[str]:
    """A change, for who answers the questions: by the question that it is about, where there is one."""
    old, new = before.question_in(change.box), after.question_in(change.box)
    plain = f"{change.before} → {change.after}"
    if new is None or old is None:
        return [f"{changed_box(change.box)}: {plain}"]
    if change.part == "label":
        return [f"Question: {plain}"]
    if change.part == "rule" and isinstance(old.rule, Choices) and isinstance(new.rule, Choices):
        return choices_changed(new.label, old.rule, new.rule) or [f"{new.label}: {plain}"]
    part = PARTS.get(change.part, "")
    return [f"{new.label}, {part}: {plain}" if part else f"{new.label}: {plain}"]


def choices_changed(label: str, before: Choices, after: Choices) -> list[str]:
    """What a question offers more, and what no longer."""
    old, new = ({item.value: item.words or item.value for item in each.options} for each in (before, after))
    more = ", ".join(shortened(new[value]) for value in new if value not in old)
    fewer = ", ".join(shortened(old[value]) for value in old if value not in new)
    told = ((f"{label} now also offers", more), (f"{label} no longer offers", fewer))
    return [f"{words} {shortened(names)}" for words, names in told if names]


def rule_in_words(rule: Rule) -> str:
    """What an answer must be."""
    match rule:
        case Choices(options):
            names = ", ".join(item.words or item.value for item in options)
            return f"one of: {names[:LONGEST_SHOWN]}{'…' if len(names) > LONGEST_SHOWN else ''}"
        case Pattern():
            return rule.words
        case Length():
            return rule.in_words
        case YesNo():
            return "yes or no"
        case Day(first, last):
            limits = [f"from {first}" if first else "", f"until {last}" if last else ""]
            return " ".join(["a day", *filter(None, limits)])
        case FreeText(lines):
            return "any text" if lines else "any text on one line"


def secret_in_words(slot: str) -> str:
    """What a secret of a template is."""
    return "the password for the registry" if slot == PASSWORD else f"the value of {slot.rpartition(':')[2]}"
