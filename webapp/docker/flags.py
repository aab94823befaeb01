"""Flags of a command line, read by a table as Docker reads them (github.com/spf13/pflag), and none guessed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from webapp.docker.shell import CommandError, Word

# What Go's strconv.ParseBool takes.
BOOLEANS = frozenset({"1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"})
OTHER_DASHES = ("\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2015", "\u2212")


class Arity(Enum):
    """What follows a flag: nothing; a value, of which the last counts; or one of several values."""

    BOOLEAN = "boolean"
    VALUE = "value"
    VALUES = "value repeated"


@dataclass(frozen=True)
class Flag:
    """A flag that is known. `why` says in plain words why it can't be carried over, and is empty when it can."""

    name: str
    arity: Arity
    why: str = ""
    short: str = ""


@dataclass(frozen=True)
class Given:
    """A flag as it was given: its place in the table, None for an unknown one; how it was typed; its value."""

    flag: Flag | None
    name: str
    value: str = field(default="", repr=False)
    typed: str = field(default="", repr=False)
    filled: tuple[str, ...] = field(default=(), repr=False)


def flag_table(flags: Iterable[Flag]) -> dict[str, Flag]:
    """Give the flags by all their names."""
    return {name: flag for flag in flags for name in (flag.name, flag.short) if name}


def read_flags(words: Sequence[Word], table: Mapping[str, Flag]) -> tuple[list[Given], Sequence[Word]]:
    """Read the flags that lead `words`, up to `--` or the first word that is none; gives them and the words after them.

    An unknown flag is taken where its value follows a =. Elsewhere nobody can tell whether the next word is its value:
    that raises `CommandError`, and so does a value that is missing or wrong.
    """
    given, place = FlagReader(words, table).read()
    return given, words[place:]


def after_flags(words: Sequence[Word], table: Mapping[str, Flag], place: int) -> int:
    """The place behind the flags that begin at a `place`, as `read_flags` reads them. Raises `CommandError`."""
    return FlagReader(words, table, place).read()[1]


class FlagReader:
    """Goes through the words once, from a `place` on."""

    def __init__(self, words: Sequence[Word], table: Mapping[str, Flag], place: int = 0) -> None:
        self._words = words
        self._table = table
        self._place = place
        self._given: list[Given] = []

    def read(self) -> tuple[list[Given], int]:
        """Give the flags and the place behind them. Raises `CommandError`."""
        while self._place < len(self._words):
            word = self._words[self._place]
            if word.text.startswith(OTHER_DASHES):
                raise CommandError("A flag must begin with - or --: there is one that begins with another dash")
            if word.text == "-" or not word.text.startswith("-"):
                break
            self._place += 1
            if word.text == "--":
                break
            if word.text.startswith("--"):
                self._read_long(word)
            else:
                self._read_short(word)
        return self._given, self._place

    def _read_long(self, word: Word) -> None:
        name, equals, value = word.text.partition("=")
        flag = self._table.get(name)
        if flag is None and not equals:
            raise unknown(name)
        if flag is None:
            self._given.append(Given(None, name, typed=f"{name}=…"))
        elif equals:
            self._take(flag, name, value, word.text, word.filled)
        else:
            self._take_next(flag, name)

    def _read_short(self, word: Word) -> None:
        """Read -i, -it, -e VALUE, -eVALUE or -e=VALUE, also all in one word."""
        for place, letter in enumerate(word.text[1:], start=2):
            name = f"-{letter}"
            flag = self._table.get(name)
            if flag is None:
                raise unknown(name)
            if word.text[place : place + 1] == "=" and len(word.text) > place + 1:
                self._take(flag, name, word.text[place + 1 :], f"{name}{word.text[place:]}", word.filled)
                return
            if flag.arity is not Arity.BOOLEAN and len(word.text) > place:
                self._take(flag, name, word.text[place:], f"{name}{word.text[place:]}", word.filled)
                return
            self._take_next(flag, name)

    def _take_next(self, flag: Flag, name: str) -> None:
        """Take a flag whose value, if it has one, is the next word."""
        if flag.arity is Arity.BOOLEAN:
            self._take(flag, name, "true", name, ())
            return
        if self._place == len(self._words):
            raise CommandError(f"Enter a value after {name}")
        value = self._words[self._place]
        self._place += 1
        self._take(flag, name, value.text, f"{name} {value.text}", value.filled)

    def _take(self, flag: Flag, name: str, value: str, typed: str, filled: tuple[str, ...]) -> None:
        if flag.arity is Arity.BOOLEAN and value not in BOOLEANS:
            raise CommandError(f"The value of {name} must be true or false")
        self._given.append(Given(flag, name, value, typed, filled))


def unknown(name: str) -> CommandError:
    """Refuse a flag that is in no table."""
    return CommandError(
        f"Enter the command without {name}: Slipway does not know this flag, nor whether a value follows it"
    )
