"""What a request that is accepted does to the actions of a pipeline."""

from secrets import token_urlsafe

from webapp.sandbox.rules import FIELDS
from webapp.sandbox.state import Json, Pipeline, State

# How the text of a value begins that only Buddy itself can read.
SEALED = "!encrypted "


def added(body: Json, state: State) -> Json:
    """Make a new action of an accepted request."""
    return {"id": state.new_id(), "trigger_time": "ON_EVERY_EXECUTION", **settings(body, state)}


def edited(action: Json, body: Json, state: State) -> Json:
    """Make the changed action: what is sent takes the old one's place, null takes it away."""
    return {**unset(action, body), **settings(body, state)}


def unset(action: Json, body: Json) -> Json:
    """An action without what a change sets to null."""
    return {name: value for name, value in action.items() if name not in body or body[name] is not None}


def put(pipeline: Pipeline, action: Json, after: int | None) -> None:
    """Put an action after the one with the id `after`; without it where it stands already, or at the end."""
    earlier = pipeline.earlier(action["id"], after)
    others = tuple(item for item in pipeline.actions if item["id"] != action["id"])
    pipeline.actions = (*earlier, action, *others[len(earlier) :])


def remove(pipeline: Pipeline, id: int) -> None:
    """Take an action away."""
    pipeline.actions = tuple(action for action in pipeline.actions if action["id"] != id)


def settings(body: Json, state: State) -> Json:
    """What is kept of a request: the fields that are known, and of secrets only that there are any."""
    kept = {name: body[name] for name in FIELDS if body.get(name) is not None}
    if "password" in kept:
        kept["password"] = sealed(kept["password"])
    if "variables" in kept:
        kept["variables"] = [variable(item, state) for item in kept["variables"]]
    return kept


def variable(item: Json, state: State) -> Json:
    """A variable as it is kept."""
    whole = {"id": state.new_id(), "type": "VAR", "encrypted": False, "settable": False, "description": "", **item}
    return {**whole, "value": sealed(whole["value"])} if whole["encrypted"] else whole


def sealed(value: str) -> str:
    """A text that stands for a secret and tells nothing of it; one that was sent back stays as it is."""
    return value if value.startswith(SEALED) else SEALED + token_urlsafe(24)
