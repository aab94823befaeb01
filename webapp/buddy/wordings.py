"""One action in two wordings: the contract's, and that of Buddy's newer answers, which leaves two of its fields out."""

from collections.abc import Mapping
from typing import Any

from webapp.http.reading import is_id, optional_text, optional_texts

FROM_ACTION = "ACTION"


def in_contracts_words(raw: Mapping[str, Any]) -> dict[str, Any]:
    """An action with the contract's fields, where Buddy says the same in other ones (Buddy: OpenAPI, "getAction")."""
    told = dict(raw)
    if raw.get("inline_commands") is None and isinstance(raw.get("execute_commands"), list):
        told["inline_commands"] = "\n".join(optional_texts(raw, "execute_commands"))
    if raw.get("use_image_from_action") is None:
        told["use_image_from_action"] = takes_built_image(raw)
    return told


def takes_built_image(raw: Mapping[str, Any]) -> bool:
    """Whether an action that does not say so takes its image from another one. A number of 0 may stand for none."""
    location = optional_text(raw, "image_location")
    if location:
        return location == FROM_ACTION
    return is_id(raw.get("docker_build_action_id")) or bool(optional_text(raw, "docker_build_action_name"))
