"""What is done to runs: begun, repeated, stopped, and let go on."""

from secrets import token_hex

from webapp.sandbox.context import sandbox_context
from webapp.sandbox.run_rules import GOING_ON
from webapp.sandbox.runs import ENDED, Run, RunNow, Step
from webapp.sandbox.scripts import SEALED, script_of
from webapp.sandbox.state import Json, Pipeline, Spot

MOST_RUNS = 200


def begin(spot: Spot, body: Json) -> Run:
    """Start a run of an accepted request."""
    pipeline, state = spot.pipeline, sandbox_context().state
    wanted = body.get("actions_to_run") or [action["id"] for action in pipeline.actions]
    variables = {item["key"]: masked(item) for item in body.get("variables") or []}
    steps = tuple(
        Step(token_hex(12), action, script_of(action, variables))
        for action in pipeline.actions
        if action["id"] in wanted and not action.get("disabled")
    )
    begun = Run(state.new_id(), token_hex(12), body, steps, spot.now)
    pipeline.runs = (*pipeline.runs[1 - MOST_RUNS :], begun)
    return begun


def masked(variable: Json) -> str:
    """The value of a variable as a log shows it."""
    return SEALED if variable.get("encrypted") else variable["value"]


def do(operation: str, spot: Spot, found: RunNow) -> Run | None:
    """Do what is asked of a run; None where that is not possible any more, or not yet."""
    ended = found.status in ENDED
    if operation == "CANCEL" and not ended:
        return put(spot.pipeline, found.run.stopped(spot.now))
    if operation == "RETRY" and ended:
        return begin(spot, found.run.body)
    if operation in GOING_ON and found.status.startswith("WAITING"):
        return put(spot.pipeline, found.run.gone_on(spot.now))
    return None


def put(pipeline: Pipeline, run: Run) -> Run:
    """Let a run take the place of what it was before."""
    pipeline.runs = tuple(run if item.id == run.id else item for item in pipeline.runs)
    return run
