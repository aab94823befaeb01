"""What becomes of commands that nobody runs: what they would print, how long they would take, how they would end."""

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from webapp.sandbox.programs import FAILED, INSTALLERS, INSTALLING, MISSING, PRINTED, has_program

# In seconds.
MOMENT = 0.25
COMMAND = 1.0
LONGEST_SLEEP = 24 * 3600.0
# More lines of a log nobody sees, and `seq` counts no further.
MOST_LINES = 100_000
NUMBERS_A_SECOND = 5000
# More of an action's commands nobody looks at.
LONGEST = 20_000
# A line goes on behind its end where a quote is open, but for one in a comment.
LINE = re.compile(r"""(?:(?<!\S)#[^\n]*|[^\n'"\\]|\\.|'[^']*'|"(?:\\.|[^"\\])*"|['"\\])+""", re.DOTALL)
HERE = re.compile(r"<<-?\s*['\"]?(\w+)")
FUNCTION = re.compile(r"^[ \t]*(?:function[ \t]+)?(\w+)[ \t]*\(\)", re.MULTILINE)
INTO_FILE = frozenset({">", ">>", "&>"})
REDIRECTED = INTO_FILE | {"<", "<<", ">&"}
WRAPPERS = frozenset({"command", "env", "exec", "nohup", "sudo", "time"})
KEYWORDS = frozenset({"do", "done", "else", "esac", "fi", "in", "then", "{", "}"})
ASSIGNMENT = re.compile(r"(\w+)=(.*)", re.DOTALL)
USED = re.compile(r"\$(?:(\w+)|\{(\w+)\})")
WHOLE = re.compile(r"[0-9]{1,9}")
NUMBER = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?)([smhd]?)")
SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}
HUGE = re.compile(r"[0-9]+T|[0-9]{3,}G", re.IGNORECASE)
EXECUTABLE = frozenset({"./configure", "./gradlew", "./mvnw"})
WRITERS = frozenset({"chmod", "chown", "cp", "ln", "mkdir", "mv", "rm", "tee", "touch"})
READERS = frozenset(
    {".", "bash", "cat", "cd", "cp", "grep", "head", "java", "ls", "make", "mv", "node", "php", "pip", "pip3", "python"}
    | {"python3", "ruby", "sed", "sh", "sort", "source", "tail", "tar", "unzip", "wc"}
)
SYSTEM = ("/etc/", "/root/", "/usr/")
ROOT = frozenset({"", "0", "root"})


@dataclass(frozen=True)
class Output:
    """Lines that come evenly over so many seconds, and the exit code behind them. What `ends` is the last there is."""

    lines: Sequence[object] = ()
    seconds: float = MOMENT
    code: int = 0
    ends: bool = False


@dataclass(frozen=True)
class Inside:
    """What commands find in a container: its image's short name, who runs them, its variables, what was added."""

    image: str
    user: str = ""
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    installed: frozenset[str] = frozenset()


def played(commands: str, inside: Inside) -> Iterator[Output]:
    """Go through commands one after the other, up to the first that fails."""
    commands = commands[:LONGEST]
    inside = replace(inside, installed=inside.installed | set(FUNCTION.findall(commands)))
    left = MOST_LINES
    for line in lines_of(commands):
        yield Output(f"Executing command: {line}".splitlines())
        code, ended = 0, False
        for joint, words in commands_in(line):
            if ended or (joint == "&&" and code) or (joint == "||" and not code):
                continue
            output = of_command(words, inside)
            yield replace(output, lines=output.lines[:left], code=0)
            left = max(left - len(output.lines), 0)
            code, ended = output.code, output.ends
            inside = after(words, inside)
        if code or ended:
            yield Output(code=code, ends=True)
            return


def lines_of(commands: str) -> Iterator[str]:
    """The lines of commands, without comments and without what only goes into one as its input."""
    lines = iter(LINE.findall(commands.replace("\\\n", " ")))
    for line in map(str.strip, lines):
        if not line or line.startswith("#"):
            continue
        yield line
        if found := HERE.search(line):
            any(text.strip() == found[1] for text in lines)


def commands_in(line: str) -> Iterator[tuple[str, list[str]]]:
    """The commands of a line, each with what stands before it; a line that is only a part of something has none."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    try:
        tokens = list(lexer)
    except ValueError:
        return
    joint, words = "", list[str]()
    for token in [*tokens, ";"]:
        if token.strip("()&|;"):
            words.append(token)
            continue
        # What stands before ) is a choice of `case`, or one that may be passed over.
        if words and ")" not in token:
            yield joint, words
        joint, words = token, []


def after(words: Sequence[str], inside: Inside) -> Inside:
    """What commands find once this one is done."""
    named = {match[1]: match[2] for match in map(ASSIGNMENT.fullmatch, words) if match}
    if words[0] == "export" or len(named) == len(words):
        return replace(inside, variables={**inside.variables, **named})
    added = set(bare(words)[1:])
    if words[0] == "chmod":
        return replace(inside, installed=inside.installed | added)
    if bare(words)[:1] and bare(words)[0] in INSTALLERS and added & INSTALLING:
        listed = added - INSTALLING
        whole = {"*"} if not listed or listed & {"-r", "-e", "."} else set()
        return replace(inside, installed=inside.installed | listed | whole)
    return inside


def bare(words: Sequence[str]) -> list[str]:
    """A command without where its output goes, and without variables for it alone, `sudo` and its like, `python -m`."""
    rest = list(words[: next((at for at, word in enumerate(words) if word in REDIRECTED), None)])
    while rest and (rest[0] in WRAPPERS | {"if", "while", "until", "!"} or ASSIGNMENT.fullmatch(rest[0])):
        rest.pop(0)
    return rest[2:] if rest[:1] and rest[0] in ("python", "python3") and rest[1:2] == ["-m"] else rest


def of_command(words: Sequence[str], inside: Inside) -> Output:
    """What one command comes to."""
    rest = bare(words)
    if not rest or rest[0] in KEYWORDS:
        return listed(inside) if "env" in words and not INTO_FILE & set(words) else Output(seconds=0)
    name, arguments = rest[0], rest[1:]
    if name == "exit":
        return Output(code=number_in(arguments) % 256, ends=True)
    return (
        not_there(name, words, inside)
        or not_allowed(name, arguments, inside)
        or used_up(name, arguments)
        or no_such_file(name, arguments)
        or (Output() if INTO_FILE & set(words) else printed(name, arguments, inside))
    )


def not_there(name: str, words: Sequence[str], inside: Inside) -> Output | None:
    """A program that the container does not have, or may not run."""
    if "$" in name:
        return None
    if "/" in name:
        if MISSING.search(name):
            return Output((f"/bin/sh: 1: {name}: not found",), code=127)
        if name.startswith("./") and name not in EXECUTABLE | inside.installed | {"./" + x for x in inside.installed}:
            return Output((f"/bin/sh: 1: {name}: Permission denied",), code=126)
        return None
    started_by = next((word for word in words if word in ("python", "python3")), name)
    if has_program(inside.image, inside.installed, started_by) and has_program(inside.image, inside.installed, name):
        return None
    if started_by != name and has_program(inside.image, inside.installed, started_by):
        return Output((f"/usr/local/bin/{started_by}: No module named {name}",), code=1)
    shell = "/bin/sh" if inside.image in ("alpine", "busybox") else "/bin/sh: 1"
    return Output((f"{shell}: {started_by}: not found",), code=127)


def not_allowed(name: str, arguments: Sequence[str], inside: Inside) -> Output | None:
    """What only root may do."""
    if inside.user in ROOT:
        return None
    if name in ("apk", "apt", "apt-get"):
        line = "E: Could not open lock file /var/lib/dpkg/lock-frontend - open (13: Permission denied)"
        return Output((line,), code=100)
    path = next((word for word in arguments if word.startswith(SYSTEM)), None)
    return Output((f"{name}: cannot touch '{path}': Permission denied",), code=1) if name in WRITERS and path else None


def used_up(name: str, arguments: Sequence[str]) -> Output | None:
    """What takes more memory or disk than there is."""
    said = " ".join(arguments)
    if name in ("dd", "fallocate", "truncate") and HUGE.search(said) or "disk-full" in said:
        line = f"{name}: fallocate failed: No space left on device" if name == "fallocate" else ""
        return Output((line or f"{name}: error writing 'big.img': No space left on device",), COMMAND, code=1)
    if name != "stress" and not (name == "tail" and "/dev/zero" in arguments) and "out-of-memory" not in said:
        return None
    if name in ("node", "npm", "npx"):
        line = "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory"
        return Output((line, "Aborted (core dumped)"), COMMAND, code=134)
    if name in ("gradle", "java", "mvn"):
        line = 'Exception in thread "main" java.lang.OutOfMemoryError: Java heap space'
        return Output((line,), COMMAND, code=1)
    return Output(("Killed",), COMMAND, code=137)


def no_such_file(name: str, arguments: Sequence[str]) -> Output | None:
    """A file or a folder that is not there."""
    path = next((word for word in arguments if MISSING.search(word) and not word.startswith("-")), None)
    if path is None or name not in READERS:
        return None
    match name:
        case "cd":
            return Output((f"/bin/sh: 1: cd: can't cd to {path}",), code=2)
        case "python" | "python3":
            line = f"{name}: can't open file '/buddy/{path}': [Errno 2] No such file or directory"
            return Output((line,), code=2)
        case "node":
            return Output((f"Error: Cannot find module '/buddy/{path}'",), code=1)
        case "pip" | "pip3":
            line = "ERROR: Could not open requirements file: [Errno 2] No such file or directory:"
            return Output((f"{line} '{path}'",), code=1)
        case "make":
            return Output((f"make: *** No rule to make target '{path}'.  Stop.",), code=2)
    return Output((f"{name}: {path}: No such file or directory",), code=1)


def printed(name: str, arguments: Sequence[str], inside: Inside) -> Output:
    """What a program prints that does what it is asked."""
    match name:
        case "echo" | "printf":
            words = (word for word in arguments if word not in ("-e", "-n"))
            return Output((filled(" ".join(words), inside.variables),))
        case "env" | "printenv" | "export" if not arguments:
            return listed(inside)
        case "false":
            return Output(code=1)
        case "sleep":
            return Output(seconds=min(sum(map(seconds_in, arguments)), LONGEST_SLEEP))
        case "seq":
            most = min(number_in(arguments), MOST_LINES)
            return Output(range(1, most + 1), max(most / NUMBERS_A_SECOND, MOMENT))
    return of_tool(name, arguments)


def of_tool(name: str, arguments: Sequence[str]) -> Output:
    """What a tool prints: it fails where it is asked for something called like that, as in `make fail`."""
    target = next((word for word in arguments if "fail" in word), "")
    if target and name in FAILED:
        return Output([line.format(target) for line in FAILED[name]], COMMAND, code=1)
    if name in ("pip", "pip3") and "install" in arguments:
        named = [word for word in arguments if word != "install" and not word.startswith("-")]
        packages = " ".join(["pytest", "requests"] if "-r" in arguments else named)
        return Output((f"Collecting {packages}", f"Successfully installed {packages}"), COMMAND)
    if name == "npm" and not INSTALLING & set(arguments):
        return Output(("", f"> app@1.0.0 {arguments[-1] if arguments else 'start'}", ""), COMMAND)
    return Output(PRINTED.get(name, ()), COMMAND if name in PRINTED else MOMENT)


def listed(inside: Inside) -> Output:
    """All variables, as `env` prints them."""
    return Output([f"{name}={value}" for name, value in inside.variables.items()])


def filled(text: str, variables: Mapping[str, str]) -> str:
    """A text with variables filled in; one that is not set is empty."""
    return USED.sub(lambda match: variables.get(match[1] or match[2], ""), text)


def number_in(arguments: Sequence[str]) -> int:
    """The last of the arguments that is a whole number; 0 without any."""
    return next((int(word) for word in reversed(arguments) if WHOLE.fullmatch(word)), 0)


def seconds_in(word: str) -> float:
    """How long `sleep` takes for an argument."""
    if word == "infinity":
        return LONGEST_SLEEP
    found = NUMBER.fullmatch(word)
    return min(float(found[1]) * SECONDS[found[2]], LONGEST_SLEEP) if found else 0
