"""What a newer version of a template changes, in the words of pages."""

from webapp.forms.fixed import words_of
from webapp.prepared.boxes import BOXES
from webapp.prepared.changes import Change, Words, changes
from webapp.prepared.templates import Template
from webapp.views.templates.areas import areas_called


def told_changes(before: Template, after: Template) -> tuple[Change, ...]:
    """What a newer version of a template changes: its places by their names, and values as the whole form says them."""
    return changes(before, after, Words(areas_called, value_in_words))


def value_in_words(box: str, value: str) -> str:
    """What is fixed in a single box, or in one of a row."""
    return words_of(box, value) if box in BOXES else value
