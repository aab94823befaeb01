"""A "Run Docker container" action that Buddy has, read for being shown, copied and changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.buddy.actions import EVERY_EXECUTION, TYPE, Action
from webapp.buddy.reading import optional_text, optional_texts
from webapp.buddy.variables import StoredVariable
from webapp.buddy.wordings import in_contracts_words

# What all actions have, this form does not know, and how it is where nobody has set it.
OTHER_SETTINGS: Mapping[str, Any] = {
    "trigger_conditions": [],
    "run_next": "WAIT_ON_SUCCESS",
    "loop": [],
    "shell": "",
}
# What variables can have that Slipway sends none of.
RICH = ("run_only_settable", "init_path", "defaults", "file_path", "file_chmod", "file_place", "passphrase")


@dataclass(frozen=True)
class StoredContainer:
    """Its settings under Buddy's names, at their defaults where Buddy says nothing; the password is never told.

    `integration` is the identifier, or the hash id where there is none. `others` names what else is set,
    `rich_variables` tells whether a variable has more than a form shows. `unread_variables` and `unread_volumes` count
    what can't be read of those.
    """

    id: int
    name: str
    docker_image_name: str
    docker_image_tag: str
    inline_commands: str
    run_as_user: str
    entrypoint: str
    mount_filesystem_disable: bool
    volume_mappings: tuple[str, ...]
    export_container_path: str
    registry: str
    login: str
    integration: str
    region: str
    use_image_from_action: bool
    docker_build_action_id: int | None
    docker_build_action_name: str
    variables: tuple[StoredVariable, ...]
    trigger_time: str
    run_only_on_first_failure: bool
    disabled: bool
    timeout: int | None
    ignore_errors: bool
    retry_count: int | None
    retry_interval: int | None
    others: tuple[str, ...]
    rich_variables: bool
    unread_variables: int
    unread_volumes: int

    @classmethod
    def of(cls, action: Action) -> "StoredContainer | None":
        """Read an action; None when it is of another type."""
        if action.type != TYPE:
            return None
        raw = in_contracts_words(action.raw)
        return cls(
            id=action.id,
            name=action.name or "",
            docker_image_name=optional_text(raw, "docker_image_name") or "",
            docker_image_tag=optional_text(raw, "docker_image_tag") or "",
            inline_commands=optional_text(raw, "inline_commands") or "",
            run_as_user=optional_text(raw, "run_as_user") or "",
            entrypoint=optional_text(raw, "entrypoint") or "",
            mount_filesystem_disable=raw.get("mount_filesystem_disable") is True,
            volume_mappings=optional_texts(raw, "volume_mappings"),
            export_container_path=optional_text(raw, "export_container_path") or "",
            registry=optional_text(raw, "registry") or "",
            login=optional_text(raw, "login") or "",
            integration=reference(raw.get("integration")),
            region=optional_text(raw, "region") or "",
            use_image_from_action=raw.get("use_image_from_action") is True,
            docker_build_action_id=whole(raw.get("docker_build_action_id")),
            docker_build_action_name=optional_text(raw, "docker_build_action_name") or "",
            variables=action.variables,
            trigger_time=optional_text(raw, "trigger_time") or EVERY_EXECUTION,
            run_only_on_first_failure=raw.get("run_only_on_first_failure") is True,
            disabled=raw.get("disabled") is True,
            timeout=whole(raw.get("timeout")),
            ignore_errors=raw.get("ignore_errors") is True,
            retry_count=whole(raw.get("retry_count")),
            retry_interval=whole(raw.get("retry_interval")),
            others=tuple(name for name, usual in OTHER_SETTINGS.items() if raw.get(name) not in (None, usual)),
            rich_variables=any(map(is_rich, items)) if isinstance(items := raw.get("variables"), list) else False,
            unread_variables=unread(raw, "variables", len(action.variables)),
            unread_volumes=unread(raw, "volume_mappings", len(optional_texts(raw, "volume_mappings"))),
        )


def unread(data: Mapping[str, Any], name: str, read: int) -> int:
    """How many entries a list has besides those that were `read`; something else in its place is one."""
    value = data.get(name)
    return len(value) - read if isinstance(value, list) else int(value not in (None, ""))


def reference(integration: Any) -> str:
    """How a form refers to the integration of an action; empty when it has none."""
    if not isinstance(integration, Mapping):
        return ""
    return optional_text(integration, "identifier") or optional_text(integration, "hash_id") or ""


def is_rich(variable: Any) -> bool:
    """Whether a variable has settings that Slipway would lose by sending it again."""
    return isinstance(variable, Mapping) and any(
        variable.get(name) not in (None, "", False, "NONE", [], {}) for name in RICH
    )


def whole(value: Any) -> int | None:
    """A whole number from 0 up, or None."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
