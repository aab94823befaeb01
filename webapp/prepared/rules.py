"""What an answer has to be."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Option:
    """One of several values to choose from, and what people read in its place."""

    value: str
    words: str


@dataclass(frozen=True)
class Choices:
    """One of a list of values."""

    options: tuple[Option, ...]


@dataclass(frozen=True)
class Pattern:
    """A text that matches a regular expression as a whole. `words` say what it must be, for example `two capitals`."""

    pattern: str
    words: str


@dataclass(frozen=True)
class Length:
    """A text of so many characters, both ends included."""

    shortest: int
    longest: int

    @property
    def in_words(self) -> str:
        """How many characters."""
        if self.shortest != self.longest:
            return f"{self.shortest:,} to {self.longest:,} characters"
        return "1 character" if self.longest == 1 else f"{self.longest:,} characters"


@dataclass(frozen=True)
class YesNo:
    """A tick: these are sent for yes and for no. A box of the form that is ticked takes `true` and an empty text."""

    yes: str = "true"
    no: str = ""


@dataclass(frozen=True)
class Day:
    """A day such as 2026-03-01, both ends included where there are any."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class FreeText:
    """Any text, on several `lines` or on one."""

    lines: bool = False


Rule = Choices | Pattern | Length | YesNo | Day | FreeText
