"""Filling the form in like an action, or like an earlier form: what can be copied, and what can't be and why."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from webapp.buddy.container import SETTINGS, Container
from webapp.buddy.images import BuiltImage, CredentialsImage, ImageSource, IntegrationImage, PublicImage
from webapp.buddy.places import Place
from webapp.buddy.snapshot import Snapshot
from webapp.buddy.stored import StoredContainer
from webapp.buddy.variables import Variable
from webapp.docker.texts import blank
from webapp.docker.volumes import VolumeError, VolumeMapping
from webapp.forms.action_form.form import LABELS, ROWS, SEVERAL_LINES, RunContainerForm
from webapp.forms.action_form.images import ACTION, CREDENTIALS, INTEGRATION, PUBLIC
from webapp.forms.action_form.options import TRIGGER_TIMES
from webapp.forms.action_form.posted import LINE_END, Typed, flatten, rows_of
from webapp.forms.action_form.secrets import is_secret, without_secrets
from webapp.forms.action_form.variables import TYPES
from webapp.forms.validators import on_line, on_page
from webapp.http.errors import count

# Which of the form's sources an image comes from.
SOURCES_OF: Mapping[type[ImageSource], str] = {
    PublicImage: PUBLIC,
    CredentialsImage: CREDENTIALS,
    IntegrationImage: INTEGRATION,
    BuiltImage: ACTION,
}
OTHER_KIND = "The variable {}: the form has no variables of the kind {}."
# Where an action stands is no part of what it does; these name other actions of the same pipeline.
NEIGHBOURS = ("docker_build_action_id", "docker_build_action_name", "after_action_id")


@dataclass(frozen=True)
class Copy:
    """The fields of a form as typed, without secrets, and a line for each thing that was `left` out of them."""

    typed: Typed
    left: tuple[str, ...] = ()


def as_posted(text: str) -> str:
    """A text of Buddy's as it comes back from a page: with line ends alike, and without what no page holds."""
    return on_page(LINE_END.sub("\n", text))


def as_line(text: str) -> str:
    """The same of a text in a box of one line."""
    return on_page(on_line(text))


@dataclass(frozen=True)
class Texts:
    """How texts are filled in: those of a box of one line, and those of several."""

    line: Callable[[str], str]
    lines: Callable[[str], str]


# A page can't hold every text. A file can.
ON_PAGE = Texts(as_line, as_posted)
TO_THE_LETTER = Texts(str, str)


def copy_of(stored: StoredContainer, texts: Texts = ON_PAGE) -> Copy:
    """Fill the form in as an action is set, with texts as a page has them, or as `texts` says.

    Of a secret only its name is there, since Buddy tells no more.
    """
    container = stored.container
    typed = {
        "image_source": SOURCES_OF[type(container.image)],
        **dict(boxes_of(stored, texts)),
        **flatten("volume_mappings", volume_rows(container, texts)),
        **flatten("variables", [variable_row(item, texts) for item in container.variables if item.type in TYPES]),
    }
    return Copy(typed, tuple(lost_settings(stored)))


def boxes_of(stored: StoredContainer, texts: Texts) -> Iterator[tuple[str, str]]:
    """The single boxes of the form as an action is set, each by its name. Those that are not ticked are left out."""
    container = stored.container
    for name, value in stored.values().items():
        if name not in LABELS or not SETTINGS[name].applies(container.trigger_time):
            continue
        if name == "trigger_time" and value not in TRIGGER_TIMES:
            continue
        if isinstance(value, str):
            yield name, texts.lines(value) if name in SEVERAL_LINES else texts.line(value)
        elif value is True:
            yield name, "true"
        elif isinstance(value, int) and value is not False:
            yield name, str(value)


def carried(copy: Copy, origin: Place, target: Place, snapshot: Snapshot) -> Copy:
    """Take a copy from one pipeline to another one, or to the same, which `snapshot` tells of."""
    typed, left = dict(copy.typed), list(copy.left)
    source = typed.get("image_source", PUBLIC)
    if typed.get("integration") and origin.workspace != target.workspace:
        integration = typed.pop("integration")
        if source == INTEGRATION:
            left.append(f"The integration {integration}: it belongs to the workspace {origin.workspace}.")
    if not same_build_action(typed, origin == target, snapshot):
        typed = {name: value for name, value in typed.items() if name not in NEIGHBOURS[:2]}
        if source == ACTION:
            left.append("The build action: here it would be another one, or none. Choose it below.")
    if origin != target:
        typed.pop("after_action_id", None)
    public = without_secrets(typed)
    return Copy(public, (*left, *secrets_in(typed), *unfit(public, snapshot)))


def unfit(typed: Typed, snapshot: Snapshot) -> Iterator[str]:
    """A line for each thing in a copy that can't be sent as it is, though Buddy has it."""
    form = RunContainerForm(typed, {}, snapshot)
    form.validate()
    for box, message in form.problems():
        if not blank(typed.get(box)) or box in ROWS:
            yield f"To be changed before it can be sent: {message}."


def same_build_action(typed: Typed, same_pipeline: bool, snapshot: Snapshot) -> bool:
    """Whether the build action that a form names is the same one in the pipeline that `snapshot` tells of."""
    number, name = (typed.get(field, "").strip() for field in NEIGHBOURS[:2])
    if number:
        return same_pipeline and number != "0"
    return same_pipeline or name in {action.name for action in snapshot.build_actions}


def secrets_in(typed: Typed) -> Iterator[str]:
    """A line for each secret that the form needs and that is never copied."""
    if typed.get("image_source") == CREDENTIALS:
        yield "The password for the registry: passwords are never copied."
    for row in rows_of(typed, "variables"):
        if is_secret(row):
            yield f"The value of the variable {row.get('key') or '(no name)'}: encrypted values are never copied."


def lost_settings(stored: StoredContainer) -> Iterator[str]:
    """A line for each setting that the form has no box for."""
    container = stored.container
    if container.trigger_time not in TRIGGER_TIMES:
        yield f"When it runs ({container.trigger_time}): the form does not offer it."
    yield from idle_settings(stored.values(), container.trigger_time)
    for text in container.volume_mappings:
        if mapping_of(text) is None:
            yield f"The volume mapping {text}: the form has no such mappings."
    yield from (OTHER_KIND.format(item.key, item.type) for item in container.variables if item.type not in TYPES)
    for key, names in stored.rich_variables.items():
        yield f"{', '.join(names)} of the variable {key}: the form has no box for it."
    yield from unread_settings(stored)
    if stored.others:
        yield f"{', '.join(stored.others)}: the form has no box for it."


def idle_settings(values: Mapping[str, Any], trigger_time: str) -> Iterator[str]:
    """A line for each setting that is set and does nothing in an action that runs at this time."""
    for name, value in values.items():
        if value and name in SETTINGS and not SETTINGS[name].applies(trigger_time):
            yield f"{LABELS[name]}: it does nothing in an action that does not run when the pipeline fails."


def unread_settings(stored: StoredContainer) -> Iterator[str]:
    """A line for each list of which not all could be read."""
    for number, what in ((stored.unread_volumes, "volume mappings"), (stored.unread_variables, "variables")):
        if number:
            yield f"{count(number)} of the {what}: could not be read."


def volume_rows(container: Container, texts: Texts) -> Iterator[Typed]:
    """The volume mappings as rows of the form."""
    for mapping in filter(None, map(mapping_of, container.volume_mappings)):
        yield {"source": texts.line(mapping.source), "target": texts.line(mapping.target)}


def mapping_of(text: str) -> VolumeMapping | None:
    """Read a volume mapping; None when the form has none like it."""
    try:
        return VolumeMapping.parse(text)
    except VolumeError:
        return None


def variable_row(item: Variable, texts: Texts) -> Typed:
    """A variable as a row of the form; a private key is one whether or not it is encrypted."""
    return {
        "key": texts.line(item.key),
        "value": texts.lines(item.value or ""),
        "type": item.type,
        "description": texts.line(item.description),
        **({"encrypted": "true", "unknown": "true"} if item.secret else {}),
        **({"settable": "true"} if item.settable else {}),
    }
