"""Putting messages on fields, taking them off, collecting them."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from wtforms import Field, Form
from wtforms.form import BaseForm

from webapp.docker.secrets import holds_secret
from webapp.forms.fields import Line

# In characters, of a name in a heading or a sentence.
LONGEST_IN_SENTENCE = 80
# How sentences of the forms begin.
OPENINGS = frozenset({"Choose", "Enter", "The", "This"})


def messages(form: BaseForm) -> Iterator[tuple[str, str]]:
    """The messages of one form's own fields, each with the id of its field."""
    for field in form:
        if field.errors and field.name != "csrf_token":
            for error in field.errors:
                yield field.id, str(error)


def row_messages(rows: Iterable[tuple[Callable[[], str], Sequence[Form]]]) -> Iterator[tuple[str, str]]:
    """The messages of rows, each with what its row is called; a row can have several forms."""
    for called, forms in rows:
        yield from ((id, in_row(called(), message)) for form in forms for id, message in messages(form))


def in_row(called: str, message: str) -> str:
    """What is wrong in a row, behind what the row is called: one sentence, where Slipway itself says it."""
    first, _, rest = message.partition(" ")
    return f"{called}: {first.lower() if first in OPENINGS else first} {rest}".rstrip()


def row_called(thing: str, number: int, name: str) -> str:
    """What people call a row: by the name that it has, else by its number. No name is what looks like a secret."""
    line = " ".join(name.split())
    if not line or holds_secret(name):
        return f"{thing} {number}"
    return brief(line)


def brief(name: str) -> str:
    """A name in a heading or a sentence, where words come behind it that have to be seen, too."""
    return name if len(name) <= LONGEST_IN_SENTENCE else f"{name[:LONGEST_IN_SENTENCE]}…"


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
