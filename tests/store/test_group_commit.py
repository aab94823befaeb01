"""Those who wait to write into SQLite at the same moment: committed together, and each told what became of its own."""

import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from threading import Event, get_ident

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError
from support.waiting import happens, until

from webapp.store.database import open_database
from webapp.store.database_file import DatabaseFile
from webapp.store.failures import JournalUnavailable
from webapp.store.group_commit import MOST, GroupCommit
from webapp.store.writers import Writers

# Many who write notes all the time, and tell of each once it is written.
WRITING = f"""
import sys
from itertools import count
from threading import Thread
from webapp.store.engines import address_of, connect_to
from webapp.store.group_commit import GroupCommit
from webapp.store.writers import Writers
engine = connect_to(address_of(sys.argv[1]))
together = GroupCommit(engine, Writers(engine), lambda: None)
def write(who):
    for number in count():
        words = f"note {{number}} of {{who}}"
        together.write(lambda connection: connection.exec_driver_sql("INSERT INTO notes VALUES (?)", (words,)))
        sys.stdout.write(words + "\\n")
        sys.stdout.flush()
for who in range({2 * MOST}):
    Thread(target=write, args=[who]).start()
"""


class Desk:
    """A database with a table of notes, no two of which are alike, and those who write into it."""

    def __init__(self, folder: Path, seconds: float, stack: ExitStack) -> None:
        self.engine = open_database(f"sqlite:///{folder}/slipway.db?timeout={seconds}")
        stack.callback(self.engine.dispose)
        with self.engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE notes (words TEXT UNIQUE)")
        self.writers = stack.enter_context(closing(Writers(self.engine)))
        self.together = GroupCommit(self.engine, self.writers, DatabaseFile(self.engine).check)
        self.commits = 0
        event.listen(self.engine, "commit", self._count)
        self._threads = stack.enter_context(ThreadPoolExecutor(2 * MOST))

    def _count(self, _: Connection) -> None:
        self.commits += 1

    def note(self, words: str) -> Callable[[Connection], str]:
        """What writes a note, and gives its words."""

        def body(connection: Connection) -> str:
            connection.exec_driver_sql("INSERT INTO notes VALUES (?)", (words,))
            return words

        return body

    def write(self, first: Callable[[Connection], str], *others: Callable[[Connection], str]) -> list[Future[str]]:
        """Let each be written by somebody else. The others have come, in this order, while the first one led."""
        begun, go_on = Event(), Event()

        def leading(connection: Connection) -> str:
            begun.set()
            happens(go_on)
            return first(connection)

        futures = [self._threads.submit(self.together.write, leading)]
        try:
            happens(begun)
            for number, body in enumerate(others, 1):
                futures.append(self._threads.submit(self.together.write, body))
                until(lambda number=number: self.together.waiting == number, 0.001)
        finally:
            go_on.set()
        return futures

    def notes(self) -> list[str]:
        """All that is written."""
        with self.engine.connect() as connection:
            return list(connection.exec_driver_sql("SELECT words FROM notes ORDER BY rowid").scalars())


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with ExitStack() as stack:
        yield Desk(tmp_path, 5, stack)


def test_what_waits_at_the_same_moment_is_committed_once_for_all(desk: Desk) -> None:
    futures = desk.write(*(desk.note(f"note {number}") for number in range(MOST)))
    assert [future.result() for future in futures] == [f"note {number}" for number in range(MOST)]
    assert desk.notes() == [f"note {number}" for number in range(MOST)]
    assert desk.commits == 1


def test_who_does_not_fit_into_one_transaction_is_written_in_the_next_one(desk: Desk) -> None:
    futures = desk.write(*(desk.note(f"note {number}") for number in range(MOST + 3)))
    assert len({future.result() for future in futures}) == len(desk.notes()) == MOST + 3
    assert desk.commits == 2


def test_what_is_refused_before_it_changes_anything_takes_nothing_of_others_with_it(desk: Desk) -> None:
    first, second, third = desk.write(desk.note("first"), desk.note("first"), desk.note("third"))
    with pytest.raises(IntegrityError):
        second.result()
    assert (first.result(), third.result()) == ("first", "third")
    assert desk.notes() == ["first", "third"]
    assert desk.commits == 1


def test_of_what_breaks_a_rule_half_way_nothing_is_written_and_of_the_others_everything(desk: Desk) -> None:
    def twice(connection: Connection) -> str:
        desk.note("half of it")(connection)
        return desk.note("first")(connection)

    first, second, third = desk.write(desk.note("first"), twice, desk.note("third"))
    with pytest.raises(IntegrityError):
        second.result()
    assert (first.result(), third.result()) == ("first", "third")
    assert sorted(desk.notes()) == ["first", "third"]


def test_when_the_first_one_fails_the_others_are_written_without_it(desk: Desk) -> None:
    def wrong(connection: Connection) -> str:
        desk.note("wrong")(connection)
        raise LookupError("something else")

    first, second, third = desk.write(wrong, desk.note("second"), desk.note("third"))
    with pytest.raises(LookupError, match="something else"):
        first.result()
    assert (second.result(), third.result()) == ("second", "third")
    assert desk.notes() == ["second", "third"]


def test_nobody_is_told_that_something_is_written_before_it_is_committed(desk: Desk) -> None:
    told: list[bool] = []
    known = Event()

    def look(_: Connection) -> str:
        happens(known)
        told.extend(future.done() for future in futures)
        return "looked"

    futures = desk.write(desk.note("first"), desk.note("second"), look)
    known.set()
    assert [future.result() for future in futures] == ["first", "second", "looked"]
    assert told == [False] * 3


def test_when_the_commit_fails_nothing_is_written_and_all_are_told(desk: Desk, tmp_path: Path) -> None:
    with no_room_for(tmp_path / "slipway.db-wal"):
        futures = desk.write(*(desk.note(f"note {number}") for number in range(3)))
        errors = [future.exception() for future in futures]
    assert [type(error) for error in errors] == [JournalUnavailable] * 3
    assert desk.notes() == []
    assert desk.together.write(desk.note("later")) == "later"


def test_when_a_full_disk_takes_all_of_it_back_only_who_finds_no_room_is_told_so(desk: Desk) -> None:
    with desk.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    first, second, third = desk.write(desk.note("first"), desk.note("long" * 10_000), desk.note("third"))
    with pytest.raises(JournalUnavailable, match="full"):
        second.result()
    assert (first.result(), third.result()) == ("first", "third")
    assert sorted(desk.notes()) == ["first", "third"]


def test_when_there_is_no_room_to_commit_all_of_it_what_there_is_room_for_is_written(
    desk: Desk, tmp_path: Path
) -> None:
    long = "long" * 50_000
    with no_room_for(tmp_path / "slipway.db-wal", but=100_000):
        first, second, third = desk.write(desk.note("first"), desk.note(long), desk.note("third"))
        with pytest.raises(JournalUnavailable):
            second.result()
        assert (first.result(), third.result()) == ("first", "third")
    assert sorted(desk.notes()) == ["first", "third"]


def test_what_somebody_was_told_of_is_written_though_the_process_is_killed_in_the_middle(
    desk: Desk, tmp_path: Path
) -> None:
    address = f"sqlite:///{tmp_path}/slipway.db"
    with subprocess.Popen([sys.executable, "-c", WRITING, address], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(500)]
        process.kill()
        told += process.stdout.readlines()
    assert {line.removesuffix("\n") for line in told if line.endswith("\n")} <= set(desk.notes())


def test_who_waits_too_long_is_told_so_and_is_not_written_later(tmp_path: Path) -> None:
    with ExitStack() as stack:
        desk = Desk(tmp_path, 0.1, stack)
        begun, go_on = Event(), Event()

        def slow(connection: Connection) -> str:
            begun.set()
            happens(go_on)
            return desk.note("slow")(connection)

        (first,) = desk.write(slow)
        happens(begun)
        with pytest.raises(JournalUnavailable, match="too many others"):
            desk.together.write(desk.note("impatient"))
        go_on.set()
        assert first.result() == "slow"
        assert desk.notes() == ["slow"]


def test_nobody_waits_for_who_was_interrupted_while_waiting(desk: Desk) -> None:
    begun, go_on, waiting = Event(), Event(), get_ident()

    def wrong(_: Connection) -> str:
        begun.set()
        happens(go_on)
        raise LookupError("something else")

    def interrupt() -> None:
        until(lambda: desk.together.waiting)
        signal.pthread_kill(waiting, signal.SIGUSR1)

    (first,) = desk.write(wrong)
    happens(begun)
    with interrupted_by(signal.SIGUSR1), ThreadPoolExecutor(1) as other:
        interrupting = other.submit(interrupt)
        with pytest.raises(Interrupted):
            desk.together.write(desk.note("interrupted"))
        interrupting.result()
    go_on.set()
    with pytest.raises(LookupError):
        first.result()
    assert desk.together.write(desk.note("later")) == "later"
    assert desk.notes() == ["later"]


class Interrupted(BaseException):
    """What a signal raises in these tests, in the place of `KeyboardInterrupt`, at which pytest would end."""


@contextmanager
def interrupted_by(number: signal.Signals) -> Iterator[None]:
    """Let a signal raise `Interrupted` in the main thread."""

    def handle(_number: int, _frame: object) -> None:
        raise Interrupted

    before = signal.signal(number, handle)
    try:
        yield
    finally:
        signal.signal(number, before)


@contextmanager
def no_room_for(log: Path, but: int = 0) -> Iterator[None]:
    """Let the file of a database's log not grow any more, but by so many bytes, nor any other of this process beyond
    its size."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size + but, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
