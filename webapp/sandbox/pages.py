"""The pages behind the sandbox's links."""

from flask import Blueprint, abort, render_template
from werkzeug.exceptions import NotFound

from webapp.sandbox.answers import action_detail
from webapp.sandbox.state import Spot
from webapp.sandbox.world import world

HIDDEN = frozenset({"url", "html_url", "id", "name", "pipeline", "last_execution_status"})


bp = Blueprint("pages", __name__)


@bp.context_processor
def common() -> dict[str, object]:
    """What every page needs."""
    return {"stylesheet": world().stylesheet, "addresses": world().addresses}


@bp.app_errorhandler(404)
def not_found(error: NotFound) -> tuple[str, int]:
    """The page for what is not there, or no longer."""
    return render_template("sandbox/not_found.html", **common()), 404


@bp.get("/")
def index() -> str:
    """All pipelines."""
    spots = [
        Spot(workspace, project, pipeline)
        for workspace in world().state.workspaces
        for project in workspace.projects
        for pipeline in project.pipelines
    ]
    return render_template("sandbox/index.html", spots=spots)


@bp.get("/<domain>/<name>/pipelines/pipeline/<int:number>")
def pipeline(domain: str, name: str, number: int) -> str:
    """A pipeline."""
    for spot in spots_of(domain, name):
        if spot.pipeline.id == number:
            return render_template("sandbox/pipeline.html", spot=spot)
    return abort(404)


@bp.get("/<domain>/<name>/pipelines/action/<int:id>/edit")
def action(domain: str, name: str, id: int) -> str:
    """An action."""
    for spot in spots_of(domain, name):
        found = spot.pipeline.action(id)
        if found is not None:
            detail = action_detail(spot, found, world().addresses)
            fields = {field: value for field, value in detail.items() if field not in HIDDEN}
            return render_template("sandbox/action.html", spot=spot, action=found, fields=fields)
    return abort(404)


def spots_of(domain: str, name: str) -> list[Spot]:
    """The pipelines of a project; none where there is no such project."""
    workspace = world().state.workspace(domain)
    project = workspace.project(name) if workspace else None
    if workspace is None or project is None:
        return []
    return [Spot(workspace, project, item) for item in project.pipelines]
