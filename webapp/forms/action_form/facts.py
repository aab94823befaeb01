"""What an action is set to, in the words of the form: each setting that has a box, and no secret.

It is told the same way of a form that is about to be sent, of what was sent, and of an action that Buddy has.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from webapp.buddy.container import SETTINGS
from webapp.buddy.images import BuiltImage, CredentialsImage, ImageSource, PublicImage, image_of
from webapp.buddy.snapshot import Snapshot
from webapp.buddy.stored import StoredContainer
from webapp.buddy.variables import Variable
from webapp.forms.action_form.commands import CommandsForm
from webapp.forms.action_form.copies import SOURCES_OF, mapping_of
from webapp.forms.action_form.form import LABELS, SECTIONS, field_names
from webapp.forms.action_form.images import SOURCES, ImageForm
from webapp.forms.action_form.options import TRIGGER_TIMES, OptionsForm
from webapp.forms.action_form.posted import LINE_END
from webapp.forms.action_form.registries import RegistryForm
from webapp.forms.action_form.variables import PLAIN, TYPES
from webapp.forms.action_form.volumes import FilesystemForm

NOT_SHOWN = "not shown"
KEPT = "kept"
IMAGE = (*field_names(ImageForm), *field_names(RegistryForm))
RUNNING = field_names(CommandsForm)
MORE = (*field_names(FilesystemForm), *field_names(OptionsForm))
# What is told in other places, or in other words.
APART = frozenset(
    {"inline_commands", "password", "docker_build_action_id", "docker_build_action_name", "after_action_id"}
)
# What an empty box means.
UNSET: Mapping[str, str] = {
    name: getattr(section, name).kwargs.get("when_empty", "") for section in SECTIONS for name in field_names(section)
}
# Their registry is Docker Hub where none is named.
OF_A_REGISTRY = (PublicImage, CredentialsImage)
JUST_BEFORE = "the action just before this one"
NOT_OFFERED = "at a time that the form does not offer"
NOTHING = Snapshot("")

Fact = tuple[str, str]
Values = Mapping[str, Any]


@dataclass(frozen=True)
class VariableFact:
    """A variable: its name, what is told of its value, and what else is set. Of a secret nothing but that it is one."""

    key: str
    value: str
    secret: bool = False
    more: str = ""

    @classmethod
    def of(cls, variable: Variable, hidden: str) -> "VariableFact":
        """Describe a variable; `hidden` stands in place of a secret."""
        more = [
            *([TYPES.get(variable.type, variable.type)] if variable.type != PLAIN else []),
            *(["can be changed when the pipeline is run"] if variable.settable else []),
            *([f"“{variable.description.strip()}”"] if variable.description.strip() else []),
        ]
        value = hidden if variable.secret else LINE_END.sub("\n", variable.value or "")
        return cls(variable.key, value, variable.secret, ", ".join(more))


@dataclass(frozen=True)
class Facts:
    """A term and what it is for each setting that is set: of the image, of what runs in it, and of all else.

    A volume is a pair of folders, or a text alone where it can't be read as such a pair. `built`: the image's name and
    tag are sent, and not used.
    """

    image: tuple[Fact, ...]
    commands: str
    running: tuple[Fact, ...]
    volumes: tuple[tuple[str, str], ...]
    variables: tuple[VariableFact, ...]
    more: tuple[Fact, ...]
    built: bool = False

    @classmethod
    def of(cls, stored: StoredContainer) -> "Facts":
        """Describe an action that Buddy has."""
        return cls.of_values(stored.values(), NOTHING, NOT_SHOWN, ("Also set in Buddy", ", ".join(stored.others)))

    @classmethod
    def of_body(cls, body: Mapping[str, Any], snapshot: Snapshot, hidden: str = NOT_SHOWN) -> "Facts":
        """Describe a request for a new action, in which each secret is replaced; `hidden` is said in its place."""
        where = ("Position in the pipeline", position(body.get("after_action_id"), snapshot))
        return cls.of_values(values_of(body), snapshot, hidden, where)

    @classmethod
    def of_values(cls, values: Values, snapshot: Snapshot, hidden: str, last: Fact) -> "Facts":
        """Describe the value of each setting."""
        whole = {name: setting.kind.empty for name, setting in SETTINGS.items()} | dict(values)
        image = image_of(whole)
        return cls(
            image=filled(image_facts(image, whole, snapshot, hidden)),
            commands=whole["inline_commands"],
            running=filled(facts(RUNNING, whole, snapshot)),
            volumes=tuple(map(volume, whole["volume_mappings"])),
            variables=tuple(VariableFact.of(item, f"encrypted, {hidden}") for item in whole["variables"]),
            more=filled([*facts(MORE, whole, snapshot, {"trigger_time"}), last]),
            built=isinstance(image, BuiltImage),
        )


def values_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """The value of each setting in the body of a request."""
    return {name: setting.kind.read(body[name]) for name, setting in SETTINGS.items() if name in body}


def image_facts(image: ImageSource, values: Values, snapshot: Snapshot, hidden: str) -> Iterator[Fact]:
    """Where the image comes from, and all that is set of it."""
    yield "Comes from", SOURCES[SOURCES_OF[type(image)]]
    yield from facts(IMAGE, values, snapshot, {"registry"} if isinstance(image, OF_A_REGISTRY) else set())
    if isinstance(image, BuiltImage):
        yield "Built earlier by", builder(image.action, snapshot)
    if isinstance(image, CredentialsImage):
        yield LABELS["password"], hidden


def facts(names: Iterable[str], values: Values, snapshot: Snapshot, always: Collection[str] = ()) -> Iterator[Fact]:
    """The term and the words of those of these settings that are set, or are `always` told."""
    for name in names:
        if name in SETTINGS and name not in APART and (name in always or values[name] != SETTINGS[name].kind.empty):
            yield term_of(name), words_of(name, values[name], snapshot)


def term_of(name: str) -> str:
    """What people call a setting."""
    return "Pipeline's filesystem" if name == "mount_filesystem_disable" else LABELS.get(name, name)


def words_of(name: str, value: Any, snapshot: Snapshot) -> str:
    """What a setting is set to, in words, also where it is not set."""
    if name == "mount_filesystem_disable":
        return "not mounted" if value else "mounted"
    if name == "trigger_time":
        return TRIGGER_TIMES.get(value, value) or NOT_OFFERED
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "integration":
        return snapshot.integration_name(value) or str(value)
    if name == "docker_build_action_id" and value is not None:
        return builder(value, snapshot)
    if name == "after_action_id" and value is not None:
        return position(value, snapshot)
    return UNSET.get(name, "") if value in (None, "") else str(value)


def volume(text: str) -> tuple[str, str]:
    """The two folders of a volume mapping; the text alone where they can't be told apart."""
    mapping = mapping_of(text)
    return (mapping.source, mapping.target) if mapping else (text, "")


def builder(action: int | str, snapshot: Snapshot) -> str:
    """Name the action that builds the image."""
    if action == 0:
        return JUST_BEFORE
    if isinstance(action, str):
        return f"“{action}”"
    found = snapshot.build_action(action)
    return f"“{found.name}”" if found else f"action number {action}"


def position(after: Any, snapshot: Snapshot) -> str:
    """Say where the action stands."""
    if not isinstance(after, int):
        return UNSET["after_action_id"]
    name = snapshot.action_name(after)
    return f"after “{name}”" if name else f"after action number {after}"


def filled(entries: Iterable[Fact]) -> tuple[Fact, ...]:
    """Those that have words."""
    return tuple(entry for entry in entries if entry[1])
