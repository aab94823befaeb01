"""Variables as one text: the `.env` dialect of Docker Compose, read and written.

Source: docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax, and where it is
silent the parser of Compose itself (github.com/compose-spec/compose-go, dotenv/parser.go). Nothing is filled in.
A list of variables out of a YAML file is read too: its heading, its dashes, and a name and its value on a line each.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from webapp.docker.secrets import holds_secret, stands_for_something
from webapp.docker.texts import unnumbered
from webapp.docker.variables import VariableNameError, check_variable_name

NAME = re.compile(
    r"(?P<dash>[^\S\n]*-[^\S\n]++)?[^\S\n]*(?:export[^\S\n]+)?(?P<name>[\w.\[\]-]+)[^\S\n]*(?P<sign>[=:])"
)
# A name without a value, which is a shell's: as people write such names, so that no line of a key or a text is one.
NAME_ALONE = re.compile(
    r"""[^\S\n]*(?:-[^\S\n]+)?(?:
          export[^\S\n]+(?P<exported>[A-Za-z_]\w{0,63})
        | (?P<alone>[A-Z][A-Z0-9_]{0,63} | [a-z][a-z0-9]{0,31}_[a-z0-9_]{1,31})
        )[^\S\n]*(?:\#[^\n]*)?(?:\n|\Z)""",
    re.VERBOSE | re.ASCII,
)
# Of YAML: a heading, and the line below it; an item in quotes; a value that begins on the next line.
HEADING = re.compile(r"(?P<blanks>[^\S\n]*)(?P<name>[\w.-]+):[^\S\n]*(?:#[^\n]*)?\n")
BELOW = re.compile(r"(?:[^\S\n]*(?:#[^\n]*)?\n)*+(?P<blanks>[^\S\n]*)(?P<dash>-[^\S\n])?(?=\S)")
ITEM = re.compile(r"[^\S\n]*-[^\S\n]+(?=['\"])")
ITEM_PARTS = re.compile(r"(?P<name>[\w.\[\]-]+)(?:=(?P<value>.*))?", re.DOTALL)
BLOCKS = frozenset({"|", "|-", "|+", ">", ">-", ">+"})
# What YAML says where nothing is set.
NULLS = frozenset({"~", "null", "Null", "NULL"})
# The fields of an item that has the name and the value of a variable on lines of their own.
ITEM_NAMES = ("key", "name")
USUAL = frozenset({"", "VAR", "false"})
ITEM_FIELDS = frozenset({"description", "encrypted", "settable", "type"})
EMPTY = re.compile(r"[^\S\n]*(?:#[^\n]*)?(?:\n|\Z)")
BLANKS = re.compile(r"[^\S\n]*")
QUOTED = {
    "'": re.compile(r"'((?:[^'\\]|\\.)*+)'", re.DOTALL),
    '"': re.compile(r'"((?:[^"\\]|\\.)*+)"', re.DOTALL),
}
# A key or certificate as OpenSSL writes it: of several lines, which nobody puts in quotes.
PEM = re.compile(
    r"""-----BEGIN\ (?P<kind>[A-Z0-9 ]{1,40})-----[^\S\n]*\n
        (?:(?![^\S\n]*-----)[^\n]*\n)*+
        [^\S\n]*-----END\ (?P=kind)-----[^\S\n]*(?:\n|\Z)""",
    re.VERBOSE,
)
PEM_OPEN = re.compile(r"[^\S\n]*(?:-[^\S\n]+)?-----BEGIN [A-Z0-9 ]{1,40}-----[^\S\n]*(?:\n|\Z)")
# A value as a chat program writes the quotes around it.
IN_CURLY = re.compile(r"[\u2018-\u201f].*[\u2018-\u201f]")
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
BLOCK = "The value must be on the line of its name, or in quotes"
IN_SHELL = "the value of {} is in your own shell: type it"
STANDS_FOR = "the value of {} stands for something: type it"
CURLY = "the quotes around the value of {} are curly, and stand in it as letters do: type straight ones"
IS_HEADING = "{}: is the heading of a list in YAML: what is below it is read"
NOT_READ = "{} is not read: set it below"
UNENDED = "The value must end with a line -----END, or be in quotes"
ENDED = "the value of {} goes on up to its line -----END"
TRAILING = "There must be nothing but a comment after the closing quote"


class EnvError(ValueError):
    """A variable can't be written into a text; the message says what must be changed."""


@dataclass(frozen=True)
class EnvRow:
    """A variable; the value is None where it is in the shell of a person. It may be a secret: it is not in the repr."""

    key: str
    value: str | None = field(repr=False)


@dataclass(frozen=True)
class Remark:
    """What is to be said of a line, counted from 1. It never repeats a value."""

    line: int
    text: str


@dataclass(frozen=True)
class EnvText:
    """A text taken apart: all variables in their order; the lines that can't be read; what to know of the others.

    `rest` is the text of the lines that can't be read, each on its line: the others are empty.
    """

    rows: tuple[EnvRow, ...] = ()
    unread: tuple[Remark, ...] = ()
    remarks: tuple[Remark, ...] = ()
    rest: str = field(default="", repr=False)


@dataclass
class Item:
    """An item of YAML with the name and the value of a variable on lines of their own: the name, what is wrong with it,
    and whether the value has come."""

    name: str
    line: int
    wrong: str
    valued: bool = False


def parse_env(text: str) -> EnvText:
    """Take a `.env` text apart. It raises nothing: what can't be read is told by its line, and the rest is read.

    A name that is there twice is read twice, with a remark. `$NAME`, `${NAME}` and `$$` stand as typed, with a remark
    where Compose would replace them.
    """
    return EnvReader(unnumbered(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))).read()


def format_env(rows: Iterable[EnvRow]) -> str:
    """Write variables as a text that `parse_env` and Compose read back to the same. Raises `EnvError`."""
    return "".join(map(format_row, rows))


def format_row(row: EnvRow) -> str:
    """Write one variable as a line. Raises `EnvError`."""
    key = checked_key(row.key)
    return f"export {key}\n" if row.value is None else f"{key}={format_value(row.value)}\n"


def checked_key(key: str) -> str:
    """Give a name that can be written. Raises `EnvError`."""
    try:
        check_variable_name(key)
    except VariableNameError as error:
        raise EnvError(str(error)) from None
    return key


def format_value(value: str) -> str:
    """Write a value without quotes where it can be, in single quotes where it must, else in double quotes."""
    if not value or (BARE.fullmatch(value) and not value.startswith("<")):
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
        self._rest: list[str] = []
        self._item: Item | None = None

    def read(self) -> EnvText:
        """Give all that is in the text."""
        while self._place < len(self._text):
            unread = len(self._unread)
            empty = EMPTY.match(self._text, self._place)
            end = empty.end() if empty else self._read_row()
            lines = self._text.count("\n", self._place, end)
            self._rest.append(self._text[self._place : end] if len(self._unread) > unread else "\n" * lines)
            self._line += lines
            self._place = end
        self._end_item()
        rest = "".join(self._rest).rstrip("\n") if self._unread else ""
        return EnvText(tuple(self._rows), tuple(self._unread), tuple(self._remarks), rest)

    def _read_row(self) -> int:
        """Read what begins at this line; gives the place of the first line after it."""
        if item := ITEM.match(self._text, self._place):
            return self._read_item(item.end())
        if heading := self._heading():
            self._end_item()
            self._remarks.append(Remark(self._line, IS_HEADING.format(heading["name"])))
            return heading.end()
        name = NAME.match(self._text, self._place)
        if not name:
            return self._read_alone()
        if name["dash"]:
            self._end_item()
        blanks = BLANKS.match(self._text, name.end())
        quote = blanks.end() if blanks else name.end()
        if self._text[quote : quote + 1] in QUOTED:
            return self._read_quoted(name, quote)
        return self._read_pem(name, quote) if PEM_OPEN.match(self._text, quote) else self._read_bare(name)

    def _read_bare(self, name: re.Match[str]) -> int:
        """Read a value in no quotes."""
        end = self._line_end(name.end())
        value = self._text[name.end() : end].partition(" #")[0].strip()
        if value in BLOCKS and name["sign"] == ":" and self._is_deeper(end, name.start()):
            return self._refuse(BLOCK, self._block_end(end))
        self._take(name, None if name["sign"] == ":" and value in NULLS else value, value, bare=True)
        return end

    def _heading(self) -> re.Match[str] | None:
        """The heading that this line is, if what is below it belongs to it."""
        heading = HEADING.match(self._text, self._place)
        return heading if heading and self._is_deeper(heading.end(), self._place) else None

    def _is_deeper(self, below: int, line: int) -> bool:
        """Whether what is below belongs to a line of YAML: it is further in, or an item of a list."""
        here, there = BLANKS.match(self._text, line), BELOW.match(self._text, below)
        if not here or not there:
            return False
        return len(there["blanks"]) > len(here[0]) or (
            there["dash"] is not None and len(there["blanks"]) == len(here[0])
        )

    def _block_end(self, place: int) -> int:
        """Where ends what is further in than this line."""
        here = BLANKS.match(self._text, self._place)
        depth = len(here[0]) if here else 0
        while place < len(self._text):
            blanks = BLANKS.match(self._text, place)
            deeper = blanks is not None and len(blanks[0]) > depth
            if not deeper and not EMPTY.match(self._text, place):
                break
            place = self._line_end(place)
        return place

    def _read_alone(self) -> int:
        """Read a name whose value is in the shell of a person."""
        if PEM_OPEN.match(self._text, self._place):
            return self._refuse(NO_LINE, self._pem_end(self._place) or len(self._text))
        match = NAME_ALONE.match(self._text, self._place)
        if not match or holds_secret(match["alone"] or match["exported"]):
            return self._refuse(NO_LINE)
        self._add(match["alone"] or match["exported"], None, "")
        return match.end()

    def _read_item(self, start: int) -> int:
        """Read an item that is quoted as a whole, such as - "A=b"."""
        self._end_item()
        mark = self._text[start]
        quoted = QUOTED[mark].match(self._text, start)
        if not quoted:
            return self._refuse(OPEN, len(self._text))
        rest = EMPTY.match(self._text, quoted.end())
        parts = ITEM_PARTS.fullmatch(self._unquoted(mark, quoted[1]))
        if not rest or not parts:
            return self._refuse(NO_LINE, self._line_end(quoted.end()))
        self._add(parts["name"], parts["value"], quoted[1] if mark == '"' else "")
        return rest.end()

    def _read_quoted(self, name: re.Match[str], start: int) -> int:
        mark = self._text[start]
        quoted = QUOTED[mark].match(self._text, start)
        if not quoted:
            # Whatever comes after it may be part of the value.
            return self._refuse(OPEN, len(self._text))
        rest = EMPTY.match(self._text, quoted.end())
        if not rest:
            return self._refuse(TRAILING, self._line_end(quoted.end()))
        self._take(name, self._unquoted(mark, quoted[1]), quoted[1] if mark == '"' else "")
        return rest.end()

    def _read_pem(self, name: re.Match[str], start: int) -> int:
        """Read a key or a chain of certificates that stands behind a name in no quotes."""
        end = self._pem_end(start)
        if not end:
            # Whatever comes after it may be part of the value.
            return self._refuse(UNENDED, len(self._text))
        value = "\n".join(line.strip() for line in self._text[start:end].splitlines())
        self._take(name, value, "")
        self._remarks.append(Remark(self._line, ENDED.format(name["name"])))
        return end

    def _pem_end(self, start: int) -> int:
        """Where ends what is in PEM, one block after the other; 0 where the first has no end."""
        end, blanks = 0, BLANKS.match(self._text, start)
        place = blanks.end() if blanks else start
        while block := PEM.match(self._text, place):
            end = place = block.end()
        return end

    def _unquoted(self, mark: str, text: str) -> str:
        if mark == "'":
            return ESCAPED.sub(lambda match: "'" if match[1] == "'" else match[0], text)
        return ESCAPED.sub(unescaped, text)

    def _take(self, name: re.Match[str], value: str | None, filled: str, bare: bool = False) -> None:
        """Take a name and its value, or one of the two where YAML has them on lines of their own."""
        key = name["name"]
        if name["dash"] and name["sign"] == ":" and key in ITEM_NAMES:
            self._item = Item(value or "", self._line, wrong_name(value or ""))
            if self._item.wrong:
                self._refuse(self._item.wrong)
        elif self._item and not name["dash"] and key in ITEM_FIELDS:
            if value is not None and value not in USUAL:
                self._remarks.append(Remark(self._line, NOT_READ.format(key)))
        elif self._item and not name["dash"] and key == "value":
            self._item.valued = True
            if self._item.wrong:
                self._refuse(self._item.wrong)
            else:
                self._add(self._item.name, value, filled, bare)
        else:
            self._add(key, value, filled, bare)

    def _end_item(self) -> None:
        """Take an item that came without a value."""
        if self._item and not self._item.wrong and not self._item.valued:
            self._keep(self._item.name, None, self._item.line)
        self._item = None

    def _add(self, key: str, value: str | None, filled: str, bare: bool = False) -> None:
        """Add a variable, if its name can be taken; Compose would fill in what is in `filled`. A `bare` value is in no
        quotes."""
        if wrong := wrong_name(key):
            self._refuse(wrong)
            return
        if bare and stands_for_something(key, value or ""):
            self._keep(key, None, self._line, STANDS_FOR)
            return
        if bare and IN_CURLY.fullmatch(value or ""):
            self._remarks.append(Remark(self._line, CURLY.format(key)))
        if any(match["filled"] for match in FILLED.finditer(filled)):
            self._remarks.append(Remark(self._line, f"{key} has a $ that Compose would replace: it stands as typed"))
        self._keep(key, value, self._line)

    def _keep(self, key: str, value: str | None, line: int, why: str = IN_SHELL) -> None:
        if key in self._lines:
            text = f"{key} is there already, on line {self._lines[key]}: both are filled in, and one has to go"
            self._remarks.append(Remark(line, text))
        if value is None:
            self._remarks.append(Remark(line, why.format(key)))
        self._lines[key] = line
        self._rows.append(EnvRow(key, value))

    def _refuse(self, text: str, end: int = 0) -> int:
        self._unread.append(Remark(self._line, text))
        return end or self._line_end(self._place)

    def _line_end(self, place: int) -> int:
        end = self._text.find("\n", place)
        return len(self._text) if end < 0 else end + 1


def wrong_name(key: str) -> str:
    """What is wrong with a name; an empty text where nothing is."""
    try:
        check_variable_name(key)
    except VariableNameError as error:
        return str(error)
    return ""


def unescaped(match: re.Match[str]) -> str:
    """What an escape in double quotes stands for; one that Compose does not know stands for itself."""
    if len(match[1]) > 1:
        return chr(int(match[1], 8))
    return ESCAPES.get(match[1], match[0])
