"""What was made from a template, and whether it is still as it was sent."""

from collections.abc import Callable, Mapping, Sequence
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
from webapp.submissions.states import ADDED, DONE
from webapp.views.receipts import place_of


@dataclass(frozen=True)
class Look:
    """What a look at an action came to, in words, and the tone of them: good, warning, or none."""

    words: str
    tone: str = ""


@dataclass(frozen=True)
class MadePage:
    """Some of what was made from a template, and the key of the last row where there is more."""

    rows: Sequence[Submission]
    before: HistoryKey | None = None


def made_page(id: str) -> MadePage:
    """The part of what was made from a template that the address asks for."""
    rows = parts().library.made_from(id, HistoryKey.parse(request.args.get("before", "")), DONE)
    return MadePage(rows[:PAGE], HistoryKey.of(rows[PAGE - 1]) if len(rows) > PAGE else None)


def look_at(rows: Sequence[Submission]) -> Mapping[str, Look]:
    """Ask Buddy for each of these actions, and tell by submission whether it is still as it was sent. Raises `Busy`."""
    client, executor = parts().client, parts().executor
    with client.slot():
        asked = [
            (row, executor.submit(client.action, place_of(row), row.action_id).result)
            for row in rows
            if row.state in ADDED and row.action_id
        ]
        return {row.id: looked(row, reading) for row, reading in asked}


def looked(row: Submission, reading: Callable[[], Action]) -> Look:
    """What a look at one action came to."""
    try:
        action = reading()
    except NotFound:
        return Look("No longer there", "warning")
    except BuddyError as error:
        return Look(f"Not read: {error}")
    names = differences(row.request or {}, action.raw)
    if not names:
        return Look("As it was sent", "good")
    return Look(f"Differs in: {', '.join(LABELS.get(name, name) for name in names)}", "warning")
