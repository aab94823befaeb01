"""What Buddy accepts as a run of a pipeline (Buddy: "Run pipeline", request parameters)."""

from collections.abc import Iterator
from typing import Any

from webapp.sandbox.rows import wrong_variable
from webapp.sandbox.rules import WORDS, is_a
from webapp.sandbox.state import Json, Pipeline, Project

FIELDS: dict[str, type] = {
    **dict.fromkeys(("to_revision", "from_revision", "branch", "tag", "pull_request"), dict),
    **dict.fromkeys(("comment", "priority"), str),
    **dict.fromkeys(("refresh", "clear_cache"), bool),
    **dict.fromkeys(("actions_to_run", "variables"), list),
}
PRIORITIES = ("LOW", "NORMAL", "HIGH")
OPERATIONS = ("CANCEL", "RETRY", "APPLY", "APPLY_VARIABLES", "SET_VARIABLES", "RUN_DELAYED", "APPROVE_VT")
GOING_ON = frozenset({"APPLY", "APPLY_VARIABLES", "SET_VARIABLES", "APPROVE_VT"})


def problems_of_run(body: Any, project: Project, pipeline: Pipeline) -> list[str]:
    """Everything that Buddy would refuse in a run, each message with the name of its field."""
    if not isinstance(body, dict):
        return ["The request must be a JSON object."]
    found = [
        f"Field {name} must be {WORDS[kind]}."
        for name, kind in FIELDS.items()
        if body.get(name) is not None and not is_a(body[name], kind)
    ]
    return found or [*wrong_run(body, project, pipeline), *wrong_state(pipeline)]


def wrong_run(body: Json, project: Project, pipeline: Pipeline) -> Iterator[str]:
    """Fields that are of the right type but not right."""
    yield from wrong_revision(body, project, pipeline)
    if body.get("priority") not in (None, *PRIORITIES):
        yield f"Field priority must be one of {', '.join(PRIORITIES)}."
    if pipeline.description_required and not (body.get("comment") or "").strip():
        yield "Field comment is required in this pipeline."
    for id in body.get("actions_to_run") or []:
        if not is_a(id, int) or pipeline.action(id) is None:
            yield f"Field actions_to_run: there is no action {id} in this pipeline."
    for item in body.get("variables") or []:
        yield from wrong_variable(item)


def wrong_revision(body: Json, project: Project, pipeline: Pipeline) -> Iterator[str]:
    """A branch, a tag or a pull request that is not there, or is missing."""
    there = {"branch": project.branches, "tag": project.tags, "pull_request": project.pull_requests}
    given = {name: body[name].get("name") for name in there if body.get(name)}
    for name, called in given.items():
        if not isinstance(called, str) or not called:
            yield f"Field {name}: name is required."
        elif called not in there[name]:
            yield f"Field {name}: there is no {name.replace('_', ' ')} {called} in the repository."
    if not given and any("*" in ref for ref in pipeline.refs):
        yield "Field branch or tag is required: this pipeline is for more than one."


def wrong_state(pipeline: Pipeline) -> Iterator[str]:
    """Why a pipeline can't be run at all."""
    if pipeline.disabled_reason:
        yield f"The pipeline is disabled: {pipeline.disabled_reason}"
    if pipeline.paused:
        yield "The pipeline is paused."
    if pipeline.waiting_for_push:
        yield "The pipeline is waiting for the first push to the repository."
