"""What the form page learned from Buddy when it was opened, carried along so that no later page has to ask again."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from webapp.buddy.actions import ActionSummary
from webapp.buddy.client import Client
from webapp.buddy.permissions import missing
from webapp.buddy.places import Integration, Pipeline, PipelineReader, Place
from webapp.http.errors import BuddyError, NotFound

BUILD_TYPE = "DOCKERFILE"
# The types of integrations that connect a registry (Buddy: "Run Docker container", `integration`; GitHub by its form).
REGISTRY_TYPES = frozenset({"DOCKER_HUB", "AMAZON", "GOOGLE", "GOOGLE_SERVICE_ACCOUNT", "GIT_HUB"})
# Names travel with each form: of a longer pipeline only the numbers do.
MOST_NAMES = 200
# The parts of a snapshot that are lists of dataclasses.
LISTS = ("build_actions", "integrations", "actions")


@dataclass(frozen=True)
class NamedAction:
    """An action of the pipeline, to stand before the new one."""

    id: int
    name: str


@dataclass(frozen=True)
class BuildAction:
    """An action of the pipeline that builds an image, and the image's name and tag where Buddy tells them."""

    id: int
    name: str
    image_name: str = ""
    image_tag: str = ""


@dataclass(frozen=True)
class OfferedIntegration:
    """An integration that the workspace has: how to refer to it, what it is called, what it connects.

    Who has its `hash_id` from elsewhere means the same one.
    """

    reference: str
    name: str
    type: str
    hash_id: str = ""


@dataclass(frozen=True)
class OpenedAction:
    """The action that the form was opened for: the form's fields `before`, and the parts that are `locked` in it.

    `exact` are the variables of which a form changes the line ends or the blanks: key, value and description. `boxes`
    are the single boxes of which it does, to the letter as Buddy has them. Once a change is sent, `alike` are the
    settings in which it asks for what can't be told from what was there before, unless each letter is compared.
    """

    id: int
    before: Mapping[str, str]
    locked: tuple[str, ...] = ()
    exact: tuple[Mapping[str, str], ...] = ()
    boxes: Mapping[str, str] = field(default_factory=dict)
    alike: tuple[str, ...] = ()

    @property
    def held(self) -> Mapping[str, str]:
        """The form's fields with its single boxes as Buddy has them."""
        return {**self.before, **self.boxes}

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> "OpenedAction | None":
        """Read back what was kept; None when the form was opened for a new action."""
        if not data:
            return None
        locked, exact = tuple(data["locked"]), tuple(data.get("exact", ()))
        return cls(data["id"], data["before"], locked, exact, data.get("boxes", {}), tuple(data.get("alike", ())))


@dataclass(frozen=True)
class Snapshot:
    """The pipeline as it was when the form was opened. `action_ids` is None when Buddy could not be read.

    `unread` counts the actions of which not even the id could be read, and `unread_integrations` the same of those.
    """

    pipeline_name: str
    pipeline_url: str = ""
    project_name: str = ""
    from_yaml: bool = False
    closed: bool = False
    action_ids: tuple[int, ...] | None = None
    build_actions: tuple[BuildAction, ...] = ()
    integrations: tuple[OfferedIntegration, ...] = ()
    problem: str = ""
    actions: tuple[NamedAction, ...] = ()
    opened: OpenedAction | None = None
    lacking: tuple[str, ...] = ()
    unread: int = 0
    unread_integrations: int = 0

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Snapshot":
        """Read back what `to_json` made. What a newer Slipway keeps besides is left out."""
        ids = data["action_ids"]
        return cls(
            **{
                **known_fields(cls, data),
                "action_ids": None if ids is None else tuple(ids),
                "actions": tuple(NamedAction(**known_fields(NamedAction, item)) for item in data.get("actions", ())),
                "build_actions": tuple(
                    BuildAction(**known_fields(BuildAction, item)) for item in data["build_actions"]
                ),
                "integrations": tuple(
                    OfferedIntegration(**known_fields(OfferedIntegration, item)) for item in data["integrations"]
                ),
                "lacking": tuple(data.get("lacking", ())),
                "opened": OpenedAction.from_json(data.get("opened")),
            }
        )

    def to_json(self) -> dict[str, Any]:
        """Give the snapshot as plain data for the signed value and the journal."""
        # Not by `asdict` as a whole, which copies each value of each entry and takes many times as long.
        listed = {name: [dict(vars(item)) for item in getattr(self, name)] for name in LISTS}
        return {**vars(self), **listed, "opened": asdict(self.opened) if self.opened else None}

    @property
    def complete(self) -> bool:
        """Whether the ids of all actions are known."""
        return self.action_ids is not None and not self.unread

    def with_actions(self, action_ids: tuple[int, ...], unread: int = 0) -> "Snapshot":
        """The same snapshot with the actions that the pipeline has now."""
        return replace(self, action_ids=action_ids, unread=unread)

    def integration_type(self, reference: str) -> str | None:
        """The type of the integration behind `reference`; None when it was not among those seen."""
        found = self._integration(reference)
        return found.type if found else None

    def integration_name(self, reference: str) -> str | None:
        """What the integration behind `reference` is called; None when it was not among those seen."""
        found = self._integration(reference)
        return found.name if found else None

    def integration_reference(self, name: str) -> str:
        """How to refer to the integration that goes by `name`, which may be its hash id."""
        found = self._integration(name)
        return found.reference if found else name

    def _integration(self, name: str) -> OfferedIntegration | None:
        return next((item for item in self.integrations if name and name in (item.reference, item.hash_id)), None)

    @property
    def opened_id(self) -> int | None:
        """The id of the action that the form was opened for; None for a new one."""
        return self.opened.id if self.opened else None

    def action_name(self, id: int) -> str | None:
        """What the action with this id is called; None when its name was not kept."""
        return next((item.name for item in self.actions if item.id == id), None)

    def build_action(self, id: int) -> BuildAction | None:
        """The build action with this id, if it was seen."""
        return next((item for item in self.build_actions if item.id == id), None)


def known_fields(kept: type[Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """Of plain data what a dataclass has fields for."""
    names = {each.name for each in fields(kept)}
    return {name: value for name, value in data.items() if name in names}


def take_snapshot(client: Client, executor: Executor, place: Place, read: PipelineReader | None = None) -> Snapshot:
    """Read the pipeline, the workspace's integrations and what the token may do from Buddy, side by side.

    `read` reads the pipeline, if not `client` by itself.

    A pipeline that can't be read is a snapshot with a `problem`, since the form is of use all the same; integrations
    that can't be read are an empty list, since their identifier can be typed. Raises `NotFound` when Buddy has no
    such pipeline, and `Busy` when too many wait for Buddy already.
    """
    with client.slot():
        integrations = executor.submit(read_integrations, client, place)
        lacking = executor.submit(missing, client)
        try:
            pipeline = (read or client.pipeline)(place)
        except NotFound:
            raise
        except BuddyError as error:
            name = f"pipeline {place.pipeline}"
            return Snapshot(pipeline_name=name, project_name=place.project, problem=error.sentence)
        found, unread = integrations.result()
        return replace(describe(pipeline, place, found), lacking=lacking.result(), unread_integrations=unread)


def read_integrations(client: Client, place: Place) -> tuple[tuple[Integration, ...], int]:
    """Read the integrations of the place's workspace, and how many of them can't be read; none when Buddy can't be."""
    listed = client.integrations(place.workspace)
    try:
        return tuple(listed), listed.unread
    except BuddyError:
        return (), 0


def describe(pipeline: Pipeline, place: Place, integrations: tuple[Integration, ...]) -> Snapshot:
    """Keep of a pipeline and the integrations what the form and its send need."""
    project = pipeline.project
    return Snapshot(
        pipeline_name=pipeline.name,
        pipeline_url=pipeline.html_url or "",
        project_name=project.display_name if project else place.project,
        from_yaml=pipeline.from_yaml,
        closed=project.closed if project else False,
        action_ids=tuple(action.id for action in pipeline.actions),
        build_actions=tuple(build_action(action) for action in pipeline.actions if action.type == BUILD_TYPE),
        integrations=tuple(
            OfferedIntegration(item.reference, item.name, item.type, item.hash_id)
            for item in integrations
            if fits(item, place)
        ),
        actions=named(pipeline.actions),
        unread=pipeline.unread,
    )


def fits(integration: Integration, place: Place) -> bool:
    """Whether an integration connects a registry, and this pipeline may use it."""
    return (
        bool(integration.reference)
        and integration.type in REGISTRY_TYPES
        and integration.project in (None, place.project)
        and (integration.pipelines is None or place.pipeline in integration.pipelines)
    )


def named(actions: Sequence[ActionSummary]) -> tuple[NamedAction, ...]:
    """Keep the names of the actions, in their order; none where there are too many."""
    return tuple(NamedAction(action.id, action.called) for action in actions) if len(actions) <= MOST_NAMES else ()


def build_action(action: ActionSummary) -> BuildAction:
    """Keep of a build action what the form offers."""
    return BuildAction(action.id, action.called, action.docker_image_name or "", action.docker_image_tag or "")
