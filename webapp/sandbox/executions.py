"""The endpoints for runs of a pipeline. Nothing is run: each looks as if it were, by the time that is over since."""

from flask import Blueprint, Response, abort, request

from webapp.sandbox import execution_answers as answers
from webapp.sandbox.actions import asked
from webapp.sandbox.checks import weather
from webapp.sandbox.context import find_spot, sandbox_context
from webapp.sandbox.operations import begin, do
from webapp.sandbox.replies import errors, listing_in_pages, reply
from webapp.sandbox.run_rules import OPERATIONS, problems_of_run
from webapp.sandbox.runs import RunNow, StepNow
from webapp.sandbox.state import Spot
from webapp.sandbox.weather import Weather

EXECUTIONS = "/workspaces/<domain>/projects/<name>/pipelines/<int:number>/executions"
ONE = f"{EXECUTIONS}/<int:id>"
IN_ONE = f"{ONE}/action_executions/<step>"
LINES, MOST_LINES = 100, 1000

bp = Blueprint("executions", __name__)


@bp.get(EXECUTIONS)
def executions(domain: str, name: str, number: int) -> Response:
    """List runs, newest first."""
    spot, addresses = find_spot(domain, name, number), sandbox_context().addresses
    views = [answers.execution_summary(spot, run, addresses) for run in spot.runs]
    path = f"{addresses.pipeline_path(spot)}/executions"
    return listing_in_pages("executions", views, path, addresses.pipeline_page(spot))


@bp.post(EXECUTIONS)
def run(domain: str, name: str, number: int) -> Response:
    """Start a run."""
    body = asked()
    with sandbox_context().state.lock:
        spot = find_spot(domain, name, number)
        problems = problems_of_run(body, spot.project, spot.pipeline)
        if problems:
            return errors(400, problems)
        begun = begin(spot, body)
    return reply(answers.execution_detail(spot, begun.at(spot.now), sandbox_context().addresses))


@bp.get(ONE)
def execution(domain: str, name: str, number: int, id: int) -> Response:
    """Get a run with its actions."""
    spot = find_spot(domain, name, number)
    return reply(answers.execution_detail(spot, find_run(spot, id), sandbox_context().addresses))


@bp.patch(ONE)
def operate(domain: str, name: str, number: int, id: int) -> Response:
    """Stop a run, repeat it, or let it go on."""
    body = asked()
    operation = body.get("operation") if isinstance(body, dict) else None
    if operation not in OPERATIONS:
        return errors(400, [f"Field operation must be one of {', '.join(OPERATIONS)}."])
    with sandbox_context().state.lock:
        spot = find_spot(domain, name, number)
        found = find_run(spot, id)
        done = do(str(operation), spot, found)
    if done is None:
        return errors(400, [f"The execution is {found.status}: {operation} is not possible."])
    return reply(answers.execution_detail(spot, done.at(spot.now), sandbox_context().addresses))


@bp.get(IN_ONE)
def action_execution(domain: str, name: str, number: int, id: int, step: str) -> Response:
    """Get an action of a run, with its whole log."""
    spot = find_spot(domain, name, number)
    now, item = find_step(spot, id, step, Weather.OLDEST_LOGS)
    return reply(answers.action_execution_detail(spot, now, item, sandbox_context().addresses))


@bp.get(f"{IN_ONE}/logs")
def logs(domain: str, name: str, number: int, id: int, step: str) -> Response:
    """Get lines of an action's log."""
    spot = find_spot(domain, name, number)
    now, item = find_step(spot, id, step, Weather.OLDEST_LOGS, Weather.OLDER_LOGS)
    offset, limit = (request.args.get(key, usual, type=int) for key, usual in (("offset", 0), ("limit", LINES)))
    if offset < 0 or not 1 <= limit <= MOST_LINES:
        return errors(400, [f"Fields offset and limit: limit must be 1 to {MOST_LINES}, offset 0 or more."])
    return reply(answers.log_page(spot, now, item, offset, limit, sandbox_context().addresses))


@bp.get(f"{ONE}/actions/<int:action>")
def action_of_2025(domain: str, name: str, number: int, id: int, action: int) -> Response:
    """Get an action of a run by its own id."""
    return older_action(find_spot(domain, name, number), id, action, Weather.OLDEST_LOGS)


@bp.get(f"{ONE}/action/<int:action>")
def action_of_2022(domain: str, name: str, number: int, id: int, action: int) -> Response:
    """Get the same at its first address."""
    return older_action(find_spot(domain, name, number), id, action)


def older_action(spot: Spot, id: int, action: int, *without: Weather) -> Response:
    """The answer to asking for an action by its own id, but in the weather that is `without` it."""
    now = find_run(spot, id)
    item = now.step_of_action(action)
    if item is None or weather() in without:
        return abort(404, "Action execution not found.")
    return reply(answers.older_detail(spot, now, item, sandbox_context().addresses))


def find_run(spot: Spot, id: int) -> RunNow:
    """Find a run as it is now, or answer 404."""
    found = next((item for item in spot.pipeline.runs if item.id == id), None)
    return found.at(spot.now) if found else abort(404, "Execution not found.")


def find_step(spot: Spot, id: int, step: str, *without: Weather) -> tuple[RunNow, StepNow]:
    """Find an action of a run, or answer 404; also in the weather that is `without` it."""
    now = find_run(spot, id)
    item = now.step(step)
    if item is None or weather() in without:
        return abort(404, "Action execution not found.")
    return now, item
