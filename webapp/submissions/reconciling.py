"""Looking in Buddy for what was sent and not answered for."""

from collections.abc import Collection
from datetime import timedelta
from threading import Event

from webapp.buddy.client import Client
from webapp.buddy.places import PipelineReader
from webapp.http.errors import BuddyError
from webapp.store.events import SLIPWAY, Actor, NewEvent
from webapp.store.journal import OUR_CLOCKS_DIFFER, Journal
from webapp.store.models import Submission
from webapp.store.reading import Clock
from webapp.submissions.effects import EffectSearch
from webapp.submissions.looks import UNREADABLE, Finding, Look, OutcomeObserver, Search
from webapp.submissions.run_search import RunSearch
from webapp.submissions.schedule import LEASE, LONGEST_WAIT, LOOK_LEASE, next_look, was_put_back
from webapp.submissions.searching import ActionSearch
from webapp.submissions.sends import is_open, newest, unproven
from webapp.submissions.states import ADDED, SPENT, STATES, Kind, State, is_known

NO_TIME = timedelta(0)
MOST_AT_ONCE = 50


class Reconciler:
    """Looks after submissions, one look at a time for each, whoever asks: the schedule, a person, another process."""

    def __init__(
        self,
        journal: Journal,
        client: Client,
        clock: Clock,
        in_flight: Collection[str],
        read_pipeline: PipelineReader,
        observer: OutcomeObserver = lambda *_: None,
    ) -> None:
        self._observer = observer
        self._journal = journal
        self._client = client
        self._clock = clock
        self._in_flight = in_flight
        actions = ActionSearch(journal, client, clock)
        effects = EffectSearch(journal, client, clock, read_pipeline)
        self._searches: dict[Kind, Search] = {
            Kind.ADDITION: actions,
            Kind.CHANGE: effects,
            Kind.DELETION: effects,
            Kind.RUN: RunSearch(journal, client, clock),
        }

    def round(self, stop: Event | None = None) -> list[Look]:
        """Look after everything that is due, until `stop` is set. Raises `JournalUnavailable`.

        It is one thread that answers no page: it needs no slot, so it takes none from people and waits for none.
        """
        looks = []
        for row in self._journal.due(self._clock(), LONGEST_WAIT + OUR_CLOCKS_DIFFER, STATES, MOST_AT_ONCE):
            if stop is not None and stop.is_set():
                break
            with self._client.without_own_slot():
                looks.append(self.look(row))
        return [look for look in looks if look is not None]

    def look(self, row: Submission, pause: timedelta = NO_TIME, actor: Actor = SLIPWAY) -> Look | None:
        """Look for one submission in Buddy and write down what that came to.

        None when it is not to be looked for, or a newer Slipway's, when somebody else is looking, or when the last look
        is less than `pause` ago. Raises `JournalUnavailable`, and `Busy` when too many wait for Buddy already.
        """
        if not is_known(row.kind, row.state) or not is_open(row):
            return None
        with self._client.slot():
            return self._look(row, pause, actor)

    def _look(self, row: Submission, pause: timedelta, actor: Actor) -> Look | None:
        version = self._lost(row) if row.state == State.SENDING else row.version
        if version is None or not self._journal.take_look(row.id, version, LOOK_LEASE, pause):
            return None
        state = State.UNKNOWN if row.state == State.SENDING else State(row.state)
        try:
            found = self._searches[Kind(row.kind)].find(row, state, actor)
        except BuddyError as error:
            self._observer(row.kind, UNREADABLE)
            return self._unreadable(row, version, state, error)
        self._observer(row.kind, found.state)
        return self._write(row, version, state, found, actor)

    def _lost(self, row: Submission) -> int | None:
        """End a send whose lease is over: its sender has gone silent. None when there is still somebody sending."""
        now = self._clock()
        if row.id in self._in_flight or row.lease_until is None:
            return None
        if was_put_back(row.lease_until, now):
            # Nobody can tell how long ago that was: whoever may still be sending gets all the time once more.
            self._journal.renew_lease(row.id, row.lease_until, LEASE)
            return None
        if row.lease_until > now:
            return None
        what = "run" if row.kind == Kind.RUN else "action"
        reason = f"Slipway was stopped while the {what} was being sent."
        event = NewEvent(SLIPWAY, "lost", State.UNKNOWN, {"asks": row.kind})
        return self._journal.move(
            row.id, row.version, row.state, State.UNKNOWN, event, reason=reason, finished_at=now, next_look=now
        )

    def _unreadable(self, row: Submission, version: int, state: State, error: BuddyError) -> Look:
        now = self._clock()
        written = self._journal.move(
            row.id,
            version,
            state,
            state,
            looked_at=now,
            look_until=None,
            look_problem=error.sentence,
            next_look=next_look(state_of_unproven(state), newest(row, unproven(row)), now, unread=True),
        )
        return Look(row.id, row.name, row.kind, state, written or version, problem=error.sentence)

    def _write(self, row: Submission, version: int, state: State, found: Finding, actor: Actor) -> Look | None:
        """Write a look down. None when the row has moved on meanwhile."""
        now, to = self._clock(), found.state
        number = {"execution": found.values["execution"]} if "execution" in found.values else {}
        details = {"asks": row.kind, "action_id": found.values.get("action_id") or row.target, **number}
        event = None if to is state else NewEvent(actor, "looked", to, details)
        if found.extra_rows and event is None:
            event = NewEvent(actor, "turned up", None, details)
        written = self._journal.move(
            row.id,
            version,
            state,
            to,
            event,
            wipe=to in SPENT[Kind(row.kind)],
            extra_rows=found.extra_rows,
            looked_at=now,
            look_until=None,
            look_problem=None,
            next_look=next_look(state_of_unproven(to), newest(row, found.left), now) if found.left else None,
            **found.values,
        )
        if written is None:
            # Another submission took the action at this moment, or the answer came after all.
            return None
        return Look(row.id, row.name, row.kind, to, written, found.ids, turned_up=bool(found.extra_rows))


def state_of_unproven(state: State) -> State:
    """The state of the sends of a row that are not proved: beside an action that is there, none was seen yet."""
    return State.ABSENT if state in ADDED else state
