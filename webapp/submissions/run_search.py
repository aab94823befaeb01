"""Looking in a pipeline's history for a run that was sent and not answered for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp.buddy.client import Client
from webapp.buddy.executions import Execution
from webapp.http.entries import Entries
from webapp.http.errors import NotAllRead
from webapp.http.reads import PAGE_LENGTH
from webapp.store.events import Actor
from webapp.store.journal import Journal
from webapp.store.models import Submission
from webapp.store.reading import Clock
from webapp.submissions.looks import Finding
from webapp.submissions.places import place_of
from webapp.submissions.run_progress import at_first
from webapp.submissions.runs import is_marked
from webapp.submissions.schedule import ABSENT_AFTER
from webapp.submissions.scrub import scrub
from webapp.submissions.sends import unproven
from webapp.submissions.states import State

# More runs than one pipeline begins within the hour in which one is looked for.
MOST_RUNS = 500
# From this one's, not more than so much.
BUDDYS_CLOCK_DIFFERS = timedelta(minutes=10)


@dataclass(frozen=True)
class RunSearch:
    """Looks for runs by their mark: without it none is taken for what was sent, whatever else is like it."""

    journal: Journal
    client: Client
    clock: Clock

    def find(self, row: Submission, state: State, actor: Actor) -> Finding:
        """Look through the pipeline's newest runs. Raises `BuddyError`, `JournalUnavailable`."""
        place, sent_at = place_of(row), row.sent_at or row.created_at
        listed = self.client.executions(place, MOST_RUNS)
        marked = [run for run in since(listed, sent_at - BUDDYS_CLOCK_DIFFERS) if is_marked(run.comment, row.id)]
        now = self.clock()
        if marked:
            # Who starts one anew in Buddy may take its comment along: ours was there before that.
            found = min(marked, key=lambda run: run.id)
            first = at_first(found)
            values = {**first, "run_at": now if first.get("run_status") else None, "finished_at": now}
            return Finding(State.FOUND, scrub(values, self.journal.secrets([row.id]).values()))
        if listed.unread:
            # What was sent can be among them.
            raise NotAllRead(listed.unread)
        settled = now - sent_at >= ABSENT_AFTER and len(listed.given) < MOST_RUNS
        # What was once said not to be there is not unknown again.
        return Finding(State.ABSENT if settled else state, {}, unproven(row))


def since(listed: Entries[Execution], begin: datetime) -> Iterable[Execution]:
    """Those of the runs, newest first, up to the first one that had begun earlier; but all of the first page, which is
    there anyway, since Slipway's clock may have been wrong when ours was sent."""
    for number, run in enumerate(listed, 1):
        yield run
        if number >= PAGE_LENGTH and run.started_at is not None and run.started_at < begin:
            return
