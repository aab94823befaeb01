"""What an action that Buddy has is set to, in the words of the form: each setting that has a box, and no secret."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from webapp.buddy.container import EVERY_EXECUTION
from webapp.buddy.images import BuiltImage, ImageSource
from webapp.buddy.stored import StoredContainer
from webapp.forms.action_form.commands import CommandsForm
from webapp.forms.action_form.form import LABELS, field_names
from webapp.forms.action_form.images import ImageForm
from webapp.forms.action_form.options import TRIGGER_TIMES, OptionsForm
from webapp.forms.action_form.registries import RegistryForm
from webapp.forms.action_form.volumes import FilesystemForm

IMAGE = (*field_names(ImageForm), *field_names(RegistryForm))
RUNNING = (*field_names(CommandsForm), "volume_mappings", *field_names(FilesystemForm))
MORE = field_names(OptionsForm)
# What is told in other places, or in other words.
APART = frozenset({"docker_build_action_id", "docker_build_action_name", "inline_commands", "disabled"})

Fact = tuple[str, str]


@dataclass(frozen=True)
class Facts:
    """A term and what it is for each setting that is set: of the image, of what runs in it, and of all else."""

    image: tuple[Fact, ...]
    running: tuple[Fact, ...]
    more: tuple[Fact, ...]

    @classmethod
    def of(cls, stored: StoredContainer) -> "Facts":
        """Describe an action."""
        values = stored.values()
        image = [*facts(IMAGE, values), ("Built earlier by", builder(stored.container.image))]
        more = [*facts(MORE, values), ("Also set in Buddy", ", ".join(stored.others))]
        return cls(filled(image), filled(facts(RUNNING, values)), filled(more))


def facts(names: Iterable[str], values: dict[str, Any]) -> list[Fact]:
    """The term and the words of each of these settings that Buddy tells."""
    shown = values | ({"password": "never shown"} if values["login"] else {})
    return [fact(name, shown[name]) for name in names if name in shown and name not in APART]


def fact(name: str, value: Any) -> Fact:
    """The term and the words of one setting; no words where it is not set."""
    if name == "mount_filesystem_disable":
        return "Pipeline's filesystem", "not mounted" if value else ""
    if name == "trigger_time":
        return LABELS[name], "" if value == EVERY_EXECUTION else TRIGGER_TIMES.get(value, value)
    if isinstance(value, bool):
        return LABELS[name], "yes" if value else ""
    if isinstance(value, tuple):
        return LABELS[name], ", ".join(value)
    return LABELS[name], str(value or "")


def filled(entries: Iterable[Fact]) -> tuple[Fact, ...]:
    """Those that have words."""
    return tuple(entry for entry in entries if entry[1])


def builder(image: ImageSource) -> str:
    """Which action builds the image, if one does."""
    if not isinstance(image, BuiltImage):
        return ""
    if image.action == 0:
        return "the action just before"
    return f"action {image.action}" if isinstance(image.action, int) else image.action
