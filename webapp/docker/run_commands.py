"""`docker run` lines as people paste them, and what of them an action takes."""

import re
import shlex
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from webapp.docker.arguments import commands_in, doubt, runs_shell
from webapp.docker.assignments import Assignments, name_used
from webapp.docker.covers import covered_filled, covered_flag, covered_name
from webapp.docker.flags import Arity, Flag, Given, read_flags
from webapp.docker.mounts import Mount, out_of_here, read_mount, read_volume
from webapp.docker.pastes import Left, find_run
from webapp.docker.references import ImageReference, ReferenceError
from webapp.docker.secrets import looks_secret, stands_for_something
from webapp.docker.shell import CommandError, Word
from webapp.docker.variables import USE, VariableNameError, check_variable_name
from webapp.docker.volumes import VolumeMapping

AGAIN = "it is given again, and Docker takes the last"
FILLED = "your own shell fills this in; here it stands as typed"
FROM_SHELL = "its value is in your own shell: type it"
# A folder of plain letters and variables.
FOLDER = re.compile(rf"(?:[\w./-]|{USE.pattern})+")
NO_FOLDER = "the action has no setting for it: begin the commands with cd"
IN_FOLDER = "the commands begin with cd instead"
NO_ENTRYPOINT = "the action can't take away the entrypoint of the image"
BY_SHELL = "your own shell fills this in: enter it below"
BY_BASH = "bash makes several words of this, and sh does not: write them out if the image has no bash"
STANDS_FOR = "its value stands for something: type it"
# What no shell reads once it is with Buddy, which fills in variables alone.
FOR_BUDDY = frozenset({"--entrypoint", "--user"})
LEFT_TO_OTHERS = ("%", "$env:", "{")
# How Go says false, and the flags of which that says something: what they name is done unless it is switched off, by
# Docker, by podman or by Buddy.
OFF = frozenset({"0", "f", "F", "FALSE", "false", "False"})
ON_BY_ITSELF = frozenset(
    {"--disable-content-trust", "--http-proxy", "--passwd", "--read-only-tmpfs", "--rm", "--sig-proxy", "--tls-verify"}
)
UNKNOWN = "Slipway does not know this flag"


@dataclass(frozen=True)
class RunVariable:
    """A variable of `--env`; the value is None where it is in the shell of the person."""

    key: str
    value: str | None = field(repr=False)


@dataclass(frozen=True)
class RunCommand:
    """A `docker run` taken apart. Its texts are as typed; an empty one was not given.

    `written` are the words of the `command` as they stand in a shell text, `folder` as well: where they are run.
    `volume_mappings` name folders of a computer, which an action takes as folders of its pipeline. `left` is all that
    is not carried over, or is to be known.
    """

    image: ImageReference
    command: tuple[str, ...] = field(default=(), repr=False)
    written: tuple[str, ...] = field(default=(), repr=False, compare=False)
    folder: str = field(default="", repr=False)
    user: str = ""
    entrypoint: str = ""
    variables: tuple[RunVariable, ...] = ()
    volume_mappings: tuple[VolumeMapping, ...] = ()
    left: tuple[Left, ...] = ()

    @property
    def commands(self) -> str:
        """The command as the commands of an action."""
        return commands_in(self.entrypoint, self.command, self.written, self.folder)


def parse_run_command(text: str) -> RunCommand:
    """Take a `docker run` apart, as pasted: with a prompt, on several lines, beside other commands or in prose.

    Nothing is run, filled in or guessed. Raises `CommandError` with what must be changed.
    """
    found = find_run(text)
    for word in found.words:
        if word.flaw:
            raise CommandError(word.flaw)
    given, words = read_flags(found.words, found.flags)
    if not words:
        raise CommandError(
            "Enter the image after the flags, for example docker run ubuntu:22.04; a line that goes on must end with \\"
        )
    image = read_image(words[0])
    taken = TakenFlags([], found.assignments)
    for item in given:
        taken.take(item)
    taken.note(words[0].filled, "")
    taken.note_command(words[1:])
    return RunCommand(
        image=image,
        command=tuple(word.text for word in words[1:]),
        written=tuple(word.written for word in words[1:]),
        folder=taken.folder(bool(words[1:])),
        user=taken.last("--user"),
        entrypoint=taken.last("--entrypoint"),
        variables=tuple(RunVariable(key, value) for key, value in taken.variables.items()),
        volume_mappings=tuple(taken.mappings),
        left=(*found.told(taken.used), *taken.left, *found.after),
    )


def read_image(word: Word) -> ImageReference:
    """Read the image, in which variables may stand. Raises `CommandError`."""
    for thing in word.filled:
        if not USE.fullmatch(thing):
            raise CommandError(f"The image must be written out: {covered_filled(thing)} is filled in by your own shell")
    try:
        return ImageReference.parse(word.text)
    except ReferenceError as error:
        raise CommandError(str(error)) from None


class TakenFlags:
    """What is taken of the flags, one after the other, and what is left of them."""

    def __init__(self, left: list[Left], assignments: Assignments | None = None) -> None:
        self.left = left
        self.assignments = assignments or Assignments((), ())
        # The variables that are set in front, and are taken from there.
        self.used: set[str] = set()
        self.variables: dict[str, str | None] = {}
        self.mappings: list[VolumeMapping] = []
        self._last: dict[str, Given] = {}
        self._count = 0
        self._noted: dict[str, int] = {}

    def take(self, given: Given) -> None:
        """Take a flag, or say why not."""
        if given.flag is None:
            self.left.append(Left(covered_flag(given), UNKNOWN))
        elif given.flag.name == "--env":
            self._take_variable(given)
        elif given.flag.name == "--volume":
            self.take_mount(given, read_volume(given.value))
        elif given.flag.name == "--mount":
            self.take_mount(given, read_mount(given.value))
        else:
            self._take_other(given, given.flag)

    def take_mount(self, given: Given, mount: Mount) -> None:
        """Take a folder, and tell what is to be said of it."""
        of = f"volume {mount.mapping.target}" if mount.mapping else ""
        self.left.extend(Left(covered_flag(given), why, of) for why in mount.whys)
        if mount.mapping:
            self.mappings.append(mount.mapping)
            self.note(tuple(thing for thing in given.filled if thing != mount.here), of)

    def last(self, name: str) -> str:
        """The value that was given last for a flag, or an empty text."""
        return self._last[name].value if name in self._last else ""

    def note_command(self, command: Sequence[Word]) -> None:
        """Tell what is to be known of the command."""
        if "--entrypoint" not in self._last and (known := doubt(command)):
            self.left.append(replace(known, of="commands"))
        for word in command:
            self.note(word.filled, "commands")

    def folder(self, command: bool) -> str:
        """The folder to run the `command` in, written for a shell; empty where the commands can't begin with cd."""
        given = self._last.get("--workdir")
        if given is None:
            return ""
        entrypoint, folder = self.last("--entrypoint"), written_folder(given)
        if not command or not folder or (entrypoint and not runs_shell(entrypoint)):
            self.left.append(Left(covered_flag(given), NO_FOLDER))
            return ""
        self.left.append(Left(covered_flag(given), IN_FOLDER, "commands"))
        self.note(given.filled, "commands")
        return folder

    def note(self, filled: tuple[str, ...], of: str) -> None:
        """Tell once of each thing that a shell would have filled in there."""
        for thing in map(covered_filled, filled):
            if thing not in self._noted:
                self._noted[thing] = len(self.left)
                self.left.append(Left(thing, BY_BASH if thing.startswith("{") else FILLED, of))
            elif (told := self.left[self._noted[thing]]).of != of:
                # It is about several things then.
                self.left[self._noted[thing]] = replace(told, of="")

    def _take_other(self, given: Given, flag: Flag) -> None:
        if flag.name in FOR_BUDDY and needs_shell(given.filled):
            self.left.append(Left(covered_flag(given), BY_SHELL))
            return
        before = self._last.get(flag.name)
        self._last[flag.name] = given
        if flag.why:
            self.left += [Left(covered_flag(given), flag.why)] * (not is_off(given, flag))
            return
        if before:
            self.left.append(Left(covered_flag(before), AGAIN))
        if flag.name == "--entrypoint" and not given.value:
            self.left.append(Left(covered_flag(given), NO_ENTRYPOINT))
        if flag.name != "--workdir":
            self.note(given.filled, flag.name.removeprefix("--"))

    def _take_variable(self, given: Given) -> None:
        self._count += 1
        key, equals, value = given.value.partition("=")
        try:
            check_variable_name(key)
        except VariableNameError as error:
            # Without a = it may be a value that stands in the wrong place.
            typed = f"{covered_name(key)}=…" if equals else "…" * bool(key)
            typed += f" (variable {self._count})" * typed.startswith("…")
            self.left.append(Left(f"{given.name} {typed}", str(error)))
            return
        of = f"variable {key}"
        if key in self.variables:
            self.left.append(Left(f"{given.name} {key}", AGAIN))
        self.variables[key] = value if equals else None
        if (known := self.assignments.value(key, value if equals else None)) is not None:
            self.variables[key] = known
            self.used.add(name_used(value) or key)
        elif equals and (why := not_told(key, value, given.filled)):
            self.variables[key] = None
            self.left.append(Left(f"{given.name} {key}", why, of))
        elif equals:
            self.note(given.filled, of)
        else:
            self.left.append(Left(f"{given.name} {key}", FROM_SHELL, of))


def is_off(given: Given, flag: Flag) -> bool:
    """Whether a flag switches off what is off anyway."""
    return flag.arity is Arity.BOOLEAN and given.value in OFF and flag.name not in ON_BY_ITSELF


def written_folder(given: Given) -> str:
    """A folder as it stands in a command; empty where it is the one that a person is in, or is not easily told."""
    if not given.filled:
        return shlex.quote(given.value)
    if out_of_here(given.value)[0] or not FOLDER.fullmatch(given.value):
        return ""
    return f'"{given.value}"'


def needs_shell(filled: Collection[str]) -> bool:
    """Whether only a shell can fill in what stands in a text, since it is more than a variable."""
    return any(not USE.fullmatch(thing) and not thing.startswith(LEFT_TO_OTHERS) for thing in filled)


def not_told(key: str, value: str, filled: Collection[str]) -> str:
    """Why the value of a variable can't be told from what was typed; empty where it can.

    It is the variable of the same name, a secret of which a part is filled in, or what only a shell can fill in; or it
    stands for what is still to be put in.
    """
    if stands_for_something(key, value):
        return STANDS_FOR
    # Windows takes capitals and small letters of such names for the same.
    of_same_name = value in (f"${key}", f"${{{key}}}") or value.lower() in (f"%{key}%".lower(), f"$env:{key}".lower())
    return FROM_SHELL if filled and (of_same_name or looks_secret(key, value) or needs_shell(filled)) else ""
