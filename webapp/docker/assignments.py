"""Variables that a text sets itself, for a command behind it: in a shell, in cmd and in PowerShell."""

import re
from collections.abc import Mapping, Sequence, Set

from webapp.docker.shell import Operator, Token, Word

SET = re.compile(r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)=(?P<value>.*)", re.DOTALL)
OF_POWERSHELL = re.compile(r"\$(?i:env):(?P<name>\w+)(?:=(?P<value>.*))?", re.DOTALL)
# They hand a variable on to the programs that are started. `set` is cmd's.
HANDS_ON = frozenset({"export", "set"})
# A use of one variable and nothing else.
USE_ALONE = re.compile(r"\$(\w+)|\$\{(\w+)\}|%(\w+)%|\$(?i:env):(\w+)")


class Assignments:
    """What the text before a command sets: in `handed_on` what the command gets, in `known` also what is only for the
    shell that reads its words."""

    def __init__(self, tokens: Sequence[Token], own: Sequence[Word]) -> None:
        self.known: dict[str, str] = {}
        self.handed_on: dict[str, str] = {}
        for command in commands_of(tokens):
            found = set_by(command)
            self.known |= found
            if command[0].text in HANDS_ON or OF_POWERSHELL.match(command[0].text):
                self.handed_on |= found
        self.handed_on |= pairs(own)

    def value(self, key: str, value: str | None) -> str | None:
        """The value of a variable that a command gets by its name alone (None) or as `value`; None where it is not set
        here."""
        if value is None:
            return self.handed_on.get(key)
        return self.known.get(name_used(value))


def name_used(text: str) -> str:
    """The name of the variable that is all of a text; empty where there is none, or more."""
    used = USE_ALONE.fullmatch(text)
    return next(filter(None, used.groups())) if used else ""


def commands_of(tokens: Sequence[Token]) -> list[list[Word]]:
    """Give the words of each command; operators stand between commands."""
    commands: list[list[Word]] = [[]]
    for token in tokens:
        if isinstance(token, Operator):
            commands.append([])
        else:
            commands[-1].append(token)
    return [command for command in commands if command]


def set_by(command: Sequence[Word]) -> dict[str, str]:
    """What a command sets that does nothing else; what a shell would fill in is not known."""
    found = OF_POWERSHELL.fullmatch(command[0].text)
    if found and found["value"] is not None and len(command) == 1:
        return {found["name"]: found["value"]} if len(command[0].filled) == 1 else {}
    if found and len(command) == 3 and command[1].text == "=":
        return {found["name"]: command[2].text} if is_plain(command[2]) else {}
    words = command[1:] if command[0].text in HANDS_ON else command
    return pairs(words) if all(SET.fullmatch(word.text) for word in words) else {}


def pairs(words: Sequence[Word]) -> dict[str, str]:
    """The names and values of assignments."""
    found = ((SET.fullmatch(word.text), word) for word in words)
    return {match["name"]: match["value"] for match, word in found if match and is_plain(word)}


def is_plain(word: Word) -> bool:
    """Whether a word is known as it stands."""
    return not word.filled and not word.flaw


def without_used(tokens: Sequence[Token], used: Set[str]) -> list[Token]:
    """Leave out the commands that only set what was used, each with what ends it."""
    left: list[Token] = []
    command: list[Word] = []
    for token in tokens:
        if isinstance(token, Word):
            command.append(token)
            continue
        if not only_sets(command, used):
            left += [*command, token]
        command = []
    return left if only_sets(command, used) else [*left, *command]


def only_sets(command: Sequence[Word], used: Set[str]) -> bool:
    """Whether a command sets variables that were all used, and does nothing else."""
    found: Mapping[str, str] = set_by(command) if command else {}
    return bool(found) and found.keys() <= used
