"""What of a pasted text may be shown where it is told what was not carried over: no value that could be a secret.

A person needs to recognise the thing: names of flags, variables and programs, and values that are folders or numbers.
"""

import re
from collections.abc import Sequence

from webapp.docker.flags import Arity, Given
from webapp.docker.secrets import holds_secret
from webapp.docker.shell import Operator, Word

COVER = "…"
# A longer value is no name of a folder or number.
LONGEST_VALUE = 200
NAME = re.compile(r"[\w.-]{0,64}")
PATTERN = re.compile(r"[*?\[\]]")
ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}=")
# The flags whose values are folders, files, names and numbers.
SHOWN = frozenset(
    {
        "--cpus",
        "--env-file",
        "--expose",
        "--gpus",
        "--memory",
        "--name",
        "--network",
        "--platform",
        "--publish",
        "--pull",
        "--restart",
        "--shm-size",
        "--user",
        "--volume",
        "--workdir",
    }
)
# The flags whose values are a name, = and a value.
PAIRS = frozenset({"--annotation", "--label", "--log-opt", "--storage-opt", "--sysctl", "--ulimit"})
MOUNT = "--mount"
MOUNT_FIELDS = frozenset(
    {"type", "source", "src", "target", "dst", "destination", "readonly", "ro", "bind-propagation", "consistency"}
)
# Programs that stand around a docker run. Any other first word of a line could be anything, such as a line of a file.
PROGRAMS = frozenset(
    {
        *("apt", "apt-get", "awk", "bash", "cat", "cd", "chmod", "chown", "cp", "curl", "docker", "echo", "env"),
        *("export", "git", "grep", "head", "jq", "kubectl", "ls", "make", "mkdir", "mv", "npm", "pip", "podman"),
        *("printf", "python", "python3", "rm", "sed", "sh", "sleep", "source", "sudo", "tail", "tee", "wget", "xargs"),
    }
)
OF_DOCKER = frozenset({"build", "compose", "exec", "login", "logs", "network", "pull", "push", "rm", "stop", "volume"})
PROMPTS = frozenset({"$", "%", "#", "❯"})
# A variable; a list of short words such as {js,ts}, or a row such as {1..9}; a command of one word and one flag at
# most, such as $(id -u).
SHORT_FILLED = re.compile(
    r"""~|%\w+%|\$\w+|\$(?i:env):\w+|\$[@*\#?$!-]|\$\{\w+\}
      | \{\w{0,4}(?:,\w{0,4}){1,9}\} | \{\w{1,4}\.\.\w{1,4}\}
      | \$\([a-z]{1,12}(?:[ ]-[A-Za-z])?\) | `[a-z]{1,12}(?:[ ]-[A-Za-z])?`""",
    re.VERBOSE,
)


def covered_flag(given: Given) -> str:
    """A flag as it was typed, with of its value what may be shown."""
    if given.flag is None or given.flag.arity is Arity.BOOLEAN or not given.value:
        return given.typed
    value = given.value
    if len(value) <= LONGEST_VALUE:
        for thing in given.filled:
            value = value.replace(thing, covered_filled(thing))
    return f"{given.typed.removesuffix(given.value)}{covered_value(given.flag.name, value)}"


def covered_value(flag: str, value: str) -> str:
    """Of the value of a flag what may be shown."""
    if len(value) > LONGEST_VALUE:
        return COVER
    if flag == MOUNT:
        return ",".join(covered_field(field) for field in value.split(","))
    if flag in PAIRS:
        return covered_pair(value)
    return value if flag in SHOWN and not holds_secret(value) else COVER


def covered_field(field: str) -> str:
    """Of a field of --mount what may be shown."""
    if field.partition("=")[0].lower() in MOUNT_FIELDS and not holds_secret(field):
        return field
    return covered_pair(field)


def covered_pair(text: str) -> str:
    """The name of a name and a value; nothing where there are no two."""
    name, _, value = text.partition("=")
    # Base64 ends with = and has nothing after it.
    return f"{covered_name(name)}={COVER}" if value.strip("=") and covered_name(name) != COVER else COVER


def covered_name(text: str) -> str:
    """A text that stands where a name does, if it may be one."""
    return text if NAME.fullmatch(text) and not holds_secret(text) else COVER


def covered_word(text: str) -> str:
    """Of a word among the arguments what may be shown: a name, a pattern of names, or the name of a flag."""
    if "=" in text:
        return covered_pair(text)
    return text if text and covered_name(PATTERN.sub("", text)) != COVER else COVER


def covered_filled(thing: str) -> str:
    """What a shell fills in, without what else stands in it."""
    if SHORT_FILLED.fullmatch(thing):
        return thing
    if thing.startswith("{"):
        return f"{{{COVER}}}"
    if thing.startswith("${"):
        name = re.match(r"\$\{\w{0,64}", thing)
        return f"{name[0] if name else ''}{COVER}}}"
    return f"`{COVER}`" if thing.startswith("`") else f"$({COVER})"


def covered_commands(tokens: Sequence[Word | Operator]) -> str:
    """Commands by their programs, and by the names of the variables that they set."""
    shown: list[str] = []
    words: list[Word] = []
    for token in tokens:
        if isinstance(token, Word):
            words.append(token)
            continue
        command = covered_command(words)
        operator = token.text.replace("\n", ";")
        if shown and not words:
            shown[-1] += operator
        else:
            shown += [*command, operator]
        words = []
    return " ".join([*shown, *covered_command(words)]).strip("; ")


def covered_command(words: Sequence[Word]) -> list[str]:
    """A command by its program, and by the names of the variables that it sets."""
    shown: list[str] = []
    for text in (word.text for word in words if word.text not in PROMPTS):
        if text in PROGRAMS or (shown and shown[-1] in ("docker", "podman") and text in OF_DOCKER):
            shown.append(text)
        elif match := ASSIGNMENT.match(text):
            shown.append(f"{match[0]}{COVER}")
        else:
            return [*shown, COVER]
    return shown
