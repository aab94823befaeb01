"""What the sandbox knows: workspaces, projects, pipelines, actions, integrations."""

from dataclasses import dataclass, field
from threading import RLock
from typing import Any

Json = dict[str, Any]


@dataclass
class Pipeline:
    """A pipeline and its actions in the order in which they run."""

    id: int
    name: str
    from_yaml: bool = False
    actions: list[Json] = field(default_factory=list)

    def action(self, id: int) -> Json | None:
        """Find an action by its id."""
        return next((action for action in self.actions if action["id"] == id), None)


@dataclass
class Project:
    """A project and its pipelines."""

    name: str
    display_name: str
    closed: bool = False
    pipelines: list[Pipeline] = field(default_factory=list)

    def pipeline(self, id: int) -> Pipeline | None:
        """Find a pipeline by its id."""
        return next((pipeline for pipeline in self.pipelines if pipeline.id == id), None)


@dataclass
class Integration:
    """An integration of a workspace."""

    hash_id: str
    identifier: str | None
    name: str
    type: str


@dataclass
class Workspace:
    """A workspace with its projects and integrations."""

    id: int
    domain: str
    name: str
    projects: list[Project] = field(default_factory=list)
    integrations: list[Integration] = field(default_factory=list)

    def project(self, name: str) -> Project | None:
        """Find a project by its name."""
        return next((project for project in self.projects if project.name == name), None)

    def integration(self, reference: str) -> Integration | None:
        """Find an integration by its identifier or its hash id."""
        return next((item for item in self.integrations if reference in (item.identifier, item.hash_id)), None)


@dataclass(frozen=True)
class Received:
    """A request that wants to change something, as it arrived."""

    method: str
    path: str
    body: Any


@dataclass
class State:
    """Everything, behind one lock. `received` is what clients have asked to change."""

    workspaces: list[Workspace]
    next_action_id: int
    received: list[Received] = field(default_factory=list)
    lock: RLock = field(default_factory=RLock)

    def workspace(self, domain: str) -> Workspace | None:
        """Find a workspace by its handle."""
        return next((workspace for workspace in self.workspaces if workspace.domain == domain), None)

    def new_action_id(self) -> int:
        """Give out the next action id."""
        with self.lock:
            id, self.next_action_id = self.next_action_id, self.next_action_id + 1
            return id


@dataclass(frozen=True)
class Spot:
    """A pipeline with all that it belongs to."""

    workspace: Workspace
    project: Project
    pipeline: Pipeline


@dataclass(frozen=True)
class Addresses:
    """How things are addressed: `url` in the API, `html_url` as a page."""

    public_url: str

    def api(self, path: str) -> str:
        """An address in the API."""
        return f"{self.public_url}/api{path}"

    def pipeline_path(self, spot: Spot) -> str:
        """A pipeline's path in the API."""
        return f"/workspaces/{spot.workspace.domain}/projects/{spot.project.name}/pipelines/{spot.pipeline.id}"

    def pipeline_page(self, spot: Spot) -> str:
        """A pipeline's page."""
        return f"{self.public_url}/{spot.workspace.domain}/{spot.project.name}/pipelines/pipeline/{spot.pipeline.id}"

    def action_page(self, spot: Spot, id: int) -> str:
        """An action's page."""
        return f"{self.public_url}/{spot.workspace.domain}/{spot.project.name}/pipelines/action/{id}/edit"
