"""The journal: what was typed, claimed, sent and answered, each step committed before the next one begins."""

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Boolean, Engine, Update, bindparam, delete, insert, null, or_, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from webapp.store.database_file import DatabaseFile
from webapp.store.engines import is_sqlite
from webapp.store.events import INSERT_EVENT_ON_SUBMISSION, ROWS, NewEvent
from webapp.store.failures import translated
from webapp.store.group_commit import GroupCommit
from webapp.store.locks import take_lock
from webapp.store.models import DRAFT, KeyProof, PlaceName, Secret, table_of
from webapp.store.reading import (
    Clock,
    Duplicates,
    Quota,
    Reading,
    beside_another,
    refuse_beside,
    refuse_beyond,
    refuse_duplicate,
    unseen,
)
from webapp.store.repeats import record_remaining_repeats, record_repeat
from webapp.store.templates import Made, refuse_moved
from webapp.store.vault import Vault
from webapp.store.writers import Writers

Result = TypeVar("Result")

# An hour under the promised 24, because the sweep that removes what has expired comes once an hour.
SECRETS_KEPT = timedelta(hours=23)
SENDING = "sending"
# The clocks of two processes, not more than this.
OUR_CLOCKS_DIFFER = timedelta(minutes=1)
DRAFTS_KEPT = timedelta(days=30)

SEALED = table_of(Secret)
# Made once, since making a statement costs more than running it. Columns that change come with the execution.
INSERT = insert(ROWS)
THIS = ROWS.c.id == bindparam("this")
# Whoever writes a row and its secrets takes the row first, so that two never wait for each other.
HOLD = update(ROWS).where(THIS).values(version=ROWS.c.version)
# A page that has seen an older version may write only over what it has saved itself.
UP_TO_DATE = or_(ROWS.c.version <= bindparam("seen"), ROWS.c.editor == bindparam("saved_by"))
OVERWRITE = (
    update(ROWS)
    .where(
        THIS,
        ROWS.c.owner == bindparam("whose"),
        ROWS.c.state.in_(bindparam("over", expanding=True)),
        UP_TO_DATE,
    )
    .values(version=ROWS.c.version + 1)
    .returning(ROWS.c.version, ROWS.c.attempts)
)
# The same for a send, which counts.
CLAIM = OVERWRITE.values(attempts=ROWS.c.attempts + 1)
FAMILY = select(ROWS.c.family).where(THIS)
PLACES = table_of(PlaceName)
# What the directory calls a workspace: of the other two the form has read the names.
WORKSPACE = select(PLACES.c.name).where(
    PLACES.c.workspace == bindparam("workspace"), PLACES.c.project == "", PLACES.c.pipeline == 0
)
KIN = ROWS.alias()
OF_FAMILY = ROWS.c.family == select(KIN.c.family).where(KIN.c.id == bindparam("this")).scalar_subquery()
# Whoever writes several rows takes them in one order: that of their numbers, since each database has its own for texts.
IN_ORDER = select(ROWS.c.id).order_by(ROWS.c.number).with_for_update()
HOLD_OF = IN_ORDER.where(OF_FAMILY)
HOLD_FAMILY = IN_ORDER.where(ROWS.c.family == bindparam("family"))
HOLD_SEVERAL = IN_ORDER.where(ROWS.c.id.in_(bindparam("these", expanding=True)))
# There may be one too many of them.
OVERLAP = update(ROWS).where(OF_FAMILY, ROWS.c.overlaps == null(), beside_another(ROWS)).values(overlaps=True)
DISMISS = (
    update(ROWS)
    .where(THIS, ROWS.c.owner == bindparam("whose"), ROWS.c.state == bindparam("was"), unseen(ROWS.c))
    .values(dismissed_at=bindparam("now"))
)
# So that of two that have looked at the same rows only one goes on.
TOUCH = update(ROWS).where(THIS, ROWS.c.version == bindparam("seen")).values(version=ROWS.c.version + 1)
MOVE = update(ROWS).where(THIS, ROWS.c.state == bindparam("was"), ROWS.c.version == bindparam("seen"))
TAKE_LOOK = (
    update(ROWS)
    .where(
        THIS,
        ROWS.c.version == bindparam("seen"),
        # What is farther ahead than any clock was written before the clock was put back.
        or_(
            ROWS.c.look_until == null(),
            ROWS.c.look_until <= bindparam("now"),
            ROWS.c.look_until > bindparam("farthest"),
        ),
        or_(
            ROWS.c.looked_at == null(),
            ROWS.c.looked_at <= bindparam("not_since"),
            ROWS.c.looked_at > bindparam("soon"),
        ),
    )
    .values(look_until=bindparam("until"))
)
# The row keeps its version, so that whoever is still sending can write down what came of it.
RENEW_LEASE = (
    update(ROWS)
    .where(THIS, ROWS.c.state == SENDING, ROWS.c.lease_until == bindparam("was_until"))
    .values(lease_until=bindparam("until"), next_look=bindparam("until"))
)
STILL_GOING = or_(ROWS.c.run_status == null(), ROWS.c.run_status.not_in(bindparam("ends", expanding=True)))
# What was read of a run before is no news of it. Its end always is, and so is all once a clock was put back.
NOTE_RUN = update(ROWS).where(
    THIS,
    ROWS.c.execution == bindparam("known_as"),
    STILL_GOING,
    or_(
        ROWS.c.run_at == null(),
        ROWS.c.run_at <= bindparam("now"),
        ROWS.c.run_at > bindparam("soon"),
        bindparam("ended", type_=Boolean),
    ),
)
# Nobody has asked to stop it, or it is not known for a while what came of that, or not since a clock was put back.
TAKE_STOP = update(ROWS).where(
    THIS,
    ROWS.c.execution != null(),
    STILL_GOING,
    or_(
        ROWS.c.stopping_at == null(),
        ROWS.c.lease_until <= bindparam("now"),
        ROWS.c.lease_until > bindparam("farthest"),
    ),
)
SETTLE_STOP = update(ROWS).where(THIS, ROWS.c.stopping_at == bindparam("begun_at"))
# Written to before it is removed, since only that keeps other processes from sending it until it is gone.
TAKE_DRAFT = (
    update(ROWS)
    .where(THIS, ROWS.c.owner == bindparam("whose"), ROWS.c.state == DRAFT, UP_TO_DATE)
    .values(version=ROWS.c.version + 1)
)
REMOVE = delete(ROWS).where(THIS)
KEEP = insert(SEALED)
# Larger than the free room on a page, so that a full database can't take it.
PROBE = insert(table_of(KeyProof)).values(number=2, sealed="-" * 16_384)
WIPE = delete(SEALED).where(SEALED.c.submission == bindparam("whose"))
NOTHING: Mapping[str, int] = {}


@dataclass(frozen=True)
class Mark:
    """Which page writes, and the last version of the row that it knows; 0 for a row that it has never seen."""

    editor: str = ""
    version: int = 0

    @classmethod
    def parse(cls, text: str) -> "Mark":
        """Read what `str` wrote; anything else is a page that knows nothing."""
        match = re.fullmatch(r"([A-Za-z0-9_-]{1,32})\.([0-9]{1,9})", text, re.ASCII)
        return cls(match[1], int(match[2])) if match else cls()

    def __str__(self) -> str:
        return f"{self.editor}.{self.version}"


class Outdated(Exception):
    """A row has another version than the one that was read, and nothing is written."""


# For who has just read the row and needs no mark: the states that are written over decide alone.
ANY_VERSION = Mark(version=2**31 - 1)


@dataclass(frozen=True)
class Names:
    """What the workspace, the project and the pipeline of a place are called. The directory may know a workspace whose
    name is empty here; else what has no name goes by its address."""

    workspace: str = ""
    project: str = ""
    pipeline: str = ""


@dataclass(frozen=True)
class Entry:
    """What a person has typed into one form, as the journal keeps it: public fields and, apart from them, secrets.

    `names` are the place's, as lists show them; `undoes` is the change that it puts back. It was made from the version
    `template_version` of a `template`, if from any. `image_check` is what was known of its image.
    """

    id: str
    owner: str
    workspace: str
    project: str
    pipeline: int
    follows: str | None
    name: str
    typed: Mapping[str, str]
    snapshot: Mapping[str, Any]
    secrets: Mapping[str, str] = field(repr=False)
    kind: str = "addition"
    target: int | None = None
    names: Names = Names()
    undoes: str | None = None
    template: str | None = None
    template_version: int | None = None
    image_check: Mapping[str, Any] | None = None

    @property
    def place(self) -> tuple[str, str, int]:
        """The pipeline that it is about."""
        return self.workspace, self.project, self.pipeline

    def called(self, connection: Connection) -> dict[str, str]:
        """The columns with the names of its place."""
        told = self.names.workspace or connection.scalar(WORKSPACE, {"workspace": self.workspace})
        return {
            "workspace_name": told or self.workspace,
            "project_name": self.names.project or self.project,
            "pipeline_name": self.names.pipeline or f"pipeline {self.pipeline}",
        }


def size_of(entry: Entry) -> int:
    """How many bytes an entry takes, as it is written."""
    written = json.dumps([dict(entry.typed), dict(entry.snapshot)])
    return len(written) + sum(len(secret.encode()) for secret in entry.secrets.values())


@dataclass(frozen=True)
class Claimed:
    """A row that may be sent now: its new version, and the number of this attempt."""

    version: int
    attempt: int


@dataclass(frozen=True)
class ExtraRow:
    """A further row that comes into being with a move: its columns beside those that all rows have, and its event."""

    columns: Mapping[str, Any]
    event: NewEvent


def utc_now() -> datetime:
    """The time, from this computer's clock."""
    return datetime.now(UTC)


class Journal(Reading):
    """All writing of submissions. Each method is one short transaction, or none: `JournalUnavailable` says so."""

    def __init__(self, engine: Engine, vault: Vault, clock: Clock = utc_now) -> None:
        super().__init__(engine, vault, clock)
        self._file = DatabaseFile(engine)
        self._writers = Writers(engine) if is_sqlite(engine.url) else None
        self._turn = self._writers.turn if self._writers else nullcontext
        self._together = GroupCommit(engine, self._writers, self._file.check) if self._writers else None
        self._transaction = self._together.transaction if self._together else engine.begin

    def put(
        self,
        entry: Entry,
        state: str,
        over: Collection[str],
        mark: Mark = ANY_VERSION,
        quota: Quota | None = None,
        **values: Any,
    ) -> int | None:
        """Write `entry` in `state`: as a new row, or over one of the same owner that is in one of the states `over`.

        Returns the row's new version, or None when the row is in another state, somebody else's, or has been saved
        by another page since `mark`: nothing is written then. `values` are further columns. Raises
        `QuotaReached` when the owner has no room for it under `quota`.
        """
        now = self._clock()

        def part(connection: Connection) -> int:
            if quota is not None:
                take_lock(connection, f"rows of {entry.owner}")
            held = self._hold(connection, entry.id)
            columns = self._columns(connection, entry, state, mark, now, values)
            if quota is not None:
                refuse_beyond(connection, quota, entry.id, entry.owner, state, columns["size"])
            written = self._write_row(connection, entry, over, mark, columns, held)
            self._keep_secrets(connection, entry, now, held)
            return written.version

        try:
            return self._write(part)
        except IntegrityError:
            return None

    def claim(
        self,
        entry: Entry,
        over: Collection[str],
        mark: Mark,
        event: NewEvent,
        duplicates: Duplicates,
        unchanged: Mapping[str, int] = NOTHING,
        made: Made | None = None,
        **values: Any,
    ) -> Claimed | None:
        """Write `entry` as being sent, as `put` does, and put on record which attempt it is.

        None also when one of the rows named in `unchanged` has no longer the version that is given there: whoever else
        has looked at it comes too late from now on. Raises `DuplicateFound`, `OtherUnderWay`, and `TemplateMoved` when
        the template that it was `made` from is not as it was read, or is not named.
        """
        now, mark_of_content = self._clock(), values["fingerprint"]

        def part(connection: Connection) -> Claimed:
            take_lock(connection, f"content {mark_of_content}")
            self._take_action(connection, entry)
            held = entry.id in self._hold_several(connection, [entry.id, *unchanged])
            refuse_duplicate(connection, duplicates, entry.id, mark_of_content)
            self._refuse_beside(connection, entry, duplicates)
            if entry.template is not None:
                refuse_moved(connection, entry.template, made)
            for id, version in unchanged.items():
                if connection.execute(TOUCH, {"this": id, "seen": version}).rowcount != 1:
                    raise Outdated
            columns = self._columns(connection, entry, SENDING, mark, now, {"owner_name": event.actor.name, **values})
            claimed = self._write_row(connection, entry, over, mark, columns, held, CLAIM)
            self._keep_secrets(connection, entry, now, held)
            counted = replace(event, details={"attempt": claimed.attempt, **event.details})
            self._record(connection, entry.id, counted, now)
            return claimed

        try:
            return self._write(part)
        except Outdated:
            return None
        except IntegrityError:
            with self._connected() as connection:
                refuse_duplicate(connection, duplicates, entry.id, mark_of_content)
            return None

    def _take_action(self, connection: Connection, entry: Entry) -> None:
        """Let nothing else be claimed that is done to the same action."""
        if entry.target is not None:
            take_lock(connection, "/".join(map(str, ("action", *entry.place, entry.target))))

    def _refuse_beside(self, connection: Connection, entry: Entry, duplicates: Duplicates) -> None:
        if duplicates.beside and entry.target is not None:
            refuse_beside(connection, duplicates, entry.id, entry.place, entry.target, SENDING)

    def _columns(
        self, connection: Connection, entry: Entry, state: str, mark: Mark, now: datetime, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        return dict(
            workspace=entry.workspace,
            project=entry.project,
            pipeline=entry.pipeline,
            follows=entry.follows,
            kind=entry.kind,
            target=entry.target,
            undoes=entry.undoes,
            template=entry.template,
            template_version=entry.template_version,
            image_check=dict(entry.image_check) if entry.image_check else None,
            name=entry.name,
            typed=dict(entry.typed),
            snapshot=dict(entry.snapshot),
            state=state,
            editor=mark.editor,
            changed_at=now,
            size=size_of(entry),
            **entry.called(connection),
            **values,
        )

    def move(
        self,
        id: str,
        version: int,
        state: str,
        to: str,
        event: NewEvent | None = None,
        wipe: bool = False,
        extra_rows: Collection[ExtraRow] = (),
        **values: Any,
    ) -> int | None:
        """Move a submission from `state` at `version` on to state `to`, and forget its secrets if `wipe`.

        In the same transaction the `extra_rows` come into being.
        Returns the new version, or None when the row had moved on by itself, or its action is another's already.
        """
        now = self._clock()
        change = {"this": id, "was": state, "seen": version, "version": version + 1, "state": to, "changed_at": now}
        ends = extra_rows or values.get("finished_at")

        def part(connection: Connection) -> int | None:
            family = connection.scalars(HOLD_OF, {"this": id}).all() if ends else ()
            if connection.execute(MOVE, {**change, **values}).rowcount != 1:
                return None
            if wipe:
                connection.execute(WIPE, {"whose": id})
            self._record(connection, id, event, now)
            for each in extra_rows:
                row = {"version": 1, "created_at": now, "changed_at": now, **each.columns}
                connection.execute(INSERT, row)
                self._record(connection, row["id"], each.event, now)
            # Alone in its family it was sent beside none; and of two, the one that ends last sees both.
            if extra_rows or len(family) > 1:
                self._mark_overlaps(connection, id)
            return version + 1

        try:
            return self._write(part)
        except IntegrityError:
            return None

    def settle(self, family: str, event: NewEvent) -> None:
        """Write down that of the actions of a family all stay: nobody is asked about them any more.

        Of which that was said already, it is not put on record again.
        """
        now = self._clock()
        with self.writing() as connection:
            connection.execute(HOLD_FAMILY, {"family": family})
            settled = connection.execute(
                update(ROWS)
                .where(ROWS.c.family == family, ROWS.c.settled_at == null())
                .values(settled_at=now)
                .returning(ROWS.c.id)
            )
            for id in settled.scalars().all():
                self._record(connection, id, event, now)

    def dismiss(self, id: str, owner: str, state: str, event: NewEvent) -> None:
        """Write down that a person has seen what became of a submission of theirs, if it is still in `state`.

        What was said of the same send already is not put on record again.
        """
        now = self._clock()
        with self.writing() as connection:
            wanted = {"this": id, "whose": owner, "was": state, "now": now}
            if connection.execute(DISMISS, wanted).rowcount == 1:
                self._record(connection, id, event, now)

    def take_look(self, id: str, version: int, lasting: timedelta, pause: timedelta) -> bool:
        """Take the lease on looking after a row. False when somebody else has it, or looked less than `pause` ago."""
        now = self._clock()
        soon = now + OUR_CLOCKS_DIFFER
        lease = {"this": id, "seen": version, "now": now, "until": now + lasting, "not_since": now - pause}
        with self.writing() as connection:
            return connection.execute(TAKE_LOOK, {**lease, "soon": soon, "farthest": soon + lasting}).rowcount == 1

    def renew_lease(self, id: str, lease_until: datetime, lasting: timedelta) -> None:
        """Let the lease of a send last for so long from now on, if it is still the one that was read."""
        lease = {"this": id, "was_until": lease_until, "until": self._clock() + lasting}
        with self.writing() as connection:
            connection.execute(RENEW_LEASE, lease)

    def note_run(
        self, id: str, execution: int, status: str, ends: Collection[str], event: NewEvent, **values: Any
    ) -> None:
        """Write down how far the run of a submission is by now, unless it has come to one of its `ends` before.

        With its end come the `event`, and the end of its secrets.
        """
        now, ended = self._clock(), status in ends
        wanted = {"this": id, "known_as": execution, "ends": list(ends), "ended": ended}
        wanted |= {"now": now, "soon": now + OUR_CLOCKS_DIFFER}
        told = {"run_status": status, "run_at": now, "changed_at": now, **values}
        with self.writing() as connection:
            if connection.execute(NOTE_RUN, {**wanted, **told}).rowcount == 1 and ended:
                connection.execute(WIPE, {"whose": id})
                self._record(connection, id, event, now)

    def take_stop(self, id: str, lasting: timedelta, ends: Collection[str], event: NewEvent) -> datetime | None:
        """Take the right to stop the run of a submission once, and put that on record; gives when that was.

        None when it has come to one of its `ends`, when it is not known to be there, and when somebody else has it.
        """
        now = self._clock()
        wanted = {"this": id, "ends": list(ends), "now": now, "farthest": now + lasting + OUR_CLOCKS_DIFFER}
        with self.writing() as connection:
            told = {"stopping_at": now, "lease_until": now + lasting, "changed_at": now}
            if connection.execute(TAKE_STOP, {**wanted, **told}).rowcount != 1:
                return None
            self._record(connection, id, event, now)
        return now

    def settle_stop(self, id: str, begun_at: datetime, event: NewEvent, **values: Any) -> None:
        """Write down what came of stopping a run as it was begun then; on record it is in any case."""
        now = self._clock()
        with self.writing() as connection:
            connection.execute(SETTLE_STOP, {"this": id, "begun_at": begun_at, "changed_at": now, **values})
            self._record(connection, id, event, now)

    def remove_draft(self, id: str, owner: str, mark: Mark, event: NewEvent | None = None) -> bool:
        """Remove a person's draft and its secrets. False when it is none, or another page has saved it since."""
        with self.writing() as connection:
            return self._remove(connection, id, owner, mark, event)

    def remove_drafts(self, owner: str, marks: Mapping[str, Mark], event: NewEvent) -> int:
        """Remove a person's drafts by id, with their secrets; one that another page has saved since its mark stays.

        Returns how many are gone.
        """
        with self.writing() as connection:
            self._hold_several(connection, marks)
            return sum(self._remove(connection, id, owner, mark, event) for id, mark in marks.items())

    def record(self, event: NewEvent, **columns: Any) -> None:
        """Put something on record that changes no submission, and that may be done again and again; `columns` are the
        event's further ones."""
        with self.writing() as connection:
            record_repeat(connection, event, self._clock(), **columns)

    def sweep(self, keep: timedelta) -> None:
        """Remove secrets past their time, and drafts and submissions that have not changed for too long.

        What was only counted for the record until now is told there.
        """
        now = self._clock()
        with self.writing() as connection:
            take_lock(connection, "sweeping")
            record_remaining_repeats(connection, now)
            connection.execute(delete(ROWS).where(ROWS.c.state == DRAFT, ROWS.c.changed_at < now - DRAFTS_KEPT))
            connection.execute(delete(ROWS).where(ROWS.c.changed_at < now - keep))
            connection.execute(delete(SEALED).where(SEALED.c.expires_at <= now))

    def check(self) -> None:
        """Write something and take it back. Raises `JournalUnavailable` when the database can't be written."""
        with self._turn(), translated():
            self._file.check()
            with self._engine.connect() as connection:
                connection.execute(PROBE)
                connection.rollback()

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()
        if self._writers:
            self._writers.close()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Write in one transaction, when it is one's turn. Raises `JournalUnavailable`."""
        with translated(), self._transaction() as connection:
            yield connection

    def _write(self, part: Callable[[Connection], Result]) -> Result:
        """Write what a part of a transaction does, as many do at the same moment. Raises `JournalUnavailable`, and what
        the part raises: nothing of it is written then."""
        if self._together:
            with translated():
                return self._together.write(part)
        with self.writing() as connection:
            return part(connection)

    def _hold(self, connection: Connection, id: str) -> bool:
        """Take a row, if it is there. It also takes SQLite's lock: from here on nobody else writes."""
        return connection.execute(HOLD, {"this": id}).rowcount == 1

    def _hold_several(self, connection: Connection, ids: Collection[str]) -> Collection[str]:
        """Take rows in the order in which all take several, so that two never wait for each other; gives the ids of
        those that are there."""
        return connection.scalars(HOLD_SEVERAL, {"these": list(ids)}).all()

    def _write_row(
        self,
        connection: Connection,
        entry: Entry,
        over: Collection[str],
        mark: Mark,
        columns: dict[str, Any],
        held: bool,
        statement: Update = OVERWRITE,
    ) -> Claimed:
        condition = {
            "this": entry.id,
            "whose": entry.owner,
            "over": list(over),
            "seen": mark.version,
            "saved_by": mark.editor,
        }
        over_it = connection.execute(statement, {**condition, **columns}).first() if held else None
        if over_it is not None:
            return Claimed(over_it.version, over_it.attempts)
        first = Claimed(1, int(columns["state"] == SENDING))
        follows = entry.follows
        family = (connection.scalar(FAMILY, {"this": follows}) or follows) if follows else entry.id
        new = {"id": entry.id, "owner": entry.owner, "family": family, "created_at": columns["changed_at"]}
        connection.execute(INSERT, {**new, "version": first.version, "attempts": first.attempt, **columns})
        return first

    def _remove(self, connection: Connection, id: str, owner: str, mark: Mark, event: NewEvent | None) -> bool:
        # Who names no page has saved nothing: without a name all are others.
        taken = {"this": id, "whose": owner, "seen": mark.version, "saved_by": mark.editor or None}
        if connection.execute(TAKE_DRAFT, taken).rowcount != 1:
            return False
        self._record(connection, id, event, self._clock())
        connection.execute(REMOVE, {"this": id})
        return True

    def _mark_overlaps(self, connection: Connection, id: str) -> None:
        """Mark what was sent beside another one of its family: the home page looks for nothing else."""
        connection.execute(OVERLAP, {"this": id})

    def _keep_secrets(self, connection: Connection, entry: Entry, now: datetime, held: bool) -> None:
        """Keep the secrets of an entry in the place of those that its row had, if it was there."""
        if held:
            connection.execute(WIPE, {"whose": entry.id})
        rows = [
            {"submission": entry.id, "id": id, "sealed": self._vault.seal(value), "expires_at": now + SECRETS_KEPT}
            for id, value in entry.secrets.items()
        ]
        if rows:
            connection.execute(KEEP, rows)

    def _record(self, connection: Connection, id: str, event: NewEvent | None, now: datetime) -> None:
        if event is not None:
            connection.execute(INSERT_EVENT_ON_SUBMISSION, {"this": id, **event.columns(now)})
