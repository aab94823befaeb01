"""Putting messages on fields, taking them off, collecting them."""

from collections.abc import Iterator

from wtforms import Field, Form

from webapp.forms.fields import Line


def messages(form: Form) -> Iterator[tuple[str, str]]:
    """The messages of one form's own fields, each with the id of its field."""
    for field in form:
        if field.name != "csrf_token":
            yield from ((field.id, str(error)) for error in field.errors)


def blame(field: Field, message: str) -> None:
    """Put a message on a field, unless it has one already."""
    if not field.errors:
        field.errors = [message]


def overlook(*fields: Field) -> None:
    """Take the messages off fields that will not be sent."""
    for field in fields:
        field.errors = []


def blame_repeats(fields: list[Line], message: str) -> None:
    """Put a message on each field that says what an earlier row says already."""
    first: dict[str, int] = {}
    for row, field in enumerate(fields, start=1):
        if field.text and first.setdefault(field.text, row) != row:
            blame(field, message.format(row=first[field.text]))
