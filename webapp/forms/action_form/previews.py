"""What a validated form will do, in words: seen before anything is sent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from webapp.buddy.container import Container
from webapp.buddy.images import BuiltImage
from webapp.buddy.snapshot import Snapshot
from webapp.docker.names import Piece, mark_undefined, undefined_names
from webapp.forms.action_form.changes import ChangeForm
from webapp.forms.action_form.differences import Difference, differences
from webapp.forms.action_form.facts import KEPT, Facts, position
from webapp.forms.action_form.form import LABELS, RunContainerForm
from webapp.forms.action_form.images import INTEGRATION
from webapp.forms.messages import brief

OTHER_SOURCE = "not used with your choice at “Where the image comes from”"
OTHER_INTEGRATION = "not used with this integration"
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

    Those that tell where the image is found come apart: without them there is none. Of a new action, `facts` are its
    settings; of a change, `differences` are what it changes, and `facts` what the action is set to afterwards.
    """

    sentence: str
    facts: Facts
    differences: tuple[Difference, ...]
    unsent: tuple[Unsent, ...]
    body: Mapping[str, Any]
    commands: tuple[Piece, ...]
    undefined: tuple[str, ...]
    undefined_in_image: tuple[str, ...]

    @classmethod
    def of(cls, form: RunContainerForm) -> "Preview":
        """Describe what a form that has been validated will do."""
        request = form.to_request()
        changes = form.redacted() if isinstance(form, ChangeForm) else None
        body = request.redacted() if changes is None else changes
        defined = [variable.key for variable in request.variables]
        commands = tuple(mark_undefined(str(body.get("inline_commands", "")), defined))
        others = [*(str(body.get(name, "")) for name in TAKES_NAMES), *body.get("volume_mappings", ())]
        # The name and the tag of a built image are not used.
        used = () if isinstance(request.image, BuiltImage) else FINDS_IMAGE
        image = " ".join(str(body.get(name, "")) for name in used)
        pieces = [*commands, *(piece for text in others for piece in mark_undefined(text, defined))]
        return cls(
            sentence=change_sentence(form) if isinstance(form, ChangeForm) else sentence(request, form.snapshot),
            facts=Facts.of_body(request.redacted(), form.snapshot, KEPT),
            differences=changed(form) if isinstance(form, ChangeForm) else (),
            unsent=tuple(unsent(form, request.redacted())),
            body=body,
            commands=commands,
            undefined=tuple(dict.fromkeys(piece.name for piece in pieces if piece.name)),
            undefined_in_image=tuple(dict.fromkeys(undefined_names(image, defined))),
        )


def changed(form: ChangeForm) -> tuple[Difference, ...]:
    """What a form changes of the action that it was opened for."""
    return differences(form.public_before().held, form.redacted(), form.snapshot)


def change_sentence(form: ChangeForm) -> str:
    """Say what will be changed."""
    name = brief(form.opened.held["name"])
    if not form.to_changes():
        return "Nothing was changed on this form, so there is nothing to send."
    return f"Buddy will change the action “{name}” in {form.snapshot.pipeline_name} as follows."


def sentence(request: Container, snapshot: Snapshot) -> str:
    """Say what will happen."""
    where = position(request.after_action_id, snapshot)
    return f"Buddy will add “{brief(request.name)}” to {snapshot.pipeline_name}, {where}."


def unsent(form: RunContainerForm, body: Mapping[str, Any]) -> Iterator[Unsent]:
    """The boxes that are filled in and are not in the body. Each goes by Buddy's name, so none can be forgotten."""
    for section in (form.image, form.registry):
        for field in section:
            if field.name in body or field.name not in LABELS or field.name == "image_source" or not field.data:
                continue
            chosen = form.image.image_source.text
            mine = chosen == INTEGRATION and field.name in ("region", "registry")
            yield Unsent(field.label.text, OTHER_INTEGRATION if mine else OTHER_SOURCE)
