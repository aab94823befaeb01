"""Processes that write into one SQLite file: each gets its turn, and none gives up behind one that takes long."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic

import pytest
from support.waiting import until

from webapp.store.database import open_database
from webapp.store.engines import address_of, connect_to
from webapp.store.events import Actor, NewEvent
from webapp.store.failures import JournalUnavailable
from webapp.store.journal import Journal
from webapp.store.locks import begin_writing
from webapp.store.vault import Vault
from webapp.store.writers import Writers

VAULT = Vault(["a key of the tests, long enough"])
EVENT = NewEvent(Actor("ada", "Ada"), "signed in")
# Has the turn, and SQLite's own lock, until it is killed.
HOLDING = """
import sys, time
from webapp.store.engines import address_of, connect_to
from webapp.store.writers import Writers
engine = connect_to(address_of(sys.argv[1]))
with Writers(engine).turn(), engine.connect() as connection:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    print("held", flush=True)
    time.sleep(600)
"""


def journal_of(folder: Path, seconds: float) -> Journal:
    """The journal as a process has it, with its own place in the queue: SQLite waits so many seconds for a lock."""
    return Journal(open_database(address(folder, seconds)), VAULT)


def address(folder: Path, seconds: float) -> str:
    return f"sqlite:///{folder}/slipway.db?timeout={seconds}"


def test_a_process_waits_for_its_turn_longer_than_sqlite_would_for_the_lock(tmp_path: Path) -> None:
    first, second = journal_of(tmp_path, 2), journal_of(tmp_path, 2)
    with closing(first), closing(second), ThreadPoolExecutor(1) as other:
        with first.writing() as connection:
            begin_writing(connection)
            begun = monotonic()
            waiting = other.submit(second.record, EVENT)
            until(lambda: waiting.done() or monotonic() > begun + 2.5)
            assert not waiting.done()
        waiting.result()


def test_a_process_that_is_killed_leaves_its_turn_to_the_others(tmp_path: Path) -> None:
    with closing(journal_of(tmp_path, 15)) as journal, ThreadPoolExecutor(1) as other:
        with holding(tmp_path):
            waiting = other.submit(journal.record, EVENT)
        waiting.result()


def test_who_starts_waits_for_its_turn_as_who_writes_does(tmp_path: Path) -> None:
    with closing(journal_of(tmp_path, 2)), ThreadPoolExecutor(1) as other:
        with holding(tmp_path):
            begun = monotonic()
            starting = other.submit(open_database, address(tmp_path, 2))
            until(lambda: starting.done() or monotonic() > begun + 2.5)
            assert not starting.done()
        starting.result().dispose()


def test_one_file_by_two_names_has_one_queue(tmp_path: Path) -> None:
    other_name = tmp_path / "other"
    other_name.mkdir()
    (other_name / "slipway.db").symlink_to(tmp_path / "slipway.db")
    with closing(journal_of(tmp_path, 0.1)) as first, closing(journal_of(other_name, 0.1)) as second:
        with first.writing(), pytest.raises(JournalUnavailable, match="other processes"):
            second.record(EVENT)
        second.record(EVENT)


def test_who_starts_on_a_new_file_waits_for_who_makes_its_tables_at_this_moment(tmp_path: Path) -> None:
    engine = connect_to(address_of(address(tmp_path, 15)))
    with closing(sqlite3.connect(tmp_path / "slipway.db")) as file, ThreadPoolExecutor(1) as other:
        with closing(Writers(engine)) as writers, writers.turn():
            # As the first one does, to whom SQLite gives its log of writes.
            file.execute("BEGIN IMMEDIATE")
            begun = monotonic()
            starting = other.submit(open_database, address(tmp_path, 15))
            until(lambda: starting.done() or monotonic() > begun + 0.5)
            file.commit()
        starting.result().dispose()
    engine.dispose()


@contextmanager
def holding(folder: Path) -> Iterator[None]:
    """Let another process have its turn, and kill it in the end."""
    process = subprocess.Popen([sys.executable, "-c", HOLDING, address(folder, 15)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield
    finally:
        process.kill()
        process.communicate()


def test_nobody_waits_for_ever_behind_a_process_that_writes_all_the_time(tmp_path: Path) -> None:
    with closing(journal_of(tmp_path, 0.1)) as first, closing(journal_of(tmp_path, 0.1)) as second:
        with first.writing(), pytest.raises(JournalUnavailable, match="other processes"):
            second.record(EVENT)
        second.record(EVENT)
