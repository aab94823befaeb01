"""What the last paste has filled in: told on the page by marks, so that the next paste can take its place.

A mark names a box, or a kind of rows, and what stands there, by a digest. What somebody has changed since has another
one. A row with a secret has the id of that in its place, so that a mark tells nothing of it.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from webapp.docker.texts import blank
from webapp.forms.action_form.form import DEFAULTS, LABELS, ROWS
from webapp.forms.action_form.posted import Typed, rows_of, with_rows

# In characters: as much as the marks of the largest form.
LONGEST = 40_000
DIGITS = 12
USUAL = {"type": "VAR"}


@dataclass(frozen=True)
class FilledIn:
    """What a paste has filled in: boxes by their names, and of each kind of rows the new ones, by their numbers."""

    boxes: Collection[str]
    rows: Mapping[str, Collection[int]]

    def marks(self, typed: Mapping[str, str]) -> str:
        """The marks of all this, in a form that holds `typed`: its secrets are taken out already."""
        found = [mark(name, typed.get(name, "")) for name in self.boxes]
        for kind, numbers in self.rows.items():
            rows = rows_of(typed, kind)
            found += [row_mark(kind, rows[number]) for number in numbers if number < len(rows)]
        return " ".join(found)


def without_marked(typed: Mapping[str, str], marks: str) -> tuple[Typed, tuple[str, ...]]:
    """A form without what the last paste has filled in and nobody has changed; and what that was, in words."""
    known = set(marks.split()) if len(marks) <= LONGEST else set()
    boxes = [name for name in typed if mark(name, typed[name]) in known]
    left = {name: DEFAULTS.get(name, "") if name in boxes else text for name, text in typed.items()}
    gone = [LABELS[name] for name in boxes if name in LABELS]
    for kind in ROWS:
        rows = rows_of(typed, kind)
        marked = [row_mark(kind, row) in known for row in rows]
        if any(marked):
            left = with_rows(left, kind, [row for row, filled in zip(rows, marked, strict=True) if not filled])
            gone += [called(kind, row) for row, filled in zip(rows, marked, strict=True) if filled]
    return left, tuple(gone)


def called(kind: str, row: Mapping[str, str]) -> str:
    """What a report calls a row."""
    if kind == "variables":
        return f"Variable {row.get('key', '')}"
    return f"Volume mapping {row.get('source', '')}:{row.get('target', '')}"


def row_mark(kind: str, row: Mapping[str, str]) -> str:
    """The mark of a row: of what is filled in there."""
    filled = {name: text for name, text in row.items() if not blank(text) and USUAL.get(name) != text}
    return mark(kind, json.dumps(filled, sort_keys=True))


def mark(name: str, text: str) -> str:
    """The mark of a box and what stands in it."""
    return f"{name}:{sha256(text.encode(errors='surrogatepass')).hexdigest()[:DIGITS]}"


def numbers_of(rows: Iterable[Typed], new: Iterable[Typed]) -> tuple[int, ...]:
    """The numbers of those rows that are new."""
    ids = {id(row) for row in new}
    return tuple(number for number, row in enumerate(rows) if id(row) in ids)
