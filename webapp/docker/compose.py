"""Services of Compose files, as plain data, and what of them an action takes.

Source: the Compose specification (github.com/compose-spec/compose-spec, spec.md and 12-interpolation.md).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from webapp.docker import run_flags
from webapp.docker.arguments import commands_in
from webapp.docker.compose_words import filled_in, left_alone, line_of
from webapp.docker.covers import COVER, covered_name
from webapp.docker.flags import Given
from webapp.docker.mounts import mount_typed, read_volume, whys
from webapp.docker.pastes import Left
from webapp.docker.references import ImageReference
from webapp.docker.run_commands import RunVariable, TakenFlags, read_image
from webapp.docker.run_flags import RUN_FLAGS
from webapp.docker.shell import CommandError, Word
from webapp.docker.volumes import VolumeMapping

# What makes a map a service, and what it is no service with, but a job of somebody else's.
STARTED = ("image", "build")
OF_JOBS = ("script", "steps", "stages", "runs-on", "stage", "commands")
# What containers of Kubernetes and actions of GitHub have, and no service.
OF_OTHERS = ("args", "env", "imagePullPolicy", "using", "volumeMounts")
DEFAULT = re.compile(r"\$\{\w+:?-(?P<value>[^}$]*)\}")
BUILT = "Slipway starts images that are built already: enter the name of yours"
BASED = "Slipway reads one service at a time: paste the other one after this, to fill in what is empty then"
BY_DEFAULT = "Compose fills this in: here it is the value that is written behind its name"
OTHERS = "an action starts one container: services beside it are set in Buddy"
NO_SHELL = "Compose starts no shell, so that it is an ordinary word: take it out of its quotes if a shell is to read it"
UNREAD = "it can't be read"
UNKNOWN = "Slipway does not know this setting"
# Why what is not carried over can't be.
WHYS: Mapping[str, str] = {
    "annotations": run_flags.LABELS,
    "attach": run_flags.LOGS,
    "blkio_config": run_flags.DISK,
    "build": BUILT,
    "cap_add": run_flags.RIGHTS,
    "cap_drop": run_flags.RIGHTS,
    "cgroup": run_flags.NAMESPACES,
    "cgroup_parent": run_flags.NAMESPACES,
    "configs": "the action has no setting for files of Compose",
    "container_name": "Buddy names the container by itself",
    "cpu_count": run_flags.PROCESSOR,
    "cpu_percent": run_flags.PROCESSOR,
    "cpu_period": run_flags.PROCESSOR,
    "cpu_quota": run_flags.PROCESSOR,
    "cpu_rt_period": run_flags.PROCESSOR,
    "cpu_rt_runtime": run_flags.PROCESSOR,
    "cpu_shares": run_flags.PROCESSOR,
    "cpus": run_flags.PROCESSOR,
    "cpuset": run_flags.PROCESSOR,
    "credential_spec": run_flags.RIGHTS,
    "depends_on": OTHERS,
    "deploy": run_flags.HOST,
    "develop": run_flags.HOST,
    "device_cgroup_rules": run_flags.DEVICES,
    "devices": run_flags.DEVICES,
    "dns": run_flags.NETWORK,
    "dns_opt": run_flags.NETWORK,
    "dns_search": run_flags.NETWORK,
    "domainname": run_flags.NETWORK,
    "env_file": "Slipway can't read files of your computer: paste the text of the file",
    "expose": run_flags.PORTS,
    "extends": BASED,
    "external_links": OTHERS,
    "extra_hosts": run_flags.NETWORK,
    "gpus": run_flags.DEVICES,
    "group_add": run_flags.RIGHTS,
    "healthcheck": run_flags.HEALTH,
    "hostname": run_flags.NETWORK,
    "init": run_flags.END,
    "ipc": run_flags.NAMESPACES,
    "isolation": run_flags.NAMESPACES,
    "label_file": run_flags.LABELS,
    "labels": run_flags.LABELS,
    "links": OTHERS,
    "logging": run_flags.LOGS,
    "mac_address": run_flags.NETWORK,
    "mem_limit": run_flags.MEMORY,
    "mem_reservation": run_flags.MEMORY,
    "mem_swappiness": run_flags.MEMORY,
    "memswap_limit": run_flags.MEMORY,
    "models": OTHERS,
    "network_mode": run_flags.NETWORK,
    "networks": run_flags.NETWORK,
    "oom_kill_disable": run_flags.MEMORY,
    "oom_score_adj": run_flags.MEMORY,
    "pid": run_flags.NAMESPACES,
    "pids_limit": run_flags.KERNEL,
    "platform": "the action has no setting for the platform",
    "ports": run_flags.PORTS,
    "post_start": "write it among the commands",
    "pre_stop": "write it among the commands",
    "privileged": run_flags.RIGHTS,
    "profiles": OTHERS,
    "provider": OTHERS,
    "pull_policy": run_flags.PULL,
    "read_only": run_flags.READ_ONLY,
    "restart": run_flags.END,
    "runtime": run_flags.HOST,
    "scale": run_flags.HOST,
    "secrets": "the action has no setting for secrets of Compose: make each an encrypted variable",
    "security_opt": run_flags.RIGHTS,
    "shm_size": run_flags.MEMORY,
    "stdin_open": run_flags.TERMINAL,
    "stop_grace_period": run_flags.END,
    "stop_signal": run_flags.END,
    "storage_opt": run_flags.STORAGE,
    "sysctls": run_flags.KERNEL,
    "tmpfs": run_flags.STORAGE,
    "tty": run_flags.TERMINAL,
    "ulimits": run_flags.KERNEL,
    "use_api_socket": run_flags.RIGHTS,
    "userns_mode": run_flags.NAMESPACES,
    "uts": run_flags.NAMESPACES,
    "volumes_from": run_flags.STORAGE,
}
TAKEN = frozenset({"command", "entrypoint", "environment", "image", "user", "volumes", "working_dir"})


@dataclass(frozen=True)
class Service:
    """A service taken apart: its texts are as typed, an empty one was not given. `left` is what is to be known."""

    image: ImageReference | None
    commands: str = field(default="", repr=False)
    user: str = ""
    entrypoint: str = ""
    variables: tuple[RunVariable, ...] = ()
    volume_mappings: tuple[VolumeMapping, ...] = ()
    left: tuple[Left, ...] = ()


def services_in(data: Any) -> dict[str, Mapping[str, Any]]:
    """The services in a Compose file, or in a part of one, by their names; a service alone has none."""
    if not isinstance(data, Mapping):
        return {}
    if isinstance(data.get("services"), Mapping):
        return {name: item for name, item in data["services"].items() if isinstance(item, Mapping)}
    if is_service(data):
        return {"": data}
    return {name: item for name, item in data.items() if is_service(item)} if not is_job(data) else {}


def is_service(data: Any) -> bool:
    """Whether a map is a service, and no job of a pipeline, or what another system starts."""
    if not isinstance(data, Mapping) or any(name in data for name in OF_OTHERS):
        return False
    return any(name in data for name in STARTED) and not is_job(data)


def is_job(data: Mapping[str, Any]) -> bool:
    """Whether a map has what jobs of GitLab and workflows of GitHub have, or one below it does."""
    parts = [data, *(item for item in data.values() if isinstance(item, Mapping))]
    return "jobs" in data or any(name in part for part in parts for name in OF_JOBS)


def parse_service(data: Mapping[str, Any]) -> Service:
    """Take a service apart. It raises nothing: what can't be carried over is told."""
    taken = TakenFlags([])
    image = image_of(data, taken)
    started, run = line_of(data.get("entrypoint")), line_of(data.get("command"))
    words = run.words
    if data.get("entrypoint") is not None:
        taken.take(entrypoint_of(started.words))
        words = (*started.words[1:], *words)
    for setting in given_in(data):
        taken.take(setting)
    mount(data.get("volumes"), taken)
    taken.left += untaken(data)
    for name, line in (("entrypoint", started), ("command", run)):
        taken.left += [Left(name, line.wrong, "commands")] * bool(line.wrong)
        taken.left += [Left(f"{name} {' '.join(line.of_shell)}", NO_SHELL, "commands")] * bool(line.of_shell)
    if not run.wrong:
        taken.note_command(words)
    command, texts = tuple(word.text for word in words), tuple(word.written for word in words)
    folder = taken.folder(bool(words))
    return Service(
        image,
        commands_in(taken.last("--entrypoint"), command, texts, folder),
        taken.last("--user"),
        taken.last("--entrypoint"),
        tuple(RunVariable(key, value) for key, value in taken.variables.items()),
        tuple(taken.mappings),
        tuple(taken.left),
    )


def given_in(data: Mapping[str, Any]) -> Iterator[Given]:
    """The user, the folder and the variables of a service."""
    for name, flag in (("user", "--user"), ("working_dir", "--workdir")):
        if isinstance(data.get(name), str):
            yield given(name, flag, data[name])
    for text in environment_of(data.get("environment")):
        yield given("environment", "--env", text)


def is_off(name: str, value: Any) -> bool:
    """Whether a setting that is known is switched off, so that nothing of it is lost."""
    return name in WHYS and isinstance(value, str) and value.lower() == "false"


def untaken(data: Mapping[str, Any]) -> Iterator[Left]:
    """The settings of a service that are not carried over, each with why."""
    for name, value in data.items():
        if name in TAKEN and not readable(name, value):
            yield Left(name, UNREAD)
        elif name == "environment":
            yield from (Left(f"{name} {covered_name(key)}", UNREAD) for key in unread_variables(value))
        elif name not in TAKEN and value not in (None, "", [], {}) and not is_off(name, value):
            yield Left(covered_name(name), WHYS.get(name, UNKNOWN))


def readable(name: str, value: Any) -> bool:
    """Whether a setting that is taken has a value that can be: elsewhere only what is in it is told."""
    if name in ("image", "user", "working_dir"):
        return isinstance(value, str | None)
    if name == "environment":
        return isinstance(value, list | Mapping | None)
    items = value if isinstance(value, list) else []
    if name == "volumes":
        return isinstance(value, list | None) and all(isinstance(item, str | Mapping) for item in items)
    return isinstance(value, str | list | None) and all(isinstance(item, str) for item in items)


def image_of(data: Mapping[str, Any], taken: TakenFlags) -> ImageReference | None:
    """The image of a service; None where it has none that can be read, which is told."""
    text = data.get("image")
    if not isinstance(text, str):
        return None
    image = DEFAULT.sub(lambda match: match["value"], text)
    if image != text:
        taken.left.append(Left("image", BY_DEFAULT))
    try:
        return read_image(Word(image, 0, len(image), filled_in(image)))
    except CommandError as error:
        taken.left.append(Left("image", str(error)))
        return None


def given(name: str, flag: str, text: str) -> Given:
    """A setting as the flag of `docker run` that does the same."""
    value = left_alone(text)
    return Given(RUN_FLAGS[flag], name, value, f"{name} {value}", filled_in(text))


def entrypoint_of(words: Sequence[Word]) -> Given:
    """The program of an entrypoint as --entrypoint has it, which takes no more than that."""
    text, filled = (words[0].text, words[0].filled) if words else ("", ())
    return Given(RUN_FLAGS["--entrypoint"], "entrypoint", text, f"entrypoint {text}", filled)


def environment_of(data: Any) -> Iterator[str]:
    """The variables, each as --env has it."""
    if isinstance(data, list):
        yield from (item for item in data if isinstance(item, str))
    elif isinstance(data, Mapping):
        for name, value in data.items():
            if value is None or isinstance(value, str):
                yield name if value is None else f"{name}={value}"


def unread_variables(data: Any) -> Iterator[str]:
    """The names of the variables that can't be read: not a text, or a map in a list."""
    if isinstance(data, Mapping):
        yield from (name for name, value in data.items() if not isinstance(value, str | None))
    elif isinstance(data, list):
        for item in data:
            if isinstance(item, Mapping) and item:
                yield from item
            elif not isinstance(item, str):
                yield COVER


def mount(data: Any, taken: TakenFlags) -> None:
    """Mount the folders of a service."""
    for item in data if isinstance(data, list) else ():
        if isinstance(item, str):
            taken.take_mount(given("volumes", "--volume", item), read_volume(left_alone(item)))
        elif isinstance(item, Mapping):
            texts = {name: value for name, value in item.items() if isinstance(value, str)}
            shown = ",".join(f"{name}={value}" for name, value in texts.items() if name in ("type", "source", "target"))
            others = [covered_name(name) for name in item if name not in ("type", "source", "target", "read_only")]
            kind, source, target = (left_alone(texts.get(name, "")) for name in ("type", "source", "target"))
            reasons = whys(texts.get("read_only", "").lower() == "true", others)
            taken.take_mount(given("volumes", "--mount", shown), mount_typed(kind, source, target, reasons))
