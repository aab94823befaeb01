"""What the sandbox knows: workspaces, projects, pipelines, actions, runs, integrations, the weather, and the time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import RLock
from typing import Any

from webapp.sandbox.runs import Run, RunNow
from webapp.sandbox.weather import Weather

Json = dict[str, Any]


def now() -> datetime:
    """The time by this computer's clock."""
    return datetime.now(UTC)


@dataclass
class Pipeline:
    """A pipeline, its actions in the order in which they run, and its runs in the order in which they were asked for.

    A change replaces the whole tuple, and what is in it is never altered: readers need no lock. That of the contract
    is answered as the contract shows it where newer documents differ. One that is kept in git is marked as newer ones
    are, one `from_yaml` as older ones.
    """

    id: int
    name: str
    from_yaml: bool = False
    kept_in_git: bool = False
    of_contract: bool = False
    actions: tuple[Json, ...] = ()
    disabled_reason: str = ""
    paused: bool = False
    waiting_for_push: bool = False
    description_required: bool = False
    refs: tuple[str, ...] = ("refs/heads/master",)
    runs: tuple[Run, ...] = ()

    def action(self, id: int) -> Json | None:
        """Find an action by its id."""
        return next((action for action in self.actions if action["id"] == id), None)

    def earlier(self, id: int | None, after: int | None) -> tuple[Json, ...]:
        """The actions that run before the one with this id, once it stands after another one, if that is asked.

        A new action (None) that asks for nothing stands at the end.
        """
        others = tuple(action for action in self.actions if action["id"] != id)
        ids = [action["id"] for action in self.actions]
        if after is not None:
            places = [place for place, action in enumerate(others, 1) if action["id"] == after]
            return others[: places[0]] if places else ()
        return others[: ids.index(id)] if id in ids else others


@dataclass
class Project:
    """A project and its pipelines, and what its repository has, the default branch first."""

    name: str
    display_name: str
    closed: bool = False
    pipelines: tuple[Pipeline, ...] = ()
    branches: tuple[str, ...] = ("master", "next", "release/2.0")
    tags: tuple[str, ...] = ("v1.0", "v1.1", "v1.2")
    pull_requests: tuple[str, ...] = ("pull/12",)

    def pipeline(self, id: int) -> Pipeline | None:
        """Find a pipeline by its id."""
        return next((pipeline for pipeline in self.pipelines if pipeline.id == id), None)


@dataclass(frozen=True)
class Integration:
    """An integration of a workspace. One without an identifier is known by its hash id alone."""

    hash_id: str
    identifier: str | None
    name: str
    type: str


@dataclass(frozen=True)
class Workspace:
    """A workspace with its projects and integrations."""

    id: int
    domain: str
    name: str
    projects: tuple[Project, ...] = ()
    integrations: tuple[Integration, ...] = ()

    def project(self, name: str) -> Project | None:
        """Find a project by its name."""
        return next((project for project in self.projects if project.name == name), None)

    def integration(self, reference: object) -> Integration | None:
        """Find an integration by its identifier or its hash id."""
        known = (item for item in self.integrations if reference in (item.identifier, item.hash_id))
        return next(known, None) if isinstance(reference, str) else None


@dataclass(frozen=True)
class Received:
    """A request that wants to change something, as it arrived. The body may hold secrets: it stays out of `repr`."""

    method: str
    path: str
    body: Any = field(repr=False)


@dataclass
class State:
    """Everything, behind one lock that each change takes. `weather`, and `registry_weather` for the registry, is read
    once for each request.

    The `clock` tells the time, by which alone runs move on. `weather_chosen` is called after a person has chosen any.
    """

    workspaces: tuple[Workspace, ...]
    next_id: int
    weather: Weather = Weather.FINE
    registry_weather: Weather = Weather.FINE
    clock: Callable[[], datetime] = now
    weather_chosen: Callable[[], None] = lambda: None
    lock: RLock = field(default_factory=RLock)
    _received: list[Received] = field(default_factory=list)

    def workspace(self, domain: str) -> Workspace | None:
        """Find a workspace by its handle."""
        return next((workspace for workspace in self.workspaces if workspace.domain == domain), None)

    def new_id(self) -> int:
        """Give out the next number for an action or a variable."""
        with self.lock:
            id, self.next_id = self.next_id, self.next_id + 1
            return id

    def receive(self, request: Received) -> None:
        """Note a request that wants to change something."""
        with self.lock:
            self._received.append(request)

    @property
    def received(self) -> tuple[Received, ...]:
        """The requests so far that wanted to change something, oldest first."""
        with self.lock:
            return tuple(self._received)


@dataclass(frozen=True)
class Spot:
    """A pipeline with all that it belongs to, as it is looked at `now`."""

    workspace: Workspace
    project: Project
    pipeline: Pipeline
    now: datetime

    @property
    def runs(self) -> tuple[RunNow, ...]:
        """How far its runs are, the newest first."""
        return tuple(run.at(self.now) for run in reversed(self.pipeline.runs))
