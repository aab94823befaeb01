"""The journal: what was typed, claimed, sent and answered, each step committed before the next one begins."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

from sqlalchemy import Engine, bindparam, delete, insert, select, text, tuple_, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.store.models import EPOCH, Base, Secret, Submission
from webapp.store.vault import Vault

# An hour under the promised 24, because the sweep that removes what has expired comes once an hour.
SECRETS_KEPT = timedelta(hours=23)


ROWS = Base.metadata.tables[Submission.__tablename__]
SEALED = Base.metadata.tables[Secret.__tablename__]
# Made once, since making a statement costs more than running it. Columns that change come with the execution.
INSERT = insert(ROWS)
OVERWRITE = (
    update(ROWS)
    .where(
        ROWS.c.id == bindparam("this"),
        ROWS.c.owner == bindparam("whose"),
        ROWS.c.state.in_(bindparam("over", expanding=True)),
    )
    .values(version=ROWS.c.version + 1)
    .returning(ROWS.c.version)
)
MOVE = update(ROWS).where(
    ROWS.c.id == bindparam("this"), ROWS.c.state == bindparam("was"), ROWS.c.version == bindparam("seen")
)
KEEP = insert(SEALED)
WIPE = delete(SEALED).where(SEALED.c.submission == bindparam("whose"))


@dataclass(frozen=True)
class Entry:
    """What a person has typed into one form, as the journal keeps it: public fields and, apart from them, secrets."""

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


@dataclass(frozen=True)
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
        match = re.fullmatch(r"([0-9]{1,15})-([0-9]{1,18})", text, re.ASCII)
        return cls(EPOCH + timedelta(milliseconds=int(match[1])), int(match[2])) if match else None

    def __str__(self) -> str:
        return f"{(self.sent_at - EPOCH) // timedelta(milliseconds=1)}-{self.number}"


class Journal:
    """All reading and writing of submissions. Each method is one short transaction."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault
        # SQLite lets one write at a time, and makes the others sleep and ask again: a queue hands over at once.
        self._turn = Lock()

    def put(self, entry: Entry, state: str, over: Collection[str], **values: Any) -> int | None:
        """Write `entry` in `state`: as a new row, or over one of the same owner that is in one of the states `over`.

        Returns the row's new version, or None when the row is in another state or somebody else's: nothing is
        written then. `values` are further columns.
        """
        now = datetime.now(UTC)
        columns = dict(
            workspace=entry.workspace,
            project=entry.project,
            pipeline=entry.pipeline,
            follows=entry.follows,
            name=entry.name,
            typed=dict(entry.typed),
            snapshot=dict(entry.snapshot),
            state=state,
            changed_at=now,
            **values,
        )
        try:
            with self._turn, self._engine.begin() as connection:
                version = self._overwrite(connection, entry, over, columns)
                if version is None:
                    version = 1
                    fresh = {"id": entry.id, "owner": entry.owner, "version": version, "created_at": now}
                    connection.execute(INSERT, {**fresh, **columns})
                else:
                    connection.execute(WIPE, {"whose": entry.id})
                self._keep_secrets(connection, entry, now)
        except IntegrityError:
            return None
        return version

    def move(self, id: str, version: int, state: str, to: str, wipe: bool = False, **values: Any) -> int | None:
        """Move a submission from `state` at `version` on to state `to`, and forget its secrets if `wipe`.

        Returns the new version, or None when the row had moved on by itself.
        """
        now = datetime.now(UTC)
        with self._turn, self._engine.begin() as connection:
            change = {"this": id, "was": state, "seen": version, "version": version + 1, "state": to, "changed_at": now}
            if connection.execute(MOVE, {**change, **values}).rowcount != 1:
                return None
            if wipe:
                connection.execute(WIPE, {"whose": id})
        return version + 1

    def find(self, id: str) -> Submission | None:
        """Read one submission by its id."""
        with Session(self._engine, expire_on_commit=False) as session:
            return session.scalar(select(Submission).where(Submission.id == id))

    def history(self, limit: int, before: HistoryKey | None = None) -> list[Submission]:
        """Read what was sent or tried, newest first; `before` is the key of the last row seen."""
        query = select(Submission).where(Submission.sent_at.is_not(None))
        if before is not None:
            key = tuple_(Submission.sent_at, Submission.number)
            query = query.where(key < (before.sent_at, before.number))
        query = query.order_by(Submission.sent_at.desc(), Submission.number.desc()).limit(limit)
        with Session(self._engine, expire_on_commit=False) as session:
            return list(session.scalars(query))

    def secrets(self, submissions: Iterable[str]) -> dict[str, str]:
        """Open the secrets that these submissions still keep: secret id → value."""
        query = select(Secret.id, Secret.sealed).where(
            Secret.submission.in_(list(submissions)), Secret.expires_at > datetime.now(UTC)
        )
        with self._engine.connect() as connection:
            sealed = connection.execute(query).all()
        opened = {id: self._vault.open(value) for id, value in sealed}
        return {id: value for id, value in opened.items() if value is not None}

    def fingerprint(self, data: bytes) -> str:
        """Mark the content of a request, so that the same content can be told from an edited copy."""
        return self._vault.fingerprint(data)

    def sweep(self, keep: timedelta) -> None:
        """Remove secrets past their time, and submissions that have not changed for longer than `keep`."""
        now = datetime.now(UTC)
        with self._turn, self._engine.begin() as connection:
            connection.execute(delete(Secret).where(Secret.expires_at <= now))
            connection.execute(delete(Submission).where(Submission.changed_at < now - keep))

    def check(self) -> None:
        """Touch the database; raises `sqlalchemy.exc.SQLAlchemyError` when it can't answer."""
        with self._engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _overwrite(
        self, connection: Connection, entry: Entry, over: Collection[str], columns: dict[str, Any]
    ) -> int | None:
        condition = {"this": entry.id, "whose": entry.owner, "over": list(over)}
        version: int | None = connection.scalar(OVERWRITE, {**condition, **columns})
        return version

    def _keep_secrets(self, connection: Connection, entry: Entry, now: datetime) -> None:
        rows = [
            {"submission": entry.id, "id": id, "sealed": self._vault.seal(value), "expires_at": now + SECRETS_KEPT}
            for id, value in entry.secrets.items()
        ]
        if rows:
            connection.execute(KEEP, rows)
