"""Putting an action back as it was: the change that is undone, and what the form's page tells of it."""

from dataclasses import dataclass

from webapp.buddy.places import Place
from webapp.buddy.snapshot import OpenedAction, Snapshot
from webapp.forms.action_form.undoing import Undo
from webapp.store.failures import JournalUnavailable
from webapp.store.models import Submission
from webapp.submissions.envelope import Envelope
from webapp.submissions.places import place_of
from webapp.submissions.states import Kind
from webapp.views.action_form.copying import row_like, whole_form_of
from webapp.views.history import CAME_TO_PASS


@dataclass(frozen=True)
class Undoing:
    """A change, and what it takes to undo it."""

    change: Submission
    undo: Undo


def change_named(name: str, place: Place, id: int) -> Submission | None:
    """The change of an action that goes by this name; None when none does."""
    row = row_like(name)
    return row if row is not None and (row.kind, place_of(row), row.target) == (Kind.CHANGE, place, id) else None


def undoing_of(name: str, place: Place, opened: OpenedAction | None) -> Undoing | None:
    """Undo the change of this name in an action as it is `opened`; None for one that is not known to be done."""
    row = change_named(name, place, opened.id) if opened else None
    if opened is None or row is None or row.state not in CAME_TO_PASS[Kind.CHANGE]:
        return None
    change = Snapshot.from_json(row.snapshot)
    return Undoing(row, Undo.of(change, row.request or {}, whole_form_of(row), dict(opened.before)))


def undoing_of_form(envelope: Envelope) -> Undoing | None:
    """What a form puts back; None when it puts nothing back, and while the database can't be read."""
    try:
        return undoing_of(envelope.undoes or "", envelope.place, envelope.snapshot.opened)
    except JournalUnavailable:
        return None
