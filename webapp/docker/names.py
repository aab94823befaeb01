"""The variables that an action uses and nobody in sight defines; nothing is run."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from webapp.docker.variables import used_names

PIECE = re.compile(
    r"""(?P<escaped>\\.)
      | (?P<quoted>'[^']*')
      | (?P<double>")
      | (?P<comment>(?<![^\s;&|()])\#)
      | \$\{?(?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<other>[^\\'"$\#]+|.)""",
    re.VERBOSE | re.DOTALL,
)
MADE = re.compile(
    r"""(?<![^\s;&|(])(?:
        (?P<assigned>[A-Za-z_][A-Za-z0-9_]*)\+?=
      | (?:for|read|getopts\s+\S+)\s+(?:-\w+\s+)*(?P<read>[A-Za-z_][A-Za-z0-9_]*)
    )""",
    re.VERBOSE,
)
# What a shell or its image brings along, and what Buddy sets in each run begins with BUDDY_.
BROUGHT = frozenset(
    {"HOME", "HOSTNAME", "IFS", "LANG", "LOGNAME", "OLDPWD", "PATH", "PPID", "PS1", "PWD", "SHELL", "TERM", "USER"}
)
BUDDYS = "BUDDY_"


@dataclass(frozen=True)
class Piece:
    """A part of a text; `name` is the variable that it stands for, where that is defined nowhere in sight."""

    text: str
    name: str = ""


def mark_undefined(commands: str, defined: Collection[str]) -> list[Piece]:
    """Take commands apart so that each use of a variable that is not among the `defined` is a piece of its own.

    Uses are found by the rules of a POSIX shell.
    Names that the commands set themselves, that a shell brings along and that Buddy sets are defined too. What stands
    in single quotes or in a comment is no use.
    """
    made = {match["assigned"] or match["read"] for match in MADE.finditer(commands)}
    known = {*defined, *made, *BROUGHT}
    pieces, start, inside = [], 0, False
    place = 0
    while match := PIECE.match(commands, place):
        place = match.end()
        if match["double"]:
            inside = not inside
        elif match["quoted"] and inside:
            # In double quotes an apostrophe is a letter.
            place = match.start() + 1
        elif match["comment"] and not inside:
            end = commands.find("\n", place)
            place = len(commands) if end < 0 else end
        elif (name := match["name"]) and name not in known and not name.startswith(BUDDYS):
            end = place + 1 if match[0].startswith("${") and commands[place : place + 1] == "}" else place
            pieces += [Piece(commands[start : match.start()]), Piece(commands[match.start() : end], name)]
            start = place = end
    return [piece for piece in [*pieces, Piece(commands[start:])] if piece.text]


def undefined_names(text: str, defined: Collection[str]) -> list[str]:
    """The variables in a text that no shell sees, such as a tag, which are not among the `defined` and not Buddy's."""
    return [name for name in used_names(text) if name not in defined and not name.startswith(BUDDYS)]
