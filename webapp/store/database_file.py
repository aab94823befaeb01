"""The file behind an SQLite engine, which must stay the one that was opened."""

from pathlib import Path

from sqlalchemy import Engine

from webapp.store.failures import JournalUnavailable


class DatabaseFile:
    """The file behind an SQLite engine. A connection would go on writing into a file that was moved or removed."""

    def __init__(self, engine: Engine) -> None:
        name = engine.url.database if engine.dialect.name == "sqlite" else None
        self._path = Path(name) if name else None
        self._identity = self._look()

    def check(self) -> None:
        """Raises `JournalUnavailable` when the file is not the one that was opened."""
        if self._look() != self._identity:
            raise JournalUnavailable("the database file is gone")

    def _look(self) -> tuple[int, int] | None:
        if self._path is None:
            return None
        try:
            found = self._path.stat()
        except OSError:
            return (0, 0)
        return found.st_dev, found.st_ino
