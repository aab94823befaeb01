"""Variables that a pasted text sets itself, in front of its `docker run`: their values are taken from there."""

import pytest

from webapp.docker.run_commands import FROM_SHELL, parse_run_command
from webapp.docker.shell import is_of_windows

TAKEN = {
    "exported before": "export TOKEN=canary\ndocker run -e TOKEN alpine",
    "exported in quotes": "export TOKEN='canary'; docker run -e TOKEN alpine",
    "exported and led on": 'export A=1 TOKEN="canary" && docker run -e TOKEN alpine',
    "set for the command": "TOKEN=canary docker run -e TOKEN alpine",
    "set for the command behind sudo": "sudo TOKEN=canary docker run -e TOKEN alpine",
    "set by env": "env TOKEN=canary docker run -e TOKEN alpine",
    "set before and named": "TOKEN=canary\ndocker run -e TOKEN=$TOKEN alpine",
    "set before and named in quotes": 'TOKEN=canary\ndocker run -e TOKEN="${TOKEN}" alpine',
    "set before by another name": "SECRET=canary\ndocker run -e TOKEN=$SECRET alpine",
    "set twice": "export TOKEN=other\nexport TOKEN=canary\ndocker run -e TOKEN alpine",
    "behind a prompt": "$ export TOKEN=canary\n$ docker run -e TOKEN alpine",
    "cmd": "set TOKEN=canary\ndocker run -e TOKEN ^\n alpine",
    "cmd, named": "set TOKEN=canary\ndocker run -e TOKEN=%TOKEN% ^\n alpine",
    "PowerShell": '$env:TOKEN = "canary"\ndocker run -e TOKEN alpine',
    "PowerShell, named": '$env:TOKEN="canary"; docker run -e TOKEN=$env:TOKEN alpine',
}
ASKED = {
    "set after": "docker run -e TOKEN alpine\nexport TOKEN=canary",
    "set, and not handed on": "TOKEN=canary\ndocker run -e TOKEN alpine",
    "filled in too late": "TOKEN=canary docker run -e TOKEN=$TOKEN alpine",
    "out of a file": "export TOKEN=$(cat token)\ndocker run -e TOKEN alpine",
    "set for another command": "TOKEN=canary make\ndocker run -e TOKEN alpine",
    "printed": "echo export TOKEN=canary\ndocker run -e TOKEN alpine",
    "PowerShell": "docker run -e TOKEN=$env:TOKEN alpine",
}


@pytest.mark.parametrize("text", TAKEN.values(), ids=TAKEN)
def test_a_value_that_the_text_sets_is_taken(text: str) -> None:
    command = parse_run_command(text)
    assert {each.key: each.value for each in command.variables} == {"TOKEN": "canary"}
    assert not any("TOKEN=…" in left.typed and "A=" not in left.typed for left in command.left)
    assert FROM_SHELL not in [left.why for left in command.left]
    assert not any("canary" in left.typed for left in command.left)


@pytest.mark.parametrize("text", ASKED.values(), ids=ASKED)
def test_a_value_that_it_does_not_set_for_the_command_is_asked_for(text: str) -> None:
    command = parse_run_command(text)
    assert {each.key: each.value for each in command.variables} == {"TOKEN": None}
    assert FROM_SHELL in [left.why for left in command.left]


def test_what_else_is_set_is_told_as_before() -> None:
    command = parse_run_command("export A=1\ncd x\nB=2 docker run -e TOKEN alpine")
    assert [left.typed for left in command.left] == ["export A=… ; cd …", "B=…", "-e TOKEN"]


@pytest.mark.parametrize("word", ["$env:USERNAME", "$Env:PATH", '"$env:USERNAME"', "a=$env:USERNAME"])
def test_a_variable_of_powershell_stands_as_typed_among_the_arguments(word: str) -> None:
    command = parse_run_command(f"docker run alpine echo {word}")
    assert command.commands == f"echo '{word.strip(chr(34))}'"


@pytest.mark.parametrize("word", ["app-$env:latest", "$env:latest", "$env", "${env}:USERNAME"])
def test_a_variable_of_a_shell_called_env_is_one(word: str) -> None:
    assert not is_of_windows(f"docker run {word}")
