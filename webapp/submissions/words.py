"""What a submission and what was done to it are called: on pages and on the command line, for each kind."""

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.buddy.executions import Status
from webapp.submissions.states import EDGES, NOT_DONE, Kind, State, is_known


@dataclass(frozen=True)
class Called:
    """The words for a state, their tone: "good", "bad", "warning", or none, and whether it is `done` what was asked."""

    words: str
    tone: str = ""
    done: bool = False


# An addition whose action is known to be deleted since: no state of its own, since it was added all the same.
GONE = "gone"
ADDED_AND_GONE = Called("Added, deleted since", done=True)
# What this version has no words for.
NEWER = Called("Made by a newer Slipway", "warning")
STATES: Mapping[str, Called] = {
    State.DRAFT: Called("Draft"),
    State.SENDING: Called("Being added"),
    State.CREATED: Called("Added", "good", done=True),
    State.CHANGED: Called("Changed", "good", done=True),
    State.DELETED: Called("Deleted", done=True),
    # It need not have begun.
    State.STARTED: Called("Accepted", "good", done=True),
    State.REJECTED: Called("Refused by Buddy", "bad"),
    State.NOT_SENT: Called("Not sent", "warning"),
    State.UNKNOWN: Called("Not known yet", "warning"),
    State.FOUND: Called("Added", "good", done=True),
    State.AMBIGUOUS: Called("Needs an answer", "warning"),
    State.ABSENT: Called("Not found", "warning"),
}
GOING_ON = "going on"
# How far a run is that was started, as Buddy says.
PROGRESS: Mapping[str, Called] = {
    Status.INITIAL: Called("Not started yet"),
    Status.ENQUEUED: Called("Waits for its turn"),
    Status.INPROGRESS: Called("Running"),
    Status.TERMINATING: Called("Being stopped", "warning"),
    Status.WAITING_FOR_APPLY: Called("Waits for approval", "warning"),
    Status.WAITING_FOR_VARIABLES: Called("Waits for values of variables", "warning"),
    Status.WAITING_FOR_SETTABLE_VARIABLES: Called("Waits for values of variables", "warning"),
    Status.WAITING_FOR_VT_SESSION: Called("Waits for a visual test", "warning"),
    Status.SUCCESSFUL: Called("Passed", "good"),
    Status.FAILED: Called("Failed", "bad"),
    Status.TERMINATED: Called("Stopped", "warning"),
    Status.SKIPPED: Called("Skipped", "warning"),
    Status.NOT_EXECUTED: Called("Not run", "warning"),
    # Buddy may have other words, too.
    GOING_ON: Called("Going on"),
}
# What else they are called where something else than an addition was asked for.
OF_KIND: Mapping[str, Mapping[str, str]] = {
    Kind.ADDITION: {},
    Kind.CHANGE: {State.SENDING: "Being changed", State.FOUND: "Changed", State.ABSENT: "Not changed"},
    Kind.DELETION: {State.SENDING: "Being deleted", State.FOUND: "Deleted", State.ABSENT: "Still there"},
    Kind.RUN: {State.SENDING: "Being started", State.FOUND: "Accepted"},
}
# What was asked for, beside what the action is called.
ASKED: Mapping[str, str] = {
    Kind.ADDITION: "New action",
    Kind.CHANGE: "Change",
    Kind.DELETION: "Deletion",
    Kind.RUN: "Run",
}
# What a send is called on record.
SENT: Mapping[str, str] = {
    Kind.ADDITION: "Sent",
    Kind.CHANGE: "Sent a change",
    Kind.DELETION: "Sent a deletion",
    Kind.RUN: "Asked for a run",
}
# What came back: Buddy's answer, or none.
ANSWERED = "Buddy answered"
NO_ANSWERS: Mapping[str, str] = {State.UNKNOWN: "No answer came", State.NOT_SENT: "Could not be sent"}
# What else was done. A verb that is not here says it itself.
VERBS: Mapping[str, str] = {
    "lost": "Slipway was stopped while sending",
    "looked": "Looked for it",
    "ruled": "Decided by hand",
    "turned up": "Another attempt turned up",
    "asked to stop": "Asked to stop it",
    "ended": "The run ended",
    "both": "Kept both",
    "dismissed": "Hidden from the home page",
    "discarded": "Discarded a draft",
}
# Several states in one choice of a filter.
NEEDS_ATTENTION = "Needs attention (refused, not sent, not known, not found)"
BY_LOOKING = ", found by looking"
# How else something ended. An outcome that is not here says it itself.
ENDINGS: Mapping[str, str] = {
    "role": "The role does not allow it",
    "form": "Form not recognised",
    "off": "Off",
    "warn": "Warns",
    "refuse": "Refuses",
    "locked": "Not asked by the template",
    "answers": "Not what the template asks for",
    "oidc": "OpenID",
    "denied": "The provider said no",
    "no role": "No role here",
    "disabled": "Disabled here",
    "state": "Started in another browser, or already used",
    "code": "Not known to the provider",
    "identity": "Identity not proved",
    "provider": "Provider not reached",
    "malformed": "Provider's answer not usable",
    "busy": "Too many at once",
}


def called(kind: str, state: str) -> Called:
    """What a state of a submission is called that asks for something of a `kind`."""
    if (kind, state) == (Kind.ADDITION, GONE):
        return ADDED_AND_GONE
    if is_progress(kind, state):
        return PROGRESS[state]
    if not is_known(kind, state):
        return NEWER
    common = STATES[state]
    # What is gone for good is no good news, however it is known.
    tone = "" if kind == Kind.DELETION and common.done else common.tone
    return Called(OF_KIND[kind].get(state, common.words), tone, common.done)


def is_progress(kind: str, word: str) -> bool:
    """Whether a word says how far a run is that was started."""
    return kind == Kind.RUN and word in PROGRESS


def as_it_runs(status: str) -> str:
    """What a run stands for in lists whose last known status in Buddy is this one."""
    return status if status in PROGRESS else GOING_ON


def called_by_all(state: str) -> str | None:
    """What a state is called, whatever was asked for; None for what is no state of this version's."""
    if state not in STATES:
        return None
    words = dict.fromkeys(called(kind, state).words for kind, edges in EDGES.items() if state in edges)
    return " / ".join(words) + (BY_LOOKING if state == State.FOUND else "")


def asked(kind: str) -> str:
    """What a submission of a kind asks for."""
    return ASKED.get(kind, NEWER.words)


def states_by_words() -> dict[str, tuple[tuple[str, str], ...]]:
    """What submissions that were sent can be called, each with the kinds and states that are called so; all those
    together that need attention come first."""
    group = tuple((kind, state) for kind, edges in EDGES.items() for state in edges if state in NOT_DONE)
    found: dict[str, tuple[tuple[str, str], ...]] = {NEEDS_ATTENTION: group}
    for kind, edges in EDGES.items():
        for state in edges:
            if state is not State.DRAFT:
                words = called(kind, state).words
                found[words] = (*found.get(words, ()), (kind, state))
    return found


def runs_by_words() -> dict[str, tuple[str, ...]]:
    """What runs can be called that were started, each with Buddy's words for it."""
    found: dict[str, tuple[str, ...]] = {}
    for status in Status:
        words = PROGRESS[status].words
        found[words] = (*found.get(words, ()), status)
    return found


def ended(outcome: str) -> str:
    """How something ended that is on record, whatever was asked for."""
    return called_by_all(outcome) or ENDINGS.get(outcome) or capital(outcome)


def ended_as(kind: str, outcome: str) -> str:
    """How something ended that was done to a submission of a kind."""
    return called(kind, outcome).words if is_known(kind, outcome) or is_progress(kind, outcome) else ended(outcome)


def sentence(kind: str, state: str) -> str:
    """The same as a sentence, for where nothing else tells how it is known."""
    words = called(kind, state).words + (BY_LOOKING if state == State.FOUND else "")
    return f"{words}."


def done(verb: str, kind: str, outcome: str | None, answered: bool) -> str:
    """What was done to a submission, as the record has it; `answered`: Buddy's own words came back."""
    if verb == "sent":
        return SENT.get(kind, "Sent")
    if verb in ("answered", "stop answered"):
        return ANSWERED if answered else NO_ANSWERS.get(outcome or "", ANSWERED)
    return VERBS.get(verb, capital(verb))


def capital(text: str) -> str:
    """A text as it begins a sentence: names in it stay as they are, which Jinja's own filter does not leave."""
    return text[:1].upper() + text[1:]
