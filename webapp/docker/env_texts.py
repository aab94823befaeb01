"""Variables as one text: the `.env` dialect of Docker Compose, read and written.

Source: docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax, and where it is
silent the parser of Compose itself (github.com/compose-spec/compose-go, dotenv/parser.go). Nothing is filled in.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from webapp.docker.variables import VariableNameError, check_variable_name

NAME = re.compile(r"[^\S\n]*(?:export[^\S\n]+)?(?P<name>[\w.\[\]-]+)[^\S\n]*[=:]")
EMPTY = re.compile(r"[^\S\n]*(?:#[^\n]*)?(?:\n|\Z)")
BLANKS = re.compile(r"[^\S\n]*")
QUOTED = {
    "'": re.compile(r"'((?:[^'\\]|\\.)*+)'", re.DOTALL),
    '"': re.compile(r'"((?:[^"\\]|\\.)*+)"', re.DOTALL),
}
ESCAPED = re.compile(r"\\(0[0-3][0-7]{2}|.)", re.DOTALL)
ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", '"': '"', "\\": "\\", "$": "$"}
# What Compose would fill in, and $$, of which it would make one $; escaped in double quotes it is neither.
FILLED = re.compile(r"\\.|(?P<filled>\$(?:[A-Za-z_{$]))", re.DOTALL)

# What reads back as it is without quotes, and what does in single quotes.
BARE = re.compile(r"""[^\s'"\\$\#]+(?:[ ][^\s'"\\$\#]+)*""")
LITERAL = re.compile(r"[^'\\\r]*")
TO_ESCAPE = re.compile(r'["\\$\r]')

NO_LINE = "The line must be a name, = and a value, for example APP_ENV=test"
OPEN = "The quote must be closed"
TRAILING = "There must be nothing but a comment after the closing quote"


class EnvError(ValueError):
    """A variable can't be written into a text; the message says what must be changed."""


@dataclass(frozen=True)
class EnvRow:
    """A variable. The value may be a secret, so it is not in the repr."""

    key: str
    value: str = field(repr=False)


@dataclass(frozen=True)
class Remark:
    """What is to be said of a line, counted from 1. It never repeats a value."""

    line: int
    text: str


@dataclass(frozen=True)
class EnvText:
    """A text taken apart: all variables in their order; the lines that can't be read; what to know of the others."""

    rows: tuple[EnvRow, ...] = ()
    unread: tuple[Remark, ...] = ()
    remarks: tuple[Remark, ...] = ()


def parse_env(text: str) -> EnvText:
    """Take a `.env` text apart. It raises nothing: what can't be read is told by its line, and the rest is read.

    A name that is there twice is read twice, with a remark. `$NAME`, `${NAME}` and `$$` stand as typed, with a remark
    where Compose would replace them.
    """
    return EnvReader(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")).read()


def format_env(rows: Iterable[EnvRow]) -> str:
    """Write variables as a text that `parse_env` and Compose read back to the same. Raises `EnvError`."""
    return "".join(f"{checked_key(row.key)}={format_value(row.value)}\n" for row in rows)


def checked_key(key: str) -> str:
    """Give a name that can be written. Raises `EnvError`."""
    try:
        check_variable_name(key)
    except VariableNameError as error:
        raise EnvError(str(error)) from None
    return key


def format_value(value: str) -> str:
    """Write a value without quotes where it can be, in single quotes where it must, else in double quotes."""
    if not value or BARE.fullmatch(value):
        return value
    if LITERAL.fullmatch(value):
        return f"'{value}'"
    return '"' + TO_ESCAPE.sub(lambda match: "\\r" if match[0] == "\r" else f"\\{match[0]}", value) + '"'


class EnvReader:
    """Goes through a text once, from top to bottom."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0
        self._line = 1
        self._rows: list[EnvRow] = []
        self._lines: dict[str, int] = {}
        self._unread: list[Remark] = []
        self._remarks: list[Remark] = []

    def read(self) -> EnvText:
        """Give all that is in the text."""
        while self._place < len(self._text):
            empty = EMPTY.match(self._text, self._place)
            end = empty.end() if empty else self._read_row()
            self._line += self._text.count("\n", self._place, end)
            self._place = end
        return EnvText(tuple(self._rows), tuple(self._unread), tuple(self._remarks))

    def _read_row(self) -> int:
        """Read what begins at this line; gives the place of the first line after it."""
        name = NAME.match(self._text, self._place)
        if not name:
            return self._refuse(NO_LINE)
        start = name.end()
        blanks = BLANKS.match(self._text, start)
        quote = blanks.end() if blanks else start
        if self._text[quote : quote + 1] in QUOTED:
            return self._read_quoted(name["name"], quote)
        end = self._line_end(start)
        value = self._text[start:end].partition(" #")[0].strip()
        self._add(name["name"], value, value)
        return end

    def _read_quoted(self, key: str, start: int) -> int:
        mark = self._text[start]
        quoted = QUOTED[mark].match(self._text, start)
        if not quoted:
            # The rest holds no such quote at all, so this looks through it once for each kind of quote.
            return self._refuse(OPEN)
        rest = EMPTY.match(self._text, quoted.end())
        if not rest:
            self._refuse(TRAILING)
            return self._line_end(quoted.end())
        if mark == "'":
            self._add(key, ESCAPED.sub(lambda match: "'" if match[1] == "'" else match[0], quoted[1]), "")
        else:
            self._add(key, ESCAPED.sub(unescaped, quoted[1]), quoted[1])
        return rest.end()

    def _add(self, key: str, value: str, filled: str) -> None:
        """Add a variable, if its name can be taken; Compose would fill in what is in `filled`."""
        try:
            check_variable_name(key)
        except VariableNameError as error:
            self._refuse(str(error))
            return
        if key in self._lines:
            text = f"{key} is there already, on line {self._lines[key]}: both are filled in, and one has to go"
            self._remarks.append(Remark(self._line, text))
        if any(match["filled"] for match in FILLED.finditer(filled)):
            self._remarks.append(Remark(self._line, f"{key} has a $ that Compose would replace: it stands as typed"))
        self._lines[key] = self._line
        self._rows.append(EnvRow(key, value))

    def _refuse(self, text: str) -> int:
        self._unread.append(Remark(self._line, text))
        return self._line_end(self._place)

    def _line_end(self, place: int) -> int:
        end = self._text.find("\n", place)
        return len(self._text) if end < 0 else end + 1


def unescaped(match: re.Match[str]) -> str:
    """What an escape in double quotes stands for; one that Compose does not know stands for itself."""
    if len(match[1]) > 1:
        return chr(int(match[1], 8))
    return ESCAPES.get(match[1], match[0])
