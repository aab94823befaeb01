"""What a submission and what was done to it are called: on pages and on the command line, for each kind."""

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.submissions.states import EDGES, Kind, State, is_known


@dataclass(frozen=True)
class Called:
    """The words for a state, and their tone: "good", "bad", "warning", or none."""

    words: str
    tone: str = ""


# What this version has no words for.
NEWER = Called("Made by a newer Slipway", "warning")
STATES: Mapping[str, Called] = {
    State.DRAFT: Called("Draft"),
    State.SENDING: Called("Being added"),
    State.CREATED: Called("Added", "good"),
    State.CHANGED: Called("Changed", "good"),
    State.DELETED: Called("Deleted", "good"),
    State.REJECTED: Called("Refused by Buddy", "bad"),
    State.NOT_SENT: Called("Not sent", "warning"),
    State.UNKNOWN: Called("Not known yet", "warning"),
    State.FOUND: Called("Added", "good"),
    State.AMBIGUOUS: Called("Which one is it?", "warning"),
    State.ABSENT: Called("Not found", "warning"),
}
# What else they are called where something else than an addition was asked for.
OF_KIND: Mapping[str, Mapping[str, str]] = {
    Kind.ADDITION: {},
    Kind.CHANGE: {State.SENDING: "Being changed", State.FOUND: "Changed", State.ABSENT: "Not changed"},
    Kind.DELETION: {State.SENDING: "Being deleted", State.FOUND: "Deleted", State.ABSENT: "Still there"},
}
# What a send is called on record.
SENT: Mapping[str, str] = {Kind.ADDITION: "Sent", Kind.CHANGE: "Sent a change", Kind.DELETION: "Sent a deletion"}
# What came back, unless it was Buddy's answer.
NO_ANSWERS: Mapping[str, str] = {State.UNKNOWN: "No answer of Buddy's came", State.NOT_SENT: "Could not be sent"}
# What else was done. A verb that is not here says it itself.
VERBS: Mapping[str, str] = {
    "lost": "Slipway was stopped while sending",
    "looked": "Looked for in Buddy",
    "ruled": "Decided by hand",
    "turned up": "Another attempt turned up",
    "both": "Kept both",
    "dismissed": "Dismissed",
    "discarded": "Discarded a draft",
}
BY_LOOKING = ", found by looking"


def called(kind: str, state: str) -> Called:
    """What a state of a submission is called that asks for something of a `kind`."""
    if not is_known(kind, state):
        return NEWER
    common = STATES[state]
    return Called(OF_KIND[kind].get(state, common.words), common.tone)


def called_by_all(state: str) -> str | None:
    """What a state is called, whatever was asked for; None for what is no state of this version's."""
    if state not in STATES:
        return None
    words = dict.fromkeys(called(kind, state).words for kind, edges in EDGES.items() if state in edges)
    return " / ".join(words) + (BY_LOOKING if state == State.FOUND else "")


def sentence(kind: str, state: str) -> str:
    """The same as a sentence, for where nothing else tells how it is known."""
    words = called(kind, state).words + (BY_LOOKING if state == State.FOUND else "")
    return words if words.endswith("?") else f"{words}."


def done(verb: str, kind: str, outcome: str | None, answered: bool) -> str:
    """What was done to a submission, as the record has it; `answered`: Buddy's own words came back."""
    if verb == "sent":
        return SENT.get(kind, "Sent")
    if verb == "answered":
        return "Buddy answered" if answered else NO_ANSWERS.get(outcome or "", "Buddy answered")
    return VERBS.get(verb, plainly(verb))


def plainly(text: str) -> str:
    """What a text for machines says to people where there are no other words for it."""
    return text[:1].upper() + text[1:]
