"""Databases of the tests: their tables are made once in a process, and copied for each Slipway."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from webapp.store.database import make_private, open_database


def database_in(folder: Path) -> str:
    """The URL of the database in a folder; where there is none, of one with all tables and nothing in them."""
    file = folder / "slipway.db"
    if not file.exists():
        make_private(str(file))
        file.write_bytes(tables())
    return f"sqlite:///{file}"


@cache
def tables() -> bytes:
    """What is in the file of a database that nobody has used yet."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "slipway.db")
        open_database(f"sqlite:///{file}").dispose()
        return file.read_bytes()
