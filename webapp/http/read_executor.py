"""Reads beside the thread that answers a page, each in a slot of its own."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from webapp.http.slots import Busy, Slots

Given = ParamSpec("Given")
Result = TypeVar("Result")


class ReadExecutor(ThreadPoolExecutor):
    """Reads beside the thread that answers a page, each with a slot from the moment it is asked for: none queues.

    When no slot is free, a page that holds one itself does the read at once in its own thread: it takes longer, and is
    whole. A page that holds none is told so.
    """

    def __init__(self, slots: Slots) -> None:
        # Where nothing may be asked there is a thread all the same, which gets nothing to do.
        super().__init__(max(slots.limit, 1), "reader")
        self._slots = slots

    def submit(self, task: Callable[Given, Result], /, *args: Given.args, **options: Given.kwargs) -> Future[Result]:
        """Begin a read. Raises `Busy`."""
        try:
            slot = self._slots.take(beside=True)
        except Busy:
            if not self._slots.holding:
                raise
            return done_now(lambda: task(*args, **options))

        def read() -> Result:
            try:
                with self._slots.without_own_slot(slot):
                    return task(*args, **options)
            finally:
                self._slots.free(slot)

        try:
            future = super().submit(read)
        except RuntimeError:
            self._slots.free(slot)
            raise
        # What is given up before it has begun never comes to its end.
        future.add_done_callback(lambda _: self._slots.free(slot))
        return future


def done_now(task: Callable[[], Result]) -> Future[Result]:
    """Do a task now, and give what came of it as an executor does."""
    future: Future[Result] = Future()
    try:
        future.set_result(task())
    except Exception as error:
        future.set_exception(error)
    return future
