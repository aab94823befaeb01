"""YAML as plain data, read within limits and written for people.

Every value is read as a text, so that the tag 22.10 stays what it is, and nothing in a text makes objects. Of YAML
there are maps, lists and texts: tags and references are refused, since a few of them can make a text grow without end.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

# Wider than any line, so that none is folded.
WIDEST = 2**31 - 1
OTHER_LINE_ENDS = frozenset("\r\x85\u2028\u2029\ufeff")
LONGEST_SHOWN = 60


class BadYaml(ValueError):
    """A text is no YAML that can be read; the message says what it must be, without a full stop."""


@dataclass(frozen=True)
class Limits:
    """How many names and values a text may have and how deep it may be, and what messages call it and what is in it.

    `nothing` is what a value is read as where nothing stands, not even a pair of quotes.
    """

    called: str
    holds: str
    parts: int
    depth: int
    nothing: str | None = ""


def read_yaml(text: str, limits: Limits) -> Any:
    """Read the one document of a text. Raises `BadYaml`."""
    try:
        return Builder(limits).build(yaml.parse(text, Loader=yaml.BaseLoader))
    except yaml.YAMLError as error:
        raise BadYaml(f"{limits.called} must be YAML{where(error)}: it can't be read there") from None


def where(error: yaml.YAMLError) -> str:
    """The line of a mistake, if it is known."""
    mark = getattr(error, "problem_mark", None)
    return f" on line {mark.line + 1}" if mark is not None else " without unreadable characters"


class Builder:
    """Puts a document together.

    What is open is kept in a list, so that nothing recurses; each open one is a list, or a map and the name that waits
    for its value.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._documents: list[Any] = []
        self._opened: list[tuple[Any, list[str]]] = [(self._documents, [])]

    def build(self, events: Iterator[yaml.Event]) -> Any:
        """Give the one document. Raises `BadYaml`."""
        for number, event in enumerate(events):
            if number > self._limits.parts:
                raise self._bad(f"at most {self._limits.parts:,} names and values")
            self._take(event)
        if not self._documents:
            raise BadYaml(f"{self._limits.called} must have {self._limits.holds} in it: it is empty")
        return self._documents[0]

    def _take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.DocumentStartEvent) and self._documents:
            raise self._bad(f"one document: another one begins on line {line(event)}")
        if isinstance(event, yaml.NodeEvent):
            self._refuse_tricks(event)
        if isinstance(event, yaml.ScalarEvent):
            self._put(event.value if event.value or event.style else self._limits.nothing, event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._begin(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._opened.pop()

    def _begin(self, event: yaml.CollectionStartEvent) -> None:
        """Put a new map or list where it belongs."""
        if len(self._opened) >= self._limits.depth:
            depth = self._limits.depth
            raise BadYaml(f"{self._limits.called} must be at most {depth} levels deep: line {line(event)} is deeper")
        new: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._put(new, event)
        self._opened.append((new, []))

    def _put(self, value: Any, event: yaml.Event) -> None:
        """Put a value where it belongs: into a list, or into a map under the name before it."""
        holder, waiting = self._opened[-1]
        if isinstance(holder, list):
            holder.append(value)
        elif waiting:
            holder[waiting.pop()] = value
        elif not isinstance(value, str):
            raise BadYaml(f"A name must be a text: line {line(event)} has something else")
        elif value in holder:
            raise BadYaml(f"A name must be there once: line {line(event)} has “{value[:LONGEST_SHOWN]}” again")
        else:
            waiting.append(value)

    def _refuse_tricks(self, event: yaml.NodeEvent) -> None:
        """Refuse tags, anchors and references."""
        if event.anchor is not None:
            raise self._bad(f"no & or * references: line {line(event)} has one")
        if getattr(event, "tag", None) is not None:
            raise self._bad(f"no ! tags: line {line(event)} has one")

    def _bad(self, words: str) -> BadYaml:
        return BadYaml(f"{self._limits.called} must have {words}")


def line(event: yaml.Event) -> int:
    """The line where something stands."""
    assert event.start_mark is not None, "it was read from a text"
    return int(event.start_mark.line) + 1


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


def write_yaml(data: Any) -> str:
    """Write plain data."""
    written: str = yaml.dump(data, Dumper=Writer, sort_keys=False, allow_unicode=True, width=WIDEST)
    return written
