"""Long lists: filtered by what a person types, one page at a time, read from Buddy no further than needed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from flask import request

from webapp.forms.validators import LONGEST_WORDS
from webapp.http.entries import Entries

Item = TypeVar("Item")

PAGE_LENGTH = 50
# Where a list is longer than a look takes in, it gets a box to filter it.
SHORT = 8
LARGEST_PAGE = 1000


@dataclass(frozen=True)
class Listing(Generic[Item]):
    """One page of a list: its items, the words that they are filtered by, the numbers of this page and the next.

    `unread` counts the entries that could not be read, as far as the list was gone through.
    """

    items: list[Item]
    words: str
    page: int
    next_page: int | None
    unread: int = 0

    @property
    def long(self) -> bool:
        """Whether it is long enough to be filtered."""
        return bool(self.words) or self.page > 1 or len(self.items) > SHORT

    @property
    def only(self) -> Item | None:
        """The one item of a list that has no other."""
        alone = len(self.items) == 1 and not self.words and self.page == 1 and not self.unread
        return self.items[0] if alone else None


def asked_for(
    items: Entries[Item], names: Callable[[Item], Iterable[str]], wanted_of: Callable[[Item], bool] = lambda _: True
) -> Listing[Item]:
    """Take from `items` the page that the address asks for (`q` and `page`), of those whose `names` hold its words and
    that are wanted at all."""
    words, page = words_asked_for(), page_asked_for()
    wanted = words.casefold().split()
    matching = (item for item in items if wanted_of(item) and holds(names(item), wanted))
    found = list(islice(matching, (page - 1) * PAGE_LENGTH, page * PAGE_LENGTH + 1))
    return Listing(found[:PAGE_LENGTH], words, page, page + 1 if len(found) > PAGE_LENGTH else None, items.unread)


def most_needed() -> int | None:
    """How many entries of a list the page that the address asks for needs at most; None where that can't be told."""
    return None if words_asked_for() else page_asked_for() * PAGE_LENGTH + 1


def words_asked_for() -> str:
    """The words that the entries are filtered by."""
    return request.args.get("q", "")[:LONGEST_WORDS].strip()


def page_asked_for() -> int:
    """The number of the page, from 1."""
    return min(max(request.args.get("page", 1, type=int), 1), LARGEST_PAGE)


def holds(names: Iterable[str], wanted: Iterable[str]) -> bool:
    """Whether every wanted word is in one of the names."""
    text = "\n".join(names).casefold()
    return all(word in text for word in wanted)
