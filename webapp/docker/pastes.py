"""What people paste: the one `docker run` in it, without what stands around it, such as a prompt, Markdown or prose."""

import re
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, field, replace

from webapp.docker.assignments import Assignments, commands_of, without_used
from webapp.docker.covers import covered_commands, covered_flag
from webapp.docker.flags import Flag, after_flags, read_flags
from webapp.docker.other_texts import other_text
from webapp.docker.prefixes import KEYWORDS, WRAPPERS
from webapp.docker.run_flags import DOCKER_FLAGS, NERDCTL_FLAGS, PODMAN_FLAGS, PODMAN_RUN_FLAGS, RUN_FLAGS
from webapp.docker.shell import (
    BLANK,
    CURLY,
    CURLY_QUOTES,
    HIDDEN,
    INVISIBLE,
    CommandError,
    Operator,
    Splitter,
    Token,
    Word,
    is_of_windows,
)
from webapp.docker.texts import unnumbered

ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")
OTHERS = "Slipway takes the docker run command alone"
OWN_SHELL = "it is set for your own shell"

# The programs that run containers: the flags of each before `run`, and after it.
PROGRAMS = {
    "docker": (DOCKER_FLAGS, RUN_FLAGS),
    "nvidia-docker": (DOCKER_FLAGS, RUN_FLAGS),
    "podman": (PODMAN_FLAGS, PODMAN_RUN_FLAGS),
    "nerdctl": (NERDCTL_FLAGS, RUN_FLAGS),
}
VERBS = frozenset({"run", "create"})

# What stands in front of a command in cron, systemd and make (crontab(5), systemd.service(5), and "Recipe Echoing" of
# GNU make).
SCHEDULED = r"""(?:
    (?:(?:[0-9*][0-9*/,-]{0,30}[ \t]+){5}|@(?:annually|daily|hourly|midnight|monthly|reboot|weekly|yearly)[ \t]+)
    (?:root[ \t]+)?
  | Exec(?:Reload|Start|StartPost|StartPre|Stop|StopPost)=[-@:+!]{0,3}
  | @-?(?=[\w./])
)"""
# What stands in front of a command in Markdown and in YAML, and the prompts of shells.
LISTED = r"(?:(?:[-*+\u2022]|[0-9]{1,3}[.)])[ \t]+)?(?:(?:command|run|script):[ \t]+)?"
# The number of a command in the history of a shell, or of a line.
NUMBER = r"(?:[0-9]{1,6}[*:]?[ \t]+(?=(?:sudo[ \t]+)?(?:docker|nerdctl|podman)\b))?"
PROMPT = r"""(?:
    (?:PS[ ])?[A-Za-z]:\\[^>\n]{0,200}>[ \t]*                       # PS C:\src>, C:\>
  | PS(?:[ ]/[^>\n]{0,200})?>[ \t]*                                  # PS /src>
  | (?:In[ ]\[[0-9]{0,5}\]:[ \t]*)?!(?=\w)                           # a notebook
  | [^\s@]{1,100}@[^\s@]{1,100}[ ][^\s>]{0,100}>[ \t]+               # me@host ~>
  | \u279c[ \t]+(?!docker|nerdctl|podman|sudo)\S{1,100}[ \t]+              # ➜  src git:(main) ✗
    (?:git:\(\S{1,100}\)[ \t]+)?(?:\u2717[ \t]+)?
  | [$%>\u276f\u279c\u27a4\u27a9\u27b8\u203a\u00bb\u25b6\u03bb][ \t]+      # one of $ % > ❯ ➜ ➤ ➩ ➸ › » ▶ λ
  | (?!\#|docker|nerdctl|podman)(?:[^\s'"|&;<>=]{1,100}[ ]){0,2}?              # me@host:~$, ~ ❯
    (?:[^\s'"|&;<>=]{1,100}[$%\#\u276f]|[$%\u276f])[ \t]+
)"""
IN_FRONT = re.compile(rf"[ \t]*{SCHEDULED}?{LISTED}{NUMBER}{PROMPT}?", re.VERBOSE)
PROMPTED = re.compile(rf"^[ \t]*{PROMPT}", re.VERBOSE | re.MULTILINE)
# What a terminal shows in front of the lines in which a command goes on.
GOES_ON = re.compile(rf"([\\^`]){BLANK}*\n[ \t]*>{{1,2}}[ \t]")
# The same of cmd, which nothing else begins with.
MORE = re.compile(rf"(\^{BLANK}*\n)More\?[ \t]*")
FENCE = re.compile(r"^(?P<before>[ \t>]*)(?P<marks>`{3,}|~{3,})(?P<info>[^`\n]*)$", re.MULTILINE)
# A line that goes on, and nothing comes but the end of the fence.
OPEN_END = re.compile(rf"{BLANK}[\\^`]{BLANK}*(\n[ \t>]*(?:`{{3,}}|~{{3,}})[ \t]*(?:\n|\Z))")
COMMENT = re.compile(r"^[ \t]*#+[ \t]+", re.MULTILINE)
CODE = re.compile(r"(?<!`)`++([^`\n]{1,4000})`+")
# A command in an alias, or one whose output becomes a variable; and the folder that one is in, as fish has it.
ALIAS = re.compile(r"""^([ \t]*alias[ \t]+[\w.-]{1,64}=)(["'])([^\n]{1,4000})\2[ \t]*$""", re.MULTILINE)
# A line with those in which it goes on is looked at once, whatever it is.
OUTPUT = re.compile(
    r"""^(?:([ \t]*(?:export[ \t]+)?[A-Za-z_]\w{0,63}=)("?)\$\(((?:[^\n\\]|\\.){1,8000})\)\2[ \t]*$
        | (?:[^\n\\]|\\.)++)""",
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)
HERE_IN_FISH = re.compile(r"(?<=[\s=])\(pwd\)(?=[:/\s])")
# The lines of a text, each with those in which it goes on.
LINE_OF_SH = re.compile(rf"(?:[^\n\\]++|\\{BLANK}*\n|\\[^\n]?)*+")
LINE_OF_WINDOWS = re.compile(rf"(?:[^\n^`]++|[\^`]{BLANK}*\n|[\^`])*+")
QUOTED_RUN = re.compile(rf"{CURLY}[^\n]{{0,20}}(?:docker|podman)")


class NoCommand(CommandError):
    """There is no `docker run` in a text."""


@dataclass(frozen=True)
class Left:
    """What was not carried over, or not wholly: as typed, without what could be a secret, and why.

    `of` names what it is about, where that is carried over: `commands`, `user`, `entrypoint`, `variable` or `volume`,
    the latter two with a blank and the variable's name, or the folder in the container.
    """

    typed: str
    why: str
    of: str = field(default="", compare=False)


@dataclass(frozen=True)
class Found:
    """A `docker run`: the words after `run` and the flags that it knows, what is left of the text before and after.

    `own` are the variables that are set for it alone, `text` is what stands before it.
    """

    words: Sequence[Word]
    flags: dict[str, Flag]
    before: tuple[Left, ...] = ()
    after: tuple[Left, ...] = ()
    own: Sequence[Word] = field(default=(), repr=False)
    text: Sequence[Token] = field(default=(), repr=False)

    @property
    def assignments(self) -> Assignments:
        """The variables that the text sets for it."""
        return Assignments(self.text, self.own)

    def told(self, used: Set[str]) -> tuple[Left, ...]:
        """What is left of the text before it, but for the variables that were `used`."""
        own = (Left(f"{name}=…", OWN_SHELL) for name in map(name_set, self.own) if name not in used)
        return (*around(without_used(self.text, used)), *own, *self.before)


def find_run(text: str) -> Found:
    """Find the `docker run` in a text. Raises `CommandError` unless there is exactly one."""
    text = tidy(text)
    # To read all words of a long text takes its time.
    if not any(name in text for name in PROGRAMS):
        raise unfound(text)
    for look_at in LOOKS:
        found, number = look(look_at(text))
        if number > 1:
            raise CommandError(f"Enter one docker run command: there are {number}")
        if found:
            return found
    raise unfound(text)


def tidy(text: str) -> str:
    """Make all line ends alike, and take off what a terminal or Markdown shows around the lines of one command."""
    text = unnumbered(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")).strip()
    text = MORE.sub(r"\1", HERE_IN_FISH.sub("$(pwd)", OPEN_END.sub(r"\1", text)))
    # One > after another line leads the output into a file.
    if PROMPTED.search(text) or len(GOES_ON.findall(text)) > 1:
        text = GOES_ON.sub(r"\1\n", text)
    return text


def uncommented(text: str) -> str:
    """A text whose lines begin with # as a prompt: that of root."""
    return COMMENT.sub("", text)


def out_of_prose(text: str) -> str:
    """A text with each code that stands in its sentences on a line of its own."""
    return CODE.sub(r"\n\1\n", text)


def out_of_others(text: str) -> str:
    """A text with each command on a line of its own that stands in an alias, or whose output becomes a variable."""
    return OUTPUT.sub(lambda line: f"{line[1]}\n{line[3]}" if line[1] else line[0], ALIAS.sub(r"\1\n\3", text))


# How to look at a text, each where the one before has found nothing.
LOOKS: tuple[Callable[[str], str], ...] = (str, out_of_others, uncommented, out_of_prose)


def unfound(text: str) -> NoCommand:
    """Why there is no `docker run` in a text, and what is there instead."""
    if QUOTED_RUN.search(text):
        return NoCommand(CURLY_QUOTES)
    if hidden := re.search(HIDDEN, text):
        return NoCommand(INVISIBLE.format(ord(hidden[0])))
    if other := other_text(text):
        return NoCommand(f"Enter a docker run command: this looks like {other.called}. {other.advice}")
    return NoCommand("Enter a docker run command, for example docker run ubuntu:22.04 ls")


def look(text: str) -> tuple[Found | None, int]:
    """Find the first `docker run` in a text, and count all. Raises `CommandError` where it can't be read.

    Each line is read for itself, since an apostrophe in prose opens no quote; only in the command that is found a quote
    leads over the end of a line, and over what would be a fence of Markdown elsewhere.
    """
    of_windows = is_of_windows(FENCE.sub("", text))
    line = LINE_OF_WINDOWS if of_windows else LINE_OF_SH
    found, number, place, line_end = None, 0, 0, -1
    before: list[Token] = []
    after: list[Token] = []
    while place < len(text):
        if fence := FENCE.match(text, place):
            place = fence.end() + 1
            continue
        # A comment ends before its line does, where that goes on.
        if place > line_end:
            line_end = end_of(line, text, place, len(text))
        start = end_of(IN_FRONT, text, place, line_end)
        tokens, end = Splitter(text, of_windows, start, line_end).split_roughly()
        runs = runs_in(tokens)
        if runs and not found:
            tokens, end = Splitter(text, of_windows, start).split_line()
            runs = runs_in(tokens)
            command, found = runs[0]
            before += [token for token in tokens if token.start < command[0].start]
            tokens = [token for token in tokens if token.start >= command[-1].end]
        number += len(runs)
        if tokens:
            (after if found else before).extend([*tokens, Operator("\n", end)])
        place = end + 1
    if found:
        found = replace(found, text=before, after=tuple(around(after)))
    return found, number


def end_of(pattern: re.Pattern[str], text: str, place: int, end: int) -> int:
    """Where ends what matches at a place, before `end`."""
    match = pattern.match(text, place, end)
    return match.end() if match else place


def runs_in(tokens: Sequence[Token]) -> list[tuple[list[Word], Found]]:
    """The commands among tokens that run a container, each with what it is."""
    return [(command, run) for command in commands_of(tokens) if (run := run_of(command))]


def run_of(command: Sequence[Word]) -> Found | None:
    """What a command runs; None if it is another one. Raises `CommandError` at an unknown flag before `run`."""
    if not any(word.text in VERBS for word in command):
        return None
    words, left, own = after_prefix(command)
    if not words or program(words[0]) not in PROGRAMS:
        return None
    before, flags = PROGRAMS[program(words[0])]
    given, words = read_flags(words[1:], before)
    left += [Left(covered_flag(item), item.flag.why if item.flag else OTHERS) for item in given]
    if words and words[0].text == "container":
        words = words[1:]
    return Found(words[1:], flags, tuple(left), own=own) if words and words[0].text in VERBS else None


def after_prefix(words: Sequence[Word]) -> tuple[Sequence[Word], list[Left], list[Word]]:
    """Take off what runs the command behind it, and the variables that are set for that alone."""
    left: list[Left] = []
    own: list[Word] = []
    place = 0
    while place < len(words):
        name = words[place].text
        if ASSIGNMENT.match(name):
            own.append(words[place])
        elif name in WRAPPERS:
            wrapper = WRAPPERS[name]
            if wrapper.why:
                left.append(Left(name, wrapper.why))
            place = after_flags(words, wrapper.flags, place + 1) + wrapper.operands
            continue
        elif name not in KEYWORDS:
            break
        place += 1
    return words[place:], left, own


def name_set(word: Word) -> str:
    """The name of the variable that a word sets."""
    return word.text.partition("=")[0]


def program(word: Word) -> str:
    """The program that a word names, without its folder."""
    return re.split(r"[/\\]", word.text)[-1].removesuffix(".exe")


def around(tokens: Sequence[Token], why: str = OTHERS) -> Iterator[Left]:
    """What stands before or after what is taken, if it does anything."""
    if not all(isinstance(token, Operator) and token.text in ";\n" for token in tokens):
        yield Left(covered_commands(tokens), why)


def beside(text: str, why: str) -> Iterator[Left]:
    """A text of which nothing is taken, with `why`, if there is anything in it."""
    tokens: list[Token] = []
    for line in filter(str.strip, FENCE.sub("", text).splitlines()):
        tokens += [*Splitter(line, is_of_windows(line)).split_roughly()[0], Operator("\n", 0)]
    yield from around(tokens, why)
