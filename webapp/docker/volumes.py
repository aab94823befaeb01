"""Volume mappings: a folder of the pipeline, a colon, a folder in the container."""

import re
from dataclasses import dataclass

# An absolute path, or one that begins with a variable; `$(…)` would be a command.
FOLDER = re.compile(r"/|\$[A-Za-z_]|\$\{[A-Za-z_]")


class VolumeError(ValueError):
    """A text is no volume mapping, or no part of one; the message says what it must be."""


@dataclass(frozen=True)
class VolumeMapping:
    """One mapping, as Buddy writes it: `source:target`."""

    source: str
    target: str

    @classmethod
    def parse(cls, text: str) -> "VolumeMapping":
        """Take `source:target` apart. Raises `VolumeError`."""
        parts = text.split(":")
        if len(parts) != 2:
            raise VolumeError("A volume must be two folders with one colon between them, for example /:/buddy/app")
        check_source(parts[0])
        check_target(parts[1])
        return cls(*parts)

    def format(self) -> str:
        """Write the mapping as Buddy takes it."""
        return f"{self.source}:{self.target}"


def check_source(text: str) -> None:
    """Raise `VolumeError` unless `text` is a folder in the pipeline."""
    check_folder(text, "The folder in the pipeline")


def check_target(text: str) -> None:
    """Raise `VolumeError` unless `text` is a folder in the container."""
    check_folder(text, "The folder in the container")


def check_folder(text: str, thing: str) -> None:
    """Raise `VolumeError` unless `text` is absolute, or begins with a variable, and holds no colon."""
    if not FOLDER.match(text):
        raise VolumeError(f"{thing} must begin with / or with a variable such as $HOME")
    if ":" in text:
        raise VolumeError(f"{thing} must have no colon in it")
