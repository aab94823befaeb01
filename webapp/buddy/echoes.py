"""What was sent beside what Buddy answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.buddy.likeness import kind_of
from webapp.buddy.secrecy import REDACTED
from webapp.buddy.wordings import in_contracts_words


@dataclass(frozen=True)
class Echo:
    """One parameter: as sent, as answered, and whether that is the `same`, `different`, `silent` or a `secret`."""

    name: str
    sent: Any
    answered: Any
    state: str


def compare(sent: Mapping[str, Any], answer: Mapping[str, Any]) -> tuple[Echo, ...]:
    """Compare a redacted request with an answer, one echo for each parameter that was sent."""
    answered = in_contracts_words(answer) if answer else {}
    return tuple(echo(name, value, answered.get(name)) for name, value in sent.items())


def echo(name: str, sent: Any, answered: Any) -> Echo:
    """Compare one parameter. A field that an answer leaves out is the same as null."""
    if answered is None:
        state = "silent"
    elif sent == REDACTED:
        state = "secret"
    else:
        state = "same" if kind_of(name).agree(sent, answered) else "different"
    return Echo(name, sent, answered, state)
