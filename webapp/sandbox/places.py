"""The endpoints for what Buddy has around actions: the token, workspaces, projects, pipelines, integrations."""

from flask import Blueprint, Response, abort, request

from webapp.sandbox import answers
from webapp.sandbox.context import find_project, find_spot, find_workspace, sandbox_context, spot_of
from webapp.sandbox.replies import errors, in_order, listing, paged, reply
from webapp.sandbox.tokens import find_token

bp = Blueprint("places", __name__)


@bp.get("/user/token")
def token() -> Response:
    """Tell about the token that asks."""
    found = find_token(request.headers.get("Authorization", ""))
    return reply(answers.token_view(found, sandbox_context().addresses)) if found else errors(401, ["No token."])


@bp.get("/workspaces")
def workspaces() -> Response:
    """List workspaces."""
    views = [
        answers.workspace_summary(item, sandbox_context().addresses) for item in sandbox_context().state.workspaces
    ]
    return listing("workspaces", views, "/workspaces", sandbox_context().addresses.index)


@bp.get("/workspaces/<domain>")
def workspace(domain: str) -> Response:
    """Get a workspace."""
    return reply(answers.workspace_detail(find_workspace(domain), sandbox_context().addresses))


@bp.get("/workspaces/<domain>/projects")
def projects(domain: str) -> Response:
    """List projects: all, or those of a status."""
    found = find_workspace(domain)
    views = [answers.project_summary(found, item, sandbox_context().addresses) for item in found.projects]
    asked = [view for view in views if view["status"] == request.args.get("status", view["status"])]
    page = paged(in_order(asked, "name", "create_date"))
    return listing(
        "projects", page, f"/workspaces/{domain}/projects", sandbox_context().addresses.workspace_page(domain)
    )


@bp.get("/workspaces/<domain>/projects/<name>")
def project(domain: str, name: str) -> Response:
    """Get a project."""
    return reply(answers.project_detail(*find_project(domain, name), sandbox_context().addresses))


@bp.get("/workspaces/<domain>/projects/<name>/pipelines")
def pipelines(domain: str, name: str) -> Response:
    """List pipelines."""
    workspace, project = find_project(domain, name)
    spots = [spot_of(workspace, project, item) for item in project.pipelines]
    views = [answers.pipeline_summary(spot, sandbox_context().addresses) for spot in spots]
    path = f"/workspaces/{domain}/projects/{name}/pipelines"
    page = paged(in_order(views, "name", "id"))
    return listing("pipelines", page, path, sandbox_context().addresses.project_page(domain, name))


@bp.get("/workspaces/<domain>/projects/<name>/pipelines/<int:number>")
def pipeline(domain: str, name: str, number: int) -> Response:
    """Get a pipeline."""
    return reply(answers.pipeline_detail(find_spot(domain, name, number), sandbox_context().addresses))


@bp.get("/workspaces/<domain>/integrations")
def integrations(domain: str) -> Response:
    """List integrations."""
    found = find_workspace(domain)
    views = [answers.integration_detail(found, item, sandbox_context().addresses) for item in found.integrations]
    page = sandbox_context().addresses.workspace_page(domain)
    return listing("integrations", views, f"/workspaces/{domain}/integrations", page)


@bp.get("/workspaces/<domain>/integrations/<hash_id>")
def integration(domain: str, hash_id: str) -> Response:
    """Get an integration by its hash id."""
    found = find_workspace(domain)
    item = next((item for item in found.integrations if item.hash_id == hash_id), None)
    if item is None:
        return abort(404, "Integration not found.")
    return reply(answers.integration_detail(found, item, sandbox_context().addresses))
