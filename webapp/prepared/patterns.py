"""Patterns for answers: regular expressions whose time grows with the text alone, whatever their maker writes.

Of what regular expressions have: characters, `.`, sets such as `[a-z0-9_-]`, `\\d`, `\\w`, `\\s`, groups, `|`, and how
often: `?`, `*`, `+`, `{2}`, `{2,}`, `{2,5}`. All of it means ASCII characters, and a text matches as a whole. There are
no references back and no looking around, so that all ways through a pattern are followed side by side (Thompson 1968).
"""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate

LONGEST_PATTERN = 200
LONGEST_TEXT = 500
MOST_PARTS = 500
DEEPEST = 10
MOST_TIMES = 200
DIGITS = frozenset("0123456789")
WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_") | DIGITS
BLANK = frozenset(" \t\n\r\f\v")
CLASSES = {"d": DIGITS, "w": WORD, "s": BLANK}
SPECIAL = frozenset(".[](){}|?*+\\^$")
LITERALS = {"t": "\t", "n": "\n"}

Fits = Callable[[str], bool]


class PatternError(ValueError):
    """A pattern can't be read; the message says what it must be."""


@dataclass(frozen=True)
class One:
    """One character that fits."""

    fits: Fits


@dataclass(frozen=True)
class Sequence:
    """One part after the other."""

    parts: "tuple[Part, ...]"


@dataclass(frozen=True)
class Either:
    """One of several parts."""

    parts: "tuple[Part, ...]"


@dataclass(frozen=True)
class Repeated:
    """A part so often; without `most`, as often as one likes."""

    part: "Part"
    least: int
    most: int | None


Part = One | Sequence | Either | Repeated


class Reader:
    """Reads a pattern from left to right."""

    def __init__(self, pattern: str) -> None:
        self._text = pattern
        self._place = 0
        self._depth = 0

    def read(self) -> Part:
        """Read all of it. Raises `PatternError`."""
        if len(self._text) > LONGEST_PATTERN:
            raise PatternError(f"The pattern must be at most {LONGEST_PATTERN} characters long")
        self._skip("^")
        part = self._either()
        self._skip("$")
        if self._place < len(self._text):
            raise self._problem()
        return part

    def _either(self) -> Part:
        parts = [self._sequence()]
        while self._skip("|"):
            parts.append(self._sequence())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _sequence(self) -> Part:
        parts: list[Part] = []
        while self._place < len(self._text) and self._next not in "|)" and not self._at_end():
            parts.append(self._repeated())
        return Sequence(tuple(parts))

    def _at_end(self) -> bool:
        return self._text[self._place :] == "$"

    def _repeated(self) -> Part:
        part = self._one()
        often: tuple[tuple[str, int, int | None], ...] = (("?", 0, 1), ("*", 0, None), ("+", 1, None))
        for sign, least, most in often:
            if self._skip(sign):
                return self._once(Repeated(part, least, most))
        if self._skip("{"):
            least = self._number()
            most = least
            if self._skip(","):
                most = None if self._next == "}" else self._number()
            self._need("}")
            if most is not None and most < least:
                raise PatternError("A pattern’s {…} must have the smaller number first")
            return self._once(Repeated(part, least, most))
        return part

    def _once(self, part: Part) -> Part:
        """What is repeated once is not repeated again, nor taken as little of as can be: that would be read elsewhere
        in another way."""
        if self._next and self._next in "?*+{":
            raise self._problem()
        return part

    def _one(self) -> Part:
        char = self._take()
        if char == "(":
            return self._group()
        if char == "[":
            return One(self._set())
        if char == ".":
            return One(lambda char: char != "\n")
        if char == "\\":
            return One(member(self._escaped()))
        if char in SPECIAL:
            self._place -= 1
            raise self._problem()
        return One(member(frozenset(char)))

    def _group(self) -> Part:
        if self._skip("?"):
            self._need(":")
        self._depth += 1
        if self._depth > DEEPEST:
            raise PatternError(f"A pattern must have at most {DEEPEST} groups in each other")
        part = self._either()
        self._need(")")
        self._depth -= 1
        return part

    def _escaped(self) -> frozenset[str]:
        char = self._take()
        if char in CLASSES:
            return CLASSES[char]
        if char in LITERALS:
            return frozenset(LITERALS[char])
        if char.isalnum() or not char.isascii():
            self._place -= 1
            raise self._problem()
        return frozenset(char)

    def _set(self) -> Fits:
        other = self._skip("^")
        chars: set[str] = set()
        ranges: list[tuple[str, str]] = []
        while self._next != "]":
            first = self._member()
            if self._next == "-" and self._text[self._place + 1 : self._place + 2] not in ("]", ""):
                self._place += 1
                last = self._member()
                if len(first) != 1 or len(last) != 1 or max(first) > max(last):
                    raise PatternError("A range such as a-z must go from the smaller character to the larger one")
                ranges.append((max(first), max(last)))
            else:
                chars |= first
        self._need("]")
        if not chars and not ranges:
            raise self._problem()
        inside = within(frozenset(chars), tuple(ranges))
        return (lambda char: not inside(char)) if other else inside

    def _member(self) -> frozenset[str]:
        char = self._take()
        if char == "[":
            self._place -= 1
            raise self._problem()
        return self._escaped() if char == "\\" else frozenset(char)

    def _number(self) -> int:
        digits = ""
        while self._next and self._next in DIGITS:
            digits += self._take()
        if not digits or int(digits) > MOST_TIMES:
            raise PatternError(f"A pattern’s {{…}} must have whole numbers up to {MOST_TIMES}")
        return int(digits)

    @property
    def _next(self) -> str:
        return self._text[self._place : self._place + 1]

    def _take(self) -> str:
        char = self._next
        if not char:
            raise self._problem()
        self._place += 1
        return char

    def _skip(self, char: str) -> bool:
        found = self._next == char
        self._place += found
        return found

    def _need(self, char: str) -> None:
        if not self._skip(char):
            raise self._problem()

    def _problem(self) -> PatternError:
        where = f"at character {self._place + 1}" if self._place < len(self._text) else "at its end"
        return PatternError(f"The pattern must be one that can be read here: see {where}")


def member(chars: frozenset[str]) -> Fits:
    """Whether a character is one of these."""
    return chars.__contains__


def within(chars: frozenset[str], ranges: tuple[tuple[str, str], ...]) -> Fits:
    """Whether a character is one of these, or in one of the ranges, in a time that hardly grows with their number."""
    begins = sorted(ranges)
    firsts = [first for first, _ in begins]
    # Of all ranges that begin up to a character, one has it if the farthest end has.
    ends = list(accumulate((last for _, last in begins), max))

    def fits(char: str) -> bool:
        place = bisect_right(firsts, char)
        return char in chars or (place > 0 and char <= ends[place - 1])

    return fits


@dataclass(frozen=True)
class Step:
    """A state: what the next character must be, if it takes one, and the states that follow."""

    fits: Fits | None
    after: tuple[int, ...]


class Program:
    """The states of a pattern, made from its end: state 0 is where a text has matched."""

    def __init__(self, part: Part) -> None:
        self._steps = [Step(None, ())]
        self._added = 0
        self.start = self._add(part, 0)

    def _state(self, fits: Fits | None, *after: int) -> int:
        self._steps.append(Step(fits, after))
        return len(self._steps) - 1

    def _add(self, part: Part, after: int) -> int:
        """Add the states of a part that comes before the state `after`; gives the one where it begins."""
        # Counted by parts, since what is empty and repeated adds no state.
        self._added += 1
        if self._added > MOST_PARTS:
            raise PatternError("The pattern must be shorter, or repeat less")
        match part:
            case One():
                return self._state(part.fits, after)
            case Sequence():
                for each in reversed(part.parts):
                    after = self._add(each, after)
                return after
            case Either():
                return self._state(None, *(self._add(each, after) for each in part.parts))
            case Repeated():
                return self._add_repeated(part, after)

    def _add_repeated(self, part: Repeated, after: int) -> int:
        if part.most is None:
            loop = self._state(None)
            self._steps[loop] = Step(None, (self._add(part.part, loop), after))
            after = loop
        for _ in range((part.most or part.least) - part.least):
            after = self._state(None, self._add(part.part, after), after)
        for _ in range(part.least):
            after = self._add(part.part, after)
        return after

    def matches(self, text: str) -> bool:
        """Whether a text matches as a whole."""
        now = self._reached([self.start])
        for char in text:
            fitting = (self._steps[state] for state in now)
            now = self._reached([step.after[0] for step in fitting if step.fits is not None and step.fits(char)])
            if not now:
                return False
        return 0 in now

    def _reached(self, states: list[int]) -> set[int]:
        """All states that these lead to without a character."""
        found: set[int] = set()
        waiting = states
        while waiting:
            state = waiting.pop()
            if state not in found:
                found.add(state)
                step = self._steps[state]
                waiting += step.after if step.fits is None else ()
        return found


def check_pattern(pattern: str) -> None:
    """Raise `PatternError` for a pattern that can't be read, or would take too long."""
    Program(Reader(pattern).read())


def matches(pattern: str, text: str) -> bool:
    """Whether a text of at most `LONGEST_TEXT` characters matches a pattern as a whole. Raises `PatternError`."""
    return len(text) <= LONGEST_TEXT and Program(Reader(pattern).read()).matches(text)
