"""Copying an SQLite database while it is in use, and putting such a copy in its place."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Engine, delete, func, literal, make_url, update

from webapp.store.database import refuse_unknown
from webapp.store.events import INSERT_EVENT, SLIPWAY, NewEvent
from webapp.store.failures import translated
from webapp.store.journal import utc_now
from webapp.store.keys import WrongKey, is_of
from webapp.store.models import ON_ITS_WAY, BrowserSession, Invitation, Moment, Submission, table_of
from webapp.store.put_back import begin
from webapp.store.vault import Vault

# https://www.sqlite.org/rescode.html: what is beyond the lowest byte only tells more of the same.
PRIMARY_CODE = 0xFF
DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class BackupError(Exception):
    """There is no backup, or it can't be used; the message is one sentence that says why and what to do."""


def database_file(url: str) -> Path:
    """Find the file of an SQLite database at a SQLAlchemy `url`. Raises `BackupError` for any other database."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise BackupError("only SQLite is backed up by Slipway: use the database's own tool, such as pg_dump")
    return Path(parsed.database)


def back_up(database: Path, target: Path) -> int:
    """Copy the database, also one that is in use, into a new file that only this user can read.

    Returns how many submissions are in it. Raises `BackupError`.
    """
    if not database.is_file():
        raise BackupError(f"there is no database at {database}")
    if target.exists():
        raise BackupError(f"{target} is there already, and a backup is not written over: choose another name")
    with copied(database, target) as part:
        try:
            with closing(connect(part)) as connection:
                (count,) = connection.execute("SELECT count(*) FROM submissions").fetchone()
        except sqlite3.OperationalError:
            raise BackupError(f"{database} holds nothing of Slipway's") from None
        part.replace(target)
    return int(count)


def restore(database: Path, source: Path, vault: Vault, kept_as: Path | None) -> None:
    """Put a backup in the database's place. A database that is there already is moved to `kept_as`.

    Raises `BackupError` when the file is no backup of a version that is known here, when there is no room for it, when
    there is a database and no `kept_as`, or when a Slipway is running on it, and `WrongKey`. Nothing is changed then.
    """
    check(source, vault)
    if not database.exists():
        with copied(source, database) as part:
            part.replace(database)
        return
    if kept_as is None:
        raise BackupError(f"there is a database at {database} already: with --force it is kept beside the new one")
    with copied(source, database) as part:
        close_off(database)
        database.rename(kept_as)
        try:
            part.replace(database)
        except OSError:
            kept_as.rename(database)
            raise


def begin_anew(engine: Engine, source: str | None = None) -> int:
    """Sign everybody out and let no invitation hold in a database that was put back, and say so on record.

    Else who has left or been disabled since the backup would be signed in again. Returns how many sends were on their
    way, which are looked for from now on, whoever had begun to. Raises `JournalUnavailable`.
    """
    event = NewEvent(SLIPWAY, "restored a backup", details={"file": source} if source else {})
    now = utc_now()
    with translated(), engine.begin() as connection:
        connection.execute(delete(table_of(BrowserSession)))
        connection.execute(delete(table_of(Invitation)))
        rows = table_of(Submission)
        due = func.coalesce(rows.c.lease_until, literal(now, Moment))
        looked_for = update(rows).where(ON_ITS_WAY).values(next_look=due, look_until=None)
        on_their_way = connection.execute(looked_for).rowcount
        connection.execute(INSERT_EVENT, event.columns(now))
        begin(connection)
    return on_their_way


def check(source: Path, vault: Vault) -> None:
    """Raise `BackupError` unless the file is a whole database of Slipway's, and `WrongKey` unless the key fits it."""
    if not source.is_file():
        raise BackupError(f"there is no file {source}")
    try:
        with closing(connect(source)) as connection:
            (state,) = connection.execute("PRAGMA quick_check").fetchone()
            (version,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            proofs = connection.execute("SELECT sealed FROM key_proof").fetchall() if "key_proof" in tables else []
    except (sqlite3.Error, TypeError):
        raise BackupError(f"{source} is no backup of Slipway's") from None
    if state != "ok" or "submissions" not in tables:
        raise BackupError(f"{source} is damaged, or no backup of Slipway's")
    refuse_unknown(version)
    if not all(is_of(sealed, vault) for (sealed,) in proofs):
        raise WrongKey


def close_off(database: Path) -> None:
    """Bring everything into the one file, unless it is damaged. Raises `BackupError` when somebody else has it open, or
    when that can't be done: what has been written last would not be in the file."""
    try:
        with closing(sqlite3.connect(database, timeout=0)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.DatabaseError as error:
        code = error.sqlite_errorcode & PRIMARY_CODE
        if code == sqlite3.SQLITE_BUSY:
            raise BackupError("Slipway is running on this database: stop it first") from None
        if code not in DAMAGED:
            raise BackupError(f"{database} can't be kept beside the new one: {error}") from None


@contextmanager
def copied(source: Path, target: Path) -> Iterator[Path]:
    """Copy a database into a file beside `target`, to be put there once it is whole; else it is removed again.

    Raises `BackupError`.
    """
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            with closing(connect(source)) as original, closing(sqlite3.connect(part)) as written:
                original.backup(written)
                # The copy is one file, whatever the original's way of writing.
                written.execute("PRAGMA journal_mode=DELETE").fetchone()
        except sqlite3.Error as error:
            raise BackupError(f"{source} can't be copied: {error}") from None
        yield part
    finally:
        part.unlink(missing_ok=True)


def connect(path: Path) -> sqlite3.Connection:
    """Open a database that is there."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)
