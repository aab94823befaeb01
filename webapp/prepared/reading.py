"""Reading plain data with nothing taken on trust: what is missing, too long or unknown is told with its place."""

import re
from typing import Any

DIGITS = re.compile(r"[0-9]{1,19}")
FLAGS = {"true": True, "false": False}
LONGEST_SHOWN = 60


class BadTemplate(ValueError):
    """Plain data is no template; the message says where, and what must be there."""


class Reading:
    """A map of texts, lists and maps, and the place where it stands, in words."""

    def __init__(self, data: dict[str, Any], where: tuple[str, ...]) -> None:
        self._data = data
        self._where = where
        self._known: set[str] = set()

    @classmethod
    def of(cls, data: Any, *where: str) -> "Reading":
        """Begin to read what stands in a place. Raises `BadTemplate` for what is no map."""
        if not isinstance(data, dict) or not all(isinstance(name, str) for name in data):
            raise cls({}, where).problem("must be a map of names and values")
        return cls(data, where)

    def problem(self, words: str) -> BadTemplate:
        """What is wrong here."""
        return BadTemplate(f"{', '.join(self._where)}{',' if len(self._where) > 1 else ''} {words}")

    def get(self, name: str) -> Any:
        """Look at what stands under a name; None where nothing does."""
        return self._data.get(name)

    def says(self, name: str, word: str) -> bool:
        """Whether exactly this word stands under a name."""
        return self._data.get(name) == word and self._take(name) == word

    def text(self, name: str, longest: int, default: str | None = None) -> str:
        """Read a text of at most so many bytes; without a `default` it must be there."""
        value = self._take(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            raise self.problem(f"must have a text as “{name}”")
        size = len(value.encode(errors="replace"))
        if size > longest:
            raise self.problem(f"must have at most {longest:,} bytes as “{name}”: these are {size:,}")
        if not storable(value):
            raise self.problem(f"must have only whole characters as “{name}”")
        return value

    def number(self, name: str, low: int, high: int, default: int | None = None) -> int:
        """Read a whole number, both ends included."""
        text = self.text(name, LONGEST_SHOWN, None if default is None else str(default))
        if not DIGITS.fullmatch(text) or not low <= int(text) <= high:
            limit = f"{low:,}" if low == high else f"a whole number from {low:,} to {high:,}"
            raise self.problem(f"must have {limit} as “{name}”")
        return int(text)

    def flag(self, name: str, default: bool = False) -> bool:
        """Read whether something is so."""
        text = self.text(name, LONGEST_SHOWN, str(default).lower())
        if text not in FLAGS:
            raise self.problem(f"must have true or false as “{name}”")
        return FLAGS[text]

    def part(self, name: str) -> "Reading":
        """Go on with the map that stands under a name; where nothing does, with an empty one."""
        value = self._take(name)
        return Reading.of({} if value is None else value, *self._where, name)

    def parts(self, name: str, most: int) -> "list[Reading]":
        """Go on with each map of a list of at most so many."""
        items = self._list(name, most)
        return [Reading.of(item, *self._where, f"{name} {number}") for number, item in enumerate(items, start=1)]

    def texts(self, name: str, most: int, longest: int) -> tuple[str, ...]:
        """Read a list of at most so many texts."""
        items = self._list(name, most)
        wrapped = (Reading({name: item}, self._where) for item in items)
        return tuple(reading.text(name, longest) for reading in wrapped)

    def end(self) -> None:
        """Raise `BadTemplate` for a name that nobody has asked for."""
        unknown = next((name for name in self._data if name not in self._known), None)
        if unknown is not None:
            raise self.problem(f"must not have “{unknown[:LONGEST_SHOWN]}”: it is not known here")

    def _take(self, name: str) -> Any:
        self._known.add(name)
        return self._data.get(name)

    def _list(self, name: str, most: int) -> list[Any]:
        value = self._take(name)
        items = [] if value is None else value
        if not isinstance(items, list):
            raise self.problem(f"must have a list as “{name}”")
        if len(items) > most:
            raise self.problem(f"must have at most {most} {name}: these are {len(items):,}")
        return items


def storable(text: str) -> bool:
    """Whether a database can keep a text: it has no NUL and no half characters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text
