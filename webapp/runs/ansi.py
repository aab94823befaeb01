"""Lines of a log as a terminal shows them at the end: colours as names of styles, and everything else as plain text.

Source: "ECMA-48, Control Functions for Coded Character Sets" (ecma-international.org), sections 5.4 and 8.3.117, and
for 256 colours and RGB its extension by xterm (invisible-island.net/xterm/ctlseqs/ctlseqs.html).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from webapp.buddy.executions import LONGEST_LINE

# The rest of a line that has more is in the last one's style.
MOST_SPANS = 40
TOKEN = re.compile(
    r"(?P<cursor>\r)"
    r"|(?:\x1b\[|\x9b)(?P<numbers>[0-?]*+)(?P<between>[ -/]*+)(?P<command>[@-~]?)"
    # Strings for the terminal, such as titles and addresses of links. One without an end is only its beginning.
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d\x9e\x9f])(?:[^\x07\x1b\x9c]*+(?:\x07|\x1b\\|\x9c))?"
    r"|\x1b[ -/]*+[0-~]?"
    r"|(?P<text>[^\x1b\x80-\x9f\r]++)"
    r"|."
)
# Characters that show nothing, or change the order in which others are shown (Unicode, annex 9).
UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
BREAKS = re.compile(r"[\n\x0b\x0c\x85\u2028\u2029]")
NUMBER = re.compile(r"[0-9]{1,3}", re.ASCII)
# In the order of their numbers. Black and white are the page's own: one of them could not be seen.
COLOURS = ("", "red", "green", "yellow", "blue", "magenta", "cyan", "")
FIRST_GREY, FIRST_OF_CUBE, CUBE = 232, 16, 6
BRIGHT_BLACK = 8


@dataclass(frozen=True, slots=True)
class Style:
    """How text is drawn. What a page does not draw, as backgrounds, is not in it."""

    colour: str = ""
    bold: bool = False
    dim: bool = False

    @property
    def classes(self) -> str:
        """The style as classes of a stylesheet: `ansi-red`, `ansi-bold`, `ansi-dim`; empty where it is plain."""
        parts = (self.colour, "bold" if self.bold else "", "dim" if self.dim else "")
        return " ".join(f"ansi-{part}" for part in parts if part)


PLAIN = Style()


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a line in one style, which `classes` name."""

    text: str
    classes: str = ""


def read_line(line: str, style: Style = PLAIN) -> tuple[tuple[Span, ...], Style]:
    """Read a line that begins in a style: its spans, and the style in which the next line begins.

    Of a line that was written over, as progress is, the last state is left. At most 2,000 characters are read.
    """
    spans: list[Span] = []
    over = False
    for match in TOKEN.finditer(BREAKS.sub(" ", line[:LONGEST_LINE].rstrip("\r\n"))):
        if match["command"] == "m":
            style = changed(style, match["numbers"])
        elif match["cursor"] or goes_back(match["command"], match["numbers"]):
            over = True
        elif match["text"] and (text := UNSEEN.sub("", match["text"])):
            if over:
                spans, over = [], False
            add(spans, text, style.classes)
    return tuple(spans), style


def text_of(spans: tuple[Span, ...]) -> str:
    """The text of a line."""
    return "".join(span.text for span in spans)


def add(spans: list[Span], text: str, classes: str) -> None:
    """Put text behind a line: what looks like the span before it becomes a part of that."""
    if spans and (spans[-1].classes == classes or len(spans) >= MOST_SPANS):
        spans[-1] = Span(spans[-1].text + text, spans[-1].classes)
    else:
        spans.append(Span(text, classes))


def goes_back(command: str | None, numbers: str | None) -> bool:
    """Whether a terminal begins the line anew: it is erased, or the cursor is set to its first column."""
    return (command == "K" and numbers == "2") or (command == "G" and numbers in ("", "0", "1"))


def changed(style: Style, numbers: str) -> Style:
    """The style that the numbers of a "select graphic rendition" make of another."""
    # Where a colon parts them they say what is not drawn, such as how a line is underlined.
    parts = iter([int(part) if NUMBER.fullmatch(part) else 0 if part == "" else -1 for part in numbers.split(";")])
    for number in parts:
        if number == 0:
            style = PLAIN
        elif number in (1, 2):
            style = replace(style, bold=style.bold or number == 1, dim=style.dim or number == 2)
        elif number == 22:
            style = replace(style, bold=False, dim=False)
        elif number in (38, 48):
            colour = extended(parts)
            style = coloured(style, colour) if number == 38 else style
        elif number in range(30, 38) or number == 39:
            style = coloured(style, (number - 30) % 9)
        elif number in range(90, 98):
            style = coloured(style, number - 90 + BRIGHT_BLACK)
    return style


def coloured(style: Style, number: int) -> Style:
    """The style in one of 16 colours; bright ones are drawn as the others, and bright black is faint."""
    return replace(style, colour=COLOURS[number % 8], dim=style.dim or number == BRIGHT_BLACK)


def extended(parts: Iterator[int]) -> int:
    """Read one of 256 colours, or red, green and blue, as the one of 16 that comes nearest; 0 where it is grey."""
    if (kind := next(parts, -1)) == 2:
        return nearest([next(parts, 0) for _ in range(3)], 256)
    number = next(parts, 0) if kind == 5 else 0
    if number < FIRST_OF_CUBE or number >= FIRST_GREY:
        return number % FIRST_OF_CUBE if 0 <= number < FIRST_OF_CUBE else 0
    number -= FIRST_OF_CUBE
    return nearest([number // CUBE**2, number // CUBE % CUBE, number % CUBE], CUBE)


def nearest(red_green_blue: list[int], of: int) -> int:
    """The one of eight colours that is nearest to shares of red, green and blue, each below `of`."""
    most = max(red_green_blue)
    if most - min(red_green_blue) < of / 6:
        return 0
    return sum(bit for bit, share in zip((1, 2, 4), red_green_blue, strict=True) if share > most * 0.6)
