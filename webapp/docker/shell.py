"""Command lines taken apart into words, and words put together to commands, by the rules of a POSIX shell.

Nothing is run and nothing is filled in: what a shell would put in its place stands as typed, and the word tells of it.
Source: "Shell Command Language" of POSIX (pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html).
"""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field

# A line goes on after \ (sh), ^ (cmd) or ` (PowerShell). Blanks after it are a slip of the copying.
PIECE = re.compile(
    r"""(?P<goes_on>[\\^`][ \t\xa0]*(?:\n|\Z))
      | (?P<blank>[ \t\xa0]+)
      | (?P<operator>[|&;()<>\n])
      | (?P<quoted>'[^']*')
      | (?P<dressed>\$(?=['"]))
      | (?P<filled>\$\(|\$\{|`|\$(?:[A-Za-z_][A-Za-z0-9_]*|[0-9@*\#?$!-]))
      | (?P<double>")
      | (?P<single>')
      | (?P<escaped>\\.)
      | (?P<comment>\#)
      | (?P<home>~)
      | (?P<plain>[^\\^`\ \t\xa0|&;()<>\n'"$\#~]+|.)""",
    re.VERBOSE | re.DOTALL,
)
INSIDE_QUOTES = re.compile(
    r"""(?P<goes_on>\\\n)
      | (?P<filled>\$\(|\$\{|`|\$(?:[A-Za-z_][A-Za-z0-9_]*|[0-9@*\#?$!-]))
      | (?P<double>")
      | (?P<escaped>\\[$`"\\])
      | (?P<plain>[^\\`"$]+|.)""",
    re.VERBOSE | re.DOTALL,
)
INSIDE_COMMAND = re.compile(r"""\\.|'[^']*'|\$\(|[()"]""", re.DOTALL)
BACKQUOTED = re.compile(r"`(?:[^`\\]|\\.)*+`", re.DOTALL)
SHELLS = frozenset({"sh", "/bin/sh"})


class CommandError(ValueError):
    """A command can't be read; the message says what it must be, and on which line if it is one place."""


@dataclass(frozen=True)
class Word:
    """A word as the shell passes it on, its place in the text, and what in it the shell would have filled in."""

    text: str = field(repr=False)
    start: int
    end: int
    filled: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Operator:
    """A character that ends a command or leads its output elsewhere: one of | & ; ( ) < > or a line end."""

    text: str
    start: int


def split_words(text: str) -> list[Word | Operator]:
    """Take a text apart into words and operators, without comments. Raises `CommandError` where a quote is open."""
    return Splitter(text).split()


def shell_text(args: Sequence[str]) -> str:
    """Write words as one shell text, quoted where needed.

    `sh -c` with a script and nothing more gives the script itself: a shell runs the text anyway. Any other shell, flag
    or further word stays as it is, since it could mean something else.
    """
    if len(args) == 3 and args[0] in SHELLS and args[1] == "-c":
        return args[2]
    return shlex.join(args)


class Splitter:
    """Goes through a text once, from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[Word | Operator] = []
        self._start: int | None = None
        self._pieces: list[str] = []
        self._filled: list[str] = []

    def split(self) -> list[Word | Operator]:
        """Give all words and operators. Raises `CommandError`."""
        place = 0
        while match := PIECE.match(self._text, place):
            kind = match.lastgroup or ""
            if kind in ("blank", "operator"):
                self._end_word(place)
            if kind == "operator":
                self._end_command(match[0], place)
            if kind == "comment" and self._start is None:
                end = self._text.find("\n", place)
                place = len(self._text) if end < 0 else end
            elif kind in ("blank", "operator", "goes_on"):
                place = match.end()
            else:
                place = self._take(kind, match)
        self._end_word(len(self._text))
        return self._tokens

    def _end_word(self, end: int) -> None:
        if self._start is not None:
            self._tokens.append(Word("".join(self._pieces), self._start, end, tuple(self._filled)))
        self._start, self._pieces, self._filled = None, [], []

    def _end_command(self, operator: str, place: int) -> None:
        last = self._tokens[-1] if self._tokens else None
        # In 2> the number belongs to what leads elsewhere.
        if operator in "<>" and isinstance(last, Word) and last.end == place and last.text.isdecimal():
            self._tokens.pop()
            place = last.start
        self._tokens.append(Operator(operator, place))

    def _take(self, kind: str, match: re.Match[str]) -> int:
        """Add a piece to the word; gives the place after it."""
        begins = self._start is None
        if begins:
            self._start = match.start()
        if kind == "double":
            return self._take_quoted(match.start())
        if kind == "filled":
            return self._take_filled(match)
        if kind == "single":
            raise self._open("quote", match.start())
        if kind == "dressed":
            line = self._line(match.start())
            raise CommandError(f"The quote on line {line} must be without the $ in front of it")
        if kind == "home" and begins:
            self._filled.append("~")
        self._pieces.append({"quoted": match[0][1:-1], "escaped": match[0][1:]}.get(kind, match[0]))
        return match.end()

    def _take_quoted(self, start: int) -> int:
        place = start + 1
        while match := INSIDE_QUOTES.match(self._text, place):
            place = match.end()
            if match.lastgroup == "double":
                return place
            if match.lastgroup == "filled":
                place = self._take_filled(match)
            elif match.lastgroup != "goes_on":
                self._pieces.append(match[0][1:] if match.lastgroup == "escaped" else match[0])
        raise self._open("quote", start)

    def _take_filled(self, match: re.Match[str]) -> int:
        start, end = match.start(), match.end()
        if match[0] == "$(":
            end = self._command_end(end)
        elif match[0] == "${":
            end = self._text.find("}", end) + 1
        elif match[0] == "`":
            command = BACKQUOTED.match(self._text, start)
            end = command.end() if command else 0
        if not end:
            raise self._open(match[0], start)
        self._pieces.append(self._text[start:end])
        self._filled.append(self._text[start:end])
        return end

    def _command_end(self, place: int) -> int:
        """Find the place after the bracket that closes a command, or 0. A list of what is open, since it may nest."""
        opened = [")"]
        while opened and (match := INSIDE_COMMAND.search(self._text, place)):
            place = match.end()
            if match[0] == opened[-1]:
                opened.pop()
            elif match[0] == "$(" or (match[0] == "(" and opened[-1] == ")"):
                opened.append(")")
            elif match[0] == '"':
                opened.append('"')
            elif match[0][0] == "'" and opened[-1] == '"':
                place = match.start() + 1
        return 0 if opened else place

    def _open(self, thing: str, place: int) -> CommandError:
        return CommandError(f"The {thing} that opens on line {self._line(place)} must be closed")

    def _line(self, place: int) -> int:
        return self._text.count("\n", 0, place) + 1
