"""Where actions live: workspaces, projects, pipelines, and the integrations of a workspace."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from webapp.buddy.actions import ActionSummary
from webapp.buddy.variables import Variable
from webapp.http.entries import entries, read_entry
from webapp.http.errors import BadAnswer
from webapp.http.reading import integer, is_id, optional_text, optional_texts, text

# Buddy's own are far shorter.
LONGEST_PART = 255
PART = re.compile(rf"[A-Za-z0-9._-]{{1,{LONGEST_PART}}}", re.ASCII)
NUMBER = re.compile(r"[0-9]{1,19}", re.ASCII)
# Besides a `definition_source` of REMOTE (Buddy: OpenAPI, `git_config_ref`).
KEPT_IN_GIT = ("FIXED", "DYNAMIC")


def check_part(part: str) -> str:
    """Give a workspace or project name back if it is safe in a path; raises `ValueError` otherwise."""
    if not PART.fullmatch(part) or part in (".", ".."):
        raise ValueError(f"A workspace or project must be letters, digits and . _ - only, {LONGEST_PART} at most")
    return part


def part(data: Mapping[str, Any], name: str) -> str:
    """Read what must be there and be safe in a path. Raises `BadAnswer`."""
    try:
        return check_part(text(data, name))
    except ValueError:
        raise BadAnswer(f"{name} can't be part of an address") from None


def parse_action(text: str) -> int:
    """Read the number of an action in an address. Raises `ValueError`."""
    if not NUMBER.fullmatch(text) or not is_id(int(text)):
        raise ValueError("An action must be a number")
    return int(text)


@dataclass(frozen=True)
class Place:
    """The pipeline that an action goes into. Making one raises `ValueError` for a part that is not safe in a path."""

    workspace: str
    project: str
    pipeline: int

    def __post_init__(self) -> None:
        check_part(self.workspace)
        check_part(self.project)
        if not is_id(self.pipeline):
            raise ValueError("A pipeline must be a number")

    @classmethod
    def parse(cls, workspace: str, project: str, pipeline: str) -> "Place":
        """Read the three parts of an address. Raises `ValueError` for a part that is not safe in a path."""
        return cls(workspace, project, int(pipeline) if NUMBER.fullmatch(pipeline) else 0)

    @property
    def key(self) -> tuple[str, str, int]:
        """Its three parts, as the journal knows it."""
        return self.workspace, self.project, self.pipeline

    @property
    def path(self) -> str:
        """The pipeline's path in the API."""
        return f"/workspaces/{self.workspace}/projects/{self.project}/pipelines/{self.pipeline}"

    def action_path(self, id: int) -> str:
        """The path of one of its actions in the API."""
        return f"{self.path}/actions/{id:d}"


@dataclass(frozen=True)
class Workspace:
    """A workspace; `domain` is its handle in addresses."""

    domain: str
    name: str

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Workspace":
        """Read a workspace. Raises `BadAnswer`."""
        domain = part(data, "domain")
        return cls(domain, optional_text(data, "name") or domain)


@dataclass(frozen=True)
class Project:
    """A project; `name` is its id in addresses, `display_name` what people call it.

    `default_branch` is there only where Buddy tells it, as of a project that was read by itself.
    """

    name: str
    display_name: str
    closed: bool
    default_branch: str = ""
    html_url: str | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Project":
        """Read a project. Raises `BadAnswer`."""
        name = part(data, "name")
        display_name = optional_text(data, "display_name") or name
        branch = optional_text(data, "default_branch") or ""
        return cls(name, display_name, data.get("status") == "CLOSED", branch, optional_text(data, "html_url"))


@dataclass(frozen=True)
class Pipeline:
    """A pipeline; its actions and its project are there only when it was read by itself.

    `unread` counts those of its actions that could not be read; `disabled_reason` is why it does not run, in Buddy's
    words. `refs` are the branches and tags that it is for, `variables` its own, where Buddy tells them.
    """

    id: int
    name: str
    html_url: str | None
    last_execution_status: str | None
    from_yaml: bool
    project: Project | None
    actions: tuple[ActionSummary, ...]
    unread: int
    disabled: bool = False
    disabled_reason: str | None = None
    paused: bool = False
    waiting_for_push: bool = False
    description_required: bool = False
    refs: tuple[str, ...] = ()
    variables: tuple[Variable, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Pipeline":
        """Read a pipeline. Raises `BadAnswer`."""
        id, actions = integer(data, "id"), entries(data, "actions", ActionSummary.from_json)
        project = data.get("project")
        return cls(
            id=id,
            name=optional_text(data, "name") or f"Pipeline {id}",
            html_url=optional_text(data, "html_url"),
            last_execution_status=optional_text(data, "last_execution_status"),
            from_yaml=data.get("definition_source") == "REMOTE" or data.get("git_config_ref") in KEPT_IN_GIT,
            project=read_entry(project, Project.from_json),
            actions=tuple(actions),
            unread=actions.unread,
            disabled=data.get("disabled") is True,
            disabled_reason=optional_text(data, "disabled_reason"),
            paused=data.get("paused") is True,
            waiting_for_push=data.get("waiting_for_push") is True,
            description_required=data.get("description_required") is True,
            refs=optional_texts(data, "refs"),
            variables=Variable.all_from_json(listed if isinstance(listed := data.get("variables"), list) else ()),
        )


# How one pipeline is read; it raises `BuddyError`.
PipelineReader = Callable[[Place], Pipeline]


@dataclass(frozen=True)
class Integration:
    """An integration; `reference` is its identifier, or its hash id when it has none.

    `pipelines` are the ids of those that may use it, None when all may or when not all can be read; `project` is the
    one it belongs to, None when it belongs to the workspace.
    """

    reference: str
    name: str
    type: str
    project: str | None
    pipelines: tuple[int, ...] | None
    hash_id: str = ""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Integration":
        """Read an integration. Raises `BadAnswer`."""
        reference = optional_text(data, "identifier") or optional_text(data, "hash_id")
        if not reference:
            raise BadAnswer("the integration has no id")
        return cls(
            reference=reference,
            name=optional_text(data, "name") or reference,
            type=text(data, "type"),
            project=optional_text(data, "project_name") or None,
            pipelines=allowed_pipelines(data) if data.get("all_pipelines_allowed") is False else None,
            hash_id=optional_text(data, "hash_id") or "",
        )


def allowed_pipelines(data: Mapping[str, Any]) -> tuple[int, ...] | None:
    """The ids of the pipelines that may use an integration; None when one of them can't be read, which may be any."""
    try:
        allowed = entries(data, "allowed_pipelines", lambda item: integer(item, "id"))
    except BadAnswer:
        return None
    ids = tuple(allowed)
    return None if allowed.unread else ids
