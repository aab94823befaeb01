"""What a validated form will do, in words: seen before anything is sent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from webapp.buddy.container import Container
from webapp.buddy.images import BuiltImage, CredentialsImage, ImageSource, IntegrationImage
from webapp.buddy.snapshot import Snapshot
from webapp.docker.names import Piece, mark_undefined, undefined_names
from webapp.forms.action_form.changes import ChangeForm
from webapp.forms.action_form.form import LABELS, RunContainerForm
from webapp.forms.action_form.images import INTEGRATION
from webapp.forms.action_form.options import TRIGGER_TIMES

OTHER_SOURCE = "it belongs to another choice of where the image comes from"
OTHER_INTEGRATION = "this integration takes none"
# Where a name can be used besides the commands.
TAKES_NAMES = ("run_as_user", "entrypoint", "export_container_path")
FINDS_IMAGE = ("docker_image_name", "docker_image_tag", "registry")


@dataclass(frozen=True)
class Unsent:
    """A box that is filled in and will not be sent, and why."""

    label: str
    why: str


@dataclass(frozen=True)
class Preview:
    """What will happen; what will not be sent; the body without its secrets; the commands; and the undefined names.

    Those that tell where the image is found come apart: without them there is none.
    """

    sentences: tuple[str, ...]
    unsent: tuple[Unsent, ...]
    body: Mapping[str, Any]
    commands: tuple[Piece, ...]
    undefined: tuple[str, ...]
    undefined_in_image: tuple[str, ...]

    @classmethod
    def of(cls, form: RunContainerForm) -> "Preview":
        """Describe what a form that has been validated will do."""
        request = form.to_request()
        if isinstance(form, ChangeForm):
            body, told = form.redacted(), change_sentences(form)
        else:
            body, told = request.redacted(), sentences(request, form.snapshot)
        defined = [variable.key for variable in request.variables]
        commands = tuple(mark_undefined(str(body.get("inline_commands", "")), defined))
        others = [*(str(body.get(name, "")) for name in TAKES_NAMES), *body.get("volume_mappings", ())]
        # The name and the tag of a built image are not used.
        used = () if isinstance(request.image, BuiltImage) else FINDS_IMAGE
        image = " ".join(str(body.get(name, "")) for name in used)
        pieces = [*commands, *(piece for text in others for piece in mark_undefined(text, defined))]
        return cls(
            sentences=tuple(told),
            unsent=tuple(unsent(form, request.redacted())),
            body=body,
            commands=commands,
            undefined=tuple(dict.fromkeys(piece.name for piece in pieces if piece.name)),
            undefined_in_image=tuple(dict.fromkeys(undefined_names(image, defined))),
        )


def change_sentences(form: ChangeForm) -> Iterator[str]:
    """Say what will be changed."""
    opened, changed = form.opened, form.to_changes()
    if not changed:
        yield "Nothing was changed on this form, so there is nothing to send."
        return
    names = [name for name in changed if name != "type" and (name != "name" or changed[name] != opened.before["name"])]
    things = ", ".join(f"“{LABELS.get(name, name)}”" for name in names)
    yield f"Buddy will change {things} of the action “{opened.before['name']}” in {form.snapshot.pipeline_name}."
    along = ", and the image's name and tag," if len(form.redacted()) > len(changed) else ""
    yield f"All else stays as it is. The name and the type{along} are sent because Buddy asks for them."


def sentences(request: Container, snapshot: Snapshot) -> Iterator[str]:
    """Say what will happen."""
    yield f"Buddy will add “{request.name}” to {snapshot.pipeline_name}{position(request.after_action_id, snapshot)}."
    yield from image_sentences(request.image, snapshot)
    when = TRIGGER_TIMES.get(request.trigger_time, request.trigger_time)
    yield f"It runs {when[0].lower()}{when[1:]}."
    if request.disabled:
        yield "It is switched off: it does not run until somebody switches it on in Buddy."


def position(after: int | None, snapshot: Snapshot) -> str:
    """Say where the action will stand."""
    if after is None:
        return ", at the end"
    name = snapshot.action_name(after)
    return f", after “{name}”" if name else f", after action number {after}"


def image_sentences(image: ImageSource, snapshot: Snapshot) -> Iterator[str]:
    """Say which image it will be, and where Buddy gets it."""
    if isinstance(image, BuiltImage):
        yield f"Buddy will use the image built by {builder(image, snapshot)}."
        yield "The name and tag are sent because Buddy asks for them, and not used."
        return
    thing = f"the image {image.name}:{image.tag}"
    if isinstance(image, IntegrationImage):
        name = snapshot.integration_name(image.integration) or image.integration
        yield f"Buddy will get {thing} through the integration “{name}”."
    elif isinstance(image, CredentialsImage):
        yield f"Buddy will sign in to {image.registry or 'Docker Hub'} as {image.login} and get {thing} there."
    else:
        yield f"Buddy will get {thing} from {image.registry or 'Docker Hub'}, where anybody may read it."


def builder(image: BuiltImage, snapshot: Snapshot) -> str:
    """Name the action that builds the image."""
    if image.action == 0:
        return "the action just before this one"
    if isinstance(image.action, str):
        return f"“{image.action}”"
    action = snapshot.build_action(image.action)
    return f"“{action.name}”" if action else f"action number {image.action}"


def unsent(form: RunContainerForm, body: Mapping[str, Any]) -> Iterator[Unsent]:
    """The boxes that are filled in and are not in the body. Each goes by Buddy's name, so none can be forgotten."""
    for section in (form.image, form.registry):
        for field in section:
            if field.name in body or field.name == "image_source" or field.name.endswith("_kept") or not field.data:
                continue
            chosen = form.image.image_source.text
            mine = chosen == INTEGRATION and field.name in ("region", "registry")
            yield Unsent(field.label.text, OTHER_INTEGRATION if mine else OTHER_SOURCE)
