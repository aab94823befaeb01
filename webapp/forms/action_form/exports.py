"""An action as one of a `buddy.yml`: never with a secret, and with what is not in it named above it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from webapp.buddy.container import Container
from webapp.buddy.snapshot import Snapshot
from webapp.buddy.yaml_actions import is_public, write_action, write_variable
from webapp.forms.action_form.copies import idle_settings
from webapp.forms.action_form.form import DEFAULTS, LABELS, RunContainerForm
from webapp.forms.action_form.images import CREDENTIALS
from webapp.forms.action_form.links import shareable
from webapp.forms.fields import WholeNumber
from webapp.yaml_texts import write_yaml

PASSWORD = "The password for the registry: it is a secret. Set it in Buddy, or use an integration"
VALUE = "The value of the variable {}: it is a secret. Set it in Buddy"
UNKNOWN_VALUE = "The value of the variable {}: it is not known here"
POSITION = f"{LABELS['after_action_id']}: actions of a buddy.yml run in the order in which they stand in it"
# What Unicode has in place of a character that can't be told.
MARK = "\N{REPLACEMENT CHARACTER}"
UNREADABLE = f"{{}}: {MARK} stands in it for a character that could not be taken over"
NO_NUMBER = "{}: it is no whole number"
MAYBE_SECRET = "{}: what looks like a secret stands in it"


@dataclass(frozen=True)
class Exported:
    """An action as an item of the list of actions in a `buddy.yml`, and a line for each thing that is not in it."""

    action: str = field(repr=False)
    left: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """The action with what is not in it as comments above."""
        lines = [f"# - {plain(line)}\n" for line in self.left]
        return "".join(["# Not in this file:\n" if lines else "", *lines, self.action])


def export(
    typed: Mapping[str, str], secrets: Collection[str], snapshot: Snapshot, left: Iterable[str] = ()
) -> Exported:
    """Write the action that a form holds, whose `secrets` stand nowhere in it; `left` is missing already."""
    shared = shareable(typed, secrets)
    form = RunContainerForm(DEFAULTS | shared.fields, {}, snapshot)
    container = form.to_request()
    named = {f"The value of variable {number}" for number in range(1, len(container.variables) + 1)}
    lines = (
        *(line.removesuffix(".") for line in left),
        *(MAYBE_SECRET.format(label) for label in shared.left if label not in named),
        *without(typed, container),
        *(UNREADABLE.format(label) for label in unreadable(container)),
        *(NO_NUMBER.format(label) for label in no_numbers(form)),
    )
    return Exported(write_yaml([write_action(container)]), tuple(dict.fromkeys(lines)))


def without(typed: Mapping[str, str], container: Container) -> Iterator[str]:
    """A line for each thing that a form holds and a `buddy.yml` does not."""
    if typed.get("image_source") == CREDENTIALS:
        yield PASSWORD
    if typed.get("after_action_id"):
        yield POSITION
    yield from (line.removesuffix(".") for line in idle_settings(typed, container.trigger_time))
    for item in container.variables:
        if not is_public(item):
            yield (VALUE if item.secret else UNKNOWN_VALUE).format(item.key)


def no_numbers(form: RunContainerForm) -> Iterator[str]:
    """The labels of the boxes with something else than the number that is asked for."""
    for part in form.sections:
        for box in part:
            if isinstance(box, WholeNumber) and box.text and box.number is None:
                yield box.label.text


def unreadable(container: Container) -> Iterator[str]:
    """What has a mark in place of a character that could not be read."""
    for name, value in write_action(container).items():
        if name != "variables" and MARK in str(value):
            yield LABELS.get(name, LABELS["name"])
    for item in container.variables:
        if MARK in str(write_variable(item).values()):
            yield f"The variable {item.key}"


def plain(line: str) -> str:
    """A line as a comment can hold it."""
    return "".join(character if character.isprintable() else " " for character in line)
