"""What a "Run Docker container" action is set to: each of Buddy's fields that we know is a line of `SETTINGS`.

Source: Buddy's page "Run Docker container" (Actions, Add an action). Reading, sending, comparing and showing walk the
table, so that a new setting is a line of it, an attribute of `Container`, and a box of the form.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import Enum
from functools import cached_property
from typing import Any

from webapp.buddy.images import ImageSource, image_of
from webapp.buddy.kinds import BuildAction, Flag, Integration, Kind, Lines, Number, Password, StandIn, Text, Variables
from webapp.buddy.secrecy import REDACTED
from webapp.buddy.variables import Variable

TYPE = "RUN_DOCKER_CONTAINER"
EVERY_EXECUTION = "ON_EVERY_EXECUTION"
ON_FAILURE = "ON_FAILURE"


class Sent(Enum):
    """When a setting goes out with a new action."""

    ALWAYS = "always"
    IF_SET = "if it is set"
    ON_FAILURE = "set or not, if the action runs when the pipeline fails"


class Compared(Enum):
    """When a setting must be the same for two actions to be the same."""

    ALWAYS = "always"
    IF_SENT = "if it was sent: else Buddy may fill in what it likes"
    NEVER = "never: Buddy does not tell it"


@dataclass(frozen=True)
class Setting:
    """One of Buddy's fields: its name in the API, its kind, when it is sent, and when it is compared."""

    name: str
    kind: Kind[Any]
    sent: Sent = Sent.IF_SET
    compared: Compared = Compared.ALWAYS

    @property
    def told(self) -> bool:
        """Whether Buddy tells it of an action."""
        return self.compared is not Compared.NEVER

    def applies(self, trigger_time: str) -> bool:
        """Whether it means anything in an action that runs at this time."""
        return self.sent is not Sent.ON_FAILURE or trigger_time == ON_FAILURE

    def goes_out(self, value: Any, trigger_time: str) -> bool:
        """Whether this value is sent with a new action that runs at this time."""
        return self.applies(trigger_time) and (self.sent is not Sent.IF_SET or value != self.kind.empty)


# In the order in which they are sent.
SETTINGS: Mapping[str, Setting] = {
    setting.name: setting
    for setting in (
        Setting("name", Text(), Sent.ALWAYS),
        Setting("docker_image_name", Text(), Sent.ALWAYS),
        Setting("docker_image_tag", Text(), Sent.ALWAYS),
        Setting("integration", Integration(), Sent.ALWAYS),
        Setting("region", Text(), compared=Compared.IF_SENT),
        Setting("registry", Text(), compared=Compared.IF_SENT),
        Setting("login", Text(), Sent.ALWAYS),
        Setting("password", Password(), Sent.ALWAYS, Compared.NEVER),
        Setting("use_image_from_action", Flag()),
        Setting("docker_build_action_id", BuildAction(), compared=Compared.IF_SENT),
        Setting("docker_build_action_name", Text(cleared=None), compared=Compared.IF_SENT),
        Setting("inline_commands", Text(), Sent.ALWAYS),
        Setting("run_as_user", Text()),
        Setting("entrypoint", Text()),
        Setting("mount_filesystem_disable", Flag(), Sent.ALWAYS),
        Setting("volume_mappings", Lines()),
        Setting("export_container_path", Text()),
        Setting("variables", Variables()),
        Setting("trigger_time", Text(EVERY_EXECUTION, EVERY_EXECUTION)),
        Setting("run_only_on_first_failure", Flag(), Sent.ON_FAILURE, Compared.IF_SENT),
        Setting("disabled", Flag()),
        Setting("ignore_errors", Flag()),
        Setting("after_action_id", Number(), compared=Compared.NEVER),
        Setting("timeout", Number(), compared=Compared.IF_SENT),
        Setting("retry_count", Number(), compared=Compared.IF_SENT),
        Setting("retry_interval", Number(), compared=Compared.IF_SENT),
    )
}


@dataclass(frozen=True)
class Container:
    """One action, complete and consistent: every setting that does not belong to the image is an attribute.

    `timeout` and `retry_interval` are seconds.
    """

    name: str
    image: ImageSource
    inline_commands: str
    run_as_user: str = ""
    entrypoint: str = ""
    mount_filesystem_disable: bool = False
    volume_mappings: tuple[str, ...] = ()
    export_container_path: str = ""
    variables: tuple[Variable, ...] = ()
    trigger_time: str = EVERY_EXECUTION
    run_only_on_first_failure: bool = False
    disabled: bool = False
    ignore_errors: bool = False
    after_action_id: int | None = None
    timeout: int | None = None
    retry_count: int | None = None
    retry_interval: int | None = None

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "Container":
        """Make one of the value of each setting that Buddy tells."""
        return cls(image=image_of(values), **{name: values[name] for name in OWN if name in values})

    def values(self) -> dict[str, Any]:
        """The value of each setting that it has, under Buddy's names: of those of an image, what its source takes."""
        values = {**vars(self), **self.image.values()}
        return {name: values[name] for name in SETTINGS if name in values}

    def payload(self) -> Mapping[str, Any]:
        """The body of the POST, exactly as it goes on the wire."""
        return self._payload

    @cached_property
    def _payload(self) -> Mapping[str, Any]:
        values = self.values()
        sent = [name for name, value in values.items() if SETTINGS[name].goes_out(value, self.trigger_time)]
        return {"name": self.name, "type": TYPE, **{name: SETTINGS[name].kind.wire(values[name]) for name in sent}}

    def redacted(self) -> dict[str, Any]:
        """The same with every secret replaced: what may be stored and shown."""
        return redacted(self.payload())

    def with_stand_ins(self, stand_in: StandIn) -> dict[str, Any]:
        """The same with something in place of each secret."""
        return with_stand_ins(self.payload(), stand_in)

    def secrets(self) -> tuple[str, ...]:
        """The secrets in it, to be looked for in what comes back."""
        sent = [(SETTINGS[name].kind, value) for name, value in self.payload().items() if name in SETTINGS]
        return tuple(secret for kind, value in sent for secret in kind.secrets(value))


# The settings that are attributes of a container.
OWN = tuple(field.name for field in fields(Container) if field.name in SETTINGS)


def read_values(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Read the value of each setting that Buddy tells of an action."""
    return {name: setting.kind.read(answer.get(name)) for name, setting in SETTINGS.items() if setting.told}


def redacted(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body of a POST or a PATCH with every secret replaced: what may be stored and shown."""
    return with_stand_ins(body, lambda key: REDACTED)


def with_stand_ins(body: Mapping[str, Any], stand_in: StandIn) -> dict[str, Any]:
    """The same with something in place of each secret, given the variable's name, or none for the password."""
    hidden = {name: SETTINGS[name].kind.hidden(value, stand_in) for name, value in body.items() if name in SETTINGS}
    return {**body, **hidden}
