"""The folders that `docker run` mounts: --volume and --mount."""

import csv
import re
from dataclasses import dataclass

from webapp.docker.volumes import VolumeError, VolumeMapping

# docs.docker.com/reference/cli/docker/volume/create: two characters at least.
VOLUME_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]+")
WINDOWS_FOLDER = re.compile(r"[A-Za-z]:[\\/]")
NAMED = "it is a volume of Docker, and Buddy maps folders of the pipeline only"
ANONYMOUS = "it names no folder of the pipeline"
WINDOWS = "it is a folder of a Windows computer: enter the folder in the pipeline instead"
READ_ONLY = "the action has no setting for read-only folders"
FIELDS = "it must be fields such as type=bind,source=/,target=/buddy/app"
FALSE = frozenset({"0", "false"})
ALIASES = {"src": "source", "dst": "target", "destination": "target", "ro": "readonly"}


@dataclass(frozen=True)
class Mount:
    """A mount as a volume mapping, None when it can't be one; and why it is not carried over, or not wholly."""

    mapping: VolumeMapping | None
    whys: tuple[str, ...] = ()


def read_volume(text: str) -> Mount:
    """Read the value of --volume: `source:target`, perhaps with `:options` after it."""
    if WINDOWS_FOLDER.match(text):
        return Mount(None, (WINDOWS,))
    parts = text.split(":", 3)
    if len(parts) == 1:
        return Mount(None, (ANONYMOUS,))
    options = parts[2].split(",") if len(parts) == 3 else []
    others = [option for option in options if option not in ("ro", "rw", "")]
    return mount_folder(":".join(parts[:2]) if len(parts) == 3 else text, parts[0], whys("ro" in options, others))


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
        return Mount(None, (f"Buddy maps folders of the pipeline only, and its type is {kind}",))
    if kind == "volume":
        return Mount(None, (NAMED if source else ANONYMOUS,))
    if WINDOWS_FOLDER.match(source):
        return Mount(None, (WINDOWS,))
    return mount_folder(f"{source}:{target}", source, reasons)


def mount_folder(text: str, source: str, reasons: tuple[str, ...]) -> Mount:
    """Mount a folder, unless its source is the name of a volume or one of the two is no folder."""
    if VOLUME_NAME.fullmatch(source):
        return Mount(None, (NAMED,))
    try:
        return Mount(VolumeMapping.parse(text), reasons)
    except VolumeError as error:
        return Mount(None, (str(error),))


def whys(read_only: bool, others: list[str]) -> tuple[str, ...]:
    """Why a folder is not mounted wholly as it was asked for."""
    settings = f"the action has no setting for {', '.join(others)} of a folder"
    return (READ_ONLY,) * read_only + (settings,) * bool(others)
