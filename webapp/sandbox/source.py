"""What Buddy accepts as the place that an action's image comes from: which fields go together."""

from collections.abc import Iterator

from webapp.sandbox.state import Json, Spot

GOOGLE = ("GOOGLE", "GOOGLE_SERVICE_ACCOUNT")


def wrong_image(body: Json, id: int | None, spot: Spot) -> Iterator[str]:
    """Fields of the image that do not go together; `id` is that of an action that is there already."""
    if bool(body.get("login")) != bool(body.get("password")):
        yield "Fields login and password must be given together."
    if body.get("use_image_from_action"):
        yield from wrong_build_action(body, spot.pipeline.earlier(id, body.get("after_action_id")))
    if body.get("integration") is not None:
        yield from wrong_integration(body, spot)


def wrong_integration(body: Json, spot: Spot) -> Iterator[str]:
    """An integration that is not there, or that needs more fields."""
    reference = body["integration"]
    integration = spot.workspace.integration(reference.get("identifier") or reference.get("hash_id"))
    if integration is None:
        yield "Field integration names no integration of this workspace."
    elif integration.type == "AMAZON" and not body.get("region"):
        yield "Field region is required for an Amazon integration."
    elif integration.type in GOOGLE and not body.get("registry"):
        yield "Field registry is required for a Google integration."


def wrong_build_action(body: Json, earlier: tuple[Json, ...]) -> Iterator[str]:
    """A build action that is missing, or that does not run earlier."""
    number, name = body.get("docker_build_action_id"), body.get("docker_build_action_name")
    if (number is None) == (name is None):
        yield "Either docker_build_action_id or docker_build_action_name is required with use_image_from_action."
    elif number == 0 and not earlier:
        yield "Field docker_build_action_id: there is no action before this one."
    elif number and number not in [action["id"] for action in earlier]:
        yield f"Field docker_build_action_id: there is no action {number} earlier in this pipeline."
    elif name is not None and name not in [action["name"] for action in earlier]:
        yield f"Field docker_build_action_name: there is no action {name} earlier in this pipeline."
