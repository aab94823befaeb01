"""Whether an action is what a request asked for, as far as can be seen: secrets are never compared."""

import re
from collections.abc import Mapping
from typing import Any

from webapp.buddy.actions import EVERY_EXECUTION
from webapp.buddy.secrecy import REDACTED
from webapp.buddy.variables import PLAIN_VARIABLE
from webapp.buddy.wordings import in_contracts_words

# Each field that tells one action from another, and what it is where nothing is said.
COMPARED: Mapping[str, Any] = {
    "name": "",
    "docker_image_name": "",
    "docker_image_tag": "",
    "inline_commands": "",
    "run_as_user": "",
    "entrypoint": "",
    "export_container_path": "",
    "mount_filesystem_disable": False,
    "volume_mappings": [],
    "variables": [],
    "trigger_time": EVERY_EXECUTION,
    "disabled": False,
    "ignore_errors": False,
    "login": "",
    "integration": {},
    "use_image_from_action": False,
}
# Where a request leaves these out, Buddy may fill in what it likes.
COMPARED_IF_SENT = (
    "registry",
    "region",
    "docker_build_action_id",
    "docker_build_action_name",
    "timeout",
    "retry_count",
    "retry_interval",
    "run_only_on_first_failure",
)
VARIABLE: Mapping[str, Any] = {
    "key": "",
    "value": "",
    "type": PLAIN_VARIABLE,
    "encrypted": False,
    "settable": False,
    "description": "",
}
ACTION_BEFORE = 0
HASH_ID = re.compile(r"[0-9a-f]{20,}")


def differences(sent: Mapping[str, Any], action: Mapping[str, Any]) -> tuple[str, ...]:
    """Name the fields in which an action, as Buddy answers it in full, is not what a redacted request asked for.

    A field that Buddy is silent about is at its default (Buddy: "Overview", empty fields).
    """
    fields = {**COMPARED, **{name: None for name in COMPARED_IF_SENT if name in sent}}
    action = in_contracts_words(action)
    return tuple(
        name
        for name, default in fields.items()
        if not agree(name, said(sent, name, default), said(action, name, default))
    )


def visible_differences(changes: Mapping[str, Any], action: Mapping[str, Any]) -> tuple[str, ...]:
    """Name the fields in which an action is not what a redacted change asked for; a password can't be seen."""
    action = in_contracts_words(action)
    compared = {name: value for name, value in changes.items() if name not in ("type", "password", "after_action_id")}
    return tuple(
        name
        for name, value in compared.items()
        if not agree(name, value, said(action, name, COMPARED.get(name, empty(value))))
    )


def empty(value: Any) -> Any:
    """What a field of the same type is where nothing is said."""
    return type(value)()


def said(data: Mapping[str, Any], name: str, default: Any) -> Any:
    """What an object says of a field, or its default."""
    value = data.get(name)
    return default if value is None else value


def agree(name: str, sent: Any, answered: Any) -> bool:
    """Whether two values of one field mean the same."""
    if name == "variables":
        return same_variables(sent, answered)
    if name == "integration":
        return same_integration(sent, answered)
    if name == "docker_build_action_id" and sent == ACTION_BEFORE:
        # Buddy may answer which action that is.
        return answered is not None
    return bool(trimmed(sent) == trimmed(answered))


def trimmed(value: Any) -> Any:
    """A text without outer blanks and with plain line ends; anything else as it is."""
    return "\n".join(value.strip().splitlines()) if isinstance(value, str) else value


def same_integration(sent: Mapping[str, Any], answered: Any) -> bool:
    """Whether an answer names the integration that was sent, or may name it.

    One that was sent by its hash id is answered by its identifier alone (Buddy: OpenAPI, `IntegrationIdentifierView`).
    """
    if not isinstance(answered, Mapping):
        return False
    names = names_of(answered)
    return sent["identifier"] in names or named_otherwise(sent, answered) if sent else not names


def named_otherwise(sent: Mapping[str, Any], answered: Any) -> bool:
    """Whether an integration was sent by its hash id and answered by an identifier, or the other way round.

    Nobody can tell then whether the two are the same one.
    """
    if not isinstance(answered, Mapping) or not sent or not names_of(answered):
        return False
    by_hash = is_hash_id(sent["identifier"])
    return all(is_hash_id(name) is not by_hash for name in names_of(answered))


def names_of(answered: Mapping[str, Any]) -> tuple[str, ...]:
    """The names that an answer gives an integration."""
    names = (answered.get("identifier"), answered.get("hash_id"))
    return tuple(name for name in names if isinstance(name, str) and name)


def is_hash_id(name: str) -> bool:
    """Whether a name of an integration is its hash id."""
    return HASH_ID.fullmatch(name) is not None


def same_variables(sent: list[Mapping[str, Any]], answered: Any) -> bool:
    """Whether an answer has the variables that were sent, in any order; values of secret ones are not compared."""
    if not isinstance(answered, list) or not all(isinstance(item, Mapping) for item in answered):
        return False
    mine, theirs = (sorted(items, key=lambda item: str(item.get("key"))) for items in (sent, answered))
    return len(mine) == len(theirs) and all(map(same_variable, mine, theirs))


def same_variable(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
    """Whether two variables are the same but for a secret value."""
    secret = REDACTED in (mine.get("value"), theirs.get("value"))
    return all(
        (secret and name == "value") or trimmed(said(mine, name, default)) == trimmed(said(theirs, name, default))
        for name, default in VARIABLE.items()
    )
