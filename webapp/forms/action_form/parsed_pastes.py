"""What people bring along to fill in the form: a `docker run` command, a service of a Compose file, or an action of a
`buddy.yml`. What it is, is told by what is in it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from webapp.buddy.yaml_actions import BUILD, READ_TYPES, WrittenAction, actions_in, name_of, read_action
from webapp.docker.compose import Service, parse_service, services_in
from webapp.docker.other_texts import is_foreign, other_text
from webapp.docker.pastes import FENCE, Left, NoCommand, beside
from webapp.docker.run_commands import RunCommand, parse_run_command
from webapp.docker.shell import CommandError
from webapp.docker.texts import blank, unnumbered
from webapp.forms.action_form.posted import MOST_VARIABLES, MOST_VOLUMES
from webapp.forms.action_form.refused import NotChosen, PasteError
from webapp.yaml_texts import BadYaml, Limits, read_yaml

# As many names and values as the largest form, and as little as is read in a moment.
LIMITS = Limits("The text", "something", parts=10_000, depth=24, nothing=None, references=True)
# A line that every text has of which anything is taken as YAML.
MAY_BE_YAML = re.compile(
    r"""^[ \t]*(?:-[ \t]+)?(?:\{[ \t]*)?["']?(?:action|actions|build|image|services|type)["']?[ \t]*:""", re.M
)
# JSON is YAML, but for the tabs in front of its lines; what is in it may all be on one line.
JSON = re.compile(r"\s*[\[{]")
OF_JSON = re.compile(r'"(?:action|actions|image|services|type)"\s*:')
TABS = re.compile(r"^[ \t]+", re.MULTILINE)
# What stands on web pages for a blank, and can stand in a value as well.
OF_PAGE = "\xa0"
AS_YAML = frozenset({"a buddy.yml", "a Compose file", "a service of a Compose file"})
MOST_FENCES = 20
FURTHEST_IN = 3
LONGEST_OFFERED = 100
FILE_ALONE = "Slipway takes the file alone"


@dataclass(frozen=True)
class ParsedPaste:
    """What was pasted, taken apart. `called` says what it is, and `name` which one; a command has no name. `left` is
    what stands beside a file in the text."""

    called: str
    name: str
    holds: RunCommand | Service | WrittenAction
    left: tuple[Left, ...] = ()


def parse_paste(text: str, wanted: str) -> ParsedPaste:
    """Read a text, of several things in it the one that is `wanted`. Raises `PasteError`."""
    file = unnumbered(text)
    parsed, wrong = read_file(file, wanted)
    if parsed is None and OF_PAGE in file:
        parsed, wrong = read_file(file.replace(OF_PAGE, " "), wanted)
    if parsed:
        return parsed
    try:
        command = parse_run_command(text)
    except CommandError as error:
        raise PasteError(wrong if wrong and is_meant_as_yaml(text, error) else str(error)) from None
    check_room("command", len(command.variables), len(command.volume_mappings))
    return ParsedPaste("a docker run command", "", command)


def read_file(text: str, wanted: str) -> tuple[ParsedPaste | None, str]:
    """Read what is in a file, if a text is one or holds one; gives also what is wrong. Raises `PasteError`."""
    wrong = ""
    for part in parts_in(text):
        if not may_be_yaml(part.text) or is_foreign(part.context):
            continue
        try:
            data = read_yaml(untabbed(part.text), LIMITS)
        except BadYaml as error:
            if part.alone:
                wrong = wrong or str(error)
            continue
        if parsed := read_data(data, wanted):
            return replace(parsed, left=tuple(beside(part.beside, FILE_ALONE))), ""
        if part.text == text and part.alone and isinstance(data, Mapping | list):
            # It can be read, and is something else: no part of it is anything.
            break
    return None, wrong


@dataclass(frozen=True)
class Part:
    """What of a text may be a file, what stands beside it, and the text in which it says what it is.

    It is not `alone` where a part of it may be the file as well: then nothing is said of what is wrong in it.
    """

    text: str
    beside: str
    context: str
    alone: bool = True


def parts_in(text: str) -> Iterator[Part]:
    """What of a text may be a file: all of it, what stands in its fences of Markdown, and, without any, what comes from
    the first line on that a file would have. Each line keeps its number."""
    fences = list(islice(FENCE.finditer(text), MOST_FENCES))
    yield Part(text, "", text, alone=not fences)
    for opened, closed in fenced(fences):
        start, end = (closed.start(), closed.end()) if closed else (len(text), len(text))
        part = from_line(text[:start], opened.end())
        yield Part(part, f"{text[: opened.start()]}\n{text[end:]}", part)
    if not fences:
        first = MAY_BE_YAML.search(text)
        if first and not blank(text[: first.start()]):
            yield Part(from_line(text, first.start()), text[: first.start()], text)


def fenced(fences: Iterable[re.Match[str]]) -> Iterator[tuple[re.Match[str], re.Match[str] | None]]:
    """The pairs of fences, of which the last may not be closed.

    One is closed by as many of the same marks, or more, which are not further in (spec.commonmark.org, 4.5).
    """
    opened = None
    for fence in fences:
        if opened is None:
            opened = fence
        elif (
            fence["marks"].startswith(opened["marks"])
            and blank(fence["info"])
            and len(fence["before"]) <= len(opened["before"]) + FURTHEST_IN
        ):
            yield opened, fence
            opened = None
    if opened is not None:
        yield opened, None


def may_be_yaml(text: str) -> bool:
    """Whether anything may be taken of a text as YAML."""
    return bool(MAY_BE_YAML.search(text) or (JSON.match(text) and OF_JSON.search(text)))


def untabbed(text: str) -> str:
    """A text with blanks in place of the tabs in front of its lines, where it is JSON, which may have them."""
    return TABS.sub(lambda match: " " * len(match[0]), text) if JSON.match(text) else text


def from_line(text: str, start: int) -> str:
    """A text from there on, with empty lines in place of those before."""
    return "\n" * text.count("\n", 0, start) + text[start:]


def is_meant_as_yaml(text: str, error: CommandError) -> bool:
    """Whether a text in which nothing was found is probably YAML of which something would have been taken."""
    other = other_text(text)
    return isinstance(error, NoCommand) and (other is None or other.called in AS_YAML)


def read_data(data: Any, wanted: str) -> ParsedPaste | None:
    """Read plain data; None where it is nothing of which anything is taken. Raises `PasteError`."""
    if actions := actions_in(data):
        return read_one_action(actions, wanted)
    if services := services_in(data):
        name, found = chosen(services.items(), wanted, "services")
        service = parse_service(found)
        check_room("service", len(service.variables), len(service.volume_mappings))
        return ParsedPaste("a service of a Compose file", name, service)
    return None


def read_one_action(actions: Sequence[Mapping[str, Any]], wanted: str) -> ParsedPaste:
    """Read one of several actions. Raises `PasteError` where it is of a type that is not read."""
    fit = [action for action in actions if action["type"] in READ_TYPES]
    if not fit:
        raise PasteError(f"The text must have an action of the type {' or '.join(READ_TYPES)}: it has others alone")
    name, found = chosen([(name_of(action), action) for action in fit], wanted, "actions")
    action = read_action(found)
    container = action.stored.container
    check_room("action", len(container.variables), len(container.volume_mappings))
    called = "a build action" if action.type == BUILD else "an action"
    called += " of Buddy's API" if action.of_api else " of a buddy.yml"
    return ParsedPaste(called, name, action)


def chosen(things: Iterable[tuple[str, Mapping[str, Any]]], wanted: str, called: str) -> tuple[str, Mapping[str, Any]]:
    """The thing that is wanted, or the only one, with its name. Raises `NotChosen`.

    Of things that are shown alike, or without a name, the later ones have a number.
    """
    offered: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for number, (name, thing) in enumerate(things, start=1):
        label = shown(name) or f"{number}"
        while label in offered:
            label = f"{label} ({number})"
        offered[label] = (name, thing)
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
