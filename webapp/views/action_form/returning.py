"""Coming back to a form with the browser's own Back, where there is no script to put it back.

A page that came of a POST can't be gone back to without sending it again. So whatever can be shown under an address of
its own is; and a form that was left for its preview is shown again, filled in, when its address is asked for next.
"""

from flask import redirect, request, session, url_for
from werkzeug.wrappers import Response

from webapp.buddy.places import Place
from webapp.context import page_left, parts, person
from webapp.store.failures import JournalUnavailable
from webapp.submissions.drafts import Draft, draft_of
from webapp.submissions.places import place_of
from webapp.submissions.states import State

LEFT = "left for its preview"


def is_navigation() -> bool:
    """Whether the browser shows the answer as a page: a form was posted without script."""
    return request.headers.get("Sec-Fetch-Mode") == "navigate"


def to_draft(draft: Draft, focus: str) -> Response:
    """Lead to the page of a draft that is kept; `focus` is the id of the field to go on with."""
    return redirect(url_for("submissions.show", id=draft.envelope.submission, at=focus or None), 303)


def leave(draft: Draft) -> None:
    """Remember which draft was left for its preview, and at which address."""
    if draft.kept and is_navigation():
        left = page_left()
        session[LEFT] = [draft.envelope.submission, mark(left.path, left.query)]


def come_back(place: Place, id: int | None = None) -> Draft | None:
    """The draft that was left at this very address for its preview, once; None when there is none."""
    if LEFT not in session:
        return None
    submission, where = session.pop(LEFT)
    if where != mark(request.path, request.query_string.decode(errors="replace")):
        return None
    try:
        row = parts().journal.find(submission)
    except JournalUnavailable:
        return None
    if row is None or (row.owner, row.state, row.target) != (person().id, State.DRAFT, id) or place_of(row) != place:
        return None
    return draft_of(parts().journal, row)


def mark(path: str, query: str) -> str:
    """Tell an address within Slipway from others. It may be long itself, and browsers throw long cookies away."""
    return parts().vault.fingerprint(f"left\n{path}?{query}".encode(errors="replace"))
