"""What differs between two versions of a template, in words."""

from dataclasses import dataclass

from webapp.prepared.templates import Template


@dataclass(frozen=True)
class Change:
    """A thing that differs: its box, as `Problem` names it, and what it was `before` and is `after`, in words."""

    box: str
    before: str
    after: str


def changes(before: Template, after: Template) -> tuple[Change, ...]:
    """Tell what a newer version changes, in the order of the form's page; nothing where both are the same."""
    raise NotImplementedError
