"""Actions of a pipeline: the "Run Docker container" that Slipway adds, and actions as Buddy answers them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from webapp.buddy.images import ImageSource
from webapp.buddy.reading import integer, optional_text
from webapp.buddy.secrecy import REDACTED, without_secrets
from webapp.buddy.variables import StoredVariable, Variable
from webapp.buddy.wire import given, numbers, ticked

TYPE = "RUN_DOCKER_CONTAINER"
EVERY_EXECUTION = "ON_EVERY_EXECUTION"
ON_FAILURE = "ON_FAILURE"


@dataclass(frozen=True)
class RunDockerContainer:
    """One action to add, complete and consistent.

    Source: Buddy's page "Run Docker container" (Actions, Add an action). `timeout` and `retry_interval` are seconds.
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
    after_action_id: int | None = None
    disabled: bool = False
    timeout: int | None = None
    ignore_errors: bool = False
    retry_count: int | None = None
    retry_interval: int | None = None

    def payload(self) -> dict[str, Any]:
        """The body of the POST, exactly as it goes on the wire."""
        return {
            "name": self.name,
            "type": TYPE,
            **self.image.fields(),
            "inline_commands": self.inline_commands,
            **given(run_as_user=self.run_as_user, entrypoint=self.entrypoint),
            "mount_filesystem_disable": self.mount_filesystem_disable,
            **({"volume_mappings": list(self.volume_mappings)} if self.volume_mappings else {}),
            **given(export_container_path=self.export_container_path),
            **({"variables": [item.payload() for item in self.variables]} if self.variables else {}),
            **self._when(),
            **ticked(disabled=self.disabled, ignore_errors=self.ignore_errors),
            **numbers(
                after_action_id=self.after_action_id,
                timeout=self.timeout,
                retry_count=self.retry_count,
                retry_interval=self.retry_interval,
            ),
        }

    def redacted(self) -> dict[str, Any]:
        """The same with every secret replaced: what may be stored and shown."""
        return self.with_stand_ins(lambda key: REDACTED)

    def with_stand_ins(self, stand_in: Callable[[str], str]) -> dict[str, Any]:
        """The same with something in place of each secret, given the variable's name, or none for the password."""
        body = self.payload()
        if "password" in body:
            body["password"] = stand_in("")
        for item, variable in zip(body.get("variables", ()), self.variables, strict=False):
            if variable.secret:
                item["value"] = stand_in(variable.key)
        return body

    def secrets(self) -> tuple[str, ...]:
        """The secrets in it, to be looked for in what comes back."""
        values = [item.value for item in self.variables if item.secret]
        password = self.image.fields().get("password")
        return (*values, password) if password else tuple(values)

    def _when(self) -> dict[str, Any]:
        if self.trigger_time == EVERY_EXECUTION:
            return {}
        when: dict[str, Any] = {"trigger_time": self.trigger_time}
        if self.trigger_time == ON_FAILURE:
            when["run_only_on_first_failure"] = self.run_only_on_first_failure
        return when


@dataclass(frozen=True)
class ActionSummary:
    """An action as lists show it; image name and tag are there only where Buddy tells them.

    Only its `id` must be there: one whose name or type can't be read has an empty one, and is an action all the same.
    """

    id: int
    name: str
    type: str
    html_url: str | None = None
    last_execution_status: str | None = None
    docker_image_name: str | None = None
    docker_image_tag: str | None = None
    disabled: bool = False

    @property
    def called(self) -> str:
        """What people know it by."""
        return self.name or f"Action {self.id}"

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ActionSummary":
        """Read an item of a list. Raises `BadAnswer`."""
        return cls(
            id=integer(data, "id"),
            name=optional_text(data, "name") or "",
            type=optional_text(data, "type") or "",
            html_url=optional_text(data, "html_url"),
            last_execution_status=optional_text(data, "last_execution_status") or optional_text(data, "status"),
            docker_image_name=optional_text(data, "docker_image_name"),
            docker_image_tag=optional_text(data, "docker_image_tag"),
            disabled=data.get("disabled") is True,
        )


@dataclass(frozen=True)
class Action:
    """An action as Buddy answers it in full.

    `raw` is the whole answer, also what we know nothing of, with every secret replaced: to show, to keep, and to
    compare a change with; it is no body to send. `variables` says of which the value is a secret that Buddy alone has.
    """

    id: int
    name: str | None
    type: str | None
    html_url: str | None
    pipeline_url: str | None
    pipeline_name: str | None
    last_execution_status: str | None
    variables: tuple[StoredVariable, ...]
    raw: Mapping[str, Any] = field(repr=False)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Action":
        """Read an action, or the `raw` of one; only its `id` must be there. Raises `BadAnswer`."""
        raw = without_secrets(data)
        pipeline, variables = raw.get("pipeline"), raw.get("variables")
        return cls(
            id=integer(data, "id"),
            name=optional_text(raw, "name"),
            type=optional_text(raw, "type"),
            html_url=optional_text(raw, "html_url"),
            pipeline_url=optional_text(pipeline, "html_url") if isinstance(pipeline, Mapping) else None,
            pipeline_name=optional_text(pipeline, "name") if isinstance(pipeline, Mapping) else None,
            last_execution_status=optional_text(raw, "last_execution_status"),
            variables=StoredVariable.all_from_json(variables) if isinstance(variables, list) else (),
            raw=raw,
        )
