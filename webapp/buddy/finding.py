"""Finding the pipeline that an action belongs to, since the address of an action's page does not tell it."""

from concurrent.futures import Executor
from itertools import islice
from time import monotonic

from webapp.buddy.client import Client
from webapp.buddy.places import Place
from webapp.http.errors import NoAnswer, NotAllRead

MOST_PIPELINES = 100
# So that one page does not take all that one person may.
SIDE_BY_SIDE = 4
SECONDS = 60


def pipeline_of_action(
    client: Client, executor: Executor, workspace: str, project: str, action: int, seconds: float = SECONDS
) -> int | None:
    """Look through a project's pipelines, at most 100 of them, for an action. None when none has it.

    Raises `BuddyError`, also when it takes more than so many seconds, and `Busy`.
    """
    with client.slot():
        listed = client.pipelines(workspace, project, most=MOST_PIPELINES)
        places = [Place(workspace, project, item.id) for item in islice(listed, MOST_PIPELINES)]
        unread = listed.unread
        end = monotonic() + seconds
        for first in range(0, len(places), SIDE_BY_SIDE):
            if monotonic() > end:
                raise NoAnswer
            for pipeline in executor.map(client.pipeline, places[first : first + SIDE_BY_SIDE]):
                if any(item.id == action for item in pipeline.actions):
                    return pipeline.id
                unread += pipeline.unread
        if unread:
            raise NotAllRead(unread)
    return None
