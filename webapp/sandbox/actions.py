"""The endpoints for the actions of a pipeline."""

from typing import Any

from flask import Blueprint, Response, request

from webapp.sandbox import answers
from webapp.sandbox.changes import added, edited, put, remove
from webapp.sandbox.context import find_action, find_spot, sandbox_context
from webapp.sandbox.replies import empty_reply, errors, listing, reply
from webapp.sandbox.rules import problems_of_addition, problems_of_change, problems_of_pipeline

ACTIONS = "/workspaces/<domain>/projects/<name>/pipelines/<int:number>/actions"

bp = Blueprint("actions", __name__)


@bp.get(ACTIONS)
def actions(domain: str, name: str, number: int) -> Response:
    """List actions, in one piece: all, or those that run at the `trigger_time` of the query."""
    spot, addresses = find_spot(domain, name, number), sandbox_context().addresses
    views = [answers.action_summary(spot, action, addresses) for action in spot.pipeline.actions]
    asked = [view for view in views if view["trigger_time"] == request.args.get("trigger_time", view["trigger_time"])]
    return listing("actions", asked, f"{addresses.pipeline_path(spot)}/actions", addresses.pipeline_page(spot))


@bp.post(ACTIONS)
def add(domain: str, name: str, number: int) -> Response:
    """Add an action."""
    spot, body, state = find_spot(domain, name, number), asked(), sandbox_context().state
    with state.lock:
        problems = problems_of_addition(body, spot)
        if problems:
            return errors(400, problems)
        action = added(body, state)
        put(spot.pipeline, action, body.get("after_action_id"))
    return reply(answers.action_answer(spot, action, sandbox_context().addresses), 201)


@bp.get(f"{ACTIONS}/<int:id>")
def action(domain: str, name: str, number: int, id: int) -> Response:
    """Get an action."""
    spot = find_spot(domain, name, number)
    return reply(answers.action_detail(spot, find_action(spot, id), sandbox_context().addresses))


@bp.patch(f"{ACTIONS}/<int:id>")
def edit(domain: str, name: str, number: int, id: int) -> Response:
    """Change what is sent of an action."""
    spot, body, state = find_spot(domain, name, number), asked(), sandbox_context().state
    with state.lock:
        old = find_action(spot, id)
        problems = problems_of_change(body, old, spot)
        if problems:
            return errors(400, problems)
        action = edited(old, body, state)
        put(spot.pipeline, action, body.get("after_action_id"))
    return reply(answers.action_answer(spot, action, sandbox_context().addresses))


@bp.delete(f"{ACTIONS}/<int:id>")
def delete(domain: str, name: str, number: int, id: int) -> Response:
    """Delete an action."""
    spot = find_spot(domain, name, number)
    with sandbox_context().state.lock:
        find_action(spot, id)
        problems = list(problems_of_pipeline(spot))
        if problems:
            return errors(400, problems)
        remove(spot.pipeline, id)
    return empty_reply()


def asked() -> Any:
    """The request's JSON, whatever its content type says; None when it is none."""
    return request.get_json(force=True, silent=True)
