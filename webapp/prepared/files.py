"""A template as one YAML file: for people to read, and to keep in git. It holds no secret.

Every value is read as a text, so that the tag 22.10 stays what it is, and nothing in a file makes objects. Of YAML
there are maps, lists and texts: tags and references are refused, since a few of them can make a file grow without end.
"""

from collections.abc import Iterator
from typing import Any

import yaml

from webapp.prepared.documents import from_json, to_json
from webapp.prepared.reading import BadTemplate
from webapp.prepared.templates import Template

# Room for the largest template, indented. Reading takes long by the parts of a file, not by its bytes.
LARGEST_FILE = 1_000_000
MOST_PARTS = 60_000
DEEPEST = 12
# Wider than any line, so that none is folded.
WIDEST = 2**31 - 1
OTHER_LINE_ENDS = frozenset("\r\x85\u2028\u2029\ufeff")


class BadFile(ValueError):
    """A file holds no template that can be read; the message says what it must be, without a full stop."""


class Writer(yaml.SafeDumper):
    """Writes texts of several lines as people write them."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write everything out."""
        return True


def write_text(writer: Writer, text: str) -> yaml.ScalarNode:
    """Write a text, as a block where it has several lines. Other line ends than \\n are only kept in quotes."""
    style = '"' if set(text) & OTHER_LINE_ENDS else "|" if "\n" in text else None
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


Writer.add_representer(str, write_text)


def export(template: Template) -> str:
    """Write a template as a YAML file, with the version of its format and without its secrets."""
    written: str = yaml.dump(to_json(template), Dumper=Writer, sort_keys=False, allow_unicode=True, width=WIDEST)
    return written


def read_file(content: bytes) -> Template:
    """Read a template out of a YAML file of any format up to ours. Raises `BadFile`.

    Size and depth are limited, every value is read as a text, and tags and references are refused. Whether what it says
    may be made into a template, `problems` in `webapp.prepared.judging` tells.
    """
    if len(content) > LARGEST_FILE:
        raise BadFile(f"The file must be at most {LARGEST_FILE:,} bytes long: this is {len(content):,}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadFile("The file must be text in UTF-8") from None
    try:
        return from_json(read_events(yaml.parse(text, Loader=yaml.BaseLoader)))
    except yaml.YAMLError as error:
        raise BadFile(f"The file must be YAML{where(error)}: it can't be read there") from None
    except BadTemplate as error:
        raise BadFile(str(error)) from None


def where(error: yaml.YAMLError) -> str:
    """The line of a mistake, if it is known."""
    mark = getattr(error, "problem_mark", None)
    return f" on line {mark.line + 1}" if mark is not None else " without unreadable characters"


def read_events(events: Iterator[yaml.Event]) -> Any:
    """Put the one document of a file together. Raises `BadFile`.

    What is open is kept in a list, so that nothing recurses; each open one is a list, or a map and the name that waits
    for its value.
    """
    documents: list[Any] = []
    opened: list[tuple[Any, list[str]]] = [(documents, [])]
    for event in at_most(events):
        if isinstance(event, yaml.DocumentStartEvent) and documents:
            raise BadFile(f"The file must have one document: another one begins on line {line(event)}")
        if isinstance(event, yaml.NodeEvent):
            refuse_tricks(event)
        if isinstance(event, yaml.ScalarEvent):
            put(opened[-1], event.value, event)
        elif isinstance(event, yaml.CollectionStartEvent):
            opened.append((begin(opened, event), []))
        elif isinstance(event, yaml.CollectionEndEvent):
            opened.pop()
    if not documents:
        raise BadFile("The file must have a template in it: it is empty")
    return documents[0]


def at_most(events: Iterator[yaml.Event]) -> Iterator[yaml.Event]:
    """Give what is in a file, unless there is too much. Raises `BadFile`."""
    for number, event in enumerate(events):
        if number > MOST_PARTS:
            raise BadFile(f"The file must have at most {MOST_PARTS:,} names and values")
        yield event


def begin(opened: list[tuple[Any, list[str]]], event: yaml.CollectionStartEvent) -> Any:
    """Put a new map or list where it belongs."""
    if len(opened) >= DEEPEST:
        raise BadFile(f"The file must be at most {DEEPEST} levels deep: line {line(event)} is deeper")
    new: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
    put(opened[-1], new, event)
    return new


def put(opened: tuple[Any, list[str]], value: Any, event: yaml.Event) -> None:
    """Put a value where it belongs: into a list, or into a map under the name before it."""
    holder, waiting = opened
    if isinstance(holder, list):
        holder.append(value)
    elif waiting:
        holder[waiting.pop()] = value
    elif not isinstance(value, str):
        raise BadFile(f"A name must be a text: line {line(event)} has something else")
    elif value in holder:
        raise BadFile(f"A name must be there once: line {line(event)} has “{value[:60]}” again")
    else:
        waiting.append(value)


def refuse_tricks(event: yaml.NodeEvent) -> None:
    """Refuse tags, anchors and references."""
    if event.anchor is not None:
        raise BadFile(f"The file must have no & or * references: line {line(event)} has one")
    if getattr(event, "tag", None) is not None:
        raise BadFile(f"The file must have no ! tags: line {line(event)} has one")


def line(event: yaml.Event) -> int:
    """The line where something stands."""
    assert event.start_mark is not None, "it was read from a file"
    return int(event.start_mark.line) + 1
