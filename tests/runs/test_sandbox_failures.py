"""Each failure of the sandbox leads to the box that mends it, by the log that comes over HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest
from support.clock import Clock

from webapp.buddy.client import Client
from webapp.buddy.container import Container
from webapp.buddy.executions import Revision, RunRequest
from webapp.buddy.images import PublicImage
from webapp.buddy.outcomes import Created, Started
from webapp.buddy.places import Place
from webapp.runs.ansi import read_line, text_of
from webapp.runs.failures import Cause, cause_of
from webapp.runs.reading import LogReader
from webapp.sandbox import Sandbox

PLACE = Place("buddy", "company-website", 2)
PYTHON = PublicImage("library/python", "3.12")


@pytest.fixture
def buddy(sandbox: Sandbox) -> Iterator[Client]:
    client = Client(sandbox.start(), sandbox.token)
    yield client
    client.close()


def cause_of_run(buddy: Client, sandbox: Sandbox, action: Container) -> Cause | None:
    """Add an action, run it to its end, and say why it has failed."""
    sandbox.state.clock = clock = Clock()
    added = buddy.add_action(PLACE, action)
    assert isinstance(added, Created)
    begun = buddy.run(PLACE, RunRequest((added.action.id,), Revision("newest"), "Try it"))
    assert isinstance(begun, Started)
    clock.forward(seconds=120)
    run = buddy.execution(PLACE, begun.execution.id)
    ran = run.of_action(added.action.id)
    assert ran is not None
    lines = [text_of(read_line(line)[0]) for line in LogReader(buddy, PLACE, run.id, ran).read().lines]
    return cause_of(lines, ran.status, ran.error_message)


def running(commands: str = "echo done", image: PublicImage = PYTHON, **more: Any) -> Container:
    return Container("Try", image, commands, **more)


@pytest.mark.parametrize(
    ("action", "key", "box"),
    [
        (running(image=PublicImage("library/python", "3.99")), "image", "docker_image_tag"),
        (running(image=PublicImage("acme/private-app", "1")), "denied", "docker_image_name"),
        (running(run_as_user="deploy"), "user", "run_as_user"),
        (running("pytest tests"), "command", "inline_commands"),
        (running("python -m pytest"), "command", "inline_commands"),
        (running("./deploy.sh"), "permission", "inline_commands"),
        (running("apt-get install -y make", run_as_user="1000"), "permission", "run_as_user"),
        (running("cat missing.txt"), "no file", "inline_commands"),
        (running("./missing.sh"), "no file", "inline_commands"),
        (running("cd missing"), "no file", "inline_commands"),
        (running("node missing.js", PublicImage("library/node", "22")), "no file", "inline_commands"),
        (running("echo begun\nexit 3"), "exit", "inline_commands"),
        (running("pip install pytest\npytest -k fail"), "exit", "inline_commands"),
        (running("sleep 5m", timeout=60), "timeout", "timeout"),
        (running("tail /dev/zero"), "memory", "inline_commands"),
        (running("node out-of-memory.js", PublicImage("library/node", "22")), "memory", "inline_commands"),
        (running(volume_mappings=("/missing:/app",)), "volume", "volume_mappings"),
        (running("fallocate -l 900G big"), "disk", "inline_commands"),
        (running(entrypoint="/missing.sh"), "entrypoint", "entrypoint"),
        (running(entrypoint="missing now"), "entrypoint", "entrypoint"),
    ],
)
def test_a_failure_leads_to_its_box(buddy: Client, sandbox: Sandbox, action: Container, key: str, box: str) -> None:
    cause = cause_of_run(buddy, sandbox, action)
    assert cause is not None
    assert (cause.key, cause.box) == (key, box), cause


def test_what_goes_well_has_no_cause(buddy: Client, sandbox: Sandbox) -> None:
    assert cause_of_run(buddy, sandbox, running("pip install -r requirements.txt\npytest")) is None
