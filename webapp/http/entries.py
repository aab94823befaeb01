"""Lists in Buddy's answers: an entry that can't be read is passed over and counted, and the others are there."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from webapp.http.errors import BadAnswer
from webapp.http.reading import mapping

Item = TypeVar("Item")


class Entries(Iterator[Item], Generic[Item]):
    """Goes once through the entries of a list.

    `given` are those so far, and `unread` counts those that could not be read; once there are no more it has `ended`.
    """

    def __init__(self, read: Iterable[Item | None]) -> None:
        self._read = iter(read)
        self.unread = 0
        self.given: list[Item] = []
        self.ended = False

    def __next__(self) -> Item:
        """Give the next one that could be read."""
        for item in self._read:
            if item is not None:
                self.given.append(item)
                return item
            self.unread += 1
        self.ended = True
        raise StopIteration


def entries(data: Mapping[str, Any], name: str, read: Callable[[Mapping[str, Any]], Item]) -> Entries[Item]:
    """Read the list `name` of an object; a missing one is empty. Raises `BadAnswer` for what is no list."""
    return Entries([read_entry(entry, read) for entry in raw_entries(data, name)])


def raw_entries(data: Mapping[str, Any], name: str) -> list[Any]:
    """Take the list `name` out of an object; a missing one is empty. Raises `BadAnswer` for what is no list."""
    found = data.get(name)
    if found is None:
        return []
    if not isinstance(found, list):
        raise BadAnswer(f"{name} is no list")
    return found


def read_entry(entry: Any, read: Callable[[Mapping[str, Any]], Item]) -> Item | None:
    """Read one entry; None when it can't be read."""
    try:
        return read(mapping(entry))
    except BadAnswer:
        return None
