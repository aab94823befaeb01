"""How much a database does for what it is asked: what else the computer does changes times, and not this."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, event

# By this connection, since it has last added its own to those of all.
ROWS_READ = "SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0) FROM pg_stat_xact_user_tables"


def effort_of(engine: Engine) -> Callable[[], int]:
    """Give what tells how much was done from now on: SQLite counts its own steps, PostgreSQL the rows that it reads."""
    done = 0

    def step() -> int:
        nonlocal done
        done += 1
        return 0

    def let_count(connection: Any, *_: Any) -> None:
        connection.set_progress_handler(step, 1)

    def begin(connection: Connection) -> None:
        nonlocal done
        done -= rows_read(connection)

    def end(connection: Connection) -> None:
        nonlocal done
        done += rows_read(connection)

    if engine.dialect.name == "sqlite":
        event.listen(engine, "checkout", let_count)
    else:
        event.listen(engine, "begin", begin)
        event.listen(engine, "rollback", end)
        event.listen(engine, "commit", end)
    return lambda: done


def rows_read(connection: Connection) -> int:
    """How many rows a connection to PostgreSQL has read; within one transaction this only grows."""
    with connection.connection.cursor() as cursor:
        cursor.execute(ROWS_READ)
        return int(cursor.fetchone()[0])
