"""The one send, as every page asks for it, and where it leads."""

from collections.abc import Callable
from dataclasses import replace

from flask import Flask, redirect, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from webapp.context import parts
from webapp.submissions.drafts import Draft, earlier
from webapp.submissions.results import AlreadyClaimed, Duplicate, NotMade, Recorded, Unrecorded
from webapp.submissions.states import ADDED, Kind, State
from webapp.submissions.writes import Write
from webapp.views.access import insist_still
from webapp.views.action_form.binding import AnyForm
from webapp.views.action_form.pages import Page, show_form
from webapp.views.action_form.posting import ELSEWHERE, changed_elsewhere, keep
from webapp.views.answers.template_status import TemplateStatus
from webapp.views.receipts import show_unrecorded

BESIDE = (
    "Something else is being done to this action at this moment. Nothing has been sent from this page, and what you "
    "typed is below: wait a moment, then press the button again."
)
# What is posted there asks Buddy for something, once.
SENDING = frozenset({f"{noun}.create" for noun in ("additions", "changes", "deletions", "runs")}) | {
    "runs.create_whole",
    "runs_followed.stop",
    "submissions.attempt",
}


def sending_in(app: Flask) -> Callable[[str, str], bool]:
    """Give what tells of a request's method and path whether it sends."""
    addresses = app.url_map.bind("")

    def sends(method: str, path: str) -> bool:
        if method != "POST":
            return False
        try:
            return addresses.match(path, method)[0] in SENDING
        except HTTPException:
            return False

    return sends


def send(write: Write, not_sent: Callable[[NotMade], Response]) -> Response:
    """Send it, once, and go to its receipt; what stood in the way is answered by `not_sent`.

    Raises `Busy` and `JournalUnavailable` when nothing was sent.
    """
    insist_still()
    result = parts().sender.send(write)
    if isinstance(result, Unrecorded):
        return show_unrecorded(write, result)
    return to_receipt(write.id) if isinstance(result, Recorded) else not_sent(result)


def to_receipt(id: str) -> Response:
    """Go to a submission's page."""
    return redirect(url_for("submissions.show", id=id), 303)


def not_changed(write: Write, form: AnyForm, why: NotMade, template_status: TemplateStatus | None = None) -> Response:
    """Why a change was not sent: the receipt of what asks the same, or the form once more."""
    if isinstance(why, AlreadyClaimed):
        return already_sent(write, form)
    if isinstance(why, Duplicate) and why.other:
        return show_form(Page(keep(write.draft), form, notice=BESIDE, template_status=template_status), 409)
    return to_receipt(why.id)


def already_sent(write: Write, form: AnyForm) -> Response:
    """The form was sent before: unchanged, its receipt; changed, the form again as a new one, with nothing sent."""
    row = earlier(parts().journal, write.draft.envelope)
    if row is not None and row.state != State.DRAFT and row.fingerprint == parts().sender.fingerprint(write):
        return to_receipt(row.id)
    family = parts().journal.family(row.family) if row is not None and row.family else []
    added = [each.id for each in family if each.kind == Kind.ADDITION and each.state in ADDED]
    told = telling(write.draft, added)
    draft = keep(told)
    if draft.envelope.submission == told.envelope.submission:
        # It is as it was opened, or there is no room for it: it is another form all the same.
        draft = keep(draft.renewed()) if draft.kept else draft.renewed()
    if changed_elsewhere(write.draft, draft):
        return show_form(Page(draft, form, notice=ELSEWHERE), 409)
    return show_form(Page(draft, form, edited_copy=True), 409)


def telling(draft: Draft, added: list[str]) -> Draft:
    """The same form, whose page tells of submissions that have added an action."""
    envelope = draft.envelope
    return replace(draft, envelope=replace(envelope, told=tuple({*envelope.told, *added})))
