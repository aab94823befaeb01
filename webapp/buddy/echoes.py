"""What was sent beside what Buddy answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.buddy.secrecy import REDACTED


@dataclass(frozen=True)
class Echo:
    """One parameter: as sent, as answered, and whether that is the `same`, `different`, `silent` or a `secret`."""

    name: str
    sent: Any
    answered: Any
    state: str


def compare(sent: Mapping[str, Any], answer: Mapping[str, Any]) -> tuple[Echo, ...]:
    """Compare a redacted request with an answer, one echo for each parameter that was sent."""
    return tuple(echo(name, value, answer.get(name)) for name, value in sent.items())


def echo(name: str, sent: Any, answered: Any) -> Echo:
    """Compare one parameter. A field that an answer leaves out is the same as null."""
    if answered is None:
        state = "silent"
    elif sent == REDACTED:
        state = "secret"
    elif agrees(sent, answered):
        state = "same"
    else:
        state = "different"
    return Echo(name, sent, answered, state)


def agrees(sent: Any, answered: Any) -> bool:
    """Whether an answer says what was sent; it may say more, such as a variable's id."""
    if isinstance(sent, Mapping) and isinstance(answered, Mapping):
        known = {"identifier": answered.get("identifier") or answered.get("hash_id")} if "identifier" in sent else {}
        return all(agrees(value, {**answered, **known}.get(name)) for name, value in sent.items())
    if isinstance(sent, list) and isinstance(answered, list):
        return len(sent) == len(answered) and all(map(agrees, sent, answered))
    return bool(sent == answered) or sent == REDACTED
