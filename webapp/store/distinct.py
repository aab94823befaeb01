"""Reading which values there are, at a cost that grows with how many these are and not with how many rows have them."""

from typing import Any

from sqlalchemy import CTE, ColumnElement, FromClause, ScalarSelect, Select, Table, func, literal, select


def distinct(table: Table, names: tuple[str, ...], most: int, where: dict[str, Any]) -> Select[Any]:
    """Ask for the values of these columns that are in rows with the values in `where`, at most so many, in order.

    It steps from each to the next in an index of the columns in `where` and then those of `names`, none of which may be
    NULL. Databases call that a loose index scan, and few do it by themselves.
    """
    here = [table.c[name] for name in names]
    first = select(*here, literal(1).label("step")).where(*equal(table, where)).where(*(c.is_not(None) for c in here))
    each = select(first.order_by(*here).limit(1).subquery()).cte("each_value", recursive=True)
    # The next value of the last column with the same ones before it, else the next of the column before, and so on.
    # A comparison of whole rows would say the same, but SQLite uses an index for its first column only.
    nexts = [behind(table, names[: count + 1], each, names[count:], where) for count in reversed(range(len(names)))]
    found = table.alias("found")
    following = select(*(found.c[name] for name in names), each.c.step + 1).select_from(
        each.join(found, found.c.number == (func.coalesce(*nexts) if len(nexts) > 1 else nexts[0]))
    )
    steps = each.union_all(following.where(each.c.step < most))
    return select(*(steps.c[name] for name in names))


def behind(
    table: Table, upto: tuple[str, ...], each: CTE, order: tuple[str, ...], where: dict[str, Any]
) -> ScalarSelect[Any]:
    """The number of the first row that has the same values as `each` but in the last column of `upto`, where it has
    the next one."""
    later = table.alias()
    *same, last = upto
    query = select(later.c.number).where(*equal(later, where), *(later.c[name] == each.c[name] for name in same))
    query = query.where(later.c[last] > each.c[last], *(later.c[name].is_not(None) for name in order))
    return query.order_by(*(later.c[name] for name in order)).limit(1).correlate(each).scalar_subquery()


def equal(table: FromClause, where: dict[str, Any]) -> list[ColumnElement[bool]]:
    """Whether a row has these values; None is one."""
    return [table.c[name] == value for name, value in where.items()]
