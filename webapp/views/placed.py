"""Pages that belong to a pipeline: their address names its workspace, its project and its number."""

from typing import Any

from flask import Blueprint, abort

from webapp.buddy.places import Place, parse_action
from webapp.context import parts
from webapp.store.models import Event, Submission
from webapp.store.places import Spot
from webapp.views.connection import only_connected

PIPELINE = "/workspaces/<workspace>/projects/<project>/pipelines/<pipeline>"
ACTIONS = f"{PIPELINE}/actions"


def placed_blueprint(name: str, module: str, prefix: str = ACTIONS) -> Blueprint:
    """Make the blueprint for a noun among a pipeline's actions, or elsewhere below it; its views get a `place`, and an
    action's `id`."""
    bp = Blueprint(name, module, url_prefix=prefix)
    bp.before_request(only_connected)
    bp.url_value_preprocessor(read_place)
    bp.url_defaults(write_place)
    return bp


def read_place(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Turn the parts of the address into a place and an action's number; impossible ones are not found."""
    if values is None:
        return
    try:
        values["place"] = Place.parse(values.pop("workspace"), values.pop("project"), values.pop("pipeline"))
        if "id" in values:
            values["id"] = parse_action(values["id"])
    except ValueError:
        abort(404)


def names_of(place: Place) -> dict[str, str]:
    """What a pipeline, its project and its workspace are called, as far as the directory knows."""
    known = parts().directory.names(Spot(*place.key))
    return {Submission.PLACE[len(spot.names) - 1]: name for spot, name in known.items()}


def workspace_called(row: Submission | Event) -> str:
    """What a row's workspace is called: as it was then, or as it is known by now where no name was known then."""
    then = row.workspace_name or row.workspace or ""
    if then != row.workspace:
        return then
    spot = Spot(then)
    return parts().directory.names(spot).get(spot, then)


def write_place(endpoint: str, values: dict[str, Any]) -> None:
    """Turn a place into the three parts of the address."""
    place = values.pop("place", None)
    if place is not None:
        values.update(workspace=place.workspace, project=place.project, pipeline=place.pipeline)
