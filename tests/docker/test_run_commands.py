"""`docker run` lines: what is taken of them, what is left and why, what is refused."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.docker.covers import SHOWN
from webapp.docker.flags import Arity, Flag
from webapp.docker.references import ImageReference
from webapp.docker.run_commands import RunCommand, RunVariable, parse_run_command
from webapp.docker.run_flags import DOCKER_FLAGS, PODMAN_RUN_FLAGS, RUN_FLAGS
from webapp.docker.shell import CommandError
from webapp.docker.volumes import VolumeMapping

UBUNTU = ImageReference("ubuntu")
ALONE = "Slipway takes the docker run command alone"
FILLED = "your own shell fills this in; here it stands as typed"
BY_SHELL = "your own shell fills this in: enter it below"
FROM_SHELL = "its value is in your own shell: type it"
AGAIN = "it is given again, and Docker takes the last"
NAME = "The name must be letters, digits and _ only, and not begin with a digit"
COMPUTER = "it was a folder of your computer: here it is the one of this name in the pipeline's filesystem"
HERE = "the folder that you are in becomes the folder of the pipeline"
CD = "the commands begin with cd instead"
NO_CD = "the action has no setting for it: begin the commands with cd"
KEPT = ("--entrypoint", "--env", "--mount", "--user", "--volume", "--workdir")
TOLD = {"--mount": COMPUTER, "--volume": COMPUTER, "--workdir": CD}
FLAGS = {f"{flag.name} {name}" if name != flag.name else name: (name, flag) for name, flag in RUN_FLAGS.items()}


def left_of(command: RunCommand) -> list[tuple[str, str]]:
    return [(item.typed, item.why) for item in command.left]


def test_a_line_from_a_colleague_is_taken_apart() -> None:
    command = parse_run_command("""
        $ docker run --rm -it --name web -p 8080:80 \\
            -e APP_ENV=test -eDEBUG=1 --env "GREETING=hello world" -e HOME \\
            --env-file .env -v /:/app -v data:/data --mount type=bind,src=/cache,dst=/c,readonly \\
            -u 1000:1000 -w /app --entrypoint /bin/bash --platform linux/amd64 \\
            ghcr.io/team/app:1.2 -c "npm ci && npm test"
    """)
    assert command.image == ImageReference("team/app", "ghcr.io", "1.2")
    assert command.command == ("-c", "npm ci && npm test")
    assert command.commands == "cd /app\nnpm ci && npm test"
    assert (command.user, command.entrypoint) == ("1000:1000", "/bin/bash")
    assert command.variables == (
        RunVariable("APP_ENV", "test"),
        RunVariable("DEBUG", "1"),
        RunVariable("GREETING", "hello world"),
        RunVariable("HOME", None),
    )
    assert command.volume_mappings == (VolumeMapping("/", "/app"), VolumeMapping("/cache", "/c"))
    assert left_of(command) == [
        ("--rm", "Buddy removes the container by itself"),
        ("-i", "nobody types into a container of a pipeline"),
        ("-t", "nobody types into a container of a pipeline"),
        ("--name web", "Buddy names the container by itself"),
        ("-p 8080:80", "the action has no setting for ports"),
        ("-e HOME", FROM_SHELL),
        ("--env-file .env", "Slipway can't read files of your computer: paste the text of the file"),
        ("-v /:/app", COMPUTER),
        ("-v data:/data", "it is a volume of Docker, and Buddy maps folders of the pipeline only"),
        ("--mount type=bind,src=/cache,dst=/c,readonly", COMPUTER),
        ("--mount type=bind,src=/cache,dst=/c,readonly", "the action has no setting for read-only folders"),
        ("--platform linux/amd64", "the action has no setting for the platform"),
        ("-w /app", CD),
    ]


@pytest.mark.parametrize(("name", "flag"), FLAGS.values(), ids=FLAGS)
def test_each_flag_is_read_with_what_follows_it(name: str, flag: Flag) -> None:
    value = {"--env": "A=b", "--volume": "/a:/b", "--mount": "type=bind,src=/a,dst=/b"}.get(flag.name, "value")
    given = name if flag.arity is Arity.BOOLEAN else f"{name} {value}"
    command = parse_run_command(f"docker run {given} ubuntu ls")
    assert (command.image, command.command) == (UBUNTU, ("ls",))
    shown = given if flag.arity is Arity.BOOLEAN or flag.name in (*SHOWN, "--mount") else f"{name} …"
    told = TOLD.get(flag.name, flag.why)
    assert left_of(command) == ([(shown, told)] if told else [])
    assert bool(flag.why) == (flag.name not in KEPT)


@pytest.mark.parametrize("name", sorted(name for name, flag in RUN_FLAGS.items() if flag.arity is not Arity.BOOLEAN))
def test_a_flag_with_a_value_needs_one(name: str) -> None:
    with pytest.raises(CommandError, match=f"^Enter a value after {name}$"):
        parse_run_command(f"docker run {name}")


PODMANS = {name: flag for name, flag in PODMAN_RUN_FLAGS.items() if name not in RUN_FLAGS}


@pytest.mark.parametrize("name", PODMANS)
def test_each_flag_that_podman_alone_has_is_left(name: str) -> None:
    flag = PODMANS[name]
    given = name if flag.arity is Arity.BOOLEAN else f"{name} value"
    command = parse_run_command(f"podman run {given} ubuntu ls")
    assert (command.image, command.command) == (UBUNTU, ("ls",))
    assert left_of(command) == [(given.replace(" value", " …"), flag.why)]
    with pytest.raises(CommandError):
        parse_run_command(f"docker run {given} ubuntu ls")


@pytest.mark.parametrize("name", DOCKER_FLAGS)
def test_each_flag_before_run_is_left(name: str) -> None:
    flag = DOCKER_FLAGS[name]
    given = name if flag.arity is Arity.BOOLEAN else f"{name} value"
    assert left_of(parse_run_command(f"docker {given} run ubuntu")) == [(given.replace(" value", " …"), flag.why)]


BEGINNINGS = [
    "docker run ubuntu ls",
    "docker container run ubuntu ls",
    "podman run ubuntu ls",
    "sudo docker run ubuntu ls",
    "sudo -E -n docker run ubuntu ls",
    "/usr/bin/docker run ubuntu ls",
    "docker.exe run ubuntu ls",
    "$ docker run ubuntu ls",
    "# docker run ubuntu ls",
    "% docker run ubuntu ls",
    "me@host:~/src$ sudo docker run ubuntu ls",
    "[root@host ~]# docker run ubuntu ls",
    "\ufeff  docker run ubuntu ls  \n",
    "\n\ndocker run ubuntu ls;\n\n",
    "# how to list files\ndocker run ubuntu ls # that is all",
    "# docker run lists files\ndocker run ubuntu ls",
    "docker run \\\n  ubuntu \\\n  ls",
    "docker run \\\r\n  ubuntu \\\r\n  ls\r\n",
    "docker run ^\r\n  ubuntu ^\r\n  ls",
    "docker run `\n  ubuntu `\n  ls",
    "$ docker run \\\n>   ubuntu \\\n>   ls",
    "docker run -- ubuntu ls",
    "docker\xa0run ubuntu\xa0ls",
    "'docker' \"run\" ubuntu 'l's",
    "PS C:\\> docker run ubuntu ls",
    "PS C:\\src> docker run ubuntu ls",
    "PS> docker run ubuntu ls",
    "PS /src> docker run ubuntu ls",
    "C:\\>docker run ubuntu ls",
    "C:\\Users\\me> docker run ubuntu ls",
    "➸ docker run ubuntu ls",
    "➜ docker run ubuntu ls",
    "➜  ~ docker run ubuntu ls",
    "➜  src git:(main) ✗ sudo docker run ubuntu ls",
    "› docker run ubuntu ls",
    "> docker run ubuntu ls",
    "~/src ❯ docker run ubuntu ls",
    "~ $ docker run ubuntu ls",
    "me@host ~/src> docker run ubuntu ls",
    "(venv) me@host:~$ docker run ubuntu ls",
    "root@host:/# docker run ubuntu ls",
    "!docker run ubuntu ls",
    "In [3]: !docker run ubuntu ls",
    "me@host:~$ docker run \\\n> ubuntu \\\n> ls",
    "% docker run \\\n> ubuntu \\\n> ls",
    "docker run \\\n>   ubuntu \\\n>   ls",
    "PS C:\\> docker run `\n>> ubuntu `\n>> ls",
    "# docker run \\\n> ubuntu \\\n> ls",
    "```\ndocker run ubuntu ls\n```",
    "```bash\n$ docker run ubuntu ls\n```\n",
    "~~~ sh\ndocker run ubuntu ls\n~~~",
    "`docker run ubuntu ls`",
    "- docker run ubuntu ls",
    "1. $ docker run ubuntu ls",
    "- run: docker run ubuntu ls",
    "> ```\n> docker run ubuntu ls\n> ```",
    "docker\u3000run ubuntu ls",
    "docker run\u2003ubuntu\u2009ls",
    "docker run `#optional` \\\n ubuntu `# set this` ls ``",
    "docker run ubuntu $'l\\163'",
    'docker run ubuntu $"ls"',
    "docker create ubuntu ls",
    "docker container create ubuntu ls",
    "nvidia-docker run ubuntu ls",
    "winpty docker run ubuntu ls",
    "time -p docker run ubuntu ls",
    "nohup docker run ubuntu ls",
    "exec docker run ubuntu ls",
    "env docker run ubuntu ls",
    "command -p docker run ubuntu ls",
    "sudo -u me -EH docker run ubuntu ls",
    "sudo --user=me -- docker run ubuntu ls",
    "sudo nice -n 5 ionice -c2 stdbuf -oL docker run ubuntu ls",
    "! docker run ubuntu ls",
    "time sudo docker run ubuntu ls",
    "wsl docker run ubuntu ls",
    "wsl -d Ubuntu -- docker run ubuntu ls",
    "C:\\Users\\me>docker run ^\nMore?   ubuntu ^\nMore?   ls",
    "docker run ^\r\nMore? ubuntu ls\r\n",
    "  501  docker run ubuntu ls",
    "12* sudo docker run ubuntu ls",
    "1: docker run ubuntu ls",
    "1 docker run \\\n2   ubuntu \\\n3   ls\n",
    "     9\tdocker run \\\n    10\t  ubuntu \\\n    11\t  ls",
    "1. docker run \\\r\n2.   ubuntu \\\r\n3.   ls\r\n",
    "  7 | $ docker run \\\n  8 | >  ubuntu \\\n  9 | >  ls\n 10 |\n",
    "1|docker run ubuntu \\\n2|ls",
]


@pytest.mark.parametrize("text", BEGINNINGS)
def test_it_is_found_as_it_is_pasted(text: str) -> None:
    assert parse_run_command(text) == RunCommand(UBUNTU, ("ls",))


@pytest.mark.parametrize("mark", ["```", "~~~ yaml"])
def test_a_fence_of_markdown_within_a_script_is_a_line_of_it(mark: str) -> None:
    script = f"cat > a.md <<'E'\n{mark}\nx\n{mark}\nE"
    text = f"docker run ubuntu sh -c {shlex.quote(script)}"
    for pasted in (text, f"````\n{text}\n````", f"Say:\n```sh\n$ {text} \\\n```\n"):
        assert parse_run_command(pasted).commands == script


def test_it_is_found_in_a_sentence() -> None:
    command = parse_run_command("To list files, say `docker run ubuntu ls` or don't.")
    assert (command.image, command.command, left_of(command)) == (UBUNTU, ("ls",), [("…", ALONE), ("…", ALONE)])


# The line, and what of it is left.
AROUND: dict[str, list[tuple[str, str]]] = {
    "docker pull ubuntu && docker run ubuntu ls": [("docker pull … &&", ALONE)],
    "$ docker pull ubuntu\n$ docker run ubuntu ls": [("docker pull …", ALONE)],
    "docker run ubuntu ls | grep x": [("| grep …", ALONE)],
    "docker run ubuntu ls > a.txt 2>&1": [("> … >& …", ALONE)],
    "docker run ubuntu ls 2>/dev/null": [("> …", ALONE)],
    "docker run ubuntu ls &": [("&", ALONE)],
    "cd /tmp; docker run ubuntu ls\necho done": [("cd …", ALONE), ("echo …", ALONE)],
    "TOKEN=secret B= docker run ubuntu ls": [
        ("TOKEN=…", "it is set for your own shell"),
        ("B=…", "it is set for your own shell"),
    ],
    "docker --tls=0 run ubuntu ls": [("--tls=0", "the container runs where Buddy runs it")],
    "docker --other=secret run ubuntu ls": [("--other=…", ALONE)],
    "docker run --other=secret ubuntu ls": [("--other=…", "Slipway does not know this flag")],
    "docker run --rm=false ubuntu ls": [("--rm=false", "Buddy removes the container by itself")],
    "docker run -e my.key=secret ubuntu ls": [("-e my.key=…", NAME)],
    "docker run -e =secret ubuntu ls": [("-e =…", NAME)],
    "docker run --env '' ubuntu ls": [("--env ", NAME)],
    "docker run --entrypoint= ubuntu ls": [("--entrypoint=", "the action can't take away the entrypoint of the image")],
    "docker run -v /a ubuntu ls": [("-v /a", "it names no folder of the pipeline")],
    "docker run -v ~/a:/b ubuntu ls": [
        ("-v ~/a:/b", "it is in the home folder of your computer: enter the folder in the pipeline instead")
    ],
    "docker run ubuntu ls\n\nThat's all, isn't it? Don't": [("…", ALONE)],
    "Here's how:\ndocker run ubuntu ls": [("…", ALONE)],
    "That’s how:\ndocker run ubuntu ls": [("…", ALONE)],
    "echo 'a\ndocker run ubuntu ls": [("echo …", ALONE)],
    "docker run ubuntu ls <<EOF\nit's\nEOF": [("<< … ; … ; …", ALONE)],
    "docker run ubuntu ls <<-'EOF'\n$(\nEOF\n": [("<< … ; … ; …", ALONE)],
    "cat > run.sh <<EOF\ndocker run ubuntu ls\nEOF": [("cat > … << …", ALONE), ("…", ALONE)],
    "if docker run ubuntu ls; then echo ok; fi": [("… ; …", ALONE)],
    "timeout -k 5 60s docker run ubuntu ls": [("timeout", "set the time limit under “More options” instead")],
    "env -i A=secret docker run ubuntu ls": [("A=…", "it is set for your own shell")],
    "sudo A=secret docker run ubuntu ls": [("A=…", "it is set for your own shell")],
    "podman --url secret run --creds me:secret ubuntu ls": [
        ("--url …", "the container runs where Buddy runs it"),
        ("--creds …", "choose a private registry above, with its user name and password"),
    ],
}


@pytest.mark.parametrize(("text", "left"), AROUND.items())
def test_what_is_not_carried_over_is_named(text: str, left: list[tuple[str, str]]) -> None:
    command = parse_run_command(text)
    assert (command.image, command.command, command.variables) == (UBUNTU, ("ls",), ())
    assert left_of(command) == left


def test_what_a_shell_would_fill_in_is_kept_and_named_once() -> None:
    command = parse_run_command(
        """docker run -u "$(id -u)" -v "$PWD":/a -e A=$B -e 'C=$D' --entrypoint ~/x \\
           ubuntu echo $B `date` "${E:-f}" '$G'"""
    )
    assert (command.user, command.entrypoint) == ("", "")
    assert command.volume_mappings == (VolumeMapping("/", "/a"),)
    assert command.variables == (RunVariable("A", "$B"), RunVariable("C", "$D"))
    assert command.command == ("echo", "$B", "`date`", "${E:-f}", "$G")
    assert left_of(command) == [
        ("-u $(id -u)", BY_SHELL),
        ("-v $PWD:/a", HERE),
        ("$B", FILLED),
        ("--entrypoint …", BY_SHELL),
        ("`date`", FILLED),
        ("${E…}", FILLED),
    ]


def test_what_buddy_can_fill_in_goes_to_buddy() -> None:
    command = parse_run_command("docker run -u $ME -e A=x$B --entrypoint ${SHELL} ubuntu")
    assert (command.user, command.entrypoint, command.variables) == ("$ME", "${SHELL}", (RunVariable("A", "x$B"),))
    assert left_of(command) == [("$ME", FILLED), ("$B", FILLED), ("${SHELL}", FILLED)]


STANDING = {
    'docker run -e "API_KEY=<your key>" ubuntu': ("API_KEY", None),
    "docker run -e 'TOKEN=<token>' ubuntu": ("TOKEN", None),
    "docker run -e 'HOST=<MY-HOST>' ubuntu": ("HOST", None),
    "docker run -e 'BODY=<html>' ubuntu": ("BODY", "<html>"),
    "docker run -e 'BODY=<p class=a>b</p>' ubuntu": ("BODY", "<p class=a>b</p>"),
}


@pytest.mark.parametrize(("text", "variable"), STANDING.items())
def test_a_quoted_text_that_stands_for_a_value_is_asked_for(text: str, variable: tuple[str, str | None]) -> None:
    command = parse_run_command(text)
    assert command.variables == (RunVariable(*variable),)
    asked = [(f"-e {variable[0]}", "its value stands for something: type it")] if variable[1] is None else []
    assert left_of(command) == asked


def test_of_what_is_given_twice_the_last_counts() -> None:
    command = parse_run_command(
        "docker run -u a --user b -w /a -w /b -e A=1 -e B=2 -e A=3 --entrypoint x --entrypoint=y ubuntu"
    )
    assert (command.user, command.entrypoint) == ("b", "y")
    assert command.variables == (RunVariable("A", "3"), RunVariable("B", "2"))
    assert left_of(command) == [
        ("-u a", AGAIN),
        ("-w /a", AGAIN),
        ("-e A", AGAIN),
        ("--entrypoint …", AGAIN),
        ("-w /b", NO_CD),
    ]


COMMANDS = {
    "docker run ubuntu": "",
    "docker run ubuntu ls -al '/a b'": "ls -al '/a b'",
    "docker run ubuntu -it": "-it",
    "docker run ubuntu grep '^' \"\\\\ \" a": "grep '^' '\\ ' a",
    "docker run ubuntu sh -c 'ls > a.txt; id'": "ls > a.txt; id",
    "docker run ubuntu bash -c 'ls; id'": "bash -c 'ls; id'",
    "docker run --entrypoint bash ubuntu -c 'ls; id'": "ls; id",
    "docker run --entrypoint bash ubuntu a.sh": "bash a.sh",
    'docker run --entrypoint bash ruby:3 -lc "rake"': "bash -lc rake",
    "docker run --entrypoint bash ruby:3 -ec 'curl $0 | cat' -- url": "bash -ec 'curl $0 | cat' -- url",
    "docker run --entrypoint /bin/sh ubuntu -c 'ls $0' $A": "/bin/sh -c 'ls $0' \"$A\"",
    "docker run --entrypoint sh ubuntu -x": "sh -x",
    "docker run --entrypoint sh ubuntu": "",
    "docker run -w /a --entrypoint bash ubuntu -lc 'ls; id'": "cd /a\nbash -lc 'ls; id'",
    "docker run ubuntu cp a.{txt,md} /tmp": "cp a.{txt,md} /tmp",
    "docker run ubuntu touch f{1..3} {a..e..2} {a,b{c,d}}": "touch f{1..3} {a..e..2} {a,b{c,d}}",
    "docker run ubuntu ls [ab].c x[0-9]* [!a-c]? [[:alpha:]]b": "ls [ab].c x[0-9]* [!a-c]? [[:alpha:]]b",
    "docker run ubuntu ls ['a b']* 'x[0-9]' \\[a] \"{a,b}\"": "ls ['a b']* 'x[0-9]' '[a]' '{a,b}'",
    "docker run ubuntu ls {'a,b',c} {a\\,b} [a'-'z]": "ls {'a,b',c} '{a,b}' [a'-'z]",
    'docker run ubuntu ls {$A,b"$C"} [$A]': 'ls {"$A",b"$C"} ["$A"]',
    "docker run ubuntu find . -exec ls {} ';'": "find . -exec ls '{}' ';'",
    "docker run ubuntu echo {{.A}},{{.B}} {a } [] ]a[": "echo '{{.A}},{{.B}}' '{a' '}' '[]' ']a['",
    "docker run `\n ubuntu `\n ls {a,b} [ab]": "ls '{a,b}' '[ab]'",
    "docker run --entrypoint python ubuntu -c 'print(1)'": "-c 'print(1)'",
    "docker run ubuntu echo $A ${B:-c}/d": 'echo "$A" "${B:-c}/d"',
    "docker run ubuntu echo '$A' \\$B \"\\$C\"": "echo '$A' '$B' '$C'",
    """docker run ubuntu echo "$A 'b' \\\\ \\`" '"'$C""": """echo "$A 'b' \\\\ \\`" "\\"$C\"""",
    'docker run ubuntu echo "$A"b $C"d"$E': 'echo "${A}b" "${C}d$E"',
    "docker run ubuntu echo `date` $(id -u)": 'echo "`date`" "$(id -u)"',
    "docker run ubuntu ls *.txt '*.txt' ~/a '~/a' \"a b\"*": "ls *.txt '*.txt' ~/a '~/a' 'a b'*",
    'docker run ubuntu bash -c "make $A"': 'bash -c "make $A"',
    "docker run ubuntu sh -c \"make $A '\\$B'\"": "make $A '$B'",
    "docker run -w /app ubuntu make test": "cd /app\nmake test",
    "docker run -w '/a b' ubuntu sh -c 'make\nls'": "cd '/a b'\nmake\nls",
    "docker run --workdir=$HOME/a ubuntu ls": 'cd "$HOME/a"\nls',
    "docker run -w '$HOME' ubuntu ls": "cd '$HOME'\nls",
    "docker run -w /a --entrypoint bash ubuntu -c 'ls; id'": "cd /a\nls; id",
}
IN_FRONT = (
    "Docker gives the words from here on to the program that the image starts with (its ENTRYPOINT), and Buddy runs "
    "them as commands: write that program in front"
)
UNLESS = f"{IN_FRONT}, unless this is one"
# The text, and what is told of its first argument.
FOR_ENTRYPOINTS = {
    "docker run hashicorp/terraform:light init -input=false": ("init", UNLESS),
    "docker run aquasec/trivy fs .": ("fs", UNLESS),
    "docker run python image python:3.4-alpine": ("image", UNLESS),
    "docker run amazon/aws-cli s3 cp a b": ("s3", UNLESS),
    "docker run mkdocs build --strict": ("build", UNLESS),
    "docker run mysql --character-set-server=utf8": ("--character-set-server=…", IN_FRONT),
    "docker run ffmpeg -stats -i a.mp4": ("-stats", IN_FRONT),
    "docker run koalaman/shellcheck *.sh": ("*.sh", IN_FRONT),
    "docker run eslint [ab].js": ("[ab].js", IN_FRONT),
    "docker run curl https://me:secret@x.example/": ("…", UNLESS),
    "docker run a --password=hunter2": ("--password=…", IN_FRONT),
    "docker run a '*.sh'": ("*.sh", UNLESS),
    "docker run a ''": ("…", UNLESS),
    **dict.fromkeys(
        [
            "docker run a",
            "docker run a bash -c ls",
            "docker run a python3 a.py",
            "docker run a npm test",
            "docker run a ./run.sh --all",
            "docker run a /usr/bin/thing",
            "docker run --entrypoint terraform a init",
            "docker run --entrypoint bash a -lc ls",
        ],
    ),
}


@pytest.mark.parametrize(("text", "told"), FOR_ENTRYPOINTS.items())
def test_words_that_the_entrypoint_of_the_image_would_get_are_told(text: str, told: tuple[str, str] | None) -> None:
    assert [left for left in left_of(parse_run_command(text)) if "ENTRYPOINT" in left[1]] == ([told] if told else [])


def test_a_list_in_braces_is_named_since_not_every_shell_knows_it() -> None:
    why = "bash makes several words of this, and sh does not: write them out if the image has no bash"
    command = parse_run_command("docker run -e A={x,y} ubuntu ls a.{txt,md} f{1..3} {hunter2,$B} {} {a} '{a,b}'")
    assert command.variables == (RunVariable("A", "{x,y}"),)
    told = [("{x,y}", why), ("{txt,md}", why), ("$B", FILLED), ("{1..3}", why), ("{…}", why)]
    assert sorted(left_of(command)) == sorted(told)


# Where the commands can't begin with cd.
NO_FOLDERS = {
    "docker run -w /app ubuntu": "",
    "docker run -w /app --entrypoint python ubuntu -c 1": "-c 1",
    "docker run -w $PWD ubuntu ls": "ls",
    "docker run -w $(pwd)/a ubuntu ls": "ls",
    "docker run -w ${DIR:-/a} ubuntu ls": "ls",
}


@pytest.mark.parametrize(("text", "commands"), NO_FOLDERS.items())
def test_a_folder_that_no_cd_leads_to_is_told(text: str, commands: str) -> None:
    command = parse_run_command(text)
    assert command.commands == commands
    assert [why for typed, why in left_of(command) if typed.startswith("-w ")] == [NO_CD]


# The text, and the values of its variables: None for what only the shell of the person has.
VALUES: dict[str, dict[str, str | None]] = {
    "docker run -e TOKEN=$TOKEN ubuntu": {"TOKEN": None},
    "docker run -e HOME=${HOME} -e USER=%USER% ubuntu": {"HOME": None, "USER": None},
    'docker run -e "TOKEN=$TOKEN" ubuntu': {"TOKEN": None},
    "docker run -e API_KEY=$OTHER -e DB_PASSWORD=$(cat file) ubuntu": {"API_KEY": None, "DB_PASSWORD": None},
    "docker run -e URL=https://me:$PASS@x.example/ ubuntu": {"URL": None},
    "docker run -e A=$(date) -e B=`id` -e C=${D:-e} -e F=$1 ubuntu": dict.fromkeys("ABCF"),
    "docker run -e A=$B -e WHO=%USERNAME% ubuntu": {"A": "$B", "WHO": "%USERNAME%"},
    "docker run -e 'TOKEN=$TOKEN' -e A='$A' ubuntu": {"TOKEN": "$TOKEN", "A": "$A"},
    "docker run `\n -e TOKEN=$env:TOKEN -e A=$env:B `\n ubuntu": {"TOKEN": None, "A": "$env:B"},
    "docker run ^\n -e DIR=C:\\data\\x -e B=^& ^\n ubuntu": {"DIR": "C:\\data\\x", "B": "&"},
    'PS C:\\> docker run -e "DIR=C:\\data\\n `"x`"" -e "B=\\"b\\"" ubuntu': {"DIR": 'C:\\data\\n "x"', "B": '"b"'},
    "docker run -e REGION=%region% -e Az=%AZ% ubuntu": {"REGION": None, "Az": None},
    "set A=b\ndocker run -e A=%A% -e B=%c% -e 'C=%D%' ubuntu": {"A": "b", "B": "%c%", "C": "%D%"},
    "docker run -e A=%H%M -e B=%C3%A9 -e C=+%d-%m-%Y ubuntu": {"A": "%H%M", "B": "%C3%A9", "C": "+%d-%m-%Y"},
    "docker run -e A=$env:a -v $PWD\\src:/src ubuntu": {"A": None},
    "docker run `\n -e A='it''s' -e B='' -e C='''' -e D='''x''' `\n ubuntu": {
        "A": "it's",
        "B": "",
        "C": "'",
        "D": "'x'",
    },
    'docker run `\n -e A="a ""b""" -e B="" -e C="""x""" `\n ubuntu': {"A": 'a "b"', "B": "", "C": '"x"'},
    "docker run -e DIR=C:\\data\\x ubuntu": {"DIR": "C:\\data\\x"},
    "docker run -e DIR=C:\\\\data -e D=+%Y%m%d ubuntu": {"DIR": "C:\\data", "D": "+%Y%m%d"},
    'docker run -e "A=it’s “fine” \u200b <b>" -e B=it’s ubuntu': {"A": "it’s “fine” \u200b <b>", "B": "it’s"},
}


@pytest.mark.parametrize(("text", "values"), VALUES.items())
def test_the_values_of_variables_are_those_that_the_container_would_see(
    text: str, values: dict[str, str | None]
) -> None:
    command = parse_run_command(text)
    assert {item.key: item.value for item in command.variables} == values
    asked = [f"-e {key}" for key, value in values.items() if value is None]
    assert [item.typed for item in command.left if item.why == FROM_SHELL] == asked


@pytest.mark.parametrize(("text", "commands"), COMMANDS.items())
def test_the_command_becomes_the_commands_of_an_action(text: str, commands: str) -> None:
    assert parse_run_command(text).commands == commands


# The text, and the variables of cmd that are named.
PERCENT = {
    "docker run -e A=%region% ubuntu": ["%region%"],
    "docker run ubuntu echo %b% %Path% %user_name%": ["%b%", "%Path%", "%user_name%"],
    "docker run ubuntu date +%Y%m%d +%H%M%S": [],
    "docker run ubuntu curl x.example/%C3%A9%20%ab%cd": [],
    "docker run ubuntu printf %s%s '%5d%'": [],
}


@pytest.mark.parametrize(("text", "named"), PERCENT.items())
def test_a_variable_of_cmd_is_named(text: str, named: list[str]) -> None:
    assert left_of(parse_run_command(text)) == [(name, FILLED) for name in named]


@pytest.mark.parametrize(
    "folder", ["%CD%\\src", "%cd%\\src", "$PWD\\src", "${PWD}\\src", "$(pwd)\\src", ".\\src", '"%cd%\\src"']
)
def test_a_folder_of_windows_keeps_its_backslash_without_any_other_sign(folder: str) -> None:
    command = parse_run_command(f"docker run -v {folder.replace(chr(34), '')}:/src ubuntu ls")
    assert command.volume_mappings == (VolumeMapping("/src", "/src"),)


def test_a_folder_of_windows_is_named_as_it_was_typed() -> None:
    command = parse_run_command("docker run -v %USERPROFILE%\\src:/src -v $env:HOME\\a:/a ubuntu ls")
    assert [left.typed for left in command.left] == ["-v %USERPROFILE%\\src:/src", "-v $env:HOME\\a:/a"]


UNKNOWN = "Enter the command without {}: Slipway does not know this flag, nor whether a value follows it"
NOTHING = "Enter a docker run command, for example docker run ubuntu:22.04 ls"
CURLY = "The quotes must be straight, ' or \": curly ones are letters to a shell"
STANDS = "Enter what {} stands for, in its place"
LOST = "Each {} must be at the end of its line: the line breaks are lost"
INVISIBLE = "The command must have no invisible characters: there is U+{} in it"
NO_IMAGE = "Enter the image after the flags, for example docker run ubuntu:22.04; a line that goes on must end with \\"
REFUSED = {
    "": NOTHING,
    " \n": NOTHING,
    "# only words": NOTHING,
    "docker": NOTHING,
    "docker ps": NOTHING,
    "docker container ls": NOTHING,
    "run ubuntu": NOTHING,
    "echo docker run ubuntu": NOTHING,
    "'docker run ubuntu'": NOTHING,
    "$(docker run ubuntu)": NOTHING,
    "docker run a && docker run b": "Enter one docker run command: there are 2",
    "docker run a\ndocker run b\ndocker run c": "Enter one docker run command: there are 3",
    "docker run": NO_IMAGE,
    "docker run -it\n  ubuntu": NO_IMAGE,
    "docker run --rm --": NO_IMAGE,
    "docker run --rmm ubuntu": UNKNOWN.format("--rmm"),
    "docker run -itz ubuntu": UNKNOWN.format("-z"),
    "docker --other run ubuntu": UNKNOWN.format("--other"),
    "docker run -e": "Enter a value after -e",
    "docker run --rm=perhaps ubuntu": "The value of --rm must be true or false",
    "docker run \N{EN DASH}rm ubuntu": "A flag must begin with - or --: there is one that begins with another dash",
    "docker run 'ubuntu": "The quote that opens on line 1 must be closed",
    "docker run \\\nubuntu $(ls": "The $( that opens on line 2 must be closed",
    "docker run ubuntu $'a": "The quote that opens on line 1 must be closed",
    "docker run my_host.io/app": "The registry in front of the image must be a host, and no host has a _ in it",
    "sudo --other docker run ubuntu": UNKNOWN.format("--other"),
    "docker ps that I run": NOTHING,
    **dict.fromkeys(
        [
            "docker run ubuntu sh -c “npm ci && npm test”",
            "docker run ubuntu bash -c ‘ls -la’",
            "docker run -e A=“b c” ubuntu",
            "docker run --name=„x“ ubuntu",
            "“docker run ubuntu”",
        ],
        CURLY,
    ),
    "docker run -v <your folder>:/data ubuntu": STANDS.format("<your folder>"),
    "docker run -e TOKEN=<TOKEN> ubuntu": STANDS.format("<TOKEN>"),
    "docker run <image>:<tag>": STANDS.format("<image>"),
    "docker run -e A=<gh_pat_token=hunter2> ubuntu": STANDS.format("<…>"),
    "docker run -d \\ --name x \\ ubuntu": LOST.format("\\"),
    "docker run -it --rm \\ \\ ubuntu ls": LOST.format("\\"),
    "docker run --rm \\n -e A=1 \\n ubuntu ls": LOST.format("\\"),
    "docker run --rm \\r\\n -e A=1 \\r\\n ubuntu ls": LOST.format("\\"),
    "docker run -d ^ --name x ^ ubuntu": LOST.format("^"),
    "docker run -d ` --name x ` ubuntu": LOST.format("`"),
    "docker run --rm\u200b ubuntu": INVISIBLE.format("200B"),
    "docker run ubuntu\u2060:22": INVISIBLE.format("2060"),
    "docker run \u202aubuntu ls": INVISIBLE.format("202A"),
    "docker\u200brun ubuntu": INVISIBLE.format("200B"),
    "docker run ubuntu:$(cat tag)": "The image must be written out: $(…) is filled in by your own shell",
    "docker run $NAME:${TAG:-22}": "The image must be written out: ${TAG…} is filled in by your own shell",
    "docker run $1": "The image must be written out: $1 is filled in by your own shell",
    "docker run ubuntu:.x": "The tag must be letters, digits and . _ - only, begin with no . or -, "
    "and be at most 128 characters long",
    "docker run ''": "Enter the image, for example library/ubuntu:22.04",
}


@pytest.mark.parametrize(("text", "message"), REFUSED.items(), ids=[text or "empty" for text in REFUSED])
def test_what_is_no_docker_run_is_refused_in_words(text: str, message: str) -> None:
    with pytest.raises(CommandError) as refused:
        parse_run_command(text)
    assert str(refused.value) == message


@pytest.mark.parametrize("word", ["$REGISTRY:5000/node:${NODE_VERSION}", '"$REGISTRY":5000/node:"${NODE_VERSION}"'])
def test_variables_in_the_image_stand_as_typed_and_are_named(word: str) -> None:
    command = parse_run_command(f"docker run {word} npm test $NODE_VERSION ${{NODE_VERSION}}")
    assert command.image == ImageReference("node", "$REGISTRY:5000", "${NODE_VERSION}")
    assert [(left.typed, left.why) for left in command.left] == [
        (use, "your own shell fills this in; here it stands as typed")
        for use in ("$REGISTRY", "${NODE_VERSION}", "$NODE_VERSION")
    ]


def test_a_variable_in_single_quotes_is_nothing_that_a_shell_fills_in() -> None:
    command = parse_run_command("docker run 'node:$NODE_VERSION'")
    assert (command.image, command.left) == (ImageReference("node", tag="$NODE_VERSION"), ())


def test_no_value_is_shown_by_accident() -> None:
    command = parse_run_command(
        "docker run -e A=secret -e my.key=secret -eB=${X:-secret} --other=secret ubuntu login secret | tee secret"
    )
    assert "secret" not in repr(command)


# A carriage return is a line end to whoever pastes.
TEXT = st.text(st.characters(exclude_characters="\r"))
FLAGS_GIVEN = st.lists(
    st.sampled_from(sorted(RUN_FLAGS)).flatmap(
        lambda name: (
            st.just([name]) if RUN_FLAGS[name].arity is Arity.BOOLEAN else st.builds(lambda value: [name, value], TEXT)
        )
    )
)
MIXED = st.lists(
    st.sampled_from(["\n", "\\ ", "`", "$'", "<a>", "%A%", "sudo -u ", "time ", "it's ", "“", "> ", "-w ", "PS C:\\> "])
    | st.sampled_from(
        ["docker run ", "docker ", "ubuntu ", "-e", "A=b", "--mount ", "sudo ", "$", "\\\n", "'", '"', "|", "# "]
    )
    | st.sampled_from(sorted(RUN_FLAGS)).map(lambda name: f"{name} ")
    | st.text(max_size=3)
).map("".join)


@given(FLAGS_GIVEN, st.lists(TEXT))
def test_what_is_written_reads_back_the_same(flags: list[list[str]], args: list[str]) -> None:
    words = [word for flag in flags for word in flag]
    command = parse_run_command(shlex.join(["docker", "run", *words, "ubuntu:22.04", *args]))
    assert (command.image, command.command) == (ImageReference("ubuntu", tag="22.04"), tuple(args))


@given(st.dictionaries(st.from_regex(r"[A-Za-z_][A-Za-z0-9_]*", fullmatch=True), TEXT))
def test_variables_read_back_the_same(variables: dict[str, str]) -> None:
    words = [word for key, value in variables.items() for word in ("-e", f"{key}={value}")]
    command = parse_run_command(shlex.join(["docker", "run", *words, "ubuntu"]))
    assert {item.key: item.value for item in command.variables} == variables


@given(st.text() | MIXED)
def test_any_text_is_read_or_refused(text: str) -> None:
    for pasted in (text, f"docker run {text}", f"{text}docker run a"):
        try:
            parse_run_command(pasted)
        except CommandError as error:
            assert str(error).startswith(("Enter ", "Each ", "The ", "A flag ", "A $ "))
