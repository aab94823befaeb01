"""Filling in the form from what people paste: what was filled in, what was not carried over, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from webapp.buddy.yaml_actions import BUILD, WrittenAction
from webapp.docker.compose import Service
from webapp.docker.pastes import Left
from webapp.docker.references import ImageReference
from webapp.docker.run_commands import RunCommand
from webapp.docker.texts import blank
from webapp.docker.volumes import VolumeMapping
from webapp.forms.action_form.copies import copy_of, secrets_in
from webapp.forms.action_form.fillings import Filling
from webapp.forms.action_form.form import LABELS
from webapp.forms.action_form.images import CREDENTIALS
from webapp.forms.action_form.last_paste import FilledIn, without_marked
from webapp.forms.action_form.parsed_pastes import ParsedPaste
from webapp.forms.action_form.pastes import read_paste
from webapp.forms.action_form.posted import Typed, rows_of
from webapp.forms.action_form.reports import Note, Report, shortened
from webapp.forms.action_form.sources import BOXES

GONE = "it came with the last paste, and is taken out"
UNREAD = "it can't be read"
UNUSED = "it is never carried over: set it below"
OF_BUILD = "a build runs its commands in the pipeline's folder: map a folder, and begin the commands with cd"
# The single boxes that a command or a service fills in, each with what of it.
PARTS = {"inline_commands": "commands", "run_as_user": "user", "entrypoint": "entrypoint"}
# The boxes that say which image it is.
OF_IMAGE = frozenset({"image_source", "docker_image_name", "docker_image_tag"}.union(*BOXES.values()))
LONGEST_NOTE = 300


@dataclass(frozen=True)
class Filled:
    """A form that a paste has filled in, what came of it, and what of the form came from the paste."""

    typed: Typed
    report: Report
    filled_in: FilledIn


def fill_from_paste(typed: Mapping[str, str], text: str, wanted: str = "", marks: str = "") -> Filled:
    """Fill in the form from what was pasted, in place of what the last paste has filled in by its `marks`.

    Of several things in a text it takes the one that is `wanted`. Raises `PasteError`.
    """
    parsed = read_paste(text, wanted)
    typed, gone = without_marked(typed, marks)
    filling = Filling(typed)
    if isinstance(parsed.holds, WrittenAction):
        put_action(filling, parsed.holds)
    else:
        put_started(filling, parsed.holds)
    if not isinstance(parsed.holds, RunCommand):
        filling.tell("Read as", called(parsed))
    filling.left += notes_of(parsed.left)
    filling.left += [Note(shortened(thing), GONE) for thing in gone if not filling.has(thing)]
    return Filled(filling.typed, filling.report, filling.filled_in)


def called(parsed: ParsedPaste) -> str:
    """What was pasted, in words."""
    return f"{parsed.called}, “{shortened(parsed.name)}”" if parsed.name else parsed.called


def put_started(filling: Filling, started: RunCommand | Service) -> None:
    """Fill in how a container is started."""
    if started.image:
        filling.put_image(started.image)
    # What stays as it was: of that the command says nothing.
    stays = set()
    for box, part in PARTS.items():
        value = getattr(started, part)
        if value and not filling.put(box, value):
            stays.add(part)
    for variable in started.variables:
        if filling.has_variable(variable.key, variable.value):
            stays.add(f"variable {variable.key}")
        else:
            filling.put_variable(variable.key, variable.value)
    stays |= {f"volume {each.target}" for each in started.volume_mappings if not filling.put_volume(each)}
    filling.left += notes_of(left for left in started.left if left.of not in stays)


def notes_of(left: Iterable[Left]) -> list[Note]:
    """What was not carried over, as notes."""
    return [Note(item.typed[:LONGEST_NOTE], item.why) for item in left]


def put_action(filling: Filling, action: WrittenAction) -> None:
    """Fill in an action as it is set."""
    copy = copy_of(action.stored)
    typed = fitting(filling, copy.typed)
    for name, value in typed.items():
        if name in LABELS and not blank(value):
            filling.put(name, value)
    for row in rows_of(typed, "volume_mappings"):
        filling.put_volume(VolumeMapping(row["source"], row["target"]))
    for row in rows_of(typed, "variables"):
        filling.put_row(row)
    for line in (*copy.left, *secrets_in(typed)):
        thing, _, why = line.removesuffix(".").rpartition(": ")
        filling.left.append(Note(shortened(thing), why))
    filling.left += [Note(shortened(LABELS.get(name, name)), UNREAD) for name in action.unread]
    asked = {"password"} if copy.typed["image_source"] == CREDENTIALS else set()
    filling.left += [Note(LABELS[name], UNUSED) for name in action.unused if name not in asked]
    filling.left += [Note(f"type {BUILD}", OF_BUILD)] * (action.type == BUILD)


def fitting(filling: Filling, typed: Typed) -> Typed:
    """What a form takes of an action: nothing of its image beside another one, which is told."""
    image = ImageReference(*(typed.get(name, "") for name in ("docker_image_name", "registry", "docker_image_tag")))
    if not image.name:
        return typed
    if filling.has_other_image(image):
        return {name: value for name, value in typed.items() if name not in OF_IMAGE}
    if not image.registry and "registry" in BOXES[typed["image_source"]]:
        filling.tell_registry()
    return typed
