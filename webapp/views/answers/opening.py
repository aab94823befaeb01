"""Opening the form of a template: empty, or with the answers that a link or another submission of it carries."""

from dataclasses import replace

from flask import request
from werkzeug.wrappers import Response

from webapp.buddy.places import Place
from webapp.context import parts, person
from webapp.forms.answers import linked_answers, locked_names
from webapp.store.models import Submission
from webapp.submissions.drafts import Draft, latest_draft
from webapp.views.action_form.binding import bind_answers
from webapp.views.action_form.copying import NOT_COPIED, row_like
from webapp.views.action_form.opening import prepare
from webapp.views.action_form.pages import Page, show_form
from webapp.views.action_form.posting import begun_as, nothing_typed, with_name
from webapp.views.answers.locks import refuse_outside, show_locked
from webapp.views.answers.template_status import ANOTHER, TemplateStatus
from webapp.views.errors import page
from webapp.views.skipped_lists import read_skipped_lists

FROM_A_LINK = "The link that you followed has answered these. Look at it before you send it: nothing has been sent."
# What an address says besides answers.
OF_THE_ADDRESS = frozenset({"template", "like", "through"})


def open_answers(place: Place, template_status: TemplateStatus) -> Response:
    """The form of a template in a pipeline."""
    if template_status.why_not:
        return page(409, template_status.why_not.rstrip("."), ANOTHER)
    with parts().client.slot():
        back = read_skipped_lists(*place.key)
        opening = prepare(place, None)
        elsewhere = back()
    if elsewhere:
        return elsewhere
    given = {name: text for name, text in request.args.items() if name not in OF_THE_ADDRESS}
    before = answered_before(template_status)
    envelope = replace(opening.envelope(person().id, place), template=template_status.source)
    typed = linked_answers(template_status.template, {**(before.typed if before else {}), **given})
    draft = with_name(Draft(replace(envelope, begun=begun_as(typed)), typed))
    form = bind_answers(draft)
    if locked := locked_names(template_status.template, given):
        return show_locked(draft, form, template_status, locked)
    if form.blame_outside():
        refuse_outside(form, template_status)
        return show_form(Page(draft, form, template_status=template_status, checked=True), 422)
    notice = FROM_A_LINK if given and not nothing_typed(draft) else ""
    if request.args.get("like") and not before:
        notice = NOT_COPIED
    waiting = None
    if nothing_typed(draft):
        waiting = latest_draft(parts().journal, person().id, place, template=template_status.now.id)
    return show_form(Page(draft, form, notice=notice, waiting=waiting, template_status=template_status))


def answered_before(template_status: TemplateStatus) -> Submission | None:
    """The submission of the same template that `like` names."""
    row = row_like(request.args.get("like", ""))
    return row if row is not None and row.template == template_status.now.id else None
