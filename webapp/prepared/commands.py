"""Where commands use variables, and whether what stands in a variable could change what is run there.

What is accepted is a variable in double quotes, as an argument of a program that takes it as one value. Shells that run
a text, programs that are given a program, and whatever can't be followed for sure are refused: their maker can say the
same in a plainer way.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from webapp.docker.variables import USE
from webapp.prepared.programs import changes_programs
from webapp.prepared.runners import BUILTINS, INTERPRETERS, RUNNERS, TELLERS, THROUGH, called
from webapp.prepared.shell import (
    FILLED,
    IDENTIFIER,
    KEYWORDS,
    PIPES,
    Command,
    Document,
    Inner,
    Unreadable,
    Word,
    split_commands,
)

# Variables that are set from others are followed so often.
MOST_ROUNDS = 10
MOST_FILES = 100
MOST_SHOWN = 50
LONGEST_LINE = 200
COMPARED = frozenset({"=", "==", "!="})
EMPTY_OR_NOT = frozenset({"-n", "-z"})
# They print or compare whatever they are given, or name it.
NO_OPTIONS = frozenset({"echo", "printf", "test", "[", "[[", "case", "for", "export"})
ENDS = frozenset({"}", "done", "fi", "esac"})
COMPOUND = ENDS | {"for", "case", "select", "function"}
PRINTED = frozenset({"1", "2", "-"})
DECLARING = frozenset({"declare", "typeset", "local", "readonly", "export"})
SHELLS = frozenset({"ash", "bash", "cmd", "csh", "dash", "eval", "fish", "ksh", "pwsh", "sh", "tcsh", "xargs", "zsh"})
READING = frozenset({"<", "<&", "<<<", "<>"})
WRITING = frozenset({"tee", "cp", "mv", "ln", "install"})
# Modules of Python that run what they are given.
RUNNING_MODULES = frozenset({"timeit", "pdb", "runpy", "cProfile", "profile", "trace", "code", "doctest", "bdb"})
# A number of seconds, such as 10 or 1.5m, as timeout takes it.
NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?[smhd]?")
# With %n, bash sets the variable that is named by a word.
FORMAT = re.compile(r"(?!-)(?:[^%\0]|%%|%-?[0-9.]*[sqb])*")
FILLS = re.compile(r"[$`\\]")
RUNS = re.compile(r"\$\(|`")


@dataclass(frozen=True)
class CommandUse:
    """A place in the commands that uses a variable: its line, counted from 1, and the text of that line."""

    variable: str
    line: int
    text: str


@dataclass(frozen=True)
class UnsafeUse:
    """A line of the commands where an answer could change what is run; the words say what to do there."""

    line: int
    words: str


@dataclass(frozen=True)
class Uses:
    """Where commands use variables, and which of these uses their maker has to mend. What stands in the variables
    `options` a program could take for one of its options."""

    found: tuple[CommandUse, ...] = ()
    unsafe: tuple[UnsafeUse, ...] = ()
    options: frozenset[str] = frozenset()


def uses_in(commands: str, variables: Collection[str]) -> Uses:
    """Find where commands use any of these variables, for sh or bash. What can't be read for sure counts as unsafe."""
    if not variables:
        return Uses()
    found = mentions(commands.split("\n"), variables)
    try:
        parsed, functions = split_commands(commands)
    except Unreadable as error:
        return Uses(found, (UnsafeUse(error.line, error.words),))
    reached, files = frozenset(variables), frozenset[str]()
    for _ in range(MOST_ROUNDS):
        judge = Judge(reached, files, functions)
        judge.judge(parsed)
        if judge.assigned <= reached and judge.written <= files:
            unsafe = sorted(set(judge.unsafe), key=lambda use: use.line)
            return Uses(found, tuple(unsafe[:MOST_SHOWN]), frozenset(judge.options))
        reached, files = reached | judge.assigned, files | judge.written
        if len(files) > MOST_FILES:
            return Uses(found, (UnsafeUse(1, f"The commands must write answers into at most {MOST_FILES} files"),))
    return Uses(found, (UnsafeUse(1, "The commands must set fewer variables from others"),))


def mentions(lines: list[str], variables: Collection[str]) -> tuple[CommandUse, ...]:
    """The lines that use the variables, each variable once a line."""
    found = (
        CommandUse(name, number, line.strip()[:LONGEST_LINE])
        for number, line in enumerate(lines, start=1)
        for name in dict.fromkeys(match[1] or match[2] for match in USE.finditer(line))
        if name in variables
    )
    return tuple(found)


@dataclass
class Judge:
    """Goes through commands once. `reached` are the variables that can hold an answer, or a part of one, `files` the
    files; `assigned` and `written` are those that are made so here, `options` those that begin a word for a program."""

    reached: frozenset[str]
    files: frozenset[str]
    functions: frozenset[str]
    unsafe: list[UnsafeUse] = field(default_factory=list)
    assigned: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    options: set[str] = field(default_factory=set)
    any: bool = False

    def judge(self, commands: tuple[Command, ...]) -> None:
        """Judge all of the commands."""
        named = (command.words[1].text for command in each(commands) if is_function(command))
        self.functions |= set(named)
        self._all(commands)

    def _all(self, commands: tuple[Command, ...]) -> bool:
        """Judge commands one after the other; gives whether what they print can hold an answer."""
        before = printed = False
        for command in commands:
            piped = command.before.lstrip(")").rstrip("(") in PIPES
            closed = command.before.startswith(")")
            before = self._one(command, piped and (self.any if closed else before))
            self.any = self.any or before
            printed = printed or before
        return printed

    def _one(self, command: Command, given: bool) -> bool:
        """Judge one command, which is `given` an answer to read or not; gives whether it can print one."""
        hot = [self._word(word) for word in command.words]
        given = self._targets(command) or given
        for document in command.documents:
            given = self._document(document) or given
        words = list(command.words)
        compound = self._skip(words, hot) or command.before.endswith("(") or not words or words[0].text in COMPOUND
        if given and compound:
            self._refuse(line_of(command), "What can hold an answer must be read by one plain command")
        # What a compound command prints is what was printed inside it.
        ending = words[0].text in ENDS if words else command.before.startswith(")")
        hot = hot[-len(words) :] if words else hot
        touched = given or any(hot) or any(self._mentions(word) for word in words)
        if words:
            self._standing(words)
        if words and touched:
            self._head(words, hot)
            self._note_options(words, hot)
        prints = touched or (ending and self.any) or (bool(words) and self._tells(words[0]))
        if prints or (words and called(words[0].text) == "exec"):
            # To where exec leads, all that follows is led.
            self._note_written(command)
        return prints

    def _tells(self, head: Word) -> bool:
        """Whether a command can print answers that it is not given."""
        return called(head.text) in TELLERS or head.text in self.functions

    def _standing(self, words: list[Word]) -> None:
        """Refuse what changes how later commands are read: an alias, and variables that are sums, or other names."""
        name = called(words[0].text)
        flags = [word.text for word in words[1:] if word.text.startswith("-")]
        if name == "alias":
            self._refuse(words[0].line, "An “alias” must not be made: it changes what is run")
        if name in DECLARING and any(not {"i", "n"}.isdisjoint(flag) for flag in flags):
            self._refuse(words[0].line, f"{name} must be without -i and -n: bash would work out what is set")

    def _mentions(self, word: Word) -> bool:
        """Whether a word names a variable, or a file, that can hold an answer."""
        return bool(self.reached & word.mentioned) or self._names_file(word)

    def _names_file(self, word: Word) -> bool:
        """Whether a word names a file that can hold an answer, perhaps among others."""
        file = file_of(word)
        matched = not {"*", "?", "["}.isdisjoint(file) and any(fnmatchcase(each, file) for each in self.files)
        return matched or file in self.files or file == "environ"

    def _targets(self, command: Command) -> bool:
        """Judge where a command leads its output, and from where it reads; gives whether it reads an answer."""
        given = False
        for operator, target in command.targets:
            if self._word(target):
                self._refuse(target.line, "An answer must not name a file that is read or written with < or >")
            if operator == ">&" and target.text not in PRINTED:
                self._refuse(
                    target.line, "Output must not be led to another number than 1 or 2: write to a file by name"
                )
            given = given or (operator in READING and self._mentions(target))
        return given

    def _skip(self, words: list[Word], hot: list[bool]) -> bool:
        """Take away what stands before the command itself: keywords, variables that are set, and programs that run
        another one; gives whether there were keywords."""
        keywords = False
        while words:
            first = words[0]
            if first.literal and first.text in KEYWORDS:
                keywords = True
            elif first.assigns:
                self._assign(first, hot[-len(words)])
            elif len(words) < 2 or not first.literal or called(first.text) not in THROUGH or not runs_next(words[1]):
                break
            elif NUMBER.fullmatch(words[1].text) and len(words) > 2:
                # As many seconds as timeout lets the next one run.
                del words[0]
            del words[0]
        return keywords

    def _assign(self, word: Word, hot: bool) -> None:
        """Judge a variable that is set."""
        if hot:
            self._set(word.assigns, word.line)
        value = word.text.partition("=")[2]
        if value in self.reached:
            self._refuse(word.line, f"The name {value} must not be kept in another variable")

    def _set(self, name: str, line: int) -> None:
        """Note that a variable can hold an answer from here on."""
        self.assigned.add(name)
        if changes_programs(name):
            self._refuse(line, f"{name} must not be set from an answer: it changes what is run")

    def _head(self, words: list[Word], hot: list[bool]) -> None:
        """Judge the command that is given an answer, as a word or to read."""
        head = words[0]
        name = called(head.text)
        forms: dict[str, Callable[[list[Word], list[bool]], None]] = {
            "for": self._for,
            "case": self._case,
            "export": self._export,
            "[": self._test,
            "[[": self._test,
            "test": self._test,
            "printf": self._printf,
        }
        if hot[0] or not head.literal:
            self._refuse(head.line, "The command itself must be written out: it must not come from a variable")
        elif self._names_file(head):
            self._refuse(head.line, f"{head.text} must not be run: an answer is written into it")
        elif head.text in self.functions:
            self._refuse(head.line, f"An answer must not be given to {head.text}, which is a function made here")
        elif name in forms:
            forms[name](words, hot)
        elif name in INTERPRETERS:
            if not runs_a_file(words[1:], hot[1:]) or any(map(self._names_file, words[1:2])):
                self._refuse(head.line, f"{name} must run a file that is named first, to be given an answer")
        else:
            self._plain(words)

    def _note_options(self, words: list[Word], hot: list[bool]) -> None:
        """Note which variables begin a word that the program could take for an option."""
        if called(words[0].text) in NO_OPTIONS:
            return
        for word, is_hot in zip(words[1:], hot[1:], strict=True):
            if word.text == "--":
                return
            if is_hot and word.text.startswith(FILLED):
                # What a command inside it prints has no name.
                self.options |= (word.filled & self.reached) | ({word.text} if word.inner else set())

    def _plain(self, words: list[Word]) -> None:
        """Judge any other program: it must not run another one that takes a text to run."""
        names = [called(word.text) for word in words]
        first = [names[0]] if names[0] in BUILTINS | RUNNERS | THROUGH else []
        for name in (first or [name for name in names[1:] if name in SHELLS])[:1]:
            way = f': write NAME="$NAME" {name}, where it reads variables' if name in RUNNERS else ""
            self._refuse(words[0].line, f"An answer must not be given to {name}, which can run what it is given{way}")

    def _case(self, words: list[Word], hot: list[bool]) -> None:
        """Judge a choice between patterns."""
        if any(hot[2:]):
            self._refuse(words[0].line, "The patterns of a “case” must be written out")

    def _printf(self, words: list[Word], hot: list[bool]) -> None:
        """Judge what is printed: the format could set variables."""
        if len(words) < 2 or not FORMAT.fullmatch(words[1].text):
            self._refuse(words[0].line, "The first word of printf must be a text such as '%s\\n', with %s alone")

    def _for(self, words: list[Word], hot: list[bool]) -> None:
        """Judge a loop over words: its variable holds what they hold."""
        if len(words) < 3 or not words[1].literal or words[2].text != "in":
            self._refuse(words[0].line, "A “for” must be written as: for NAME in …")
        elif any(word.text in self.reached for word in words[3:]):
            self._refuse(words[0].line, "The names of variables must not be gone through in a “for”")
        else:
            self._set(words[1].text, words[0].line)

    def _export(self, words: list[Word], hot: list[bool]) -> None:
        """Judge variables that are passed on to programs."""
        for word, is_hot in zip(words[1:], hot[1:], strict=True):
            if word.assigns:
                self._assign(word, is_hot)
            elif is_hot or not word.literal or not IDENTIFIER.fullmatch(word.text):
                self._refuse(word.line, 'An export must name a variable, and may set it: export NAME="$OTHER"')

    def _test(self, words: list[Word], hot: list[bool]) -> None:
        """Judge a comparison: with more words, or other signs, words from answers could be taken as signs."""
        head, rest = words[0], words[1:]
        closing = {"[": "]", "[[": "]]"}.get(head.text, "")
        if closing:
            if not rest or rest[-1].text != closing:
                self._refuse(head.line, f"{head.text} must end with {closing} on the same line")
                return
            rest = rest[:-1]
        texts = [word.text for word in rest]
        two = len(rest) == 2 and texts[0] in EMPTY_OR_NOT
        three = len(rest) == 3 and texts[1] in COMPARED
        if not two and not three:
            self._refuse(head.line, "An answer must be compared with = or !=, or looked at with -n or -z, alone")

    def _word(self, word: Word) -> bool:
        """Judge what is filled in in a word; gives whether it can hold an answer."""
        hot = False
        for filling in word.fillings:
            if filling.name in self.reached:
                hot = True
                if not filling.quoted:
                    self._refuse(filling.line, f'${filling.name} must be in double quotes: "${filling.name}"')
        for inner in word.inner:
            hot = self._inner(inner) or hot
        for name in sorted(word.names & self.reached):
            self._refuse(word.line, f'{name} must be used as "${name}" or "${{{name}}}", and in no other way')
        for name in sorted({match[1] or match[2] for match in USE.finditer(word.text)} & self.reached):
            words = f"${name} must be in double quotes: in single quotes, or after a \\, it is not filled in here"
            self._refuse(word.line, words)
        return hot

    def _inner(self, inner: Inner) -> bool:
        """Judge commands whose output is filled in."""
        hot = self._all(inner.commands)
        if hot and not inner.quoted:
            self._refuse(inner.line, 'What can hold an answer must be in double quotes: "$( … )"')
        if hot and inner.old:
            self._refuse(inner.line, "Commands that use an answer must be in $( ), not in backquotes")
        return hot

    def _document(self, document: Document) -> bool:
        """Judge a here-document; gives whether it can hold an answer."""
        named = set(IDENTIFIER.findall(document.text)) & self.reached
        if named and ((document.filled and FILLS.search(document.text)) or USE.search(document.text)):
            words = f"A here-document must have no ${min(named)} in it: print it with printf '%s\\n'"
            self._refuse(document.line, words)
        return bool(named) or (document.filled and RUNS.search(document.text) is not None)

    def _note_written(self, command: Command) -> None:
        """Note the files into which an answer can be written."""
        files = {file_of(target) for operator, target in command.targets if operator not in READING}
        for place, word in enumerate(command.words, start=1):
            if called(word.text) in WRITING:
                files |= {file_of(other) for other in command.words[place:] if other.literal}
                break
        if any(FILLED in file for file in files):
            self._refuse(line_of(command), "A file that an answer can be written into must have a name of its own here")
        self.written |= files - {"", "null", "stdout", "stderr", "1", "2"}

    def _refuse(self, line: int, words: str) -> None:
        self.unsafe.append(UnsafeUse(line, words))


def each(commands: tuple[Command, ...]) -> Iterator[Command]:
    """Every command, also those inside others."""
    for command in commands:
        yield command
        for word in (*command.words, *(target for _, target in command.targets)):
            for inner in word.inner:
                yield from each(inner.commands)


def is_function(command: Command) -> bool:
    """Whether a command is bash's other way to make a function."""
    return len(command.words) > 1 and command.words[0].text == "function"


def file_of(word: Word) -> str:
    """The name of the file that a word can mean, without its folder."""
    return word.text.rpartition("/")[2]


def runs_next(word: Word) -> bool:
    """Whether a program that runs another one takes this word for it, or for a number before it."""
    return word.literal and not word.text.startswith("-") and "=" not in word.text


def runs_a_file(rest: list[Word], hot: list[bool]) -> bool:
    """Whether an interpreter is told which file or module to run, before any answer."""
    first = rest[0] if rest else None
    if first is None or not first.literal or hot[0] or first.text == "/dev/stdin":
        return False
    if first.text in ("-m", "-jar") and len(rest) > 1:
        module = rest[1]
        return module.literal and not hot[1] and not module.text.startswith("-") and module.text not in RUNNING_MODULES
    return not first.text.startswith(("-", "+"))


def line_of(command: Command) -> int:
    """The line where a command begins."""
    lines = [word.line for word in command.words] + [target.line for _, target in command.targets]
    return min(lines + [document.line for document in command.documents], default=1)
