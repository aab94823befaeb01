"""The words after an image: as commands of an action, and what is to be known of them.

Docker hands them to the ENTRYPOINT of the image, if it has one (docs.docker.com/reference/dockerfile/#entrypoint).
Buddy runs its commands in a shell.
"""

import shlex
from collections.abc import Sequence

from webapp.docker.covers import PROGRAMS, covered_word
from webapp.docker.pastes import Left
from webapp.docker.shell import Word, shell_text

SHELLS = frozenset({"sh", "bash", "ash", "dash", "ksh", "zsh"})
# Programs that stand first in a command and are hardly ever the argument of another one.
STARTED = frozenset(
    {
        *SHELLS,
        *PROGRAMS,
        *(
            "bundle",
            "bunx",
            "cargo",
            "composer",
            "date",
            "df",
            "dotnet",
            "du",
            "find",
            "gcc",
            "go",
            "gradle",
            "hostname",
        ),
        *("id", "java", "mvn", "nginx", "node", "npx", "perl", "php", "phpunit", "pip3", "pnpm", "poetry", "psql"),
        *("pwd", "pytest", "rails", "rake", "ruby", "sort", "tar", "touch", "true", "uname", "uv", "wc", "whoami"),
        *("yarn",),
    }
)
IN_FRONT = (
    "Docker gives the words from here on to the program that the image starts with (its ENTRYPOINT), and Buddy runs "
    "them as commands: write that program in front"
)
UNLESS = f"{IN_FRONT}, unless this is one"


def commands_in(entrypoint: str, command: Sequence[str], written: Sequence[str], folder: str) -> str:
    """A command, to be run in a `folder`, as commands of an action; of `--entrypoint sh … -c script` the script.

    Whatever else is given to a shell stays its own.
    """
    if not command or not runs_shell(entrypoint):
        commands = shell_text(command, written)
    elif len(command) == 2 and command[0] == "-c":
        commands = command[1]
    else:
        commands = " ".join([shlex.quote(entrypoint), *(written or map(shlex.quote, command))])
    return f"cd {folder}\n{commands}" if folder else commands


def runs_shell(entrypoint: str) -> bool:
    """Whether an entrypoint is a shell."""
    return entrypoint.rpartition("/")[2] in SHELLS


def doubt(words: Sequence[Word]) -> Left | None:
    """What is to be known of words that are given to an image with an entrypoint of its own, if there is one."""
    if not words:
        return None
    first = words[0]
    if first.pattern or first.text.startswith("-"):
        return Left(covered_word(first.text), IN_FRONT)
    return None if starts_program(first.text) else Left(covered_word(first.text), UNLESS)


def starts_program(text: str) -> bool:
    """Whether a word is plainly a program: one of many, or a path."""
    return text in STARTED or ("/" in text and "://" not in text)
