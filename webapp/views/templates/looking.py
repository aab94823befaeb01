"""What was made from a template, and whether it is still as it was sent."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from flask import request

from webapp.buddy.actions import Action
from webapp.buddy.likeness import differences
from webapp.context import parts
from webapp.forms.action_form.form import LABELS
from webapp.http.errors import BuddyError, NotFound
from webapp.library import PAGE
from webapp.store.models import Submission
from webapp.store.reading import HistoryKey
from webapp.submissions.places import place_of
from webapp.submissions.states import ADDED, DONE_STATES, Kind
from webapp.views.history import CAME_TO_PASS, in_order_sent, sent_of

CHANGED: Mapping[str, Collection[str]] = {Kind.CHANGE: CAME_TO_PASS[Kind.CHANGE]}
# So many changes of one action are read; it is compared with the last of each setting among them.
MOST_CHANGES = 50


@dataclass(frozen=True)
class Look:
    """What a look at an action came to, in words, and the tone of them: good, warning, or none."""

    words: str
    tone: str = ""


@dataclass(frozen=True)
class MadeAction:
    """An action that was sent from a template, or tried: the submission that adds it, and what Slipway has changed of
    it since, the last first."""

    row: Submission
    changes: Sequence[Submission] = ()

    @property
    def name(self) -> str:
        """What it was called last."""
        return (self.changes[0] if self.changes else self.row).name

    @property
    def change_words(self) -> str:
        """What was changed last: its answers, or with the whole form anything."""
        return "answers changed" if self.changes[0].template else "changed"


@dataclass(frozen=True)
class MadePage:
    """Some of what was made from a template, and the key of the last row where there is more."""

    actions: Sequence[MadeAction]
    before: HistoryKey | None = None


def made_page(id: str) -> MadePage:
    """The part of what was made from a template that the address asks for."""
    rows = parts().library.made_from(id, HistoryKey.parse(request.args.get("before", "")), DONE_STATES)
    made = [MadeAction(row, changes_since(row)) for row in rows[:PAGE]]
    return MadePage(made, HistoryKey.of(rows[PAGE - 1]) if len(rows) > PAGE else None)


def changes_since(row: Submission) -> Sequence[Submission]:
    """What Slipway has changed of an action since it was added, what was sent last first."""
    if row.state not in ADDED or not row.action_id:
        return ()
    changes = parts().journal.later(row, row.action_id, CHANGED, MOST_CHANGES)
    return in_order_sent(row, changes)


def look_at(made: Sequence[MadeAction]) -> Mapping[str, Look]:
    """Ask Buddy for each of these actions, and tell by submission whether it is still as it was sent. Raises `Busy`."""
    client, executor = parts().client, parts().executor
    with client.slot():
        asked = [
            (each, executor.submit(client.action, place_of(each.row), each.row.action_id).result)
            for each in made
            if each.row.state in ADDED and each.row.action_id
        ]
        return {each.row.id: looked(each, reading) for each, reading in asked}


def looked(made: MadeAction, reading: Callable[[], Action]) -> Look:
    """What a look at one action came to."""
    try:
        action = reading()
    except NotFound:
        return Look("No longer there", "warning")
    except BuddyError as error:
        return Look(f"Not read: {error}")
    names = differences(sent_of(made.row, made.changes), action.raw)
    if not names:
        return Look("As it was sent", "good")
    return Look(f"Differs in: {', '.join(LABELS.get(name, name) for name in names)}", "warning")
