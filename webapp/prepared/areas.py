"""Where a template may be used."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Area:
    """Everywhere, or a workspace, one of its projects, or one pipeline of that: what is empty, or 0, is all of them."""

    workspace: str = ""
    project: str = ""
    pipeline: int = 0

    def covers(self, workspace: str, project: str, pipeline: int) -> bool:
        """Whether a pipeline is in it."""
        mine, theirs = (self.workspace, self.project, self.pipeline), (workspace, project, pipeline)
        return all(one in ("", 0, other) for one, other in zip(mine, theirs, strict=True))


EVERYWHERE = Area()


def usable(areas: Iterable[Area], workspace: str, project: str, pipeline: int) -> bool:
    """Whether what may be used in these areas may be used in a pipeline."""
    return any(area.covers(workspace, project, pipeline) for area in areas)
