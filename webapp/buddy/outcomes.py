"""What came of a write: done, rejected, not sent, or unknown, which is all that does not prove one of the others.

what came back                                               what it proves
-----------------------------------------------------------  ------------------------------
POST:   200, 201 or 202 with an action with a valid id       Created
POST:   200, 201 or 202 with a run with a valid id           Started
PATCH:  200 with the action that was changed                 Changed
PATCH:  200 with the run that was to be stopped              StopTaken
DELETE: 204                                                  Deleted
400, 401, 403, 404, 405, 413, 415, 422, 429                  Rejected
402, 406, 409, 410, 411, 412, 414, 417, 421, 423, 424, 425,
426, 428, 431, 451 with words in JSON, so from Buddy itself  Rejected
no such host, no connection, none in time                    NotSent
a certificate that is not trusted                            NotSent
a proxy that refuses the tunnel, or can't be reached         NotSent
an address that can't be used                                NotSent
anything else                                                Unknown

So Unknown are, whoever says them: 408, with which somebody between Buddy and us may have given up waiting; 407, which
is a proxy's; what no standard knows, such as 499; each 3xx and 5xx. And a 2xx with errors: its status says that it is
done, and Buddy's own clients take it for a failure.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from webapp.buddy.actions import Action
from webapp.buddy.executions import Execution
from webapp.http.errors import BadAnswer
from webapp.http.failures import NotSent, Unknown
from webapp.http.messages import words
from webapp.http.reading import mapping, parse
from webapp.http.refusals import messages_of, refusal
from webapp.http.transport import Answer

Proof = TypeVar("Proof")

ADDED = frozenset({200, 201, 202})
CHANGED = 200
DELETED = 204
REFUSALS = frozenset({400, 401, 403, 404, 405, 413, 415, 422, 429})
# From somebody between Buddy and us these would prove nothing; each means that nothing was done (RFC 9110, 4918, 6585).
BUDDYS_REFUSALS = frozenset({402, 406, 409, 410, 411, 412, 414, 417, 421, 423, 424, 425, 426, 428, 431, 451})


@dataclass(frozen=True)
class Created:
    """Buddy has added the action."""

    action: Action
    status: int


@dataclass(frozen=True)
class Changed:
    """Buddy has changed the action, which is now as `action` says."""

    action: Action


@dataclass(frozen=True)
class Deleted:
    """Buddy has deleted the action."""


@dataclass(frozen=True)
class Started:
    """Buddy has started the run, or keeps it to be started."""

    execution: Execution
    status: int


@dataclass(frozen=True)
class StopTaken:
    """Buddy has taken that the run is to be stopped, which may take a moment; `execution` is how far that is."""

    execution: Execution


@dataclass(frozen=True)
class Rejected:
    """Buddy refused, and has done nothing. `sentence` says why in our words, `messages` in Buddy's own, at length."""

    status: int
    messages: tuple[str, ...]
    sentence: str
    advice: str


NoSuccess = Rejected | NotSent | Unknown
Outcome = Created | NoSuccess
ChangeOutcome = Changed | NoSuccess
DeletionOutcome = Deleted | NoSuccess
RunOutcome = Started | NoSuccess
StopOutcome = StopTaken | NoSuccess
AnyOutcome = Created | Changed | Deleted | Started | NoSuccess


def classify_addition(answer: Answer) -> Outcome:
    """Tell what an answer to the POST proves."""
    action = read_proof(answer.body, Action.from_json) if answer.status in ADDED else None
    return Created(action, answer.status) if action else without_success(answer)


def classify_change(answer: Answer, id: int) -> ChangeOutcome:
    """Tell what an answer to the PATCH of the action `id` proves."""
    action = read_proof(answer.body, Action.from_json) if answer.status == CHANGED else None
    return Changed(action) if action and action.id == id else without_success(answer)


def classify_deletion(answer: Answer) -> DeletionOutcome:
    """Tell what an answer to the DELETE proves."""
    return Deleted() if answer.status == DELETED else without_success(answer)


def classify_run(answer: Answer) -> RunOutcome:
    """Tell what an answer to the POST of a run proves."""
    execution = read_proof(answer.body, Execution.from_json) if answer.status in ADDED else None
    return Started(execution, answer.status) if execution else without_success(answer)


def classify_stop(answer: Answer, id: int) -> StopOutcome:
    """Tell what an answer to the PATCH that stops the run `id` proves."""
    execution = read_proof(answer.body, Execution.from_json) if answer.status == CHANGED else None
    return StopTaken(execution) if execution and execution.id == id else without_success(answer)


def without_success(answer: Answer) -> NoSuccess:
    """Tell what an answer proves that is no proof of success."""
    status, data = answer.status, read_object(answer.body)
    said = words(answer.body)
    if status in REFUSALS or (status in BUDDYS_REFUSALS and said and data is not None):
        error = refusal(status, answer.headers, answer.body)
        return Rejected(status, messages_of(status, answer.body), error.sentence, error.advice)
    if status in ADDED and data is not None and has_errors(data):
        reason = "What came back tells of errors and does not say whether it was done."
        return Unknown(reason, status, said)
    if status in ADDED:
        return Unknown("What came back could not be read.", status)
    return Unknown(f"Buddy answered with status {status}, which does not say whether it was done.", status, said)


def read_object(body: bytes | None) -> Mapping[str, Any] | None:
    """Read a body that is a JSON object; None when it is none."""
    try:
        return mapping(parse(body))
    except BadAnswer:
        return None


def has_errors(data: Mapping[str, Any]) -> bool:
    """Whether an answer tells of errors, whatever its status says."""
    return bool(data.get("errors") or data.get("error"))


def read_proof(body: bytes | None, read: Callable[[Mapping[str, Any]], Proof]) -> Proof | None:
    """Read what an answer holds; None unless it proves itself by a valid id and no errors."""
    data = read_object(body)
    if data is None or has_errors(data):
        return None
    try:
        return read(data)
    except BadAnswer:
        return None
