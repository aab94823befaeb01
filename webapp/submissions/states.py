"""The states of a submission and the only steps between them."""

from enum import StrEnum


class State(StrEnum):
    """Where a submission stands, from the first keystroke kept to Buddy's answer."""

    DRAFT = "draft"
    SENDING = "sending"
    CREATED = "created"
    REJECTED = "rejected"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"


EDGES: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.DRAFT, State.SENDING}),
    State.SENDING: frozenset({State.SENDING, State.CREATED, State.REJECTED, State.NOT_SENT, State.UNKNOWN}),
    # Nothing has left this computer, so the same form may be changed and sent again.
    State.NOT_SENT: frozenset({State.DRAFT, State.SENDING}),
    State.CREATED: frozenset(),
    State.REJECTED: frozenset(),
    State.UNKNOWN: frozenset(),
}


def sources(target: State) -> frozenset[State]:
    """Tell from which states a submission may step to `target`."""
    return frozenset(state for state, targets in EDGES.items() if target in targets)
