"""The sandbox's REST API, under the addresses of Buddy's."""

import json
from collections.abc import Sequence
from hmac import compare_digest
from typing import Any

from flask import Blueprint, Response, abort, request
from werkzeug.exceptions import HTTPException, NotFound

from webapp.sandbox import answers
from webapp.sandbox.rules import problems
from webapp.sandbox.state import Json, Received, Spot
from webapp.sandbox.world import find_spot, find_workspace, world

PAGE_LENGTH = 20
PIPELINE = "/workspaces/<domain>/projects/<name>/pipelines/<int:number>"


bp = Blueprint("api", __name__)


@bp.before_request
def check_token() -> Response | None:
    """Let nobody in without the token."""
    sent = request.headers.get("Authorization", "")
    known = compare_digest(sent.encode(), f"Bearer {world().token}".encode())
    return None if known else errors(401, ["The access token is missing or not valid."])


# Named apart, since a handler of the whole app for 404 goes before a general one of this blueprint.
@bp.errorhandler(NotFound)
@bp.errorhandler(HTTPException)
def http_error(error: HTTPException) -> Response:
    """An error in Buddy's shape."""
    return errors(error.code or 500, [error.description or error.name])


@bp.get("/workspaces")
def workspaces() -> Response:
    """List workspaces."""
    views = [answers.workspace_view(item, world().addresses) for item in world().state.workspaces]
    return listing("workspaces", views, "/workspaces")


@bp.get("/workspaces/<domain>")
def workspace(domain: str) -> Response:
    """Get a workspace."""
    return answer(answers.workspace_view(find_workspace(domain), world().addresses))


@bp.get("/workspaces/<domain>/projects")
def projects(domain: str) -> Response:
    """List projects."""
    found = find_workspace(domain)
    views = [answers.project_view(found, item, world().addresses) for item in found.projects]
    return listing("projects", paged(views), f"/workspaces/{domain}/projects")


@bp.get("/workspaces/<domain>/projects/<name>")
def project(domain: str, name: str) -> Response:
    """Get a project."""
    found = find_workspace(domain)
    item = found.project(name)
    return answer(answers.project_view(found, item, world().addresses)) if item else abort(404, "Project not found.")


@bp.get("/workspaces/<domain>/projects/<name>/pipelines")
def pipelines(domain: str, name: str) -> Response:
    """List pipelines."""
    found = find_workspace(domain)
    item = found.project(name) or abort(404, "Project not found.")
    views = [answers.pipeline_view(Spot(found, item, pipeline), world().addresses) for pipeline in item.pipelines]
    return listing("pipelines", paged(views), f"/workspaces/{domain}/projects/{name}/pipelines")


@bp.get(PIPELINE)
def pipeline(domain: str, name: str, number: int) -> Response:
    """Get a pipeline."""
    return answer(answers.pipeline_detail(find_spot(domain, name, number), world().addresses))


@bp.get(f"{PIPELINE}/actions")
def actions(domain: str, name: str, number: int) -> Response:
    """List actions."""
    spot = find_spot(domain, name, number)
    views = [answers.action_summary(spot, action, world().addresses) for action in spot.pipeline.actions]
    return listing("actions", paged(views), f"{world().addresses.pipeline_path(spot)}/actions")


@bp.post(f"{PIPELINE}/actions")
def add(domain: str, name: str, number: int) -> Response:
    """Add an action."""
    body: Any = request.get_json(force=True, silent=True)
    with world().state.lock:
        world().state.received.append(Received("POST", request.path, body))
        spot = find_spot(domain, name, number)
        refused = problems(body, spot)
        if refused:
            return errors(400, refused)
        return answer(answers.action_answer(spot, add_action(spot, body), world().addresses), 201)


@bp.get(f"{PIPELINE}/actions/<int:id>")
def action(domain: str, name: str, number: int, id: int) -> Response:
    """Get an action."""
    spot = find_spot(domain, name, number)
    found = spot.pipeline.action(id) or abort(404, "Action not found.")
    return answer(answers.action_detail(spot, found, world().addresses))


@bp.get("/workspaces/<domain>/integrations")
def integrations(domain: str) -> Response:
    """List integrations."""
    found = find_workspace(domain)
    views = [answers.integration_view(found, item, world().addresses) for item in found.integrations]
    return listing("integrations", views, f"/workspaces/{domain}/integrations")


@bp.get("/<path:rest>")
def nothing(rest: str) -> Response:
    """Any other address."""
    return abort(404, "Not found.")


def add_action(spot: Spot, body: Json) -> Json:
    """Put a new action where it asks to stand."""
    action = {"trigger_time": "ON_EVERY_EXECUTION", **body, "id": world().state.new_action_id()}
    ids = [item["id"] for item in spot.pipeline.actions]
    after = body.get("after_action_id")
    spot.pipeline.actions.insert(len(ids) if after is None else ids.index(after) + 1, action)
    return action


def listing(name: str, views: Sequence[Json], path: str) -> Response:
    """An answer with a list."""
    return answer({"url": world().addresses.api(path), "html_url": f"{world().addresses.public_url}/", name: views})


def paged(views: list[Json]) -> list[Json]:
    """The page of a list that the query asks for."""
    page = request.args.get("page", 1, type=int)
    length = request.args.get("per_page", PAGE_LENGTH, type=int)
    return views[(page - 1) * length : page * length] if page > 0 and length > 0 else []


def answer(body: Json, status: int = 200) -> Response:
    """An answer with Buddy's headers. The content type has no charset, which some clients compare to the letter."""
    response = Response(json.dumps(body), status, {"X-Buddy-Media-Type": "buddy.v1.1.0"})
    response.headers["Content-Type"] = "application/json"
    return response


def errors(status: int, messages: list[str]) -> Response:
    """A refusal in Buddy's shape."""
    return answer({"errors": [{"message": message} for message in messages]}, status)
