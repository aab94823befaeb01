"""A "Run Docker container" action that Buddy has, read for being shown, copied and changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from webapp.buddy.actions import Action
from webapp.buddy.container import SETTINGS, TYPE, Container, read_values
from webapp.buddy.variables import DEFAULTS
from webapp.buddy.wordings import in_contracts_words
from webapp.http.reading import optional_texts

# What Buddy tells of an action that is no setting of it.
ABOUT = frozenset(
    {
        "current_revision",
        "html_url",
        "id",
        "last_execution_status",
        "name",
        "pipeline",
        "revision",
        "status",
        "type",
        "url",
    }
)
# How settings that this form does not know are where nobody has set them, or where its own settings say the same.
USUAL: Mapping[str, frozenset[str]] = {
    "run_next": frozenset({"WAIT_ON_SUCCESS"}),
    "image_location": frozenset({"ACTION", "PRIVATE_REGISTRY", "PUBLIC_REGISTRY"}),
    "docker_registry": frozenset(
        {
            *("AMAZON_ECR", "DOCKER_HUB", "GIT_HUB_CONTAINER_REGISTRY"),
            *("GOOGLE_ARTIFACT_REGISTRY", "GOOGLE_GCR", "NONE", "OTHER"),
        }
    ),
}
# What variables have that Slipway sends, and what Buddy tells of them.
OF_VARIABLES = frozenset({*DEFAULTS, "binary", "checksum", "id", "key_fingerprint", "public_value"})
USUAL_PLACE = "NONE"
# Of more settings than these, and of longer names, nobody reads on.
MOST_NAMED = 60
LONGEST_NAMED = 60


@dataclass(frozen=True)
class StoredContainer:
    """A container that Buddy has, at its defaults where Buddy says nothing, and what there is around it.

    `unused` are settings of another source than the one that the image comes from. `others` names what else is set,
    `rich_variables` what a variable has that no form shows, by the variable's name. `unread_variables` and
    `unread_volumes` count what can't be read of those.
    """

    id: int
    container: Container
    unused: Mapping[str, Any]
    others: tuple[str, ...]
    rich_variables: Mapping[str, tuple[str, ...]]
    unread_variables: int
    unread_volumes: int

    @classmethod
    def of(cls, action: Action) -> "StoredContainer | None":
        """Read an action; None when it is of another type."""
        if action.type != TYPE:
            return None
        raw = in_contracts_words(action.raw)
        values = read_values(raw)
        container = Container.of(values)
        used = container.values()
        return cls(
            id=action.id,
            container=container,
            unused={name: value for name, value in values.items() if name not in used},
            others=tuple(others_in(raw)),
            rich_variables=dict(rich_variables(raw)),
            unread_variables=unread(raw, "variables", len(container.variables)),
            unread_volumes=unread(raw, "volume_mappings", len(container.volume_mappings)),
        )

    def values(self) -> dict[str, Any]:
        """The value of each setting that Buddy tells, under Buddy's names, also of those that are not used."""
        values = {**self.unused, **self.container.values()}
        return {name: values[name] for name, setting in SETTINGS.items() if setting.told}


def unread(data: Mapping[str, Any], name: str, read: int) -> int:
    """How many entries a list has besides those that were `read`; something else in its place is one."""
    value = data.get(name)
    return len(value) - read if isinstance(value, list) else int(value not in (None, ""))


def others_in(raw: Mapping[str, Any]) -> list[str]:
    """The settings of an action that hold something and that this form does not know, by their names."""
    known = {*SETTINGS, *ABOUT}
    names = sorted(
        shown(name)
        for name, value in raw.items()
        if name not in known and holds(value) and value not in USUAL.get(name, ()) and not told_by_commands(name, raw)
    )
    more = len(names) - MOST_NAMED
    return [*names[:MOST_NAMED], *([f"{more:,} more"] if more > 0 else [])]


def told_by_commands(name: str, raw: Mapping[str, Any]) -> bool:
    """Whether a setting is the commands in the wording of newer answers."""
    if name != "execute_commands":
        return False
    return raw.get("inline_commands") in (None, "\n".join(optional_texts(raw, name)))


def holds(value: Any) -> bool:
    """Whether a setting is set to anything."""
    return value not in (None, "", False, 0, [], {})


def shown(name: str) -> str:
    """A name as a list shows it."""
    return name if len(name) <= LONGEST_NAMED else f"{name[:LONGEST_NAMED]}…"


def rich_variables(raw: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The variables with settings that Slipway would lose by sending them again, each with the names of these."""
    listed = raw.get("variables")
    for item in listed if isinstance(listed, list) else ():
        if isinstance(item, Mapping):
            held = {name: value for name, value in item.items() if name not in OF_VARIABLES and holds(value)}
            names = sorted(shown(name) for name, value in held.items() if value != USUAL_PLACE)
            if names:
                yield str(item.get("key")), tuple(names[:MOST_NAMED])
