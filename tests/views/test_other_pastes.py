"""The one box for what people have: a service of a Compose file and an action of a `buddy.yml`, and what came of it."""

import json

import pytest
from flask import Flask
from sqlalchemy import text as select
from support.buddy import StubBuddy
from support.pages import Browser, Page

COMPOSE = """
services:
  web:
    image: ghcr.io/team/web:1.2
    command: npm test
    environment:
      - APP_ENV=test
      - API_TOKEN=canary token
    volumes: [".:/app"]
    ports: ["80:80"]
  db:
    image: postgres:16
"""
BUDDY = """
- pipeline: "Build"
  on: "EVENT"
  actions:
    - action: "Run tests"
      type: "RUN_DOCKER_CONTAINER"
      docker_image_name: "library/node"
      docker_image_tag: 22.10
      inline_commands: |
        npm ci
        docker run alpine ls
      volume_mappings: ["/:/app"]
      mount_filesystem_disable: false
      timeout: 600
      trigger_time: ON_FAILURE
      run_only_on_first_failure: true
      variables:
        - {key: APP_ENV, value: test, settable: true, description: Where it runs}
        - {key: API_TOKEN, value: "secure!canary", encrypted: true}
        - {key: DB_PASSWORD, value: canary}
      trigger_conditions:
        - trigger_condition: ON_CHANGE
      retry_count: often
    - action: "Say it"
      type: "SLACK"
    - action: "Build it"
      type: "BUILD"
      docker_image_name: "library/node"
      docker_image_tag: "20"
      execute_commands: ["npm ci", "npm run build"]
      cached_dirs: ["/root/.npm"]
"""


def notes(page: Page) -> list[str]:
    return [" ".join("".join(item.itertext()).split()) for item in page.all("li")]


def options(page: Page) -> list[str | None]:
    box = page.by_id("run_choice")
    assert box is not None
    return [option.get("value") for option in box.iter("option")]


def filled(browser: Browser, new_form: str, text: str, choice: str = "", **typed: str | None) -> Page:
    page = browser.get(new_form).press("fill-run", run_command=text, **typed)
    return page.press("fill-run", run_choice=choice) if choice else page


def test_one_of_several_services_is_chosen_and_fills_in_the_form(
    desk: Browser, upstream: StubBuddy, new_form: str
) -> None:
    page = filled(desk, new_form, COMPOSE, inline_commands="")
    assert page.status == 422
    assert page.errors == ["Choose one of the 2 services below, then fill in the form"]
    assert page.error_at("run_choice") == page.errors[0]
    assert options(page) == ["", "web", "db"]
    assert page.fields["run_command"].strip() == COMPOSE.strip()
    page = page.press("fill-run", run_choice="web")
    assert page.status == 200
    assert page.fields["run_command"].strip() == ""
    for note in (
        "Read as: a service of a Compose file, “web”",
        "Image name: team/web",
        "Variable API_TOKEN: encrypted, since it looks like a secret",
        "volumes .:/app: the folder that you are in becomes the folder of the pipeline",
        "ports: the action has no setting for ports",
    ):
        assert note in notes(page), note
    assert "canary" not in page.html
    page.send(name="Run it")
    (body,) = upstream.bodies
    assert (body["docker_image_name"], body["docker_image_tag"], body["registry"]) == ("team/web", "1.2", "ghcr.io")
    assert (body["inline_commands"], body["volume_mappings"]) == ("npm test", ["/:/app"])


def test_an_action_of_a_buddy_yml_fills_in_all_that_it_is_set_to(
    desk: Browser, upstream: StubBuddy, new_form: str
) -> None:
    page = filled(desk, new_form, BUDDY)
    assert page.errors == ["Choose one of the 2 actions below, then fill in the form"]
    page = page.press("fill-run", run_choice="Run tests")
    for note in (
        "Read as: an action of a buddy.yml, “Run tests”",
        "When it runs: When the pipeline fails",
        "Only on the first failure: yes",
        "Variable DB_PASSWORD: encrypted, since it looks like a secret",
        "The value of the variable API_TOKEN: encrypted values are never copied",
        "trigger_conditions: the form has no box for it",
        "Tries after a failure: it can't be read",
    ):
        assert note in notes(page), note
    assert "canary" not in page.html
    page.send(**{"variables-1-value": "again"})
    (body,) = upstream.bodies
    assert body == {
        "name": "Run tests",
        "type": "RUN_DOCKER_CONTAINER",
        "docker_image_name": "library/node",
        "docker_image_tag": "22.10",
        "inline_commands": "npm ci\ndocker run alpine ls\n",
        "mount_filesystem_disable": False,
        "volume_mappings": ["/:/app"],
        "variables": [
            {"key": "APP_ENV", "value": "test", "settable": True, "description": "Where it runs"},
            {"key": "API_TOKEN", "value": "again", "encrypted": True},
            {"key": "DB_PASSWORD", "value": "canary", "encrypted": True},
        ],
        "trigger_time": "ON_FAILURE",
        "run_only_on_first_failure": True,
        "timeout": 600,
    }


MARKDOWN = {
    "prose and a fence": f"Just start this, it's the one:\n\n```yaml\n{COMPOSE.strip()}\n```\n\nAnd that's it.",
    "a fence without an end": f"Start this\n~~~\n{COMPOSE.strip()}",
    "commands in another fence": f"First:\n```\ncd shop && make\n```\nThen:\n```\n{COMPOSE.strip()}\n```",
    "prose before it": f"Just start this\n{COMPOSE.strip()}",
    "line numbers": "\n".join(f"{number:3} {line}" for number, line in enumerate(COMPOSE.splitlines(), start=1)),
    "blanks of a web page": COMPOSE.replace(" ", "\xa0"),
    "blanks of a web page behind names": COMPOSE.replace(": ", ":\xa0"),
}


@pytest.mark.parametrize("text", MARKDOWN.values(), ids=MARKDOWN)
def test_what_stands_around_a_file_does_not_matter(desk: Browser, new_form: str, text: str) -> None:
    page = filled(desk, new_form, text, choice="web")
    assert page.status == 200
    assert "Read as: a service of a Compose file, “web”" in notes(page)


@pytest.mark.parametrize("mark", ["```", "~~~ yaml"])
def test_fences_of_markdown_within_commands_are_lines_of_them(desk: Browser, new_form: str, mark: str) -> None:
    commands = f"cat > a.md <<'E'\n{mark}\nservices: {{b: {{image: c}}}}\n{mark}\nE"
    shown = desk.get(new_form).press("yaml", name="A", docker_image_name="a", inline_commands=commands)
    text = shown.code("the action of a buddy.yml")
    for pasted in (text, f"Take this:\n````\n{text}````\n"):
        page = filled(desk, new_form, pasted)
        assert page.fields["inline_commands"].lstrip("\n") == commands
        assert page.fields["name"] == "A"


def test_blanks_of_a_web_page_are_blanks_in_a_file_and_stay_in_its_values(desk: Browser, new_form: str) -> None:
    text = 'services:\n  a:\n    image: alpine\n    command: echo "a\xa0b"\n'
    assert filled(desk, new_form, text).fields["inline_commands"].strip() == "echo 'a\xa0b'"
    script = 'services:\n  a:\n    image: alpine\n    command: |\n      echo "\n      \xa0b"\n'
    assert filled(desk, new_form, script).fields["inline_commands"].strip() == "echo '\n\xa0b'"
    page = filled(desk, new_form, text.replace(" ", "\xa0"))
    assert page.fields["inline_commands"].strip() == "echo 'a b'"


def test_what_is_wrong_in_a_fence_is_told_by_the_line_of_the_text(desk: Browser, new_form: str) -> None:
    page = filled(desk, new_form, "Start this\n```\nservices:\n  web:\n    image: [a\n```")
    assert page.error_at("run_command") == "The text must be YAML on line 6: it can't be read there"


def test_a_build_fills_in_what_fits(desk: Browser, new_form: str) -> None:
    page = filled(desk, new_form, BUDDY, "Build it")
    assert page.fields["inline_commands"].strip() == "npm ci\nnpm run build"
    assert page.fields["docker_image_tag"] == "20"
    assert "Read as: a build action of a buddy.yml, “Build it”" in notes(page)
    assert "cached_dirs: the form has no box for it" in notes(page)
    assert any(note.startswith("type BUILD: ") for note in notes(page))


def test_what_is_filled_in_already_stays(desk: Browser, new_form: str) -> None:
    page = filled(desk, new_form, "web:\n  image: nginx:1\n  user: me", run_as_user="you", docker_image_name="mine")
    assert (page.fields["run_as_user"], page.fields["docker_image_name"]) == ("you", "mine")
    assert "Run as user me: this box is filled in already: empty it to take another value" in notes(page)


def test_a_second_text_takes_the_place_of_the_first(desk: Browser, new_form: str) -> None:
    page = filled(desk, new_form, BUDDY, "Run tests")
    page = page.press("fill-run-again", run_command="web:\n  image: nginx:1\n  environment: {A: b}")
    assert page.fields["name"] == ""
    assert page.fields["docker_image_name"] == "nginx"
    assert page.fields["variables-0-key"] == "A"
    assert "variables-1-key" not in page.fields


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("actions:\n- action: a\n  type: SLACK", "The text must have an action of the type"),
        ("services:\n  a:\n    image: *a", "The text must have each & before its *: line 3 has a * without"),
        ("a: &a [*a]\nservices:\n", "The text must have each & before its *: line 1 has a * without"),
        (
            "services:\na0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{f'*a{n - 1}, ' * 9}]\n" for n in range(1, 12)),
            "The text must have at most 10,000 names and values",
        ),
        ("services:\n  a:\n    <<: b", "A << must take in other maps: line 3 has something else"),
        ("services:\n  a:\n    image: !b c", "The text must have no ! tags: line 3 has one"),
        ("services:\n  a:\n  image: b\n c: d", "The text must be YAML on line 4: it can't be read there"),
        ("services:\n  a:\n    image: b\n    image: c", "A name must be there once: line 4 has “image” again"),
        ("services:\n  image: " + "[" * 30, "The text must be at most 24 levels deep: line 2 is deeper"),
        ("image: [" + "a," * 20_000, "The text must have at most 10,000 names and values"),
        (
            f"x: &a {'x' * 40_000}\nservices: {{a: {{image: a, command: [{'*a,' * 12}]}}}}",
            "The text must have at most 500,000 characters with what each * repeats",
        ),
        (
            f"x: &a [{'x' * 30_000}]\ny: &b [{'*a,' * 4}]\nservices: {{a: {{image: a, command: [{'*b,' * 3}]}}}}",
            "The text must have at most 500,000 characters with what each * repeats",
        ),
        (
            "test:\n  image: node:20\n  script: [npm ci]",
            "this looks like a job of GitLab. Copy the lines of its script",
        ),
        ("jobs:\n  a:\n    runs-on: b\n    steps:\n    - run: c", "this looks like a GitHub workflow. Copy the lines"),
        ("services:\n  a:\n    image: b\n" * 30_000, "“Paste what you have” must be at most 65,536 bytes long"),
    ],
)
def test_a_text_that_can_not_be_taken_is_refused_with_why(desk: Browser, new_form: str, text: str, said: str) -> None:
    page = filled(desk, new_form, text)
    assert page.status == 422
    (error,) = page.errors
    assert said in error


FOREIGN = {
    "a job of Kubernetes": [
        "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n"
        "      - name: a\n        image: b\n        command: [sh, -c]\n        args: [make]\n        env: []",
        "apiVersion: batch/v1\nkind: Job\nspec:\n  containers:\n  - image: a\n    ports: []\n  - image: b\n",
        "Apply this:\n```yaml\napiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: a\n```\n",
    ],
    "a pipeline of Drone": ["kind: pipeline\nsteps:\n- name: a\n  image: b\n  commands:\n  - ls"],
    "a pipeline of Bitbucket": ["pipelines:\n  default:\n  - step:\n      image: a\n      script:\n      - ls"],
    "a file of Helm": [
        "web:\n  image:\n    repository: nginx\n",
        "spec:\n  image: {{ .Values.image }}\n  command: [a]",
    ],
    "a job of GitLab": ["test:\n  script: [npm ci]\n  image: node:20\n  variables: {A: b}"],
    "a container of Kubernetes": ["- name: a\n  image: b\n  command: [c]\n  args: [d]\n"],
    "a step of a pipeline": ["steps:\n  test:\n    image: b\n    commands: [d]\n"],
}


@pytest.mark.parametrize(("called", "text"), [(called, text) for called, texts in FOREIGN.items() for text in texts])
def test_a_file_of_another_system_is_called_what_it_is(desk: Browser, new_form: str, called: str, text: str) -> None:
    page = filled(desk, new_form, text)
    assert page.status == 422
    assert f"this looks like {called}. " in page.error_at("run_command")


def test_a_value_that_is_null_is_not_set(desk: Browser, new_form: str) -> None:
    nothing = "command: null\nentrypoint: ~\nuser: Null\nworking_dir: NULL\nbuild:\n"
    page = filled(desk, new_form, f"{nothing}image: a\nenvironment: {{A: null, B: ~, C: 'null', D: \"~\", E: }}")
    assert [page.fields[name].strip() for name in ("inline_commands", "entrypoint", "run_as_user")] == [""] * 3
    assert [page.fields[f"variables-{number}-value"].strip() for number in range(5)] == ["", "", "null", "~", ""]
    for key in "ABE":
        assert f"environment {key}: its value is in your own shell: type it" in notes(page)
    page = filled(desk, new_form, "image: null\ncommand: ls")
    assert page.fields["docker_image_name"] == ""


def test_a_setting_of_an_action_that_is_null_is_not_set(desk: Browser, new_form: str) -> None:
    nothing = ("run_as_user: ~", "registry: null", "login: null", "integration: null", "inline_commands: null")
    text = "\n  ".join(["- action: a", "type: RUN_DOCKER_CONTAINER", *nothing, "variables: [{key: A, value: null}]"])
    page = filled(desk, new_form, text)
    for name in ("run_as_user", "registry", "login", "integration", "inline_commands", "variables-0-value"):
        assert page.fields.get(name, "").strip() == "", name
    assert page.fields["image_source"] == "public"


ANCHORS = """
x-common: &common
  image: node:20
  environment: &env
    A: "1"
    B: "2"
  volumes: &volumes [".:/app"]
services:
  web:
    <<: *common
    image: node:22
    volumes: *volumes
    environment:
      <<: *env
      B: "3"
  worker:
    <<: [*common, {user: me, image: other}]
"""


def test_a_service_that_is_based_on_another_takes_its_settings_when_that_is_pasted_after_it(
    desk: Browser, new_form: str
) -> None:
    text = """services:
  base: {image: "alpine:3", command: ls, environment: {A: base, B: base}}
  web: {extends: base, command: pwd, environment: {A: own}}
"""
    page = filled(desk, new_form, text, choice="web")
    told = "extends: Slipway reads one service at a time: paste the other one after this, to fill in what is empty then"
    assert told in notes(page)
    page = page.press("fill-run", run_command=text).press("fill-run", run_choice="base")
    assert [page.fields[name].strip() for name in ("docker_image_name", "docker_image_tag", "inline_commands")] == [
        "alpine",
        "3",
        "pwd",
    ]
    values = [page.fields[f"variables-{row}-{part}"].strip() for row in (0, 1) for part in ("key", "value")]
    assert values == ["A", "own", "B", "base"]


def test_what_references_repeat_is_read_up_to_its_limit(desk: Browser, new_form: str) -> None:
    text = f"x: &a {'x' * 40_000}\nservices: {{a: {{image: a, command: [echo,{'*a,' * 11}]}}}}"
    page = filled(desk, new_form, text)
    assert page.fields["inline_commands"].strip() == " ".join(["echo", *["x" * 40_000] * 11])


def test_what_a_compose_file_repeats_by_reference_is_filled_in(desk: Browser, new_form: str) -> None:
    page = filled(desk, new_form, ANCHORS, "web")
    assert page.fields["docker_image_tag"] == "22"
    keys = {page.fields[f"variables-{n}-key"]: page.fields[f"variables-{n}-value"].strip() for n in range(2)}
    assert keys == {"A": "1", "B": "3"}
    assert page.fields["volume_mappings-0-target"] == "/app"
    page = filled(desk, new_form, ANCHORS, "worker")
    assert (page.fields["docker_image_tag"], page.fields["run_as_user"]) == ("20", "me")


def test_an_action_as_json_fills_in_the_form(desk: Browser, upstream: StubBuddy, new_form: str) -> None:
    request = {
        "name": "Run \U0001f680",
        "type": "RUN_DOCKER_CONTAINER",
        "docker_image_name": "library/node",
        "docker_image_tag": "22.10",
        "integration": {"identifier": "hub"},
        "inline_commands": "npm ci\nnpm test \U0001f680",
        "mount_filesystem_disable": True,
        "variables": [{"key": "A", "value": "b/\U0001f680"}, {"key": "T", "value": "[secret]", "encrypted": True}],
        "timeout": 60,
        "after_action_id": 12,
    }
    for text in (json.dumps(request), json.dumps(request, indent="\t"), json.dumps({"actions": [request]}, indent=2)):
        page = filled(desk, new_form, text)
        assert page.status == 200, page.errors
        assert (page.fields["name"], page.fields["timeout"]) == ("Run \U0001f680", "60")
        assert page.fields["docker_image_tag"] == "22.10"
        assert page.fields["integration"] == "hub"
        assert page.fields["inline_commands"].strip() == "npm ci\nnpm test \U0001f680"
        assert page.fields["variables-0-value"].strip() == "b/\U0001f680"
        assert "Position in the pipeline: it is never carried over: set it below" in notes(page)
        assert "The value of the variable T: encrypted values are never copied" in notes(page)
        assert "Read as: an action of Buddy's API, “Run \U0001f680”" in notes(page)
        assert "[secret]" not in page.html


def test_a_password_in_a_file_is_asked_for_once(desk: Browser, new_form: str) -> None:
    page = filled(desk, new_form, "type: RUN_DOCKER_CONTAINER\naction: a\nlogin: me\npassword: canary")
    assert [note for note in notes(page) if "assword" in note and "never" in note] == [
        "The password for the registry: passwords are never copied"
    ]


def test_nothing_of_an_action_is_lost_unnamed(desk: Browser, new_form: str) -> None:
    text = (
        "- type: RUN_DOCKER_CONTAINER\n  name: A\n  inline_commands: [one, two]\n  after_action_id: 12\n"
        "  password: canary\n  run_only_on_first_failure: true\n"
        "  variables: [{key: E, value: [1]}, {key: F, value: {a: b}, description: [c]}]"
    )
    page = filled(desk, new_form, text)
    assert page.fields["name"] == "A"
    assert page.fields["inline_commands"].strip() == "one\ntwo"
    for note in (
        "value of the variable E: it can't be read",
        "value of the variable F: it can't be read",
        "description of the variable F: it can't be read",
        "Position in the pipeline: it is never carried over: set it below",
        "Only on the first failure: it does nothing in an action that does not run when the pipeline fails",
        "Password: it is never carried over: set it below",
    ):
        assert note in notes(page), (note, notes(page))
    assert "canary" not in page.html


BESIDE = {
    "a command in front": (f"docker run alpine ls\n{COMPOSE.strip()}", "docker …"),
    "prose in front": (f"Just start this\n{COMPOSE.strip()}", "…"),
    "prose around a fence": (f"Start it:\n```\n{COMPOSE.strip()}\n```\nand\n\nbe done.", "… ; … ; …"),
    "a command in another fence": (f"```\nls\n```\n```\n{COMPOSE.strip()}\n```", "ls"),
}


@pytest.mark.parametrize(("text", "shown"), BESIDE.values(), ids=BESIDE)
def test_what_stands_beside_a_file_is_named(desk: Browser, new_form: str, text: str, shown: str) -> None:
    page = filled(desk, new_form, text, choice="web")
    assert f"{shown}: Slipway takes the file alone" in notes(page)


def test_each_of_very_many_can_be_chosen(desk: Browser, new_form: str) -> None:
    text = "".join(f"- {{action: a{n % 698}, type: BUILD, entrypoint: e{n}}}\n" for n in range(700))
    page = filled(desk, new_form, text)
    assert page.errors == ["Choose one of the 700 actions below, then fill in the form"]
    assert len(set(options(page))) == 701
    page = page.press("fill-run", run_choice=options(page)[-1])
    assert page.fields["entrypoint"] == "e699"
    long = "s" * 150
    page = filled(desk, new_form, f"{long}1:\n  image: a\n{long}2:\n  image: b")
    page = page.press("fill-run", run_choice=options(page)[-1])
    assert page.fields["docker_image_name"] == "b"


# A canary where a value may be a secret, in each place of a text.
HIDING = {
    "the value of a variable": "web:\n  image: a\n  environment:\n    - DB_PASSWORD=canary",
    "a variable in a map": "web:\n  image: a\n  environment: {API_TOKEN: canary}",
    "a name that is none": 'web:\n  image: a\n  environment: ["canary canary=b"]',
    "a secret of which a part is filled in": "web:\n  image: a\n  environment: {API_TOKEN: canary$A}",
    "a default": "web:\n  image: a\n  volumes: ['${A:-canary}:/b']",
    "a setting of a service": "web:\n  image: a\n  labels: {a: canary}\n  deploy: [canary]\n  x-mine: canary",
    "a comment": "web: # canary\n  image: a",
    "another service": "web:\n  image: a\ncanary:\n  - canary",
    "the password of a registry": "- action: a\n  type: RUN_DOCKER_CONTAINER\n  login: me\n  password: canary",
    "an encrypted variable": "- action: a\n  type: BUILD\n  variables:\n  - {key: A, value: canary, encrypted: true}",
    "what Buddy has encrypted": "- action: a\n  type: BUILD\n  variables:\n  - {key: A, value: 'secure!canary'}",
    "a private key": "- action: a\n  type: BUILD\n  variables:\n  - {key: A, value: canary, type: SSH_KEY}",
    "a variable that looks like a secret": "- action: a\n  type: BUILD\n  variables:\n  - {key: TOKEN, value: canary}",
    "an item that is no variable": "- action: a\n  type: BUILD\n  variables: [canary, [canary]]",
    "settings that can't be read": "- action: a\n  type: BUILD\n  timeout: canary\n  entrypoint: [canary]",
    "a setting that the form does not have": "- action: a\n  type: BUILD\n  cached_dirs: [canary]\n  shell: canary",
    "another action": "- action: a\n  type: BUILD\n- action: b\n  type: SLACK\n  content: canary",
    "YAML that can't be read": "services:\n  a: canary\n image: [canary",
    "several to choose from": "a:\n  image: a\n  user: canary\nb:\n  image: b",
}


@pytest.mark.parametrize("text", HIDING.values(), ids=HIDING)
def test_a_secret_is_kept_nowhere_wherever_it_stands_in_a_file(
    desk: Browser, personal: Flask, new_form: str, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    caplog.set_level("DEBUG")
    page = filled(desk, new_form, text)
    assert "canary" not in page.path
    assert page.fields["run_command"].strip() in ("", text)
    assert (page.status == 422) == bool(page.fields["run_command"].strip())
    if page.status == 200:
        assert "canary" not in page.html
    assert "canary" not in " ".join(page.errors)
    assert "canary" not in caplog.text
    with personal.extensions["slipway"].journal._engine.connect() as database:
        for table in ("submissions", "events"):
            assert "canary" not in str(database.execute(select(f"select * from {table}")).all())
