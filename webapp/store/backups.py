"""Copying an SQLite database while it is in use, and putting such a copy in its place."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, Engine, delete, func, literal, update

from webapp.store.database import open_database, refuse_unknown
from webapp.store.engines import is_sqlite
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
# https://www.sqlite.org/tempfiles.html: what is in these, SQLite takes for the last that was written into the database.
WRITTEN_LAST = ("-wal", "-journal")


class BackupError(Exception):
    """There is no backup, or it can't be used; the message is one sentence that says why and what to do."""


def database_file(url: URL) -> Path:
    """Find the file of an SQLite database at a `url`. Raises `BackupError` for any other database."""
    if not is_sqlite(url) or not url.database:
        raise BackupError("only SQLite is backed up by Slipway: use the database's own tool, such as pg_dump")
    return Path(url.database)


def back_up(database: Path, target: Path) -> int:
    """Copy the database, also one that is in use, into a new file that only this user can read.

    Returns how many submissions are in it. Raises `BackupError`.
    """
    if not database.is_file():
        raise BackupError(f"there is no database at {database}")
    refuse_written(target)
    with copied(database, target) as part:
        try:
            with closing(connect(part)) as connection:
                (count,) = connection.execute("SELECT count(*) FROM submissions").fetchone()
        except sqlite3.OperationalError:
            raise BackupError(f"{database} holds nothing of Slipway's") from None
        # Somebody else may have made one of this name meanwhile.
        refuse_written(target)
        part.replace(target)
    return int(count)


def refuse_written(target: Path) -> None:
    """Raise `BackupError` when there is a file where a backup is to be."""
    if target.exists():
        raise BackupError(f"{target} is there already, and a backup is not written over: choose another name")


def restore(database: Path, source: Path, vault: Vault, kept_as: Path | None) -> bool:
    """Put a backup in the database's place, with everybody signed out, and with this version's tables.

    What is there already is kept as `kept_as`; returns whether anything was. Whenever this ends, by a fault or by a
    kill, there is all of what was there before or all of the backup.

    Raises `BackupError` when the file is no backup of a version that is known here, when there is no room for it, when
    there is a database and no `kept_as`, or when a Slipway is running on it, `WrongKey`, and `JournalUnavailable` or
    `sqlalchemy.exc.SQLAlchemyError` when the backup can't be brought up to date. Nothing is changed then.
    """
    check(source, vault)
    leftovers = {suffix: beside(database, suffix) for suffix in WRITTEN_LAST if beside(database, suffix).exists()}
    if kept_as is None and database.exists():
        raise BackupError(f"there is a database at {database} already: with --force it is kept beside the new one")
    if kept_as is None and leftovers:
        raise BackupError(
            f"there is {min(leftovers.values())}, which holds what was written last into a database that was there: "
            "with --force it is kept beside the new one"
        )
    with copied(source, database) as part:
        sign_out(part, source.name)
        kept = kept_as is not None and keep(database, kept_as)
        part.replace(database)
    return kept


def sign_out(part: Path, name: str) -> None:
    """Begin anew in what is to be put in the database's place, brought up to date. Raises `BackupError`."""
    engine = open_database(URL.create("sqlite", database=str(part)))
    try:
        begin_anew(engine, name)
    finally:
        engine.dispose()
    try:
        as_one_file(part)
    except sqlite3.Error as error:
        raise BackupError(f"{name} can't be brought up to date: {error}") from None


def keep(database: Path, kept_as: Path) -> bool:
    """Give a database another name, too, and take from the one it has what was written last; False if nothing is there.

    Raises `BackupError`.
    """
    if database.exists():
        close_off(database)
    files = {suffix: beside(database, suffix) for suffix in ("", *WRITTEN_LAST)}
    found = {suffix: file for suffix, file in files.items() if file.exists()}
    for suffix, file in found.items():
        try:
            # Unlike with a rename, the database is there at each moment, and nothing is written over.
            os.link(file, beside(kept_as, suffix))
        except OSError as error:
            raise BackupError(f"{file} can't be kept as {beside(kept_as, suffix)}: {error.strerror}") from None
    for suffix in WRITTEN_LAST:
        files[suffix].unlink(missing_ok=True)
    return bool(found)


def beside(database: Path, suffix: str) -> Path:
    """One of the files that SQLite keeps beside a database."""
    return database.with_name(f"{database.name}{suffix}")


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
        as_one_file(database)
    except sqlite3.DatabaseError as error:
        if is_busy(error):
            raise BackupError("Slipway is running on this database: stop it first") from None
        if code_of(error) not in DAMAGED:
            raise BackupError(f"{database} can't be kept beside the new one: {error}") from None


def is_busy(error: sqlite3.Error) -> bool:
    """Whether it failed because somebody else has the database open."""
    return code_of(error) == sqlite3.SQLITE_BUSY


def code_of(error: sqlite3.Error) -> int:
    """What failed, of what SQLite tells apart."""
    return error.sqlite_errorcode & PRIMARY_CODE


def as_one_file(database: Path) -> None:
    """Bring everything into the one file, whatever its way of writing. Raises `sqlite3.DatabaseError`."""
    with closing(sqlite3.connect(database, timeout=0)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE").fetchone()


@contextmanager
def copied(source: Path, target: Path) -> Iterator[Path]:
    """Copy a database into a file beside `target`, to be put there once it is whole; else it is removed again.

    Raises `BackupError`.
    """
    try:
        # A name of its own: somebody else may be copying to the same place.
        handle, name = tempfile.mkstemp(prefix=f"{target.name}.", suffix=".part", dir=target.parent)
    except OSError as error:
        raise BackupError(f"nothing can be written into {target.parent}: {error.strerror}") from None
    os.close(handle)
    part = Path(name)
    try:
        try:
            with closing(connect(source)) as original, closing(sqlite3.connect(part)) as written:
                original.backup(written)
            as_one_file(part)
        except sqlite3.Error as error:
            raise BackupError(f"{source} can't be copied: {error}") from None
        yield part
    finally:
        for suffix in ("", "-shm", *WRITTEN_LAST):
            beside(part, suffix).unlink(missing_ok=True)


def connect(path: Path) -> sqlite3.Connection:
    """Open a database that is there."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)
