"""Choosing the place: workspaces, their projects, the projects' pipelines."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from webapp.buddy.places import Place, check_part
from webapp.context import parts

bp = Blueprint("places", __name__, url_prefix="/workspaces")


@bp.url_value_preprocessor
def check_names(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """A name that can't be part of an address of Buddy's is not found."""
    try:
        for name in (values or {}).values():
            check_part(name)
    except ValueError:
        abort(404)


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
def pipelines(workspace: str, project: str) -> str | Response:
    """The pipelines of a project; a single one is passed through, to its form."""
    found = list(parts().client.pipelines(workspace, project))
    if len(found) == 1:
        place = Place(workspace, project, found[0].id)
        return redirect(url_for("actions.new", place=place))
    whole = parts().client.project(workspace, project)
    return render_template("places/pipelines.html", workspace=workspace, project=whole, pipelines=found)
