"""What was found within the last minute, so that the same question is not asked again."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from time import monotonic
from typing import Generic, TypeVar

Item = TypeVar("Item")

SECONDS = 60
MOST = 1000
# Tags in all lists together.
MOST_TAGS = 200_000


class Memory(Generic[Item]):
    """Keeps items for a minute, and only so many. Not for two threads at once."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._kept: OrderedDict[Hashable, tuple[float, int, Item]] = OrderedDict()

    def find(self, key: Hashable) -> Item | None:
        """What is kept under a key and is not older than a minute."""
        until, _, item = self._kept.get(key, (0.0, 0, None))
        return item if self._clock() < until else None

    def keep(self, key: Hashable, item: Item, seconds: float = SECONDS, size: int = 0) -> None:
        """Keep an item, with so many tags in it, and let the oldest go where there are too many."""
        self._kept.pop(key, None)
        self._kept[key] = (self._clock() + seconds, size, item)
        tags = sum(size for _, size, _ in self._kept.values())
        while len(self._kept) > MOST or tags > MOST_TAGS:
            _, (_, size, _) = self._kept.popitem(last=False)
            tags -= size

    def clear(self) -> None:
        """Keep nothing longer."""
        self._kept.clear()

    def drop(self, key: Hashable) -> None:
        """Keep an item no longer."""
        self._kept.pop(key, None)
