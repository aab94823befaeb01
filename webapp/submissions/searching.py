"""Looking in a pipeline for an action that was sent and not answered for."""

from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any

from webapp.buddy.actions import Action
from webapp.buddy.client import Client
from webapp.buddy.likeness import differences
from webapp.buddy.places import Place
from webapp.buddy.snapshot import Snapshot
from webapp.http.errors import NotAllRead, NotFound
from webapp.store.events import Actor, NewEvent
from webapp.store.journal import ExtraRow, Journal
from webapp.store.models import Submission
from webapp.store.reading import Clock
from webapp.submissions.looks import Finding
from webapp.submissions.matching import Match, candidates, is_renamed, match, maybe_renamed
from webapp.submissions.places import place_of
from webapp.submissions.schedule import ABSENT_AFTER
from webapp.submissions.scrub import scrub
from webapp.submissions.sends import Send, kept, newest, unproven
from webapp.submissions.states import ADDED, OPEN, State

MOST_DETAILS = 20


@dataclass(frozen=True)
class ActionSearch:
    """Looks for the actions that additions have come to: they have no number yet."""

    journal: Journal
    client: Client
    clock: Clock

    def find(self, row: Submission, state: State, actor: Actor) -> Finding:
        """Compare what the pipeline has now with what was sent. Raises `BuddyError`, `JournalUnavailable`."""
        ids, found = self._read(row)
        return self._conclude(row, state, found, actor, ids)

    def _read(self, row: Submission) -> tuple[tuple[int, ...], Match]:
        """Read the pipeline's actions and, whole, those that may be one of what was sent. Raises `BuddyError`."""
        place = place_of(row)
        entries = self.client.all_actions(place)
        listed = tuple(entries)
        # What was there before any of the sends is none of them.
        seen = frozenset.intersection(*(send.seen for send in unproven(row)))
        seen |= {row.action_id} if row.action_id else set()
        sent = row.request or {}
        named = candidates(seen, listed, sent)
        others = maybe_renamed(seen, listed, named, sent)
        seen |= self.journal.taken(row, [*named, *others]) if named or others else set()
        summaries = {item.id: item for item in listed}
        whole: list[Action] = []
        for id in [id for id in named if id not in seen]:
            if len(whole) < MOST_DETAILS:
                whole += self._read_one(place, id)
            else:
                # More than a person would look through are offered as they stand in the list.
                whole.append(Action.from_json({"id": id, "name": summaries[id].called}))
        for id in [id for id in others if id not in seen][: max(MOST_DETAILS - len(whole), 0)]:
            whole += [action for action in self._read_one(place, id) if self._may_be_renamed(row, action)]
        found = match(seen, whole, sent)
        if entries.unread and not found.same and not found.near:
            # What was sent can be there.
            raise NotAllRead(entries.unread)
        return tuple(summaries), found

    def _may_be_renamed(self, row: Submission, action: Action) -> bool:
        """Whether an action is what a row has sent in everything but its name, and not what another one has sent."""
        return is_renamed(action, row.request or {}) and not self.journal.count_like(row, [action.name or ""], OPEN)

    def _read_one(self, place: Place, id: int) -> list[Action]:
        try:
            return [self.client.action(place, id)]
        except NotFound:
            # Removed since the list was read.
            return []

    def _conclude(self, row: Submission, state: State, found: Match, actor: Actor, ids: tuple[int, ...]) -> Finding:
        now, sends = self.clock(), unproven(row)
        left = given(found.same, sends)
        verdict = found.verdict(now - newest(row, sends) >= ABSENT_AFTER, left is not None)
        if (found.same or found.near) and self.journal.count_like(row, [row.name], [State.SENDING]):
            # It can be that one's, whose answer is on its way.
            return Finding(state, {}, sends, (), ids)
        if state in ADDED:
            extra_rows = self._extra_rows(row, verdict, found, actor)
            # A row that is asked about goes on with all of them.
            still = (left or ()) if extra_rows else sends
            return Finding(state, {"earlier": kept(still)}, still, extra_rows, ids)
        if verdict is State.FOUND and left is not None:
            first, *others = found.same
            extra_rows = self._extra_rows(row, verdict, Match(tuple(others)), actor)
            values = self._is(row, first) | {"earlier": kept(left), "candidates": None}
            return Finding(verdict, values, left, extra_rows, ids)
        # What was once said not to be there is not unknown again.
        to = State.ABSENT if (verdict, state) == (State.UNKNOWN, State.ABSENT) else verdict
        values = self._offered(row, found) if to is State.AMBIGUOUS else {"candidates": None}
        return Finding(to, values, sends, (), ids)

    def _extra_rows(self, row: Submission, verdict: State, found: Match, actor: Actor) -> list[ExtraRow]:
        """Submissions of their own for what turned up when the row itself had its action already."""
        if verdict is State.FOUND:
            return [self._late(row, verdict, actor, self._is(row, action)) for action in found.same]
        return [self._late(row, verdict, actor, self._offered(row, found))] if verdict is State.AMBIGUOUS else []

    def _is(self, row: Submission, action: Action) -> dict[str, Any]:
        """What is written of a send that is found to be this action."""
        answer = scrub({"answer": action.raw}, self.journal.secrets([row.id]).values())
        return {"action_id": action.id, "finished_at": self.clock(), **answer}

    def _offered(self, row: Submission, found: Match) -> dict[str, Any]:
        """What is written for a person to choose from."""
        offered = [offer(action, row.request or {}) for action in (*found.same, *found.near)]
        return scrub({"candidates": offered}, self.journal.secrets([row.id]).values())

    def _late(self, row: Submission, state: State, actor: Actor, values: dict[str, Any]) -> ExtraRow:
        """A submission of its own for a send that turned up when its row had its action already."""
        same = (
            "owner",
            "owner_name",
            *Submission.PLACE,
            *Submission.NAMES,
            "family",
            "kind",
            "name",
            "typed",
            "fingerprint",
            "request",
            "size",
            "template",
            "template_version",
        )
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
        return ExtraRow(
            columns, NewEvent(actor, "looked", state, {"asks": row.kind, "action_id": values.get("action_id")})
        )


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
