"""How many calls to Buddy there may be at once, so that what asks Buddy nothing always finds a thread to answer it.

Whoever waits for Buddy holds a slot. One is taken without waiting: who finds none free is told so at once.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock, local

# In all. The server has as many threads, and some to spare.
SLOTS = 64
# Of one person's pages that read, and of one person's writes. A browser has six connections to one server, so that all
# tabs that it opens at once find room.
PER_PERSON = 8


class Busy(Exception):
    """No slot is free: Buddy was not asked, and nothing was sent. `retry_after` is when to try again, in seconds.

    `sentence` says what is the matter, `advice` what to do next, both in plain words.
    """

    sentence = "Too many requests are waiting for Buddy at this moment."
    advice = "Wait a moment, then try again."
    retry_after = 10


class BusyAlone(Busy):
    """All the slots that one person may hold are taken, by other tabs as a rule."""

    sentence = f"Other pages of yours are waiting for Buddy already, as many as are allowed at once: {PER_PERSON}."


@dataclass(frozen=True, eq=False)
class Slot:
    """One slot that is taken: by whom, if that is told, whether for a write, and whether for a read beside a page."""

    who: str | None
    writing: bool
    beside: bool


class Slots:
    """Hands out `limit` slots in all. `who` names who is asking, who may hold `per_person` for pages that read and as
    many for writes; None is nobody whose slots are counted apart.

    What is read beside a page gets one only while all reads of that person are fewer, so that it takes no page's place.
    """

    def __init__(
        self, limit: int = SLOTS, who: Callable[[], str | None] = lambda: None, per_person: int = PER_PERSON
    ) -> None:
        self.limit = limit
        self.per_person = per_person
        self._who = who
        self._taken: set[Slot] = set()
        self._changing = Lock()
        self._thread = local()

    @contextmanager
    def hold(self, writing: bool = False) -> Iterator[None]:
        """Hold a slot: the one that this thread holds already, or a free one. Raises `Busy`."""
        if self.holding:
            yield
            return
        slot = self.take(writing)
        try:
            with self.without_own_slot():
                yield
        finally:
            self.free(slot)

    @contextmanager
    def without_own_slot(self, slot: Slot | None = None) -> Iterator[None]:
        """Let this thread ask without a slot of its own: it answers no page, or a slot is held for it.

        What it takes besides is of whom that `slot` is, which a thread that answers no page can't tell by itself.
        """
        before = self.holding, self._held
        self._thread.holding, self._thread.held = True, slot or self._held
        try:
            yield
        finally:
            self._thread.holding, self._thread.held = before

    def take(self, writing: bool = False, beside: bool = False) -> Slot:
        """Take a free slot, to be freed by whoever has it in the end. Raises `Busy`."""
        slot = Slot(self._held.who if self._held else self._who(), writing, beside)
        with self._changing:
            if slot.who is not None and self._count_like(slot) >= self.per_person:
                raise BusyAlone
            if len(self._taken) >= self.limit:
                raise Busy
            self._taken.add(slot)
        return slot

    def free(self, slot: Slot) -> None:
        """Let somebody else have a slot. One that is free already stays free."""
        with self._changing:
            self._taken.discard(slot)

    @property
    def taken(self) -> int:
        """How many are taken."""
        return len(self._taken)

    @property
    def holding(self) -> bool:
        """Whether this thread has a slot, or needs none."""
        return getattr(self._thread, "holding", False)

    @property
    def _held(self) -> Slot | None:
        """The slot that another thread has taken for this one, if any."""
        found: Slot | None = getattr(self._thread, "held", None)
        return found

    def _count_like(self, slot: Slot) -> int:
        like = [other for other in self._taken if (other.who, other.writing) == (slot.who, slot.writing)]
        return len(like) if slot.beside else sum(not other.beside for other in like)
