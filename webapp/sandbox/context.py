"""What a request of the sandbox can reach."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import abort, current_app

from webapp.sandbox.addresses import Addresses
from webapp.sandbox.codes import Codes
from webapp.sandbox.state import Json, Pipeline, Project, Spot, State, Workspace


@dataclass(frozen=True)
class SandboxContext:
    """One sandbox: what it knows, how its things are addressed, and the look of its pages."""

    state: State
    addresses: Addresses
    style: Mapping[str, str]
    codes: Codes


def sandbox_context() -> SandboxContext:
    """The sandbox that answers this request."""
    found = current_app.extensions["sandbox"]
    assert isinstance(found, SandboxContext)
    return found


def find_workspace(domain: str) -> Workspace:
    """Find a workspace, or answer 404."""
    return sandbox_context().state.workspace(domain) or abort(404, "Workspace not found.")


def find_project(domain: str, name: str) -> tuple[Workspace, Project]:
    """Find a project and its workspace, or answer 404."""
    workspace = find_workspace(domain)
    return workspace, workspace.project(name) or abort(404, "Project not found.")


def find_spot(domain: str, name: str, number: int) -> Spot:
    """Find a pipeline with all that it belongs to, or answer 404."""
    workspace, project = find_project(domain, name)
    return spot_of(workspace, project, project.pipeline(number) or abort(404, "Pipeline not found."))


def spot_of(workspace: Workspace, project: Project, pipeline: Pipeline) -> Spot:
    """A pipeline with all that it belongs to, as it is now."""
    return Spot(workspace, project, pipeline, sandbox_context().state.clock())


def find_action(spot: Spot, id: int) -> Json:
    """Find an action of a pipeline, or answer 404."""
    return spot.pipeline.action(id) or abort(404, "Action not found.")
