"""The directory: what Buddy's workspaces, projects and pipelines are called, as it told last."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from webapp.store.failures import translated
from webapp.store.locks import take_lock
from webapp.store.models import EPOCH, PlaceName, table_of
from webapp.store.tables import Table
from webapp.store.words import MOST_WORDS

NAMES = table_of(PlaceName)
# What was told so long ago is not written down anew: a page that changes nothing writes nothing.
FRESH = timedelta(minutes=10)
# For so long what was read is not read again, of so many spots.
MOMENT = timedelta(seconds=10)
MOST_CACHED = 500
MOST_NAMES = 20_000
LONGEST_NAME = 255


@dataclass(frozen=True)
class Spot:
    """All workspaces, a workspace, one of its projects, or one of its pipelines: what comes last and is empty is not
    told. But for a pipeline, each has a list of what is in it."""

    workspace: str = ""
    project: str = ""
    pipeline: int = 0

    @property
    def names(self) -> tuple[str | int, ...]:
        """What is told of it."""
        return tuple(name for name in (self.workspace, self.project, self.pipeline) if name)

    @property
    def ancestors(self) -> "tuple[Spot, ...]":
        """What it is in, from the list of all workspaces on, and itself as the last."""
        steps = (Spot(), Spot(self.workspace), Spot(self.workspace, self.project), self)
        return tuple(dict.fromkeys(steps))


@dataclass(frozen=True)
class Found:
    """A pipeline that was found: the names of all three, and when Buddy told of it last."""

    spot: Spot
    workspace_name: str
    project_name: str
    name: str
    seen_at: datetime


class AncestorCache:
    """What was read of ancestors a moment ago: one page asks for the same more than once, and the next one often, too.

    What this process writes is known at once, and what another one does after a moment.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, Spot], tuple[datetime, Sequence[Row[Any]]]] = {}

    def find(self, mark: str, spot: Spot, now: datetime, read: Callable[[], Sequence[Row[Any]]]) -> Sequence[Row[Any]]:
        """Give the rows of a spot and its ancestors as they are known, or `read` them."""
        # What is read while something is written goes where nobody looks any more.
        known = self._known
        at, rows = known.get((mark, spot), (EPOCH, ()))
        if not timedelta(0) <= now - at < MOMENT:
            rows = read()
            if len(known) >= MOST_CACHED:
                known.clear()
            known[mark, spot] = now, rows
        return rows

    def forget(self) -> None:
        """Something was written."""
        self._known = {}


@dataclass(frozen=True)
class PlaceTable(Table):
    """Reads and writes the names. Those that were told to another token, which has another `mark`, are not there."""

    _ancestors: AncestorCache = field(default_factory=AncestorCache, init=False)

    def tell(self, mark: str, spot: Spot, told: Mapping[Spot, str], whole: bool) -> None:
        """Write down what the list of a spot told: names, and when it is `whole`, that nothing else is there.

        Raises `JournalUnavailable`.
        """
        if not self._known(mark, spot, told, whole):
            self._tell(mark, spot, told, whole)

    def _tell(self, mark: str, spot: Spot, told: Mapping[Spot, str], whole: bool) -> None:
        try:
            with self._writing() as connection:
                self._write(connection, mark, spot, told, whole)
        except IntegrityError:
            # Another process has written down the same at this moment.
            pass

    def _known(self, mark: str, spot: Spot, told: Mapping[Spot, str], whole: bool) -> bool:
        """Whether the same was written down a moment ago."""
        since = self.clock() - FRESH
        near = or_(inside(spot, NAMES.c), exactly(spot, NAMES.c))
        with translated(), self.engine.connect() as connection:
            rows = connection.execute(select(NAMES).where(NAMES.c.mark == mark, near)).all()
        fresh = {spot_of(row): row.name for row in rows if row.seen_at > since}
        own = next((row for row in rows if spot_of(row) == spot), None)
        if own is None or (whole and not (own.whole and own.asked_at is not None and own.asked_at > since)):
            return False
        same = all(fresh.get(child) == name[:LONGEST_NAME] for child, name in told.items())
        return same and (not whole or len(rows) - 1 == len(told))

    def _write(self, connection: Connection, mark: str, spot: Spot, told: Mapping[Spot, str], whole: bool) -> None:
        now = self.clock()
        connection.execute(delete(NAMES).where(NAMES.c.mark != mark))
        near = and_(
            NAMES.c.mark == mark, or_(inside(spot, NAMES.c), *(exactly(step, NAMES.c) for step in spot.ancestors))
        )
        known = {spot_of(row) for row in connection.execute(select(NAMES).where(near))}
        if whole:
            for gone in {step for step in known if step not in spot.ancestors} - told.keys():
                connection.execute(delete(NAMES).where(at_or_in(mark, gone)))
        room = max(MOST_NAMES - (connection.scalar(select(func.count()).select_from(NAMES)) or 0), 0)
        names = {step: last_of(step) for step in spot.ancestors if step not in known} | dict(told)
        new = [values(mark, step, name, now) for step, name in names.items() if step not in known]
        if new[:room]:
            connection.execute(insert(NAMES), new[:room])
        renewed = [values(mark, step, name, now) for step, name in told.items() if step in known]
        if renewed:
            # All at once: one after the other, thousands would keep everybody else from writing for seconds.
            connection.execute(RENEW, [{f"of_{key}": value for key, value in row.items()} for row in renewed])
        if whole:
            connection.execute(update(NAMES).where(exactly(spot, NAMES.c)).values(asked_at=now, whole=True))
        if len(new) > room:
            connection.execute(update(NAMES).where(exactly(spot, NAMES.c)).values(whole=False))

    def tell_of(self, mark: str, spot: Spot, told: Mapping[Spot, str]) -> None:
        """Write down what a spot, and what it is in, are called. Raises `JournalUnavailable`."""
        since = self.clock() - FRESH
        fresh = {spot_of(row): row.name for row in self._ancestor_rows(mark, spot) if row.seen_at > since}
        if any(fresh.get(each) != name[:LONGEST_NAME] for each, name in told.items()):
            self._tell(mark, spot.ancestors[-2], told, whole=False)

    def forget(self, mark: str, spot: Spot) -> None:
        """Take out what is not there any more, with all that is in it, but never the list of all workspaces itself.

        Raises `JournalUnavailable`.
        """
        if spot.workspace and self.row(select(PlaceName).where(PlaceName.mark == mark, exactly(spot))) is not None:
            with self._writing() as connection:
                connection.execute(delete(NAMES).where(at_or_in(mark, spot)))

    def count(self, mark: str, spot: Spot) -> tuple[int, bool]:
        """Tell how many are known of the list of a spot, and whether these were all."""
        known = select(func.count()).select_from(PlaceName).where(PlaceName.mark == mark, inside(spot))
        whole = select(PlaceName.whole).where(PlaceName.mark == mark, exactly(spot))
        with translated(), Session(self.engine) as session:
            return session.scalar(known) or 0, bool(session.scalar(whole))

    def listed(self, mark: str, spot: Spot, most: int) -> list[Spot]:
        """At most so many of what is known to be in the list of a spot, what was told of last first."""
        query = select(PlaceName).where(PlaceName.mark == mark, inside(spot)).order_by(PlaceName.seen_at.desc())
        return [spot_of(row) for row in self.rows(query.limit(most))]

    def only(self, mark: str, spot: Spot) -> Spot | None:
        """The one that is in the list of a spot, if the whole list is known and has no other."""
        own = self.row(select(PlaceName).where(PlaceName.mark == mark, exactly(spot)))
        if own is None or not own.whole:
            return None
        rows = self.rows(select(PlaceName).where(PlaceName.mark == mark, inside(spot)).limit(2))
        return spot_of(rows[0]) if len(rows) == 1 else None

    def names(self, mark: str, spot: Spot) -> dict[Spot, str]:
        """What a spot is called, and what it is in, as far as that is known."""
        return {spot_of(row): row.name for row in self._ancestor_rows(mark, spot)}

    def _ancestor_rows(self, mark: str, spot: Spot) -> Sequence[Row[Any]]:
        """The rows of a spot and of what it is in, but for the list of all workspaces."""
        names = {"workspace": spot.workspace, "project": spot.project, "pipeline": spot.pipeline}
        return self._ancestors.find(mark, spot, self.clock(), lambda: self.columns(ANCESTORS, mark=mark, **names))

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        try:
            with self.writing() as connection:
                take_lock(connection, "names of places")
                yield connection
        finally:
            self._ancestors.forget()

    def broadest(self, mark: str, most: int) -> dict[Spot, str]:
        """At most so many places and their names: workspaces before projects, projects before pipelines."""
        every = select(PlaceName).where(PlaceName.mark == mark, PlaceName.workspace != "")
        narrow = (PlaceName.pipeline != 0, PlaceName.project != "", PlaceName.workspace, PlaceName.words)
        return {spot_of(row): row.name for row in self.rows(every.order_by(*narrow).limit(most))}

    def called(self, mark: str, name: str, most: int) -> list[Spot]:
        """At most so many places with this name, or with this at the end of their address."""
        folded = name.casefold()
        own = or_(
            PlaceName.words.startswith(f"{folded}\n", autoescape=True),
            PlaceName.words.endswith(f"\n{folded}", autoescape=True),
        )
        query = select(PlaceName).where(PlaceName.mark == mark, PlaceName.workspace != "", own)
        narrow = (PlaceName.pipeline, PlaceName.project, PlaceName.workspace)
        return [spot_of(row) for row in self.rows(query.order_by(*narrow).limit(most))]

    def search(self, mark: str, words: Sequence[str], most: int) -> list[Found]:
        """Find pipelines by words, each of which is part of one of the three names, and at most so many of them.

        Those come first that have the first word in their own name.
        """
        project, workspace = aliased(PlaceName), aliased(PlaceName)
        of_project = and_(
            project.workspace == PlaceName.workspace, project.project == PlaceName.project, project.pipeline == 0
        )
        of_workspace = and_(workspace.workspace == PlaceName.workspace, workspace.project == "")
        folded = [word.casefold() for word in words[:MOST_WORDS]]
        named = [
            or_(*(each.words.contains(word, autoescape=True) for each in (PlaceName, project, workspace)))
            for word in folded
        ]
        own = [PlaceName.words.contains(word, autoescape=True).desc() for word in folded[:1]]
        query = (
            select(PlaceName, workspace.name, project.name)
            .join(project, of_project)
            .join(workspace, of_workspace)
            .where(PlaceName.mark == mark, PlaceName.pipeline != 0, *named)
            .order_by(*own, workspace.words, project.words, PlaceName.pipeline)
            .limit(most)
        )
        with translated(), Session(self.engine, expire_on_commit=False) as session:
            rows = session.execute(query).all()
        return [Found(spot_of(row), its[0], its[1], row.name, row.seen_at) for row, *its in rows]

    def due(self, mark: str, before: datetime) -> Spot | None:
        """The list that was asked for longest ago, and before this moment; None when there is none."""
        lists = select(PlaceName).where(PlaceName.mark == mark, PlaceName.pipeline == 0)
        if self.row(lists.where(exactly(Spot()))) is None:
            return Spot()
        old = or_(PlaceName.asked_at.is_(None), PlaceName.asked_at < before)
        found = self.row(lists.where(old).order_by(PlaceName.asked_at.is_not(None), PlaceName.asked_at))
        return spot_of(found) if found is not None else None

    def claim(self, mark: str, spot: Spot, before: datetime) -> bool:
        """Write down that a list is being asked for, unless another process has done so since `before`."""
        now = self.clock()
        try:
            with self._writing() as connection:
                connection.execute(delete(NAMES).where(NAMES.c.mark != mark))
                if not connection.scalar(select(func.count()).select_from(NAMES).where(exactly(spot, NAMES.c))):
                    connection.execute(insert(NAMES), values(mark, spot, last_of(spot), now) | {"asked_at": now})
                    return True
                old = or_(NAMES.c.asked_at.is_(None), NAMES.c.asked_at < before)
                claimed = connection.execute(update(NAMES).where(exactly(spot, NAMES.c), old).values(asked_at=now))
                return claimed.rowcount == 1
        except IntegrityError:
            return False


# Made once, since each page of a pipeline asks it.
ANCESTORS = select(NAMES).where(
    NAMES.c.mark == bindparam("mark"),
    NAMES.c.workspace == bindparam("workspace"),
    NAMES.c.project.in_(("", bindparam("project"))),
    NAMES.c.pipeline.in_((0, bindparam("pipeline"))),
)
RENEW = (
    update(NAMES)
    .where(*(NAMES.c[key] == bindparam(f"of_{key}") for key in ("mark", "workspace", "project", "pipeline")))
    .values({key: bindparam(f"of_{key}") for key in ("name", "words", "seen_at")})
)


def values(mark: str, spot: Spot, name: str, now: datetime) -> dict[str, Any]:
    """The columns of a row. It is found by what people call it and by what stands in its address."""
    name = name[:LONGEST_NAME]
    return {
        "workspace": spot.workspace,
        "project": spot.project,
        "pipeline": spot.pipeline,
        "mark": mark,
        "name": name,
        "words": f"{name}\n{last_of(spot)}".casefold(),
        "seen_at": now,
    }


def last_of(spot: Spot) -> str:
    """What stands for a spot itself in an address."""
    return str(spot.pipeline or spot.project or spot.workspace)


def spot_of(row: Any) -> Spot:
    """Where a row belongs."""
    return Spot(row.workspace, row.project, row.pipeline)


def exactly(spot: Spot, columns: Any = PlaceName) -> ColumnElement[bool]:
    """The row of a spot."""
    return and_(columns.workspace == spot.workspace, columns.project == spot.project, columns.pipeline == spot.pipeline)


def inside(spot: Spot, columns: Any = PlaceName) -> ColumnElement[bool]:
    """The rows of what is in the list of a spot."""
    if not spot.workspace:
        return and_(columns.workspace != "", columns.project == "", columns.pipeline == 0)
    if not spot.project:
        return and_(columns.workspace == spot.workspace, columns.project != "", columns.pipeline == 0)
    return and_(columns.workspace == spot.workspace, columns.project == spot.project, columns.pipeline != 0)


def at_or_in(mark: str, spot: Spot) -> ColumnElement[bool]:
    """The rows of a spot and of all that is below it, as it was told to the token with this mark."""
    wanted = [NAMES.c.mark == mark, NAMES.c.workspace == spot.workspace]
    wanted += [NAMES.c.project == spot.project] if spot.project else []
    wanted += [NAMES.c.pipeline == spot.pipeline] if spot.pipeline else []
    return and_(*wanted)
