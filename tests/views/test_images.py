"""Where the image comes from: what is filled in without typing, what is asked about, what can't be changed."""

import json
from typing import Any

import pytest
from support.buddy import StubBuddy
from support.examples import PIPELINE
from support.pages import Browser, text_of
from support.rigs import LEAST, WIRE

ECR = "123456789012.dkr.ecr.eu-central-1.amazonaws.com"
HERE = "/workspaces/buddy/projects/company-website/pipelines/2/actions"
AMAZON = {"image_source": "integration", "integration": "ecr_prod"}
ASKED = "Choose “A registry that is connected to Buddy”, or tick “Anybody may read this image”: {} registries usually"
STORED = {"id": 7, "name": "Stored", "type": "RUN_DOCKER_CONTAINER", "inline_commands": "ls"}
PULLED = {"docker_image_name": "a", "docker_image_tag": "1"}


SPLIT_IT = "Enter only the name, without registry and tag, or press “Split it for me”"
WHOLE = {
    "with a tag": ("python:3.12", {"docker_image_name": "python", "docker_image_tag": "3.12"}),
    "with a registry": ("ghcr.io/team/app", {"docker_image_name": "team/app", "registry": "ghcr.io"}),
    "with both": (
        "ghcr.io/team/app:1.2",
        {"docker_image_name": "team/app", "docker_image_tag": "1.2", "registry": "ghcr.io"},
    ),
    "with Docker Hub by its name": (
        "docker.io/library/node:20",
        {"docker_image_name": "library/node", "docker_image_tag": "20"},
    ),
    "with Docker Hub by its name alone": ("index.docker.io/team/app", {"docker_image_name": "team/app"}),
    "with variables": ("$IMAGE:$TAG", {"docker_image_name": "$IMAGE", "docker_image_tag": "$TAG"}),
}


@pytest.mark.parametrize(("whole", "split"), WHOLE.values(), ids=WHOLE)
def test_a_whole_reference_in_the_name_box_comes_back_split_and_is_sent_as_what_it_means(
    desk: Browser, upstream: StubBuddy, new_form: str, whole: str, split: dict[str, str]
) -> None:
    page = desk.get(new_form).press("check", **LEAST | {"docker_image_name": whole})
    assert (page.status, page.errors, page.fields | split) == (200, [], page.fields)
    assert f"Filled in: Image name: {split['docker_image_name']}" in page.text
    desk.get(new_form).send(**LEAST | {"docker_image_name": whole})
    assert upstream.bodies == [WIRE | split]


# A whole reference → what is said right below its boxes.
TOLD = {
    "python:3.12": "The image was split into its name and its tag.",
    "ghcr.io/team/app": "The image was split into its name and its registry.",
    "ghcr.io/team/app:1.2": "The image was split into its name, its tag and its registry.",
    "python": "",
}


@pytest.mark.parametrize("button", ["check", "split-image"])
@pytest.mark.parametrize(("whole", "words"), TOLD.items(), ids=TOLD)
def test_below_the_boxes_of_an_image_it_says_what_it_was_split_into(
    desk: Browser, new_form: str, whole: str, words: str, button: str
) -> None:
    told = desk.get(new_form).press(button, **LEAST | {"docker_image_name": whole}).by_id("split")
    assert told is not None
    assert text_of(told) == words


AMBIGUOUS = {
    "a tag was typed beside it": ("python:3.12", {"docker_image_tag": "3.11"}),
    "a registry was typed beside it": ("ghcr.io/team/app", {"registry": "quay.io"}),
    "a registry was typed beside Docker Hub": ("docker.io/team/app", {"registry": "quay.io"}),
    "the source takes no registry": ("ghcr.io/team/app", {"image_source": "integration", "integration": "hub"}),
}


@pytest.mark.parametrize(("whole", "beside"), AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_a_whole_reference_that_other_boxes_contradict_is_split_with_one_press(
    desk: Browser, upstream: StubBuddy, new_form: str, whole: str, beside: dict[str, str]
) -> None:
    page = desk.get(new_form).send(**LEAST | {"docker_image_name": whole} | beside)
    assert (page.status, page.error_at("docker_image_name"), upstream.bodies) == (422, SPLIT_IT, [])
    assert page.fields["docker_image_name"] == whole
    split = page.press("split-image")
    assert (split.fields["docker_image_name"], split.errors) == (whole.rpartition(":")[0] or "team/app", [])
    said = split.by_id("split")
    others = {name: value for name, value in beside.items() if name in ("docker_image_tag", "registry")}
    assert said is not None and all(
        f"Overwritten: {'Tag' if name == 'docker_image_tag' else 'Registry address'} {value}." in text_of(said)
        for name, value in others.items()
    )
    assert split.fields["registry"] == ("ghcr.io" if whole.startswith("ghcr.io") else "")


def test_a_reference_with_a_digest_says_what_buddy_takes(desk: Browser, new_form: str) -> None:
    page = desk.get(new_form).send(**LEAST | {"docker_image_name": f"python:3.12@sha256:{'a' * 64}"})
    assert page.error_at("docker_image_name") == "Enter a name and a tag: Buddy takes no digest (the part after @)"


def test_a_whole_reference_takes_the_place_of_what_an_action_has(desk: Browser, upstream: StubBuddy) -> None:
    upstream.by_hand = [STORED | {"docker_image_name": "node", "docker_image_tag": "22"}]
    upstream.answer = (200, STORED)
    desk.get(f"{HERE}/7/edit").send(docker_image_name="python:3.12")
    assert upstream.bodies[0] | {"docker_image_name": "python", "docker_image_tag": "3.12"} == upstream.bodies[0]


def test_a_whole_reference_that_buddy_has_as_a_name_stays_when_something_else_is_changed(
    desk: Browser, upstream: StubBuddy
) -> None:
    upstream.by_hand = [STORED | {"docker_image_name": "ghcr.io/team/app:1", "docker_image_tag": "latest"}]
    upstream.answer = (200, STORED)
    desk.get(f"{HERE}/7/edit").send(inline_commands="ls -l")
    assert upstream.bodies[0] == {
        "name": "Stored",
        "type": "RUN_DOCKER_CONTAINER",
        "docker_image_name": "ghcr.io/team/app:1",
        "docker_image_tag": "latest",
        "inline_commands": "ls -l",
    }


def test_the_region_is_read_from_an_amazon_address_that_is_split(
    desk: Browser, upstream: StubBuddy, new_form: str
) -> None:
    page = desk.get(new_form).press("check", **LEAST | AMAZON | {"docker_image_name": f"{ECR}/team/app:1.2"})
    assert page.error_at("docker_image_name") == SPLIT_IT
    page = page.press("split-image")
    assert page.fields["region"] == "eu-central-1"
    page.send()
    told = {"integration": {"identifier": "ecr_prod"}, "region": "eu-central-1"}
    assert upstream.bodies == [WIRE | {"docker_image_name": "team/app", "docker_image_tag": "1.2"} | told]


def test_the_region_is_read_from_a_pasted_docker_run(desk: Browser, new_form: str) -> None:
    page = desk.get(new_form).press("fill-run", run_command=f"docker run {ECR}/team/app:1.2 make")
    assert (page.fields["registry"], page.fields["region"]) == (ECR, "eu-central-1")
    assert "AWS region: eu-central-1" in page.text


def test_the_region_is_read_from_the_address_of_the_registry(desk: Browser, upstream: StubBuddy, new_form: str) -> None:
    desk.get(new_form).send(**LEAST | AMAZON, registry=ECR)
    assert upstream.bodies == [WIRE | {"integration": {"identifier": "ecr_prod"}, "region": "eu-central-1"}]


def test_a_region_that_was_typed_stays(desk: Browser, upstream: StubBuddy, new_form: str) -> None:
    desk.get(new_form).send(**LEAST | AMAZON, registry=ECR, region="eu-west-1")
    assert upstream.bodies[0]["region"] == "eu-west-1"


@pytest.mark.parametrize(("address", "whose"), [(ECR, "Amazon's"), ("eu.gcr.io", "Google's")])
def test_a_registry_that_mostly_asks_who_reads_is_questioned_once_as_public(
    desk: Browser, upstream: StubBuddy, new_form: str, address: str, whose: str
) -> None:
    page = desk.get(new_form).send(**LEAST, registry=address)
    assert (page.status, upstream.bodies) == (422, [])
    assert page.errors[0].startswith(ASKED.format(whose))
    receipt = page.send(registry_public="true")
    assert receipt.status == 200
    assert upstream.bodies == [WIRE | {"registry": address}]


def test_that_it_is_public_is_no_part_of_what_is_sent_or_said_to_be_left_out(desk: Browser, new_form: str) -> None:
    page = desk.get(new_form).press("preview", **LEAST, registry="eu.gcr.io", registry_public="true")
    assert json.loads(page.code("the request as JSON")) == WIRE | {"registry": "eu.gcr.io"}
    assert "not sent:" not in page.text
    back = page.press("back")
    assert back.fields["registry_public"] == "true"


@pytest.mark.parametrize("address", ["public.ecr.aws", "ghcr.io", ""])
def test_other_registries_are_not_questioned(desk: Browser, upstream: StubBuddy, new_form: str, address: str) -> None:
    page = desk.get(new_form).send(**LEAST, registry=address)
    assert (page.status, len(upstream.bodies)) == (200, 1)


def test_an_action_that_has_such_a_registry_is_changed_without_a_question(desk: Browser, upstream: StubBuddy) -> None:
    upstream.by_hand = [STORED | PULLED | {"registry": "eu.gcr.io"}]
    upstream.answer = (200, STORED)
    desk.get(f"{HERE}/7/edit").send(inline_commands="ls -l")
    assert upstream.bodies[0]["inline_commands"] == "ls -l"


BUILDERS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "known by its number": (
        {"docker_build_action_id": "5"},
        {"docker_image_name": "team/api", "docker_image_tag": "2"},
    ),
    "known by its name": (
        {"docker_build_action_name": "Build it"},
        {"docker_image_name": "team/api", "docker_image_tag": "2"},
    ),
    "of which Buddy tells no image": ({"docker_build_action_id": "1"}, {"docker_image_name": "built-in-this-pipeline"}),
    "the one just before": ({"docker_build_action_id": "0"}, {"docker_image_name": "built-in-this-pipeline"}),
}


@pytest.mark.parametrize(("builder", "image"), BUILDERS.values(), ids=BUILDERS)
def test_name_and_tag_of_a_built_image_are_filled_in(
    desk: Browser, upstream: StubBuddy, new_form: str, builder: dict[str, str], image: dict[str, str]
) -> None:
    build = {"id": 5, "name": "Build it", "type": "DOCKERFILE"}
    told = build | {"docker_image_name": "team/api", "docker_image_tag": "2"}
    upstream.pipelines = [PIPELINE | {"actions": [*PIPELINE["actions"], told]}]
    page = desk.get(new_form).press("check", **LEAST | {"docker_image_name": ""}, image_source="action", **builder)
    assert page.errors == []
    page.send()
    sent = {name: upstream.bodies[0][name] for name in ("docker_image_name", "docker_image_tag")}
    assert sent == {"docker_image_tag": "latest"} | image
    # Whoever thinks again finds the box as it was.
    assert page.fields["docker_image_name"] == ""


@pytest.mark.parametrize("blank", ["", "\u200b"])
def test_an_empty_tag_of_a_built_image_is_filled_in(
    desk: Browser, upstream: StubBuddy, new_form: str, blank: str
) -> None:
    typed = LEAST | {"docker_image_name": blank, "docker_image_tag": blank}
    desk.get(new_form).send(**typed, image_source="action", docker_build_action_id="1")
    assert upstream.bodies[0]["docker_image_name"] == "built-in-this-pipeline"
    assert upstream.bodies[0]["docker_image_tag"] == "latest"


SETTLED: dict[str, tuple[dict[str, Any], str, set[str]]] = {
    "public": (PULLED, "A public image.", {"registry"}),
    "credentials": (
        PULLED | {"login": "me", "password": "!encrypted x"},
        "A private registry, with a user name and password.",
        {"registry", "login", "password"},
    ),
    "integration": (
        PULLED | {"integration": {"identifier": "ecr_prod"}, "region": "eu-west-1"},
        "A registry that is connected to Buddy.",
        {"integration", "region", "registry"},
    ),
    "action": (
        PULLED | {"use_image_from_action": True, "docker_build_action_id": 1},
        "An image built earlier in this pipeline.",
        {"docker_build_action_id", "docker_build_action_name"},
    ),
}
BOXES = set().union(*(boxes for _, _, boxes in SETTLED.values()))


@pytest.mark.parametrize(("stored", "words", "boxes"), SETTLED.values(), ids=SETTLED)
def test_a_source_that_cant_be_changed_is_text_with_its_own_boxes(
    desk: Browser, upstream: StubBuddy, stored: dict[str, Any], words: str, boxes: set[str]
) -> None:
    upstream.by_hand = [STORED | stored]
    page = desk.get(f"{HERE}/7/edit")
    source = page.by_id("image_source")
    assert source is not None
    assert f"Where the image comes from {words} This must stay as it is." in text_of(source)
    assert not [box for box in page.all("input") if box.get("type") == "radio"]
    named = {box.get("name") for box in page.all("input", "select")}
    assert named & BOXES == boxes


def test_after_another_source_was_posted_the_form_has_the_actions_own(desk: Browser, upstream: StubBuddy) -> None:
    upstream.by_hand = [STORED | PULLED]
    upstream.answer = (200, STORED)
    page = desk.get(f"{HERE}/7/edit").send(image_source="credentials", inline_commands="ls -l")
    assert page.errors[0].startswith("Where the image comes from must stay as it is.")
    assert page.fields["image_source"] == "public"
    page.send()
    assert upstream.bodies[0]["inline_commands"] == "ls -l"


def test_what_buddy_says_of_a_box_that_is_not_on_the_page_has_no_link(desk: Browser, upstream: StubBuddy) -> None:
    upstream.by_hand = [STORED | PULLED]
    upstream.answer = (400, {"errors": [{"message": "Field login is odd."}, {"message": "Field registry is odd."}]})
    page = desk.get(f"{HERE}/7/edit").send(registry="quay.io")
    assert page.errors == ["Field login is odd.", "Field registry is odd."]
    assert "Field login is odd." not in page.links
    assert page.links["Field registry is odd."] == "#registry"


def test_from_the_preview_of_a_built_image_one_comes_back_to_the_build_action(desk: Browser, new_form: str) -> None:
    page = desk.get(new_form).press("preview", **LEAST, image_source="action", docker_build_action_id="1")
    box = page.press("back-docker_image_name").by_id("docker_build_action_id")
    assert box is not None
    assert box.get("autofocus") is not None
