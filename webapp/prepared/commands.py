"""Where commands use variables, and whether what stands in a variable could change what is run there."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class CommandUse:
    """A place in the commands that uses a variable: its line, counted from 1, and the text of that line."""

    variable: str
    line: int
    text: str


@dataclass(frozen=True)
class UnsafeUse:
    """A line of the commands where an answer could change what is run; the words say what to do there."""

    line: int
    words: str


@dataclass(frozen=True)
class Uses:
    """Where commands use variables, and which of these uses their maker has to mend."""

    found: tuple[CommandUse, ...] = ()
    unsafe: tuple[UnsafeUse, ...] = ()


def uses_in(commands: str, variables: Collection[str]) -> Uses:
    """Find where commands use any of these variables, for sh or bash. What can't be read for sure counts as unsafe."""
    raise NotImplementedError
