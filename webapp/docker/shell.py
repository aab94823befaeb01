"""Command lines taken apart into words, and words put together to commands, by the rules of a POSIX shell.

Nothing is run and nothing is filled in: what a shell would put in its place stands as typed, and the word tells of it.
In a text of cmd or PowerShell a backslash is an ordinary character; ^ or ` takes its place.
Source: "Shell Command Language" of POSIX (pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html).
"""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from webapp.docker.secrets import holds_secret

# What people take for a blank; to a shell only the first two are.
BLANK = r"[ \t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]"
HIDDEN = r"[\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
CURLY = r"[\u2018-\u201f]"
# What stands for a text that is still to be put in, such as <your folder>. In `<a >b` are two redirections.
PLACEHOLDER = r"""(?<!<)<[A-Za-z](?:[^\s<>|&;()'"$`][^<>|&;()'"$`\n]{0,60}(?<!\s))?>"""
VARIABLE = r"\$(?:[A-Za-z_][A-Za-z0-9_]*|[0-9@*\#?$!-])"
# A variable of cmd. Two hexadecimal digits are a character of an address, as in %C3%A9; one letter between two % could
# be a format, as in %H%M, unless it is all that there is.
PERCENT = r"""%(?:(?i:cd)|(?![0-9A-Fa-f]{2}%)[A-Za-z_]\w+)%|(?<![^\s="'])%[A-Za-z]%(?![^\s"'])"""
FILLED = rf"\$\(|\$\{{|`|{VARIABLE}|{PERCENT}"
NEVER = r"(?!)"
FILLED_IN_WINDOWS = rf"\$\(|\$\{{|\$(?i:env):[A-Za-z_]\w*|{VARIABLE}|{PERCENT}"


def outside_quotes(goes_on: str, filled: str, escaped: str, quote: str) -> re.Pattern[str]:
    """What a text is made of: what makes a line go on, what is filled in, what takes a character as it is, and what is
    a quote in quotes."""
    return re.compile(
        rf"""(?P<goes_on>{goes_on}{BLANK}*(?:\n|\Z))
          | (?P<blank>{BLANK}+)
          | (?P<placeholder>{PLACEHOLDER})
          | (?P<operator>[|&;()<>\n])
          | (?P<quoted>'(?:[^']++|{quote})*+')
          | (?P<ansi>\$'(?:[^'\\]|\\.)*+')
          | (?P<single>\$?')
          | (?P<double>\$?")
          | (?P<filled>{filled})
          | (?P<escaped>{escaped})
          | (?P<comment>\#)
          | (?P<home>~)
          | (?P<glob>[*?])
          | (?P<curly>{CURLY})
          | (?P<hidden>{HIDDEN})
          | (?P<plain>[A-Za-z0-9_./:=,@+-]+|.)""",
        re.VERBOSE | re.DOTALL,
    )


def inside_quotes(goes_on: str, filled: str, escaped: str) -> re.Pattern[str]:
    """What a text in double quotes is made of."""
    return re.compile(
        rf"""(?P<goes_on>{goes_on})
          | (?P<filled>{filled})
          | (?P<escaped>{escaped})
          | (?P<double>")
          | (?P<plain>[^\\`"$%]+|.)""",
        re.VERBOSE | re.DOTALL,
    )


SH = (outside_quotes(r"\\", FILLED, r"\\.", NEVER), inside_quotes(r"\\\n", FILLED, r'\\[$`"\\]'))
WINDOWS = (
    outside_quotes(r"[\^`]", FILLED_IN_WINDOWS, r"`.|\^[&|<>^%]", "''"),
    inside_quotes(r"`\n", FILLED_IN_WINDOWS, r'`[$`"]|\\"|""'),
)
# A line that goes on with ^ or `, the prompt of PowerShell or cmd, or a folder: of a drive, in one that is filled in,
# or in the one that one is in; or a variable of PowerShell: in `app-$env:latest` is one of a shell.
OF_WINDOWS = re.compile(
    rf"""(?<={BLANK})[\^`]{BLANK}*(?:\n|\Z)
      | ^[ \t]*(?:PS[ ])?[A-Za-z]:\\[^>\n]{{0,200}}>
      | (?<=[\s="'])[A-Za-z]:\\(?=\w)
      | (?:%\w{{1,64}}%|\$\{{?(?i:pwd)\}}?|\$(?i:env):\w{{1,64}}|\$\((?i:pwd)\))\\(?=[\w.])
      | (?<=[\s="'])\.{{1,2}}(?:\\[\w.-]{{1,100}}){{1,20}}:/
      | (?:^|(?<=[\s="']))\$(?i:env):[A-Z]""",
    re.MULTILINE | re.VERBOSE,
)
# What PowerShell's sign is in front of seldom: in a shell two of them stand around a command.
OTHER_BACKQUOTE = re.compile(r"\\`|`(?![\"$`\n])")
GOES_ON_IN_SH = re.compile(rf"\\{BLANK}*\n")
INSIDE_COMMAND = re.compile(r"""\\.|'[^']*'|\$\(|[()"]""", re.DOTALL)
BACKQUOTED = re.compile(r"`(?:[^`\\]|\\.)*+`", re.DOTALL)
# A command that does nothing, such as `#optional`: POSIX 2.6.5 makes no word of it.
NOTHING = re.compile(r"`\s*(?:#[^\n]*)?`|\$\(\s*\)")
NAME_ALONE = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")
NAME_GOES_ON = re.compile(r"[A-Za-z0-9_]")
LIVE = ("$", "`")
TO_ESCAPE = re.compile(r'[\\"$`]')
# What a pattern or a list in braces is made of, beside letters and the like.
OF_PATTERNS = frozenset("[]{}!^")
TO_QUOTE = re.compile(r"[^A-Za-z0-9_./:=,@+-]")
# A row in braces, such as {1..9} or {a..e..2}.
ROW = re.compile(r"[A-Za-z0-9+-]{1,20}\.\.[A-Za-z0-9+-]{1,20}(?:\.\.[0-9+-]{1,20})?")
# What stands in place of what is in quotes or is filled in, where a pattern is looked for.
QUOTED = "\N{HORIZONTAL ELLIPSIS}"
# After these a quote may open within a word.
BEFORE_QUOTES = frozenset("=:,([{")
SHELLS = frozenset({"sh", "/bin/sh"})

# The escapes of $'…' (POSIX.1-2024, 2.2.4).
BYTE = r"\\(?:[0-7]{1,3}|x[0-9A-Fa-f]{1,2})"
ANSI = re.compile(rf"((?:{BYTE})+)|\\u([0-9A-Fa-f]{{1,4}})|\\U([0-9A-Fa-f]{{1,8}})|\\c(.)|\\(.)", re.DOTALL)
ANSI_NAMED = {"a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
STANDS_ALONE = frozenset("\\'\"?")
HIGHEST = 0x10FFFF
UNREADABLE = "\ufffd"

# What stands as a word where the break of a line was, or is written out.
LINE_ENDS = frozenset({"^", r"\n", r"\r\n"})

CURLY_QUOTES = "The quotes must be straight, ' or \": curly ones are letters to a shell"
LOST_LINES = "Each {} must be at the end of its line: the line breaks are lost"
INVISIBLE = "The command must have no invisible characters: there is U+{:04X} in it"
STANDS_FOR = "Enter what {} stands for, in its place"


class CommandError(ValueError):
    """A command can't be read; the message says what it must be, and on which line if it is one place."""


class LeftOpen(Exception):
    """Something opens at a place of the text and is not closed."""

    def __init__(self, thing: str, place: int) -> None:
        super().__init__(thing, place)
        self.thing = thing
        self.place = place


@dataclass(frozen=True)
class Word:
    """A word as the shell passes it on, its place in the text, and what in it the shell would have filled in.

    `written` is the word as it stands in a shell text, where that is filled in after all. A `pattern` is one of names
    of files, which a shell puts in its place. `flaw` says what keeps a command from being read that has the word in it;
    in a text around the command it does no harm.
    """

    text: str = field(repr=False)
    start: int
    end: int
    filled: tuple[str, ...] = field(default=(), repr=False)
    written: str = field(default="", repr=False)
    flaw: str = field(default="", repr=False)
    pattern: bool = False


@dataclass(frozen=True)
class Operator:
    """A character that ends a command or leads its output elsewhere: one of | & ; ( ) < > or a line end."""

    text: str
    start: int


Token = Word | Operator


class Kind(Enum):
    """How a part of a word is written: in whichever quotes; the same, but in none where it makes a pattern; in double
    quotes, where it is filled in; or in none."""

    TEXT = "text"
    PLAIN = "plain"
    LIVE = "live"
    BARE = "bare"


Part = tuple[str, Kind]


def is_of_windows(text: str) -> bool:
    """Whether a text was written for cmd or PowerShell."""
    quoted = '`"' in text and not OTHER_BACKQUOTE.search(text)
    return (quoted or bool(OF_WINDOWS.search(text))) and not GOES_ON_IN_SH.search(text)


def shell_text(args: Sequence[str], written: Sequence[str] = ()) -> str:
    """Write words as one shell text, quoted where needed; `written` are the same words where each is written already.

    `sh -c` with a script and nothing more gives the script itself: a shell runs the text anyway. Any other shell, flag
    or further word stays as it is, since it could mean something else.
    """
    if len(args) == 3 and args[0] in SHELLS and args[1] == "-c":
        return args[2]
    return " ".join(written) if written else shlex.join(args)


def written(parts: Sequence[Part], pattern: bool) -> str:
    """Write the parts of a word, of which a shell makes other words where it is a `pattern`."""
    pieces: list[str] = []
    together: list[Part] = []
    for text, kind in [*parts, ("", Kind.BARE)]:
        if kind is not Kind.BARE and not (pattern and kind is Kind.PLAIN):
            together.append((text, kind))
            continue
        if together:
            pieces.append(quoted(together, always=pattern))
            together = []
        pieces.append(text)
    return "".join(pieces) or "''"


def quoted(parts: Sequence[Part], always: bool) -> str:
    """Write parts in quotes: in double ones where any of them is filled in, else in none where none are needed, unless
    `always`."""
    if all(kind is not Kind.LIVE for _, kind in parts):
        text = "".join(text for text, _ in parts)
        return f"'{text}'" if always and "'" not in text else shlex.quote(text)
    return '"' + "".join(text if kind is Kind.LIVE else TO_ESCAPE.sub(r"\\\g<0>", text) for text, kind in parts) + '"'


def add_part(parts: list[Part], text: str, kind: Kind) -> None:
    """Add a part to those of a word."""
    last = parts[-1][0] if parts and parts[-1][1] is Kind.LIVE else ""
    # "$A"b is not $Ab.
    if NAME_GOES_ON.match(text) and (name := NAME_ALONE.fullmatch(last)):
        parts[-1] = (f"${{{name[1]}}}", Kind.LIVE)
    parts.append((text, kind))


def makes_pattern(parts: Sequence[Part], unquoted: str) -> bool:
    """Whether a word is a pattern of names of files: it has * or ?, or characters in square brackets."""
    if any(kind is Kind.BARE and text in ("*", "?") for text, kind in parts):
        return True
    return unquoted.rfind("]") > unquoted.find("[") + 1 > 0


def lists_in(unquoted: str) -> tuple[str, ...]:
    """The lists and rows in braces of which bash makes several words, such as {a,b} and {1..9}."""
    found: list[tuple[int, int]] = []
    # Where each open brace is, and whether there is a comma in it.
    opened: list[list[int]] = []
    for place, char in enumerate(unquoted):
        if char == "{":
            opened.append([place, False])
        elif char == "," and opened:
            opened[-1][1] = True
        elif char == "}" and opened:
            start, listed = opened.pop()
            if listed or ROW.fullmatch(unquoted, start + 1, place):
                found.append((start, place + 1))
    outer: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if not outer or start >= outer[-1][1]:
            outer.append((start, end))
    return tuple(unquoted[start:end] for start, end in outer)


def outline(parts: Sequence[Part]) -> str:
    """A word with a mark in place of what is in quotes or is filled in."""
    return "".join(text if kind in (Kind.PLAIN, Kind.BARE) else QUOTED * bool(text) for text, kind in parts)


def ansi_text(text: str) -> str:
    """What stands between $' and '."""
    return ANSI.sub(ansi_character, text)


def ansi_character(match: re.Match[str]) -> str:
    """What an escape in $'…' stands for; what there is no character for can't be read."""
    if match[1]:
        codes = (piece[1:] for piece in re.findall(BYTE, match[1]))
        values = bytes((int(code[1:], 16) if code[0] == "x" else int(code, 8)) & 0xFF for code in codes)
        return values.decode(errors="replace").replace("\0", UNREADABLE)
    if match[2] or match[3]:
        code = int(match[2] or match[3], 16)
        readable = 0 < code <= HIGHEST and not 0xD800 <= code <= 0xDFFF
        return chr(code) if readable else UNREADABLE
    if match[4]:
        return chr(ord(match[4]) & 0x1F) if match[4].isascii() else UNREADABLE
    return ANSI_NAMED.get(match[5], match[5] if match[5] in STANDS_ALONE else match[0])


def is_plain(text: str) -> bool:
    """Whether a piece of a word means itself to a shell, but for what it makes of patterns."""
    return text in OF_PATTERNS or not TO_QUOTE.match(text)


def text_of(kind: str, piece: str) -> str:
    """A piece of a word without its quotes."""
    if kind == "ansi":
        return ansi_text(piece[2:-1])
    return {"quoted": piece[1:-1].replace("''", "'"), "escaped": piece[1:]}.get(kind, piece)


class Splitter:
    """Goes through a text, or the part of it from `start` to `end`, once from left to right."""

    def __init__(self, text: str, of_windows: bool, start: int = 0, end: int | None = None) -> None:
        self._text = text
        self._place = start
        self._limit = len(text) if end is None else end
        self._of_windows = of_windows
        self._outside, self._inside = WINDOWS if of_windows else SH
        self._tokens: list[Token] = []
        self._begin()

    def split_line(self) -> tuple[list[Token], int]:
        """Give the words and operators of one line, which a quote may lead on to the next, and the place of its end.

        Raises `CommandError`.
        """
        try:
            return self._line()
        except LeftOpen as error:
            raise self._left_open_error(error) from None

    def split_roughly(self) -> tuple[list[Token], int]:
        """The same; what is open goes up to the end."""
        try:
            return self._line()
        except LeftOpen:
            start = self._limit if self._start is None else self._start
            return [*self._tokens, Word(self._text[start : self._limit], start, self._limit)], self._limit

    def _line(self) -> tuple[list[Token], int]:
        while self._step():
            last = self._tokens[-1] if self._tokens else None
            if isinstance(last, Operator) and last.text == "\n":
                return self._tokens[:-1], last.start
        self._end_word(self._limit)
        return self._tokens, self._limit

    def _step(self) -> bool:
        place = self._place
        match = self._outside.match(self._text, place, self._limit)
        if not match:
            return False
        kind = match.lastgroup or ""
        if kind in ("blank", "operator"):
            self._end_word(place)
        if kind == "operator":
            self._end_command(match[0], place)
        if kind == "comment" and self._start is None:
            end = self._text.find("\n", place, self._limit)
            self._place = self._limit if end < 0 else end
        elif kind in ("blank", "operator", "goes_on"):
            self._place = match.end()
        else:
            self._place = self._take(kind, match)
        return True

    def _begin(self) -> None:
        self._start: int | None = None
        self._parts: list[Part] = []
        self._filled: list[str] = []
        self._flaw = ""
        # Whether there is anything that makes a word, be it an empty pair of quotes.
        self._solid = False

    def _end_word(self, end: int) -> None:
        if self._start is not None and self._solid:
            text = "".join(part for part, _ in self._parts)
            if (sign := self._text[self._start : end]) in LINE_ENDS:
                self._find_flaw(LOST_LINES.format(sign[0]))
            unquoted = outline(self._parts)
            # Few words have any, and each character is looked at.
            lists = lists_in(unquoted) if "}" in unquoted else ()
            pattern = makes_pattern(self._parts, unquoted)
            filled, shell = (*self._filled, *lists), written(self._parts, pattern or bool(lists))
            self._tokens.append(Word(text, self._start, end, filled, shell, self._flaw, pattern=pattern))
        self._begin()

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
        if kind == "filled":
            return self._take_filled(match)
        self._solid = True
        if kind == "double":
            return self._take_quoted(match)
        if kind == "single":
            raise LeftOpen("quote", match.start())
        self._look_for_flaws(kind, match, begins)
        if kind == "home" and begins:
            self._filled.append("~")
            self._add("~", Kind.BARE)
        elif kind == "glob":
            self._add(match[0], Kind.BARE)
        else:
            plain = kind == "plain" and not self._of_windows and is_plain(match[0])
            self._add(text_of(kind, match[0]), Kind.PLAIN if plain else Kind.TEXT)
        return match.end()

    def _look_for_flaws(self, kind: str, match: re.Match[str], begins: bool) -> None:
        """Tell what no shell would find wrong, and is."""
        if kind == "curly" and (begins or self._text[match.start() - 1] in BEFORE_QUOTES):
            self._find_flaw(CURLY_QUOTES)
        elif kind == "hidden":
            self._find_flaw(INVISIBLE.format(ord(match[0])))
        elif kind == "placeholder":
            self._find_flaw(STANDS_FOR.format("<…>" if holds_secret(match[0]) else match[0]))
        elif kind == "escaped" and begins and match[0][1:].isspace():
            self._find_flaw(LOST_LINES.format(match[0][0]))

    def _find_flaw(self, flaw: str) -> None:
        self._flaw = self._flaw or flaw

    def _add(self, text: str, kind: Kind = Kind.TEXT) -> None:
        add_part(self._parts, text, kind)

    def _take_quoted(self, opening: re.Match[str]) -> int:
        place = opening.end()
        while match := self._inside.match(self._text, place, self._limit):
            place = match.end()
            if match.lastgroup == "double":
                return place
            if match.lastgroup == "filled":
                place = self._take_filled(match)
            elif match.lastgroup != "goes_on":
                self._add(match[0][1:] if match.lastgroup == "escaped" else match[0])
        raise LeftOpen("quote", opening.start())

    def _take_filled(self, match: re.Match[str]) -> int:
        start, end = match.start(), match.end()
        if match[0] == "$(":
            end = self._command_end(end)
        elif match[0] == "${":
            end = self._text.find("}", end, self._limit) + 1
        elif match[0] == "`":
            command = BACKQUOTED.match(self._text, start, self._limit)
            end = command.end() if command else 0
        if not end:
            raise LeftOpen(match[0], start)
        thing = self._text[start:end]
        if NOTHING.fullmatch(thing):
            return end
        self._solid = True
        if thing.startswith("` -"):
            self._find_flaw(LOST_LINES.format("`"))
        # What cmd and PowerShell call their variables means nothing to a shell.
        self._add(thing, Kind.LIVE if thing.startswith(LIVE) and ":" not in match[0] else Kind.TEXT)
        self._filled.append(thing)
        return end

    def _command_end(self, place: int) -> int:
        """Find the place after the bracket that closes a command, or 0. A list of what is open, since it may nest."""
        opened = [")"]
        while opened and (match := INSIDE_COMMAND.search(self._text, place, self._limit)):
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

    def _left_open_error(self, error: LeftOpen) -> CommandError:
        line = self._text.count("\n", 0, error.place) + 1
        return CommandError(f"The {error.thing} that opens on line {line} must be closed")
