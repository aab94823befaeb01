"""Several processes that serve together: forked, watched, replaced when they die, and ended together."""

import logging
import multiprocessing
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Not there on every system.
    from multiprocessing.context import ForkProcess

log = logging.getLogger(__name__)

# Who has lived no longer than this would probably die again at once, so that another one is started after a pause.
SHORT_LIFE = 5.0
PAUSE = 2.0
ENDING = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True)
class WorkerContext:
    """What one of the processes is told: which of them it is, from 0 on, and whether it `replaces` one that has died.

    It calls `ready` once it serves, and ends by itself when `over` says so: nobody is there any more to end it.
    """

    number: int = 0
    replaces: bool = False
    ready: Callable[[], object] = lambda: None
    over: Callable[[], bool] = lambda: False


Work = Callable[[WorkerContext], object]


@dataclass(frozen=True)
class Worker:
    """One of the processes, and since when it runs."""

    process: "ForkProcess"
    begun_at: float


class WorkerPool:
    """So many processes that do the same `work`. Whoever makes them has neither threads nor connections open.

    When they are to end, `before_shutdown` is called first: what they share is theirs alone then. They have so many
    seconds to end: who takes longer is killed.
    """

    def __init__(self, count: int, work: Work, seconds_to_end: float, before_shutdown: Callable[[], object]) -> None:
        self._work = work
        self._before_shutdown = before_shutdown
        self._seconds_to_end = seconds_to_end
        self._fork = multiprocessing.get_context("fork")
        self._parent = os.getpid()
        self._workers: dict[int, Worker] = {}
        # When which of them is to be started.
        self._due = dict.fromkeys(range(1, count), 0.0)
        self._asked = False

    def run(self) -> None:
        """Start them, the first one alone, and watch them until SIGTERM or SIGINT; then end them and return.

        Raises `SystemExit` when the first one ends before it is ready: it has said why.
        """
        with self._listening_for_signals() as wakeup_reader:
            self._start_first(wakeup_reader)
            while not self._asked:
                self._replace_the_dead()
                self._start_the_due()
                sentinels = [worker.process.sentinel for worker in self._workers.values()]
                wait([wakeup_reader, *sentinels], self._seconds_to_due())
                drain(wakeup_reader)
            self._end()

    def _start_first(self, wakeup_reader: socket.socket) -> None:
        """Start the first one, and wait until it serves: what can't work at all is found out once."""
        receiver, sender = self._fork.Pipe(duplex=False)
        with closing(receiver), closing(sender):
            worker = self._start(0, replaces=False, sender=sender)
            while not (self._asked or receiver.poll()):
                if worker.process.exitcode is not None:
                    raise SystemExit(worker.process.exitcode)
                wait([wakeup_reader, receiver, worker.process.sentinel])
                drain(wakeup_reader)

    def _start(self, number: int, replaces: bool, sender: Connection | None = None) -> Worker:
        ready = (lambda: sender.send(number)) if sender else (lambda: None)
        context = WorkerContext(number, replaces, ready, lambda: os.getppid() != self._parent)
        process = self._fork.Process(target=self._live, args=(context,))
        # A signal that comes between the fork and what the new process makes of it would be lost.
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
        try:
            process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        log.info("process %s was started", process.pid)
        self._workers[number] = Worker(process, monotonic())
        return self._workers[number]

    def _live(self, context: WorkerContext) -> None:
        """What a new process does."""
        signal.set_wakeup_fd(-1)
        for number in (*ENDING, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        try:
            self._work(context)
        except Exception:
            log.critical("Slipway failed", exc_info=True)
            raise SystemExit(1) from None

    def _replace_the_dead(self) -> None:
        now = monotonic()
        for number, worker in list(self._workers.items()):
            code = worker.process.exitcode
            if code is None:
                continue
            pause = PAUSE if now - worker.begun_at < SHORT_LIFE else 0
            ending = f"by signal {-code}" if code < 0 else f"with {code}"
            log.error("process %s ended %s: another one is started in %d s", worker.process.pid, ending, pause)
            del self._workers[number]
            self._due[number] = now + pause

    def _start_the_due(self) -> None:
        now = monotonic()
        for number in [number for number, at in self._due.items() if at <= now]:
            self._start(number, replaces=self._due.pop(number) > 0)

    def _seconds_to_due(self) -> float | None:
        return max(min(self._due.values()) - monotonic(), 0.0) if self._due else None

    def _end(self) -> None:
        self._before_shutdown()
        end = monotonic() + self._seconds_to_end
        for worker in self._workers.values():
            worker.process.terminate()
        for worker in self._workers.values():
            worker.process.join(max(end - monotonic(), 0.0))
            if worker.process.exitcode is None:
                log.error("process %s did not end: it is killed", worker.process.pid)
                worker.process.kill()
                worker.process.join()

    @contextmanager
    def _listening_for_signals(self) -> Iterator[socket.socket]:
        """A socket that can be read when a signal has come, also one that tells of a death."""

        def ask(*_: object) -> None:
            self._asked = True

        wakeup_reader, wakeup_writer = socket.socketpair()
        with wakeup_reader, wakeup_writer:
            wakeup_reader.setblocking(False)
            wakeup_writer.setblocking(False)
            signal.set_wakeup_fd(wakeup_writer.fileno())
            for number in ENDING:
                signal.signal(number, ask)
            try:
                yield wakeup_reader
            finally:
                signal.set_wakeup_fd(-1)


def drain(wakeup_reader: socket.socket) -> None:
    """Take what signals have written."""
    try:
        while wakeup_reader.recv(4096):
            pass
    except BlockingIOError:
        return
