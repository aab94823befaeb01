"""What was done to an action with Slipway: all of it on the action's own page, what came later on a receipt."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.buddy.places import Place
from webapp.buddy.snapshot import Snapshot
from webapp.context import parts
from webapp.forms.action_form.differences import Difference, by_people, differences
from webapp.forms.runs import is_chosen, revision_in_words
from webapp.store.failures import JournalUnavailable
from webapp.store.models import Event, Submission
from webapp.submissions.states import ADDED, DONE_STATES, Kind, State, is_known

# So many of the things that were done to an action later are told on a receipt, and so many of all on its own page.
MOST_LATER = 5
MOST_TOLD = 10
# Of one change so many terms are told, and how many more there are; in characters.
MOST_TERMS = 10
LONGEST_TERM = 80
# What was done to an action that is there, and is known to be done.
CAME_TO_PASS: Mapping[str, Collection[str]] = {
    Kind.CHANGE: (State.CHANGED, State.FOUND),
    Kind.DELETION: DONE_STATES.deleted,
}


@dataclass(frozen=True)
class HistoryEntry:
    """Something that was sent about an action: the submission, who that was, and the terms of what it changes, or of
    what was chosen for a run."""

    row: Submission
    by: str
    terms: Sequence[str]

    @classmethod
    def of(cls, row: Submission) -> "HistoryEntry":
        """Read who it was."""
        return cls(row, sent_by(parts().journal.events(row.id)), terms_of(row))

    @property
    def done(self) -> bool:
        """Whether it is known to have made the action what it is now."""
        return self.row.state in (ADDED if self.row.kind == Kind.ADDITION else CAME_TO_PASS.get(self.row.kind, ()))


@dataclass(frozen=True)
class History:
    """What was sent about an action, the last first, and whether there is `more` than that; `last`: what is known to
    be done of it."""

    entries: Sequence[HistoryEntry] = ()
    more: bool = False
    last: HistoryEntry | None = None


def history_of(place: Place, id: int) -> History:
    """Read what was sent about an action; nothing while the database can't be read, since Buddy has the action."""
    where = place.key
    try:
        found = parts().journal.about(where, id, MOST_TOLD + 1)
        entries = [HistoryEntry.of(row) for row in found[:MOST_TOLD]]
        last = next((entry for entry in entries if entry.done), None)
        if last is None and len(found) > MOST_TOLD:
            # It may have been run very often since.
            last = next((HistoryEntry.of(row) for row in parts().journal.about(where, id, 1, CAME_TO_PASS)), None)
    except JournalUnavailable:
        return History()
    return History(entries, len(found) > MOST_TOLD, last)


def added_by(place: Place, id: int) -> HistoryEntry | None:
    """What has added an action with Slipway; None where nothing has, or while the database can't be read."""
    try:
        row = parts().journal.addition_of(place.key, id)
        return HistoryEntry.of(row) if row else None
    except JournalUnavailable:
        return None


def since(row: Submission, action: int | None = None) -> Mapping[str, Any]:
    """What became of a submission's action, or of another `action` of its pipeline: the last changes of it, whether
    there are more, and its deletion."""
    id = action or row.action_id or row.target
    gone = row.kind == Kind.DELETION and row.state in DONE_STATES.deleted
    found = [] if id is None or gone else parts().journal.later(row, id, CAME_TO_PASS, MOST_LATER + 1)
    deletion = next((each for each in found if each.kind == Kind.DELETION), None)
    changed = [HistoryEntry.of(each) for each in found[:MOST_LATER] if each.kind == Kind.CHANGE]
    return {
        "deletion": HistoryEntry.of(deletion) if deletion else None,
        "changed": changed,
        "changed_more": len(found) > MOST_LATER,
    }


def last_run(place: Place, id: int | None) -> Submission | None:
    """The last run of an action alone, or (None) of the whole pipeline, that Slipway has asked for; None where there is
    none, or it can't be read."""
    try:
        return parts().journal.last_run(place.key, id)
    except JournalUnavailable:
        return None


def changes_of(row: Submission, snapshot: Snapshot) -> Sequence[Difference]:
    """What a submission changes of an action, in words."""
    if row.kind != Kind.CHANGE or not row.request or not snapshot.opened:
        return ()
    template = parts().library.version(row.template, row.template_version or 0) if row.template else None
    return by_people(differences(snapshot.opened.held, row.request, snapshot), template)


def terms_of(row: Submission) -> Sequence[str]:
    """The terms of what a submission changes, or of what was chosen for a run: what tells it from others like it."""
    if row.kind == Kind.RUN:
        chosen = (f"on {revision_in_words(row.typed)}" if is_chosen(row.typed) else "", row.typed.get("comment", ""))
        return tuple(shortened(words) for words in chosen if words)
    if row.kind != Kind.CHANGE or not row.request:
        return ()
    terms = tuple(dict.fromkeys(item.called for item in changes_of(row, Snapshot.from_json(row.snapshot))))
    more = (f"{len(terms) - MOST_TERMS} more",) * (len(terms) > MOST_TERMS)
    return (*map(shortened, terms[:MOST_TERMS]), *more)


def shortened(words: str) -> str:
    """Words of people, as lists have room for them."""
    return words if len(words) <= LONGEST_TERM else words[: LONGEST_TERM - 1] + "…"


def distinguishing_terms(rows: Sequence[Submission]) -> Mapping[str, str]:
    """What tells the runs and changes of a list apart, by their ids."""
    alike = [row.id for row in rows if row.kind in (Kind.RUN, Kind.CHANGE) and is_known(row.kind, row.state)]
    return {row.id: ", ".join(terms_of(row)) for row in parts().journal.requests_of(alike)} if alike else {}


def in_order_sent(addition: Submission, changes: Sequence[Submission]) -> Sequence[Submission]:
    """Changes of an action, what was sent last first: a form that was opened first may have been sent last."""
    return sorted(changes, key=lambda each: (each.sent_at or addition.sent_at, each.number), reverse=True)


def sent_of(addition: Submission, changes: Sequence[Submission]) -> dict[str, Any]:
    """All that was sent of an action, the newest of each setting, without secrets; `changes` the newest first."""
    whole = dict(addition.request or {})
    for change in reversed(changes):
        whole |= change.request or {}
    return whole


def sent_by(events: Sequence[Event]) -> str:
    """Who sent a submission last."""
    return next((event.person_name for event in reversed(events) if event.verb == "sent"), "Slipway")
