"""Looking in Buddy for what was sent and not answered for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_urlsafe
from threading import Event
from typing import Any

from webapp.buddy.actions import Action
from webapp.buddy.client import Client
from webapp.buddy.errors import BuddyError, NotAllRead, NotFound
from webapp.buddy.likeness import differences
from webapp.buddy.places import Place
from webapp.buddy.snapshot import Snapshot
from webapp.store.events import SLIPWAY, Actor, Deed
from webapp.store.journal import Beside, Journal
from webapp.store.models import Submission
from webapp.store.reading import Clock
from webapp.submissions.effects import Effect, read_effect
from webapp.submissions.matching import Match, candidates, match
from webapp.submissions.schedule import LOOK_LEASE, SETTLED, next_look
from webapp.submissions.scrub import scrub
from webapp.submissions.sends import Send, is_open, kept, newest, unproven
from webapp.submissions.states import ADDED, STATES, Kind, State, is_known

NO_TIME = timedelta(0)
MOST_AT_ONCE = 50
MOST_DETAILS = 20


@dataclass(frozen=True)
class Look:
    """What a look came to: the kind and the state afterwards, the row's version, the ids that the pipeline has now.

    `turned_up`: there is another action than the one that was known. `problem` says why Buddy could not be
    read; then nothing is known and the state is what it was.
    """

    id: str
    name: str
    kind: str
    state: State
    version: int
    action_ids: tuple[int, ...] = ()
    problem: str = ""
    turned_up: bool = False


class Reconciler:
    """Looks after submissions, one look at a time for each, whoever asks: the schedule, a person, another process."""

    def __init__(self, journal: Journal, client: Client, clock: Clock, in_flight: Collection[str]) -> None:
        self._journal = journal
        self._client = client
        self._clock = clock
        self._in_flight = in_flight

    def round(self, stop: Event | None = None) -> list[Look]:
        """Look after everything that is due, until `stop` is set. Raises `JournalUnavailable`.

        It is one thread that answers no page: it needs no slot, so it takes none from people and waits for none.
        """
        looks = []
        for row in self._journal.due(self._clock(), STATES, MOST_AT_ONCE):
            if stop is not None and stop.is_set():
                break
            with self._client.beside():
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
            if row.kind != Kind.ADDITION:
                return self._settle(row, version, state, read_effect(self._client, row), actor)
            ids, found, unread = self._read(row)
        except BuddyError as error:
            return self._unreadable(row, version, state, error)
        if unread and not found.same and not found.near:
            # What was sent can be there.
            return self._unreadable(row, version, state, NotAllRead(unread))
        return self._conclude(row, version, state, found, actor, ids)

    def _lost(self, row: Submission) -> int | None:
        """End a send whose lease is over: its sender has gone silent. None when there is still somebody sending."""
        now = self._clock()
        if row.id in self._in_flight or row.lease_until is None or row.lease_until > now:
            return None
        reason = "Slipway was stopped while the action was being sent."
        deed = Deed(SLIPWAY, "lost", State.UNKNOWN, {"asks": row.kind})
        return self._journal.move(
            row.id, row.version, row.state, State.UNKNOWN, deed, reason=reason, finished_at=now, next_look=now
        )

    def _read(self, row: Submission) -> tuple[tuple[int, ...], Match, int]:
        """Read the pipeline's actions and, whole, those that may be one of what was sent; count what can't be read.

        Raises `BuddyError`.
        """
        place = Place(row.workspace, row.project, row.pipeline)
        entries = self._client.all_actions(place)
        listed = tuple(entries)
        # What was there before any of the sends is none of them.
        seen = frozenset.intersection(*(send.seen for send in unproven(row)))
        seen |= {row.action_id} if row.action_id else set()
        sent = row.request or {}
        named = candidates(seen, listed, sent)
        seen |= self._journal.taken(row, named) if named else set()
        summaries = {item.id: item for item in listed}
        whole: list[Action] = []
        for id in [id for id in named if id not in seen]:
            if len(whole) < MOST_DETAILS:
                whole += self._read_one(place, id)
            else:
                # More than a person would look through are offered as they stand in the list.
                whole.append(Action.from_json({"id": id, "name": summaries[id].called}))
        return tuple(summaries), match(seen, whole, sent), entries.unread

    def _read_one(self, place: Place, id: int) -> list[Action]:
        try:
            return [self._client.action(place, id)]
        except NotFound:
            # Removed since the list was read.
            return []

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
            next_look=next_look(standing(state), newest(row, unproven(row)), now, unread=True),
        )
        return Look(row.id, row.name, row.kind, state, written or version, problem=error.sentence)

    def _conclude(
        self, row: Submission, version: int, state: State, found: Match, actor: Actor, ids: tuple[int, ...]
    ) -> Look | None:
        now, sends = self._clock(), unproven(row)
        left = given(found.same, sends)
        verdict = found.verdict(now - newest(row, sends) >= SETTLED, left is not None)
        if (found.same or found.near) and self._journal.count_like(row, State.SENDING):
            # It can be that one's, whose answer is on its way.
            return self._write(row, version, state, state, actor, {}, sends, (), ids)
        if state in ADDED:
            besides = self._beside(row, verdict, found, actor)
            # A row that is asked about goes on with all of them.
            still = (left or ()) if besides else sends
            return self._write(row, version, state, state, actor, {"earlier": kept(still)}, still, besides, ids)
        if verdict is State.FOUND and left is not None:
            first, *others = found.same
            besides = self._beside(row, verdict, Match(tuple(others)), actor)
            values = self._is(row, first) | {"earlier": kept(left), "candidates": None}
            return self._write(row, version, state, verdict, actor, values, left, besides, ids)
        # What was once said not to be there is not unknown again.
        to = State.ABSENT if (verdict, state) == (State.UNKNOWN, State.ABSENT) else verdict
        values = self._offered(row, found) if to is State.AMBIGUOUS else {"candidates": None}
        return self._write(row, version, state, to, actor, values, sends, (), ids)

    def _beside(self, row: Submission, verdict: State, found: Match, actor: Actor) -> list[Beside]:
        """Submissions of their own for what turned up when the row itself had its action already."""
        if verdict is State.FOUND:
            return [self._late(row, verdict, actor, self._is(row, action)) for action in found.same]
        return [self._late(row, verdict, actor, self._offered(row, found))] if verdict is State.AMBIGUOUS else []

    def _settle(self, row: Submission, version: int, state: State, effect: Effect, actor: Actor) -> Look | None:
        """Write down what the action that a row is about tells of it."""
        now = self._clock()
        to = effect.verdict(now - (row.sent_at or row.created_at) >= SETTLED)
        values: dict[str, Any] = {}
        if to is State.FOUND:
            secrets = self._journal.secrets([row.id]).values()
            values = {"finished_at": now} | (scrub({"answer": effect.action.raw}, secrets) if effect.action else {})
        return self._write(row, version, state, to, actor, values, () if to is State.FOUND else unproven(row))

    def _write(
        self,
        row: Submission,
        version: int,
        state: State,
        to: State,
        actor: Actor,
        values: dict[str, Any],
        left: Sequence[Send],
        besides: Sequence[Beside] = (),
        ids: tuple[int, ...] = (),
    ) -> Look | None:
        """Write a look down; `left` are the sends that are still not known."""
        now = self._clock()
        details = {"asks": row.kind, "action_id": values.get("action_id") or row.target}
        deed = None if to is state else Deed(actor, "looked", to, details)
        if besides and deed is None:
            deed = Deed(actor, "turned up", None, details)
        written = self._journal.move(
            row.id,
            version,
            state,
            to,
            deed,
            wipe=to is State.FOUND,
            besides=besides,
            looked_at=now,
            look_until=None,
            look_problem=None,
            next_look=next_look(standing(to), newest(row, left), now) if left else None,
            **values,
        )
        if written is None:
            # Another submission took the action at this moment, or the answer came after all.
            return None
        return Look(row.id, row.name, row.kind, to, written, ids, turned_up=bool(besides))

    def _is(self, row: Submission, action: Action) -> dict[str, Any]:
        """What is written of a send that is found to be this action."""
        answer = scrub({"answer": action.raw}, self._journal.secrets([row.id]).values())
        return {"action_id": action.id, "finished_at": self._clock(), **answer}

    def _offered(self, row: Submission, found: Match) -> dict[str, Any]:
        """What is written for a person to choose from."""
        offered = [offer(action, row.request or {}) for action in (*found.same, *found.near)]
        return scrub({"candidates": offered}, self._journal.secrets([row.id]).values())

    def _late(self, row: Submission, state: State, actor: Actor, values: dict[str, Any]) -> Beside:
        """A submission of its own for a send that turned up when its row had its action already."""
        same = ("owner", *Submission.PLACE, "family", "kind", "name", "typed", "fingerprint", "request", "size")
        first = unproven(row)[0]
        columns = {
            "id": token_urlsafe(32),
            **{name: getattr(row, name) for name in same},
            "snapshot": Snapshot.from_json(row.snapshot).with_actions(tuple(first.seen)).to_json(),
            "state": state,
            "attempts": 1,
            "sent_at": first.sent_at,
            "seen_at": first.seen_at,
            **values,
        }
        return Beside(columns, Deed(actor, "looked", state, {"asks": row.kind, "action_id": values.get("action_id")}))


def standing(state: State) -> State:
    """How it stands with the sends of a row that are not known: beside an action that is there, none was seen yet."""
    return State.ABSENT if state in ADDED else state


def given(actions: Sequence[Action], sends: Sequence[Send]) -> tuple[Send, ...] | None:
    """Give each of the actions to a send that had not seen it, the oldest first, and tell which sends are left.

    None when there is nothing to give, or an action that can be somebody else's.
    """
    left = list(sends)
    for action in actions:
        mine = next((send for send in left if action.id not in send.seen and send.close), None)
        if mine is None:
            return None
        left.remove(mine)
    return tuple(left) if actions else None


def offer(action: Action, sent: dict[str, Any]) -> dict[str, Any]:
    """What a person is told of an action that may be the one that was sent."""
    compared = action.type is not None
    unlike = list(differences(sent, action.raw)) if compared else []
    return {
        "id": action.id,
        "name": action.name,
        "html_url": action.html_url,
        "compared": compared,
        "differences": unlike,
    }
