"""Why something was not carried over: the reason is the true one, and says which thing it is about."""

import pytest

from webapp.docker import run_flags
from webapp.docker.compose import parse_service
from webapp.docker.mounts import NAMED, WINDOWS
from webapp.docker.run_commands import FILLED, NO_FOLDER, parse_run_command


def whys(text: str) -> list[tuple[str, str]]:
    return [(left.typed, left.why) for left in parse_run_command(text).left]


@pytest.mark.parametrize("name", ["TYTUŁ", "имя", "名前", "my-name.x"])
def test_a_name_that_no_variable_can_have_is_told(name: str) -> None:
    ((typed, why),) = whys(f'docker run -e "{name}=x" alpine')
    assert typed == f"-e {name}=…" and why.startswith("The name must be")


def test_names_that_could_be_secrets_are_told_apart_by_their_number() -> None:
    secret = "aB3dE5fG7hI9jK1lM3nO5pQ7"
    told = [typed for typed, _ in whys(f"docker run -e A=1 -e 'two words=x' -e '{secret}!=x' -e B alpine")]
    assert told == ["-e …=… (variable 2)", "-e …=… (variable 3)", "-e B"]
    assert secret not in str(told)


def test_a_file_system_that_is_read_only_is_no_folder() -> None:
    assert whys("docker run --read-only alpine") == [("--read-only", run_flags.READ_ONLY)]
    service = parse_service({"image": "alpine", "read_only": "true"})
    assert [left.why for left in service.left] == [run_flags.READ_ONLY]


@pytest.mark.parametrize("volume", ["a:/x", "a:/x:ro", "a:/x:ro,z", "Z:/data"])
def test_a_volume_whose_name_is_one_letter_is_no_drive(volume: str) -> None:
    assert [why for _, why in whys(f"docker run -v {volume} alpine")] == [NAMED]
    assert [left.why for left in parse_service({"image": "a", "volumes": [volume]}).left] == [NAMED]


@pytest.mark.parametrize("volume", ["C:/src:/x", "c:/src:/x:ro", r"'C:\src:/x'", r"'C:\src'", "C:/src:C:/x", "C:/a:$X"])
def test_a_drive_is_no_volume(volume: str) -> None:
    assert [why for _, why in whys(f"docker run -v {volume} alpine")] == [WINDOWS]


@pytest.mark.parametrize("flag", ["--privileged", "--tty", "-t", "-i", "--read-only", "--publish-all", "--detach"])
def test_what_is_switched_off_is_not_lost(flag: str) -> None:
    for off in ("false", "0", "F"):
        assert whys(f"docker run {flag}={off} alpine") == []
    assert len(whys(f"docker run {flag}=true alpine")) == 1


@pytest.mark.parametrize("flag", ["--rm=false", "--sig-proxy=false", "--disable-content-trust=false"])
def test_what_is_on_unless_it_is_switched_off_is_told(flag: str) -> None:
    assert [typed for typed, _ in whys(f"docker run {flag} alpine")] == [flag]


@pytest.mark.parametrize("name", ["privileged", "tty", "read_only", "stdin_open", "init"])
def test_what_a_service_switches_off_is_not_lost(name: str) -> None:
    assert parse_service({"image": "alpine", name: "false"}).left == ()
    assert len(parse_service({"image": "alpine", name: "true"}).left) == 1


@pytest.mark.parametrize("folder", ["$(pwd)", "$PWD/src", "`pwd`", "."])
def test_a_folder_that_stands_nowhere_is_not_said_to_stand_as_typed(folder: str) -> None:
    told = whys(f"docker run -w {folder} alpine ls")
    assert FILLED not in [why for _, why in told]


def test_a_variable_in_the_folder_of_the_commands_stands_there_as_typed() -> None:
    command = parse_run_command("docker run -w /src/$NAME alpine ls")
    assert command.commands.startswith('cd "/src/$NAME"\n')
    assert ("$NAME", FILLED) in [(left.typed, left.why) for left in command.left]
    assert ("$NAME", FILLED) not in whys("docker run -w /src/$NAME alpine")
    assert NO_FOLDER in [why for _, why in whys("docker run -w /src/$NAME alpine")]
