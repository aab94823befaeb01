"""Which request gets a thread, and when: of those that send, the rest wait in line, without one."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any

from waitress.task import ThreadedTaskDispatcher

from webapp.http.slots import SLOTS

# A send that has a thread finds a slot, too, as long as there are fewer of them: the rest of the slots are for reads.
SENDS_AT_ONCE = SLOTS - 16
# Who has waited so long is let in all the same, to be told by a page what is the matter.
SECONDS_IN_LINE = 10.0
# So many of these at a time, so that a crowd of them leaves threads to everybody else. Some find a free slot and wait
# for Buddy, too: there are more places than slots, so that the rest is told meanwhile.
LATE_AT_ONCE = SLOTS - SENDS_AT_ONCE + 8

# A connection, to waitress, whose types say otherwise.
Task = Any
# Tells of a request's method and path whether it sends something to Buddy.
Sends = Callable[[str, str], bool]


@dataclass(frozen=True)
class Send:
    """A request that sends, and what is done once it is `answered`: it had a place that somebody else gets then."""

    channel: Task
    answered: Callable[[], object]

    def service(self) -> None:
        """Answer it."""
        try:
            self.channel.service()
        finally:
            self.answered()

    def cancel(self) -> None:
        """Give it up, at the end of the server."""
        self.channel.cancel()


class Dispatcher(ThreadedTaskDispatcher):
    """Gives requests to threads as they come. What `sends` says yes to does so `at_once` at a time: the others wait in
    line, without a thread, so that a crowd takes neither all threads nor all slots. Who has waited for `seconds` is let
    in besides, `late_at_once` at a time."""

    def __init__(
        self,
        sends: Sends,
        at_once: int = SENDS_AT_ONCE,
        seconds: float = SECONDS_IN_LINE,
        late_at_once: int = LATE_AT_ONCE,
    ) -> None:
        super().__init__()
        self._sends = sends
        self._at_once = at_once
        self._seconds = seconds
        self._late_at_once = late_at_once
        self._sending = 0
        self._late = 0
        # Who waits in line, and until when, by the clock that never goes back.
        self._line: OrderedDict[Task, float] = OrderedDict()

    @property
    def waiting(self) -> int:
        """How many requests wait, for a thread or in line."""
        return len(self.queue) + len(self._line)

    def add_task(self, task: Task) -> None:
        """Take the first request of a connection."""
        request = task.requests[0]
        if request.error or not self._sends(request.command, request.path):
            super().add_task(task)
            return
        with self.lock:
            if self._sending >= self._at_once:
                self._line[task] = monotonic() + self._seconds
                return
            self._sending += 1
        super().add_task(self._with_place(task, self._next))

    def without_line(self, connections: Mapping[int, Any]) -> dict[int, Any]:
        """Leave out the connections to which nothing can happen: whose request waits in line, and to which nothing is
        left to write. Each turn of the server's loop asks all others what they want, and most of a crowd is in line."""
        line, found = self._line, list(connections.items())
        return {number: item for number, item in found if item not in line or item.total_outbufs_len}

    def let_in(self) -> None:
        """Give a thread to those who have waited too long, as far as there is a place for them."""
        late: list[Task] = []
        with self.lock:
            while self._late < self._late_at_once and self._line and next(iter(self._line.values())) <= monotonic():
                channel, _ = self._line.popitem(last=False)
                late.append(self._with_place(channel, self._next_late))
                self._late += 1
        for task in late:
            super().add_task(task)

    def shutdown(self, cancel_pending: bool = True, timeout: int = 5) -> bool:
        """End the threads, and give up what still waits."""
        with self.lock:
            self.queue.extend(self._line)
            self._line.clear()
        return super().shutdown(cancel_pending, timeout)

    def _next(self) -> None:
        """One that sends was answered: its place is for who is first in line."""
        with self.lock:
            if not self._line:
                self._sending -= 1
                return
            channel, _ = self._line.popitem(last=False)
        super().add_task(self._with_place(channel, self._next))

    def _next_late(self) -> None:
        """One that had waited too long was answered."""
        with self.lock:
            self._late -= 1
        self.let_in()

    def _with_place(self, channel: Task, answered: Callable[[], object]) -> Task:
        return Send(channel, answered)
