"""Two who use a database at once: the second begins when the first has read what it decides by."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, current_thread
from typing import Any, TypeVar

import psycopg
from sqlalchemy import Engine, event

from support.databases import SERVER
from support.waiting import until

First, Second = TypeVar("First"), TypeVar("Second")
WAITING = """
SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'
"""


def interleaved(
    engine: Engine, read: str, first: Callable[[], First], second: Callable[[], Second]
) -> tuple[First | Exception, Second | Exception]:
    """Let the `first` come as far as a statement with the words `read`; then let the `second` come to its end, or as
    far as it can before it waits for the first. Gives what became of both.
    """
    there, go_on = Event(), Event()
    threads = ThreadPoolExecutor(2)

    def pause(_: Any, __: Any, statement: str, *___: Any) -> None:
        if read in statement and current_thread() is firsts[0] and not there.is_set():
            there.set()
            assert go_on.wait(30)

    def begin() -> First:
        firsts.append(current_thread())
        return first()

    firsts: list[Any] = []
    event.listen(engine, "after_cursor_execute", pause)
    try:
        one = threads.submit(begin)
        until(lambda: there.is_set() or one.done())
        assert there.is_set(), one.exception()
        other = threads.submit(second)
        until(lambda: other.done() or waits(engine))
        go_on.set()
        return outcome(one), outcome(other)
    finally:
        go_on.set()
        threads.shutdown()
        event.remove(engine, "after_cursor_execute", pause)


def outcome(work: Any) -> Any:
    """What was returned, or the exception."""
    failed = work.exception(60)
    return work.result() if failed is None else failed


def waits(engine: Engine) -> bool:
    """Whether somebody waits for a lock in the database."""
    with psycopg.connect(f"{os.environ[SERVER]}postgres", autocommit=True) as connection:
        return bool(connection.execute(WAITING, [engine.url.database]).fetchone()[0])  # type: ignore[index]
