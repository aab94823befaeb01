"""A "Run Docker container" action that Buddy has, read for being shown, copied and changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.buddy.actions import Action
from webapp.buddy.container import SETTINGS, TYPE, Container, read_values
from webapp.buddy.wordings import in_contracts_words

# What all actions have, this form does not know, and how it is where nobody has set it.
OTHER_SETTINGS: Mapping[str, Any] = {
    "trigger_conditions": [],
    "run_next": "WAIT_ON_SUCCESS",
    "loop": [],
    "shell": "",
}
# What variables can have that Slipway sends none of.
RICH = ("run_only_settable", "init_path", "defaults", "file_path", "file_chmod", "file_place", "passphrase")


@dataclass(frozen=True)
class StoredContainer:
    """A container that Buddy has, at its defaults where Buddy says nothing, and what there is around it.

    `unused` are settings of another source than the one that the image comes from. `others` names what else is set,
    `rich_variables` tells whether a variable has more than a form shows. `unread_variables` and `unread_volumes` count
    what can't be read of those.
    """

    id: int
    container: Container
    unused: Mapping[str, Any]
    others: tuple[str, ...]
    rich_variables: bool
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
            others=tuple(name for name, usual in OTHER_SETTINGS.items() if raw.get(name) not in (None, usual)),
            rich_variables=any(map(is_rich, items)) if isinstance(items := raw.get("variables"), list) else False,
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


def is_rich(variable: Any) -> bool:
    """Whether a variable has settings that Slipway would lose by sending it again."""
    return isinstance(variable, Mapping) and any(
        variable.get(name) not in (None, "", False, "NONE", [], {}) for name in RICH
    )
