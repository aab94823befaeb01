"""What a YAML text may be."""

from dataclasses import dataclass


class BadYaml(ValueError):
    """A text is no YAML that can be read; the message says what it must be, without a full stop."""


@dataclass(frozen=True)
class Limits:
    """How many names and values a text may have and how deep it may be, and what messages call it and what is in it.

    `nothing` is what a value is read as that is not set. With `references`, & and * and << do what they do in YAML, and
    with what they repeat a text has at most so many `characters`.
    """

    called: str
    holds: str
    parts: int
    depth: int
    nothing: str | None = ""
    references: bool = False
    characters: int = 500_000
