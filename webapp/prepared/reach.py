"""Which variables an answer reaches: those that are asked, and those that are fixed to what uses one of them."""

from webapp.docker.variables import used_names
from webapp.prepared.boxes import Asked, Fixed
from webapp.prepared.rules import Choices
from webapp.prepared.templates import Template


def reached_by_answers(template: Template, free_only: bool = False) -> set[str]:
    """The names of the variables that an answer reaches: those that are asked, and those that use one that is reached.

    With `free_only` an answer from a list of choices does not count.
    """
    asked = ((item.key, item.value) for item in template.variables if isinstance(item.value, Asked))
    return spread(
        template, {key for key, value in asked if not (free_only and isinstance(value.question.rule, Choices))}
    )


def spread(template: Template, names: set[str]) -> set[str]:
    """These variables, and those that are fixed to what uses one of them, however far that goes."""
    users: dict[str, set[str]] = {}
    for item in template.variables:
        for name in used_names(item.value.value) if isinstance(item.value, Fixed) else ():
            users.setdefault(name, set()).add(item.key)
    reached = set(names)
    waiting = list(reached)
    while waiting:
        more = users.get(waiting.pop(), set()) - reached
        reached |= more
        waiting += more
    return reached
