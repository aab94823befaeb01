"""What of an action is changed: only the fields that differ, and those that Buddy wants with every change."""

from collections.abc import Callable, Mapping
from typing import Any

from webapp.buddy.actions import ON_FAILURE, TYPE, RunDockerContainer
from webapp.buddy.images import BuiltImage, CredentialsImage, ImageSource, IntegrationImage, named
from webapp.buddy.secrecy import REDACTED


def changes(before: RunDockerContainer, after: RunDockerContainer) -> dict[str, Any]:
    """The body of the PATCH that makes `before` into `after`; empty when they are the same.

    What is cleared is sent as an empty text, an empty list, false or 0 (Buddy: "Edit action" does not say how to
    clear). An empty password means the one that Buddy has. Of the two ways to name a build action, the one that is
    given up is sent as null.
    """
    old, new = whole(before), whole(after)
    given_up = {name: None for name in old if name not in new and name != "password"}
    changed = {name: value for name, value in new.items() if name not in old or old[name] != value} | given_up
    if changed.get("trigger_time") == ON_FAILURE:
        changed["run_only_on_first_failure"] = after.run_only_on_first_failure
    return {"name": after.name, "type": TYPE, **changed} if changed else {}


# What newer documents of Buddy ask for with every change, besides name and type (Buddy: OpenAPI, "updateAction").
ALONG = ("docker_image_name", "docker_image_tag")


def with_image(changed: Mapping[str, Any], had: Mapping[str, str]) -> dict[str, Any]:
    """A change as it is sent: with the image's name and tag that the action `had`, unless they are changed, too."""
    if not changed:
        return {}
    head = {name: changed[name] for name in ("name", "type")}
    return {**head, **{name: had[name] for name in ALONG if had.get(name)}, **changed}


def redacted(changed: Mapping[str, Any], after: RunDockerContainer) -> dict[str, Any]:
    """A change with every secret replaced: what may be stored and shown."""
    return with_stand_ins(changed, after, lambda key: REDACTED)


def with_stand_ins(
    changed: Mapping[str, Any], after: RunDockerContainer, stand_in: Callable[[str], str]
) -> dict[str, Any]:
    """A change with something in place of each secret, given the variable's name, or none for the password."""
    safe = {**changed, **({"password": stand_in("")} if "password" in changed else {})}
    if "variables" in safe:
        safe["variables"] = after.with_stand_ins(stand_in).get("variables", [])
    return safe


def whole(request: RunDockerContainer) -> dict[str, Any]:
    """Every setting of an action, also those at their default."""
    return {
        "name": request.name,
        **image_fields(request.image),
        "inline_commands": request.inline_commands,
        "run_as_user": request.run_as_user,
        "entrypoint": request.entrypoint,
        "mount_filesystem_disable": request.mount_filesystem_disable,
        "volume_mappings": list(request.volume_mappings),
        "export_container_path": request.export_container_path,
        "variables": [item.payload() for item in request.variables],
        "trigger_time": request.trigger_time,
        "run_only_on_first_failure": request.run_only_on_first_failure and request.trigger_time == ON_FAILURE,
        "disabled": request.disabled,
        "ignore_errors": request.ignore_errors,
        "timeout": request.timeout or 0,
        "retry_count": request.retry_count or 0,
        "retry_interval": request.retry_interval or 0,
        **({"after_action_id": request.after_action_id} if request.after_action_id else {}),
    }


def image_fields(image: ImageSource) -> dict[str, Any]:
    """Every field of an image source, also the empty ones; a password only where one was typed."""
    if isinstance(image, BuiltImage):
        return image.fields()
    fields = named(image) | {"registry": image.registry}
    if isinstance(image, CredentialsImage):
        return fields | {"login": image.login} | ({"password": image.password} if image.password else {})
    if isinstance(image, IntegrationImage):
        return fields | {"integration": {"identifier": image.integration}, "region": image.region}
    return fields
