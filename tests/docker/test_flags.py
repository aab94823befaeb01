"""Flags: how they are told from words and values."""

import pytest
from support.shell_words import split_words

from webapp.docker.flags import Arity, Flag, flag_table, read_flags
from webapp.docker.shell import CommandError, Word

TABLE = flag_table(
    (
        Flag("--all", Arity.BOOLEAN, short="-a"),
        Flag("--bare", Arity.BOOLEAN, short="-b"),
        Flag("--name", Arity.VALUE, short="-n"),
        Flag("--many", Arity.VALUES, short="-m"),
    )
)
# The flags with their values and as typed, and the words that are left.
READ: dict[str, tuple[str, list[tuple[str, str, str]], list[str]]] = {
    "none": ("", [], []),
    "only words": ("a -b --name", [], ["a", "-b", "--name"]),
    "long with value": ("--name x y", [("--name", "x", "--name x")], ["y"]),
    "long with =": ("--name=x=y z", [("--name", "x=y", "--name=x=y")], ["z"]),
    "long with an empty value": ("--name= y", [("--name", "", "--name=")], ["y"]),
    "long boolean": ("--all x", [("--all", "true", "--all")], ["x"]),
    "long boolean with value": ("--all=F x", [("--all", "F", "--all=F")], ["x"]),
    "short with value": ("-n x y", [("-n", "x", "-n x")], ["y"]),
    "short joined to its value": ("-nx y", [("-n", "x", "-nx")], ["y"]),
    "short with =": ("-n=x y", [("-n", "x", "-n=x")], ["y"]),
    "short with = alone": ("-n= y", [("-n", "=", "-n=")], ["y"]),
    "shorts combined": ("-abnx y", [("-a", "true", "-a"), ("-b", "true", "-b"), ("-n", "x", "-nx")], ["y"]),
    "shorts combined, then a value": ("-an x y", [("-a", "true", "-a"), ("-n", "x", "-n x")], ["y"]),
    "short boolean with value": ("-a=false -b", [("-a", "false", "-a=false"), ("-b", "true", "-b")], []),
    "a value like a flag": ("-n -a x", [("-n", "-a", "-n -a")], ["x"]),
    "a value of two dashes": ("-n -- x", [("-n", "--", "-n --")], ["x"]),
    "a value in quotes": ("-n 'a b' '-m' x", [("-n", "a b", "-n a b"), ("-m", "x", "-m x")], []),
    "repeated": ("-m 1 --many 2", [("-m", "1", "-m 1"), ("--many", "2", "--many 2")], []),
    "the end of flags": ("-a -- -b", [("-a", "true", "-a")], ["-b"]),
    "a dash alone": ("-a - -b", [("-a", "true", "-a")], ["-", "-b"]),
    "unknown with =": ("--secret=x -a", [("--secret", "", "--secret=…"), ("-a", "true", "-a")], []),
}
UNKNOWN = "Enter the command without {}: Slipway does not know this flag, nor whether a value follows it"
DASH = "A flag must begin with - or --: there is one that begins with another dash"
REFUSED = {
    "--other x": UNKNOWN.format("--other"),
    "--nam x": UNKNOWN.format("--nam"),
    "-z": UNKNOWN.format("-z"),
    "-z=secret": UNKNOWN.format("-z"),
    "-az": UNKNOWN.format("-z"),
    "-a=": UNKNOWN.format("-="),
    "-all": UNKNOWN.format("-l"),
    "--name": "Enter a value after --name",
    "-an": "Enter a value after -n",
    "--all=maybe": "The value of --all must be true or false",
    "-a=2": "The value of -a must be true or false",
    "--all=": "The value of --all must be true or false",
    "\N{EN DASH}all": DASH,
    "\N{EM DASH}all": DASH,
    "\N{MINUS SIGN}a": DASH,
}


def words_of(text: str) -> list[Word]:
    return [token for token in split_words(text) if isinstance(token, Word)]


@pytest.mark.parametrize(("text", "flags", "rest"), READ.values(), ids=READ)
def test_flags_are_read_by_their_table(text: str, flags: list[tuple[str, str, str]], rest: list[str]) -> None:
    given, words = read_flags(words_of(text), TABLE)
    assert [(item.name, item.value, item.typed) for item in given] == flags
    assert [word.text for word in words] == rest


@pytest.mark.parametrize(("text", "message"), REFUSED.items())
def test_what_is_not_known_for_sure_is_refused(text: str, message: str) -> None:
    with pytest.raises(CommandError) as refused:
        read_flags(words_of(text), TABLE)
    assert str(refused.value) == message


def test_what_a_shell_would_fill_in_goes_with_its_flag() -> None:
    given, _ = read_flags(words_of('-n "$A" --name=$B -m$C --all'), TABLE)
    assert [item.filled for item in given] == [("$A",), ("$B",), ("$C",), ()]


def test_a_flag_does_not_show_its_value() -> None:
    given, _ = read_flags(words_of("-n secret --other=secret"), TABLE)
    assert "secret" not in repr(given)
