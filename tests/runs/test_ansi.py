"""What a terminal would show of a line at the end, and nothing that a page can't hold."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from webapp.runs.ansi import MOST_SPANS, PLAIN, Span, Style, read_line, text_of

RED = Span("no", "ansi-red")


@pytest.mark.parametrize(
    ("line", "spans"),
    [
        ("plain", (Span("plain"),)),
        ("", ()),
        ("\x1b[31mno\x1b[0m", (RED,)),
        ("\x1b[31mno\x1b[m yes", (RED, Span(" yes"))),
        ("\x1b[1;32mok\x1b[22m ok", (Span("ok", "ansi-green ansi-bold"), Span(" ok", "ansi-green"))),
        ("\x1b[90mlater\x1b[39m", (Span("later", "ansi-dim"),)),
        ("\x1b[91mno\x1b[0m", (RED,)),
        ("\x1b[38;5;196mno", (RED,)),
        ("\x1b[38;2;250;10;10mno", (RED,)),
        ("\x1b[38;5;244mgrey", (Span("grey"),)),
        ("\x1b[41;37mFAIL", (Span("FAIL"),)),
        ("\x1b[48;5;1mFAIL", (Span("FAIL"),)),
        ("\x1b[4:3mcurly", (Span("curly"),)),
        ("\x9b31mno", (RED,)),
        ("a\x1b[2Jb\x1b[10;20Hc\x1b(Bd\x1b7e", (Span("abcde"),)),
        ("\x1b]0;a title\x07text", (Span("text"),)),
        ("\x1b]8;;https://a.example\x1b\\link\x1b]8;;\x1b\\", (Span("link"),)),
        ("\x1b]0;a title without an end", (Span("0;a title without an end"),)),
        (" 10 %\r 50 %\r100 %\r\n", (Span("100 %"),)),
        ("Fetching\x1b[2K\x1b[1Gdone", (Span("done"),)),
        ("last\x1b[2K\x1b[1G", (Span("last"),)),
        ("a\x00b\x07c\x08d\x7fe", (Span("abcde"),)),
        ("user\u202etxt.exe\u2066", (Span("usertxt.exe"),)),
        ("two\nlines\u2028and three", (Span("two lines and three"),)),
        ("a\tb  c", (Span("a\tb  c"),)),
        ("<b>&amp;</b>", (Span("<b>&amp;</b>"),)),
        ("\x1b[31", ()),
        ("\x1b", ()),
    ],
)
def test_a_line_is_what_a_terminal_shows(line: str, spans: tuple[Span, ...]) -> None:
    assert read_line(line)[0] == spans


def test_a_colour_goes_on_in_the_next_line() -> None:
    _, style = read_line("\x1b[31mno")
    assert read_line("no", style) == ((RED,), Style("red"))


def test_a_bomb_of_colours_makes_few_spans_and_loses_no_text() -> None:
    spans, _ = read_line("".join(f"\x1b[3{number % 6 + 1}ma" for number in range(333)))
    assert len(spans) == MOST_SPANS
    assert text_of(spans) == "a" * 333


@pytest.mark.parametrize(
    "piece", ["\x1b[", "\x1b]", "\x1bP", "\x1b[1;", "\x1b[38;5;", "\r", "\x9d", "9" * 50, "\x1b[" + "9" * 80 + "m"]
)
def test_bombs_end_in_something_short(piece: str) -> None:
    spans, style = read_line(piece * 100_000)
    assert len(text_of(spans)) <= 2000
    assert isinstance(style, Style)


@settings(max_examples=50)
@given(st.text(st.sampled_from("\x1b\x9b[]0123;:m Kab\r\x07\\\u202e<&é"), max_size=200))
@example("\x1b[38;2mx")
@example("\x1b[38mx")
def test_any_line_is_plain_text_in_known_styles(line: str) -> None:
    spans, _ = read_line(line, PLAIN)
    known = {"", *(f"ansi-{name}" for name in ("red", "green", "yellow", "blue", "magenta", "cyan", "bold", "dim"))}
    for span in spans:
        assert set(span.classes.split(" ")) <= known
        assert span.text
        assert not set(span.text) & set("\x1b\x9b\r\x07\u202e\n")
