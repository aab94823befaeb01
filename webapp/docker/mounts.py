"""The folders that `docker run` mounts: --volume and --mount."""

import csv
import re
from dataclasses import dataclass
from posixpath import normpath

from webapp.docker.covers import covered_name
from webapp.docker.volumes import VolumeError, VolumeMapping

# docs.docker.com/reference/cli/docker/volume/create: two characters at least.
VOLUME_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
WINDOWS_FOLDER = re.compile(r"[A-Za-z]:[\\/]")
# Where another folder follows: in `a:/x`, and in `a:/x:ro`, is a volume called a.
WINDOWS_VOLUME = re.compile(r"[A-Za-z]:(?:\\|/[^:]*:(?:[/$%]|[A-Za-z]:[\\/]))")
# The folder that one is in, as shells, cmd, PowerShell and make call it, and that of the repository.
HERE = re.compile(
    r"""(?: \$(?i:PWD) | \$\{(?i:PWD)\}
      | \$\(\s?(?i:pwd)(?:\s-[LP])?\s?\) | `(?:pwd)(?:\s-[LP])?`
      | %(?i:cd)%
      | \$\(CURDIR\) | \$\(git\ rev-parse\ --show-toplevel\)
    )(?=[\\/]|\Z)""",
    re.VERBOSE,
)
# What divides the two folders: no colon within something that a shell fills in.
DIVIDED = re.compile(r"\$\{[^}]{0,255}\}|\$\([^)]{0,255}\)|`[^`]{0,255}`|[^:$`]+|[$`]|(:)")
# With a default, or something like it.
WITH_MORE = re.compile(r"\$\{\w+[^\w}]")
NAMED = "it is a volume of Docker, and Buddy maps folders of the pipeline only"
ANONYMOUS = "it names no folder of the pipeline"
WINDOWS = "it is a folder of a Windows computer: enter the folder in the pipeline instead"
HERE_NOW = "the folder that you are in becomes the folder of the pipeline"
OUTSIDE = "it is outside of the folder that you are in: enter the folder in the pipeline instead"
OF_COMPUTER = "it was a folder of your computer: here it is the one of this name in the pipeline's filesystem"
HOME = "it is in the home folder of your computer: enter the folder in the pipeline instead"
BY_SHELL = "your own shell fills in its folder: enter the folder in the pipeline instead"
TARGET_BY_SHELL = "your own shell fills in its folder in the container: enter that folder instead, for example /app"
READ_ONLY = "the action has no setting for read-only folders"
FIELDS = "it must be fields such as type=bind,source=/,target=/buddy/app"
FALSE = frozenset({"0", "false"})
ALIASES = {"src": "source", "dst": "target", "destination": "target", "ro": "readonly"}


@dataclass(frozen=True)
class Mount:
    """A mount as a volume mapping, None when it can't be one; and what is to be said of it: why it is not carried over,
    or not wholly, and what became of its folder. `here` is what stood for the folder that one is in."""

    mapping: VolumeMapping | None
    whys: tuple[str, ...] = ()
    here: str = ""


def read_volume(text: str) -> Mount:
    """Read the value of --volume: `source:target`, perhaps with `:options` after it."""
    if WINDOWS_VOLUME.match(text):
        return Mount(None, (WINDOWS,))
    parts = divided(text)
    if len(parts) == 1:
        return Mount(None, (ANONYMOUS,))
    options = parts[2].split(",") if len(parts) == 3 else []
    others = [option for option in options if option not in ("ro", "rw", "")]
    target = parts[1] if len(parts) <= 3 else ":".join(parts[1:])
    return mount_folder(parts[0], target, whys("ro" in options, others))


def divided(text: str) -> list[str]:
    """The parts of a text between its colons."""
    parts, start = [], 0
    for match in DIVIDED.finditer(text):
        if match[1]:
            parts.append(text[start : match.start()])
            start = match.end()
    return [*parts, text[start:]]


def read_mount(text: str) -> Mount:
    """Read the value of --mount: fields with commas between them, quoted as in CSV."""
    try:
        fields = next(csv.reader([text]), [])
    except csv.Error:
        return Mount(None, (FIELDS,))
    values = {"type": "volume", "source": "", "target": "", "readonly": "false"}
    others = []
    for field in fields:
        name, _, value = field.partition("=")
        name = ALIASES.get(name.lower(), name.lower())
        if name in values:
            values[name] = value
        else:
            others.append(name)
    reasons = whys(values["readonly"].lower() not in FALSE, others)
    return mount_typed(values["type"].lower(), values["source"], values["target"], reasons)


def mount_typed(kind: str, source: str, target: str, reasons: tuple[str, ...]) -> Mount:
    """Mount what --mount names."""
    if not kind:
        return Mount(None, (FIELDS,))
    if kind not in ("bind", "volume"):
        return Mount(None, (f"Buddy maps folders of the pipeline only, and its type is {covered_name(kind)}",))
    if kind == "volume":
        return Mount(None, (NAMED if source else ANONYMOUS,))
    if WINDOWS_FOLDER.match(source):
        return Mount(None, (WINDOWS,))
    return mount_folder(source, target, reasons)


def mount_folder(source: str, target: str, reasons: tuple[str, ...]) -> Mount:
    """Mount a folder, unless its source is the name of a volume or one of the two is no folder."""
    here, path = out_of_here(source)
    if why := why_not(source, target, here, path):
        return Mount(None, (why,))
    if here:
        source = normpath(f"/{path}")
    try:
        mapping = VolumeMapping.parse(f"{source}:{target}")
    except VolumeError as error:
        return Mount(None, (str(error),))
    return Mount(mapping, (HERE_NOW if here else OF_COMPUTER, *reasons), here)


def out_of_here(source: str) -> tuple[str, str]:
    """What stands for the folder that one is in, at the beginning of a folder, and the path from there.

    That folder has the files that a pipeline has in its folder /.
    """
    if source.startswith("."):
        return ".", source.replace("\\", "/")
    here = HERE.match(source)
    return (here[0], source[here.end() :].replace("\\", "/").lstrip("/")) if here else ("", "")


def why_not(source: str, target: str, here: str, path: str) -> str:
    """Why a folder can't be mapped, where that is told by how it is written; else an empty text."""
    if VOLUME_NAME.fullmatch(source):
        return NAMED
    if source.startswith("~"):
        return HOME
    if HERE.match(target) or needs_shell(target):
        return TARGET_BY_SHELL
    if here:
        return OUTSIDE if leads_out(path) else ""
    return BY_SHELL if needs_shell(source) else ""


def needs_shell(folder: str) -> bool:
    """Whether a folder begins with what only a shell can fill in: more than a variable."""
    return bool(WITH_MORE.match(folder)) or folder.startswith(("$(", "`", "%"))


def leads_out(path: str) -> bool:
    """Whether a path leads out of the folder that it begins in."""
    depth = 0
    for part in path.split("/"):
        depth += -1 if part == ".." else part not in ("", ".")
        if depth < 0:
            return True
    return False


def whys(read_only: bool, others: list[str]) -> tuple[str, ...]:
    """Why a folder is not mounted wholly as it was asked for."""
    settings = f"the action has no setting for {', '.join(others)} of a folder"
    return (READ_ONLY,) * read_only + (settings,) * bool(others)
