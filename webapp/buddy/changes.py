"""What of an action is changed: only the settings that differ, and those that Buddy wants with every change."""

from collections.abc import Mapping
from typing import Any

from webapp.buddy.container import ON_FAILURE, SETTINGS, TYPE, Container, Sent, redacted


def changes(before: Container, after: Container) -> dict[str, Any]:
    """The body of the PATCH that makes `before` into `after`; empty when they are the same.

    What is cleared is sent as its kind says, mostly as an empty text, an empty list, false or 0 (Buddy: "Edit action"
    does not say how to clear). An empty password means the one that Buddy has.
    """
    old, new = whole(before), whole(after)
    changed = {name: value for name, value in new.items() if name not in old or old[name] != value}
    if changed.get("trigger_time") == ON_FAILURE:
        changed |= {name: new[name] for name, setting in SETTINGS.items() if setting.sent is Sent.ON_FAILURE}
    return {"name": after.name, "type": TYPE, **changed} if changed else {}


def alike(before: Container, after: Container) -> tuple[str, ...]:
    """The settings that the change of `before` into `after` is about, and in which the two compare as the same: a
    variable that was moved, a blank at an end, the action just before in place of one that may be it. The name is
    among them where it only goes along."""
    old, new = (redacted(whole(each)) for each in (before, after))
    changed = [name for name in changes(before, after) if name in old]
    return tuple(name for name in changed if SETTINGS[name].kind.agree(new[name], old[name]))


# What newer documents of Buddy ask for with every change, besides name and type (Buddy: OpenAPI, "updateAction").
ALONG = ("docker_image_name", "docker_image_tag")


def with_image(changed: Mapping[str, Any], had: Mapping[str, str]) -> dict[str, Any]:
    """A change as it is sent: with the image's name and tag that the action `had`, unless they are changed, too."""
    if not changed:
        return {}
    head = {name: changed[name] for name in ("name", "type")}
    return {**head, **{name: had[name] for name in ALONG if had.get(name)}, **changed}


def whole(container: Container) -> dict[str, Any]:
    """Every setting of an action in JSON, also those that are not set; those that Buddy does not tell only if set."""
    values = {
        name: value for name, value in container.values().items() if SETTINGS[name].applies(container.trigger_time)
    }
    return {
        name: setting.kind.put(values.get(name, setting.kind.empty))
        for name, setting in SETTINGS.items()
        if setting.told or values.get(name, setting.kind.empty) != setting.kind.empty
    }


def asked(body: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """What the body of a PATCH asks for: neither its type, nor what went along as the action had it `before`."""
    along = {name for name in ("name", *ALONG) if name in body and body[name] == before.get(name)}
    return {name: value for name, value in body.items() if name != "type" and name not in along}
