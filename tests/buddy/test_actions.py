"""What a request puts on the wire, line by line, and what may be kept and shown of it."""

from typing import Any

import pytest

from webapp.buddy.container import Container
from webapp.buddy.images import BuiltImage, CredentialsImage, ImageSource, IntegrationImage, PublicImage
from webapp.buddy.secrecy import REDACTED
from webapp.buddy.variables import Variable

NAMED = {"docker_image_name": "app", "docker_image_tag": "1"}
IMAGES: list[tuple[ImageSource, dict[str, Any]]] = [
    (PublicImage("app", "1"), NAMED),
    (PublicImage("app", "1", "quay.io"), NAMED | {"registry": "quay.io"}),
    (
        CredentialsImage("app", "1", "ghcr.io", "me", "hush"),
        NAMED | {"registry": "ghcr.io", "login": "me", "password": "hush"},
    ),
    (IntegrationImage("app", "1", "hub"), NAMED | {"integration": {"identifier": "hub"}}),
    (
        IntegrationImage("app", "1", "ecr", region="eu-west-1"),
        NAMED | {"integration": {"identifier": "ecr"}, "region": "eu-west-1"},
    ),
    (BuiltImage("app", "1", 0), NAMED | {"use_image_from_action": True, "docker_build_action_id": 0}),
    (
        BuiltImage("app", "1", "Build"),
        NAMED | {"use_image_from_action": True, "docker_build_action_name": "Build"},
    ),
]
SETTINGS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {}),
    ({"run_as_user": "root", "entrypoint": "/bin/sh"}, {"run_as_user": "root", "entrypoint": "/bin/sh"}),
    ({"mount_filesystem_disable": True}, {"mount_filesystem_disable": True}),
    ({"volume_mappings": ("/:/app",)}, {"volume_mappings": ["/:/app"]}),
    ({"export_container_path": "/out"}, {"export_container_path": "/out"}),
    ({"variables": (Variable("A", "1"),)}, {"variables": [{"key": "A", "value": "1"}]}),
    ({"trigger_time": "ON_EVERY_EXECUTION"}, {}),
    ({"trigger_time": "ON_WARNING", "run_only_on_first_failure": True}, {"trigger_time": "ON_WARNING"}),
    ({"trigger_time": "ON_FAILURE"}, {"trigger_time": "ON_FAILURE", "run_only_on_first_failure": False}),
    ({"disabled": True, "ignore_errors": True}, {"disabled": True, "ignore_errors": True}),
    ({"after_action_id": 5, "timeout": 60}, {"after_action_id": 5, "timeout": 60}),
    ({"retry_count": 0, "retry_interval": 2}, {"retry_count": 0, "retry_interval": 2}),
]
ALWAYS = {
    "name": "Run",
    "type": "RUN_DOCKER_CONTAINER",
    **NAMED,
    "inline_commands": "make",
    "mount_filesystem_disable": False,
}


@pytest.mark.parametrize(("image", "fields"), IMAGES)
def test_only_what_belongs_to_the_image_source_is_sent(image: ImageSource, fields: dict[str, Any]) -> None:
    assert Container("Run", image, "make").payload() == ALWAYS | fields


@pytest.mark.parametrize(("settings", "fields"), SETTINGS)
def test_what_is_at_its_default_is_not_sent(settings: dict[str, Any], fields: dict[str, Any]) -> None:
    request = Container("Run", PublicImage("app", "1"), "make", **settings)
    assert request.payload() == ALWAYS | fields


@pytest.mark.parametrize(
    ("variable", "fields"),
    [
        (Variable("A", "1"), {"key": "A", "value": "1"}),
        (Variable("A", "1", type="FILE"), {"key": "A", "value": "1", "type": "FILE"}),
        (Variable("A", "1", encrypted=True), {"key": "A", "value": "1", "encrypted": True}),
        (
            Variable("A", "", settable=True, description="a"),
            {"key": "A", "value": "", "settable": True, "description": "a"},
        ),
    ],
)
def test_a_variable_is_sent_without_its_defaults(variable: Variable, fields: dict[str, Any]) -> None:
    assert variable.payload() == fields


def test_what_is_kept_and_shown_of_a_request_holds_no_secret() -> None:
    request = Container(
        "Run",
        CredentialsImage("app", "1", "ghcr.io", "me", "hush-1"),
        "make",
        variables=(
            Variable("A", "1"),
            Variable("B", "hush-2", encrypted=True),
            Variable("C", "hush-3", type="SSH_KEY"),
        ),
    )
    shown = request.redacted()
    assert (shown["password"], [item["value"] for item in shown["variables"]]) == (REDACTED, ["1", REDACTED, REDACTED])
    assert "hush" not in repr(request)
    assert set(request.secrets()) == {"hush-1", "hush-2", "hush-3"}
    plain = Container("Run", PublicImage("app", "1"), "make")
    assert (plain.secrets(), plain.redacted()) == ((), plain.payload())
