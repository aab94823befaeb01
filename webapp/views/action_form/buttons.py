"""What the pages with a form have in common: their helper buttons, and what script keeps while somebody types."""

from dataclasses import replace

from flask import abort, jsonify, make_response, request
from werkzeug.wrappers import Response

from webapp.context import actor, parts
from webapp.forms.action_form.buttons import (
    BACK,
    CHECK,
    CHECK_REVIEWED,
    ENV,
    FILL_ENV,
    LINK,
    PREVIEW,
    TO_ENV,
    YAML,
    Pressed,
    press,
)
from webapp.forms.action_form.posted import Typed
from webapp.forms.action_form.reports import together
from webapp.forms.action_form.secrets import take_secrets
from webapp.forms.answers import AnswersForm, forget_answer, take_secret_answers
from webapp.store.reading import QuotaReached
from webapp.submissions.drafts import Draft, drop_draft, keep_draft
from webapp.views.action_form.binding import bind, whole_form
from webapp.views.action_form.checking import ask, check_unpressed, meant, remember
from webapp.views.action_form.pages import (
    Page,
    show_form,
    show_image,
    show_preview,
    split_just_now,
    with_link,
    with_yaml,
)
from webapp.views.action_form.posting import (
    ELSEWHERE,
    Posted,
    as_opened,
    changed_elsewhere,
    keep,
    show_unrecognised,
    unkept_texts,
)
from webapp.views.action_form.returning import is_navigation, leave, to_draft
from webapp.views.answers.locks import refuse, refuse_outside, stopped_by_template


def show_pressed(posted: Posted) -> Response:
    """The same form with what was typed, changed as the button that was pressed says."""
    before, button = posted.draft, meant(request.form.get("button", CHECK))
    pressed = press_answers(button, before) if posted.template_status else press(button, before.typed, posted.pasted)
    typed, secrets = take(posted, pressed.typed)
    # Variables that are shown as one text are kept as variables.
    draft = keep(before if button == TO_ENV else replace(before, typed=typed, secrets=secrets))
    form = bind(replace(draft, typed=typed), pressed.pasted_in(typed))
    if form.forged() or not (posted.known or posted.locked):
        return show_unrecognised(draft, form, posted.known, posted.template_status)
    if stopped := stopped_by_template(posted, draft, form) or unkept_texts(draft, secrets):
        return stopped
    notice = ELSEWHERE if changed_elsewhere(before, draft) else ""
    report = together(posted.report, pressed.report)
    page = Page(draft, form, focus=pressed.focus, notice=notice, report=report, template_status=posted.template_status)
    if refused := refused_box(button, pressed, posted):
        whole_form(form).pastes.refuse(refused)
        return show_form(replace(page, checked=True), 422)
    if button == LINK:
        page = with_link(replace(page, draft=replace(draft, typed=typed)))
    if button == YAML and not posted.template_status:
        page = with_yaml(replace(page, draft=replace(draft, typed=typed)))
    if answer := ask(button, page.draft, form):
        page = replace(page, draft=remember(page.draft, answer), image=answer)
    if button in (CHECK, PREVIEW, CHECK_REVIEWED):
        return show_checked(page, button)
    told = (
        notice
        or answer
        or page.report
        or page.link
        or page.exported
        or any(pressed.pasted.values())
        or split_just_now(draft)
    )
    return show_form(page) if told or not is_navigation() or is_unkept(draft) else to_draft(draft, page.focus)


def show_image_seen(posted: Posted) -> Response:
    """What a registry says of the image, for script: to anybody, or at the press of the button to who has the name and
    password."""
    draft, form = posted.draft, bind(posted.draft)
    if form.forged() or not posted.known:
        abort(400)
    answer = ask(request.form.get("button", ""), draft, form) or check_unpressed(draft, form)
    return show_image(remember(draft, answer), form, answer)


def refused_box(button: str, pressed: Pressed, posted: Posted) -> str:
    """The box of the text from which nothing was carried over, though that was asked for; empty where none was."""
    nothing_there = button == FILL_ENV and posted.report is None and posted.template_status is None
    return pressed.refused or (ENV if nothing_there else "")


def take(posted: Posted, typed: Typed) -> tuple[Typed, dict[str, str]]:
    """Split what a button has made of the fields into public ones and secrets by id."""
    secrets = posted.draft.secrets
    if posted.template_status:
        return take_secret_answers(posted.template_status.template, typed, secrets)
    return take_secrets(typed, secrets)


def press_answers(button: str, draft: Draft) -> Pressed:
    """Do what a helper button of a template's form says."""
    return Pressed(forget_answer(button, draft.typed), "preview" if button.startswith(BACK) else "")


def is_unkept(draft: Draft) -> bool:
    """Whether the page alone holds a draft: there was no room for it, or nothing in it to keep."""
    return not draft.kept or as_opened(draft)


def show_checked(page: Page, button: str) -> Response:
    """Check the form, and show it with what is wrong, or its preview if that was asked for."""
    valid = page.form.validate()
    if not valid:
        refuse_outside(page.form, page.template_status)
    if valid and button != CHECK:
        leave(page.draft)
        return show_preview(page.draft, page.form)
    return show_form(replace(page, focus="", checked=True), 200 if valid else 422)


def keep_typing(posted: Posted) -> Response:
    """Keep what script has sent, and tell the names that look like a secret's.

    204: nothing is typed; 409: there is something newer, or it was sent; 507: no room.
    """
    form = bind(posted.draft)
    if form.forged() or not (posted.known or posted.locked):
        return make_response(jsonify(problem="not recognised"), 400)
    if posted.template_status and isinstance(form, AnswersForm) and (opened := [*posted.locked, *form.impossible()]):
        refuse("locked", posted.template_status, opened)
        return make_response(jsonify(problem="locked"), 422)
    if as_opened(posted.draft):
        drop_draft(parts().journal, posted.draft, actor())
        return make_response("", 204)
    try:
        kept = keep_draft(parts().journal, posted.draft)
    except QuotaReached:
        return make_response(jsonify(problem="full"), 507)
    if kept is None:
        return make_response(jsonify(problem="old"), 409)
    return make_response(jsonify(draft=str(kept.mark), likely_secrets=bind(kept).likely_secrets), 200)
