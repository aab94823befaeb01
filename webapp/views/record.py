"""The record: who did what, when, from where, and how it ended."""

import json
import re
from collections.abc import Sequence

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from webapp.context import parts
from webapp.forms.lists import RecordForm
from webapp.store.lists import Part
from webapp.store.models import Event
from webapp.store.record import Item, Wanted
from webapp.store.words import Words, words_of
from webapp.submissions.states import Kind
from webapp.submissions.words import done, ended, ended_as
from webapp.views.access import administrator
from webapp.views.choices import Named, meant, offered
from webapp.views.files import ID, TIME, refused, stamp, table_file
from webapp.views.record_groups import SIGNING, grouped, is_state

bp = Blueprint("record", __name__)

PAGE_LENGTH = 25
NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
COLUMNS = (
    "number",
    TIME,
    "id of the person",
    "who",
    "from",
    "what",
    "outcome",
    "action",
    "workspace",
    "project",
    "pipeline",
    "address",
    ID,
    "details",
)
NOTHING: Part[Item, int] = Part((), None)


@bp.get("/record")
@administrator
def index() -> tuple[str, int]:
    """What was done, newest first: a line for a submission, with its steps."""
    form, people = filled_form(), parts().record.people()
    valid = form.validate()
    before = request.args.get("before", "")
    number = int(before) if NUMBER.fullmatch(before) else None
    part, found = NOTHING, None
    if valid:
        query = wanted(form, people)
        part = parts().record.page(query, PAGE_LENGTH, number)
        if form.used:
            found = part.counted(lambda: parts().record.count(query), first=number is None)
    page = render_template(
        "record/index.html",
        form=form,
        problems=form.problems(),
        part=part,
        found=found,
        people=offered(people),
        names={account.id: account.name for account in parts().staff.accounts.everyone()},
        first_page=number is None,
        today=parts().clock().date(),
    )
    return page, 200 if valid else 422


@bp.get("/record.csv")
@administrator
def export() -> Response:
    """The same as a file for a table program, all of it, a row for each step, written as it is read."""
    form = filled_form()
    if not form.validate():
        return refused(form.problems())
    events = parts().record.all(wanted(form, parts().record.people()))
    return table_file("slipway-record.csv", COLUMNS, map(cells, events))


def filled_form() -> RecordForm:
    """The filter as the address has it."""
    record = parts().record
    return RecordForm(request.args.to_dict(), grouped(record.verbs(), record.outcomes()))


def wanted(form: RecordForm, people: Sequence[Named]) -> Wanted:
    """What the filter asks for."""
    what = form.what.text
    return Wanted(
        people=meant(form.who.text, people),
        words=Words(words_of(form.q.text), words_of(form.words_of_place)),
        outcomes=(what,) if is_state(what) else (),
        verbs=(what,) if what and not is_state(what) else (),
        without=SIGNING if form.quiet.on else (),
        **form.wanted(),
    )


def cells(event: Event) -> tuple[object, ...]:
    """One event, in the order of the columns."""
    asks = event.details.get("asks", Kind.ADDITION)
    outcome = event.outcome or ""
    return (
        event.number,
        stamp(event.at),
        event.person,
        event.person_name,
        event.origin,
        done(event.verb, asks, event.outcome, bool(event.details.get("status"))),
        ended_as(asks, outcome) if event.submission else ended(outcome),
        event.action,
        event.workspace_name or event.workspace,
        event.project_name or event.project,
        event.pipeline_name or (f"pipeline {event.pipeline}" if event.pipeline else None),
        f"{event.workspace}/{event.project}/{event.pipeline}" if event.workspace else None,
        event.submission,
        json.dumps(event.details, ensure_ascii=False),
    )
