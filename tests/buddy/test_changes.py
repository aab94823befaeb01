"""What of an action a change holds, and what may be kept of it."""

from dataclasses import replace
from typing import Any

import pytest

from webapp.buddy.changes import alike, asked, changes, with_image
from webapp.buddy.container import Container, redacted
from webapp.buddy.images import BuiltImage, CredentialsImage, ImageSource, IntegrationImage, PublicImage
from webapp.buddy.likeness import is_exact, visible_differences
from webapp.buddy.secrecy import REDACTED
from webapp.buddy.snapshot import OpenedAction, Snapshot
from webapp.buddy.variables import Variable

BEFORE = Container("Run", PublicImage("app", "1"), "make", run_as_user="me", timeout=5, disabled=True)
HEAD = {"name": "Run", "type": "RUN_DOCKER_CONTAINER"}
FIELDS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"inline_commands": "make test"}, {"inline_commands": "make test"}),
    ({"run_as_user": "", "timeout": None, "disabled": False}, {"run_as_user": "", "timeout": 0, "disabled": False}),
    ({"trigger_time": "ON_WARNING"}, {"trigger_time": "ON_WARNING"}),
    ({"trigger_time": "ON_FAILURE"}, {"trigger_time": "ON_FAILURE", "run_only_on_first_failure": False}),
    ({"after_action_id": 4}, {"after_action_id": 4}),
    ({"name": "Other"}, {"name": "Other"}),
]


def test_the_same_is_no_change() -> None:
    assert changes(BEFORE, BEFORE) == {}


@pytest.mark.parametrize(("fields", "body"), FIELDS)
def test_only_what_differs_is_in_it_with_name_and_type(fields: dict[str, Any], body: dict[str, Any]) -> None:
    assert changes(BEFORE, replace(BEFORE, **fields)) == HEAD | body


def test_the_image_goes_along_as_the_action_had_it_unless_it_is_changed_too() -> None:
    had = {"docker_image_name": "app", "docker_image_tag": "1"}
    assert with_image(HEAD | {"disabled": True}, had) == HEAD | had | {"disabled": True}
    assert with_image(HEAD | {"docker_image_tag": "2"}, had) == HEAD | had | {"docker_image_tag": "2"}
    assert with_image(HEAD | {"disabled": True}, {}) == HEAD | {"disabled": True}
    assert with_image({}, had) == {}


IMAGES: list[tuple[ImageSource, ImageSource, dict[str, Any]]] = [
    (PublicImage("app", "1", "quay.io"), PublicImage("app", "1"), {"registry": ""}),
    (CredentialsImage("app", "1", "", "me", ""), CredentialsImage("app", "1", "", "me", "hush"), {"password": "hush"}),
    (
        IntegrationImage("app", "1", "a", region="eu"),
        IntegrationImage("app", "1", "b"),
        {"integration": {"identifier": "b"}, "region": ""},
    ),
    (
        BuiltImage("app", "1", 4),
        BuiltImage("app", "1", "Build"),
        {"docker_build_action_name": "Build", "docker_build_action_id": None},
    ),
]


@pytest.mark.parametrize(("old", "new", "body"), IMAGES)
def test_an_image_changes_within_its_source(old: ImageSource, new: ImageSource, body: dict[str, Any]) -> None:
    assert changes(replace(BEFORE, image=old), replace(BEFORE, image=new)) == HEAD | body


ONE, OTHER = Variable("A", "1"), Variable("B", "2")
ALIKE: list[tuple[dict[str, Any], set[str]]] = [
    ({"inline_commands": "make\n"}, {"name", "inline_commands"}),
    ({"inline_commands": "make test"}, {"name"}),
    ({"name": "Other"}, set()),
    ({"variables": (OTHER, ONE)}, {"name", "variables"}),
    ({"variables": (OTHER, ONE), "timeout": 6}, {"name", "variables"}),
    ({"variables": (ONE, replace(OTHER, value="3"))}, {"name"}),
    ({}, set()),
]


@pytest.mark.parametrize(("fields", "names"), ALIKE)
def test_what_a_change_asks_for_that_hardly_differs_is_named(fields: dict[str, Any], names: set[str]) -> None:
    before = replace(BEFORE, variables=(ONE, OTHER))
    assert set(alike(before, replace(before, **fields))) == names


EXACT: list[tuple[dict[str, Any], dict[str, Any], bool]] = [
    ({"inline_commands": "make\n"}, {"inline_commands": "make\n"}, True),
    ({"inline_commands": "make\n"}, {"inline_commands": "make"}, False),
    ({"variables": [{"key": "A", "value": "1"}]}, {"variables": [{"key": "A", "value": "1", "id": 4}]}, True),
    ({"variables": [{"key": "A"}, {"key": "B"}]}, {"variables": [{"key": "B"}, {"key": "A"}]}, False),
]


@pytest.mark.parametrize(("sent", "action", "exact"), EXACT)
def test_whether_an_action_has_a_setting_to_the_letter(
    sent: dict[str, Any], action: dict[str, Any], exact: bool
) -> None:
    (name,) = sent
    assert is_exact(name, sent, action) is exact


def test_what_is_kept_of_a_change_holds_no_secret() -> None:
    image = CredentialsImage("app", "1", "", "me", "")
    before = replace(BEFORE, image=image)
    variables = (Variable("A", "1"), Variable("B", "hush", encrypted=True))
    after = replace(before, image=replace(image, password="hush"), variables=variables)
    safe = redacted(changes(before, after))
    assert "hush" not in str(safe)
    assert safe["variables"][1]["value"] == safe["password"] == REDACTED
    cleared = replace(after, variables=())
    assert redacted(changes(after, cleared)) == HEAD | {"variables": []}
    assert redacted(HEAD | {"timeout": 5}) == HEAD | {"timeout": 5}


SEEN: list[tuple[dict[str, Any], dict[str, Any], tuple[str, ...]]] = [
    ({"entrypoint": "a"}, {"entrypoint": "a"}, ()),
    ({"entrypoint": "a"}, {}, ("entrypoint",)),
    ({"entrypoint": "", "timeout": 0, "volume_mappings": []}, {}, ()),
    ({"password": REDACTED, "type": "X", "after_action_id": 3}, {}, ()),
    ({"variables": [{"key": "A", "value": REDACTED}]}, {"variables": [{"key": "A", "value": REDACTED}]}, ()),
]


@pytest.mark.parametrize(("sent", "action", "names"), SEEN)
def test_whether_an_action_shows_a_change(sent: dict[str, Any], action: dict[str, Any], names: tuple[str, ...]) -> None:
    assert visible_differences(sent, action) == names


@pytest.mark.parametrize("opened", [None, OpenedAction(7, {"name": "Run"}, ("variables",))])
def test_a_snapshot_carries_the_action_that_its_form_was_opened_for(opened: OpenedAction | None) -> None:
    snapshot = Snapshot("Live mirror", opened=opened)
    assert Snapshot.from_json(snapshot.to_json()) == snapshot
    assert snapshot.opened_id == (opened.id if opened else None)


def test_a_snapshot_has_the_boxes_of_its_action_to_the_letter() -> None:
    opened = OpenedAction(7, {"name": "Run", "entrypoint": "sh"}, boxes={"name": " Run"})
    (kept,) = [Snapshot.from_json(Snapshot("Live mirror", opened=opened).to_json()).opened]
    assert kept is not None and kept.held == {"name": " Run", "entrypoint": "sh"}


def test_a_change_asks_for_neither_its_type_nor_what_goes_along_as_it_was() -> None:
    body = {"type": "RUN_DOCKER_CONTAINER", "name": "Run tests", "docker_image_name": "ruby", "docker_image_tag": "3"}
    before = {"name": "Run tests", "docker_image_name": "ruby", "docker_image_tag": "2"}
    assert asked(body, before) == {"docker_image_tag": "3"}
    assert asked(body, {**before, "name": "Test"}) == {"name": "Run tests", "docker_image_tag": "3"}
