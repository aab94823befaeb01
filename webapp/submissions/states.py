"""What a submission asks for, its states, and the only steps between them."""

from collections.abc import Mapping
from enum import StrEnum

from webapp.store.reading import DoneStates


class Kind(StrEnum):
    """What a submission asks of Buddy: a new action, a change or the deletion of one that is there, or a run."""

    ADDITION = "addition"
    CHANGE = "change"
    DELETION = "deletion"
    RUN = "run"


class State(StrEnum):
    """Where a submission stands, from the first keystroke kept to what became of it."""

    DRAFT = "draft"
    SENDING = "sending"
    # Buddy's answer proves it.
    CREATED = "created"
    CHANGED = "changed"
    DELETED = "deleted"
    STARTED = "started"
    # No answer proved it, but it was looked for and is done.
    FOUND = "found"
    REJECTED = "rejected"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"
    # There is something like it, and only a person can tell whether it is the one.
    AMBIGUOUS = "ambiguous"
    # It was looked for long enough and is not done. That is a statement about now.
    ABSENT = "absent"


# An answer is a proof, also when it comes after the lease has ended and others have begun to look.
ANSWERED = frozenset({State.CREATED, State.REJECTED, State.NOT_SENT})
CHANGE_ANSWERED = frozenset({State.CHANGED, State.REJECTED, State.NOT_SENT})
LOOKED = frozenset({State.FOUND, State.AMBIGUOUS, State.ABSENT})
# The action has a number, or the run a mark, so that a look settles it without a person.
FOUND_OR_ABSENT = frozenset({State.FOUND, State.ABSENT})
NOWHERE: frozenset[State] = frozenset()


def asked_once(done: State) -> Mapping[State, frozenset[State]]:
    """The steps of what is claimed by the page that asks for it, and asked for anew on a new page alone."""
    answered = frozenset({done, State.REJECTED, State.NOT_SENT})
    return {
        State.SENDING: answered | {State.UNKNOWN},
        State.UNKNOWN: answered | FOUND_OR_ABSENT | {State.UNKNOWN},
        State.ABSENT: answered | FOUND_OR_ABSENT,
        **dict.fromkeys((done, State.FOUND, State.NOT_SENT, State.REJECTED), NOWHERE),
    }


EDGES: Mapping[Kind, Mapping[State, frozenset[State]]] = {
    Kind.ADDITION: {
        State.DRAFT: frozenset({State.DRAFT, State.SENDING}),
        # Absent again when this attempt came to nothing and the one before it is still not known.
        State.SENDING: ANSWERED | {State.SENDING, State.UNKNOWN, State.ABSENT},
        # Nothing has left this computer, so the same form may be changed and sent again.
        State.NOT_SENT: frozenset({State.DRAFT, State.SENDING}),
        State.UNKNOWN: ANSWERED | LOOKED | {State.UNKNOWN},
        State.AMBIGUOUS: ANSWERED | LOOKED | {State.UNKNOWN},
        State.ABSENT: ANSWERED | LOOKED | {State.SENDING},
        State.CREATED: NOWHERE,
        State.FOUND: NOWHERE,
        State.REJECTED: NOWHERE,
    },
    Kind.CHANGE: {
        State.DRAFT: frozenset({State.DRAFT, State.SENDING}),
        State.SENDING: CHANGE_ANSWERED | {State.UNKNOWN},
        State.NOT_SENT: frozenset({State.DRAFT, State.SENDING}),
        State.UNKNOWN: CHANGE_ANSWERED | FOUND_OR_ABSENT | {State.UNKNOWN},
        State.ABSENT: CHANGE_ANSWERED | FOUND_OR_ABSENT,
        State.CHANGED: NOWHERE,
        State.FOUND: NOWHERE,
        State.REJECTED: NOWHERE,
    },
    Kind.DELETION: asked_once(State.DELETED),
    # What becomes of one that was started is told by Buddy alone: see `webapp.submissions.runs`.
    Kind.RUN: asked_once(State.STARTED),
}
# The states of each kind, as the database names them.
STATES: Mapping[str, frozenset[str]] = {kind: frozenset(edges) for kind, edges in EDGES.items()}
ADDED = frozenset({State.CREATED, State.FOUND})
# What Buddy's answer has proved to be done.
PROVED_DONE = frozenset({State.CREATED, State.CHANGED, State.DELETED, State.STARTED})
# It is proved that an attempt has added nothing.
CAME_TO_NOTHING = frozenset({State.REJECTED, State.NOT_SENT})
# Where the secrets of a submission are needed no more. A run's are masked in its log, until it has ended.
SPENT: Mapping[Kind, frozenset[State]] = {
    **dict.fromkeys((Kind.ADDITION, Kind.CHANGE, Kind.DELETION), PROVED_DONE | {State.FOUND}),
    Kind.RUN: CAME_TO_NOTHING,
}
# What may change by itself: its page follows.
PENDING = frozenset({State.SENDING, State.UNKNOWN})
# What a person should look at.
OPEN = PENDING | {State.AMBIGUOUS, State.ABSENT}
# What was sent or tried, is not done, and will not be by itself, as far as is known.
NOT_DONE = CAME_TO_NOTHING | (OPEN - {State.SENDING})
# What a person may mend and send anew. A deletion or a run is asked for on a new page instead.
MENDED = frozenset({Kind.ADDITION, Kind.CHANGE})
# What nothing is left to be said of once a person has seen it.
DISMISSABLE = CAME_TO_NOTHING | {State.ABSENT}


DONE_STATES = DoneStates(Kind.ADDITION, ADDED, Kind.DELETION, frozenset({State.DELETED, State.FOUND}))


def sources(target: State, kind: Kind = Kind.ADDITION) -> frozenset[State]:
    """Tell from which states a submission of a kind may step to `target`."""
    return frozenset(state for state, targets in EDGES[kind].items() if target in targets)


def is_known(kind: str, state: str) -> bool:
    """Whether this version knows what a submission asks for and where it stands; else a newer Slipway has made it."""
    return state in STATES.get(kind, ())
