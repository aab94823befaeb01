"""A template: what one version of it holds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from webapp.prepared.areas import EVERYWHERE, Area, usable
from webapp.prepared.boxes import BOXES, LEFT_OUT, Asked, Fixed, LeftOut, Made, Sealed, Use
from webapp.prepared.questions import Question

SECRET_TYPE = "SSH_KEY"


@dataclass(frozen=True)
class PreparedVariable:
    """A variable. Its value alone can be asked; a secret one that is not asked is `Sealed`."""

    key: str
    value: Fixed | Asked | Sealed
    type: str = "VAR"
    encrypted: bool = False
    settable: bool = False
    description: str = ""

    @property
    def secret(self) -> bool:
        """Whether its value is never shown."""
        return self.encrypted or self.type == SECRET_TYPE


@dataclass(frozen=True)
class PreparedVolume:
    """A folder in the pipeline and the folder in the container where it appears."""

    source: Fixed | Asked
    target: Fixed | Asked


@dataclass(frozen=True)
class Template:
    """All that a version of a template says, without its secrets.

    `areas` are where it may be used: one that has none may be used nowhere. A box of the form that is not among `boxes`
    is left out. Which template it is, and which version, is the store's business.
    """

    name: str
    purpose: str = ""
    areas: tuple[Area, ...] = (EVERYWHERE,)
    boxes: Mapping[str, Use] = field(default_factory=dict)
    variables: tuple[PreparedVariable, ...] = ()
    volumes: tuple[PreparedVolume, ...] = ()

    def __post_init__(self) -> None:
        used = {box: use for box, use in self.boxes.items() if not isinstance(use, LeftOut)}
        object.__setattr__(self, "boxes", used)

    def use(self, box: str) -> Use:
        """What it does with a single box of the form."""
        return self.boxes.get(box, LEFT_OUT)

    def usable_in(self, workspace: str, project: str, pipeline: int) -> bool:
        """Whether it may be used in a pipeline."""
        return usable(self.areas, workspace, project, pipeline)

    def uses(self) -> Iterator[tuple[str, Use]]:
        """What it does with each box that it does not leave out, by the name that the form posts, in page order."""
        for box in BOXES:
            if not isinstance(self.use(box), LeftOut):
                yield box, self.use(box)
        for number, volume in enumerate(self.volumes):
            yield f"volume_mappings-{number}-source", volume.source
            yield f"volume_mappings-{number}-target", volume.target
        for number, variable in enumerate(self.variables):
            yield f"variables-{number}-value", variable.value

    def questions(self) -> tuple[Question, ...]:
        """What it asks, in the order of the form's page."""
        return tuple(use.question for _, use in self.uses() if isinstance(use, Asked))

    def question(self, key: str) -> Question | None:
        """The question of this key."""
        return next((question for question in self.questions() if question.key == key), None)

    def box_of(self, key: str) -> str:
        """The name of the box that the answer to a question goes into; an empty text where nothing asks it."""
        asked = ((box, use.question) for box, use in self.uses() if isinstance(use, Asked))
        return next((box for box, question in asked if question.key == key), "")

    def question_in(self, box: str) -> Question | None:
        """The question that fills in a box, or the value of the variable `variables-KEY`; None where nothing asks."""
        rows = {name: use for name, use in self.uses() if name.startswith("volume_mappings-")}
        rows |= {f"variables-{variable.key}": variable.value for variable in self.variables}
        use = rows.get(box) or self.use(box)
        return use.question if isinstance(use, Asked) else None

    def key_of(self, box: str) -> str:
        """The key of the question that fills a box; of the first one that the name is made of; else an empty text."""
        use = dict(self.uses()).get(box)
        if isinstance(use, Made):
            return next((question.key for question in self.questions() if f"{{{question.key}}}" in use.text), "")
        return use.question.key if isinstance(use, Asked) else ""

    def holds_secret(self) -> bool:
        """Whether any of its boxes is filled from a secret that is kept beside it."""
        return any(isinstance(use, Sealed) for _, use in self.uses())
