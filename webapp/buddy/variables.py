"""Variables of an action: as they are sent, as Buddy gives them back, and whether the two are the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from webapp.buddy.secrecy import REDACTED, SECRET_TYPES, is_encrypted, is_secret
from webapp.http.entries import Entries, read_entry
from webapp.http.errors import BadAnswer
from webapp.http.reading import optional_text, said, text, trimmed

PLAIN_VARIABLE = "VAR"
# What Buddy's variables have that tells one from another, and how it is where nothing is said.
DEFAULTS: Mapping[str, Any] = {
    "key": "",
    "value": "",
    "type": PLAIN_VARIABLE,
    "encrypted": False,
    "settable": False,
    "description": "",
}


@dataclass(frozen=True)
class Variable:
    """A variable of an action. The value of an encrypted one, and of a private key, is a secret.

    The `value` is None where Buddy alone has it, whatever Buddy answered. Whoever wants to change the variables of an
    action sends all of them, so each such value has to be typed again.
    """

    key: str
    value: str | None = field(repr=False)
    type: str = PLAIN_VARIABLE
    encrypted: bool = False
    settable: bool = False
    description: str = ""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Variable":
        """Read an item of an action's variables. Raises `BadAnswer` for one without a name."""
        key = text(data, "key")
        if not key:
            raise BadAnswer("the variable has no name")
        return cls(
            key=key,
            value=None if is_secret(data) else optional_text(data, "value"),
            type=optional_text(data, "type") or PLAIN_VARIABLE,
            encrypted=bool(data.get("encrypted")) or is_encrypted(data.get("value")),
            settable=data.get("settable") is True,
            description=optional_text(data, "description") or "",
        )

    @classmethod
    def all_from_json(cls, data: Sequence[Any]) -> "tuple[Variable, ...]":
        """Read an action's variables; what is none is left out."""
        return tuple(Entries(read_entry(item, cls.from_json) for item in data))

    @property
    def secret(self) -> bool:
        """Whether the value must never be shown."""
        return self.encrypted or self.type in SECRET_TYPES

    def payload(self) -> dict[str, Any]:
        """The variable on the wire; what is at its default is left out, and what nobody knows here is never sent."""
        value = REDACTED if self.value is None else self.value
        rest = {name: mine for name, mine in vars(self).items() if mine != DEFAULTS[name]}
        return {"key": self.key, **rest, "value": value}


def same_variables(sent: list[Mapping[str, Any]], answered: Any) -> bool:
    """Whether an answer has the variables that were sent, in any order; values of secret ones are not compared."""
    if not isinstance(answered, list) or not all(isinstance(item, Mapping) for item in answered):
        return False
    mine, theirs = (sorted(items, key=lambda item: str(item.get("key"))) for items in (sent, answered))
    return len(mine) == len(theirs) and all(map(same_variable, mine, theirs))


def in_full(variables: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Variables in their order, with what tells one from another, also where nothing is said of it."""
    return [{name: said(item, name, default) for name, default in DEFAULTS.items()} for item in variables]


def same_variable(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
    """Whether two variables are the same but for a secret value."""
    secret = REDACTED in (mine.get("value"), theirs.get("value"))
    return all(
        (secret and name == "value") or trimmed(said(mine, name, default)) == trimmed(said(theirs, name, default))
        for name, default in DEFAULTS.items()
    )
