"""What Buddy accepts as a "Run Docker container" action (Buddy: "Run Docker container", request parameters)."""

from collections.abc import Iterable, Iterator
from typing import Any

from webapp.sandbox.rows import wrong_rows
from webapp.sandbox.source import wrong_image
from webapp.sandbox.state import Json, Spot

TYPE = "RUN_DOCKER_CONTAINER"
REQUIRED = ("name", "type", "docker_image_name", "docker_image_tag", "inline_commands")
TEXTS = (
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
    "run_next",
)
FLAGS = (
    "mount_filesystem_disable",
    "use_image_from_action",
    "disabled",
    "ignore_errors",
    "run_only_on_first_failure",
)
COUNTS = ("timeout", "retry_count", "retry_interval")
LISTS = ("volume_mappings", "variables", "trigger_conditions", "loop")
FIELDS: dict[str, type] = {
    **dict.fromkeys(TEXTS, str),
    **dict.fromkeys(FLAGS, bool),
    **dict.fromkeys(("docker_build_action_id", *COUNTS), int),
    **dict.fromkeys(LISTS, list),
    "integration": dict,
}
WORDS = {str: "text", bool: "true or false", int: "a whole number", list: "a list", dict: "an object"}
CHOICES = {
    "trigger_time": (
        "ON_EVERY_EXECUTION",
        "ON_SUCCESS",
        "ON_FAILURE",
        "ON_BACK_TO_SUCCESS",
        "ON_WARNING",
        "ON_WAIT_FOR_APPROVE",
        "ON_TERMINATE",
    ),
    "run_next": ("WAIT_ON_SUCCESS", "IN_SOFT_PARALLEL", "IN_HARD_PARALLEL"),
}


def problems_of_addition(body: Any, spot: Spot) -> list[str]:
    """Everything that Buddy would refuse in a new action, each message with the name of its field."""
    if not isinstance(body, dict):
        return ["The request must be a JSON object."]
    found = [*missing(body), *wrong_types(body)]
    if body.get("type") not in (None, "", TYPE):
        found.append(f"Field type must be {TYPE}: the sandbox adds no other.")
    return found or [*wrong_settings(body, None, spot), *problems_of_pipeline(spot)]


def problems_of_change(body: Any, action: Json, spot: Spot) -> list[str]:
    """Everything that Buddy would refuse in a change of an action."""
    if not isinstance(body, dict):
        return ["The request must be a JSON object."]
    found = wrong_types(body)
    if body.get("type", action["type"]) != action["type"]:
        found.append("Field type can't be changed: delete the action and add another.")
    whole = {**action, **body}
    if action["type"] == TYPE:
        found += missing(whole)
    elif not whole["name"]:
        found.append("Field name is required.")
    return found or [*wrong_settings(whole, action["id"], spot), *problems_of_pipeline(spot)]


def problems_of_pipeline(spot: Spot) -> Iterable[str]:
    """Why a pipeline takes no changes."""
    if spot.pipeline.from_yaml or spot.pipeline.kept_in_git:
        yield "This pipeline is defined by a YAML file and takes no changes."


def missing(body: Json) -> list[str]:
    """Fields that must be there."""
    return [f"Field {name} is required." for name in REQUIRED if body.get(name) in (None, "")]


def wrong_types(body: Json) -> list[str]:
    """Fields of a wrong type."""
    return [
        f"Field {name} must be {WORDS[kind]}."
        for name, kind in {**FIELDS, "after_action_id": int}.items()
        if body.get(name) is not None and not is_a(body[name], kind)
    ]


def is_a(value: object, kind: type) -> bool:
    """Whether a value of JSON is of a type. In Python, unlike there, true and false are numbers."""
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))


def wrong_settings(body: Json, id: int | None, spot: Spot) -> Iterator[str]:
    """Fields that are of the right type but not right; `id` is that of an action that is there already."""
    for name, choices in CHOICES.items():
        if body.get(name) is not None and body[name] not in choices:
            yield f"Field {name} must be one of {', '.join(choices)}."
    for name in COUNTS:
        if (body.get(name) or 0) < 0:
            yield f"Field {name} must not be negative."
    if body.get("trigger_time") == "ON_FAILURE" and body.get("run_only_on_first_failure") is None:
        yield "Field run_only_on_first_failure is required with trigger_time ON_FAILURE."
    after = body.get("after_action_id")
    if after is not None and (after == id or spot.pipeline.action(after) is None):
        yield f"Field after_action_id: there is no other action {after} in this pipeline."
    yield from wrong_rows(body)
    yield from wrong_image(body, id, spot)
