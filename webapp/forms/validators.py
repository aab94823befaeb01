"""Rules that several fields share, with their words."""

import re
import unicodedata
from collections.abc import Callable

from wtforms import Field, Form
from wtforms.validators import StopValidation, ValidationError

from webapp.docker.texts import blank
from webapp.http.reading import LARGEST_ID

LARGEST_FIELD = 65_536
# In characters. No name that is looked for is longer, and each word is looked for in each name.
LONGEST_WORDS = 255
DIGITS = re.compile(r"[0-9]{1,19}")
# Of what is saved again and again no version comes to more digits.
VERSION = re.compile(r"[0-9]{1,9}")
# The controls that turn the direction of writing around, and the mark that stands for what could not be read.
UNREADABLE = frozenset("\ufffd\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

# What HTML can't hold: control characters but tab and line feed, surrogates, and the code points that are no
# characters (HTML, "Preprocessing the input stream").
NO_CHARACTERS = "".join(chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF))
LINE_BREAK = re.compile(r"\r\n|[\r\n]")
UNSHOWABLE = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{NO_CHARACTERS}]")

Rule = Callable[[Form, Field], None]


def needed(message: str) -> Rule:
    """The field must be filled in; `message` says with what."""

    def rule(form: Form, field: Field) -> None:
        if blank(field.data):
            raise StopValidation(message)

    return rule


def optional() -> Rule:
    """An empty field is right, and no further rule looks at it."""

    def rule(form: Form, field: Field) -> None:
        if blank(field.data):
            field.errors = []
            raise StopValidation()

    return rule


def plain(thing: str, allowed: str = "") -> Rule:
    """The text has no control characters (but those in `allowed`) and no bidi controls."""

    def rule(form: Form, field: Field) -> None:
        problem = check_plain(field.data or "", thing, allowed)
        if problem:
            raise StopValidation(problem)

    return rule


def check_plain(text: str, thing: str, allowed: str = "") -> str | None:
    """Tell what is wrong with a text's characters, or None."""
    # What Python calls printable holds one of them at most, and is known at once.
    shown = text.translate(dict.fromkeys(map(ord, allowed)))
    if shown.isprintable() and "\ufffd" not in shown:
        return None
    for position, char in enumerate(text, start=1):
        if is_unreadable(char) and char not in allowed:
            return f"{thing} must have no hidden or unreadable characters: character {position} is U+{ord(char):04X}"
    return None


def check_length(text: str, thing: str, longest: int = LARGEST_FIELD) -> str | None:
    """Tell that a text has more than `longest` characters, or more bytes than any field may have; None otherwise."""
    if len(text) > longest and longest < LARGEST_FIELD:
        return f"{thing} must be at most {longest:,} characters long: this is {len(text):,}"
    # Half a character has no UTF-8 of its own; it is told of where characters are looked at.
    size = len(text.encode(errors="surrogatepass"))
    most = max(longest, LARGEST_FIELD)
    if size > most:
        return f"{thing} must be at most {most:,} bytes long: this is {size:,}"
    return None


def is_unreadable(char: str) -> bool:
    """Whether a character is a control, half a character, or a code point that Unicode keeps for no character."""
    nothing = ord(char) & 0xFFFE == 0xFFFE or "\ufdd0" <= char <= "\ufdef"
    return nothing or char in UNREADABLE or unicodedata.category(char) in ("Cc", "Cs")


def on_page(text: str) -> str:
    """A text as a page can hold it."""
    return UNSHOWABLE.sub("\ufffd", text)


def on_line(text: str) -> str:
    """A text as a box of one line can hold it: without the blanks around it, and its line breaks marked as unreadable.

    A browser takes them out without a word (HTML, "Text (type=text)", value sanitization).
    """
    return LINE_BREAK.sub("\ufffd", text.strip())


def version_in(text: str) -> int:
    """The version that a page names; 0 for what can be none: SQLite fails where it is asked for a very large number."""
    return int(text) if VERSION.fullmatch(text) else 0


def whole_number(thing: str, low: int, high: int) -> Rule:
    """The text is a whole number from `low` to `high`, in ASCII digits."""

    def rule(form: Form, field: Field) -> None:
        text = field.data or ""
        if not DIGITS.fullmatch(text) or not low <= int(text) <= high:
            limit = f"from {low} up" if high == LARGEST_ID else f"from {low} to {high:,}"
            raise ValidationError(f"{thing} must be a whole number {limit}")

    return rule


def checked(check: Callable[[str], object]) -> Rule:
    """The text passes `check`, whose ValueError is the message."""

    def rule(form: Form, field: Field) -> None:
        try:
            check(field.data)
        except ValueError as error:
            raise ValidationError(str(error)) from None

    return rule
