"""Services of Compose files: what an action takes of them, what is left and why."""

from typing import Any

import pytest

from webapp.docker.compose import parse_service, services_in
from webapp.docker.references import ImageReference
from webapp.docker.run_commands import RunVariable
from webapp.docker.volumes import VolumeMapping

COMPUTER = "it was a folder of your computer: here it is the one of this name in the pipeline's filesystem"
HERE = "the folder that you are in becomes the folder of the pipeline"
FILLED = "your own shell fills this in; here it stands as typed"


def left_of(**service: Any) -> list[tuple[str, str]]:
    return [(item.typed, item.why) for item in parse_service({"image": "a", **service}).left]


# What a service may have besides what an action takes (github.com/compose-spec/compose-spec, schema/compose-spec.json).
SETTINGS = """annotations attach blkio_config build cap_add cap_drop cgroup cgroup_parent configs container_name
cpu_count cpu_percent cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares cpus cpuset credential_spec
depends_on deploy develop device_cgroup_rules devices dns dns_opt dns_search domainname env_file expose extends
external_links extra_hosts gpus group_add healthcheck hostname init ipc isolation label_file labels links logging
mac_address mem_limit mem_reservation mem_swappiness memswap_limit models network_mode networks oom_kill_disable
oom_score_adj pid pids_limit platform ports post_start pre_stop privileged profiles provider pull_policy read_only
restart runtime scale secrets security_opt shm_size stdin_open stop_grace_period stop_signal storage_opt sysctls tmpfs
tty ulimits use_api_socket userns_mode uts volumes_from"""


@pytest.mark.parametrize("name", SETTINGS.split())
def test_of_each_setting_of_compose_it_is_said_why_it_is_left(name: str) -> None:
    ((typed, why),) = left_of(**{name: "a"})
    assert typed == name and "does not know" not in why


def test_a_whole_service_is_taken_apart() -> None:
    service = parse_service(
        {
            "image": "ghcr.io/team/app:1.2",
            "command": "npm run 'the tests'",
            "user": "node",
            "working_dir": "/app",
            "environment": {"APP_ENV": "test", "HOME": None, "TOKEN": "${TOKEN}"},
            "volumes": [".:/app", "./src:/src:ro", "data:/data", {"type": "bind", "source": "/etc", "target": "/e"}],
            "ports": ["80:80"],
            "depends_on": ["db"],
            "x-mine": "canary",
        }
    )
    assert service.image == ImageReference("team/app", "ghcr.io", "1.2")
    assert service.commands == "cd /app\nnpm run 'the tests'"
    assert service.user == "node"
    assert service.variables == (
        RunVariable("APP_ENV", "test"),
        RunVariable("HOME", None),
        RunVariable("TOKEN", None),
    )
    assert service.volume_mappings == (
        VolumeMapping("/", "/app"),
        VolumeMapping("/src", "/src"),
        VolumeMapping("/etc", "/e"),
    )
    assert [(item.typed, item.why) for item in service.left] == [
        ("environment HOME", "its value is in your own shell: type it"),
        ("environment TOKEN", "its value is in your own shell: type it"),
        ("volumes .:/app", HERE),
        ("volumes ./src:/src:ro", HERE),
        ("volumes ./src:/src:ro", "the action has no setting for read-only folders"),
        ("volumes data:/data", "it is a volume of Docker, and Buddy maps folders of the pipeline only"),
        ("volumes type=bind,source=/etc,target=/e", COMPUTER),
        ("ports", "the action has no setting for ports"),
        ("depends_on", "an action starts one container: services beside it are set in Buddy"),
        ("x-mine", "Slipway does not know this setting"),
        ("working_dir /app", "the commands begin with cd instead"),
    ]


@pytest.mark.parametrize(
    ("service", "entrypoint", "commands"),
    [
        ({"command": ["npm", "run", "a b"]}, "", "npm run 'a b'"),
        ({"command": ["sh", "-c", "npm ci && npm test"]}, "", "npm ci && npm test"),
        ({"command": "sh -c 'npm ci && npm test'"}, "", "npm ci && npm test"),
        ({"command": "npm ci && npm test"}, "", "npm ci '&&' npm test"),
        ({"command": "echo $$HOME"}, "", "echo '$HOME'"),
        (
            {"command": "ls -l /tmp | grep x && echo $$? > /a; true"},
            "",
            "ls -l /tmp '|' grep x '&&' echo '$?' '>' '/a;' true",
        ),
        ({"command": "ls *.md ~ #a [ab] {a,b} `id`"}, "", "ls '*.md' '~' '#a' '[ab]' '{a,b}' '`id`'"),
        ({"command": "echo $${X} '$$A' $$(id)"}, "", "echo '${X}' '$A' '$(id)'"),
        (
            {"command": 'echo $A "${B}"c \'$D e\' a\\ b "\\"" \'\\n\''},
            "",
            """echo "$A" "${B}c" "$D e" 'a b' '"' '\\n'""",
        ),
        ({"command": 'sh -c "echo $$HOME | cat"'}, "", "echo $HOME | cat"),
        ({"command": 'echo $A"b"'}, "", 'echo "${A}b"'),
        ({"command": "npm run\n  test\n"}, "", "npm run test"),
        ({"command": " "}, "", ""),
        ({"command": ["echo", "$$HOME"]}, "", "echo '$HOME'"),
        ({"command": ["echo", "it's ${A}"]}, "", 'echo "it\'s ${A}"'),
        ({"command": "say it's"}, "", "say it's"),
        ({"entrypoint": "/bin/sh", "command": "-c 'make it'"}, "/bin/sh", "make it"),
        ({"entrypoint": ["/bin/sh", "-c"], "command": ["make it"]}, "/bin/sh", "make it"),
        ({"entrypoint": ["npm", "run"], "command": ["test"]}, "npm", "run test"),
        ({"entrypoint": ["bash", "-lc"], "command": ["rake && ls"]}, "bash", "bash -lc 'rake && ls'"),
        ({"entrypoint": "bash -ec", "command": ["rake $$1", "--", "url"]}, "bash", "bash -ec 'rake $1' -- url"),
        ({"entrypoint": "/bin/sh a.sh", "command": "b"}, "/bin/sh", "/bin/sh a.sh b"),
        ({"entrypoint": ["sh"]}, "sh", ""),
    ],
)
def test_a_command_keeps_its_meaning(service: dict[str, Any], entrypoint: str, commands: str) -> None:
    taken = parse_service({"image": "a", **service})
    assert (taken.entrypoint, taken.commands) == (entrypoint, commands)


def test_a_command_of_which_a_shell_alone_would_make_more_is_told() -> None:
    why = "Compose starts no shell, so that it is an ordinary word: take it out of its quotes if a shell is to read it"
    assert left_of(command="ls *.md | cat && cat", entrypoint="sh a.sh > b") == [
        ("entrypoint >", why),
        ("command * | &", why),
    ]
    assert left_of(command=["ls", "*.md", "|", "cat"]) == []
    assert left_of(command="sh -c 'ls *.md | cat'") == []
    assert left_of(command="say it's") == [("command", "The quote that opens in it must be closed")]


IN_FRONT = (
    "Docker gives the words from here on to the program that the image starts with (its ENTRYPOINT), and Buddy runs "
    "them as commands: write that program in front"
)


@pytest.mark.parametrize(
    ("service", "left"),
    [
        ({"command": "init -input=false"}, [("init", f"{IN_FRONT}, unless this is one")]),
        ({"command": ["--strict"]}, [("--strict", IN_FRONT)]),
        ({"command": "npm test"}, []),
        ({"command": "init", "entrypoint": "terraform"}, []),
        (
            {"command": "init", "entrypoint": []},
            [("entrypoint ", "the action can't take away the entrypoint of the image")],
        ),
    ],
)
def test_a_command_for_the_entrypoint_of_the_image_is_told(
    service: dict[str, Any], left: list[tuple[str, str]]
) -> None:
    assert left_of(**service) == left


def test_an_image_that_compose_would_fill_in_keeps_what_is_written() -> None:
    assert parse_service({"image": "node:$VERSION"}).image == ImageReference("node", tag="$VERSION")
    assert parse_service({"image": "node:${VERSION:-20}"}).image == ImageReference("node", tag="20")
    assert left_of(image="node:${VERSION:-20}") == [
        ("image", "Compose fills this in: here it is the value that is written behind its name")
    ]


@pytest.mark.parametrize("image", ["Node:20", "${A:?b}", "https://a/b", ""])
def test_an_image_that_can_not_be_read_is_told(image: str) -> None:
    assert parse_service({"image": image, "command": "ls"}).image is None
    assert parse_service({"image": image, "command": "ls"}).commands == "ls"
    assert left_of(image=image)[0][0] == "image"


def test_a_service_that_compose_builds_asks_for_the_image() -> None:
    service = parse_service({"build": ".", "command": "ls"})
    assert (service.image, service.commands) == (None, "ls")
    assert [(item.typed, item.why) for item in service.left] == [
        ("build", "Slipway starts images that are built already: enter the name of yours")
    ]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("environment", "A=b"),
        ("volumes", "/:/a"),
        ("volumes", [["/:/a"]]),
        ("command", {"a": "b"}),
        ("command", ["a", ["b"]]),
        ("entrypoint", {"a": "b"}),
        ("user", ["a"]),
        ("working_dir", {"a": "b"}),
    ],
)
def test_what_is_set_as_compose_does_not_know_it_is_told(setting: str, value: Any) -> None:
    assert (setting, "it can't be read") in left_of(**{setting: value})


@pytest.mark.parametrize(
    ("environment", "unread", "read"),
    [
        ({"A": "b", "L": ["1"], "D": {"x": "y"}}, ["L", "D"], ["A"]),
        (["A=b", {"API_KEY": "v", "B": "w"}, ["C=d"], None, "E"], ["API_KEY", "B", "…", "…"], ["A", "E"]),
        ([{}], ["…"], []),
    ],
)
def test_each_variable_that_can_not_be_read_is_named(environment: Any, unread: list[str], read: list[str]) -> None:
    service = parse_service({"image": "a", "environment": environment})
    assert [item.key for item in service.variables] == read
    told = [item.typed for item in service.left if item.why == "it can't be read"]
    assert told == [f"environment {name}" for name in unread]


def test_what_compose_fills_in_is_told_once() -> None:
    assert left_of(command=["ls", "$A", "${A}", "$A"], user="$B") == [
        ("$B", FILLED),
        ("$A", FILLED),
        ("${A}", FILLED),
    ]


def test_values_that_could_be_secrets_are_told_nowhere() -> None:
    canary = "Canary4Aa5Bb6Cc7Dd8Ee9Ff0Gg"
    told = left_of(
        **{
            canary: "a",
            "environment": [f"{canary} a=b", f"A-B={canary}", f"TOKEN={canary}$A"],
            "labels": {"a": canary},
            "volumes": [f"{canary}:/a", {"type": canary, "source": canary, "target": canary, canary: canary}],
            "command": f"a ${{A:-{canary}}}",
        }
    )
    assert told
    assert "anary" not in str(told)


@pytest.mark.parametrize(
    ("data", "names"),
    [
        ({"services": {"web": {"image": "a"}, "db": {"image": "b"}}, "volumes": {}}, ["web", "db"]),
        ({"web": {"image": "a"}}, ["web"]),
        ({"image": "a", "ports": ["80"]}, [""]),
        ({"build": "."}, [""]),
        ({"test": {"image": "a", "script": ["ls"]}}, []),
        ({"image": "a", "test": {"script": ["ls"]}}, []),
        ({"image": "a", "args": ["ls"]}, []),
        ({"web": {"image": "a", "env": [{"name": "A"}]}}, []),
        ({"image": "a", "commands": ["ls"]}, []),
        ({"name": "a", "runs": {"using": "docker", "image": "Dockerfile"}}, []),
        ({"image": "a", "build": {"args": {"A": "b"}}}, [""]),
        ({"jobs": {"a": {"runs-on": "b", "steps": []}}}, []),
        ({"a": "b"}, []),
        (["a"], []),
        ("a", []),
        (None, []),
    ],
)
def test_services_are_found_in_what_was_pasted(data: Any, names: list[str]) -> None:
    assert list(services_in(data)) == names
