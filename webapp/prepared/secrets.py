"""The secrets of a template: how a form names them, and what they belong to."""

from collections.abc import Collection, Mapping
from typing import Any

from webapp.prepared.boxes import BOXES, Asked, Fixed, Sealed, Use
from webapp.prepared.questions import Question
from webapp.prepared.rules import Choices, Pattern
from webapp.prepared.templates import PreparedVariable, Template

# No kept secret of a form has an id with a colon in it.
PREFIX = "template:"
PASSWORD = f"{PREFIX}password"
# What else decides what the container sees.
ALSO = frozenset({"mount_filesystem_disable", "registry_public"})


def slot_of(variable: PreparedVariable) -> str:
    """The id under which the value of a secret variable is kept."""
    return f"{PREFIX}variable:{variable.key}"


def slots(template: Template) -> tuple[str, ...]:
    """The ids of the secrets that a template needs: the same as a form names them with in `…kept`."""
    password = [PASSWORD] if isinstance(template.use("password"), Sealed) else []
    return (*password, *(slot_of(item) for item in template.variables if isinstance(item.value, Sealed)))


def missing(template: Template, stored: Collection[str]) -> tuple[str, ...]:
    """The ids of the secrets that a template needs and that are not among those `stored`."""
    return tuple(slot for slot in slots(template) if slot not in stored)


def is_templates(id: str) -> bool:
    """Whether a secret of this id is a template's, which no draft and no submission may keep a copy of."""
    return id.startswith(PREFIX)


def without_templates(secrets: Mapping[str, str]) -> dict[str, str]:
    """Leave out the secrets of a template: what a draft or a submission may keep."""
    return {id: value for id, value in secrets.items() if not is_templates(id)}


def belongings(template: Template) -> dict[str, Any]:
    """What the secrets of a template belong to, as plain data: where it differs, they have to be typed again.

    That is the registry, the image, the commands and the places, all that leads to them, and the variables, since
    commands and images use those. What is asked counts by which answers there can be, not by the words around it.
    """
    leading = [box.name for box in BOXES.values() if box.leads or box.never_asked or box.name in ALSO]
    shown = [item for item in template.variables if not isinstance(item.value, Sealed)]
    return {
        "places": sorted([area.workspace, area.project, area.pipeline] for area in template.areas),
        "boxes": {name: stripped(template.use(name)) for name in leading},
        "volumes": [[stripped(item.source), stripped(item.target)] for item in template.volumes],
        "variables": sorted(([item.key, item.type, *stripped(item.value)] for item in shown), key=str),
    }


def stripped(use: Use) -> list[Any]:
    """What is done with a box, without the words that people read."""
    if isinstance(use, Fixed):
        return ["fixed", use.value]
    if isinstance(use, Asked):
        return ["asked", possible(use.question), use.question.variables_allowed, use.question.required]
    return [type(use).__name__]


def possible(question: Question) -> Any:
    """Which answers a question takes, without the words for them."""
    match question.rule:
        case Choices(options):
            return sorted(option.value for option in options)
        case Pattern(pattern):
            return pattern
    return question.rule
