"""What a look in Buddy comes to, for whatever kind of submission."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from webapp.store.events import Actor
from webapp.store.journal import ExtraRow
from webapp.store.models import Submission
from webapp.submissions.sends import Send
from webapp.submissions.states import State

# Called with what came of something: its kind, and how it ended.
OutcomeObserver = Callable[[str, str], object]
UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Look:
    """What a look came to: the kind and the state afterwards, the row's version, the ids that the pipeline has now.

    `turned_up`: there is another action than the one that was known. `problem` says why Buddy could not be
    read; then nothing is known and the state is what it was.
    """

    id: str
    name: str
    kind: str
    state: State
    version: int
    action_ids: tuple[int, ...] = ()
    problem: str = ""
    turned_up: bool = False


@dataclass(frozen=True)
class Finding:
    """What Buddy tells of a submission: the state that it has come to, the columns that are written of that, and the
    sends that are still not known.

    `extra_rows` are submissions of their own for what turned up when the row had its action already, `ids` the actions
    that the pipeline has now.
    """

    state: State
    values: Mapping[str, Any] = field(default_factory=dict)
    left: Sequence[Send] = ()
    extra_rows: Sequence[ExtraRow] = ()
    ids: tuple[int, ...] = ()


class Search(Protocol):
    """How one kind of submission is looked for."""

    def find(self, row: Submission, state: State, actor: Actor) -> Finding:
        """Look for a row that is in this state, in the name of `actor`. Raises `BuddyError`, `JournalUnavailable`."""


class Looker(Protocol):
    """Who looks for a submission of whatever kind, and writes down what that comes to."""

    def look(self, row: Submission, *, actor: Actor) -> Look | None:
        """Look for one now. None when it is not to be looked for, or somebody else is looking. Raises `Busy` when too
        many wait for Buddy already, and `JournalUnavailable`."""
