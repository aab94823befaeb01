"""The directory: what Buddy's workspaces, projects and pipelines are called, kept whenever Buddy tells: in
lists, and where one of them is read by itself.

It saves asking: a pipeline is found by its name without a call to Buddy. So that it does not grow old, Slipway asks for
one list after the other by itself, seldom, and only where people use it.
"""

import logging
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from threading import Event
from typing import TypeVar

from webapp.buddy.client import Client
from webapp.buddy.places import Pipeline, Place, Project, Workspace
from webapp.http.entries import Entries
from webapp.http.errors import ApiDisabled, BuddyError, Forbidden, NotFound
from webapp.http.rate_limit import Deferred, Pace
from webapp.http.reads import MOST_PAGES, PAGE_LENGTH
from webapp.store.failures import JournalUnavailable
from webapp.store.models import EPOCH
from webapp.store.places import Found, PlaceTable, Spot
from webapp.store.reading import Clock

Item = TypeVar("Item")
Result = TypeVar("Result")

# Each list is asked for once in this time, and none when nobody was here for so long.
AGE = timedelta(hours=1)
ABSENCE = timedelta(days=1)
# When Buddy can't be asked.
REST = timedelta(minutes=10)
# In seconds, from one request that nobody waits for to the next.
SELDOM = 5.0
SPOT = re.compile(r"/workspaces(?:/([^/]+)(?:/projects(?:/([^/]+)(?:/pipelines(?:/([0-9]{1,19})(?:/actions)?)?)?)?)?)?")

log = logging.getLogger(__name__)


@dataclass
class Directory:
    """Asks `client` for lists when people do, and keeps what it tells; `quiet` asks at a `pace` when nobody waits.

    `mark` tells apart what was told to which token; it gives None when there is no token. Without its database the
    directory knows nothing, and lists are shown all the same.
    """

    table: PlaceTable
    client: Client
    quiet: Client
    pace: Pace
    mark: Callable[[], str | None]
    clock: Clock
    _visited_at: datetime | None = field(default=None, init=False)
    _rests_until: datetime | None = field(default=None, init=False)

    def workspaces(self, take: Callable[[Entries[Workspace]], Result], asking: Client | None = None) -> Result:
        """Give `take` the workspaces, and keep what it goes through. Raises what it raises."""
        client = asking or self.client
        return self._read_and_keep(Spot(), lambda *_: client.workspaces(), named_workspace, take)

    def projects(
        self,
        workspace: str,
        take: Callable[[Entries[Project]], Result],
        asking: Client | None = None,
        most: int | None = None,
    ) -> Result:
        """The same for the projects of a workspace, of which `take` goes through `most`, or all (None).

        Raises `ValueError`, too.
        """
        read = partial((asking or self.client).projects, workspace)
        return self._read_and_keep(Spot(workspace), read, partial(named_project, workspace), take, most)

    def pipelines(
        self,
        workspace: str,
        project: str,
        take: Callable[[Entries[Pipeline]], Result],
        asking: Client | None = None,
        most: int | None = None,
    ) -> Result:
        """The same for the pipelines of a project, of which `take` goes through `most`, or all (None).

        Raises `ValueError`, too.
        """
        read = partial((asking or self.client).pipelines, workspace, project)
        return self._read_and_keep(
            Spot(workspace, project), read, partial(named_pipeline, workspace, project), take, most
        )

    def pipeline(self, place: Place) -> Pipeline:
        """Read one pipeline, and keep what it and its project are called. Raises `BuddyError`."""
        mark = self.mark()
        pipeline = self.client.pipeline(place)
        told = {spot_of(place): pipeline.name}
        if pipeline.project:
            told[Spot(place.workspace, place.project)] = pipeline.project.display_name
        self._keep_of(mark, spot_of(place), told)
        return pipeline

    def project(self, workspace: str, project: str) -> Project:
        """Read one project, and keep what it is called. Raises `BuddyError`, `ValueError`."""
        mark = self.mark()
        found = self.client.project(workspace, project)
        spot = Spot(workspace, project)
        self._keep_of(mark, spot, {spot: found.display_name})
        return found

    def is_learning(self) -> bool:
        """Whether there is a list that Slipway has not asked for by now: it knows more when it has."""
        mark = self.mark()
        with suppress(JournalUnavailable):
            return mark is not None and self.table.due(mark, EPOCH) is not None
        return False

    def find(self, words: str, most: int) -> list[Found]:
        """Find at most so many pipelines by words, each a part of one of the three names. Buddy is not asked."""
        mark = self.mark()
        return self.table.search(mark, words.replace("/", " ").split(), most) if mark else []

    def known(self, project: Spot, most: int) -> list[int]:
        """The numbers of at most so many of a project's pipelines, as far as they are known."""
        mark = self.mark()
        with suppress(JournalUnavailable):
            return [spot.pipeline for spot in self.table.listed(mark, project, most)] if mark else []
        return []

    def names(self, spot: Spot) -> dict[Spot, str]:
        """What a spot is called, and what it is in, as far as that is known."""
        mark = self.mark()
        with suppress(JournalUnavailable):
            return self.table.names(mark, spot) if mark else {}
        return {}

    def broadest(self, most: int) -> dict[Spot, str]:
        """At most so many of all places that are known: workspaces before projects, projects before pipelines."""
        mark = self.mark()
        with suppress(JournalUnavailable):
            return self.table.broadest(mark, most) if mark else {}
        return {}

    def called(self, line: str, most: int) -> list[Spot]:
        """At most so many of the places that are called like this, by their name or by what stands in their address."""
        mark = self.mark()
        with suppress(JournalUnavailable):
            return self.table.called(mark, line, most) if mark else []
        return []

    def end_of(self, workspace: str = "", project: str = "") -> tuple[str | int, ...]:
        """Follow lists that had one entry when they were read last, from the one that is named; gives those reached."""
        mark, spot = self.mark(), Spot(workspace, project)
        with suppress(JournalUnavailable):
            while mark and not spot.pipeline and (found := self.table.only(mark, spot)):
                spot = found
        return spot.names

    def forget(self, path: str) -> None:
        """Take out what a path of the API names, since Buddy has answered that it is not there."""
        mark, match = self.mark(), SPOT.fullmatch(path)
        if mark and match:
            with suppress(JournalUnavailable):
                self.table.forget(mark, Spot(match[1] or "", match[2] or "", int(match[3] or 0)))

    def visited(self) -> None:
        """Somebody is here."""
        self._visited_at = self.clock()

    def refresh(self, stop: Event) -> None:
        """Ask for the list that has waited longest, if one is old and somebody was here, until `stop` is set.

        It is one thread that answers no page: it needs no slot. Raises `JournalUnavailable`.
        """
        now, mark = self.clock(), self.mark()
        if mark is None or self._is_resting(now):
            return
        self.pace.stop = stop
        spot = self.table.due(mark, now - AGE)
        if spot is None or self.pace.deferred or not self.table.claim(mark, spot, now - AGE):
            return
        try:
            with self.quiet.without_own_slot():
                self._ask(spot)
        except NotFound:
            self.table.forget(mark, spot)
        except (Deferred, Forbidden, ApiDisabled):
            # It is that list's turn again in an hour.
            pass
        except BuddyError as error:
            log.info("the directory is not refreshed for %s: %s", REST, error)
            self._rests_until = now + REST

    def _is_resting(self, now: datetime) -> bool:
        deserted = self._visited_at is None or now - self._visited_at > ABSENCE
        return deserted or (self._rests_until is not None and now < self._rests_until)

    def _ask(self, spot: Spot) -> None:
        """Read the whole list of a spot. Raises `BuddyError`."""
        if spot.project:
            self.pipelines(spot.workspace, spot.project, list, self.quiet)
        elif spot.workspace:
            self.projects(spot.workspace, list, self.quiet)
        else:
            self.workspaces(list, self.quiet)

    def _read_and_keep(
        self,
        spot: Spot,
        read: Callable[[int, int | None], Entries[Item]],
        named: Callable[[Item], tuple[Spot, str]],
        take: Callable[[Entries[Item]], Result],
        most: int | None = None,
    ) -> Result:
        # The mark first: what is told to another token that is set meanwhile is not taken for this one's.
        mark = self.mark()
        entries = read(self._expected(mark, spot, most), most)
        result = take(entries)
        self._keep(mark, spot, dict(map(named, entries.given)), entries.ended and not entries.unread)
        return result

    def _expected(self, mark: str | None, spot: Spot, most: int | None) -> int:
        """How many entries a list has, as far as is known: as many as are gone through, where nobody was at its end."""
        count, whole = 0, True
        with suppress(JournalUnavailable):
            if mark:
                count, whole = self.table.count(mark, spot)
        if whole or count < PAGE_LENGTH:
            return count
        return max(count, MOST_PAGES * PAGE_LENGTH if most is None else most)

    def _keep(self, mark: str | None, spot: Spot, told: Mapping[Spot, str], whole: bool) -> None:
        if mark:
            with suppress(JournalUnavailable):
                self.table.tell(mark, spot, told, whole)

    def _keep_of(self, mark: str | None, spot: Spot, told: Mapping[Spot, str]) -> None:
        if mark:
            with suppress(JournalUnavailable):
                self.table.tell_of(mark, spot, told)


def spot_of(place: Place) -> Spot:
    """Where a pipeline stands in the directory."""
    return Spot(*place.key)


def named_workspace(item: Workspace) -> tuple[Spot, str]:
    """A workspace, and what it is called."""
    return Spot(item.domain), item.name


def named_project(workspace: str, item: Project) -> tuple[Spot, str]:
    """A project, and what it is called."""
    return Spot(workspace, item.name), item.display_name


def named_pipeline(workspace: str, project: str, item: Pipeline) -> tuple[Spot, str]:
    """A pipeline, and what it is called."""
    return Spot(workspace, project, item.id), item.name
