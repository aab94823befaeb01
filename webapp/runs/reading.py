"""One action's log, read on and on from Buddy: in order, no line twice, at whichever of its addresses Buddy has."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from webapp.buddy.client import Client
from webapp.buddy.executions import MOST_LINES, ActionExecution, LogPage
from webapp.buddy.places import Place
from webapp.http.errors import NotFound


@dataclass(frozen=True)
class Part:
    """Lines that were not read before; the first has number `first`, counted from 0. `goes_on` where more are there."""

    first: int
    lines: tuple[str, ...]
    goes_on: bool


class LogReader:
    """Reads the log of an action in a run. Whatever Buddy counts, each read asks for what follows, and ends.

    `next` is the number of the line that is read next, and `total` how many there are as far as Buddy says.
    """

    def __init__(self, client: Client, place: Place, execution: int, action: ActionExecution) -> None:
        self.next = 0
        self.total: int | None = None
        by_id: list[Callable[[], LogPage]] = [
            lambda: client.log(place, execution, action.id, self.next),
            partial(client.whole_log, place, execution, action.id),
        ]
        by_action = partial(client.old_log, place, execution, action.action_id)
        # The newest first; once one has answered, the others are asked no more.
        self._addresses = [*(by_id if action.id else ()), by_action]
        self._is_paged = bool(action.id)

    def read(self) -> Part:
        """Read what comes next. Raises `BuddyError`, `Busy`."""
        page = self._page()
        self.total = page.total
        first = self._first_of(page)
        lines = page.lines[max(self.next - first, 0) :]
        begin = max(first, self.next)
        self.next = begin + len(lines)
        full = len(page.lines) >= MOST_LINES and page.total != self.next
        more = full or (page.total or 0) > self.next
        return Part(begin, lines, self._is_paged and bool(lines) and more)

    def skip_to_last(self, most: int) -> Part | None:
        """Pass over what more than `most` lines follow, and read behind it; None where there is no need, or no way to.

        Raises `BuddyError`, `Busy`.
        """
        before, at = self.next, (self.total or 0) - most
        if not self._is_paged or at <= before:
            return None
        self.next = at
        try:
            part = self.read()
        except BaseException:
            self.next = before
            raise
        if part.lines and part.first == at:
            return part
        # There are not so many as Buddy has said: they are read one after the other.
        self.next = before
        return None

    def _first_of(self, page: LogPage) -> int:
        """The number of a page's first line. Where Buddy names one that it does not have, it is the one asked for."""
        beyond = page.offset > self.next and page.offset + len(page.lines) > (page.total or 0)
        return self.next if beyond else page.offset

    def _page(self) -> LogPage:
        """Read at the newest address that is there. Raises `BuddyError`, `Busy`."""
        for address in self._addresses[:-1]:
            try:
                return self._settle(address, address())
            except NotFound:
                continue
        return self._settle(self._addresses[-1], self._addresses[-1]())

    def _settle(self, address: Callable[[], LogPage], page: LogPage) -> LogPage:
        """Stay with an address that has answered."""
        self._is_paged = self._is_paged and address is self._addresses[0]
        self._addresses = [address]
        return page
