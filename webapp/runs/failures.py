"""What the end of a run means in words: which of the common failures it is, and the box of the form to change."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from webapp.buddy.executions import Status
from webapp.runs.signs import MAY_NOT, NO_MEMORY, SIGNS, TOO_LONG, Advice, Sign

# Of each line so many characters are looked at, and of a log so many lines, from its end.
LONGEST, MOST_LINES = 500, 120
# Weak signs are looked for among so many, not counting those that only say where something happened.
NEAREST = 20
LONGEST_NAMED = 80
# What follows a failure and tells nothing new of it.
NOISE = re.compile(
    r"^(?:\s|npm (?:err!|error)|make(?:\[\d{1,3}\])?: |\[info\]|\[error\]|yarn |info visit|error command failed|build "
    r"finished|\$ )",
    re.IGNORECASE,
)
# Here tests or a compiler have failed: whatever was printed before, the commands themselves could be run.
DONE_WRONG = re.compile(
    r"\b[1-9]\d{0,5} (?:failed|failing|failures?|errors?)\b|^(?:failures!|--- fail|fail\b)|\btests? failed\b"
    r"|failures?: [1-9]|errors?: [1-9]|compilation (?:error|failure)|\berror TS\d|\bsyntaxerror\b|assertionerror",
    re.IGNORECASE,
)
EXIT_CODE = re.compile(
    r"\b(?:exit(?:ed)?(?: with)?|returned|finished with)(?: a)?(?: non-zero)?(?: exit)?(?: code| status)?:? ?"
    r"(?P<code>\d{1,3})\b|^make(?:\[\d{1,3}\])?: \*\*\* .{0,300}error (?P<make>\d{1,3})$",
    re.IGNORECASE,
)
COMMANDS = "inline_commands"
NO_SUCH_PROGRAM = Advice(
    "command",
    COMMANDS,
    "The image lacks a program that the commands use: install it in the commands, or choose another image.",
)
# What exit codes mean by themselves: those of `timeout`, of shells, and of what was killed by signal 9.
OF_CODES = {124: TOO_LONG, 126: MAY_NOT, 127: NO_SUCH_PROGRAM, 137: NO_MEMORY}


@dataclass(frozen=True)
class Cause:
    """Why an action failed. `line` is the one that tells, or empty; `exit_code` what the commands ended with, if told.

    `key` is one of "image", "denied", "user", "command", "permission", "no file", "exit", "timeout", "memory",
    "volume", "disk" and "entrypoint". `box` is the name of the form's box to change.
    """

    key: str
    sentence: str
    line: str
    box: str
    exit_code: int | None = None


def cause_of(lines: Sequence[str], status: str, said: str = "") -> Cause | None:
    """Tell why an action with this status failed, by the plain lines of its log and what Buddy `said` of it.

    None for what has not failed. What is not recognised is an "exit": the last line, and the exit code, if one is told.
    """
    if status != Status.FAILED:
        return None
    last = [line[:LONGEST].strip("\r\n") for line in (*lines[-MOST_LINES:], said) if line.strip()]
    code = next(filter(None, map(exit_code, reversed(last))), None)
    found = next(signs_from_the_end(last), None)
    if found is not None:
        sign, match, line = found
        return made_of(sign.advice, named(match), line, code)
    line = next((line for line in reversed(last) if not NOISE.match(line) and line != said), last[-1] if last else "")
    if code in OF_CODES:
        return made_of(OF_CODES[code], "", line, code)
    ended = f"The commands ended with exit code {code}" if code else "The commands failed"
    return Cause("exit", f"{ended}: the last lines say why. Correct the commands.", line.strip(), COMMANDS, code)


def made_of(advice: Advice, what: str, line: str, code: int | None) -> Cause:
    """The cause that a line is a sign of."""
    return Cause(advice.key, advice.sentence.format(what=what), line.strip(), advice.box, code)


def signs_from_the_end(lines: Sequence[str]) -> Iterator[tuple[Sign, re.Match[str], str]]:
    """Each sign with its line, the last line first, up to where the commands ran and did their work wrong."""
    near = 0
    for line in reversed(lines):
        small, done = line.lower(), DONE_WRONG.search(line) is not None
        counts_weak = near < NEAREST and not done
        for sign in SIGNS:
            if sign.word in small and (counts_weak or not sign.weak) and (match := sign.pattern.search(line)):
                yield sign, match, line
        if done:
            return
        near += not NOISE.match(line)


def exit_code(line: str) -> int | None:
    """The exit code that a line tells of; None where it tells none, or of a good end."""
    match = EXIT_CODE.search(line)
    return int(match["code"] or match["make"]) or None if match else None


def named(match: re.Match[str]) -> str:
    """What a sign names, in short."""
    what = (match.groupdict().get("what") or "").strip()
    return what if len(what) <= LONGEST_NAMED else what[: LONGEST_NAMED - 1] + "…"
