"""The kinds of values that settings of an action have: how each is read, sent, emptied, compared and hidden."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from webapp.buddy.integrations import reference, same_integration
from webapp.buddy.secrecy import SECRET_TYPES
from webapp.buddy.variables import Variable, in_full, same_variables
from webapp.http.reading import texts_in, trimmed

Value = TypeVar("Value")
# What stands in place of a secret, given the name of its variable, or none for a password.
StandIn = Callable[[str], str]


@dataclass(frozen=True)
class Kind(ABC, Generic[Value]):
    """What all kinds have: `empty` is the value of a setting that is not set, and `cleared` the same in JSON.

    So `cleared` is what a change sends to empty a setting, and what an answer means that is silent about it.
    """

    empty: Value
    cleared: Any

    @abstractmethod
    def read(self, said: Any) -> Value:
        """Read what an answer says, or None, leniently: what can't be read is not set."""

    def wire(self, value: Value) -> Any:
        """A value that is set, in JSON."""
        return value

    def put(self, value: Value) -> Any:
        """A value in JSON, whether or not it is set."""
        return self.cleared if value == self.empty else self.wire(value)

    def agree(self, sent: Any, answered: Any) -> bool:
        """Whether a value that was sent, without its secrets, and one that was answered mean the same."""
        return bool(sent == answered)

    def exact(self, sent: Any, answered: Any) -> bool:
        """Whether they are the same to the letter."""
        return bool(sent == answered)

    def secrets(self, sent: Any) -> Sequence[str]:
        """The secrets in what is sent."""
        return ()

    def hidden(self, sent: Any, stand_in: StandIn) -> Any:
        """What is sent with something in place of each secret."""
        return sent


@dataclass(frozen=True)
class Text(Kind[str]):
    """A text, or a word of Buddy's."""

    empty: str = ""
    cleared: str | None = ""

    def read(self, said: Any) -> str:
        """What is no text is not set."""
        return said if isinstance(said, str) and said else self.empty

    def agree(self, sent: Any, answered: Any) -> bool:
        """Outer blanks and the kind of line ends make no difference."""
        return bool(trimmed(sent) == trimmed(answered))


@dataclass(frozen=True)
class Password(Text):
    """A text that is a secret."""

    def secrets(self, sent: Any) -> Sequence[str]:
        """The text itself."""
        return (sent,) if sent else ()

    def hidden(self, sent: Any, stand_in: StandIn) -> Any:
        """The text is replaced."""
        return stand_in("")


@dataclass(frozen=True)
class Number(Kind[int | None]):
    """A whole number from 0 up. 0 is what Buddy says where nothing is set."""

    empty: None = None
    cleared: int | None = 0

    def read(self, said: Any) -> int | None:
        """What is no such number is not set."""
        whole = isinstance(said, int) and not isinstance(said, bool) and said >= 0
        return said if whole and said != self.cleared else None


@dataclass(frozen=True)
class BuildAction(Number):
    """The number of the action that builds the image: 0 is the one just before, and null none."""

    cleared: int | None = None

    def agree(self, sent: Any, answered: Any) -> bool:
        """Of the one just before, Buddy may answer which it is."""
        return answered is not None if sent == 0 else super().agree(sent, answered)


@dataclass(frozen=True)
class Flag(Kind[bool]):
    """True or false."""

    empty: bool = False
    cleared: bool = False

    def read(self, said: Any) -> bool:
        """Only true is true."""
        return said is True


@dataclass(frozen=True)
class Lines(Kind[tuple[str, ...]]):
    """A list of texts."""

    empty: tuple[str, ...] = ()
    cleared: list[str] = field(default_factory=list)

    def read(self, said: Any) -> tuple[str, ...]:
        """What is no text is left out."""
        return texts_in(said)

    def wire(self, value: tuple[str, ...]) -> list[str]:
        """A list."""
        return list(value)


@dataclass(frozen=True)
class Variables(Kind[tuple[Variable, ...]]):
    """Variables, of which some are secret."""

    empty: tuple[Variable, ...] = ()
    cleared: list[Any] = field(default_factory=list)

    def read(self, said: Any) -> tuple[Variable, ...]:
        """What is no variable is left out."""
        return Variable.all_from_json(said) if isinstance(said, list) else ()

    def wire(self, value: tuple[Variable, ...]) -> list[dict[str, Any]]:
        """A list of objects."""
        return [item.payload() for item in value]

    def agree(self, sent: Any, answered: Any) -> bool:
        """Their order makes no difference, and secret values are not compared."""
        return same_variables(sent, answered)

    def exact(self, sent: Any, answered: Any) -> bool:
        """What Buddy fills in, or tells besides, makes no difference."""
        return in_full(sent) == in_full(answered)

    def secrets(self, sent: Any) -> Sequence[str]:
        """The values of the secret ones."""
        return [item["value"] for item in sent if holds_secret(item)]

    def hidden(self, sent: Any, stand_in: StandIn) -> Any:
        """The values of the secret ones are replaced."""
        return [{**item, "value": stand_in(item["key"])} if holds_secret(item) else item for item in sent]


def holds_secret(variable: Mapping[str, Any]) -> bool:
    """Whether the value of a variable that is sent is a secret."""
    return variable.get("encrypted") is True or variable.get("type") in SECRET_TYPES


@dataclass(frozen=True)
class Integration(Kind[str]):
    """An integration, by its identifier or its hash id."""

    empty: str = ""
    cleared: dict[str, Any] = field(default_factory=dict)

    def read(self, said: Any) -> str:
        """What names no integration is none."""
        return reference(said)

    def wire(self, value: str) -> dict[str, str]:
        """An object that names it."""
        return {"identifier": value}

    def agree(self, sent: Any, answered: Any) -> bool:
        """It has two names."""
        return same_integration(sent, answered)
