"""The pages for what went wrong: what happened, what was or was not done, what to do next."""

import logging
from contextlib import suppress
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from flask import Flask, make_response, render_template, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response

from webapp.auth.hashing_queue import QueueFull
from webapp.context import parts, skip_visitor_lookup, visit
from webapp.forms.action_form.posted import MOST_ROWS_READ, TooManyRows
from webapp.http.errors import BuddyError, NotFound
from webapp.http.slots import Busy
from webapp.logs import REQUEST
from webapp.store.authorisation import Conflict
from webapp.store.failures import JournalUnavailable
from webapp.views.naming import here
from webapp.views.skipped_lists import back_from

log = logging.getLogger(__name__)

NOTHING_SENT = "Nothing was sent to Buddy."
LOOK_FIRST = "If you were adding an action, look under Activity first: it says what happened to it."
# Status → what happened, and what to do next.
WORDS = {
    400: ("This request was not understood", "Go back to the previous page and try again."),
    403: ("This request came from another site", "Open Slipway itself and try again there."),
    404: ("There is no such page", "Check the address, or start from the home page."),
    405: ("This address does not accept that request", "Start from the home page."),
    413: (
        "What you sent is too large",
        f"A form may be 2 MB in all, with at most {MOST_ROWS_READ:,} variables and as many volume mappings. Go back: "
        "your browser still has what you typed. Shorten it and send it again.",
    ),
    415: ("Slipway accepts forms only", "Open the form in a browser and send it there."),
    500: ("Something went wrong in Slipway", LOOK_FIRST),
    503: ("Slipway can't do this now", "Wait a moment and try again."),
}
# What may be there a moment later.
PASSING = frozenset({500, 503})
READING = frozenset({"GET", "HEAD"})
# Seconds. When a shorter wait is over the button says itself, and a longer one is told without the time of day.
COUNTED_DOWN = 3600
LONGEST_WAIT = 24 * 3600


def register(app: Flask) -> None:
    """Make every error end in a page in plain words."""
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(BuddyError, buddy_error)
    app.register_error_handler(Busy, turned_away)
    app.register_error_handler(TooManyRows, too_large)
    app.register_error_handler(JournalUnavailable, unavailable)
    app.register_error_handler(Conflict, conflict)
    app.register_error_handler(QueueFull, queue_full)


def http_error(error: HTTPException) -> Response:
    """A page for an HTTP status."""
    status = error.code or 500
    if error.response is not None or status < 400:
        return error.get_response()
    title, advice = WORDS.get(status, WORDS[500] if status >= 500 else WORDS[400])
    done = "We do not know how far it got." if status == 500 else NOTHING_SENT
    return page(status, title, advice, done, passes=status in PASSING)


def too_large(error: TooManyRows) -> Response:
    """A page for a form with more rows than are read."""
    return http_error(RequestEntityTooLarge())


def buddy_error(error: BuddyError) -> Response:
    """A page for a read that Buddy did not answer as hoped."""
    if isinstance(error, NotFound):
        parts().directory.forget(error.path)
        if back := back_from(*names_asked_for()):
            return back
    status = 404 if isinstance(error, NotFound) else 502
    return page(status, error.sentence.rstrip("."), error.advice, passes=error.passes, wait=error.wait)


def names_asked_for() -> tuple[Any, ...]:
    """The workspace, the project and the pipeline that the address names, as far as it does."""
    values = request.view_args or {}
    place = values.get("place")
    if place is not None:
        return place.workspace, place.project, place.pipeline
    return tuple(values[name] for name in ("workspace", "project") if name in values)


def conflict(_: Conflict) -> Response:
    """A page for what was right when the request came, and no longer when it was to be written."""
    advice = "Your account, or the one that you were about to change, was changed at the same moment. Look at it again."
    return page(409, "Somebody else changed this meanwhile", advice, "Nothing was changed.")


def turned_away(busy: Busy) -> Response:
    """A page for a request that would be one too many: of those that wait for Buddy, or of files being written."""
    told = page(503, busy.sentence.rstrip("."), busy.advice, passes=True, wait=busy.retry_after)
    return to_be_tried_again(told, busy)


def to_be_tried_again(answer: Response, busy: Busy) -> Response:
    """Tell the browser of a page, too, when to try again."""
    answer.headers["Retry-After"] = str(busy.retry_after)
    return answer


def queue_full(_: QueueFull) -> Response:
    """A page for a password that could not be kept, since too many are being compared."""
    return page(503, *WORDS[503])


def unavailable(error: JournalUnavailable) -> Response:
    """A page for a request that needs the database while it can't be used."""
    log.error("the database can't be used: %s", error)
    return page(503, "Slipway can't use its database", "Wait a moment and try again.", passes=True)


def page(
    status: int,
    title: str,
    advice: str,
    done: str = NOTHING_SENT,
    passes: bool = False,
    wait: int | None = None,
    sign_in: bool = False,
) -> Response:
    """Draw the one error page, with the menu of whom the request has looked up already. It asks for nobody itself, but
    at an address that there is not, where nobody was looked up yet.

    `done` says how far it got, where something was to be done and not only read. What `passes` may be asked for again
    after so many seconds to `wait`. The way on leads to the home page, or to where one can `sign_in`.
    """
    if request.endpoint is None:
        with suppress(JournalUnavailable):
            visit()
    skip_visitor_lookup()
    reading = request.method in READING
    html = render_template(
        "errors/error.html",
        status=status,
        title=here(title),
        done="" if reading else here(done),
        tone="note" if done == NOTHING_SENT else "warning",
        advice=here(advice),
        again=this_address() if reading and passes else None,
        wait=wait,
        request_id=request.environ[REQUEST],
        at=parts().clock() + timedelta(seconds=wait) if wait and COUNTED_DOWN < wait <= LONGEST_WAIT else None,
        sign_in=sign_in,
    )
    return make_response(html, status)


def this_address() -> str:
    """The path and the query that were asked for."""
    query = request.query_string.decode("ascii", "ignore")
    return quote(request.path) + (f"?{query}" if query else "")
