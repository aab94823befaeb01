"""Reads: tried again when that makes sense, page after page, and every failure as a `BuddyError`."""

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, wait
from contextlib import contextmanager
from itertools import islice
from math import inf
from time import monotonic, sleep
from typing import Any, TypeVar

import requests

from webapp.http.entries import Entries, raw_entries, read_entry
from webapp.http.errors import (
    BadAnswer,
    BuddyError,
    NoAnswer,
    RateLimited,
    Refused,
    ServerTrouble,
    TooMany,
    Unreachable,
)
from webapp.http.failures import NotSent, classify_failure
from webapp.http.read_executor import ReadExecutor, done_now
from webapp.http.reading import mapping, parse
from webapp.http.refusals import refusal
from webapp.http.transport import Answer, Timings, Transport

Json = Mapping[str, Any]
Item = TypeVar("Item")

# The most that Buddy gives at once, and what it gives unasked: a page with fewer is the last.
PAGE_LENGTH = 50
SHORT_PAGE = 20
MOST_PAGES = 100
# So that one list does not take all that one person may.
SIDE_BY_SIDE = 4
TRIES = 3
LONGEST_PAUSE = 3.0
FIRST_PAUSE = 0.2
SHORTEST_TIME = 0.01
PASSING = frozenset({502, 503, 504})


class Reader:
    """Reads from Buddy. All that fails is raised as a `BuddyError` that tells of its request.

    Where it has a `pace`, that is kept before each request, and nothing is asked side by side. Nobody waits for that:
    each page of a list has its time limit then, and all of them together have none.
    """

    def __init__(
        self,
        transport: Transport,
        timings: Timings,
        host: str,
        executor: ReadExecutor,
        pace: Callable[[], object] | None = None,
    ) -> None:
        self._transport = transport
        self._timings = timings
        self._host = host
        self._executor = executor
        self._pace = pace

    def one(self, path: str, read: Callable[[Json], Item], query: Mapping[str, int] | None = None) -> Item:
        """Read one object. Raises `BuddyError`."""
        with self._about(path):
            return read(mapping(self._read(path, query or {}, self._timings.read)))

    def short(self, path: str, name: str, read: Callable[[Json], Item]) -> Entries[Item]:
        """Read the list `name`, which Buddy gives in one piece. Raises `BuddyError`, while it is gone through."""
        return Entries(self._short(path, name, read))

    def pages(
        self,
        path: str,
        name: str,
        read: Callable[[Json], Item],
        to_the_last: bool = False,
        expected: int = 0,
        most: int | None = None,
        at_most: int | None = None,
    ) -> Entries[Item]:
        """Read the list `name` page by page, each item once. Raises `BuddyError`, while it is gone through.

        The pages that a list with so many `expected` entries has are asked for side by side, and so is what a longer
        one goes on with; but none behind the first `most` entries, where no more are gone through, and not what is read
        `to_the_last`.

        It ends with a page that brings nothing new, since a list that is not paged is the same again on its second
        page. Unless it is to be read `to_the_last`, it also ends with a page that is shorter than the one before it
        or than any that has a next one, or is too long for a page. After `at_most` entries it ends, too.
        """
        likely = at_most if most is None else most
        first, last = pages_of(expected), MOST_PAGES if likely is None else (likely - 1) // PAGE_LENGTH + 1
        at_once = 1 if to_the_last or self._pace else SIDE_BY_SIDE
        answers = self._answers(path, at_once, min(first, last), last)
        return Entries(islice(self._pages(path, name, read, to_the_last, answers), at_most))

    def _short(self, path: str, name: str, read: Callable[[Json], Item]) -> Iterator[Item | None]:
        with self._about(path):
            found = raw_entries(mapping(self._read(path, {}, self._timings.read)), name)
        yield from (read_entry(entry, read) for entry in found)

    def _pages(
        self,
        path: str,
        name: str,
        read: Callable[[Json], Item],
        to_the_last: bool,
        answers: "Iterator[Future[Any]]",
    ) -> Iterator[Item | None]:
        known: set[Any] = set()
        shortest = SHORT_PAGE
        for answered in answers:
            with self._about(path):
                found = raw_entries(mapping(answered.result()), name)
            views = {key_of(entry): read_entry(entry, read) for entry in found}
            new = [view for key, view in views.items() if key not in known]
            if not new:
                return
            yield from new
            if not to_the_last and not shortest <= len(found) <= PAGE_LENGTH:
                return
            known |= views.keys()
            shortest = max(shortest, len(found))
        with self._about(path):
            raise TooMany(MOST_PAGES * PAGE_LENGTH, name)

    def _answers(self, path: str, most_at_once: int, first: int, last: int) -> Iterator["Future[Any]"]:
        """The answers for a list's pages, one after the other; the `first` pages are asked for at once, and, when these
        show that it goes on, those up to the `last` that is likely to be needed."""
        end = inf if self._pace else monotonic() + self._timings.pages
        page, at_once = 1, min(first, most_at_once)
        while page <= MOST_PAGES:
            yield from self._side_by_side(path, range(page, min(page + at_once, MOST_PAGES + 1)), end)
            page += at_once
            at_once = min(max(last - page + 1, 1), most_at_once)

    def _side_by_side(self, path: str, pages: Sequence[int], end: float) -> "list[Future[Any]]":
        """Ask for some pages of a list at once, the first of them in this thread. Raises `Busy`."""

        def ask(page: int) -> Any:
            seconds = min(self._timings.read, end - monotonic())
            return self._read(path, {"page": page, "per_page": PAGE_LENGTH}, seconds)

        with self._transport.slots.hold():
            others = [self._executor.submit(ask, page) for page in pages[1:]]
            first = done_now(lambda: ask(pages[0]))
            wait(others)
        return [first, *others]

    @contextmanager
    def _about(self, path: str) -> Iterator[None]:
        try:
            yield
        except BuddyError as error:
            error.request, error.path = f"GET {self._transport.endpoint}{path}", path
            raise

    def _read(self, path: str, query: Mapping[str, int], seconds: float) -> Any:
        """Read, up to three times within so many seconds, in one slot. Raises `BuddyError`, `Busy`."""
        end = monotonic() + seconds
        with self._transport.slots.hold():
            for attempt in range(1, TRIES):
                try:
                    return self._read_once(path, query, end)
                except (Unreachable, NoAnswer, RateLimited, ServerTrouble) as error:
                    pause = pause_before_retry(error, attempt)
                    if pause is None or monotonic() + pause >= end:
                        raise
                sleep(pause)
            return self._read_once(path, query, end)

    def _read_once(self, path: str, query: Mapping[str, int], end: float) -> Any:
        if self._pace is not None:
            self._pace()
        try:
            answer = self._transport.get(path, query, max(end - monotonic(), SHORTEST_TIME))
        except requests.RequestException as error:
            failure = classify_failure(error, self._host)
            if isinstance(failure, NotSent):
                raise Unreachable(failure.reason) from None
            # What is cut at its end looks broken, too.
            raise NoAnswer(broken=not isinstance(error, requests.Timeout) and monotonic() < end) from None
        if answer.broken and answer.status < 400:
            raise NoAnswer(broken=monotonic() < end)
        return content(answer)


def pages_of(expected: int) -> int:
    """How many pages have to be read to see the end of a list with so many entries."""
    return 2 if SHORT_PAGE <= expected < PAGE_LENGTH else expected // PAGE_LENGTH + 1


def key_of(entry: Any) -> str:
    """What tells an entry of a list from the others: only what names it, since its state may change between pages."""
    name = entry.get("id") or entry.get("name") if isinstance(entry, Mapping) else None
    return json.dumps(name or entry)


def content(answer: Answer) -> Any:
    """Parse the answer to a read. Raises `Refused`, `BadAnswer`."""
    if answer.status >= 400:
        raise refusal(answer.status, answer.headers, answer.body)
    if answer.status != 200:
        raise BadAnswer(f"status {answer.status}")
    data = parse(answer.body)
    if isinstance(data, Mapping) and data.get("errors"):
        raise refusal(400, answer.headers, answer.body)
    return data


def pause_before_retry(error: Unreachable | NoAnswer | Refused, attempt: int) -> float | None:
    """How many seconds to wait before a read is tried again; None when trying again makes no sense."""
    if isinstance(error, NoAnswer) and not error.broken:
        return None
    if isinstance(error, ServerTrouble) and error.status not in PASSING:
        return None
    if isinstance(error, Refused) and error.wait is not None:
        return error.wait if error.wait <= LONGEST_PAUSE else None
    return FIRST_PAUSE * attempt * random.uniform(0.5, 1.5)
