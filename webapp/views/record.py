"""The record: who did what, when, from where, and how it ended."""

import csv
import io
import json
import re
from collections.abc import Iterator

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from webapp.context import parts
from webapp.forms.record import RecordForm
from webapp.store.models import Event
from webapp.store.record import Wanted
from webapp.views.access import administrator

bp = Blueprint("record", __name__)

PAGE_LENGTH = 50
NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
COLUMNS = (
    "number",
    "time",
    "person",
    "name",
    "from",
    "what",
    "outcome",
    "workspace",
    "project",
    "pipeline",
    "submission",
    "details",
)
# Where a table program may find the beginning of a formula: at that of a text and, since many take a file apart at
# semicolons, tabs, bars or line ends and see no quotes then, behind each of those. Blanks, quotes and characters of no
# width may stand before it, and it has wide forms.
FORMULA = re.compile(
    r"""(^(?=[\t\r\n])|(?:^|[;|\t\r\n])(?=(?:[^\S\t\r\n]|["\x00-\x08\x0e-\x1f\u200b\ufeff])*[=+\-@＝＋－＠]))"""
)
LINES_AT_ONCE = 200


@bp.get("/record")
@administrator
def index() -> tuple[str, int]:
    """What was done, newest first."""
    form = filled_form()
    valid = form.validate()
    before = request.args.get("before", "")
    number = int(before) if NUMBER.fullmatch(before) else None
    rows = parts().record.page(Wanted(**form.wanted()), PAGE_LENGTH + 1, number) if valid else []
    page = render_template(
        "record/index.html",
        form=form,
        problems=form.problems(),
        rows=rows[:PAGE_LENGTH],
        names={account.id: account.name for account in parts().staff.accounts.everyone()},
        older=rows[PAGE_LENGTH - 1].number if len(rows) > PAGE_LENGTH else None,
        first_page=number is None,
    )
    return page, 200 if valid else 422


@bp.get("/record.csv")
@administrator
def export() -> Response:
    """The same as a file for a table program, all of it, written as it is read."""
    form = filled_form()
    if not form.validate():
        return Response("\n".join(message for _, message in form.problems()), 422, mimetype="text/plain")
    events = parts().record.all(Wanted(**form.wanted()))
    response = Response(lines(events), mimetype="text/csv")
    response.headers["Content-Disposition"] = "attachment; filename=slipway-record.csv"
    return response


def filled_form() -> RecordForm:
    """The filter as the address has it."""
    return RecordForm(request.args.to_dict(), parts().record.outcomes())


def lines(events: Iterator[Event]) -> Iterator[str]:
    """Write events as CSV (RFC 4180), some lines at a time."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    for count, event in enumerate(events, start=1):
        writer.writerow([safe_cell(value) for value in cells(event)])
        if count % LINES_AT_ONCE == 0:
            yield written.getvalue()
            written.seek(0)
            written.truncate()
    yield written.getvalue()


def cells(event: Event) -> tuple[object, ...]:
    """One event, in the order of the columns."""
    return (
        event.number,
        event.at.isoformat(timespec="milliseconds"),
        event.person,
        event.person_name,
        event.origin,
        event.verb,
        event.outcome,
        event.workspace,
        event.project,
        event.pipeline,
        event.submission,
        json.dumps(event.details, ensure_ascii=False),
    )


def safe_cell(value: object) -> object:
    """Keep a table program from taking a text, or a part of it, for a formula (OWASP, "CSV Injection")."""
    return FORMULA.sub(r"\1'", value) if isinstance(value, str) else value
