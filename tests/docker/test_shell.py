"""Command lines: how they are taken apart into words, and put together."""

import shlex
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.shell_words import split_words

from webapp.docker.shell import CommandError, Operator, Word, is_of_windows, shell_text

# The words, with operators in a list of their own: what POSIX calls tokens.
READ: dict[str, tuple[str, list[str | list[str]]]] = {
    "blanks": ("a  b\tc\xa0d", ["a", "b", "c", "d"]),
    "nothing": (" \t", []),
    "single quotes": ("'a b'\"c\"d '\\n' ''", ["a bcd", "\\n", ""]),
    "double quotes": (r'"a \" \\ \$ \` \n"', [r'a " \ $ ` \n']),
    "escapes": (r"a\ b\"\'\\ \#c", ["a b\"'\\", "#c"]),
    "lines in quotes": ("'a\nb' \"c\nd\"", ["a\nb", "c\nd"]),
    "goes on in sh": ("a \\\n b", ["a", "b"]),
    "goes on within a word": ("a\\\nb", ["ab"]),
    "goes on within quotes": ('"a\\\nb"', ["ab"]),
    "goes on with blanks after the backslash": ("a \\  \n b", ["a", "b"]),
    "goes on in cmd": ("a ^\n b", ["a", "b"]),
    "goes on in PowerShell": ("a `\n b", ["a", "b"]),
    "goes on at the end": ("a \\", ["a"]),
    "comment": ("a # b 'c\nd", ["a", ["\n"], "d"]),
    "comment at the end": ("a #", ["a"]),
    "no comment": ("a#b '#c'", ["a#b", "#c"]),
    "operators": ("a|b&&c;(d)", ["a", ["|"], "b", ["&"], ["&"], "c", [";"], ["("], "d", [")"]]),
    "operators in quotes": ("'a|b' \"c>d\" e\\;", ["a|b", "c>d", "e;"]),
    "output elsewhere": ("a 2>&1 x2 > b", ["a", [">"], ["&"], "1", "x2", [">"], "b"]),
    "input from elsewhere": ("a <b", ["a", ["<"], "b"]),
    "single characters": ("a ^b $ c~ {d} *", ["a", "^b", "$", "c~", "{d}", "*"]),
}
# What a shell would fill in: the words as they stand, and what of them.
FILLED: dict[str, tuple[str, list[str], list[str]]] = {
    "variable": ("a$B.c", ["a$B.c"], ["$B"]),
    "variable in brackets": ("${A:-b c}/d", ["${A:-b c}/d"], ["${A:-b c}"]),
    "variable in double quotes": ('"$A b"', ["$A b"], ["$A"]),
    "parameters": ("$1 $? $$", ["$1", "$?", "$$"], ["$1", "$?", "$$"]),
    "command": ("$(pwd)/a", ["$(pwd)/a"], ["$(pwd)"]),
    "command with words and brackets": ("$(a (b) ')' \\) c)d", ["$(a (b) ')' \\) c)d"], ["$(a (b) ')' \\) c)"]),
    "commands in one another": ('"$(a "$(b ")")" c)"', ['$(a "$(b ")")" c)'], ['$(a "$(b ")")" c)']),
    "command with an apostrophe": ('$(a "it\'s")', ['$(a "it\'s")'], ['$(a "it\'s")']),
    "command in backquotes": ("`a \\` b`c", ["`a \\` b`c"], ["`a \\` b`"]),
    "home": ("~/a b~", ["~/a", "b~"], ["~"]),
    "not in single quotes": ("'$A $(b) `c` ~'", ["$A $(b) `c` ~"], []),
    "not when escaped": (r'\$A "\$B" \`', ["$A", "$B", "`"], []),
}
REFUSED = {
    "a\n'b": "The quote that opens on line 2 must be closed",
    'a "b\n\n': "The quote that opens on line 1 must be closed",
    'a "b\\"': "The quote that opens on line 1 must be closed",
    "a $(b (c)": "The $( that opens on line 1 must be closed",
    'a\n\n"$(b"': "The $( that opens on line 3 must be closed",
    "${a": "The ${ that opens on line 1 must be closed",
    "`a": "The ` that opens on line 1 must be closed",
    "\n$'a\\'": "The quote that opens on line 2 must be closed",
    '$"a': "The quote that opens on line 1 must be closed",
}
WRITTEN = {
    (): "",
    ("ls", "-al"): "ls -al",
    ("echo", "a b", "$HOME", ""): "echo 'a b' '$HOME' ''",
    ("echo", "it's"): "echo 'it'\"'\"'s'",
    ("sh", "-c", "a && b > $C"): "a && b > $C",
    ("/bin/sh", "-c", "a\nb\n"): "a\nb\n",
    ("bash", "-c", "a && b"): "bash -c 'a && b'",
    ("sh", "-ec", "a && b"): "sh -ec 'a && b'",
    ("sh", "-c", "echo $0", "a"): "sh -c 'echo $0' a",
    ("sh", "a.sh"): "sh a.sh",
}
MIXED = st.lists(
    st.sampled_from(
        list("'\"\\$`(){}#~^|&;<>2a \n")
        + ["$(", "${", "$'", "\\\n", "$A", "%AB%", "*", "?", "[", "]", "{", "}", ",", "..", "!"]
    )
).map("".join)


@pytest.mark.parametrize(("text", "tokens"), READ.values(), ids=READ)
def test_a_text_is_taken_apart_as_a_shell_does(text: str, tokens: list[str | list[str]]) -> None:
    assert [[token.text] if isinstance(token, Operator) else token.text for token in split_words(text)] == tokens


@pytest.mark.parametrize(("text", "words", "filled"), FILLED.values(), ids=FILLED)
def test_what_a_shell_would_fill_in_stands_as_typed(text: str, words: list[str], filled: list[str]) -> None:
    found = [token for token in split_words(text) if not isinstance(token, Operator)]
    assert [word.text for word in found] == words
    assert [thing for word in found for thing in word.filled] == filled


@pytest.mark.parametrize(("text", "refusal"), REFUSED.items())
def test_what_is_open_is_refused_with_its_line(text: str, refusal: str) -> None:
    with pytest.raises(CommandError) as refused:
        split_words(text)
    assert str(refused.value) == refusal


@pytest.mark.parametrize(("args", "text"), WRITTEN.items())
def test_words_are_written_as_one_shell_text(args: tuple[str, ...], text: str) -> None:
    assert shell_text(args) == text


@given(st.lists(st.text()))
def test_what_is_written_reads_back_the_same(args: list[str]) -> None:
    assert [token.text for token in split_words(shlex.join(args))] == args


@given(st.text() | MIXED)
def test_any_text_is_taken_apart_or_refused(text: str) -> None:
    try:
        tokens = split_words(text)
    except CommandError:
        return
    places = [token.start for token in tokens]
    assert places == sorted(places)


@given(st.text() | MIXED)
def test_a_word_that_is_written_for_a_shell_reads_back_the_same(text: str) -> None:
    try:
        words = [token for token in split_words(text) if isinstance(token, Word) and not token.flaw]
    except CommandError:
        return
    if is_of_windows(text):
        return
    for word in words:
        again = split_words(word.written)
        assert [token.text for token in again] == [word.text]
        # What cmd would fill in no shell does.
        live = [thing for token in again if isinstance(token, Word) for thing in token.filled if thing[0] != "%"]
        assert len(live) == len([thing for thing in word.filled if thing[0] != "%"])


def test_a_word_does_not_show_its_text() -> None:
    (word,) = split_words('"secret $SECRET"')
    assert "ecret" not in repr(word)


BASH = [shell for shell in ("bash",) if shutil.which(shell)]
PATTERNS = st.lists(
    st.sampled_from([*"ab{},[]!'\"-^1", "..", "{a,", ",b}", "'x y'", "[a", "z]", "*", "\\,"]), max_size=9
).map("".join)
FILES = ("a", "b", "ab", "a-z", "-", "xa", "za", "1", "!", "^", "[", "x y", "a]")


@pytest.mark.parametrize("shell", BASH)
@settings(max_examples=30, deadline=None)
@given(text=PATTERNS)
def test_patterns_and_lists_in_braces_mean_the_same_to_bash(
    tmp_path_factory: pytest.TempPathFactory, shell: str, text: str
) -> None:
    try:
        words = [token.written for token in split_words(text) if isinstance(token, Word)]
    except CommandError:
        return
    folder = tmp_path_factory.getbasetemp() / "files"
    folder.mkdir(exist_ok=True)
    for name in FILES:
        (folder / name).touch()
    script = f"printf '<%s>' {text}\necho\nprintf '<%s>' {' '.join(words)}"
    said = subprocess.run([shell, "-c", script], cwd=folder, capture_output=True, check=True).stdout
    typed, written = said.split(b"\n")
    assert typed == written
