"""Texts that are no `docker run`: each is called what it is, with what to do with it."""

import pytest

from webapp.docker.other_texts import OTHER_TEXTS, other_text
from webapp.docker.run_commands import parse_run_command
from webapp.docker.shell import CommandError

TEXTS = {
    "a GitHub workflow": [
        "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    container: node:20\n    steps:\n      - run: npm ci",
        "jobs:\n  a:\n    uses: ./x\n    steps:\n    - uses: docker://alpine:3\n      with:\n        args: it's",
    ],
    "a buddy.yml": [
        '- pipeline: "B"\n  actions:\n  - action: "R"\n    type: "RUN_DOCKER_CONTAINER"\n    docker_image_name: "a"',
        "actions:\n- type: BUILD\n  docker_image_name: library/node",
    ],
    "a Compose file": [
        "services:\n  web:\n    image: nginx\n    ports:\n      - 80:80",
        "version: '3'\nservices:\n  app:\n    build: .",
    ],
    "a service of a Compose file": ["  web:\n    image: nginx\n    command: ls", "image: a\nenvironment:\n  - A=b"],
    "a job of GitLab": ["test:\n  stage: test\n  image: node:20\n  script:\n    - npm ci", "script: npm ci"],
    "a job of Kubernetes": ["apiVersion: batch/v1\nkind: Job\nspec:\n  containers:\n  - name: a"],
    "a pipeline of Drone": ["kind: pipeline\ntype: docker\nsteps:\n- name: a\n  image: b\n  commands:\n  - ls"],
    "a pipeline of Bitbucket": ["image: node\npipelines:\n  default:\n  - step:\n      script:\n      - npm test"],
    "a file of Helm": [
        "image:\n  repository: nginx\n  tag: 1",
        "services:\n  web:\n    image: {{ .Values.image }}\n    build: .",
    ],
    "a container of Kubernetes": ["- name: a\n  image: b\n  args: [c]", "image: b\ncommand: [c]\nenv: []"],
    "a step of a pipeline": ["- name: a\n  image: b\n  commands: [ls]"],
    "a Dockerfile": ["FROM node:20\nRUN npm ci", "# syntax=docker/dockerfile:1\nFROM a AS b\nWORKDIR /app"],
    "docker compose": ["docker compose up -d", "$ docker-compose run web ls"],
    "docker exec": ["docker exec -it web sh", "$ sudo docker container exec web ls"],
    "a job of CircleCI": [
        "version: 2.1\njobs:\n  a:\n    docker:\n    - image: cimg/node:20\n    steps:\n    - run: npm ci",
        "jobs:\n  a:\n    machine: true\n    steps: [checkout]",
    ],
    "a pipeline of Azure": [
        "pool:\n  vmImage: ubuntu-latest\nsteps:\n- script: npm ci",
        "jobs:\n- job: a\n  container: node:20\n  steps:\n  - bash: npm ci",
    ],
    "docker build": ["docker build -t a .", "sudo docker buildx build ."],
    "variables": ["A=1\nB='two'\n", "# settings\nexport A=1"],
}
NONE = ["", "# only words", "docker ps", "make", "See the services: they run", "a: b", "FROM here to there"]


@pytest.mark.parametrize(("called", "text"), [(called, text) for called, texts in TEXTS.items() for text in texts])
def test_a_text_is_called_what_it_is(called: str, text: str) -> None:
    with pytest.raises(CommandError) as refused:
        parse_run_command(text)
    (advice,) = [each.advice for each in OTHER_TEXTS if each.called == called]
    assert str(refused.value) == f"Enter a docker run command: this looks like {called}. {advice}"


def test_each_of_them_is_tried() -> None:
    assert set(TEXTS) == {each.called for each in OTHER_TEXTS}


@pytest.mark.parametrize("text", NONE)
def test_other_words_are_called_nothing(text: str) -> None:
    assert other_text(text) is None


def test_a_docker_run_in_such_a_text_is_found_all_the_same() -> None:
    command = parse_run_command("jobs:\n  a:\n    runs-on: b\n    steps:\n      - run: docker run alpine ls\n")
    assert command.commands == "ls"
