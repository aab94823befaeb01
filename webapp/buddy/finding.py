"""Finding the pipeline that an action belongs to, since the address of an action's page does not tell it."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import islice
from time import monotonic

from webapp.buddy.client import Client
from webapp.buddy.places import Pipeline, Place
from webapp.http.errors import NoAnswer, NotAllRead, NotFound

MOST_PIPELINES = 100
# So that one page does not take all that one person may.
SIDE_BY_SIDE = 4
SECONDS = 60


def pipeline_of_action(
    client: Client,
    executor: Executor,
    workspace: str,
    project: str,
    action: int,
    known: Sequence[int] = (),
    seconds: float = SECONDS,
) -> int | None:
    """Look through a project's pipelines, at most 100 of them, for an action; without their list in those that are
    `known`. None when none has it.

    Raises `BuddyError`, also when it takes more than so many seconds, and `Busy`.
    """
    with client.slot():
        search = Search(client, executor, action, monotonic() + seconds)
        first = [Place(workspace, project, id) for id in known[:MOST_PIPELINES]]
        if found := search.through(first):
            return found
        listed = client.pipelines(workspace, project, most=MOST_PIPELINES)
        places = [Place(workspace, project, item.id) for item in islice(listed, MOST_PIPELINES)]
        if found := search.through([place for place in places if place not in first]):
            return found
        if unread := listed.unread + search.unread:
            raise NotAllRead(unread)
    return None


@dataclass
class Search:
    """Looks for an action until `end`. `unread` counts the actions that could not be read."""

    client: Client
    executor: Executor
    action: int
    end: float
    unread: int = 0

    def through(self, places: Sequence[Place]) -> int | None:
        """The first of some pipelines that has the action; those that are gone have none. Raises `BuddyError`."""
        for first in range(0, len(places), SIDE_BY_SIDE):
            if monotonic() > self.end:
                raise NoAnswer
            for pipeline in self.executor.map(self._read, places[first : first + SIDE_BY_SIDE]):
                if pipeline and any(item.id == self.action for item in pipeline.actions):
                    return pipeline.id
                self.unread += pipeline.unread if pipeline else 0
        return None

    def _read(self, place: Place) -> Pipeline | None:
        try:
            return self.client.pipeline(place)
        except NotFound:
            return None
