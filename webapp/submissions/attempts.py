"""One attempt to send: what is sent, by whom and from which state; and what may come of it."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from webapp.buddy.container import Container
from webapp.buddy.places import Place
from webapp.store.events import Actor
from webapp.submissions.drafts import Draft
from webapp.submissions.states import Kind, State

FROM_FORM = frozenset({State.DRAFT, State.NOT_SENT})


@dataclass(frozen=True)
class Attempt:
    """A draft to be sent as a request. `over` are the states that may be sent from, `known_twin` is the submission
    that the person was told of and wants a second action beside: it asks the same, or its form is an earlier one."""

    draft: Draft
    request: Container
    actor: Actor
    known_twin: str | None = None
    over: Collection[State] = FROM_FORM

    @property
    def kind(self) -> Kind:
        """What it asks of Buddy."""
        return Kind.ADDITION

    @property
    def place(self) -> Place:
        """The pipeline that this goes to."""
        return self.draft.envelope.place

    @property
    def secrets(self) -> Collection[str]:
        """The secrets in it, to be looked for in what comes back."""
        return self.request.secrets()

    @property
    def content(self) -> bytes:
        """What this asks of Buddy, and where."""
        return json.dumps([self.place.path, self.request.payload()], sort_keys=True).encode()


@dataclass(frozen=True)
class Sent:
    """The send was made, or was given up before it began; the journal has what came of it."""


@dataclass(frozen=True)
class Taken:
    """Nothing was sent: this form is being sent, has been sent already, or was changed by another page since."""


@dataclass(frozen=True)
class Twin:
    """Nothing was sent: another submission asks the same. `pending` when that one's outcome is not known yet."""

    id: str
    pending: bool


@dataclass(frozen=True)
class Stopped:
    """Nothing was sent: the submission `id`, or an earlier one of the same form, may have added the action already.

    `added`: it has. `problem` says why Buddy could not be read; then nothing new is known.
    """

    id: str
    added: bool = False
    problem: str = ""


@dataclass(frozen=True)
class Unrecorded:
    """The send was made, and the journal could not take what came of it: a state, and what it would have kept."""

    state: State
    values: Mapping[str, Any]


Result = Sent | Taken | Twin | Stopped | Unrecorded
