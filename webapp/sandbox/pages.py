"""The pages behind the sandbox's links, and the one on which the weather is chosen."""

from collections.abc import Container

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from webapp.sandbox.answers import DEFAULTS, NEVER
from webapp.sandbox.context import find_action, find_project, find_spot, find_workspace, sandbox_context, spot_of
from webapp.sandbox.images import LOGIN, PASSWORD, images
from webapp.sandbox.operations import do
from webapp.sandbox.runs import RunNow
from webapp.sandbox.state import Json, Spot
from webapp.sandbox.weather import OF_REGISTRY, WORDS, Weather

# What the page says in its heading and its first sentence, or what is no setting.
SAID_ALREADY = frozenset({"id", "name"})
HIDDEN = "encrypted, not shown"
# Of a log its page shows the last.
MOST_LINES = 2000

bp = Blueprint("pages", __name__)


@bp.context_processor
def common() -> dict[str, object]:
    """What every page needs."""
    return {**sandbox_context().style, "addresses": sandbox_context().addresses}


@bp.app_errorhandler(404)
def not_found(error: NotFound) -> tuple[str, int]:
    """The page for what is not there, or no longer."""
    return render_template("sandbox/not_found.html", **common()), 404


@bp.get("/")
def index() -> str:
    """The weather, and all there is."""
    return render_template(
        "sandbox/index.html",
        state=sandbox_context().state,
        kinds=WORDS,
        registry_kinds=OF_REGISTRY,
        images=images().values(),
        login=LOGIN,
        password=PASSWORD,
    )


@bp.post("/weather")
def set_weather() -> AnyResponse:
    """Choose how Buddy behaves on its own port."""
    return chosen("weather", WORDS)


@bp.post("/registry-weather")
def set_registry_weather() -> AnyResponse:
    """Choose how the registry behaves."""
    return chosen("registry_weather", OF_REGISTRY)


def chosen(name: str, kinds: Container[Weather]) -> AnyResponse:
    """Change one of the weathers to the kind that was chosen."""
    kind = next((kind for kind in Weather if kind.value == request.form.get(name) and kind in kinds), None)
    if kind is None:
        return Response("Choose one of the conditions on the sandbox's page.", 400, content_type="text/plain")
    setattr(sandbox_context().state, name, kind)
    sandbox_context().state.weather_chosen()
    return redirect(url_for("pages.index"), 303)


@bp.get("/<domain>")
def workspace(domain: str) -> str:
    """A workspace."""
    return render_template("sandbox/workspace.html", workspace=find_workspace(domain))


@bp.get("/<domain>/<name>")
def project(domain: str, name: str) -> str:
    """A project."""
    workspace, project = find_project(domain, name)
    spots = [spot_of(workspace, project, pipeline) for pipeline in project.pipelines]
    return render_template("sandbox/project.html", workspace=workspace, project=project, spots=spots)


@bp.get("/<domain>/<name>/pipelines/pipeline/<int:number>")
def pipeline(domain: str, name: str, number: int) -> str:
    """A pipeline."""
    return render_template("sandbox/pipeline.html", spot=find_spot(domain, name, number))


@bp.get("/<domain>/<name>/pipelines/pipeline/<int:number>/execution/<hash>/")
def execution(domain: str, name: str, number: int, hash: str) -> str:
    """A run, at the address that its answer tells."""
    spot = find_spot(domain, name, number)
    return render_template("sandbox/execution.html", spot=spot, now=run_at(spot, hash), most=MOST_LINES)


@bp.post("/<domain>/<name>/pipelines/pipeline/<int:number>/execution/<hash>/")
def operate(domain: str, name: str, number: int, hash: str) -> AnyResponse:
    """Stop a run, or let it go on."""
    with sandbox_context().state.lock:
        spot = find_spot(domain, name, number)
        now = run_at(spot, hash)
        done = do(request.form.get("operation", ""), spot, now)
    if done is None:
        return Response("That is not possible any more.", 409, content_type="text/plain")
    return redirect(sandbox_context().addresses.execution_page(spot, done), 303)


def run_at(spot: Spot, hash: str) -> RunNow:
    """Find a run by what its page is known by, as it is now, or answer 404."""
    return next((now for now in spot.runs if now.run.hash == hash), None) or abort(404)


@bp.get("/<domain>/<name>/pipelines/action/<int:id>/edit")
def action(domain: str, name: str, id: int) -> str:
    """An action, at the address that the contract shows."""
    workspace, project = find_project(domain, name)
    for pipeline in project.pipelines:
        if pipeline.action(id) is not None:
            return show_action(spot_of(workspace, project, pipeline), id)
    return abort(404)


@bp.get("/<domain>/<name>/pipelines/pipeline/<int:number>/action/<int:id>/edit")
def action_of_pipeline(domain: str, name: str, number: int, id: int) -> str:
    """An action, at its newer address."""
    return show_action(find_spot(domain, name, number), id)


def show_action(spot: Spot, id: int) -> str:
    """The page of an action."""
    found = find_action(spot, id)
    return render_template("sandbox/action.html", spot=spot, action=found, settings=settings(found))


def settings(action: Json) -> Json:
    """The settings of an action as its page shows them: no password, no value of an encrypted variable."""
    shown = {name: value for name, value in {**DEFAULTS, **action}.items() if name not in SAID_ALREADY | NEVER}
    return {**shown, "variables": [variable(item) for item in shown["variables"]]}


def variable(item: Json) -> Json:
    """A variable as a page shows it."""
    return {"key": item["key"], "value": HIDDEN if item["encrypted"] else item["value"], "type": item["type"]}
