"""Texts of a Compose file: what Compose fills in in them, and the words of a command.

Compose starts no shell: a command is split into words at its blanks, as quotes and backslashes tell, and all else is an
ordinary character (github.com/compose-spec/compose-spec, 05-services.md, `command`, and 12-interpolation.md).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.docker.shell import Kind, Part, Word, add_part, written

# What Compose fills in. Two of $ are one that it leaves alone.
FILLED = r"\$[A-Za-z_]\w*|\$\{[^}]{0,500}\}"
INTERPOLATED = re.compile(rf"\$\$|(?P<filled>{FILLED})")
PIECE = re.compile(
    rf"""(?P<dollar>\$\$)
      | (?P<filled>{FILLED})
      | (?P<escaped>\\.)
      | (?P<quote>['"])
      | (?P<blank>[ \t\r\n]+)
      | (?P<of_shell>[|&;<>()*])
      | (?P<plain>[^\\'"$ \t\r\n|&;<>()*]+|.)""",
    re.VERBOSE | re.DOTALL,
)
ESCAPES = {"\\n": "\n", "\\t": "\t"}
OPEN = "The quote that opens in it must be closed"


@dataclass(frozen=True)
class Line:
    """The words of a command; what of it only a shell would take for more than letters; and what is wrong with it."""

    words: tuple[Word, ...] = ()
    of_shell: tuple[str, ...] = ()
    wrong: str = ""


def left_alone(text: str) -> str:
    """A text as a container gets it, where Compose has nothing to fill in."""
    return text.replace("$$", "$")


def filled_in(text: str) -> tuple[str, ...]:
    """What Compose fills in in a text."""
    return tuple(match["filled"] for match in INTERPOLATED.finditer(text) if match["filled"])


def line_of(data: Any) -> Line:
    """The words of a command or an entrypoint, which is a list of them or a text."""
    if isinstance(data, str):
        return split_line(data)
    items = data if isinstance(data, list) else []
    return Line(tuple(word_of(list(parts_of(item))) for item in items if isinstance(item, str)))


def split_line(text: str) -> Line:
    """Split a text into words as Compose does. One with an open quote stays whole."""
    splitter = Splitter()
    place = 0
    while match := PIECE.match(text, place):
        place = splitter.take(match)
    if splitter.quote:
        whole = left_alone(text).strip()
        return Line((Word(whole, 0, len(text), filled_in(text), whole),), wrong=OPEN)
    return Line(tuple(map(word_of, splitter.words)), tuple(dict.fromkeys(splitter.of_shell)))


class Splitter:
    """Goes through a text once from left to right. `quote` is the one that is open, or empty."""

    def __init__(self) -> None:
        self.words: list[list[Part]] = []
        self.of_shell: list[str] = []
        self.quote = ""
        self._between = True

    def take(self, match: re.Match[str]) -> int:
        """Take a piece; gives the place after it."""
        kind, piece = match.lastgroup or "", match[0]
        if kind == "blank" and not self.quote:
            self._between = True
            return match.end()
        if self._between:
            self.words.append([])
            self._between = False
        if kind == "quote" and self.quote in ("", piece):
            self.quote = "" if self.quote else piece
        elif kind == "escaped" and self.quote == "'":
            self._add("\\")
            return match.start() + 1
        else:
            self._take_text(kind, piece)
        return match.end()

    def _take_text(self, kind: str, piece: str) -> None:
        if kind == "escaped":
            self._add(ESCAPES.get(piece, piece[1:]))
        elif kind == "filled":
            self._add(piece, Kind.LIVE)
        else:
            if kind == "of_shell" and not self.quote:
                self.of_shell.append(piece)
            self._add("$" if kind == "dollar" else piece)

    def _add(self, text: str, kind: Kind = Kind.TEXT) -> None:
        add_part(self.words[-1], text, kind)


def word_of(parts: Sequence[Part]) -> Word:
    """A word of its parts."""
    text = "".join(text for text, _ in parts)
    return Word(text, 0, len(text), tuple(text for text, kind in parts if kind is Kind.LIVE), written(parts, False))


def parts_of(text: str) -> Iterator[Part]:
    """A text as parts of a word, of which some are filled in."""
    place = 0
    for match in INTERPOLATED.finditer(text):
        yield text[place : match.start()], Kind.TEXT
        yield (match[0], Kind.LIVE) if match["filled"] else ("$", Kind.TEXT)
        place = match.end()
    yield text[place:], Kind.TEXT
