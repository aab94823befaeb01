"""What can have happened that is on record, as the record's filter offers it: in groups, in the words of the rows."""

from collections.abc import Collection, Iterable

from webapp.submissions.states import Kind, State
from webapp.submissions.words import STATES, done, ended
from webapp.views.naming import here

SIGNING = ("signed in", "signed out", "sign-in refused")
# How what was sent ended goes by the state, everything else by what was done.
GROUPS = {
    "Actions and runs": (*STATES, "turned up", "both", "asked to stop", "ended", "dismissed", "discarded", "refused"),
    "Signing in and out": SIGNING,
    "People and roles": (
        "invited",
        "entered first",
        "made a link",
        "chose a password",
        "password changed",
        "password hashed anew",
        "role changed",
        "disabled",
        "enabled",
    ),
    "Templates and rules": (
        "made a template",
        "changed a template",
        "retired a template",
        "brought a template back",
        "replaced a secret",
        "removed a secret",
        "rule changed",
    ),
}
# What is told by the states that it has led to.
TOLD = ("sent", "answered", "lost", "looked", "ruled", "stop answered")
OTHERS = "Slipway itself"


def grouped(verbs: Iterable[str], outcomes: Collection[str]) -> dict[str, dict[str, str]]:
    """Put what is on record under headings, each with its words; a heading that has nothing is left out."""
    known = {value for values in GROUPS.values() for value in values}
    there = {*(verb for verb in verbs if verb not in TOLD), *(outcome for outcome in outcomes if is_state(outcome))}
    groups = {**GROUPS, OTHERS: tuple(sorted(there - known))}
    found = {heading: {each: words(each) for each in values if each in there} for heading, values in groups.items()}
    return {heading: values for heading, values in found.items() if values}


def words(value: str) -> str:
    """What rows say of it."""
    return here(ended(value)) if is_state(value) else done(value, Kind.ADDITION, None, answered=False)


def is_state(value: str) -> bool:
    """Whether it is how something ended that was sent."""
    return value in list(State)
