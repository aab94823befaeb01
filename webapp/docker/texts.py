"""What holds for every text that people type."""

import unicodedata

# Characters of other categories that show nothing: what Unicode calls ignorable, and the Braille pattern without dots
# (Unicode, DerivedCoreProperties, Default_Ignorable_Code_Point).
NOTHING_TO_SEE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


def blank(text: str | None) -> bool:
    """Whether a text shows nothing: it is empty, or all blanks and characters of no width."""
    return all(
        char.isspace() or char in NOTHING_TO_SEE or unicodedata.category(char) == "Cf" or is_selector(char)
        for char in text or ""
    )


def is_selector(char: str) -> bool:
    """Whether a character only says how the one before it looks."""
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
