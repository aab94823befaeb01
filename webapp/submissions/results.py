"""What may come of asking for a send."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.submissions.states import State


@dataclass(frozen=True)
class Recorded:
    """The send was made, or was given up before it began; the journal has what came of it."""


@dataclass(frozen=True)
class AlreadyClaimed:
    """Nothing was sent: this form is being sent, has been sent already, or was changed by another page since."""


@dataclass(frozen=True)
class Duplicate:
    """Nothing was sent: another submission asks the same. `pending` when that one's outcome is not known yet.

    `other`: it asks something else of the same action, at this moment.
    """

    id: str
    pending: bool
    other: bool = False


@dataclass(frozen=True)
class Stopped:
    """Nothing was sent: the submission `id`, or an earlier one of the same form, may have added the action already.

    `added`: it has. `problem` says why Buddy could not be read; then nothing new is known.
    """

    id: str
    added: bool = False
    problem: str = ""


def is_doubled(why: Duplicate | Stopped) -> bool:
    """Whether what stands in the way of a send is there, so that a person may want a second one."""
    return why.added if isinstance(why, Stopped) else not why.pending


@dataclass(frozen=True)
class Unrecorded:
    """The send was made, and the journal could not take what came of it: a state, and what it would have kept."""

    state: State
    values: Mapping[str, Any]


NotMade = AlreadyClaimed | Duplicate | Stopped
Result = Recorded | NotMade | Unrecorded
