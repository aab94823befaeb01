"""Changing the answers of an action that came of a template: the same template, and nothing but other answers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import abort, request
from werkzeug.wrappers import Response

from webapp.auth.people import Role
from webapp.buddy.actions import Action
from webapp.buddy.likeness import differences
from webapp.buddy.places import Place
from webapp.buddy.stored import StoredContainer
from webapp.context import actor, may, parts, person
from webapp.forms.action_form.changes import ChangeForm, opened
from webapp.forms.action_form.copies import copy_of
from webapp.forms.action_form.form import LABELS
from webapp.forms.chosen import answer_in_words
from webapp.http.errors import BuddyError
from webapp.prepared.answers import answer_name
from webapp.prepared.changes import shortened
from webapp.prepared.templates import Template
from webapp.store.models import Submission
from webapp.store.templates import TemplateMoved
from webapp.submissions.authorship import OWN_FOR, is_still_own
from webapp.submissions.changes import Change
from webapp.submissions.drafts import Draft, earlier
from webapp.submissions.envelope import FromTemplate
from webapp.submissions.states import ADDED, State
from webapp.views.access import insist
from webapp.views.action_form.binding import AnyForm, bind, bind_answers, template_of
from webapp.views.action_form.checking import only_known
from webapp.views.action_form.opening import prepare
from webapp.views.action_form.pages import Page, show_form
from webapp.views.action_form.posting import Posted, begun_as, keep, show_unrecognised, with_name
from webapp.views.answers.locks import refuse_outside, show_moved, stopped_by_template
from webapp.views.answers.template_status import template_status_of
from webapp.views.errors import page
from webapp.views.history import CAME_TO_PASS, in_order_sent, sent_of
from webapp.views.sending import not_changed, send

OWN_ONLY = (
    f"You may change what you added from a template for {OWN_FOR.seconds // 60} minutes after adding it. An editor can "
    "change any other action."
)
MOST_CHANGES = 20
NOTHING_NEW = "These are the answers that it has. Nothing has been sent."
TOUCHED = "Somebody else has changed this action since: {what}. Ask an editor to change the rest, or add another one."
OUT_OF_REACH = (
    "This action is no longer what the template made of it. Nothing has been sent: change it with the whole form."
)
NOTHING_SENT = "Nothing has been sent, and your answers are below."
ANSWERED_SINCE = (
    f"This action was changed since this form was opened{{now}}. {NOTHING_SENT} Look, and press the button again."
)


@dataclass(frozen=True)
class Answered:
    """An action that came of a template: the submission that added it, and the changes of its answers since, the
    newest first."""

    addition: Submission
    changes: Sequence[Submission] = ()

    @property
    def source(self) -> FromTemplate:
        """The template, and the version that it was made from."""
        return FromTemplate(self.addition.template or "", self.addition.template_version or 0)

    @property
    def typed(self) -> dict[str, str]:
        """Its answers."""
        return dict((self.changes[0] if self.changes else self.addition).typed)

    @property
    def sent(self) -> dict[str, Any]:
        """All that was sent of it, the newest of each setting, without secrets."""
        return sent_of(self.addition, self.changes)

    def touched(self, action: Action) -> str:
        """What of the action is no longer as it was sent, in words."""
        return ", ".join(LABELS.get(name, name) for name in differences(self.sent, action.raw))


def answered(place: Place, id: int) -> Answered | None:
    """The action whose answers who asks may change: editors any that came of a template and was changed by its answers
    alone, contributors for a while what they added themselves."""
    journal = parts().journal
    row = journal.addition_of(place.key, id)
    if row is None or not row.template or row.state not in ADDED:
        return None
    if not may(Role.EDITOR) and not is_still_own(journal, place, id, person().id, parts().clock()):
        return None
    changes = journal.later(row, id, CAME_TO_PASS, MOST_CHANGES)
    if len(changes) == MOST_CHANGES or any(each.template != row.template for each in changes):
        return None
    return Answered(row, in_order_sent(row, changes))


def chosen_answers(place: Place, id: int) -> Answered | None:
    """The same where the address names its template; the whole form of a change is an editor's."""
    named = request.args.get("template")
    found = answered(place, id) if named else None
    if found is not None and found.addition.template == named:
        return found
    insist(Role.EDITOR, OWN_ONLY)
    return None


def open_change(place: Place, id: int, found: Answered) -> Response:
    """The form of the template, with the answers that the action has."""
    template_status = template_status_of(found.source, place, found.source.version) or abort(404)
    if template_status.sentence:
        return page(
            409,
            template_status.sentence.rstrip("."),
            "The action stays as it is. An editor can change it with the whole form.",
        )
    opening = prepare(place, id)
    envelope = replace(opening.envelope(person().id, place), template=template_status.source)
    public = {name: text for name, text in found.typed.items() if not name.endswith("-kept")}
    draft = with_name(Draft(replace(envelope, begun=begun_as(public)), public))
    what = found.touched(parts().client.action(place, id))
    if what:
        return page(409, "This action was changed since", TOUCHED.format(what=what))
    key = template_status.template.key_of(request.args.get("at", ""))
    return show_form(Page(draft, bind(draft), template_status=template_status, focus=answer_name(key) if key else ""))


def bound(posted: Posted, found: Answered | None) -> Posted:
    """What was posted, held to the version that the action was made from, however new its form is."""
    if posted.template_status is None or found is None:
        return posted
    return replace(posted, template_status=replace(posted.template_status, bound=found.source.version))


def send_answers(posted: Posted, id: int, found: Answered) -> Response:
    """Send what other answers make of the action to Buddy, once, and go to the receipt."""
    posted = bound(posted, found)
    draft, form = posted.draft, bind(posted.draft)
    if form.forged() or not (posted.known or posted.locked):
        return show_unrecognised(keep(draft), form, posted.known, posted.template_status)
    if refused := stopped_by_template(posted, draft, form):
        return refused
    if not form.validate():
        refuse_outside(form, posted.template_status)
        return show_form(Page(keep(draft), form, checked=True, template_status=posted.template_status), 422)
    row = earlier(parts().journal, draft.envelope)
    if row is not None and row.state not in (State.DRAFT, State.NOT_SENT):
        return send_change(draft, id, posted)
    return send_over(draft, form, id, found, posted)


def send_over(draft: Draft, form: AnyForm, id: int, found: Answered, posted: Posted) -> Response:
    """Read the action once more, and send the answers unless it has been changed since their form was opened."""
    read_at = parts().clock()
    try:
        action = parts().client.action(draft.envelope.place, id)
    except BuddyError as error:
        notice = f"{error.sentence} {error.advice} {NOTHING_SENT}"
        return show_form(Page(keep(draft), form, notice=notice, template_status=posted.template_status), 503)
    fresh = as_it_is(draft, action)
    if notice := changes_meanwhile(draft, fresh, found.touched(action), found):
        return show_form(Page(keep(fresh), bind(fresh), notice=notice, template_status=posted.template_status), 409)
    if not draft.secrets and draft.typed == found.typed:
        return show_form(Page(draft, form, notice=NOTHING_NEW, template_status=posted.template_status), 422)
    # Buddy may have taken its time to be read, and an action is a contributor's own for minutes alone.
    if answered(draft.envelope.place, id) is None:
        insist(Role.EDITOR, OWN_ONLY)
    return send_change(fresh, id, posted, read_at)


def changes_meanwhile(draft: Draft, fresh: Draft, touched: str, found: Answered) -> str:
    """What was done to the action since the form of a draft was opened, in sentences; an empty text for nothing."""
    if touched:
        return f"{TOUCHED.format(what=touched)} {NOTHING_SENT}"
    if fresh.envelope.snapshot.opened == draft.envelope.snapshot.opened:
        return ""
    return ANSWERED_SINCE.format(now=answers_now(found, template_of(draft)))


def answers_now(found: Answered, template: Template) -> str:
    """The answers that an action has, but for secret ones, for a sentence."""
    asked = [question for question in template.questions() if found.typed.get(answer_name(question.key))]
    answers = {each.label: answer_in_words(each, found.typed[answer_name(each.key)]) for each in asked}
    told = ", ".join(f"{label} “{shortened(answer)}”" for label, answer in answers.items())
    return f": its answers are now {told}" if told else ""


def show_out_of_reach(posted: Posted) -> Response:
    """The answers once more, kept, when they are no longer those of the action."""
    draft = keep(posted.draft)
    return show_form(Page(draft, bind(draft), notice=OUT_OF_REACH, template_status=posted.template_status), 409)


def as_it_is(draft: Draft, action: Action) -> Draft:
    """The same answers for the action as Buddy has it now."""
    stored = StoredContainer.of(action) or abort(404)
    snapshot = replace(draft.envelope.snapshot, opened=opened(stored, copy_of(stored)))
    return replace(draft, envelope=replace(draft.envelope, snapshot=snapshot))


def send_change(draft: Draft, id: int, posted: Posted, read_at: datetime | None = None) -> Response:
    """Send it, with the template's secrets, since Buddy takes all variables together."""
    template_status = posted.template_status or abort(404)
    form = bind_answers(draft, parts().library.secrets(template_status.now.id))
    whole = form.whole
    if not form.validate() or not isinstance(whole, ChangeForm):
        return show_form(Page(keep(draft), form, checked=True, template_status=template_status), 422)
    snapshot = draft.envelope.snapshot
    public = replace(snapshot, opened=whole.public_before())
    change = Change(
        only_known(replace(draft, envelope=replace(draft.envelope, snapshot=public)), form),
        actor(),
        id,
        whole.to_changes(),
        whole.to_body(),
        whole.redacted(),
        whole.secrets(),
        read_at,
        made=template_status.now.as_read,
    )
    try:
        return send(change, lambda why: not_changed(change, form, why, template_status))
    except TemplateMoved:
        return show_moved(draft)
