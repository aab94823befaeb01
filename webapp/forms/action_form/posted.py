"""What a browser posted, reduced to the fields that the form knows, one text each."""

import re
from collections.abc import Collection, Iterable, Mapping

from werkzeug.datastructures import MultiDict

Typed = dict[str, str]

# Boxes that fill in others. They can hold secrets that nobody has recognised yet, so they are in no draft.
PASTES = ("run_command", "run_choice", "env_text", "last_paste")
PAGE_FIELDS = frozenset({"csrf_token", "envelope", "draft", *PASTES})
ROW_NAME = re.compile(r"(volume_mappings|variables)-([0-9]{1,6})-([a-z_]+)")
LINE_END = re.compile(r"\r\n?")
# More rows than these are an error on the page, which keeps them all.
MOST_VOLUMES = 400
MOST_VARIABLES = 400
# More rows of a kind than any page leads to: the form is not read at all.
MOST_ROWS_READ = 2000


class TooManyRows(ValueError):
    """A form has more rows of a kind than `MOST_ROWS_READ`."""


def clean(posted: MultiDict[str, str], fields: Collection[str], row_fields: Mapping[str, Collection[str]]) -> Typed:
    """Keep the known fields of a posted form, the first of each name, with line ends as `\\n` and rows numbered from 0.

    `fields` are the names of single fields, `row_fields` the names of fields in each kind of row. Unknown names are
    dropped, and so are row numbers that are not plain ASCII digits, which WTForms can't read. Raises `TooManyRows`.
    """
    typed: Typed = {}
    rows: dict[str, dict[int, Typed]] = {kind: {} for kind in row_fields}
    for name, value in posted.items():
        text = LINE_END.sub("\n", value)
        if name in fields:
            typed[name] = text
        elif (match := ROW_NAME.fullmatch(name)) and match[3] in row_fields[match[1]]:
            rows[match[1]].setdefault(int(match[2]), {}).setdefault(match[3], text)
            if len(rows[match[1]]) > MOST_ROWS_READ:
                raise TooManyRows
    for kind, numbered in rows.items():
        typed.update(flatten(kind, (numbered[number] for number in sorted(numbered))))
    return typed


def rows_of(typed: Mapping[str, str], kind: str) -> list[Typed]:
    """Read the rows of one kind, in order, each as field → text."""
    rows: dict[int, Typed] = {}
    for name, value in typed.items():
        if (match := ROW_NAME.fullmatch(name)) and match[1] == kind:
            rows.setdefault(int(match[2]), {})[match[3]] = value
    return [rows[number] for number in sorted(rows)]


def with_rows(typed: Mapping[str, str], kind: str, rows: Iterable[Typed]) -> Typed:
    """Give the fields with all rows of one kind replaced by `rows`."""
    others = {name: value for name, value in typed.items() if not name.startswith(f"{kind}-")}
    return others | flatten(kind, rows)


def flatten(kind: str, rows: Iterable[Typed]) -> Typed:
    """Name the fields of rows as a form posts them."""
    return {f"{kind}-{number}-{field}": value for number, row in enumerate(rows) for field, value in row.items()}


def content(typed: Mapping[str, str]) -> Typed:
    """Leave out what belongs to one page only: its CSRF token, its envelope and its mark, and pasted texts."""
    return {name: value for name, value in typed.items() if name not in PAGE_FIELDS}


def pastes(typed: Mapping[str, str]) -> Typed:
    """The pasted texts in what was posted."""
    return {name: typed.get(name, "") for name in PASTES}
