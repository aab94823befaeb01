"""Reading long lists a page at a time, newest first, at a cost that does not grow with them.

A filter that an index has in the list's order finds its rows at once. Of those that it finds, whatever else is asked
for is looked up one by one, and of so many at most: a page that has not come as far as it should says how far.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, FromClause, Select, and_, false, or_, select, union_all

from webapp.store.models import Submission

Row = TypeVar("Row")
Key = TypeVar("Key")

# How many rows one page looks through for what no index has.
LOOKED_THROUGH = 1000
# So many values of a filter are each read in order and then merged; of more, each row is looked at.
MOST_VALUES = 20
Condition = ColumnElement[bool]


@dataclass(frozen=True)
class Part(Generic[Row, Key]):
    """A page of a list: its rows, and the key behind which the next one begins, or None at the list's end.

    It is `cut` when it ends there because it has looked through enough, and not because it is full.
    """

    rows: Sequence[Row]
    older: Key | None
    cut: bool = False


@dataclass(frozen=True)
class Filter:
    """What is asked for: that one of `ways` holds, whose rows an index has in order, and all of the `rest`."""

    ways: tuple[Condition, ...]
    rest: tuple[Condition, ...] = ()

    @property
    def looked_through(self) -> int | None:
        """Of how many rows the rest is looked up at most; None when there is nothing to look up."""
        return LOOKED_THROUGH if self.rest else None


def ways(*choices: Sequence[Condition]) -> tuple[Condition, ...]:
    """All ways of choosing one condition from each; from one without any there is none."""
    return tuple(and_(*each) for each in product(*choices))


def placed(place: tuple[str, str, int] | None, rows: FromClause) -> list[Condition]:
    """Whether a row is at a workspace's project's pipeline; nothing when that does not matter."""
    if place is None:
        return []
    return [and_(*(rows.c[name] == part for name, part in zip(Submission.PLACE, place, strict=True)))]


def one_of(conditions: Iterable[Condition]) -> Condition:
    """Whether one of them holds."""
    return or_(false(), *conditions)


def left(*choices: Sequence[Condition]) -> tuple[Condition, ...]:
    """What is left to look up: of each choice that there is, one must hold."""
    return tuple(one_of(choice) for choice in choices if choice)


def in_order(query: Select[Any], wanted: Filter, order: Sequence[str], limit: int) -> Any:
    """Read the first rows that the ways of a filter find, each in the order of its index: these columns, downwards."""

    def read(rows: Any) -> Any:
        return rows.order_by(*(rows.selected_columns[name].desc() for name in order)).limit(limit)

    parts = [read(query.where(way)).subquery() for way in wanted.ways]
    if len(parts) == 1:
        return parts[0]
    return read(select(union_all(*map(select, parts)).subquery())).subquery()
