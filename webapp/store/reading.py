"""What the journal is asked."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Engine,
    Integer,
    Select,
    Table,
    and_,
    bindparam,
    func,
    or_,
    select,
    tuple_,
    union,
    union_all,
)
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session, aliased, defer, load_only, with_expression
from sqlalchemy.sql.base import ExecutableOption

from webapp.store.distinct import distinct
from webapp.store.events import ROWS
from webapp.store.failures import translated
from webapp.store.models import DRAFT, EPOCH, OF_RUNS, Event, Secret, Submission
from webapp.store.vault import Vault

Clock = Callable[[], datetime]

# What has grown out of one form is read no further than this.
MOST_OF_A_FAMILY = 50
# Of so many pipelines that one person has used it is looked which ones were the last.
MOST_PLACES = 1000

# Made once, as the statements that write are.
DUPLICATE = (
    select(ROWS.c.id, ROWS.c.state)
    .where(
        ROWS.c.fingerprint == bindparam("mark"),
        ROWS.c.id != bindparam("this"),
        or_(
            ROWS.c.state.in_(bindparam("pending", expanding=True)),
            ROWS.c.state.in_(bindparam("ended", expanding=True)) & (ROWS.c.sent_at > bindparam("since")),
        ),
    )
    .order_by(ROWS.c.state.in_(bindparam("pending", expanding=True)).desc(), ROWS.c.sent_at.desc())
    .limit(1)
)
UNDER_WAY = (
    select(ROWS.c.id)
    .where(
        *(ROWS.c[name] == bindparam(name) for name in Submission.PLACE),
        ROWS.c.target == bindparam("target"),
        ROWS.c.kind.in_(bindparam("beside", expanding=True)),
        ROWS.c.id != bindparam("this"),
        or_(ROWS.c.state == bindparam("sending"), ROWS.c.finished_at > bindparam("read_at")),
    )
    .limit(1)
)
FIND = select(Submission).where(Submission.id == bindparam("this"))
IS_THERE = select(ROWS.c.id).where(ROWS.c.id == bindparam("this"))
DRAFT_AT = (
    select(ROWS.c.id)
    .where(
        ROWS.c.owner == bindparam("whose"),
        ROWS.c.state == DRAFT,
        # What something is done to has no index: a person has few drafts, and may have sent very much to a place.
        ROWS.c.workspace + "" == bindparam("workspace"),
        ROWS.c.project + "" == bindparam("project"),
        ROWS.c.pipeline + 0 == bindparam("pipeline"),
        # Of a kind that is compared as it is, SQLite would look at the value, since an index is of runs alone, and
        # prepare the statement anew each time.
        ROWS.c.kind + "" == bindparam("kind"),
        ROWS.c.target.is_not_distinct_from(bindparam("target")),
        ROWS.c.template.is_not_distinct_from(bindparam("template")),
    )
    .order_by(ROWS.c.changed_at.desc())
    .limit(1)
)


def latest_places() -> Select[Submission]:
    """Ask for the latest submission in each of the last pipelines, at most `most`, of the person `whose`."""
    used = distinct(ROWS, Submission.PLACE, MOST_PLACES, {"owner": bindparam("whose")}).subquery()
    here = (getattr(Submission, name) == used.c[name] for name in Submission.PLACE)
    latest = select(func.max(Submission.number)).where(Submission.owner == bindparam("whose"), *here)
    latest_numbers = select(latest.correlate(used).scalar_subquery().label("latest")).select_from(used).subquery()
    newest = select(latest_numbers.c.latest).order_by(latest_numbers.c.latest.desc()).limit(bindparam("most"))
    query = select(Submission).where(Submission.number.in_(newest))
    return query.order_by(Submission.number.desc())


LATEST_PLACES = latest_places()


@dataclass(frozen=True, order=True)
class HistoryKey:
    """Where a row stands in the history: the next page begins behind it."""

    sent_at: datetime
    number: int

    @classmethod
    def of(cls, row: Submission) -> "HistoryKey":
        """The key of a row that was sent or tried."""
        return cls(row.sent_at or EPOCH, row.number)

    @classmethod
    def parse(cls, text: str) -> "HistoryKey | None":
        """Read what `str` wrote; None when it is anything else."""
        # Up to the year 5138, within what a datetime can hold.
        match = re.fullmatch(r"([0-9]{1,14})-([0-9]{1,18})", text, re.ASCII)
        return cls(EPOCH + timedelta(milliseconds=int(match[1])), int(match[2])) if match else None

    def __str__(self) -> str:
        return f"{(self.sent_at - EPOCH) // timedelta(milliseconds=1)}-{self.number}"


@dataclass(frozen=True)
class Duplicates:
    """Which other submissions of the same content stand in the way: the `pending`, and the `ended` sent after `since`.

    `known` is one that the person was told of and wants a second one beside. Of whatever content, nothing of the kinds
    `beside` may be on its way to the same action, or have ended since the action was read at `read_at`.
    """

    pending: Collection[str]
    ended: Collection[str]
    since: datetime
    known: str | None = None
    beside: Collection[str] = ()
    read_at: datetime | None = None


# What no list shows of a submission, and takes the most room.
UNREAD = tuple(defer(each) for each in (Submission.typed, Submission.snapshot, Submission.request, Submission.answer))
# What is changed, or run, and how: not what came of it.
REQUESTED = load_only(
    *(Submission.id, Submission.kind, Submission.typed, Submission.snapshot, Submission.request),
    *(Submission.template, Submission.template_version),
    raiseload=True,
)


@dataclass(frozen=True)
class DoneStates:
    """What a submission is called that adds an action, how it ends that has `added` one, and the same of one that
    deletes it."""

    addition: str
    added: frozenset[str]
    deletion: str
    deleted: frozenset[str]


@dataclass(frozen=True)
class FailedQuery:
    """What has come to nothing and can be mended: submissions of these `kinds`, in these `states`, sent `since`."""

    kinds: Collection[str]
    states: Collection[str]
    since: datetime


class DuplicateFound(Exception):
    """Another submission asks the same of Buddy. `id` and `state` are the other's."""

    def __init__(self, id: str, state: str) -> None:
        super().__init__(id)
        self.id = id
        self.state = state


class OtherUnderWay(Exception):
    """Something else is being done to the same action, or has just been done. `id` is that submission's."""

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.id = id


@dataclass(frozen=True)
class Quota:
    """How many rows in a state one person may have, and how many bytes they may take in all."""

    rows: int
    size: int


class QuotaReached(Exception):
    """The row would be one too many, or too large beside the person's others. It has not been written."""


def one_too_many(done: DoneStates) -> ColumnElement[bool]:
    """Whether an action was added beside another one of its family that was not known to be there yet.

    Of two that are known one after the other, the second was sent by who knew of the first. Not when a person has
    said that both stay, nor when one was deleted.
    """
    other = aliased(Submission)
    beside = (
        select(other.number)
        .where(
            other.family == Submission.family,
            other.number != Submission.number,
            other.kind == done.addition,
            other.state.in_(done.added),
            or_(Submission.settled_at.is_(None), other.settled_at.is_(None)),
            unknown_yet(Submission, other),
            ~deleted(other, done),
        )
        .exists()
    )
    added = (Submission.kind == done.addition) & Submission.state.in_(done.added)
    return added & beside & ~deleted(Submission, done)


def unknown_yet(one: Any, other: Any) -> ColumnElement[bool]:
    """Whether of two submissions one was sent while it was not known what had come of the other."""
    return or_(
        (one.sent_at <= other.sent_at) & (other.sent_at < one.finished_at),
        (other.sent_at <= one.sent_at) & (one.sent_at < other.finished_at),
    )


def unseen(row: Any) -> ColumnElement[bool]:
    """Whether a submission was not dismissed since it was sent."""
    return or_(row.dismissed_at.is_(None), row.dismissed_at <= row.sent_at)


def mended(row: Any) -> ColumnElement[bool]:
    """Whether something was sent that has grown out of a submission."""
    later = aliased(Submission)
    grown = (later.family == func.coalesce(row.family, row.id)) & (later.follows == row.id)
    return select(later.number).where(grown, later.sent_at.is_not(None)).exists()


def beside_another(rows: Table) -> ColumnElement[bool]:
    """Whether another one of a row's family was sent beside it."""
    other = rows.alias()
    same = (other.c.family == rows.c.family) & (other.c.number != rows.c.number)
    return select(other.c.number).where(same, unknown_yet(rows.c, other.c)).exists()


def deleted(row: Any, done: DoneStates) -> ColumnElement[bool]:
    """Whether Slipway has deleted the action of a submission again."""
    deletion = aliased(Submission)
    here = (getattr(deletion, name) == getattr(row, name) for name in Submission.PLACE)
    return (
        select(deletion.number)
        .where(
            *here,
            deletion.kind == done.deletion,
            deletion.target == row.action_id,
            deletion.state.in_(done.deleted),
            deletion.number > row.number,
        )
        .exists()
    )


def in_states(wanted: Mapping[str, Collection[str]]) -> ColumnElement[bool]:
    """Whether a submission is of one of these kinds, in one of the states that are wanted of it."""
    return or_(*(and_(Submission.kind == kind, Submission.state.in_(states)) for kind, states in wanted.items()))


@cache
def telling_gone(done: DoneStates | None) -> tuple[ExecutableOption, ...]:
    """Let a query tell, too, of which submissions Slipway has deleted the action again, if what is `done` is given."""
    return (with_expression(Submission.gone, deleted(Submission, done)),) if done else ()


@cache
def latest_first(done: DoneStates | None) -> Select[Submission]:
    """Ask for the last that was sent or tried, at most `most`. Making it takes longer than asking it."""
    query = select(Submission).where(Submission.sent_at.is_not(None)).options(*telling_gone(done))
    return query.order_by(Submission.sent_at.desc(), Submission.number.desc()).limit(bindparam("most"))


@cache
def what_waits(
    states: frozenset[str], failed_kinds: frozenset[str], failed_states: frozenset[str], done: DoneStates
) -> Select[Submission]:
    """Ask for what the person `whose` should look at, at most `most`: what has come to nothing if it was sent after
    `since`. Making it takes ten times as long as asking it."""
    mine = select(Submission.number, Submission.sent_at).where(Submission.owner == bindparam("whose"))
    # One after the other, since an index has each of them in order, and not all together.
    open_ones = [mine.where(Submission.state == state, unseen(Submission)) for state in sorted(states)]
    of_failed = Submission.kind.in_(failed_kinds), Submission.sent_at > bindparam("since"), ~mended(Submission)
    failed_ones = [
        mine.where(Submission.state == state, *of_failed, unseen(Submission)) for state in sorted(failed_states)
    ]
    doubled = mine.where(Submission.overlaps.is_not(None), one_too_many(done))
    sent = Submission.sent_at.desc(), Submission.number.desc()
    most = bindparam("most", type_=Integer)
    parts = [part.order_by(*sent).limit(most).subquery() for part in (*open_ones, *failed_ones, doubled)]
    numbers = union(*(select(part.c.number) for part in parts)).subquery()
    query = select(Submission).where(Submission.number.in_(select(numbers.c.number)))
    return query.options(*UNREAD).order_by(*sent).limit(most)


@cache
def which_are_too_many(done: DoneStates) -> Select[Submission]:
    """Ask for those of the family `of` of which there may be one too many, oldest first. Making it takes longer than
    asking it."""
    query = select(Submission).where(Submission.family == bindparam("of"), one_too_many(done))
    return query.order_by(Submission.sent_at, Submission.number).limit(MOST_OF_A_FAMILY)


class Reading:
    """All reading of the journal. Raises `JournalUnavailable` when the database can't be read."""

    def __init__(self, engine: Engine, vault: Vault, clock: Clock) -> None:
        self._engine = engine
        self._vault = vault
        self._clock = clock

    def find(self, id: str) -> Submission | None:
        """Read one submission by its id."""
        return next(iter(self._rows(FIND, this=id)), None)

    def find_if_there(self, id: str) -> Submission | None:
        """The same where mostly there is none, which is known sooner without the row."""
        with self._connected() as connection:
            there = connection.scalar(IS_THERE, {"this": id})
        return self.find(id) if there else None

    def several(self, ids: Collection[str]) -> list[Submission]:
        """Read submissions by their ids, the newest first."""
        query = select(Submission).where(Submission.id.in_(ids))
        return self._rows(query.order_by(Submission.sent_at.desc(), Submission.number.desc()))

    def requests_of(self, ids: Collection[str]) -> list[Submission]:
        """Read of submissions by their ids what says which settings they change, or what was chosen for a run."""
        return self._rows(select(Submission).where(Submission.id.in_(ids)).options(REQUESTED))

    def history(self, limit: int, before: HistoryKey | None = None, done: DoneStates | None = None) -> list[Submission]:
        """Read what was sent or tried, newest first; `before` is the key of the last row seen."""
        query = latest_first(done)
        if before is not None:
            key = tuple_(Submission.sent_at, Submission.number)
            query = query.where(key < (before.sent_at, before.number))
        return self._rows(query, most=limit)

    def drafts(self, owner: str, limit: int, before: HistoryKey | None = None) -> list[Submission]:
        """Read a person's drafts, the last changed first; `before` is where the last row seen stands."""
        mine = select(Submission.number).where(Submission.owner == owner, Submission.state == DRAFT)
        if before is not None:
            mine = mine.where(tuple_(Submission.changed_at, Submission.number) < (before.sent_at, before.number))
        changed = Submission.changed_at.desc(), Submission.number.desc()
        # Drafts are large: only those that are shown are read whole.
        shown = mine.order_by(*changed).limit(limit).subquery()
        return self._rows(select(Submission).where(Submission.number.in_(select(shown.c.number))).order_by(*changed))

    def draft_at(
        self, owner: str, place: tuple[str, str, int], kind: str, target: int | None, template: str | None = None
    ) -> Submission | None:
        """Find the draft of this kind, about the action `target`, that a person changed last in a pipeline: made from a
        `template`, or from none."""
        values = {"kind": kind, "target": target, "template": template}
        here = dict(zip(Submission.PLACE, place, strict=True))
        # Mostly there is none, which is known sooner without the row.
        with self._connected() as connection:
            found = connection.scalar(DRAFT_AT, {"whose": owner, **values, **here})
        return self.find(found) if found else None

    def places(self, owner: str, limit: int) -> list[Submission]:
        """Read a person's latest submission, sent or not, for each of the pipelines that they last used.

        Of more than `MOST_PLACES` pipelines the first ones count, in the order of their addresses.
        """
        return self._rows(LATEST_PLACES, whose=owner, most=limit)

    def due(
        self, now: datetime, longest: timedelta, known: Mapping[str, Collection[str]], limit: int
    ) -> list[Submission]:
        """Read what is to be looked after by now, the longest due first, of the `known` kinds in their states.

        Nothing waits longer than the `longest`: what seems to is due, since the clock was put back.
        """
        # Asked apart, since SQLite would else take its index of states, in which nearly all submissions are.
        waiting = select(Submission.number).where(Submission.next_look <= now)
        late = select(Submission.number).where(Submission.next_look > now + longest)
        query = select(Submission).where(Submission.number.in_(union_all(waiting, late)), in_states(known))
        return self._rows(query.order_by(Submission.next_look).limit(limit))

    def waiting(
        self, owner: str, states: Collection[str], failed: FailedQuery, done: DoneStates, limit: int
    ) -> list[Submission]:
        """Read what a person should look at, the last sent first: what is in these states, or `failed` until it is
        mended, and was not dismissed since it was sent; and two actions where one may be enough."""
        query = what_waits(frozenset(states), frozenset(failed.kinds), frozenset(failed.states), done)
        return self._rows(query, whose=owner, since=failed.since, most=limit)

    def too_many(self, family: str, done: DoneStates) -> list[Submission]:
        """Read those of a family of which there may be one too many, oldest first; none when all is well."""
        return self._rows(which_are_too_many(done), of=family)

    def family(self, family: str) -> list[Submission]:
        """Read what has grown out of one form and was sent or tried, the newest first."""
        query = select(Submission).where(Submission.family == family, Submission.sent_at.is_not(None))
        return self._rows(query.order_by(Submission.number.desc()).limit(MOST_OF_A_FAMILY))

    def followers(self, row: Submission) -> list[Submission]:
        """Read what has grown out of a submission, sent or not, the newest first."""
        query = select(Submission).where(Submission.family == (row.family or row.id), Submission.follows == row.id)
        return self._rows(query.order_by(Submission.number.desc()).limit(MOST_OF_A_FAMILY))

    def owner_of(self, row: Submission, action: int) -> Submission | None:
        """Find the submission that an action of the row's pipeline belongs to."""
        return self.addition_of((row.workspace, row.project, row.pipeline), action)

    def addition_of(self, place: tuple[str, str, int], action: int) -> Submission | None:
        """Find the submission that has added an action of a pipeline."""
        here = (getattr(Submission, name) == value for name, value in zip(Submission.PLACE, place, strict=True))
        return next(iter(self._rows(select(Submission).where(*here, Submission.action_id == action))), None)

    def additions_by(self, place: tuple[str, str, int], owner: str, after: datetime, limit: int) -> list[Submission]:
        """Read what somebody has added to a pipeline after a time, the last first."""
        here = (getattr(Submission, name) == value for name, value in zip(Submission.PLACE, place, strict=True))
        theirs = Submission.owner == owner, Submission.action_id.is_not(None), Submission.sent_at > after
        return self._rows(select(Submission).where(*here, *theirs).order_by(Submission.sent_at.desc()).limit(limit))

    def taken(self, row: Submission, actions: Iterable[int]) -> set[int]:
        """Tell which of these actions of the row's pipeline belong to other submissions."""
        query = select(Submission.action_id).where(
            *(getattr(Submission, name) == getattr(row, name) for name in Submission.PLACE),
            Submission.action_id.in_(list(actions)),
            Submission.id != row.id,
        )
        with self._connected() as connection:
            return {id for id in connection.scalars(query) if id is not None}

    def later(self, row: Submission, action: int, done: Mapping[str, Collection[str]], limit: int) -> list[Submission]:
        """Read what was done to an action of the row's pipeline after the row, the last one first: each kind of
        submission in the states in which it is `done`."""
        query = select(Submission).where(
            *(getattr(Submission, name) == getattr(row, name) for name in Submission.PLACE),
            Submission.target == action,
            Submission.number > row.number,
            in_states(done),
        )
        return self._rows(query.order_by(Submission.number.desc()).limit(limit))

    def about(
        self, place: tuple[str, str, int], action: int, limit: int, done: Mapping[str, Collection[str]] | None = None
    ) -> list[Submission]:
        """Read what was sent or tried about an action of a pipeline, the last one first: what added it, too.

        With what is `done`, only of these kinds what is in these states, and what added it.
        """
        here = [getattr(Submission, name) == value for name, value in zip(Submission.PLACE, place, strict=True)]
        # One after the other, since each has an index of its own.
        targets = select(Submission.number).where(*here, Submission.target == action, Submission.sent_at.is_not(None))
        if done is not None:
            targets = targets.where(in_states(done))
        latest = targets.order_by(Submission.number.desc()).limit(limit).subquery()
        added = select(Submission.number).where(*here, Submission.action_id == action)
        numbers = union(select(latest.c.number), added).subquery()
        query = select(Submission).where(Submission.number.in_(select(numbers.c.number)))
        return self._rows(query.order_by(Submission.number.desc()).limit(limit))

    def last_run(self, place: tuple[str, str, int], action: int | None) -> Submission | None:
        """Find the last run of an action alone, or (None) of the whole pipeline, that was sent or tried."""
        here = (getattr(Submission, name) == value for name, value in zip(Submission.PLACE, place, strict=True))
        query = select(Submission).where(*here, OF_RUNS, Submission.target.is_not_distinct_from(action))
        return next(iter(self._rows(query.order_by(Submission.number.desc()).limit(1))), None)

    def count_like(self, row: Submission, names: Collection[str], states: Collection[str]) -> int:
        """Count the others of its kind in these states that go by one of these names to the same pipeline."""
        query = (
            select(func.count())
            .select_from(Submission)
            .where(
                *(getattr(Submission, name) == getattr(row, name) for name in Submission.PLACE),
                Submission.kind == row.kind,
                Submission.name.in_(names),
                Submission.state.in_(states),
                Submission.id != row.id,
            )
        )
        with self._connected() as connection:
            return connection.scalar(query) or 0

    def events(self, submission: str) -> list[Event]:
        """Read what was done to a submission, in order."""
        with translated(), Session(self._engine, expire_on_commit=False) as session:
            return list(session.scalars(select(Event).where(Event.submission == submission).order_by(Event.number)))

    def secrets(self, submissions: Iterable[str]) -> dict[str, str]:
        """Open the secrets that these submissions still keep: secret id → value."""
        query = select(Secret.id, Secret.sealed).where(
            Secret.submission.in_(list(submissions)), Secret.expires_at > self._clock()
        )
        with self._connected() as connection:
            sealed = connection.execute(query).all()
        opened = {id: self._vault.open(value) for id, value in sealed}
        return {id: value for id, value in opened.items() if value is not None}

    def fingerprint(self, data: bytes) -> str:
        """Mark the content of a request, so that the same content can be told from an edited copy."""
        return self._vault.fingerprint(data)

    def _rows(self, query: Select[Submission], **values: Any) -> list[Submission]:
        with translated(), Session(self._engine, expire_on_commit=False) as session:
            return list(session.scalars(query, values))

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        with translated(), self._engine.connect() as connection:
            yield connection


def refuse_beyond(connection: Connection, quota: Quota, this: str, owner: str, state: str, size: int) -> None:
    """Raises `QuotaReached` when a person's rows in `state` leave no room for the row `this` of so many bytes.

    A row that is there already may be written over by one that is not larger.
    """
    mine = ROWS.c.owner == owner, ROWS.c.state == state
    before = connection.scalar(select(ROWS.c.size).where(ROWS.c.id == this, *mine))
    others = select(func.count(), func.coalesce(func.sum(ROWS.c.size), 0)).where(ROWS.c.id != this, *mine)
    count, taken = connection.execute(others).one()
    if (before is None and count >= quota.rows) or (size > (before or 0) and taken + size > quota.size):
        raise QuotaReached


def refuse_beside(
    connection: Connection, duplicates: Duplicates, this: str, place: tuple[str, str, int], target: int, sending: str
) -> None:
    """Raises `OtherUnderWay` when something else is being done to the action `target`, or was since it was read."""
    wanted: Mapping[str, Any] = {
        **dict(zip(Submission.PLACE, place, strict=True)),
        "target": target,
        "beside": list(duplicates.beside),
        "this": this,
        "sending": sending,
        "read_at": duplicates.read_at,
    }
    found = connection.scalar(UNDER_WAY, wanted)
    if found is not None:
        raise OtherUnderWay(found)


def refuse_duplicate(connection: Connection, duplicates: Duplicates, this: str, mark: str) -> None:
    """Raises `DuplicateFound` when a submission of the same content stands in the way of this one."""
    wanted: Mapping[str, Any] = {
        "mark": mark,
        "this": this,
        "pending": list(duplicates.pending),
        "ended": list(duplicates.ended),
        "since": duplicates.since,
    }
    found = connection.execute(DUPLICATE, wanted).first()
    if found is not None and (found.state in duplicates.pending or found.id != duplicates.known):
        raise DuplicateFound(found.id, found.state)
