"""Pasted texts: what they fill in, what is said of the rest, and that nothing typed is lost."""

from collections.abc import Iterable

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy import text as text_of_sql
from support.buddy import StubBuddy
from support.pages import Browser, Page
from support.rigs import LEAST

RUN = """$ docker run --rm -it \\
  -e APP_ENV=test -e API_TOKEN='canary token' -e FROM_SHELL --env-file prod.env \\
  -v /:/app:ro -w /app -u node --entrypoint /bin/sh \\
  ghcr.io/team/app:1.2 -c 'make test
make lint'
"""


def filled(browser: Browser, new_form: str, run: str = RUN, **typed: str | None) -> Page:
    return browser.get(new_form).press("fill-run", run_command=run, **typed)


def notes(page: Page) -> list[str]:
    return [" ".join("".join(item.itertext()).split()) for item in page.all("li")]


def test_a_docker_run_line_fills_in_the_form(desk: Browser, upstream: StubBuddy, new_form: str) -> None:
    page = filled(desk, new_form)
    assert page.status == 200
    assert page.fields["run_command"].strip() == ""
    for note in (
        "Image name: team/app",
        "Registry address: ghcr.io",
        "Tag: 1.2",
        "Commands: cd /app, and 2 more lines",
        "Run as user: node",
        "Entrypoint: /bin/sh",
        "Volume mapping: /:/app",
        "Variable APP_ENV",
        "Variable API_TOKEN: encrypted, since it looks like a secret",
        "--rm: Buddy removes the container by itself",
        "--env-file prod.env: Slipway can't read files of your computer: paste the text of the file",
        "-e FROM_SHELL: its value is in your own shell: type it",
        "-v /:/app:ro: the action has no setting for read-only folders",
        "-v /:/app:ro: it was a folder of your computer: here it is the one of this name in the pipeline's filesystem",
        "-w /app: the commands begin with cd instead",
    ):
        assert note in notes(page), note
    assert "canary" not in page.html
    asked = page.send(name="Run it")
    assert asked.errors == ["FROM_SHELL: enter the value"]
    asked.press("forget-variables-2").send()
    (body,) = upstream.bodies
    assert body == {
        "name": "Run it",
        "type": "RUN_DOCKER_CONTAINER",
        "docker_image_name": "team/app",
        "docker_image_tag": "1.2",
        "registry": "ghcr.io",
        "inline_commands": "cd /app\nmake test\nmake lint",
        "run_as_user": "node",
        "entrypoint": "/bin/sh",
        "mount_filesystem_disable": False,
        "volume_mappings": ["/:/app"],
        "variables": [
            {"key": "APP_ENV", "value": "test"},
            {"key": "API_TOKEN", "value": "canary token", "encrypted": True},
            {"key": "FROM_SHELL", "value": ""},
        ],
    }


THERE = "it is there already with another value: empty that to take this one"


def test_boxes_that_hold_something_keep_it(desk: Browser, new_form: str) -> None:
    typed = LEAST | {"docker_image_tag": "22.04", "variables__0__key": "APP_ENV", "variables__0__value": "mine"}
    page = filled(desk, new_form, **typed)
    for name, value in typed.items():
        assert page.fields[name.replace("__", "-")].strip() == value
    full = "this box is filled in already: empty it to take another value"
    assert f"Image name ghcr.io/team/app:1.2: {full}" in notes(page)
    assert f"Variable APP_ENV: {THERE}" in notes(page)
    assert page.send().errors == ["FROM_SHELL: enter the value"]


def test_a_registry_that_stays_beside_an_image_of_docker_hub_is_told(desk: Browser, new_form: str) -> None:
    page = filled(desk, new_form, "docker run docker.io/team/app ls", registry="ghcr.io")
    assert (page.fields["docker_image_name"], page.fields["registry"]) == ("team/app", "ghcr.io")
    told = "the text names no registry, and this box is filled in already: empty it for Docker Hub"
    assert f"Registry address ghcr.io: {told}" in notes(page)


def test_a_second_paste_takes_the_place_of_the_first(desk: Browser, upstream: StubBuddy, new_form: str) -> None:
    page = desk.get(new_form)
    assert ("Fill in the form" in page.text, "the last paste" in page.text) == (True, False)
    page = filled(desk, new_form, variables__0__key="MINE", variables__0__value="1")
    assert ("Fill in the form" in page.text, "Replace what the last paste filled in" in page.text) == (False, True)
    assert "Fill in only what is empty" in page.text
    page = page.press("add-volume_mappings").press("check", name="Run it")
    page = page.press("fill-run-again", run_command="docker run -e APP_ENV=prod -e NEW=1 node:20 npm test")
    for note in (
        "Image name: node",
        "Tag: 20",
        "Variable APP_ENV",
        "Registry address: it came with the last paste, and is taken out",
        "Entrypoint: it came with the last paste, and is taken out",
        "Variable API_TOKEN: it came with the last paste, and is taken out",
        "Volume mapping /:/app: it came with the last paste, and is taken out",
    ):
        assert note in notes(page), note
    assert "Variable APP_ENV: it came" not in " ".join(notes(page))
    page.send()
    assert upstream.bodies == [
        {
            "name": "Run it",
            "type": "RUN_DOCKER_CONTAINER",
            "docker_image_name": "node",
            "docker_image_tag": "20",
            "inline_commands": "npm test",
            "mount_filesystem_disable": False,
            "variables": [
                {"key": "MINE", "value": "1"},
                {"key": "APP_ENV", "value": "prod"},
                {"key": "NEW", "value": "1"},
            ],
        }
    ]


def test_what_somebody_has_changed_since_the_last_paste_stays(desk: Browser, new_form: str) -> None:
    page = filled(desk, new_form)
    page = page.press(
        "fill-run-again",
        run_command="docker run -e APP_ENV=prod node:20 npm test",
        docker_image_tag="1.3",
        variables__0__value="mine",
        variables__1__value="other canary",
    )
    assert (page.fields["docker_image_name"], page.fields["docker_image_tag"]) == ("node", "1.3")
    assert [page.fields.get(f"variables-{number}-key") for number in range(3)] == ["APP_ENV", "API_TOKEN", None]
    assert f"Variable APP_ENV: {THERE}" in notes(page)
    full = "this box is filled in already: empty it to take another value"
    assert f"Tag 20: {full}" in notes(page)
    assert "canary" not in page.html


def test_a_second_paste_can_fill_in_only_what_is_empty(desk: Browser, new_form: str) -> None:
    page = filled(desk, new_form, "docker run node:20").press("fill-run", run_command="docker run -u me python:3.12 ls")
    assert (page.fields["docker_image_name"], page.fields["run_as_user"]) == ("node", "me")
    page = page.press("fill-run-again", run_command="docker run -u you ruby:3 ls")
    assert (page.fields["docker_image_name"], page.fields["run_as_user"]) == ("ruby", "you")


def test_a_second_paste_that_can_not_be_read_takes_nothing_out(desk: Browser, new_form: str) -> None:
    page = filled(desk, new_form, "docker run node:20 ls").press("fill-run-again", run_command="docker ps")
    assert (page.status, page.fields["docker_image_name"], page.fields["run_command"].strip()) == (
        422,
        "node",
        "docker ps",
    )
    page = page.press("fill-run-again", run_command="docker run ruby:3 ls")
    assert page.fields["docker_image_name"] == "ruby"


@pytest.mark.parametrize("marks", ["x" * 50_000, "docker_image_name:", "\u2003:", "variables:0 " * 3_000])
def test_marks_that_no_paste_has_made_take_nothing_out(desk: Browser, new_form: str, marks: str) -> None:
    page = filled(desk, new_form, "docker run node:20 ls")
    page = page.press("fill-run-again", run_command="docker run ruby:3 make", last_paste=marks)
    assert (page.fields["docker_image_name"], page.fields["inline_commands"].strip()) == ("node", "ls")


def test_the_marks_of_a_paste_tell_nothing_of_its_secrets(desk: Browser, new_form: str) -> None:
    marks = [filled(desk, new_form, f"docker run -e API_TOKEN={value} a").fields["last_paste"] for value in "xy"]
    assert len({mark.split()[0] for mark in marks}) == 1 and len({mark.split()[-1] for mark in marks}) == 2
    again = filled(desk, new_form, "docker run -e API_TOKEN=x a").fields["last_paste"]
    assert again.split()[-1] not in {mark.split()[-1] for mark in marks}


def test_an_image_without_a_tag_gets_dockers_and_one_with_a_digest_none(desk: Browser, new_form: str) -> None:
    page = filled(desk, new_form, "docker run busybox", docker_image_tag="")
    assert (page.fields["docker_image_name"], page.fields["docker_image_tag"]) == ("busybox", "latest")
    digest = f"sha256:{'a' * 64}"
    page = filled(desk, new_form, f"docker run busybox@{digest}")
    assert (page.fields["docker_image_name"], page.fields["docker_image_tag"]) == ("busybox", "")
    assert f"@{digest}: Buddy takes a name and a tag, and no digest" in notes(page)


def test_a_line_that_cannot_be_read_stays_and_is_in_no_draft(desk: Browser, personal: Flask, new_form: str) -> None:
    bad = "docker run --password=canary --unknown"
    page = filled(desk, new_form, bad, **LEAST)
    assert (page.status, len(page.errors)) == (422, 1)
    assert page.error_at("run_command") == page.errors[0]
    assert page.fields["run_command"].strip() == bad
    assert page.fields["name"] == "Run tests"
    with personal.extensions["slipway"].journal._engine.connect() as database:
        assert "canary" not in str(database.execute(text("select * from submissions")).all())


@pytest.mark.parametrize("button", ["check", "add-variables", "preview"])
def test_other_buttons_keep_what_is_in_the_box(desk: Browser, new_form: str, button: str) -> None:
    page = desk.get(new_form).press(button, **LEAST, run_command=RUN)
    assert page.fields["run_command"].strip() == RUN.strip()


def test_a_line_in_the_box_has_to_be_carried_over_before_it_is_sent(
    desk: Browser, upstream: StubBuddy, new_form: str
) -> None:
    page = desk.get(new_form).send(**LEAST, run_command=RUN)
    assert page.errors == ["The text must be carried over first: press a button below it, or empty the box"]
    assert upstream.bodies == []
    page.send(run_command="")
    assert len(upstream.bodies) == 1


ENV = "A=1\n# comment\nexport B='two\nlines\n'\nDB_PASSWORD=canary\n"


def test_env_text_becomes_variables_whichever_button_is_pressed(
    desk: Browser, upstream: StubBuddy, new_form: str
) -> None:
    page = desk.get(new_form).press("fill-env", **LEAST, env_text=ENV, variables__0__key="Z", variables__0__value="0")
    for note in ("Variable A", "Variable B", "Variable DB_PASSWORD: encrypted, since it looks like a secret"):
        assert note in notes(page)
    assert page.fields["env_text"].strip() == ""
    assert "canary" not in page.html
    page.send()
    desk.get(new_form).send(**LEAST | {"name": "Other"}, env_text=ENV)
    rows = [
        {"key": "A", "value": "1"},
        {"key": "B", "value": "two\nlines\n"},
        {"key": "DB_PASSWORD", "value": "canary", "encrypted": True},
    ]
    assert [body["variables"] for body in upstream.bodies] == [[{"key": "Z", "value": "0"}, *rows], rows]


def test_lines_that_cannot_be_read_are_all_named_and_stay_while_the_others_become_variables(
    desk: Browser, upstream: StubBuddy, new_form: str
) -> None:
    page = desk.get(new_form).send(**LEAST, env_text="A=1\nno line\nmy.key=canary\nB=2\nnor this\n")
    line = "The line must be a name, = and a value, for example APP_ENV=test"
    name = "The name must be letters, digits and _ only, and not begin with a digit"
    message = f"Lines 2 and 5 must be changed: {line}. Line 3 must be changed: {name}"
    assert (page.status, page.errors, upstream.bodies) == (422, [message], [])
    page = page.press("fill-env")
    assert (page.status, page.errors) == (422, [message])
    assert page.fields["env_text"] == "\nno line\nmy.key=canary\n\nnor this"
    assert [page.fields[f"variables-{number}-key"] for number in (0, 1)] == ["A", "B"]
    assert page.send(env_text="C=3").status == 200
    assert upstream.bodies[0]["variables"] == [{"key": key, "value": value} for key, value in ["A1", "B2", "C3"]]


def test_what_became_of_the_lines_that_could_be_read_is_told_beside_those_that_could_not(
    desk: Browser, new_form: str
) -> None:
    page = desk.get(new_form).press("fill-env", env_text="environment:\n  A: 1\n  HOME\nno line\n  API_KEY\n")
    assert page.errors == ["Line 4 must be changed: The line must be a name, = and a value, for example APP_ENV=test"]
    for note in (
        "Variable A",
        "Variable API_KEY: encrypted, since it looks like a secret",
        "Line 1: environment: is the heading of a list in YAML: what is below it is read",
        "Line 3: the value of HOME is in your own shell: type it",
    ):
        assert note in notes(page), note
    assert "The value is not known here: type it." in page.text


def test_of_very_many_lines_that_cannot_be_read_the_first_are_named(desk: Browser, new_form: str) -> None:
    (message,) = desk.get(new_form).press("fill-env", env_text="no line\n" * 1_030).errors
    assert message.startswith("Lines 1, 2, 3, ") and " 20 and 1,010 more must be changed: " in message


def test_a_name_alone_is_never_sent_empty_unasked(desk: Browser, upstream: StubBuddy, new_form: str) -> None:
    page = desk.get(new_form).send(**LEAST, env_text="A=1\nHOME\n- CI\n")
    assert page.errors == ["HOME: enter the value", "CI: enter the value"]
    assert upstream.bodies == []
    page.press("forget-variables-2").send(variables__1__value="/root")
    sent = {item["key"]: item["value"] for item in upstream.bodies[0]["variables"]}
    assert sent == {"A": "1", "HOME": "/root", "CI": ""}


def test_a_name_alone_asks_for_no_value_that_is_there_already(desk: Browser, new_form: str) -> None:
    page = desk.get(new_form).press(
        "fill-env", env_text="HOME\nexport A\n", variables__0__key="A", variables__0__value="1"
    )
    assert [page.fields[f"variables-{number}-key"] for number in (0, 1)] == ["A", "HOME"]
    assert "variables-2-key" not in page.fields


def test_a_name_that_is_there_twice_is_told_with_its_line_and_neither_is_dropped(desk: Browser, new_form: str) -> None:
    page = desk.get(new_form).press("fill-env", env_text="A=1\nA=2\n")
    assert "Line 2: A is there already, on line 1: both are filled in, and one has to go" in notes(page)
    assert [page.fields[f"variables-{number}-value"].strip() for number in (0, 1)] == ["1", "2"]


def test_variables_go_into_the_text_and_back_and_secrets_stay_where_they_are(
    desk: Browser, upstream: StubBuddy, new_form: str
) -> None:
    rows = {
        "variables__0__key": "A",
        "variables__0__value": " two\nlines\n\n",
        "variables__1__key": "S",
        "variables__1__value": "canary",
        "variables__1__encrypted": "true",
        "variables__2__key": "D",
        "variables__2__value": "1",
        "variables__2__description": "Kept",
    }
    page = desk.get(new_form).press("edit-env", **LEAST, **rows)
    assert page.fields["env_text"].lstrip("\n") == "A=' two\nlines\n\n'\n"
    assert [page.fields[f"variables-{number}-key"] for number in (0, 1)] == ["S", "D"]
    assert "Variable S: it is a secret, or has settings that a text can't hold: it stays a variable below" in notes(
        page
    )
    assert "canary" not in page.html
    page.send(env_text=page.fields["env_text"].removeprefix("\n"))
    assert upstream.bodies[0]["variables"] == [
        {"key": "S", "value": "canary", "encrypted": True},
        {"key": "D", "value": "1", "description": "Kept"},
        {"key": "A", "value": " two\nlines\n\n"},
    ]


def test_a_secret_that_a_shell_has_is_asked_for_and_never_sent_empty(
    desk: Browser, upstream: StubBuddy, new_form: str
) -> None:
    page = filled(desk, new_form, "docker run -e API_TOKEN ubuntu ls")
    assert page.send(name="Run it").errors == ["API_TOKEN: enter the value"]
    assert upstream.bodies == []


def lines(count: int) -> str:
    return "".join(f"A{number}={number}\n" for number in range(count))


def run_with(flag: str, values: Iterable[str]) -> str:
    return f"docker run {' '.join(f'{flag} {value}' for value in values)} ubuntu"


# The box, its button, what is pasted into it, and what is said.
TOO_MUCH = {
    "variables as text": (
        "env_text",
        "fill-env",
        lines(401),
        "The text must have at most 400 variables: these are 401",
    ),
    "a huge text": ("env_text", "fill-env", lines(20_000), "“Variables as text” must be at most 65,536 bytes long"),
    "variables of a command": (
        "run_command",
        "fill-run",
        run_with("-e", (f"A{number}={number}" for number in range(401))),
        "The command must have at most 400 variables: these are 401",
    ),
    "volumes of a command": (
        "run_command",
        "fill-run",
        run_with("-v", (f"/{number}:/{number}" for number in range(401))),
        "The command must have at most 400 volumes: these are 401",
    ),
    "a huge command": (
        "run_command",
        "fill-run",
        run_with("-e", (f"A{number}={number}" for number in range(10_000))),
        "“Paste what you have” must be at most 65,536 bytes long",
    ),
}


@pytest.mark.parametrize(("box", "button", "pasted", "message"), TOO_MUCH.values(), ids=TOO_MUCH)
def test_a_paste_that_the_form_has_no_room_for_stays_in_its_box_and_fills_in_nothing(
    desk: Browser, upstream: StubBuddy, new_form: str, box: str, button: str, pasted: str, message: str
) -> None:
    typed = LEAST | {"variables__0__key": "KEPT", "variables__0__value": "1", box: pasted}
    for page in (desk.get(new_form).press(button, **typed), desk.get(new_form).send(**typed)):
        assert (page.status, upstream.bodies) == (422, [])
        assert page.error_at(box).startswith(message)
        assert page.fields[box].strip() == pasted.strip()
        assert (page.fields["name"], page.fields["variables-0-key"]) == ("Run tests", "KEPT")
        assert "variables-1-key" not in page.fields
    assert len(page.send(**{box: ""}).browser.get("/submissions").links) > 0
    assert len(upstream.bodies) == 1


def test_as_many_variables_as_a_form_takes_are_filled_in_and_sent(
    desk: Browser, upstream: StubBuddy, new_form: str
) -> None:
    desk.get(new_form).press("fill-env", **LEAST, env_text=lines(400)).send()
    assert [item["key"] for item in upstream.bodies[0]["variables"]] == [f"A{number}" for number in range(400)]


def test_pastes_that_are_too_many_together_are_all_kept_with_an_error(desk: Browser, new_form: str) -> None:
    page = desk.get(new_form).press("fill-env", **LEAST, env_text=lines(250))
    page = page.press("fill-env", env_text=lines(500).partition("A250=")[1] + lines(500).partition("A250=")[2])
    assert page.fields["variables-499-value"].strip() == "499"
    page = page.send()
    assert (page.status, page.errors) == (422, ["Variables must be at most 400: these are 500"])
    assert page.fields["variables-499-value"].strip() == "499"


@pytest.mark.parametrize("button", ["fill-env", "edit-env", "check", "add-variables"])
def test_lines_that_cannot_be_read_stay_whichever_button_is_pressed(desk: Browser, new_form: str, button: str) -> None:
    page = desk.get(new_form).press(button, env_text="A=1\nno line\nB=2")
    assert page.fields["env_text"].strip() == "no line"
    assert [page.fields[f"variables-{number}-value"].strip() for number in (0, 1)] == ["1", "2"]
    if button != "add-variables":
        assert (page.status, page.error_at("env_text")[:22]) == (422, "Line 2 must be changed")


def test_what_a_paste_says_again_and_again_is_told_once_and_no_page_is_flooded(desk: Browser, new_form: str) -> None:
    page = filled(desk, new_form, f"docker run {'--rm ' * 500}ubuntu")
    assert len([note for note in notes(page) if note.startswith("--rm")]) == 1
    page = filled(desk, new_form, run_with("-w", (f"/{number}" for number in range(1_000))))
    assert len([note for note in notes(page) if note.startswith("-w ")]) == 200
    assert "And 800 more." in page.text


# Where a secret stands in a paste, and what the report says of it.
LEFT = {
    "docker login -u me -p canary ghcr.io && docker run ubuntu ls": "docker login … &&",
    "export TOKEN=canary\ndocker run ubuntu ls": "export TOKEN=…",
    "TOKEN=canary docker run ubuntu ls": "TOKEN=…",
    "echo canary | docker login --password-stdin; docker run ubuntu ls": "echo … | docker login …",
    "docker run ubuntu ls; curl -u me:canary https://x.example": "curl …",
    "docker run ubuntu ls <<EOF\ncanary\nEOF": "<< … ; … ; …",
    "docker -H tcp://me:canary@host run ubuntu ls": "-H …",
    "docker --config canary run ubuntu ls": "--config …",
    "docker run --label token=canary ubuntu ls": "--label token=…",
    "docker run --label canary ubuntu ls": "--label …",
    "docker run --label=Y2FuYXJ5== ubuntu ls": "--label=…",
    "docker run --annotation a.b=canary ubuntu ls": "--annotation a.b=…",
    "docker run --log-opt splunk-token=canary ubuntu ls": "--log-opt splunk-token=…",
    "docker run --log-opt 'canary one=x' ubuntu ls": "--log-opt …",
    "docker run --health-cmd 'curl -H X-Key:canary localhost' ubuntu ls": "--health-cmd …",
    "docker run --hostname canary ubuntu ls": "--hostname …",
    "docker run --add-host canary:1.1.1.1 ubuntu ls": "--add-host …",
    "docker run --storage-opt key=canary ubuntu ls": "--storage-opt key=…",
    "docker run --unknown=canary ubuntu ls": "--unknown=…",
    "docker run --env-file https://me:canary@x.example/env ubuntu ls": "--env-file …",
    "docker run -v nfs:/a:addr=x,password=canary ubuntu ls": "-v …",
    "docker run --mount type=volume,source=a,target=/b,volume-opt=o=password=canary ubuntu ls": (
        "--mount type=volume,source=a,target=/b,volume-opt=…"
    ),
    "docker run -e my.key=canary ubuntu ls": "-e my.key=…",
    "docker run -e canary-1 ubuntu ls": "-e … (variable 1)",
    "docker run -e A=canary -e A=2 ubuntu ls": "-e A",
    "docker run -e 'A=x' ubuntu ls ${TOKEN:-canary}": "${TOKEN…}",
    "docker run -e A=$(echo canary) ubuntu ls": "-e A",
    "docker run -u $(echo canary) ubuntu ls": "-u $(…)",
    "docker run -w $(echo canary) ubuntu ls": "-w $(…)",
    "docker run --entrypoint 'sh canary' --entrypoint sh ubuntu ls": "--entrypoint …",
    "Here's canary:\ndocker run ubuntu ls\nThat's canary": "…",
    "The password is `canary`, so say `docker run ubuntu ls`": "… ; … ; …",
    "canary@host:~$ docker run --rm ubuntu ls": "--rm",
    "# canary\ndocker run --rm ubuntu ls # canary": "--rm",
    "docker run --rm `#canary` ubuntu ls": "--rm",
    "sudo -p canary -u canary docker run --rm ubuntu ls": "--rm",
    "env A=canary timeout -s canary 5 docker run ubuntu ls": "A=…",
    "podman run --creds me:canary ubuntu ls": "--creds …",
    "podman run --secret canary,type=env ubuntu ls": "--secret …",
    "podman --identity canary run ubuntu ls": "--identity …",
    "docker run -e TOKEN=$(cat canary) ubuntu ls": "-e TOKEN",
    "docker run -e DB_PASSWORD=canary$X ubuntu ls": "-e DB_PASSWORD",
    "docker run -w /x/${A:-canary} ubuntu ls": "-w /x/${A…}",
    "docker run -v ${A:-canary}:/b ubuntu ls": "-v ${A…}:/b",
    "docker run -v $(cat canary)/a:/b ubuntu ls": "-v $(…)/a:/b",
    "docker run --mount type=bind,src=`cat canary`,dst=/b ubuntu ls": "--mount type=bind,src=`…`,dst=/b",
    "docker run --label a=$'canary' ubuntu ls": "--label a=…",
}


@pytest.mark.parametrize(("pasted", "shown"), LEFT.items())
def test_what_was_not_carried_over_is_told_without_what_could_be_a_secret(
    desk: Browser, new_form: str, pasted: str, shown: str
) -> None:
    page = filled(desk, new_form, pasted)
    status = next(element for element in page.root.iter() if element.get("role") == "status")
    assert "canary" not in "".join(status.itertext()) and "Y2FuYXJ5" not in "".join(status.itertext())
    assert shown in ["".join(code.itertext()) for code in status.iter("code")]


# Where it is part of what is filled in.
CARRIED_OVER = ("${TOKEN:-canary}", "-e A=canary -e A=2")


def nowhere(page: Page, box: str) -> None:
    """What was pasted may stand in its own box alone, where it could not be read."""
    assert "canary" not in page.path
    assert "canary" in page.fields[box] or "canary" not in page.html, page.text


def test_a_secret_is_kept_nowhere_wherever_it_stands_in_a_paste(
    desk: Browser, personal: Flask, new_form: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    for pasted in [*LEFT, "docker run -e A=<canary> ubuntu 'canary", "docker run ubuntu “canary"]:
        if not any(part in pasted for part in CARRIED_OVER):
            nowhere(desk.get(new_form).press("fill-run", run_command=pasted), "run_command")
    for pasted in (
        "- API_KEY='canary",
        "env:\n  my.key: canary\n  B: |\n    canary",
        "canary x\n- name: a b\n  value: canary",
    ):
        nowhere(desk.get(new_form).press("fill-env", env_text=pasted), "env_text")
    assert "canary" not in caplog.text
    with personal.extensions["slipway"].journal._engine.connect() as database:
        assert "canary" not in str(database.execute(text("select * from submissions")).all())
        assert "canary" not in str(database.execute(text("select * from events")).all())


def test_what_a_full_box_did_not_take_is_not_repeated(desk: Browser, new_form: str) -> None:
    run = "docker run --entrypoint 'sh -x canary' ubuntu ./deploy canary"
    page = filled(desk, new_form, run, inline_commands="ls", entrypoint="bash")
    full = "this box is filled in already: empty it to take another value"
    assert {f"Commands: {full}", f"Entrypoint: {full}"} <= set(notes(page))
    assert "canary" not in page.html


def test_an_image_that_a_shell_fills_in_is_refused_without_what_stands_in_it(desk: Browser, new_form: str) -> None:
    page = filled(desk, new_form, "docker run ubuntu:$(echo canary)")
    assert page.errors == ["The image must be written out: $(…) is filled in by your own shell"]


@pytest.mark.parametrize(
    "text",
    [
        "docker run --user $'a\\nb ' --entrypoint $'x\\ny' -v $'/c\\nd:/e' alpine ls",
        'services: {a: {image: alpine, user: "a\\nb ", entrypoint: ["x\\ny"], volumes: ["/c\\nd:/e"], command: ls}}',
        'action: "n\\nm"\ntype: RUN_DOCKER_CONTAINER\ninline_commands: ls\nrun_as_user: "a\\nb "\n'
        'entrypoint: "x\\ny"\nvolume_mappings: ["/c\\nd:/e"]\n',
    ],
    ids=["docker run", "Compose", "buddy.yml"],
)
def test_a_line_break_in_a_box_of_one_line_is_never_dropped_unsaid(desk: Browser, new_form: str, text: str) -> None:
    page = filled(desk, new_form, text)
    boxes = ["run_as_user", "entrypoint", "volume_mappings-0-source"]
    assert [page.fields[box] for box in boxes] == ["a\ufffdb", "x\ufffdy", "/c\ufffdd"]
    refused = page.press("check")
    for box in (*boxes, *(["name"] if "action" in text else [])):
        assert "must have no hidden or unreadable characters" in refused.error_at(box), box
    assert filled(page.browser, new_form).status == 200
    # The next paste knows what this one has filled in.
    assert page.press("fill-run-again", run_command="docker run --user c alpine").fields["run_as_user"] == "c"


WRITTEN_OUT = {"HDR": "Bearer canary-1234", "JSON": '{"private_key":"canary"}', "OPTS": "--token=canary"}


@pytest.mark.parametrize(
    ("button", "box", "text"),
    [
        ("fill-run", "run_command", "docker run {} alpine ls"),
        ("fill-run", "run_command", "services:\n  a:\n    image: alpine\n    environment:\n{}"),
        ("fill-run", "run_command", "- action: A\n  type: RUN_DOCKER_CONTAINER\n  variables:\n{}"),
        ("fill-env", "env_text", "{}"),
    ],
    ids=["docker run", "Compose", "buddy.yml", ".env"],
)
def test_a_variable_with_a_secret_written_out_in_its_value_is_sealed(
    desk: Browser, personal: Flask, new_form: str, button: str, box: str, text: str
) -> None:
    lines = {
        "docker run": " ".join(f"-e {key}='{value}'" for key, value in WRITTEN_OUT.items()),
        "services": "".join(f"      {key}: '{value}'\n" for key, value in WRITTEN_OUT.items()),
        "- action": "".join(f"  - key: {key}\n    value: '{value}'\n" for key, value in WRITTEN_OUT.items()),
        "{}": "".join(f"{key}='{value}'\n" for key, value in WRITTEN_OUT.items()),
    }
    begins = next(begin for begin in lines if text.startswith(begin))
    page = desk.get(new_form).press(button, **{box: text.format(lines[begins])})
    for key in WRITTEN_OUT:
        assert f"Variable {key}: encrypted, since it looks like a secret" in notes(page)
    assert "canary" not in page.html
    with personal.extensions["slipway"].journal._engine.connect() as database:
        assert "canary" not in str(database.execute(text_of_sql("select * from submissions")).all())


REMARK = "Commands: a password or a token seems to stand in them: put it into an encrypted variable"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("docker run mysql:8 mysqldump -uroot -pcanary db", True),
        ("docker run mysql:8 -uroot -pcanary", True),
        ("docker run -w /app curlimages/curl -u bob:canary https://example.com", True),
        ("docker run alpine wget --header 'Authorization: Bearer canary' https://example.com", True),
        ("services: {a: {image: alpine, command: [tool, --token, canary]}}", True),
        ("- action: A\n  type: RUN_DOCKER_CONTAINER\n  inline_commands: export TOKEN=canary", True),
        ("docker run mysql:8 mysqldump -uroot -p db", False),
        ("docker run -e PW mysql:8 mysqldump -uroot -p$PW db", False),
        ("docker run mysql:8 mkdir -pv /x", False),
        ("docker run alpine tool --token-file /run/secrets/token", False),
    ],
)
def test_a_secret_in_the_commands_is_remarked_on_and_not_shown_again(
    desk: Browser, new_form: str, text: str, told: bool
) -> None:
    page = filled(desk, new_form, text)
    assert any(note.startswith(REMARK) for note in notes(page)) is told
    assert "canary" not in " ".join(notes(page))
