"""Variables in the image's name, its tag and its registry: Buddy fills them in, so they are sent as they stand."""

from typing import Any

import pytest
from support.buddy import StubBuddy
from support.pages import Browser, Page
from support.rigs import LEAST, WIRE

HERE = "/workspaces/buddy/projects/company-website/pipelines/2/actions"
IMAGE = {"docker_image_name": "org/$PROJECT/app", "docker_image_tag": "${NODE_VERSION}-alpine"}
STORED = {"id": 7, "name": "Build", "type": "RUN_DOCKER_CONTAINER", "inline_commands": "make"}
UNDEFINED = "{} not defined by this action: the pipeline, the project or the workspace must define {}."


def warnings(page: Page) -> list[str]:
    texts = [" ".join("".join(paragraph.itertext()).split()) for paragraph in page.all("p")]
    return [text for text in texts if "not defined by this action" in text]


@pytest.mark.parametrize(
    "typed",
    [
        {"docker_image_name": "library/node", "docker_image_tag": "$NODE_VERSION"},
        IMAGE | {"registry": "$REGISTRY:5000"},
        IMAGE | {"registry": "registry.example.com/${TEAM}/app"},
    ],
)
def test_an_image_with_variables_is_sent_as_it_was_typed(
    desk: Browser, upstream: StubBuddy, new_form: str, typed: dict[str, str]
) -> None:
    assert desk.get(new_form).send(**LEAST | typed).status == 200
    assert upstream.bodies == [WIRE | typed]


@pytest.mark.parametrize(
    ("typed", "split"),
    [
        (
            "$REGISTRY:5000/team/app:$TAG",
            {"registry": "$REGISTRY:5000", "docker_image_name": "team/app", "docker_image_tag": "$TAG"},
        ),
        (
            "registry.example.com/${TEAM}/app:1",
            {"registry": "registry.example.com", "docker_image_name": "${TEAM}/app", "docker_image_tag": "1"},
        ),
        ("$IMAGE:$TAG", {"registry": "", "docker_image_name": "$IMAGE", "docker_image_tag": "$TAG"}),
    ],
)
def test_a_whole_reference_with_variables_is_split(
    desk: Browser, upstream: StubBuddy, new_form: str, typed: str, split: dict[str, str]
) -> None:
    page = desk.get(new_form).press("split-image", **LEAST | {"docker_image_name": typed})
    assert {name: page.fields[name] for name in split} == split
    page.send()
    assert upstream.bodies == [WIRE | {name: value for name, value in split.items() if value}]


def test_a_pasted_docker_run_keeps_its_variables(desk: Browser, upstream: StubBuddy, new_form: str) -> None:
    page = desk.get(new_form).press("fill-run", run_command="docker run $REGISTRY:5000/node:$NODE_VERSION make test")
    page.send(name="Run tests")
    assert upstream.bodies == [
        WIRE | {"docker_image_name": "node", "docker_image_tag": "$NODE_VERSION", "registry": "$REGISTRY:5000"}
    ]


def test_a_link_to_the_form_carries_them(desk: Browser, new_form: str) -> None:
    address = desk.get(new_form).press("link", **LEAST | IMAGE).code("the link to this form")
    opened = desk.get(address.removeprefix(desk.url))
    assert {name: opened.fields[name] for name in IMAGE} == IMAGE


def test_a_copy_of_such_an_action_is_sent(desk: Browser, upstream: StubBuddy) -> None:
    upstream.by_hand = [STORED | IMAGE]
    desk.get(f"{HERE}/new?like={HERE}/7").send(name="Run tests", inline_commands="make test")
    assert upstream.bodies == [WIRE | IMAGE]


def test_such_a_tag_can_be_changed(desk: Browser, upstream: StubBuddy) -> None:
    upstream.by_hand = [STORED | IMAGE]
    desk.get(f"{HERE}/7/edit").send(docker_image_tag="$NODE_VERSION")
    assert upstream.bodies[0]["docker_image_tag"] == "$NODE_VERSION"


def test_the_preview_marks_what_nothing_here_defines_in_calm_words(desk: Browser, new_form: str) -> None:
    image = {"docker_image_name": "org/$PROJECT/app", "docker_image_tag": "$NODE_VERSION"}
    page = desk.get(new_form).press("preview", **LEAST | image)
    assert warnings(page) == [UNDEFINED.format("$PROJECT, $NODE_VERSION are", "them")]
    assert "Image name org/$PROJECT/app Tag $NODE_VERSION Registry address Docker Hub" in page.text
    one = desk.get(new_form).press("preview", **LEAST | {"registry": "$REGISTRY:5000"})
    assert warnings(one) == [UNDEFINED.format("$REGISTRY is", "it")]


QUIET: dict[str, dict[str, Any]] = {
    "Buddy's own": {"docker_image_tag": "$BUDDY_EXECUTION_TAG"},
    "defined by this action": {"docker_image_tag": "${V}", "variables__0__key": "V", "variables__0__value": "22"},
    "an image that a build action gives": {
        "image_source": "action",
        "docker_build_action_id": "1",
        "docker_image_tag": "$V",
    },
}


@pytest.mark.parametrize("typed", QUIET.values(), ids=QUIET)
def test_what_is_defined_or_not_used_is_not_marked(desk: Browser, new_form: str, typed: dict[str, str]) -> None:
    page = desk.get(new_form).press("preview", **LEAST | typed)
    assert page.heading.startswith("Review “")
    assert warnings(page) == []


def test_what_only_a_shell_brings_along_is_not_defined_where_the_image_is_found(desk: Browser, new_form: str) -> None:
    page = desk.get(new_form).press("preview", **LEAST | {"docker_image_tag": "$USER", "inline_commands": "echo $USER"})
    assert warnings(page) == [UNDEFINED.format("$USER is", "it")]
    assert "used here" not in page.text


@pytest.mark.parametrize("name", ["docker_image_name", "docker_image_tag", "registry"])
def test_a_sign_that_begins_no_variable_is_refused_in_words(desk: Browser, new_form: str, name: str) -> None:
    page = desk.get(new_form).send(**LEAST | {name: "a${B"})
    assert page.error_at(name) == "A $ must begin the name of a variable, such as $VERSION or ${VERSION}"
