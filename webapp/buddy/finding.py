"""Finding the pipeline that an action belongs to, since the address of an action's page does not tell it."""

from concurrent.futures import Executor
from itertools import islice

from webapp.buddy.client import Client
from webapp.buddy.places import Place

MOST_PIPELINES = 100


def pipeline_of_action(client: Client, executor: Executor, workspace: str, project: str, action: int) -> int | None:
    """Look through a project's pipelines, at most 100 of them, for an action. None when none has it.

    Raises `BuddyError`.
    """
    places = [
        Place(workspace, project, item.id) for item in islice(client.pipelines(workspace, project), MOST_PIPELINES)
    ]
    for pipeline in executor.map(client.pipeline, places):
        if any(item.id == action for item in pipeline.actions):
            return pipeline.id
    return None
