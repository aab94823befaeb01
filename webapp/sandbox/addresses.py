"""How the sandbox's things are addressed: `url` in the API, `html_url` as a page."""

from dataclasses import dataclass

from webapp.sandbox.runs import Run
from webapp.sandbox.state import Spot


@dataclass(frozen=True)
class Addresses:
    """The addresses under the one where the sandbox is mounted."""

    public_url: str

    @property
    def index(self) -> str:
        """The sandbox's own page."""
        return f"{self.public_url}/"

    def api(self, path: str) -> str:
        """An address in the API."""
        return f"{self.public_url}/api{path}"

    def pipeline_path(self, spot: Spot) -> str:
        """A pipeline's path in the API."""
        return f"/workspaces/{spot.workspace.domain}/projects/{spot.project.name}/pipelines/{spot.pipeline.id}"

    def workspace_page(self, domain: str) -> str:
        """A workspace's page."""
        return f"{self.public_url}/{domain}"

    def integration_page(self, domain: str, hash_id: str) -> str:
        """Where the workspace's page shows an integration."""
        return f"{self.workspace_page(domain)}#{hash_id}"

    def project_page(self, domain: str, name: str) -> str:
        """A project's page."""
        return f"{self.public_url}/{domain}/{name}"

    def pipeline_page(self, spot: Spot) -> str:
        """A pipeline's page."""
        return f"{self.project_page(spot.workspace.domain, spot.project.name)}/pipelines/pipeline/{spot.pipeline.id}"

    def execution_page(self, spot: Spot, run: Run) -> str:
        """A run's page, known by another id than in the API, as in Buddy."""
        return f"{self.pipeline_page(spot)}/execution/{run.hash}"

    def action_page(self, spot: Spot, id: int) -> str:
        """An action's page: as in the contract for its own pipeline, with the pipeline in it elsewhere."""
        if spot.pipeline.of_contract:
            return f"{self.project_page(spot.workspace.domain, spot.project.name)}/pipelines/action/{id}/edit"
        return f"{self.pipeline_page(spot)}/action/{id}/edit"
