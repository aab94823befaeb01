"""Where actions live: workspaces, projects, pipelines, and the integrations of a workspace."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.buddy.actions import ActionSummary
from webapp.buddy.reading import LARGEST_ID, integer, items, optional_text, text

PART = re.compile(r"[A-Za-z0-9._-]+", re.ASCII)
NUMBER = re.compile(r"[0-9]{1,19}", re.ASCII)


def check_part(part: str) -> str:
    """Give a workspace or project name back if it is safe in a path; raises `ValueError` otherwise."""
    if not PART.fullmatch(part) or part in (".", ".."):
        raise ValueError("A workspace or project must be letters, digits and . _ - only")
    return part


@dataclass(frozen=True)
class Place:
    """The pipeline that an action goes into."""

    workspace: str
    project: str
    pipeline: int

    @classmethod
    def parse(cls, workspace: str, project: str, pipeline: str) -> "Place":
        """Read the three parts of an address. Raises `ValueError` for a part that is not safe in a path."""
        if not NUMBER.fullmatch(pipeline) or not 1 <= int(pipeline) <= LARGEST_ID:
            raise ValueError("A pipeline must be a number")
        return cls(check_part(workspace), check_part(project), int(pipeline))

    @property
    def path(self) -> str:
        """The pipeline's path in the API."""
        return f"/workspaces/{self.workspace}/projects/{self.project}/pipelines/{self.pipeline}"


@dataclass(frozen=True)
class Workspace:
    """A workspace; `domain` is its handle in addresses."""

    domain: str
    name: str

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Workspace":
        """Read an item of a list. Raises `BadAnswer`."""
        domain = text(data, "domain")
        return cls(domain, optional_text(data, "name") or domain)


@dataclass(frozen=True)
class Project:
    """A project; `name` is its id in addresses, `display_name` what people call it."""

    name: str
    display_name: str
    closed: bool

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Project":
        """Read a project. Raises `BadAnswer`."""
        name = text(data, "name")
        return cls(name, optional_text(data, "display_name") or name, data.get("status") == "CLOSED")


@dataclass(frozen=True)
class Pipeline:
    """A pipeline; its actions and its project are there only when it was read by itself."""

    id: int
    name: str
    html_url: str | None
    from_yaml: bool
    project: Project | None
    actions: tuple[ActionSummary, ...]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Pipeline":
        """Read a pipeline. Raises `BadAnswer`."""
        project = data.get("project")
        return cls(
            id=integer(data, "id"),
            name=text(data, "name"),
            html_url=optional_text(data, "html_url"),
            from_yaml=data.get("definition_source") == "REMOTE",
            project=Project.from_json(project) if isinstance(project, Mapping) else None,
            actions=tuple(ActionSummary.from_json(item) for item in items(data, "actions")),
        )


@dataclass(frozen=True)
class Integration:
    """An integration; `reference` is its identifier, or its hash id when it has none."""

    reference: str
    name: str
    type: str

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Integration":
        """Read an item of a list. Raises `BadAnswer`."""
        reference = optional_text(data, "identifier") or text(data, "hash_id")
        return cls(reference, optional_text(data, "name") or reference, text(data, "type"))
