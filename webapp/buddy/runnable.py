"""What can be run: a pipeline, or one action of it, what keeps it from running, and what may be chosen for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from webapp.buddy.action_types import deploys
from webapp.buddy.actions import Action, ActionSummary
from webapp.buddy.container import ON_FAILURE
from webapp.buddy.places import Pipeline
from webapp.buddy.variables import Variable

HEADS = "refs/heads/"
TAGS = "refs/tags/"


class Obstacle(StrEnum):
    """What keeps a pipeline from running, or Slipway from asking for it."""

    CLOSED = "closed"
    DISABLED = "disabled"
    PAUSED = "paused"
    WAITING = "waiting for a push"
    TOKEN = "token"
    NO_ACTION = "no action"


@dataclass(frozen=True)
class Runnable:
    """A pipeline that can be run: one `action` of it alone, or all of it (None).

    `allowed`: whether the token may, as far as Buddy tells.
    """

    pipeline: Pipeline
    action: Action | None = None
    allowed: bool = True

    @property
    def obstacles(self) -> tuple[Obstacle, ...]:
        """What keeps it from running."""
        pipeline = self.pipeline
        told = {
            Obstacle.CLOSED: pipeline.project is not None and pipeline.project.closed,
            Obstacle.DISABLED: pipeline.disabled,
            Obstacle.PAUSED: pipeline.paused,
            Obstacle.WAITING: pipeline.waiting_for_push,
            Obstacle.TOKEN: not self.allowed,
            Obstacle.NO_ACTION: self.action is None and not pipeline.actions,
        }
        return tuple(obstacle for obstacle, there in told.items() if there)

    @property
    def called(self) -> str:
        """What is run: the action, or the pipeline."""
        if self.action is None:
            return self.pipeline.name
        return self.action.name or f"Action {self.action.id}"

    @property
    def branches(self) -> tuple[str, ...]:
        """The branches that the pipeline runs for, as far as it names them."""
        heads = (ref for ref in self.pipeline.refs if "*" not in ref and not ref.startswith(TAGS))
        return tuple(ref.removeprefix(HEADS) for ref in heads)

    @property
    def takes_newest(self) -> bool:
        """Whether it is clear which commit is the newest: of several branches somebody has to say which one."""
        refs = self.pipeline.refs
        return not refs or (len(refs) == 1 and len(self.branches) == 1)

    @property
    def branch(self) -> str:
        """The one branch that it runs for; an empty text where that is not told."""
        project = self.pipeline.project
        if self.pipeline.refs:
            return self.branches[0] if self.takes_newest else ""
        return project.default_branch if project else ""

    @property
    def others(self) -> Sequence[ActionSummary]:
        """The pipeline's actions beside the one that is run alone."""
        return [item for item in self.pipeline.actions if self.action is None or item.id != self.action.id]

    @property
    def variables(self) -> Sequence[Variable]:
        """The action's variables, and those of the pipeline that it does not have itself."""
        listed = self.action.raw.get("variables") if self.action else None
        own = Variable.all_from_json(listed) if isinstance(listed, list) else ()
        keys = {item.key for item in own}
        return [*own, *(item for item in self.pipeline.variables if item.key not in keys)]

    @property
    def switched_off(self) -> bool:
        """Whether the action is disabled, so that Buddy may leave it out."""
        return self.action is not None and self.action.raw.get("disabled") is True

    @property
    def on_failure(self) -> bool:
        """Whether the action runs only when one before it has failed."""
        return self.action is not None and self.action.raw.get("trigger_time") == ON_FAILURE

    @property
    def deploys(self) -> bool:
        """Whether it puts something where others use it, as far as types of actions tell."""
        types = [self.action.type or ""] if self.action else [item.type for item in self.pipeline.actions]
        return any(map(deploys, types))
