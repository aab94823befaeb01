"""Reading a text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from webapp.yaml_texts.limits import BadYaml, Limits

LONGEST_SHOWN = 60
# What says that nothing is set, where it stands in no quotes (YAML 1.2.2, 10.3.2, the core schema).
NULLS = frozenset({"", "~", "null", "Null", "NULL"})
# What takes in the names and values of other maps (yaml.org/type/merge.html).
MERGE = "<<"
HALVES = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def read(text: str, limits: Limits) -> Any:
    """Read the one document of a text. Raises `BadYaml`."""
    try:
        return Builder(limits).build(yaml.parse(text, Loader=yaml.BaseLoader))
    except yaml.YAMLError as error:
        raise BadYaml(f"{limits.called} must be YAML{where(error)}: it can't be read there") from None


def where(error: yaml.YAMLError) -> str:
    """The line of a mistake, if it is known."""
    mark = getattr(error, "problem_mark", None)
    return f" on line {mark.line + 1}" if mark is not None else " without unreadable characters"


@dataclass
class Node:
    """A map, a list or a text; how many names and values it has, itself too, how many levels, and how many characters
    the texts in it have."""

    value: Any
    size: int = 1
    depth: int = 0
    length: int = 0


@dataclass
class Opened(Node):
    """A map or list that is not at its end: the name that waits for its value, whether what is to be merged comes next,
    what is merged, its anchor, and how many names and values and how many characters there were before it."""

    waiting: list[str] = field(default_factory=list)
    merging: bool = False
    merged: list[Any] = field(default_factory=list)
    anchor: str | None = None
    before: int = 0
    length_before: int = 0


class Builder:
    """Puts a document together. What is open is kept in a list, so that nothing recurses.

    What is repeated by reference is the same object in each place.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._documents: list[Any] = []
        self._opened = [Opened(self._documents)]
        self._anchors: dict[str, Node] = {}
        self._parts = 0
        self._length = 0

    def build(self, events: Iterator[yaml.Event]) -> Any:
        """Give the one document. Raises `BadYaml`."""
        for event in events:
            self._count(1)
            self._take(event)
        if not self._documents:
            raise BadYaml(f"{self._limits.called} must have {self._limits.holds} in it: it is empty")
        return self._documents[0]

    def _count(self, parts: int) -> None:
        self._parts += parts
        # The stream's own event is no part.
        if self._parts > self._limits.parts + 1:
            raise self._bad(f"at most {self._limits.parts:,} names and values")

    def _take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.DocumentStartEvent) and self._documents:
            raise self._bad(f"one document: another one begins on line {line(event)}")
        if isinstance(event, yaml.NodeEvent):
            self._refuse_tricks(event)
        if isinstance(event, yaml.AliasEvent):
            self._repeat(event)
        elif isinstance(event, yaml.ScalarEvent):
            self._take_text(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._begin(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._end()

    def _take_text(self, event: yaml.ScalarEvent) -> None:
        self._length += len(event.value)
        holder = self._opened[-1]
        names = isinstance(holder.value, dict) and not holder.waiting and not holder.merging
        value = self._limits.nothing if is_null(event, names) else whole(event.value)
        if names and event.style is None and value == MERGE and self._limits.references:
            holder.merging = True
        else:
            self._put(value, event)
        if event.anchor is not None:
            self._anchors[event.anchor] = Node(value, length=len(event.value))

    def _repeat(self, event: yaml.AliasEvent) -> None:
        """Put what a reference names."""
        node = self._anchors.get(event.anchor or "")
        if node is None:
            raise self._bad(f"each & before its *: line {line(event)} has a * without")
        self._count(node.size)
        self._length += node.length
        if self._length > self._limits.characters:
            raise self._bad(f"at most {self._limits.characters:,} characters with what each * repeats")
        self._check_depth(len(self._opened) + node.depth, event)
        self._put(node.value, event)
        self._opened[-1].depth = max(self._opened[-1].depth, node.depth)

    def _begin(self, event: yaml.CollectionStartEvent) -> None:
        """Put a new map or list where it belongs."""
        self._check_depth(len(self._opened) + 1, event)
        new: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._put(new, event)
        self._opened.append(Opened(new, anchor=event.anchor, before=self._parts, length_before=self._length))

    def _end(self) -> None:
        """Close a map or list."""
        ended = self._opened.pop()
        for merged in maps_in(ended.merged):
            # What the map says itself goes before, and so does what is merged first.
            for name, value in merged.items():
                ended.value.setdefault(name, value)
        self._opened[-1].depth = max(self._opened[-1].depth, ended.depth + 1)
        if ended.anchor is not None:
            size, length = self._parts - ended.before + 1, self._length - ended.length_before
            self._anchors[ended.anchor] = Node(ended.value, size, ended.depth + 1, length)

    def _put(self, value: Any, event: yaml.Event) -> None:
        """Put a value where it belongs: into a list, or into a map under the name before it."""
        holder = self._opened[-1]
        if isinstance(holder.value, list):
            holder.value.append(value)
        elif holder.merging:
            self._merge(holder, value, event)
        elif holder.waiting:
            holder.value[holder.waiting.pop()] = value
        elif not isinstance(value, str):
            raise BadYaml(f"A name must be a text: line {line(event)} has something else")
        elif value in holder.value:
            raise BadYaml(f"A name must be there once: line {line(event)} has “{value[:LONGEST_SHOWN]}” again")
        else:
            holder.waiting.append(value)

    def _merge(self, holder: Opened, value: Any, event: yaml.Event) -> None:
        """Note what is merged into a map: another map, or a list of them, which may be still to come."""
        holder.merging = False
        if not isinstance(value, dict | list):
            raise BadYaml(f"A << must take in other maps: line {line(event)} has something else")
        holder.merged.append(value)

    def _check_depth(self, depth: int, event: yaml.Event) -> None:
        limit = self._limits.depth
        if depth > limit:
            raise BadYaml(f"{self._limits.called} must be at most {limit} levels deep: line {line(event)} is deeper")

    def _refuse_tricks(self, event: yaml.NodeEvent) -> None:
        """Refuse tags, and anchors and references where they are not asked for."""
        if event.anchor is not None and not self._limits.references:
            raise self._bad(f"no & or * references: line {line(event)} has one")
        if getattr(event, "tag", None) is not None:
            raise self._bad(f"no ! tags: line {line(event)} has one")

    def _bad(self, words: str) -> BadYaml:
        return BadYaml(f"{self._limits.called} must have {words}")


def maps_in(merged: list[Any]) -> Iterator[dict[str, Any]]:
    """The maps that are merged into one: what a list has besides is left out."""
    for item in merged:
        yield from [each for each in item if isinstance(each, dict)] if isinstance(item, list) else [item]


def is_null(event: yaml.ScalarEvent, names: bool) -> bool:
    """Whether a value says that nothing is set. A name is one whatever it says."""
    return event.style is None and event.value in NULLS and not (names and event.value)


def whole(text: str) -> str:
    """A text in which two halves of a character, as JSON escapes it, are one."""
    return HALVES.sub(lambda match: match[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)


def line(event: yaml.Event) -> int:
    """The line where something stands."""
    assert event.start_mark is not None, "it was read from a text"
    return int(event.start_mark.line) + 1
