"""Reading long lists a page at a time, newest first, at a cost that does not grow with them.

A filter that an index has in the list's order finds its rows at once. Of those that it finds, whatever else is asked
for is looked up one by one, and of so many at most: a page that has not come as far as it should says how far. Words
that too few of these have are asked of an index that finds them in no order.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Generic, TypeVar

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    false,
    func,
    or_,
    select,
    text,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session

from webapp.store.models import Submission

Row = TypeVar("Row")
Key = TypeVar("Key")

# How many rows one page looks through for what no index has.
LOOKED_THROUGH = 1000
# How many rows are counted: of more it is said that there are at least so many.
COUNTED = 250
# Where fewer than these are found so, an index that has words in no order finds the others sooner. All that it finds is
# read before the first row is known, up to so many; of words that more have, one page looks through as many rows.
FEW = 25
MOST_FOUND = 100_000
# So many values of a filter are each read in order and then merged; of more, each row is looked at.
MOST_VALUES = 20
# The plan for all words would be one for none in particular.
# https://www.postgresql.org/docs/current/runtime-config-query.html#GUC-PLAN-CACHE-MODE
PLANNED_ANEW = text("SET LOCAL plan_cache_mode = force_custom_plan")
Condition = ColumnElement[bool]
# Those that were found, and behind which one there may be more, if there are fewer than were wanted.
Keys = tuple[list[Key], Key | None]


@dataclass(frozen=True)
class Count:
    """How many a list has; `whole` is False where it is at least so many, since no more were counted."""

    number: int
    whole: bool = True


@dataclass(frozen=True)
class Part(Generic[Row, Key]):
    """A page of a list: its rows, and the key behind which the next one begins, or None at the list's end.

    It is `cut` when it ends there because it has looked through enough, and not because it is full.
    """

    rows: Sequence[Row]
    older: Key | None
    cut: bool = False

    def counted(self, count: Callable[[], Count], first: bool) -> Count | None:
        """How many there are in the list: those of a page that is the `first` one and the last, else what a `count`
        says; None of a page without rows."""
        if not self.rows:
            return None
        if first and self.older is None:
            return Count(len(self.rows))
        found = count()
        return Count(max(found.number, len(self.rows)), found.whole)


@dataclass(frozen=True)
class Filter:
    """What is asked for: that one of `ways` holds, whose rows an index has in order, and all of the `rest`."""

    ways: tuple[Condition, ...]
    rest: tuple[Condition, ...] = ()

    @property
    def looked_through(self) -> int | None:
        """Of how many rows the rest is looked up at most; None when there is nothing to look up."""
        return LOOKED_THROUGH if self.rest else None


@dataclass(frozen=True)
class Search(Generic[Key]):
    """One search in the list of a `table`, whose rows stand in an `order`: these columns, downwards.

    `first` reads so many rows behind a key in that order, of which the rest of what is `asked` is looked up. Where an
    index has the words in no order, `behind` reads all rows behind a key. `key` makes a key of a row with the columns.
    """

    table: FromClause
    order: Sequence[str]
    asked: Filter
    key: Callable[[Any], Key]
    first: Callable[[Key | None, int], FromClause]
    behind: Callable[[Key | None], Select[Any]] | None = None

    def part(self, session: Session, limit: int, before: Key | None) -> Part[Key, Key]:
        """Read up to `limit` keys behind `before`."""
        found, end = self._keys(session, limit + 1, before)
        if len(found) > limit:
            return Part(found[:limit], found[limit - 1])
        return Part(found, end, cut=end is not None)

    def count(self, session: Session, apart: ColumnElement[Any]) -> Count:
        """Count what is found in the first rows, by what tells them `apart`."""
        first = self.first(None, COUNTED)
        rows = first.join(self.table, self.table.c.number == first.c.number)
        found = case((and_(true(), *self.asked.rest), apart))
        read, number = session.execute(select(func.count(), func.count(found.distinct())).select_from(rows)).one()
        return Count(number, whole=read < COUNTED)

    def _keys(self, session: Session, count: int, before: Key | None) -> Keys[Key]:
        """Read so many keys, of the newest rows first."""
        found, end = self._looked_up(session, count, before)
        more = found
        while end is not None and self.behind is not None and len(more) >= FEW:
            more, end = self._looked_up(session, count - len(found), end)
            found = found + more
        if end is None or self.behind is None:
            return found, end
        more, end = self._gathered(session, self.behind(end), count - len(found))
        return found + more, end

    def _looked_up(self, session: Session, count: int, before: Key | None) -> Keys[Key]:
        """Look up the rest of what is asked in the first rows."""
        most = self.asked.looked_through
        first = self.first(before, most or count)
        matching = self._down(select(*self._columns(first)), first)
        if most is None:
            return self._read(session, matching.limit(count)), None
        last = matching.offset(most - 1).limit(1)
        matching = matching.join(self.table, self.table.c.number == first.c.number).where(*self.asked.rest)
        found = self._read(session, matching.limit(count))
        return found, None if len(found) == count else next(iter(self._read(session, last)), None)

    def _gathered(self, session: Session, rows: Select[Any], count: int) -> Keys[Key]:
        """Gather all that an index finds in these rows, and put it into order.

        Asked for the first ones in order, PostgreSQL would go from row to row, however far back the first one is.
        """
        session.execute(PLANNED_ANEW)
        wanted = rows.where(one_of(self.asked.ways), *self.asked.rest)
        gathered = wanted.limit(MOST_FOUND).subquery()
        query = select(*self._columns(gathered), func.count().over().label("gathered"))
        found = session.execute(self._down(query, gathered).limit(count)).all()
        if not found or found[0].gathered < MOST_FOUND:
            return [self.key(row) for row in found], None
        last = session.execute(self._down(rows, self.table).offset(MOST_FOUND - 1).limit(1)).first()
        if last is not None:
            wanted = wanted.where(tuple_(*self._columns(self.table)) >= tuple(last))
        keys = self._read(session, self._down(wanted, self.table).limit(count))
        return keys, None if last is None or len(keys) == count else self.key(last)

    def _columns(self, rows: FromClause) -> list[Any]:
        return [rows.c[name] for name in self.order]

    def _down(self, query: Select[Any], rows: FromClause) -> Select[Any]:
        return query.order_by(*(column.desc() for column in self._columns(rows)))

    def _read(self, session: Session, query: Select[Any]) -> list[Key]:
        return [self.key(row) for row in session.execute(query)]


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


def in_order(query: Select[Any], wanted: Filter, order: Sequence[str], limit: int) -> Subquery:
    """Read the first rows that the ways of a filter find, each in the order of its index: these columns, downwards."""
    most = planned(limit)

    def read(rows: Select[Any]) -> Select[Any]:
        return rows.order_by(*(rows.selected_columns[name].desc() for name in order)).limit(most)

    parts = [read(query.where(way)).subquery() for way in wanted.ways]
    if len(parts) == 1:
        return parts[0]
    return read(select(union_all(*map(select, parts)).subquery())).subquery()


def planned(limit: int) -> ColumnElement[int]:
    """A limit that stands in the statement itself, so that a plan which PostgreSQL makes for all values goes by it."""
    return bindparam("limit", limit, Integer, unique=True, literal_execute=True)
