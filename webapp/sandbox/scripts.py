"""What becomes of an action that nobody runs: made up from its settings, so that it is always the same."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from webapp.sandbox.programs import MISSING, OFFICIAL, official_name
from webapp.sandbox.shell import COMMAND, ROOT, Inside, Output, played

Json = dict[str, Any]

PLAIN = "This is the sandbox: nothing is run. What follows is made up from the action's settings."
CONTAINER = "RUN_DOCKER_CONTAINER"
SEALED = "********"
# What a comment in the commands asks for, such as `# sandbox: SKIPPED`.
ASKED = re.compile(r"^[ \t]*#[ \t]*sandbox:[ \t]*([A-Z_]+)[ \t]*$", re.MULTILINE)
WAITS = frozenset(
    {"WAITING_FOR_APPLY", "WAITING_FOR_VARIABLES", "WAITING_FOR_SETTABLE_VARIABLES", "WAITING_FOR_VT_SESSION"}
)
UNRUN = frozenset({"SKIPPED", "NOT_EXECUTED"})
SKIPPED = "Action has been skipped because trigger conditions were not met"
# Users that images have beside one called like the image, and numbers.
USERS = frozenset({"bin", "daemon", "nobody", "www-data"})
USER_NUMBER = re.compile(r"[0-9]{1,9}(?::[0-9]{1,9})?")
# Tags of official images that are no version.
TAG_WORDS = (
    "alpine bookworm bookworm-slim bullseye bullseye-slim current edge jammy latest lts mainline noble slim stable "
    "stable-slim testing trixie trixie-slim"
)
VERSION = re.compile(r"v?([0-9]+(?:\.[0-9]+)*)(?:[-.][A-Za-z0-9.-]+)?")
# No version has a part as high as this; people try a wrong tag with it.
TOO_HIGH = 99
YEAR = 2000


@dataclass(frozen=True)
class Script:
    """What an action prints and how it ends: with `status`, after so many `seconds`, of which nothing is cut.

    With a word in `waits` it first waits, until somebody lets it go on.
    """

    outputs: tuple[Output, ...]
    status: str
    seconds: float
    closing: tuple[str, ...] = ()
    waits: str = ""
    error_message: str = ""

    def printed(self, elapsed: float) -> "Log":
        """The lines that are there after so many seconds, the last ones once all are over."""
        parts: list[Sequence[object]] = []
        left = min(elapsed, self.seconds)
        for output in self.outputs:
            share = 1.0 if left >= output.seconds else left / output.seconds
            parts.append(output.lines[: int(len(output.lines) * share)])
            left -= output.seconds
            if left < 0:
                break
        return Log((*parts, self.closing if elapsed >= self.seconds else ()))


@dataclass(frozen=True)
class Log:
    """Lines in several pieces, each of which is written only when it is read."""

    parts: tuple[Sequence[object], ...] = field(repr=False)

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    def page(self, offset: int, limit: int) -> list[str]:
        """So many lines from an offset on."""
        lines: list[str] = []
        for part in self.parts:
            lines += map(str, part[offset : offset + limit - len(lines)])
            offset = max(offset - len(part), 0)
        return lines


def script_of(action: Json, variables: Mapping[str, str]) -> Script:
    """Make up what becomes of an action, given the variables of its run by name."""
    if action.get("trigger_conditions"):
        return Script((Output((SKIPPED,), 0),), "SKIPPED", 0)
    if action["type"] != CONTAINER:
        return finished((Output((PLAIN,)), Output((f"Executing action: {action['name']}",), COMMAND)), 0, action)
    asked = ASKED.search(action["inline_commands"])
    word = asked[1] if asked else ""
    if word in UNRUN:
        return Script((Output((SKIPPED,), 0),) if word == "SKIPPED" else (), word, 0)
    outputs = tuple(chain((Output((PLAIN,)),), of_container(action, variables)))
    return finished(outputs, outputs[-1].code, action, word if word in WAITS else "")


def finished(outputs: tuple[Output, ...], code: int, action: Json, waits: str = "") -> Script:
    """Put an end to what was printed: by itself, or where the action's time is over."""
    seconds = sum(output.seconds for output in outputs)
    limit = action.get("timeout") or 0
    if limit and seconds > limit:
        said = f"Action has been terminated: it exceeded its timeout of {limit} seconds"
        return Script(outputs, "FAILED", limit, (said, "Build finished unsuccessfully!"), waits, said)
    if code:
        closing = (f"Build finished unsuccessfully! Exit code: {code}",)
        return Script(outputs, "FAILED", seconds, closing, waits, f"Action failed with exit code {code}")
    return Script(outputs, "SUCCESSFUL", seconds, ("Build finished successfully!",), waits)


def of_container(action: Json, variables: Mapping[str, str]) -> Iterator[Output]:
    """What a container prints, from its image to the end of its commands."""
    known = {**variables_of(action), **variables}
    image, tag = (filled_in(action[name], known) for name in ("docker_image_name", "docker_image_tag"))
    registry = action.get("registry") or ""
    whole = f"{registry}/{image}" if registry else image
    if not action.get("use_image_from_action"):
        yield Output((f"Pulling image {whole}:{tag}",), COMMAND)
        if problem := wrong_image(action, whole, image, tag):
            yield Output((f"Error response from daemon: {problem}",), code=1, ends=True)
            return
        yield Output((f"Status: Downloaded newer image for {whole}:{tag}",), COMMAND)
    if problem := wrong_start(action, official_name(image)):
        yield Output((f"docker: Error response from daemon: {problem}",), code=problem_code(problem), ends=True)
        return
    user = (action.get("run_as_user") or "").partition(":")[0]
    short = official_name(image) if not registry else whole
    yield from played(action["inline_commands"], Inside(short, user, known))


def variables_of(action: Json) -> dict[str, str]:
    """The variables that an action sets; the values of encrypted ones are masked in a log."""
    return {item["key"]: SEALED if item["encrypted"] else item["value"] for item in action.get("variables") or []}


def filled_in(text: str, variables: Mapping[str, str]) -> str:
    """The text of a setting with variables filled in; one that is not set stays as it is."""
    return re.sub(r"\$\{?(\w+)\}?", lambda match: variables.get(match[1], match[0]), text)


def wrong_image(action: Json, whole: str, image: str, tag: str) -> str | None:
    """Why an image can't be had, in Docker's words."""
    login, registry = action.get("login") or "", action.get("registry") or "registry-1.docker.io"
    if "wrong" in login:
        return f'Get "https://{registry}/v2/": unauthorized: incorrect username or password'
    if MISSING.search(image) or ("private" in image and not login and not action.get("integration")):
        return (
            f"pull access denied for {whole}, repository does not exist or may require 'docker login': "
            "denied: requested access to the resource is denied"
        )
    if not has_tag(official_name(image), tag):
        return f"manifest for {whole.removeprefix('library/')}:{tag} not found: manifest unknown: manifest unknown"
    return None


def has_tag(image: str, tag: str) -> bool:
    """Whether an image has a tag: of official ones those that look like theirs, of others all but what looks wrong."""
    version = VERSION.fullmatch(tag)
    if version:
        return not any(TOO_HIGH <= int(part[:9]) < YEAR for part in version[1].split("."))
    return not MISSING.search(tag) and (image not in OFFICIAL or tag in TAG_WORDS.split())


def wrong_start(action: Json, image: str) -> str | None:
    """Why a container can't be started, in Docker's words."""
    volumes = (wrong_volume(*mapping.split(":")) for mapping in action.get("volume_mappings") or [])
    user = (action.get("run_as_user") or "").partition(":")[0]
    if problem := next(filter(None, volumes), None):
        return problem
    if not has_user(image, user):
        return f"unable to find user {user}: no matching entries in passwd file"
    return wrong_entrypoint(action.get("entrypoint") or "")


def wrong_volume(source: str, target: str) -> str | None:
    """Why a volume can't be mounted, in Docker's words."""
    if not target.startswith("/"):
        why = f"invalid mount path: '{target}' mount path must be absolute"
        return f"invalid volume specification: '/buddy{source}:{target}': {why}"
    if MISSING.search(source):
        return f'invalid mount config for type "bind": bind source path does not exist: /buddy{source}'
    return None


def has_user(image: str, user: str) -> bool:
    """Whether an image has a user: official ones only few, others all but who is called like nobody."""
    if user in ROOT | USERS or USER_NUMBER.fullmatch(user) or user == image:
        return True
    return image not in OFFICIAL and not MISSING.search(user)


def wrong_entrypoint(entrypoint: str) -> str | None:
    """Why an entrypoint can't be started, in Docker's words."""
    program = next(iter(entrypoint.split()), "")
    if not MISSING.search(program):
        return None
    found = f"stat {program}: no such file or directory" if "/" in program else "executable file not found in $PATH"
    return (
        "failed to create task for container: failed to create shim task: OCI runtime create failed: "
        f'runc create failed: unable to start container process: exec: "{program}": {found}: unknown'
    )


def problem_code(problem: str) -> int:
    """The exit code of `docker run` for a container that can't be started."""
    return 127 if "exec:" in problem else 125
