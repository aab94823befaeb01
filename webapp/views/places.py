"""Choosing the place: workspaces, their projects, the projects' pipelines."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from webapp.context import parts

bp = Blueprint("places", __name__, url_prefix="/workspaces")


@bp.get("")
def workspaces() -> str | Response:
    """The workspaces that the token can see; a single one is passed through."""
    found = list(parts().client.workspaces())
    if len(found) == 1:
        return redirect(url_for("places.projects", workspace=found[0].domain))
    return render_template("places/workspaces.html", workspaces=found)


@bp.get("/<workspace>/projects")
def projects(workspace: str) -> str | Response:
    """The projects of a workspace; a single one is passed through."""
    found = list(parts().client.projects(workspace))
    if len(found) == 1:
        return redirect(url_for("places.pipelines", workspace=workspace, project=found[0].name))
    return render_template("places/projects.html", workspace=workspace, projects=found)


@bp.get("/<workspace>/projects/<project>/pipelines")
def pipelines(workspace: str, project: str) -> str:
    """The pipelines of a project. A single one is not passed through, so that a person sees where they are."""
    found = list(parts().client.pipelines(workspace, project))
    return render_template(
        "places/pipelines.html",
        workspace=workspace,
        project=parts().client.project(workspace, project),
        pipelines=found,
    )
