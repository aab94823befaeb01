"""Buddy's documented operations and shapes, and where an answer strays from them."""

import json
import re
from datetime import datetime
from typing import Any

import requests
from jsonschema import Draft202012Validator, FormatChecker

from support.examples import EXAMPLES


def example(name: str) -> Any:
    return json.loads((EXAMPLES / f"{name}.json").read_text())


def documents() -> Any:
    """Buddy's documented operations; their schemas are closed: a field that is not documented does not fit."""
    found = example("buddy-openapi")
    schemas = found["schemas"]
    # Errors are documented in words alone.
    message = {"type": "object", "properties": {"message": {"type": "string"}}, "required": ["message"]}
    schemas["ErrorBody"] = {
        "type": "object",
        "properties": {"errors": {"type": "array", "items": message, "minItems": 1}},
        "required": ["errors"],
    }
    # The contract's own answer tells of its pipeline in the older way.
    inside = schemas["ShortPipelineView"]["properties"] | {"on": {"enum": ["CLICK", "EVENT", "SCHEDULE"]}}
    answer = schemas["RunDockerContainerActionResponse"]["properties"]
    answer["pipeline"] = {"type": "object", "properties": inside, "additionalProperties": False}
    # Requests keep to the contract, which wants the commands as one text.
    schemas["RunDockerContainerActionRequest"]["required"] = [
        *("name", "type", "docker_image_name", "docker_image_tag", "inline_commands"),
    ]
    for schema in schemas.values():
        for name, property in schema.get("properties", {}).items():
            if name.endswith(("_date", "_at")):
                property["format"] = "date-time"
        if "properties" in schema:
            schema["additionalProperties"] = False
    return found


DOCUMENTS = documents()
formats = FormatChecker(formats=())


@formats.checks("date-time", raises=ValueError)
def is_a_date(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


def faults(body: Any, schema: dict[str, Any]) -> list[str]:
    """Where a body does not fit a documented schema."""
    validator = Draft202012Validator(schema | {"schemas": DOCUMENTS["schemas"]}, format_checker=formats)
    return [f"{fault.json_path}: {fault.message}" for fault in validator.iter_errors(body)]


def schema_of(name: str) -> dict[str, Any]:
    return {"$ref": f"#/schemas/{name}"}


def operation(method: str, path: str) -> dict[str, Any]:
    """The documented operation behind an address."""
    (found,) = (
        operation
        for operation in DOCUMENTS["operations"].values()
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", operation["call"]), f"{method} {path}")
    )
    return dict(found)


def strays(answer: requests.Response) -> list[str]:
    """Where an answer strays from what is documented for its operation and its status."""
    assert answer.request.method and answer.request.path_url
    path = answer.request.path_url.removeprefix("/api").partition("?")[0]
    responses = operation(answer.request.method, path)["responses"]
    # The contract answers an addition with 201, and the operation with 200.
    status = 200 if (answer.request.method, answer.status_code) == ("POST", 201) else answer.status_code
    documented = responses.get(str(status), schema_of("ErrorBody"))
    if documented is None:
        return [f"a body: {answer.text}"] if answer.content else []
    if answer.headers["Content-Type"] != "application/json":
        return [answer.headers["Content-Type"]]
    return faults(answer.json(), documented)
