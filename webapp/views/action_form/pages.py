"""The page with the form, as several views show it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.buddy.curl import curl, stand_in
from webapp.buddy.places import Place
from webapp.context import parts
from webapp.forms.action_form.changes import ChangeForm
from webapp.forms.action_form.differences import Difference, by_people
from webapp.forms.action_form.exports import Exported, export
from webapp.forms.action_form.form import RunContainerForm
from webapp.forms.action_form.links import LONGEST_LINK, shareable
from webapp.forms.action_form.previews import Preview
from webapp.forms.action_form.references import told_of_split
from webapp.forms.action_form.reports import Report
from webapp.forms.answers import AnswersForm, shareable_answers
from webapp.http.refusals import takes_no_changes
from webapp.store.models import Submission
from webapp.submissions.attempts import attempts_of
from webapp.submissions.drafts import QUOTA, Draft
from webapp.submissions.envelope import Envelope
from webapp.submissions.image_checks import ImageCheck
from webapp.submissions.results import Duplicate, Stopped, is_doubled
from webapp.views.action_form.binding import AnyForm, template_of, whole_form
from webapp.views.action_form.checking import Answer, known
from webapp.views.action_form.undoing import undoing_of_form
from webapp.views.answers.template_status import TemplateStatus


@dataclass(frozen=True)
class Page:
    """What the form page shows beside the form: `focus` is the id of the field to go on with, `checked` tells that the
    form has been validated, `refusals` are Buddy's own messages, `edited_copy` that this form was sent before with
    other content, `duplicate` that another submission asks the same, `report` what came of a paste, `link` the address
    that fills in this form, `unlinked` the labels of what it leaves out, `exported` the form as an action of a
    `buddy.yml`, `left` what of an action the form does not show, `waiting` a draft that the person could go on with
    instead, `conflicts` what of an action somebody else has changed meanwhile, `stopped` why nothing was sent because
    of an earlier attempt, `refused_row` the submission that was refused, `template_status` the template that asks,
    `locked` the boxes of it that were posted all the same, `image` what a registry has just said.
    """

    draft: Draft
    form: AnyForm
    focus: str = ""
    checked: bool = False
    notice: str = ""
    refused: str = ""
    refusals: Sequence[str] = ()
    edited_copy: bool = False
    duplicate: Duplicate | None = None
    stopped: Stopped | None = None
    refused_row: Submission | None = None
    report: Report | None = None
    link: str = ""
    unlinked: Sequence[str] = ()
    exported: Exported | None = None
    left: Sequence[str] = ()
    waiting: Submission | None = None
    conflicts: Sequence[Difference] = ()
    template_status: TemplateStatus | None = None
    locked: Sequence[str] = ()
    forewarning: str = ""
    image: Answer | None = None

    @property
    def takes_no_changes(self) -> bool:
        """Whether Buddy has refused it since the pipeline can't be changed, whatever the form asks for.

        That it comes from a YAML file, the pipeline itself tells. Of a frozen one there are Buddy's words alone.
        """
        return bool(self.refused) and (self.draft.envelope.snapshot.from_yaml or takes_no_changes(self.refusals))

    @property
    def beside(self) -> str | None:
        """The submission that has added the same already, where a person may want a second one."""
        why = self.stopped or self.duplicate
        return why.id if why and is_doubled(why) else None

    @property
    def problems(self) -> list[tuple[str, str]]:
        """What the error summary lists: a field's id, or an empty one, and the message."""
        refusals = [(self.form.field_named_in(message), message) for message in self.refusals]
        return refusals + (list(self.form.problems()) if self.checked else [])


def addresses(envelope: Envelope) -> dict[str, str]:
    """Where a form is sent to, where its helper buttons go, and where script keeps it and has its image checked."""
    place, opened = envelope.place, envelope.snapshot.opened
    noun = "changes" if opened else "additions"
    here: dict[str, Any] = {"place": place, "template": envelope.template.id if envelope.template else None}
    here |= {"id": opened.id} if opened else {}
    steps = {"send_address": "create", "helper_address": "redraw", "draft_address": "draft", "image_address": "image"}
    return {name: url_for(f"{noun}.{verb}", **here) for name, verb in steps.items()}


def with_link(page: Page) -> Page:
    """The page with the address of a new form with the same content, but for secrets."""
    draft = page.draft
    shared = shareable(draft.typed, draft.secrets.values())
    fields: dict[str, Any] = dict(shared.fields)
    if draft.envelope.template:
        shared = shareable_answers(template_of(draft), draft.typed, draft.secrets.values())
        fields = {"template": draft.envelope.template.id, **shared.fields}
    link = parts().settings.url + url_for("additions.new", place=draft.envelope.place, **fields)
    return replace(page, link=link, unlinked=shared.left)


def with_yaml(page: Page) -> Page:
    """The page with the form as an action of a `buddy.yml`, but for secrets."""
    draft = page.draft
    return replace(page, exported=export(draft.typed, draft.secrets.values(), draft.envelope.snapshot))


def command(place: Place, form: RunContainerForm) -> str:
    """What a form sends, as a command for a terminal."""
    if isinstance(form, ChangeForm):
        address, body = place.action_path(form.opened.id), form.with_stand_ins(stand_in)
        return curl("PATCH", parts().endpoint + address, body) if body else ""
    return curl("POST", f"{parts().endpoint}{place.path}/actions", form.to_request().with_stand_ins(stand_in))


def preview_of(draft: Draft, form: AnyForm) -> Preview:
    """What a form will do; of a change, without the secrets that a template sends along."""
    preview = Preview.of(whole_form(form))
    template = template_of(draft) if draft.envelope.template else None
    return replace(preview, differences=by_people(preview.differences, template))


def show_preview(draft: Draft, form: AnyForm) -> Response:
    """Show what a form that has been validated will do, with a way back and one on."""
    place = draft.envelope.place
    html = render_template(
        "action_form/preview.html",
        draft=draft,
        form=form,
        place=place,
        snapshot=draft.envelope.snapshot,
        undoing=undoing_of_form(draft.envelope),
        sealed=parts().seal.seal(draft.envelope),
        preview=preview_of(draft, form),
        seen=known(draft, form),
        unasked=whole_form(form).source.unasked,
        quota=QUOTA,
        command=command(place, whole_form(form)),
        **addresses(draft.envelope),
    )
    return make_response(html)


def show_form(page: Page, status: int = 200) -> Response:
    """Draw the form. What of its secrets could not be kept is asked for again."""
    if not page.draft.kept:
        page.form.forget(page.draft.secrets)
    envelope = page.draft.envelope
    undoing = undoing_of_form(envelope)
    if undoing:
        whole_form(page.form).mark(undoing.undo.marks(page.draft.typed))
    html = render_template(
        page_of(page),
        page=page,
        split=split_just_now(page.draft),
        seen=image_seen(page),
        undoing=undoing,
        attempts=attempts_of(page.refused_row) if page.refused_row else (),
        form=page.form,
        place=envelope.place,
        snapshot=envelope.snapshot,
        sealed=parts().seal.seal(envelope),
        mark=page.draft.mark,
        longest_link=LONGEST_LINK,
        quota=QUOTA,
        **addresses(envelope),
    )
    return make_response(html, status)


def image_seen(page: Page) -> ImageCheck | None:
    """What is known of the image: what a registry has just said, or said before of the same one."""
    return page.image.check if page.image else known(page.draft, page.form)


def show_image(draft: Draft, form: AnyForm, answer: Answer) -> Response:
    """What a registry has said of the image, as a part of the page with the form, for script."""
    html = render_template(
        "action_form/image_told.html",
        seen=answer.check,
        answer=answer,
        form=whole_form(form),
        sealed=parts().seal.seal(draft.envelope),
        **addresses(draft.envelope),
    )
    return make_response(html)


def split_just_now(draft: Draft) -> str:
    """What is said of an image that was posted as a whole, and is split into its boxes in the draft."""
    return told_of_split(request.form, draft.typed)


def page_of(page: Page) -> str:
    """The page that a form stands on."""
    if isinstance(page.form, AnswersForm):
        return "answers/form.html"
    return "action_form/edit.html" if page.draft.envelope.snapshot.opened else "action_form/new.html"
