"""What people bring along to fill in the form: a `docker run` command, a service of a Compose file, or an action of a
`buddy.yml`. What it is, is told by what is in it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import Any

from webapp.buddy.yaml_actions import BUILD, NAME, READ_TYPES, WrittenAction, actions_in, read_action
from webapp.docker.compose import Service, parse_service, services_in
from webapp.docker.other_texts import other_text
from webapp.docker.pastes import FENCE, NoCommand
from webapp.docker.run_commands import RunCommand, parse_run_command
from webapp.docker.shell import CommandError
from webapp.docker.texts import blank
from webapp.forms.action_form.posted import MOST_VARIABLES, MOST_VOLUMES
from webapp.yaml_texts import BadYaml, Limits, read_yaml

# As many names and values as the largest form, and as little as is read in a moment.
LIMITS = Limits("The text", "something", parts=10_000, depth=24, nothing=None)
# A line that every text has of which anything is taken as YAML.
MAY_BE_YAML = re.compile(r"""^[ \t]*(?:-[ \t]+)?["']?(?:action|actions|build|image|services|type)["']?[ \t]*:""", re.M)
AS_YAML = frozenset({"a buddy.yml", "a Compose file", "a service of a Compose file"})
MOST_FENCES = 5
MOST_OFFERED = 200
LONGEST_OFFERED = 100


class PasteError(ValueError):
    """A pasted text can't be carried over; the message says what must be changed."""


class NotChosen(PasteError):
    """There are several things of these names in a text, and one has to be chosen."""

    def __init__(self, things: str, names: Sequence[str]) -> None:
        super().__init__(f"Choose one of the {len(names)} {things} below, then press a button again")
        self.names = names


@dataclass(frozen=True)
class Brought:
    """What was pasted, taken apart. `called` says what it is, and `name` which one; a command has no name."""

    called: str
    name: str
    holds: RunCommand | Service | WrittenAction


def read_brought(text: str, wanted: str) -> Brought:
    """Read a text, of several things in it the one that is `wanted`. Raises `PasteError`."""
    wrong = ""
    for part in filter(MAY_BE_YAML.search, parts_in(text)):
        try:
            brought = read_data(read_yaml(part, LIMITS), wanted)
        except BadYaml as error:
            wrong = wrong or str(error)
        else:
            if brought:
                return brought
    try:
        command = parse_run_command(text)
    except CommandError as error:
        raise PasteError(wrong if wrong and is_meant_as_yaml(text, error) else str(error)) from None
    check_room("command", len(command.variables), len(command.volume_mappings))
    return Brought("a docker run command", "", command)


def parts_in(text: str) -> Iterator[str]:
    """What of a text may be a file: what stands in its fences of Markdown; without any, all of it, and what comes from
    the first line on that a file would have. Each line keeps its number."""
    fences = list(islice(FENCE.finditer(text), 2 * MOST_FENCES))
    for opened, closed in zip_longest(fences[::2], fences[1::2]):
        yield from_line(text[: closed.start() if closed else len(text)], opened.end())
    if not fences:
        yield text
        first = MAY_BE_YAML.search(text)
        if first and not blank(text[: first.start()]):
            yield from_line(text, first.start())


def from_line(text: str, start: int) -> str:
    """A text from there on, with empty lines in place of those before."""
    return "\n" * text.count("\n", 0, start) + text[start:]


def is_meant_as_yaml(text: str, error: CommandError) -> bool:
    """Whether a text in which nothing was found is probably YAML of which something would have been taken."""
    other = other_text(text)
    return isinstance(error, NoCommand) and (other is None or other.called in AS_YAML)


def read_data(data: Any, wanted: str) -> Brought | None:
    """Read plain data; None where it is nothing of which anything is taken. Raises `PasteError`."""
    if actions := actions_in(data):
        return read_one_action(actions, wanted)
    if services := services_in(data):
        name, found = chosen(services, wanted, "services")
        service = parse_service(found)
        check_room("service", len(service.variables), len(service.volume_mappings))
        return Brought("a service of a Compose file", name, service)
    return None


def read_one_action(actions: Sequence[Mapping[str, Any]], wanted: str) -> Brought:
    """Read one of several actions. Raises `PasteError` where it is of a type that is not read."""
    fit = [action for action in actions if action["type"] in READ_TYPES]
    if not fit:
        raise PasteError(f"The text must have an action of the type {' or '.join(READ_TYPES)}: it has others alone")
    name, found = chosen(named(fit), wanted, "actions")
    action = read_action(found)
    container = action.stored.container
    check_room("action", len(container.variables), len(container.volume_mappings))
    called = "a build action of a buddy.yml" if action.type == BUILD else "an action of a buddy.yml"
    return Brought(called, name, action)


def named(actions: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Actions by their names, each of them once: of those called the same, the later ones have a number."""
    found: dict[str, Mapping[str, Any]] = {}
    for number, action in enumerate(actions, start=1):
        name = action.get(NAME)
        called = name if isinstance(name, str) and name else f"Action {number}"
        found[f"{called} ({number})" if called in found else called] = action
    return found


def chosen(things: Mapping[str, Mapping[str, Any]], wanted: str, called: str) -> tuple[str, Mapping[str, Any]]:
    """The thing that is wanted, or the only one, with its name. Raises `NotChosen`."""
    offered = {shown(name): (name, thing) for name, thing in list(things.items())[:MOST_OFFERED]}
    if len(offered) == 1:
        return next(iter(offered.values()))
    if wanted not in offered:
        raise NotChosen(called, list(offered))
    return offered[wanted]


def shown(name: str) -> str:
    """A name as a list of names shows it."""
    line = " ".join(name.split())
    return line if len(line) <= LONGEST_OFFERED else f"{line[:LONGEST_OFFERED]}…"


def check_room(thing: str, variables: int, volumes: int) -> None:
    """Raise `PasteError` for more than the form has room for."""
    if variables > MOST_VARIABLES:
        raise PasteError(f"The {thing} must have at most {MOST_VARIABLES} variables: these are {variables:,}")
    if volumes > MOST_VOLUMES:
        raise PasteError(f"The {thing} must have at most {MOST_VOLUMES} volumes: these are {volumes:,}")
