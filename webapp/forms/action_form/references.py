"""A whole image reference in the box for the name, such as python:3.12, taken apart into the boxes of the image."""

from collections.abc import Mapping

from webapp.docker.references import ImageReference, ReferenceError, is_on_docker_hub
from webapp.docker.registries import region_in
from webapp.docker.texts import blank
from webapp.forms.action_form.form import DEFAULTS, LABELS
from webapp.forms.action_form.images import CREDENTIALS, PUBLIC
from webapp.forms.action_form.posted import Typed
from webapp.forms.action_form.reports import Note, Report, shortened
from webapp.forms.validators import LARGEST_FIELD

# What a reference can fill in, in the order of the page.
PARTS = ("docker_image_name", "docker_image_tag", "registry", "region")


def fill_from_name(typed: Mapping[str, str], before: Mapping[str, str] | None) -> tuple[Typed, Report | None]:
    """Split a whole reference unasked, and tell what was filled in; nothing where that may not be what was meant.

    That is where something else was typed into a box that it would fill in, and where its registry would not be sent.
    `before` is what the boxes of an action had when it was opened: what is odd there already stays.
    """
    opened = DEFAULTS if before is None else before
    split = split_image(typed)
    new = [name for name in PARTS if split.get(name, "") != typed.get(name, "")]
    if not new or typed["docker_image_name"] == opened.get("docker_image_name"):
        return dict(typed), None
    if any(not blank(typed.get(name)) and typed.get(name) != opened.get(name) for name in new[1:]):
        return dict(typed), None
    if "registry" in new and split["image_source"] not in (PUBLIC, CREDENTIALS):
        return dict(typed), None
    return split, Report(tuple(Note(LABELS[name], shortened(split[name])) for name in new))


def told_of_split(posted: Mapping[str, str], typed: Mapping[str, str]) -> str:
    """What is said beside the image's boxes when a whole reference was `posted` and became a name alone; else an empty
    text. What was typed into another box and is written over is told."""
    whole, name = posted.get("docker_image_name", "").strip(), typed.get("docker_image_name", "")
    if len(whole) > LARGEST_FIELD or blank(whole) or whole == name:
        return ""
    try:
        reference = ImageReference.parse(whole)
    except ReferenceError:
        return ""
    if reference.name != name:
        return ""
    found = {"its tag": reference.tag, "its registry": reference.registry}
    *others, last = ["its name", *(words for words, part in found.items() if part)]
    split = f"The image was split into {', '.join(others)} and {last}." if others else ""
    lost = [f"{LABELS[box]} {shortened(posted[box])}" for box in PARTS[1:] if is_written_over(posted, typed, box)]
    return f"{split} Overwritten: {', '.join(lost)}.".strip() if lost else split


def is_written_over(posted: Mapping[str, str], typed: Mapping[str, str], box: str) -> bool:
    """Whether something that was posted in a box, and is not the usual, has another thing in its place."""
    before = posted.get(box, "").strip()
    return not blank(before) and before not in (DEFAULTS.get(box), typed.get(box, "").strip())


def split_image(typed: Mapping[str, str]) -> Typed:
    """Move what is not the name out of the image name: registry, its AWS region, and tag. A digest stays there."""
    text = typed.get("docker_image_name", "").strip()
    if len(text) > LARGEST_FIELD:
        return dict(typed)
    try:
        reference = ImageReference.parse(text)
    except ReferenceError:
        return dict(typed)
    if reference.digest or reference.name == text:
        return dict(typed)
    split = dict(typed, docker_image_name=reference.name)
    if reference.tag:
        split["docker_image_tag"] = reference.tag
    if reference.registry:
        split["registry"] = reference.registry
        split.setdefault("image_source", PUBLIC)
        if blank(split.get("region")):
            split["region"] = region_in(reference.registry)
    elif is_on_docker_hub(text) and not blank(split.get("registry")):
        split["registry"] = ""
    return split
