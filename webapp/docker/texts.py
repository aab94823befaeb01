"""What holds for every text that people type."""

import re
import unicodedata

# Characters of other categories that show nothing: what Unicode calls ignorable, and the Braille pattern without dots
# (Unicode, DerivedCoreProperties, Default_Ignorable_Code_Point).
NOTHING_TO_SEE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")

# Control characters but tab and line feed, half characters, and what changes how others look or stands for one that
# could not be read. Joiners belong between characters of other alphabets.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffd]"
    "|(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])"
)

# What stands in front of a line where lines are numbered, as `cat -n`, an editor or a web page shows them.
LINE_NUMBER = re.compile(r"[ \t]*([0-9]{1,6})(?:[.:)]|[ ]?\|)?(?:(?<=\|)|[ \t]|(?=\r?\Z))")


def unseen(text: str) -> str:
    """The first character in a text that nobody can see or read, as `U+200B`; empty where there is none."""
    found = UNSEEN.search(text)
    return f"U+{ord(found[0]):04X}" if found else ""


def unnumbered(text: str) -> str:
    """A text without the numbers of its lines, where it has several and each has the number after the one before."""
    lines = text.split("\n")
    numbers: list[int] = []
    for line in filter(str.strip, lines):
        number = LINE_NUMBER.match(line)
        if not number or (numbers and int(number[1]) != numbers[-1] + 1):
            return text
        numbers.append(int(number[1]))
    return "\n".join(LINE_NUMBER.sub("", line, count=1) for line in lines) if len(numbers) > 1 else text


def blank(text: str | None) -> bool:
    """Whether a text shows nothing: it is empty, or all blanks and characters of no width."""
    return all(
        char.isspace() or char in NOTHING_TO_SEE or unicodedata.category(char) == "Cf" or is_selector(char)
        for char in text or ""
    )


def is_selector(char: str) -> bool:
    """Whether a character only says how the one before it looks."""
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
