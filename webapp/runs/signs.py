"""The table of what tools and Docker print when an action fails, and what each of it means.

The wordings are those of Docker and runc, GNU coreutils, BusyBox, dash and bash, and of the tools that builds call.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Advice:
    """A kind of failure, the box of the form that it leads to, and what to do there: `{what}` is what a line names."""

    key: str
    box: str
    sentence: str


@dataclass(frozen=True)
class Sign:
    """A wording of a line, and what it is a sign of. Only lines with the `word`, in small letters, are looked at.

    One that is `weak` may also stand in the log of what went well, and counts only close to the end.
    """

    advice: Advice
    word: str
    pattern: re.Pattern[str]
    weak: bool


def sign(advice: Advice, word: str, pattern: str, weak: bool = False) -> Sign:
    """A line of the table."""
    return Sign(advice, word, re.compile(pattern, re.IGNORECASE), weak)


NO_FOLDER = Advice(
    "volume", "volume_mappings", "The pipeline has no folder “{what}”: correct the volume mapping, or take it out."
)
BAD_VOLUME = Advice(
    "volume",
    "volume_mappings",
    "The volume mapping “{what}” can't be used: write two full paths, the first of a folder in the pipeline.",
)
TWICE = Advice("volume", "volume_mappings", "Two volume mappings lead to “{what}”: take one out.")
TOO_LARGE = Advice("disk", "docker_image_tag", "There is no room on the disk for the image: choose a smaller one.")
NO_TAG = Advice("image", "docker_image_tag", "There is no image “{what}”: check its tag, and then its name.")
OTHER_PROCESSOR = Advice(
    "image", "docker_image_tag", "The image is made for another kind of processor: choose a tag of it for this one."
)
UNKNOWN_IMAGE = Advice("image", "docker_image_tag", "The registry has no such image: check its tag.")
NO_IMAGE = Advice(
    "denied",
    "docker_image_name",
    "Docker can't get the image “{what}”: check its name. If it is private, also say which registry it "
    "is in, and give a user name and password.",
)
BAD_NAME = Advice(
    "image",
    "docker_image_name",
    "Docker can't read the name of the image: write it in small letters, and without blanks.",
)
NO_LOGIN = Advice(
    "denied", "login", "The registry does not accept the user name and password: enter them again, or use others."
)
ASKS_LOGIN = Advice(
    "denied", "login", "The registry wants to know who asks: give a user name and password that may read the image."
)
TOO_MANY = Advice(
    "denied",
    "login",
    "The registry allows no more downloads for now: try again later, or give a user name and password of it.",
)
NO_REGISTRY = Advice("image", "docker_image_name", "The registry “{what}” can't be reached: check its address.")
NO_USER = Advice(
    "user", "run_as_user", "The image has no user “{what}”: choose a user that it has, or leave the box empty."
)
NO_GROUP = Advice("user", "run_as_user", "The image has no group “{what}”: choose one that it has, or the user alone.")
NO_SHELL = Advice(
    "entrypoint",
    "docker_image_name",
    "The image has no shell “{what}”, which the commands need: choose an image that has one.",
)
MAY_NOT_START = Advice(
    "entrypoint", "entrypoint", "The entrypoint “{what}” may not be run: change it, or leave its box empty."
)
NO_START = Advice(
    "entrypoint",
    "entrypoint",
    "The image has no “{what}” to start with: change the entrypoint, or leave its box empty.",
)
TOO_LONG = Advice(
    "timeout", "timeout", "The action took longer than it may: give it more time, or have the commands do less."
)
NO_MEMORY = Advice(
    "memory",
    "inline_commands",
    "The commands need more memory than there is: have them do less at once, or raise the limit that they set.",
)
FULL = Advice(
    "disk",
    "inline_commands",
    "The disk is full: delete in the commands what is not needed any more, or have them write less.",
)
NO_FILE = Advice(
    "no file",
    "inline_commands",
    "There is no “{what}” where the commands look for it: check the path, and in which folder they run.",
)
NO_PROGRAM = Advice(
    "command",
    "inline_commands",
    "The image has no “{what}”: check how it is spelled, install it in the commands, or choose another image.",
)
NO_MODULE = Advice(
    "command",
    "inline_commands",
    "Python in the image has no module “{what}”: install it in the commands, or choose another image.",
)
NO_PACKAGE = Advice(
    "command", "inline_commands", "Node has no package “{what}”: install it in the commands, for example by “npm ci”."
)
MAY_NOT_RUN = Advice(
    "permission",
    "inline_commands",
    "“{what}” is not marked as a program: put “chmod +x {what}” before it in the commands.",
)
MAY_NOT_USE = Advice(
    "permission",
    "run_as_user",
    "The user in the container may not use “{what}”: let another user run the commands, such as root.",
)
MAY_NOT = Advice(
    "permission",
    "run_as_user",
    "The user in the container may not do this: let another user run the commands, such as root.",
)
NO_REPOSITORY = Advice(
    "no file",
    "inline_commands",
    "The folder that the commands run in is no Git repository: check in which folder they run.",
)
NO_SUCH_FILE = Advice(
    "no file",
    "inline_commands",
    "A file that the commands need is not there: check its path, and in which folder they run.",
)

# What a line names: in quotes, or as an image. Each is bounded, so that no line takes long.
QUOTED = r"""["'`‘“](?P<what>[^"'`’”\n]{1,300})["'`’”]"""
IMAGE = r"(?<![\w./:@-])(?P<what>[\w./:@-]{1,300}+)"
# What a shell puts before its complaint: itself or a script, and the number of a line.
BY_SHELL = r"^(?:[\w./-]{1,100}+: )?(?:line )?(?:\d{1,6}: )?(?:eval: )?"

# The first that fits a line counts.
SIGNS = (
    # Docker itself, before anything of the action runs.
    sign(NO_FOLDER, "bind source path", r"bind source path does not exist: (?P<what>\S{1,300})"),
    sign(BAD_VOLUME, "invalid volume spec", rf"invalid volume specification: {QUOTED}"),
    sign(BAD_VOLUME, "invalid mount", rf"invalid mount (?:path|config).{{0,80}}?{QUOTED}"),
    sign(BAD_VOLUME, "mount denied", rf"mount denied.{{0,80}}?{QUOTED}"),
    sign(BAD_VOLUME, "mounts denied", r"mounts denied: *(?:the path )?(?P<what>\S{1,300})"),
    sign(BAD_VOLUME, "invalid characters for a local volume", r"create (?P<what>\S{1,300}): includes"),
    sign(TWICE, "duplicate mount point", r"duplicate mount point: (?P<what>\S{1,300})"),
    sign(NO_FOLDER, "error mounting", rf"error mounting {QUOTED} to rootfs"),
    sign(TOO_LARGE, "no space left", r"(?:failed to register layer|failed to extract layer|docker: write)"),
    sign(NO_TAG, "manifest", rf"manifest for {IMAGE} not found"),
    sign(NO_TAG, "failed to resolve reference", r'reference "(?P<what>[^"]{1,300})".{0,400}not found'),
    sign(OTHER_PROCESSOR, "no matching manifest", r"no matching manifest for"),
    sign(UNKNOWN_IMAGE, "manifest unknown", r"manifest unknown"),
    sign(NO_IMAGE, "pull access denied", rf"pull access denied for {IMAGE}"),
    sign(NO_IMAGE, "no pull access", rf"repository {IMAGE} not found: does not exist or no pull access"),
    sign(NO_IMAGE, "repository", rf"name unknown: .{{0,80}}?repository .{{0,40}}?{QUOTED}"),
    sign(BAD_NAME, "invalid reference format", r"invalid reference format"),
    sign(NO_LOGIN, "incorrect username or password", r"unauthorized: incorrect username"),
    sign(ASKS_LOGIN, "daemon", r"(?:unauthorized: |no basic auth credentials|denied: requested access)"),
    sign(TOO_MANY, "pull rate limit", r"(?:toomanyrequests|reached your).{0,200}pull rate limit"),
    sign(NO_REGISTRY, "daemon", r"dial tcp: lookup (?P<what>[\w.-]{1,253}).{0,80}no such host"),
    sign(NO_USER, "unable to find user", r"unable to find user (?P<what>[^\s:]{1,80}): "),
    sign(NO_GROUP, "unable to find group", r"unable to find group (?P<what>[^\s:]{1,80}): "),
    sign(NO_SHELL, "executable file not found", r'exec: "(?P<what>(?:/bin/)?sh)"'),
    sign(MAY_NOT_START, "exec: ", r'exec: "(?P<what>[^"]{1,300})".{0,300}permission denied'),
    sign(NO_START, "process", r'process.{0,40}exec: "(?P<what>[^"]{1,300})"'),
    sign(NO_START, "oci runtime", r'exec: "(?P<what>[^"]{1,300})"'),
    sign(NO_START, "exec ", r"^(?:standard_init_linux.go.{0,20})?exec (?P<what>/\S{1,300}): no such"),
    sign(OTHER_PROCESSOR, "exec format error", r"exec format error"),
    # Who sets the limits.
    sign(TOO_LONG, "timeout", r"\b(?:action|build|execution|commands?)\b.{0,60}exceeded.{0,30}timeout"),
    sign(TOO_LONG, "time", r"\b(?:action|build|execution) (?:has |was )?(?:timed out|reached its time limit)"),
    sign(NO_MEMORY, "out of memory", r"\b(?:heap|process|container|runner|ran)\b.{0,40}out of memory"),
    sign(NO_MEMORY, "oomkilled", r"\boomkilled\b"),
    sign(NO_MEMORY, "outofmemoryerror", r"\bjava\.lang\.OutOfMemoryError\b"),
    sign(NO_MEMORY, "cannot allocate memory", r"cannot allocate memory"),
    sign(NO_MEMORY, "memory exhausted", r"virtual memory exhausted"),
    sign(NO_MEMORY, "memoryerror", r"^(?:numpy\.\S{1,60})?MemoryError\b"),
    sign(NO_MEMORY, "killed", r"killed signal terminated program"),
    sign(
        NO_MEMORY,
        "killed",
        r"^(?:\S{1,80}+: )?(?:line )?(?:\d{1,6}: )?\s{0,20}(?:\d{1,9} )?Killed\b(?: {2,}.{0,300})?$",
    ),
    sign(NO_MEMORY, "daemon disappeared", r"gradle build daemon disappeared"),
    sign(FULL, "no space left", r"no space left on device"),
    sign(FULL, "disk quota exceeded", r"disk quota exceeded"),
    sign(FULL, "not enough free space", r"don't have enough free space"),
    # The commands. A path that a shell does not find is a file, a name without a / is a program.
    sign(NO_FILE, ": not found", rf"{BY_SHELL}(?P<what>[\w.@+-]{{0,80}}/[\w./@+-]{{0,200}}): not found$", weak=True),
    sign(NO_PROGRAM, "not found", rf"{BY_SHELL}(?P<what>[\w.@+-]{{1,80}}+): (?:command )?not found$", weak=True),
    sign(NO_PROGRAM, "command not found", r"command not found: (?P<what>[\w.@+-]{1,80}+)$", weak=True),
    sign(NO_PROGRAM, "env: ", r"^(?:/usr/bin/)?env: [\"'`‘]?(?P<what>[\w.+-]{1,80}+)[\"'`’]?: no such file", weak=True),
    sign(
        NO_PROGRAM,
        "make",
        r"^make(?:\[\d{1,3}\])?: (?P<what>[\w.+-]{1,80}+): (?:no such file|command not found)",
        weak=True,
    ),
    sign(NO_PROGRAM, "executable file not found", rf"{QUOTED}: executable file not found"),
    sign(NO_MODULE, "no module named", r"^\S{0,100}python[\d.]{0,6}: No module named [\"']?(?P<what>[\w.]{1,80})"),
    sign(
        NO_MODULE,
        "no module named",
        r"^(?:E {3})?ModuleNotFoundError: No module named [\"']?(?P<what>[\w.]{1,80})",
        weak=True,
    ),
    sign(NO_PACKAGE, "cannot find module", r"^Error: Cannot find module '(?P<what>[^'./][^']{0,100})'", weak=True),
    sign(NO_PACKAGE, "cannot find package", r"Cannot find package '(?P<what>[^'./][^']{0,100})'", weak=True),
    sign(NO_PROGRAM, "spawn", r"\bspawn (?P<what>[\w.+-]{1,80}+) ENOENT", weak=True),
    sign(
        MAY_NOT_RUN,
        "permission denied",
        rf"{BY_SHELL}(?P<what>\.{{0,2}}/[\w./@+-]{{1,200}}): Permission denied$",
        weak=True,
    ),
    sign(MAY_NOT_USE, "could not open lock file", r"lock file (?P<what>\S{1,300}) - open \(13", weak=True),
    sign(
        MAY_NOT_USE,
        "permission denied",
        rf"(?:errno 13\]|EACCES:?) permission denied[,:]? (?:\w{{1,20}} )?{QUOTED}",
        weak=True,
    ),
    sign(MAY_NOT_USE, "permission denied", rf"{QUOTED}: Permission denied", weak=True),
    sign(
        MAY_NOT_USE,
        "permission denied",
        r"(?:open|mkdir|unlink|create|access|to) (?P<what>/[\w./@+-]{1,200}): permission denied",
        weak=True,
    ),
    sign(MAY_NOT, "permission denied", r"docker daemon socket", weak=True),
    sign(MAY_NOT, "are you root", r"are you root\?", weak=True),
    sign(MAY_NOT, "eacces", r"\bEACCES\b", weak=True),
    sign(
        NO_FILE,
        "no such file",
        rf"(?:errno 2\]|ENOENT:?) no such file or directory[,:]? {{0,4}}(?:\w{{1,20}} )?{QUOTED}",
        weak=True,
    ),
    sign(NO_FILE, "can't open file", rf"can't open file {QUOTED}", weak=True),
    sign(NO_FILE, "no such file", rf"{QUOTED}:? no such file or directory", weak=True),
    sign(NO_FILE, "no such file", r": (?P<what>[^\s:]{1,200}): no such file or directory$", weak=True),
    sign(
        NO_FILE,
        "no such file",
        r"(?:open|stat|lstat|chdir) (?P<what>[^\s:]{1,200}): no such file or directory",
        weak=True,
    ),
    sign(NO_FILE, "can't cd to", r"can't cd to (?P<what>\S{1,200})"),
    sign(NO_FILE, "open", r"(?:cannot|can't) open (?:file )?[\"'`‘]?(?P<what>[\w./@+-]{1,200})[\"'`’]?", weak=True),
    sign(NO_FILE, "cannot find module", r"^Error: Cannot find module '(?P<what>/[^']{1,300})'", weak=True),
    sign(NO_FILE, "makefile", r"no targets specified and no (?P<what>makefile) found"),
    sign(NO_FILE, "no pom", r"there is no (?P<what>POM) in this directory"),
    sign(NO_FILE, "go.mod", r"\b(?P<what>go\.mod) file not found"),
    sign(NO_FILE, "does not contain a gradle", r"does not contain a (?P<what>gradle build)"),
    sign(NO_REPOSITORY, "not a git repository", r"(?P<what>not a git repository)"),
    sign(NO_SUCH_FILE, "no such file", r"no such file or directory", weak=True),
)
