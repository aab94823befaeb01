"""Actions of a `buddy.yml`, as plain data in which every value is a text: read as Buddy would answer them, and written.

Source: Buddy's page "Run Docker container" (YAML, Actions). An action has the fields of the API, but for `action` in
place of `name`, and an integration that is named by a text. One as the API has it is read too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from webapp.buddy.actions import Action
from webapp.buddy.container import EVERY_EXECUTION, SETTINGS, TYPE, Container
from webapp.buddy.integrations import reference
from webapp.buddy.kinds import Flag, Integration, Lines, Number, Text, Variables
from webapp.buddy.stored import StoredContainer
from webapp.buddy.variables import DEFAULTS, Variable

NAME = "action"
BUILD = "BUILD"
# The types that are read: a build runs commands in a container too.
READ_TYPES = (TYPE, BUILD)
FLAGS = {"true": True, "false": False}
# The commands of a build, in today's wording and in an older one.
COMMANDS = ("commands", "execute_commands")
OF_ACTIONS = frozenset({"inline_commands", "docker_image_name", "trigger_time", *COMMANDS})
# The fields that an action must have, and those of the API that a `buddy.yml` has no place for or may not hold.
NEEDED = frozenset({"name", "docker_image_name", "docker_image_tag", "inline_commands"})
UNWRITTEN = frozenset({"after_action_id", "password"})
# It has none before Buddy has it, and is told none here.
NO_NUMBER = 1
DIGITS = frozenset("0123456789")
LONGEST_NUMBER = 18


@dataclass(frozen=True)
class WrittenAction:
    """An action of a `buddy.yml`, or with the names `of_api`; `unread` are the names of its fields that can't be read,
    `unused` of those that do nothing there."""

    type: str
    stored: StoredContainer
    unread: tuple[str, ...]
    unused: tuple[str, ...] = ()
    of_api: bool = False


def is_written_action(data: Any) -> bool:
    """Whether plain data is an action of any type."""
    if not isinstance(data, Mapping) or not isinstance(data.get("type"), str):
        return False
    return isinstance(data.get(NAME), str) or bool(OF_ACTIONS.intersection(data))


def name_of(data: Mapping[str, Any]) -> str:
    """The name of an action; empty where it has none. The API has another word for it."""
    return next((data[name] for name in (NAME, "name") if isinstance(data.get(name), str)), "")


def actions_in(data: Any) -> list[Mapping[str, Any]]:
    """The actions in a `buddy.yml`, in a pipeline of one, in a list of them, or one alone, in their order."""
    return list(found(data)) if not is_written_action(data) else [data]


def found(data: Any) -> Iterator[Mapping[str, Any]]:
    """The actions in lists, or in the pipelines in lists."""
    for item in data if isinstance(data, list) else [data]:
        if is_written_action(item):
            yield item
        elif isinstance(item, Mapping) and isinstance(item.get("actions"), list):
            yield from filter(is_written_action, item["actions"])


def read_action(data: Mapping[str, Any]) -> WrittenAction:
    """Read an action of one of the `READ_TYPES`."""
    raw = {name: usual(value) for name, value in data.items() if name not in (*SETTINGS, NAME)}
    for name in COMMANDS:
        if "inline_commands" not in data and (commands := lines(raw.get(name))) is not None:
            raw["inline_commands"] = commands
            del raw[name]
    unread = []
    for name, setting in SETTINGS.items():
        value = named(data) if name == "name" else data.get(name)
        if value is None:
            continue
        raw[name] = lines(value) if name == "inline_commands" else read_value(setting.kind, value)
        if raw[name] is None:
            unread.append(name)
    unread += unread_in(data.get("variables"))
    stored = StoredContainer.of(Action.from_json({**raw, "id": NO_NUMBER, "type": TYPE}))
    assert stored is not None, "it is of this type"
    unused = [name for name in UNWRITTEN if data.get(name) not in (None, "", "0")]
    of_api = NAME not in data and "name" in data
    return WrittenAction(data["type"], stored, tuple(unread), tuple(sorted(unused)), of_api)


def named(data: Mapping[str, Any]) -> Any:
    """What stands as the name of an action."""
    return name_of(data) or data.get(NAME, data.get("name"))


def lines(value: Any) -> str | None:
    """Commands, which are a text or a list of lines; None where they can't be read."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "\n".join(value)
    return value if isinstance(value, str) else None


def unread_in(variables: Any) -> Iterator[str]:
    """What of variables can't be read, though their names can."""
    for item in variables if isinstance(variables, list) else ():
        if isinstance(item, Mapping) and isinstance(item.get("key"), str):
            for name in DEFAULTS:
                if not isinstance(item.get(name), str | None):
                    yield f"{name} of the variable {item['key']}"


def read_value(kind: Any, value: Any) -> Any:
    """Read a value as the API has it; None where it can't be."""
    if isinstance(kind, Flag):
        return FLAGS.get(value.lower()) if isinstance(value, str) else None
    if isinstance(kind, Number):
        whole = isinstance(value, str) and 0 < len(value) <= LONGEST_NUMBER and set(value) <= DIGITS
        return int(value) if whole else None
    if isinstance(kind, Integration):
        return {"identifier": value} if isinstance(value, str) else value if reference(value) or value == {} else None
    if isinstance(kind, Lines):
        return [value] if isinstance(value, str) else value
    if isinstance(kind, Variables):
        return [read_variable(item) for item in value] if isinstance(value, list) else value
    assert isinstance(kind, Text), "there is no other kind"
    return value if isinstance(value, str) else None


def read_variable(item: Any) -> Any:
    """Read a variable as the API has it."""
    if not isinstance(item, Mapping):
        return item
    return {name: usual(value) if DEFAULTS.get(name) is False else value for name, value in item.items()}


def usual(value: Any) -> Any:
    """A text that says true, false or 0 as what it says."""
    if not isinstance(value, str):
        return value
    return 0 if value == "0" else FLAGS.get(value.lower(), value)


def write_action(container: Container) -> dict[str, Any]:
    """Write an action as plain data, without its secrets and without what a `buddy.yml` has no field for."""
    values = container.values()
    kept = {name: value for name, value in values.items() if name in NEEDED or (value and name not in UNWRITTEN)}
    if values.get("docker_build_action_id") == 0:
        kept["docker_build_action_id"] = 0
    written = {name: write_value(SETTINGS[name].kind, value) for name, value in kept.items() if is_said(name, values)}
    return {NAME: written.pop("name"), "type": TYPE, **written}


def is_said(name: str, values: Mapping[str, Any]) -> bool:
    """Whether a setting says anything that would not go without saying."""
    usual = name == "trigger_time" and values[name] == EVERY_EXECUTION
    return name in NEEDED or (not usual and SETTINGS[name].applies(values["trigger_time"]))


def write_value(kind: Any, value: Any) -> Any:
    """Write a value as a `buddy.yml` has it."""
    if isinstance(kind, Lines):
        return list(value)
    if isinstance(kind, Variables):
        return [write_variable(item) for item in value]
    return value


def write_variable(variable: Variable) -> dict[str, Any]:
    """Write a variable; the value of a secret one is left out, and so is one that nobody knows here."""
    written = variable.payload()
    return {name: value for name, value in written.items() if name != "value" or is_public(variable)}


def is_public(variable: Variable) -> bool:
    """Whether the value of a variable may stand in a file."""
    return not variable.secret and variable.value is not None
