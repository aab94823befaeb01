"""Lists as files for table programs (CSV, RFC 4180)."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from flask import Flask, current_app
from werkzeug.wrappers import Response

from webapp.context import person
from webapp.http.slots import Busy, BusyAlone, Slots

# Where a table program may find the beginning of a formula: at that of a text and, since many take a file apart at
# semicolons, tabs, bars or line ends and see no quotes then, behind each of those. Blanks, quotes and characters of no
# width may stand before it, and it has wide forms.
FORMULA = re.compile(
    r"""(^(?=[\t\r\n])|(?:^|[;|\t\r\n])(?=(?:[^\S\t\r\n]|["\x00-\x08\x0e-\x1f\u200b\ufeff])*[=+\-@＝＋－＠]))"""
)
# The headings of columns that both files have. A table program takes a zone in a time for text.
TIME = "time (UTC)"
ID = "id of the submission"
LINES_AT_ONCE = 200
# Without it Excel takes UTF-8 for the older encoding of its computer, and “ł” comes out as two other letters.
BYTE_ORDER_MARK = "\ufeff"
# Files that are written at once, in all and for one person: each has a thread of the server for as long as it takes.
AT_ONCE = 8
EACH = 2
BEING_WRITTEN = "files being written"


class TooManyFiles(Busy):
    """As many files are being written as may at once."""

    sentence = "Many files are being written at this moment."
    advice = "Wait a moment, then try again."


class TooManyOfYours(Busy):
    """As many files are being written for one person as may at once."""

    sentence = f"Other files of yours are being written already, as many as are allowed at once: {EACH}."
    advice = "Wait until one of them has been downloaded, then try again."


def register(app: Flask) -> None:
    """Count the files that this app is writing."""
    app.extensions[BEING_WRITTEN] = Slots(AT_ONCE, lambda: person().id, EACH)


def stamp(moment: datetime) -> str:
    """A time (UTC) as table programs read it: ISO 8601's day and time, with a blank between them."""
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def table_file(name: str, columns: Sequence[str], rows: Iterable[Iterable[object]]) -> Response:
    """Answer with a file of that name, written as the rows are read. Raises `Busy` when too many are being written."""
    being_written: Slots = current_app.extensions[BEING_WRITTEN]
    try:
        slot = being_written.take()
    except BusyAlone as busy:
        raise TooManyOfYours from busy
    except Busy as busy:
        raise TooManyFiles from busy
    response = Response(lines(columns, rows), mimetype="text/csv")
    response.call_on_close(lambda: being_written.free(slot))
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response


def lines(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Write rows, some at a time."""
    written = io.StringIO()
    written.write(BYTE_ORDER_MARK)
    writer = csv.writer(written)
    writer.writerow(columns)
    for count, row in enumerate(rows, start=1):
        writer.writerow([safe_cell(value) for value in row])
        if count % LINES_AT_ONCE == 0:
            yield written.getvalue()
            written.seek(0)
            written.truncate()
    yield written.getvalue()


def safe_cell(value: object) -> object:
    """Keep a table program from taking a text, or a part of it, for a formula (OWASP, "CSV Injection")."""
    return FORMULA.sub(r"\1'", value) if isinstance(value, str) else value


def refused(problems: Iterable[tuple[str, str]]) -> Response:
    """Answer that there is no such file, since the filter is wrong."""
    return Response("\n".join(message for _, message in problems), 422, mimetype="text/plain")
