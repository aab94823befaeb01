"""What Buddy accepts as a "Run Docker container" action (Buddy: "Run Docker container", request parameters)."""

from collections.abc import Iterator
from typing import Any

from webapp.sandbox.state import Json, Spot

TYPE = "RUN_DOCKER_CONTAINER"
REQUIRED = ("name", "type", "docker_image_name", "docker_image_tag", "inline_commands")
TYPES: dict[str, type] = {
    **dict.fromkeys(
        (
            *REQUIRED,
            "run_as_user",
            "login",
            "password",
            "registry",
            "region",
            "export_container_path",
            "entrypoint",
            "docker_build_action_name",
            "trigger_time",
        ),
        str,
    ),
    **dict.fromkeys(
        (
            "mount_filesystem_disable",
            "use_image_from_action",
            "disabled",
            "ignore_errors",
            "run_only_on_first_failure",
        ),
        bool,
    ),
    **dict.fromkeys(
        ("docker_build_action_id", "after_action_id", "timeout", "retry_count", "retry_interval"),
        int,
    ),
    **dict.fromkeys(("volume_mappings", "variables"), list),
    "integration": dict,
}
WORDS = {str: "text", bool: "true or false", int: "a whole number", list: "a list", dict: "an object"}
GOOGLE = ("GOOGLE", "GOOGLE_SERVICE_ACCOUNT")


def problems(body: Any, spot: Spot) -> list[str]:
    """Everything that Buddy would refuse, each message with the name of its field."""
    if not isinstance(body, dict):
        return ["The request must be a JSON object."]
    found = [*missing(body), *wrong_types(body)]
    return found or [*wrong_rows(body), *wrong_image(body, spot), *wrong_place(body, spot)]


def missing(body: Json) -> Iterator[str]:
    """Fields that must be there."""
    for name in REQUIRED:
        if body.get(name) in (None, ""):
            yield f"Field {name} is required."
    if body.get("type") not in (None, "", TYPE):
        yield f"Field type must be {TYPE}: the sandbox knows no other."


def wrong_types(body: Json) -> Iterator[str]:
    """Fields of a wrong type."""
    for name, type in TYPES.items():
        value = body.get(name)
        if value is not None and (not isinstance(value, type) or (type is int and isinstance(value, bool))):
            yield f"Field {name} must be {WORDS[type]}."


def wrong_rows(body: Json) -> Iterator[str]:
    """Volume mappings and variables that are none."""
    for mapping in body.get("volume_mappings") or []:
        if not isinstance(mapping, str) or mapping.count(":") != 1 or "" in mapping.split(":"):
            yield "Field volume_mappings must hold texts such as /:/buddy."
    for variable in body.get("variables") or []:
        if not isinstance(variable, dict) or not variable.get("key") or not isinstance(variable.get("value"), str):
            yield "Field variables must hold objects with key and value."


def wrong_image(body: Json, spot: Spot) -> Iterator[str]:
    """Fields of the image that do not go together."""
    if bool(body.get("login")) != bool(body.get("password")):
        yield "Fields login and password must be given together."
    if body.get("use_image_from_action"):
        yield from wrong_build_action(body, spot)
    reference = body.get("integration")
    if reference:
        integration = spot.workspace.integration(reference.get("identifier") or reference.get("hash_id") or "")
        if integration is None:
            yield "Field integration names no integration of this workspace."
        elif integration.type == "AMAZON" and not body.get("region"):
            yield "Field region is required for an Amazon integration."
        elif integration.type in GOOGLE and not body.get("registry"):
            yield "Field registry is required for a Google integration."


def wrong_build_action(body: Json, spot: Spot) -> Iterator[str]:
    """A build action that is missing or is not there."""
    id, name = body.get("docker_build_action_id"), body.get("docker_build_action_name")
    if (id is None) == (name is None):
        yield "Either docker_build_action_id or docker_build_action_name is required with use_image_from_action."
    elif id and spot.pipeline.action(id) is None:
        yield f"Field docker_build_action_id: there is no action {id} in this pipeline."
    elif name and not any(action["name"] == name for action in spot.pipeline.actions):
        yield f"Field docker_build_action_name: there is no action {name} in this pipeline."


def wrong_place(body: Json, spot: Spot) -> Iterator[str]:
    """A place in the pipeline that is not there, or a pipeline that takes no changes."""
    after = body.get("after_action_id")
    if after is not None and spot.pipeline.action(after) is None:
        yield f"Field after_action_id: there is no action {after} in this pipeline."
    if body.get("trigger_time") == "ON_FAILURE" and body.get("run_only_on_first_failure") is None:
        yield "Field run_only_on_first_failure is required with trigger_time ON_FAILURE."
    if spot.pipeline.from_yaml:
        yield "This pipeline is defined by a YAML file and takes no changes."
