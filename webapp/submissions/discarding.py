"""Discarding many drafts at once: those that the page knew, as it knew them. What was changed since stays."""

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.store.events import Actor, NewEvent
from webapp.store.journal import Journal, Mark
from webapp.store.models import Submission
from webapp.store.reading import HistoryKey
from webapp.submissions.drafts import QUOTA


@dataclass(frozen=True)
class Choice:
    """Of the drafts that a person wants to discard those that are `going`, and those that are `newer` than the page."""

    going: list[Submission]
    newer: list[Submission]


def key_of(row: Submission) -> HistoryKey:
    """Where a draft stands in the list of a person's drafts."""
    return HistoryKey(row.changed_at, row.number)


def choose_until(journal: Journal, owner: str, until: HistoryKey) -> Choice:
    """Choose all that were there when the page was drawn, on which the draft at `until` came first.

    What was begun since is no matter of that page.
    """
    there = own_drafts(journal, owner)
    return Choice(
        going=[row for row in there if key_of(row) <= until],
        newer=[row for row in there if row.created_at <= until.sent_at and key_of(row) > until],
    )


def choose_marked(journal: Journal, owner: str, marks: Mapping[str, Mark]) -> Choice:
    """Choose those of these ids, in the versions that the page knew."""
    there = [row for row in own_drafts(journal, owner) if row.id in marks]
    return Choice(
        going=[row for row in there if row.version <= marks[row.id].version],
        newer=[row for row in there if row.version > marks[row.id].version],
    )


def discard_marked(journal: Journal, owner: str, actor: Actor, marks: Mapping[str, Mark]) -> int:
    """Discard those of these ids, in the versions that the page knew; gives how many are gone."""
    return journal.remove_drafts(owner, marks, NewEvent(actor, "discarded"))


def left_of(journal: Journal, owner: str, marks: Mapping[str, Mark]) -> list[Submission]:
    """The drafts of these ids that are still there after they were discarded."""
    return [row for row in own_drafts(journal, owner) if row.id in marks]


def own_drafts(journal: Journal, owner: str) -> list[Submission]:
    """All drafts of a person, the last changed first."""
    return journal.drafts(owner, QUOTA.rows)
