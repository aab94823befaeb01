"""The boxes of the whole form, and what a template does with each: fixed, asked, kept as a secret, or left out."""

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.prepared.questions import Question


@dataclass(frozen=True)
class Fixed:
    """Sent as it is: the text that the whole form would post, `true` for a tick."""

    value: str


@dataclass(frozen=True)
class Asked:
    """The answer goes into the box, as a whole."""

    question: Question


@dataclass(frozen=True)
class Sealed:
    """A secret that is kept beside the template, and never in it."""


@dataclass(frozen=True)
class LeftOut:
    """The box stays as a new form has it, and can't be filled in."""


@dataclass(frozen=True)
class Made:
    """The name of the action, made from answers: `{key}` stands for the answer to the question of this key."""

    text: str


Use = Fixed | Asked | Sealed | LeftOut | Made
LEFT_OUT = LeftOut()
SEALED = Sealed()


@dataclass(frozen=True)
class Box:
    """A single box of the whole form. `never_asked`: no answer may go there. `leads`: where a template holds a secret,
    an answer there could hand it over, so that it is chosen from a list. `ticked`: it is ticked, or not."""

    name: str
    never_asked: bool = False
    leads: bool = False
    ticked: bool = False


# Every single box, in the order of the form's page.
BOXES: Mapping[str, Box] = {
    box.name: box
    for box in (
        Box("name"),
        Box("image_source", leads=True),
        Box("docker_image_name", leads=True),
        Box("docker_image_tag", leads=True),
        Box("docker_build_action_id", leads=True),
        Box("docker_build_action_name", leads=True),
        Box("registry", leads=True),
        Box("registry_public", ticked=True),
        Box("login", leads=True),
        Box("password", never_asked=True),
        Box("integration", leads=True),
        Box("region", leads=True),
        Box("inline_commands", never_asked=True),
        Box("run_as_user", leads=True),
        Box("entrypoint", never_asked=True),
        Box("export_container_path", leads=True),
        Box("mount_filesystem_disable", ticked=True),
        Box("trigger_time"),
        Box("run_only_on_first_failure", ticked=True),
        Box("after_action_id"),
        Box("disabled", ticked=True),
        Box("timeout"),
        Box("ignore_errors", ticked=True),
        Box("retry_count"),
        Box("retry_interval"),
    )
}
