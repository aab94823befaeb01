"""Commands taken apart as sh and bash would take them, as far as it takes to see where variables are filled in.

What the two shells read differently, or what can't be followed for sure, raises `Unreadable`. Nothing is run.
Source: "Shell Command Language" of POSIX (pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html) and the
manual of bash.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property

DEEPEST = 10
NAME = r"[A-Za-z_][A-Za-z0-9_]*"
IDENTIFIER = re.compile(NAME)
BLANKS = re.compile(r"[ \t]+")
COMMENT = re.compile(r"#[^\n]*")
OPERATOR = re.compile(
    r"<<<|<<-|<<|<&|<>|<\(|<|>>|>&|>\||>\(|>|&>>|&>|&&|&|\|\||\|&|\||;;&|;;|;&|;|\(|\)"
)  # fmt: skip
REDIRECTIONS = frozenset({"<", ">", ">>", ">|", "<>", "<&", ">&", "<<<"})
PLAIN = re.compile(r"""[^ \t\n|&;()<>'"\\$`]+""")
IN_QUOTES = re.compile(r"""[^"\\$`]+""")
ASSIGNMENT = re.compile(rf"({NAME})\+?=")
VARIABLE = re.compile(rf"\$({NAME})")
BRACED = re.compile(rf"\$\{{({NAME})(?::?-[A-Za-z0-9_.,/ -]*)?\}}")
OTHER_BRACED = re.compile(rf"\$\{{[^'\"\\`{{}}\n$!]*(?:\${NAME}[^'\"\\`{{}}\n$]*)*\}}")
SPECIAL = re.compile(r"\$[0-9@*#?$!-]")
NO_SUM = frozenset("'\"\\`\n{}#|&;")
CLOSING = re.compile(r"[ \t]*\)")
ENDING = re.compile(r"""'([^'\n]+)'|"([^"\\$`\n]+)"|([A-Za-z0-9_.-]+)(?=[ \t\n;|&)<>]|\Z)""")
PIPES = frozenset({"|", "|&"})
# Words that begin or go on with a compound command; what follows them is a command again.
KEYWORDS = frozenset({"if", "then", "else", "elif", "while", "until", "do", "!", "{"})
BLANK = frozenset({"", " ", "\t", "\n"})
BACKQUOTED = re.compile(r"`([^`\\]*)`")
FILLED = "\0"


class Unreadable(Exception):
    """Commands can't be read for sure from a line on; `words` say what it must be."""

    def __init__(self, line: int, words: str) -> None:
        super().__init__(words)
        self.line = line
        self.words = words


@dataclass(frozen=True)
class Filling:
    """A place where a variable is filled in, in double quotes or not."""

    name: str
    line: int
    quoted: bool


@dataclass(frozen=True)
class Inner:
    """Commands whose output is filled in, in double quotes or not. `old`: written with backquotes."""

    commands: "tuple[Command, ...]"
    line: int
    quoted: bool
    old: bool = False


@dataclass
class Word:
    """A word, in the `pieces` that were read of it. `names` are those in other things that are filled in, such as sums;
    `assigns` is the variable that it sets, where it stands for that."""

    line: int
    pieces: list[str] = field(default_factory=list)
    assigns: str = ""
    fillings: list[Filling] = field(default_factory=list)
    inner: list[Inner] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    @cached_property
    def text(self) -> str:
        """Its text without quotes, in which NUL stands for what is filled in. It is asked for once all was read."""
        return "".join(self.pieces)

    @property
    def literal(self) -> bool:
        """Whether nothing is filled in."""
        return FILLED not in self.text

    @property
    def filled(self) -> set[str]:
        """The names of the variables that are filled in."""
        return {filling.name for filling in self.fillings}

    @property
    def mentioned(self) -> set[str]:
        """The names that stand in its text."""
        return set(IDENTIFIER.findall(self.text))


@dataclass
class Document:
    """A here-document: its text, and whether its shell fills in variables."""

    line: int
    filled: bool
    text: str = ""


@dataclass
class Command:
    """A simple command, or a part of a compound one; `before` is what stands before it: an operator, or nothing."""

    before: str = ""
    words: list[Word] = field(default_factory=list)
    targets: list[tuple[str, Word]] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it."""
        return not self.words and not self.targets and not self.documents


def split_commands(text: str) -> tuple[tuple[Command, ...], frozenset[str]]:
    """Take commands apart; gives them, and the names of the functions that they define. Raises `Unreadable`."""
    reader = Reader(text, 1, 0)
    commands = reader.commands(nested=False)
    return commands, frozenset(reader.functions)


class Reader:
    """Goes through commands once, from left to right. `line` is the number of the first line."""

    def __init__(self, text: str, line: int, depth: int) -> None:
        self._text = text
        self._first = line
        self._place = 0
        self._depth = depth
        self._line_place, self._line_count = 0, line
        self._awaited: list[tuple[Document, str, bool]] = []
        self.functions: set[str] = set()

    def commands(self, nested: bool) -> tuple[Command, ...]:
        """Read commands up to the end, or up to the bracket that closes them."""
        found: list[Command] = []
        now, opened, cases = Command(), 0, 0
        while self._place < len(self._text):
            if self._skip(BLANKS) or self._skip_joined() or self._skip(COMMENT):
                continue
            operator = self._operator_here()
            if not operator:
                word = self._word()
                cases += not now.words and word.text == "case"
                now.words.append(word)
            elif operator == ")" and nested and not opened:
                if cases:
                    raise self._unreadable("A “case” must not stand inside $( )")
                break
            else:
                opened = max(opened + {"(": 1, ")": -1}.get(operator, 0), 0)
                now = self._take(operator, found, now)
        if self._awaited or (nested and self._place >= len(self._text)):
            raise self._unreadable("What is opened, with $( or with <<, must be closed")
        end(found, now, "")
        return tuple(found)

    def _operator_here(self) -> str:
        if self._text[self._place] == "\n":
            return "\n"
        match = OPERATOR.match(self._text, self._place)
        return match[0] if match else ""

    def _take(self, operator: str, found: list[Command], now: Command) -> Command:
        """Take an operator; gives the command that goes on or begins."""
        start = self._place
        self._place += len(operator)
        if operator == "\n":
            now = end(found, now, operator)
            self._read_documents()
        elif operator in ("<<", "<<-"):
            self._drop_number(now, start)
            now.documents.append(self._announce(operator))
        elif operator in REDIRECTIONS:
            self._drop_number(now, start)
            now.targets.append((operator, self._target()))
        elif operator == ">(":
            raise self._unreadable("A >( ) must be written as a pipe: what it is given could be run")
        elif operator == "<(":
            word = Word(self._line())
            self._inner(word, quoted=False)
            now.words.append(word)
        elif operator == "(":
            now = self._opened(found, now)
        elif operator in ("&>", "&>>"):
            raise self._unreadable("Write > file 2>&1 in place of &> file, which sh and bash read differently")
        else:
            now = end(found, now, operator)
        return now

    def _opened(self, found: list[Command], now: Command) -> Command:
        closing = CLOSING.match(self._text, self._place)
        if len(now.words) == 1 and closing:
            self.functions.add(now.words[0].text)
            self._place = closing.end()
            return Command("()")
        if self._text.startswith("(", self._place):
            raise self._unreadable("Two brackets (( must not stand together but in $(( ))")
        if any(word.text not in KEYWORDS for word in now.words):
            raise self._unreadable("A bracket ( must not stand inside a command")
        return end(found, now, f"{now.before if now.before in PIPES else ''}(")

    def _drop_number(self, now: Command, start: int) -> None:
        """In 2> the number belongs to what leads elsewhere."""
        if now.words and now.words[-1].text.isdecimal() and self._text[start - 1 : start].isdecimal():
            now.words.pop()

    def _target(self) -> Word:
        self._skip(BLANKS)
        if self._place >= len(self._text) or self._text[self._place] in "\n|&;()<>\\":
            raise self._unreadable("What leads elsewhere must be followed by a name on the same line")
        return self._word()

    def _announce(self, operator: str) -> Document:
        self._skip(BLANKS)
        match = ENDING.match(self._text, self._place)
        if match is None:
            raise self._unreadable("The word that ends a here-document must be plain, or wholly in quotes")
        self._place = match.end()
        document = Document(self._line(), filled=match[3] is not None)
        self._awaited.append((document, match[1] or match[2] or match[3], operator == "<<-"))
        return document

    def _read_documents(self) -> None:
        for document, end, tabs in self._awaited:
            lines: list[str] = []
            while True:
                if self._place >= len(self._text):
                    raise self._unreadable(f"A here-document must end with {end} alone on a line")
                after = self._text.find("\n", self._place)
                after = len(self._text) if after < 0 else after
                line = self._text[self._place : after]
                self._place = min(after + 1, len(self._text))
                if (line.lstrip("\t") if tabs else line) == end:
                    break
                if document.filled and line.endswith("\\"):
                    raise self._unreadable("A line of a here-document must not be joined to the next one")
                lines.append(line)
            document.text = "\n".join(lines)
        self._awaited.clear()

    def _word(self) -> Word:
        word = Word(self._line())
        if match := ASSIGNMENT.match(self._text, self._place):
            word.assigns = match[1]
        while self._place < len(self._text) and self._text[self._place] not in " \t\n|&;()<>":
            char = self._text[self._place]
            if char == "'":
                word.pieces.append(self._single())
            elif char == '"':
                self._double(word)
            elif char == "\\":
                if self._text.startswith("\\\n", self._place):
                    # It joins the end of the word to a blank, or is refused.
                    self._skip_joined()
                    break
                word.pieces.append(self._text[self._place + 1 : self._place + 2])
                self._place += 2
            elif char in "$`":
                self._fill(word, quoted=False)
            else:
                match = PLAIN.match(self._text, self._place)
                assert match is not None, "every other character is special"
                word.pieces.append(match[0])
                self._place = match.end()
        return word

    def _single(self) -> str:
        end = self._text.find("'", self._place + 1)
        if end < 0:
            raise self._unreadable("A quote must be closed")
        found = self._text[self._place + 1 : end]
        self._place = end + 1
        return found

    def _double(self, word: Word) -> None:
        begun = self._line()
        self._place += 1
        while self._place < len(self._text):
            char = self._text[self._place]
            if char == '"':
                self._place += 1
                return
            if char == "\\":
                escaped = self._text[self._place + 1 : self._place + 2]
                plain = escaped if escaped and escaped in '$`"\\' else "" if escaped == "\n" else f"\\{escaped}"
                word.pieces.append(plain)
                self._place += 2
            elif char in "$`":
                self._fill(word, quoted=True)
            else:
                match = IN_QUOTES.match(self._text, self._place)
                assert match is not None, "every other character is special"
                word.pieces.append(match[0])
                self._place = match.end()
        raise Unreadable(begun, "A quote must be closed")

    def _fill(self, word: Word, quoted: bool) -> None:
        """Read what begins with $ or with a backquote."""
        text, place = self._text, self._place
        if text[place] == "`":
            self._backquoted(word, quoted)
        elif match := VARIABLE.match(text, place) or BRACED.match(text, place):
            self._filled(word, match, quoted)
        elif text.startswith("$((", place):
            self._sum(word)
        elif text.startswith("$(", place):
            self._place += 2
            self._inner(word, quoted)
        elif text.startswith("${", place):
            self._other_braced(word)
        elif match := SPECIAL.match(text, place):
            self._past(word, match.end())
        else:
            self._dollar(word, quoted)

    def _other_braced(self, word: Word) -> None:
        match = OTHER_BRACED.match(self._text, self._place)
        if match is None:
            raise self._unreadable("A ${…} must be written in a simpler way: it can't be read for sure")
        word.names |= set(IDENTIFIER.findall(match[0]))
        self._past(word, match.end())

    def _dollar(self, word: Word, quoted: bool) -> None:
        """Read a $ that stands for itself."""
        after = self._text[self._place + 1 : self._place + 2]
        if after in ("\\", "[") or (not quoted and after in ("'", '"')):
            raise self._unreadable("A $ must stand before a name: sh and bash read differently what follows here")
        word.pieces.append("$")
        self._place += 1

    def _filled(self, word: Word, match: re.Match[str], quoted: bool) -> None:
        if match[1] == "_":
            raise self._unreadable("$_ must not be used: what it stands for can be an answer")
        if self._text.startswith("\\\n", match.end()):
            raise self._unreadable("The name of a variable must end on its line")
        word.fillings.append(Filling(match[1], self._line(), quoted))
        self._past(word, match.end())

    def _sum(self, word: Word) -> None:
        """Read a sum, whose brackets must be closed in pairs."""
        depth, place = 0, self._place + 1
        while place < len(self._text) and self._text[place] not in NO_SUM:
            depth += {"(": 1, ")": -1}.get(self._text[place], 0)
            place += 1
            if not depth:
                break
        if depth or self._text[place - 2 : place] != "))":
            raise self._unreadable("A $((…)) must be closed on its line, and have no quotes in it")
        word.names |= set(IDENTIFIER.findall(self._text[self._place : place]))
        self._past(word, place)

    def _inner(self, word: Word, quoted: bool) -> None:
        if self._depth >= DEEPEST:
            raise self._unreadable(f"Commands must be at most {DEEPEST} deep in each other")
        self._depth += 1
        waiting, self._awaited = self._awaited, []
        line, start = self._line(), self._place
        commands = self.commands(nested=True)
        if waiting and "\n" in self._text[start : self._place]:
            raise self._unreadable("A here-document must begin before $( ) goes on to the next line")
        self._awaited = waiting
        self._depth -= 1
        word.inner.append(Inner(commands, line, quoted))
        self._past(word, self._place + 1)

    def _backquoted(self, word: Word, quoted: bool) -> None:
        match = BACKQUOTED.match(self._text, self._place)
        if match is None or (quoted and '"' in match[1]):
            raise self._unreadable("Commands in backquotes must be written as $( )")
        reader = Reader(match[1], self._line(), self._depth + 1)
        word.inner.append(Inner(reader.commands(nested=False), self._line(), quoted, old=True))
        self.functions |= reader.functions
        self._past(word, match.end())

    def _past(self, word: Word, place: int) -> None:
        word.pieces.append(FILLED)
        self._place = place

    def _skip(self, pattern: re.Pattern[str]) -> bool:
        match = pattern.match(self._text, self._place)
        self._place = match.end() if match else self._place
        return match is not None

    def _skip_joined(self) -> bool:
        """Skip a line end that joins two lines. It must not join two parts of a word, or of an operator."""
        if not self._text.startswith("\\\n", self._place):
            return False
        before, after = self._text[self._place - 1 : self._place], self._text[self._place + 2 : self._place + 3]
        if before not in BLANK and after not in BLANK:
            raise self._unreadable("A line must be joined to the next one between words, with a blank before the \\")
        self._place += 2
        return True

    def _line(self) -> int:
        """The number of the line; counted on from where it was last asked for."""
        self._line_count += self._text.count("\n", self._line_place, self._place)
        self._line_place = self._place
        return self._line_count

    def _unreadable(self, words: str) -> Unreadable:
        return Unreadable(self._line(), words)


def end(found: list[Command], now: Command, operator: str) -> Command:
    """End a command with an operator; gives the next one. A line may end after a pipe."""
    if not now.empty:
        found.append(now)
        return Command(operator)
    closed = now.before == ")" and operator in PIPES
    goes_on = operator == "\n" and now.before.lstrip(")") in PIPES
    return Command(f"){operator}" if closed else now.before if goes_on else operator)
