"""A paste into a form that is filled in already: what stays is named, and of that nothing else is said."""

import pytest
from support.pages import Browser, Page
from support.rigs import LEAST

VARIABLE = "it is there already with another value: empty that to take this one"
VOLUME = "this folder of the container has a mapping already: take that out to take this one"
BOX = "this box is filled in already: empty it to take another value"
HELD = {
    "inline_commands": "mine",
    "run_as_user": "me",
    "variables__0__key": "A",
    "variables__0__value": "1",
    "variables__1__key": "S",
    "variables__1__value": "canary",
    "variables__1__encrypted": "true",
    "variables__2__key": "EMPTY",
    "variables__2__value": "",
    "volume_mappings__0__source": "/src",
    "volume_mappings__0__target": "/app",
}
PASTES = {
    "docker run": "docker run -e A=9 -e S=other-canary -e EMPTY=3 -e NEW=4 -v $(pwd):/app -w /z -u you alpine ls $X",
    "Compose": """services:
  one:
    image: alpine
    user: you
    working_dir: /z
    command: ls ${X}
    environment: {A: 9, S: other-canary, EMPTY: 3, NEW: 4}
    volumes: [".:/app"]
""",
    "buddy.yml": """- action: Test
  type: RUN_DOCKER_CONTAINER
  docker_image_name: alpine
  inline_commands: ls $X
  run_as_user: you
  volume_mappings: ["/:/app"]
  variables:
  - {key: A, value: 9}
  - {key: S, value: other-canary, encrypted: true}
  - {key: EMPTY, value: 3}
  - {key: NEW, value: 4}
""",
}


def notes(page: Page) -> list[str]:
    return [" ".join("".join(item.itertext()).split()) for item in page.all("li")]


@pytest.mark.parametrize("button", ["fill-run", "fill-run-again"])
@pytest.mark.parametrize("text", PASTES.values(), ids=PASTES)
def test_only_what_is_empty_is_filled_in_and_what_stays_is_named(
    desk: Browser, new_form: str, text: str, button: str
) -> None:
    page = desk.get(new_form).press("check", **HELD).press(button, run_command=text)
    rows = [(page.fields.get(f"variables-{row}-key"), page.fields.get(f"variables-{row}-value")) for row in range(5)]
    assert [(key, (value or "").strip()) for key, value in rows] == [
        ("A", "1"),
        ("S", ""),
        ("EMPTY", "3"),
        ("NEW", "4"),
        (None, ""),
    ]
    assert page.fields["volume_mappings-0-source"] == "/src" and "volume_mappings-1-source" not in page.fields
    for note in (f"Variable A: {VARIABLE}", f"Variable S: {VARIABLE}", f"Volume mapping /:/app: {VOLUME}"):
        assert note in notes(page), note
    assert f"Commands: {BOX}" in notes(page) and f"Run as user you: {BOX}" in notes(page)
    assert "canary" not in page.html
    assert not page.press("check", name="Run").errors


@pytest.mark.parametrize("text", [PASTES["docker run"], PASTES["Compose"]], ids=["docker run", "Compose"])
def test_nothing_is_said_of_what_did_not_take_the_place_of_something(desk: Browser, new_form: str, text: str) -> None:
    page = desk.get(new_form).press("check", **HELD).press("fill-run", run_command=text)
    for words in ("begin with cd", "here it stands as typed", "becomes the folder of the pipeline"):
        assert words not in page.text, words
    page = desk.get(new_form).press("fill-run", run_command=text)
    for words in ("begin with cd", "here it stands as typed", "becomes the folder of the pipeline"):
        assert words in page.text, words


def test_a_variable_that_is_there_needs_no_value_from_a_shell(desk: Browser, new_form: str) -> None:
    page = desk.get(new_form).press("fill-run", run_command="docker run -e A -e B alpine ls", **HELD)
    assert "-e A" not in page.text
    assert "-e B: its value is in your own shell: type it" in notes(page)


def test_what_is_there_as_it_was_pasted_is_no_matter(desk: Browser, new_form: str) -> None:
    text = "docker run -e A=1 -v /src:/app -u me alpine mine"
    page = desk.get(new_form).press("fill-run", run_command=text, **HELD)
    for words in (VARIABLE, VOLUME, BOX):
        assert words not in page.text, words
    assert "variables-3-key" not in page.fields and "volume_mappings-1-source" not in page.fields


def test_a_variable_of_a_text_that_is_there_with_another_value_is_named(desk: Browser, new_form: str) -> None:
    page = desk.get(new_form).press("fill-env", env_text="A=9", **HELD)
    assert "Variable A: it is there already with another value: both are filled in, and one has to go" in notes(page)
    assert [page.fields[f"variables-{row}-key"] for row in (0, 3)] == ["A", "A"]


@pytest.mark.parametrize("held", [{}, LEAST], ids=["an empty form", "a form that could be sent"])
@pytest.mark.parametrize("text", ["", " \n\t\u200b\n"], ids=["nothing", "blanks"])
@pytest.mark.parametrize("button", ["fill-run", "fill-run-again"])
def test_where_nothing_was_pasted_the_box_says_what_to_paste(
    desk: Browser, new_form: str, button: str, text: str, held: dict[str, str]
) -> None:
    page = desk.get(new_form).press(button, run_command=text, **held)
    assert (page.status, "filled in correctly" in page.text) == (422, False)
    assert page.errors == ["Paste something here first, such as a docker run command"]
    assert page.error_at("run_command") == page.errors[0]


def test_where_no_variables_were_pasted_that_is_said_and_nothing_is_called_correct(
    desk: Browser, new_form: str
) -> None:
    page = desk.get(new_form).press("fill-env", env_text=" \n")
    assert (page.status, "filled in correctly" in page.text) == (422, False)
    assert page.errors == ["Paste something here first, such as APP_ENV=test"]
    page = page.press("fill-env", env_text="# a note\n")
    assert page.errors == ["There is nothing in the text to fill in, such as APP_ENV=test"]
    assert not desk.get(new_form).press("fill-env", env_text="A=1").errors
    assert not desk.get(new_form).press("edit-env").errors


def test_what_two_texts_have_filled_in_is_told_together(desk: Browser, new_form: str) -> None:
    page = desk.get(new_form).press("fill-run", run_command="docker run -u me alpine ls", env_text="A=1")
    assert {"Variable A", "Run as user: me"} <= set(notes(page))


ACTION = """- action: Test
  type: RUN_DOCKER_CONTAINER
  docker_image_name: library/node
  docker_image_tag: "20"
  inline_commands: ls
"""
PRIVATE = f"{ACTION}  registry: quay.io\n  login: me\n"


@pytest.mark.parametrize("button", ["fill-run", "fill-run-again"])
@pytest.mark.parametrize("name", ["", "alpine"], ids=["no image", "the same image"])
def test_a_digest_takes_no_tag_that_was_typed(desk: Browser, new_form: str, button: str, name: str) -> None:
    digest = f"sha256:{'a' * 64}"
    typed = {"docker_image_name": name, "docker_image_tag": "3.19"}
    page = desk.get(new_form).press(button, run_command=f"docker run alpine@{digest} ls", **typed)
    assert (page.fields["docker_image_name"], page.fields["docker_image_tag"]) == ("alpine", "3.19")
    assert f"@{digest}: Buddy takes a name and a tag, and no digest" in notes(page)


def test_of_two_images_none_is_made_that_is_neither(desk: Browser, new_form: str) -> None:
    page = desk.get(new_form).press("fill-run", run_command=PRIVATE, docker_image_name="alpine")
    boxes = ("docker_image_name", "docker_image_tag", "registry", "login", "image_source")
    assert [page.fields.get(box, "") for box in boxes] == ["alpine", "latest", "", "", "public"]
    assert f"Image name quay.io/library/node:20: {BOX}" in notes(page)
    assert "Tag: 20" not in notes(page) and "passwords are never copied" not in page.text
    assert page.fields["inline_commands"].strip() == "ls"


def test_a_registry_that_stays_beside_the_image_of_an_action_is_told(desk: Browser, new_form: str) -> None:
    page = desk.get(new_form).press("fill-run", run_command=ACTION, registry="ghcr.io")
    assert (page.fields["docker_image_name"], page.fields["registry"]) == ("library/node", "ghcr.io")
    assert (
        "Registry address ghcr.io: the text names no registry, and this box is filled in already: empty it for "
        "Docker Hub" in notes(page)
    )


@pytest.mark.parametrize("source", ["A registry that is connected to Buddy", "An image built earlier in this pipeline"])
def test_where_the_image_comes_from_stays_and_is_told(desk: Browser, new_form: str, source: str) -> None:
    chosen = {"A registry that is connected to Buddy": "integration"}.get(source, "action")
    page = desk.get(new_form).press("fill-run", run_command="docker run ghcr.io/a/b:2 ls", image_source=chosen)
    assert page.fields["image_source"] == chosen
    told = f"Where the image comes from: it stays “{source}”: choose another one, unless the image is there"
    assert told in notes(page)


def test_what_is_chosen_already_is_told_in_the_words_of_the_form(desk: Browser, new_form: str) -> None:
    page = desk.get(new_form).press("fill-run", run_command=PRIVATE, image_source="integration")
    assert f"Where the image comes from A private registry, with a user name and password: {BOX}" in notes(page)
