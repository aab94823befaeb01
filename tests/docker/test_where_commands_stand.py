"""Where a `docker run` can stand: in a file of systemd, in cron, in a Makefile, in an alias, in a substitution."""

import pytest

from webapp.docker.run_commands import parse_run_command
from webapp.docker.shell import CommandError, is_of_windows

FOUND = {
    "systemd": "[Service]\nExecStartPre=-/bin/docker rm web\nExecStart=/bin/docker run \\\n  -e A=1 alpine ls\n",
    "systemd, one line": "ExecStart=/usr/bin/docker run --rm -e A=1 alpine ls",
    "systemd, with a sign": "ExecStart=-/usr/bin/podman run -e A=1 alpine ls",
    "a substitution": "ID=$(docker run -d -e A=1 alpine ls)",
    "a substitution in quotes": 'ID="$(docker run -d -e A=1 alpine ls)"\ndocker logs $ID',
    "a substitution in backquotes": "ID=`docker run -d -e A=1 alpine ls`",
    "an exported substitution": "export CID=$(sudo docker run -d \\\n  -e A=1 alpine ls)",
    "an alias": "alias tf='docker run --rm -e A=1 alpine ls'",
    "an alias in double quotes": 'alias tf="docker run --rm -e A=1 alpine ls"',
    "a Makefile": "test:\n\t@docker run --rm -e A=1 alpine ls\n",
    "a Makefile that goes on": "\t@-docker run --rm -e A=1 \\\n\t  alpine ls\n",
    "cron": "*/5 * * * * docker run --rm -e A=1 alpine ls",
    "cron of the system": "0 3 * * 1-5 root /usr/bin/docker run --rm -e A=1 alpine ls",
    "cron by a name": "@daily docker run --rm -e A=1 alpine ls",
    "behind a comment that ends like a line that goes on": "# build \\\n# it \\\ndocker run -e A=1 alpine ls",
    "behind a comment of a command": "make # it \\\ndocker run -e A=1 alpine ls # now",
    "behind an escaped sign of PowerShell": "PS C:\\> echo ``\ndocker run -e A=1 alpine ls",
    "nerdctl": "nerdctl run --rm -e A=1 alpine ls",
    "nerdctl in a namespace": "$ sudo nerdctl --namespace k8s.io run --rm -e A=1 alpine ls",
    "nerdctl in a namespace, short": "nerdctl -n k8s.io run --rm -e A=1 alpine ls",
}


@pytest.mark.parametrize("text", FOUND.values(), ids=FOUND)
def test_a_command_is_found_wherever_it_stands(text: str) -> None:
    command = parse_run_command(text)
    assert (command.image.format(), command.commands) == ("alpine", "ls")
    assert [(each.key, each.value) for each in command.variables] == [("A", "1")]


@pytest.mark.parametrize("folder", ["(pwd)", "(pwd)/src"])
def test_fish_fills_in_its_folder_without_a_dollar(folder: str) -> None:
    (mapping,) = parse_run_command(f"docker run -v {folder}:/app alpine ls").volume_mappings
    assert mapping.target == "/app" and mapping.source in ("/", "/src")


def test_powershell_takes_a_quote_as_it_is_behind_its_own_sign() -> None:
    command = parse_run_command('docker run alpine sh -c "echo `"a b`""')
    assert command.commands == 'echo "a b"'
    assert not is_of_windows('docker run alpine echo "`date`" `"ls"`')


@pytest.mark.parametrize(
    "text", ["docker exec -it web sh", "$ docker exec web ls /app", "sudo docker container exec web ls"]
)
def test_a_command_for_a_container_that_is_there_is_named(text: str) -> None:
    with pytest.raises(CommandError, match="docker exec"):
        parse_run_command(text)


@pytest.mark.parametrize("text", ["ID=$(docker ps -q)", "alias d=docker", "*/5 * * * * ls", "@daily ls", "f=(pwd)"])
def test_what_is_no_command_is_none(text: str) -> None:
    with pytest.raises(CommandError):
        parse_run_command(text)
