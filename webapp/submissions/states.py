"""The states of a submission and the only steps between them."""

from enum import StrEnum


class State(StrEnum):
    """Where a submission stands, from the first keystroke kept to what became of it."""

    DRAFT = "draft"
    SENDING = "sending"
    # Buddy's answer proves it.
    CREATED = "created"
    # No answer proved it, but it was looked for and is there.
    FOUND = "found"
    REJECTED = "rejected"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"
    # There is something like it, and only a person can tell whether it is the one.
    AMBIGUOUS = "ambiguous"
    # It was looked for long enough and is not there. That is a statement about now.
    ABSENT = "absent"


# An answer is a proof, also when it comes after the lease has ended and others have begun to look.
ANSWERED = frozenset({State.CREATED, State.REJECTED, State.NOT_SENT})
LOOKED = frozenset({State.FOUND, State.AMBIGUOUS, State.ABSENT})
EDGES: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.DRAFT, State.SENDING}),
    State.SENDING: ANSWERED | {State.SENDING, State.UNKNOWN},
    # Nothing has left this computer, so the same form may be changed and sent again.
    State.NOT_SENT: frozenset({State.DRAFT, State.SENDING}),
    State.UNKNOWN: ANSWERED | LOOKED | {State.UNKNOWN},
    State.AMBIGUOUS: ANSWERED | LOOKED | {State.UNKNOWN},
    State.ABSENT: ANSWERED | LOOKED | {State.SENDING},
    State.CREATED: frozenset(),
    State.FOUND: frozenset(),
    State.REJECTED: frozenset(),
}
ADDED = frozenset({State.CREATED, State.FOUND})
# What may change by itself: its page follows.
PENDING = frozenset({State.SENDING, State.UNKNOWN})
# What a person should look at.
OPEN = PENDING | {State.AMBIGUOUS, State.ABSENT}


def sources(target: State) -> frozenset[State]:
    """Tell from which states a submission may step to `target`."""
    return frozenset(state for state, targets in EDGES.items() if target in targets)
