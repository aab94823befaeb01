"""What came of a send, on its way into the journal; or, when the journal fails, into the log."""

import json
import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from webapp.buddy.outcomes import AnyOutcome, Changed, Created, Deleted, Rejected, Started
from webapp.http.failures import NotSent
from webapp.http.messages import short
from webapp.store.events import NewEvent
from webapp.store.failures import JournalUnavailable
from webapp.store.journal import Journal
from webapp.store.reading import Clock
from webapp.submissions.run_progress import at_first
from webapp.submissions.schedule import LEASE, first_look, next_look
from webapp.submissions.scrub import scrub
from webapp.submissions.sends import Send, earlier
from webapp.submissions.states import CAME_TO_NOTHING, EDGES, SPENT, State, is_known
from webapp.submissions.writes import Write

log = logging.getLogger(__name__)
# What Buddy has made has one, which belongs to one submission.
NUMBERS = ("action_id", "execution")


@dataclass(frozen=True)
class Claim:
    """The right to send one submission once: its `version` is the one that the claim has written, `attempt` is the
    number of this attempt. Of the sends before it, `earlier` are those that no answer has proved."""

    id: str
    version: int
    attempt: int
    write: Write
    earlier: tuple[Send, ...] = ()


def columns_of_claim(now: datetime) -> dict[str, Any]:
    """The columns with which every claim begins: its lease, and nothing of what came of an earlier attempt."""
    return {
        "sent_at": now,
        "lease_until": now + LEASE,
        "next_look": now + LEASE,
        **dict.fromkeys(("looked_at", "look_problem", "finished_at", "reason", "status", "messages", "proved")),
    }


@dataclass(frozen=True)
class Recorder:
    """Writes down what came of a send."""

    journal: Journal
    clock: Clock

    def record(self, claim: Claim, outcome: AnyOutcome) -> bool:
        """Write the outcome into the journal, or, when that fails, into the log as one line of JSON: then False."""
        try:
            self.write(claim, outcome)
        except JournalUnavailable as error:
            line = json.dumps(emergency(claim, outcome, error))
            # The submission's whole name is what the outcome is written behind, once the database is back.
            log.critical("outcome not recorded: %s", line, extra={"whole": True})
            return False
        return True

    def write(self, claim: Claim, outcome: AnyOutcome) -> None:
        """Write the outcome into the journal. Raises `JournalUnavailable`."""
        state, safe = describe(outcome, claim.write.secrets)
        if self._move(claim.id, claim.version, State.SENDING, state, claim, safe) is None:
            self._write_late(claim, state, safe)

    def _write_late(self, claim: Claim, state: State, values: dict[str, Any]) -> None:
        """The lease has ended before the answer came, or the action's number is another submission's already.

        An answer is a proof all the same. One that proves nothing adds nothing.
        """
        row = self.journal.find(claim.id)
        # What came of an earlier attempt is found by looking: this answer is not the later one's.
        if row is None or row.attempts != claim.attempt:
            return
        if not is_known(row.kind, row.state):
            self._too_late(claim, state)
            return
        known = State(row.state)
        if state is State.UNKNOWN or state not in EDGES[claim.write.kind][known]:
            return
        current = replace(claim, earlier=earlier(row))
        if self._move(claim.id, row.version, known, state, current, values) is not None:
            return
        # How far the run with that number is, is told of the other.
        without_number = values | dict.fromkeys((*NUMBERS, "run_status"))
        if self._move(claim.id, row.version, known, state, current, without_number) is None:
            self._too_late(claim, state)

    def _too_late(self, claim: Claim, state: State) -> None:
        log.error("the outcome %s of %s came too late to be written", state, claim.id)

    def _move(
        self, id: str, version: int, known: State, state: State, claim: Claim, values: Mapping[str, Any]
    ) -> int | None:
        now = self.clock()
        told_of = {name: values[name] for name in ("status", *NUMBERS, "reason") if values.get(name)}
        details = {"attempt": claim.attempt, "asks": claim.write.kind, **told_of}
        look = first_look(now) if state is State.UNKNOWN else None
        to = state
        if claim.earlier and look is None:
            look = next_look(State.ABSENT, claim.earlier[-1].sent_at, now)
            # It speaks for its own attempt alone: what became of those before it is still not known.
            to = State.ABSENT if state in CAME_TO_NOTHING else state
        return self.journal.move(
            id,
            version,
            known,
            to,
            NewEvent(claim.write.actor, "answered", state, details),
            wipe=state in SPENT[claim.write.kind],
            finished_at=now,
            run_at=now if values.get("run_status") else None,
            next_look=look,
            proved=state if to is not state else None,
            **values,
        )


def emergency(claim: Claim, outcome: AnyOutcome, error: JournalUnavailable) -> Mapping[str, Any]:
    """What the log is told of an outcome that the journal could not take: enough to find the action."""
    state, values = describe(outcome, claim.write.secrets)
    line = {
        "submission": claim.id,
        "place": claim.write.place.path,
        "state": state,
        **{name: value for name, value in values.items() if name != "answer"},
        "html_url": address_of(outcome),
        "journal": str(error),
    }
    return scrub(line, claim.write.secrets)


def address_of(outcome: AnyOutcome) -> str | None:
    """Where what was made can be seen in Buddy, as its answer says."""
    if isinstance(outcome, Started):
        return outcome.execution.html_url
    return outcome.action.html_url if isinstance(outcome, Created) else None


def describe(outcome: AnyOutcome, secrets: Collection[str]) -> tuple[State, dict[str, Any]]:
    """Tell the state that an outcome ends in and what of it the journal keeps: nothing of the `secrets`."""
    state, values = state_and_values(outcome)
    safe = scrub(values, secrets)
    # Only now, since half a secret would not be found any more.
    return state, safe | ({"messages": list(short(safe["messages"]))} if "messages" in safe else {})


def state_and_values(outcome: AnyOutcome) -> tuple[State, dict[str, Any]]:
    """Tell the state that an outcome ends in, and all that is known of it."""
    if isinstance(outcome, Created):
        answer = {"status": outcome.status, "answer": outcome.action.raw, "action_id": outcome.action.id}
        return State.CREATED, answer
    if isinstance(outcome, Changed):
        return State.CHANGED, {"status": 200, "answer": outcome.action.raw}
    if isinstance(outcome, Deleted):
        return State.DELETED, {"status": 204}
    if isinstance(outcome, Started):
        return State.STARTED, {"status": outcome.status, **at_first(outcome.execution)}
    if isinstance(outcome, Rejected):
        reason = f"{outcome.sentence} {outcome.advice}"
        return State.REJECTED, {"status": outcome.status, "reason": reason, "messages": list(outcome.messages)}
    if isinstance(outcome, NotSent):
        return State.NOT_SENT, {"reason": outcome.reason}
    messages = list(outcome.messages)
    return State.UNKNOWN, {"status": outcome.status, "reason": outcome.reason, "messages": messages}
