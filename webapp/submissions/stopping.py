"""Stopping a run: one request for each time that somebody asks for it, claimed and on record."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from webapp.buddy.client import Client
from webapp.buddy.executions import FINAL, Status
from webapp.buddy.outcomes import Rejected, StopOutcome, StopTaken
from webapp.http.failures import NotSent, Unknown
from webapp.store.events import Actor, NewEvent
from webapp.store.failures import JournalUnavailable
from webapp.store.journal import Journal
from webapp.store.models import Submission
from webapp.store.reading import Clock
from webapp.submissions.places import place_of
from webapp.submissions.run_progress import RunProgress
from webapp.submissions.schedule import LEASE, was_put_back
from webapp.submissions.scrub import scrub
from webapp.submissions.states import State

log = logging.getLogger(__name__)

# After an answer that says nothing, it may be asked for again: to stop what is being stopped does no harm.
AGAIN_AFTER = timedelta(seconds=30)


@dataclass(frozen=True)
class Stopping:
    """Asks Buddy to stop runs."""

    journal: Journal
    client: Client
    clock: Clock
    progress: RunProgress

    def stop(self, row: Submission, actor: Actor) -> StopOutcome | None:
        """Ask for the end of a row's run, once; None when it has ended, is being stopped, or is not known to be there.

        What was refused or not sent may be asked for again, and so may, a while later, what is not known. Raises `Busy`
        when too many wait for Buddy already, and `JournalUnavailable` when it can't be claimed: nothing is sent then.
        """
        if row.execution is None:
            return None
        with self.client.slot(writing=True):
            asked = NewEvent(actor, "asked to stop", None, about(row))
            begun_at = self.journal.take_stop(row.id, LEASE, FINAL, asked)
            if begun_at is None:
                return None
            outcome = self.client.stop(place_of(row), row.execution)
            try:
                self._write(row, begun_at, outcome, actor)
            except JournalUnavailable as error:
                log.critical("what came of stopping the run of %s is not recorded: %s", row.id, error)
            return outcome

    def _write(self, row: Submission, begun_at: datetime, outcome: StopOutcome, actor: Actor) -> None:
        ended, told = describe(outcome)
        details = {**about(row), **scrub(told, self.journal.secrets([row.id]).values())}
        values: dict[str, Any] = {"stopping_at": None}
        if isinstance(outcome, StopTaken | Unknown):
            again = None if isinstance(outcome, StopTaken) else self.clock() + AGAIN_AFTER
            values = {"lease_until": again}
        self.journal.settle_stop(row.id, begun_at, NewEvent(actor, "stop answered", ended, details), **values)
        if isinstance(outcome, StopTaken):
            self.progress.seen(row, outcome.execution)


def is_being_stopped(row: Submission, now: datetime) -> bool:
    """Whether Buddy has just agreed to stop a row's run: for half a minute that says more than how it stood before."""
    taken_at = None if row.lease_until else row.stopping_at
    return taken_at is not None and abs(now - taken_at) < AGAIN_AFTER


def may_be_stopped(row: Submission, now: datetime) -> bool:
    """Whether to ask for the end of a row's run would send something, as far as it goes on."""
    until = row.lease_until
    return row.stopping_at is None or (until is not None and (until <= now or was_put_back(until, now)))


def about(row: Submission) -> dict[str, Any]:
    """What the record tells besides."""
    return {"asks": row.kind, "action_id": row.target, "execution": row.execution}


def describe(outcome: StopOutcome) -> tuple[str, dict[str, Any]]:
    """How an attempt to stop a run ended, and what is known of that."""
    if isinstance(outcome, StopTaken):
        return Status.TERMINATING, {"status": 200}
    if isinstance(outcome, Rejected):
        return State.REJECTED, {"status": outcome.status, "reason": outcome.sentence}
    if isinstance(outcome, NotSent):
        return State.NOT_SENT, {"reason": outcome.reason}
    return State.UNKNOWN, {"status": outcome.status, "reason": outcome.reason}
