"""Choosing the place: workspaces, their projects, the projects' pipelines; finding it by words or a pasted address."""

from typing import Any

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.auth.people import Role
from webapp.buddy.addresses import Address
from webapp.buddy.finding import pipeline_of_action
from webapp.buddy.places import Place, check_part
from webapp.context import may, parts
from webapp.forms.addresses import FindForm
from webapp.http.slots import Busy
from webapp.views.access import viewer
from webapp.views.connection import only_connected
from webapp.views.errors import to_be_tried_again, turned_away
from webapp.views.listing import asked_for

bp = Blueprint("places", __name__)
bp.before_request(only_connected)

NO_PIPELINE = "Choose the pipeline from the lists: none of this project's pipelines has that action"


@bp.url_value_preprocessor
def check_names(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """A name that can't be part of an address of Buddy's is not found."""
    try:
        for name in (values or {}).values():
            check_part(name)
    except ValueError:
        abort(404)


@bp.get("/workspaces")
@viewer
def workspaces() -> str | Response:
    """The workspaces that the token can see; a single one is passed through."""
    listing = asked_for(parts().client.workspaces(), lambda item: (item.name, item.domain))
    if listing.only:
        return redirect(url_for("places.projects", workspace=listing.only.domain, like=like()))
    return render_template("places/workspaces.html", listing=listing, like=like())


@bp.get("/workspaces/<workspace>/projects")
@viewer
def projects(workspace: str) -> str | Response:
    """The projects of a workspace; a single one is passed through."""
    listing = asked_for(parts().client.projects(workspace), lambda item: (item.display_name, item.name))
    if listing.only:
        return redirect(url_for("places.pipelines", workspace=workspace, project=listing.only.name, like=like()))
    return render_template("places/projects.html", workspace=workspace, listing=listing, like=like())


@bp.get("/workspaces/<workspace>/projects/<project>/pipelines")
@viewer
def pipelines(workspace: str, project: str) -> str | Response:
    """The pipelines of a project; a single one is passed through, to its form or its actions."""
    listing = asked_for(parts().client.pipelines(workspace, project), lambda item: (item.name, str(item.id)))
    if listing.only:
        place = Place(workspace, project, listing.only.id)
        return redirect(url_for("additions.new" if may(Role.EDITOR) else "actions.index", place=place, like=like()))
    whole = parts().client.project(workspace, project)
    return render_template("places/pipelines.html", workspace=workspace, project=whole, listing=listing, like=like())


def like() -> str | None:
    """What is to be copied into the pipeline that is being chosen, if anything is."""
    return request.args.get("like")


@bp.get("/find")
@viewer
def find() -> str | Response | tuple[str, int]:
    """The pipelines that the words name; or go to the pipeline or the action that a pasted address names."""
    form = find_form()
    wanted = form.read()
    if isinstance(wanted, str):
        return show_found(form)
    pipeline = wanted.pipeline or find_pipeline(wanted)
    if pipeline is None:
        form.refuse(NO_PIPELINE)
        return show_found(form)
    place = wanted.place(pipeline)
    if wanted.action:
        return redirect(url_for("actions.show", place=place, id=wanted.action))
    return redirect(url_for("actions.index", place=place))


@bp.errorhandler(Busy)
def not_asked(busy: Busy) -> Response:
    """Too many wait for Buddy: a pasted address is still in its box."""
    if request.endpoint != "places.find":
        return turned_away(busy)
    form = find_form()
    form.refuse(f"{busy.sentence} {busy.advice}")
    html, _ = show_found(form)
    return to_be_tried_again(make_response(html, 503), busy)


def find_form() -> FindForm:
    """The box to find a pipeline with."""
    return FindForm(request.args, parts().link_base)


def find_pipeline(address: Address) -> int | None:
    """Look for the pipeline of an action's page."""
    assert address.action is not None, "an address names a pipeline or an action"
    return pipeline_of_action(parts().client, parts().executor, address.workspace, address.project, address.action)


def show_found(form: FindForm) -> tuple[str, int]:
    """The box, with what was found or what is wrong."""
    problems = form.problems()
    return render_template("places/find.html", form=form, problems=problems), 422 if problems else 200
