"""Where the database is and which keys it is used with."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from platformdirs import user_data_path
from sqlalchemy import URL

from webapp.settings import SHORTEST_KEY, Settings, SettingsError, is_key
from webapp.store.engines import UnusableAddress, address_of, is_sqlite

KEY_FILE = "secret-key"


@dataclass(frozen=True)
class Storage:
    """Where the database is, and the secret keys, newest first."""

    url: URL = field(repr=False)
    secret_keys: tuple[str, ...] = field(repr=False)


@contextmanager
def open_storage(settings: Settings) -> Iterator[Storage]:
    """Find or make the database's folder and the secret key.

    On the sandbox both are thrown away at the end, unless the settings name a database. Raises `SettingsError` when
    the settings leave no place for the key, and `OSError` when the folder can't be written.
    """
    if settings.database_url is not None:
        url = address_in(settings.database_url)
        yield Storage(url, settings.secret_keys or keys_beside(url))
    elif settings.sandbox:
        with tempfile.TemporaryDirectory(prefix="slipway-", ignore_cleanup_errors=True) as folder:
            yield storage_in(Path(folder), settings)
    else:
        yield storage_in(user_data_path("slipway", appauthor=False), settings)


def storage_in(folder: Path, settings: Settings) -> Storage:
    """Use a folder of Slipway's own."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    url = URL.create("sqlite", database=str(folder / "slipway.db"))
    return Storage(url, settings.secret_keys or (key_in(folder),))


def address_in(text: str) -> URL:
    """Read the address of the database. Raises `SettingsError`."""
    try:
        return address_of(text)
    except UnusableAddress as error:
        raise SettingsError(f"SLIPWAY_DATABASE_URL {error}") from None


def keys_beside(url: URL) -> tuple[str, ...]:
    """The key that is kept beside an SQLite file. Raises `SettingsError` for any other database."""
    if not is_sqlite(url) or not url.database:
        raise SettingsError("SLIPWAY_SECRET_KEY must be set when the database is not an SQLite file")
    return (key_in(Path(url.database).parent),)


def key_in(folder: Path) -> str:
    """Read the key in a folder, or make one that only this user can read. Raises `SettingsError` and `OSError`."""
    path = folder / KEY_FILE
    if not path.exists():
        with suppress(FileExistsError):
            write_whole(path, secrets.token_urlsafe(48))
    return read_key(path)


def read_key(path: Path) -> str:
    """The key in a file. Raises `SettingsError` when there is none in it, and `OSError`."""
    try:
        key = path.read_text(encoding="utf-8").strip()
    except UnicodeDecodeError:
        key = ""
    if not is_key(key):
        raise SettingsError(
            f"{path} must hold a secret key of at least {SHORTEST_KEY} characters: put the one back that was in it, "
            "or, if nothing was ever kept with it, remove the file, and a new one is made"
        )
    return key


def write_whole(path: Path, text: str) -> None:
    """Write a new file that only this user can read: all of it or, on a full disk, none.

    Raises `FileExistsError` when another process was first, and `OSError`.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        # Unlike a rename, it fails where there is a file already.
        os.link(name, path)
    finally:
        os.unlink(name)
