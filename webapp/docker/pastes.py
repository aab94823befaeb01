"""What people paste: the one `docker run` in it, without the prompt in front and whatever stands around it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from webapp.docker.covers import covered_commands, covered_flag
from webapp.docker.flags import read_flags
from webapp.docker.run_flags import DOCKER_FLAGS
from webapp.docker.shell import CommandError, Operator, Word, split_words

ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")
# Those of sudo's flags that no value follows.
SUDO_FLAGS = frozenset({"-E", "-H", "-n", "-S"})
PROMPT_ENDS = ("$", "%", "#", "❯")
LONGEST_PROMPT = 3
OTHERS = "Slipway takes the docker run command alone"


@dataclass(frozen=True)
class Left:
    """What was not carried over, or not wholly: as typed, without what could be a secret, and why."""

    typed: str
    why: str


@dataclass(frozen=True)
class Found:
    """A `docker run`: the words after `run`, and what is left of the text before them and after them."""

    words: Sequence[Word]
    before: tuple[Left, ...]
    after: tuple[Left, ...]


def find_run(text: str) -> Found:
    """Find the `docker run` in a text. Raises `CommandError` unless there is exactly one."""
    text = tidy(text)
    tokens, runs = runs_in(text)
    if not runs and text.startswith("#"):
        # It is no comment, but the prompt of root.
        text = " " + text[1:]
        tokens, runs = runs_in(text)
    if not runs:
        raise CommandError("Enter a docker run command, for example docker run ubuntu:22.04 ls")
    if len(runs) > 1:
        raise CommandError(f"Enter one docker run command: there are {len(runs)}")
    command, words, left = runs[0]
    start, end = command[0].start, command[-1].end
    before = around([token for token in tokens if token.start < start])
    after = around([token for token in tokens if token.start >= end])
    return Found(words, (*before, *left), tuple(after))


def tidy(text: str) -> str:
    """Make all line ends alike, and take off what a terminal shows in front of the lines of one command."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").strip()
    return text.replace("\\\n> ", "\\\n") if text.startswith(("$ ", "# ")) else text


Run = tuple[list[Word], Sequence[Word], list[Left]]


def runs_in(text: str) -> tuple[list[Word | Operator], list[Run]]:
    """Give all tokens of a text, and of each `docker run` its words, those after `run`, and what of them is left."""
    tokens = split_words(text)
    return tokens, [(command, *run) for command in commands_of(tokens) if (run := after_run(command))]


def commands_of(tokens: Sequence[Word | Operator]) -> list[list[Word]]:
    """Give the words of each command; operators stand between commands."""
    commands: list[list[Word]] = [[]]
    for token in tokens:
        if isinstance(token, Operator):
            commands.append([])
        else:
            commands[-1].append(token)
    return [command for command in commands if command]


def after_run(command: Sequence[Word]) -> tuple[Sequence[Word], list[Left]] | None:
    """Give the words after `docker run` and what of those before it is left; None if it is another command.

    Raises `CommandError` at an unknown flag between `docker` and `run`.
    """
    words, left = after_prefix(without_prompt(command))
    if not words or program(words[0]) not in ("docker", "podman"):
        return None
    given, words = read_flags(words[1:], DOCKER_FLAGS)
    left += [Left(covered_flag(item), item.flag.why if item.flag else OTHERS) for item in given]
    if words and words[0].text == "container":
        words = words[1:]
    return (words[1:], left) if words and words[0].text == "run" else None


def without_prompt(words: Sequence[Word]) -> Sequence[Word]:
    """Take off the prompt, such as `$` or `[me@host ~]$`."""
    for number, word in enumerate(words[:LONGEST_PROMPT], start=1):
        if word.text.endswith(PROMPT_ENDS):
            return words[number:]
    return words


def after_prefix(words: Sequence[Word]) -> tuple[Sequence[Word], list[Left]]:
    """Take off `sudo` and the variables that are set for the command alone; these are left, without their values."""
    names = [match[0] for match in takewhile(bool, (ASSIGNMENT.match(word.text) for word in words)) if match]
    words = words[len(names) :]
    if words and words[0].text == "sudo":
        flags = list(takewhile(lambda word: word.text in SUDO_FLAGS, words[1:]))
        words = words[1 + len(flags) :]
    return words, [Left(f"{name}…", "it is set for your own shell") for name in names]


def program(word: Word) -> str:
    """The program that a word names, without its folder."""
    return re.split(r"[/\\]", word.text)[-1].removesuffix(".exe")


def around(tokens: Sequence[Word | Operator]) -> list[Left]:
    """What stands before or after the command, if it does anything."""
    if all(isinstance(token, Operator) and token.text in ";\n" for token in tokens):
        return []
    return [Left(covered_commands(tokens), OTHERS)]
