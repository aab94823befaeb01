"""Variables of an action: as they are sent, and as Buddy gives them back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from webapp.buddy.entries import Entries, read_entry
from webapp.buddy.errors import BadAnswer
from webapp.buddy.reading import optional_text, text
from webapp.buddy.secrecy import SECRET_TYPES, is_secret
from webapp.buddy.wire import given, ticked

PLAIN_VARIABLE = "VAR"


@dataclass(frozen=True)
class Variable:
    """A variable of an action. The value of an encrypted one, and of a private key, is a secret."""

    key: str
    value: str = field(repr=False)
    type: str = PLAIN_VARIABLE
    encrypted: bool = False
    settable: bool = False
    description: str = ""

    @property
    def secret(self) -> bool:
        """Whether the value must never be shown."""
        return self.encrypted or self.type in SECRET_TYPES

    def payload(self) -> dict[str, Any]:
        """The variable on the wire; what is at its default is left out."""
        return (
            {"key": self.key, "value": self.value}
            | given(type="" if self.type == PLAIN_VARIABLE else self.type, description=self.description)
            | ticked(encrypted=self.encrypted, settable=self.settable)
        )


@dataclass(frozen=True)
class StoredVariable:
    """A variable that Buddy has. The value of a `secret` one is not known to us: None, whatever Buddy answered.

    Whoever wants to change the variables of an action sends all of them, so each secret value has to be typed again.
    """

    key: str
    value: str | None = field(repr=False)
    type: str
    secret: bool
    settable: bool
    description: str

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "StoredVariable":
        """Read an item of an action's variables. Raises `BadAnswer` for one without a name."""
        key = text(data, "key")
        if not key:
            raise BadAnswer("the variable has no name")
        secret = is_secret(data)
        return cls(
            key=key,
            value=None if secret else optional_text(data, "value"),
            type=optional_text(data, "type") or PLAIN_VARIABLE,
            secret=secret,
            settable=data.get("settable") is True,
            description=optional_text(data, "description") or "",
        )

    @classmethod
    def all_from_json(cls, data: Sequence[Any]) -> "tuple[StoredVariable, ...]":
        """Read an action's variables; what is none is left out."""
        return tuple(Entries(read_entry(item, cls.from_json) for item in data))
