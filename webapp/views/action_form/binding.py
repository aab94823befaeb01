"""The form of a draft: the whole one, that of a change, or a template's."""

from collections.abc import Mapping

from flask import abort, request

from webapp.context import parts
from webapp.forms.action_form.changes import ChangeForm
from webapp.forms.action_form.form import RunContainerForm
from webapp.forms.action_form.ruled import Judge
from webapp.forms.answers import AnswersForm
from webapp.prepared.templates import Template
from webapp.submissions.drafts import Draft

AnyForm = RunContainerForm | AnswersForm


def bind(draft: Draft, pasted: Mapping[str, str] | None = None) -> AnyForm:
    """Make the form of a draft, with the pasted texts that stay on the page, and the CSRF token that was posted."""
    if draft.envelope.template:
        return bind_answers(draft)
    return bind_whole(draft, pasted)


def bind_whole(draft: Draft, pasted: Mapping[str, str] | None = None) -> RunContainerForm:
    """The same for a draft that is known to be of the whole form."""
    if draft.envelope.snapshot.opened:
        return bind_change(draft, pasted)
    return RunContainerForm(with_page(draft, pasted), draft.secrets, draft.envelope.snapshot, judge_for(draft))


def bind_answers(draft: Draft, sealed: Mapping[str, str] | None = None) -> AnswersForm:
    """The same for a draft that is known to be of a template's form; `sealed` are the template's secrets, opened."""
    typed, snapshot = with_page(draft, None), draft.envelope.snapshot
    return AnswersForm(template_of(draft), typed, draft.secrets, snapshot, sealed, judge_for(draft))


def template_of(draft: Draft) -> Template:
    """What the version of a template says that a draft is made from. One that can't be read is not found."""
    source = draft.envelope.template
    return (source and parts().library.version(source.id, source.version)) or abort(404)


def bind_change(draft: Draft, pasted: Mapping[str, str] | None = None) -> ChangeForm:
    """The same for a draft that is known to change an action."""
    return ChangeForm(with_page(draft, pasted), draft.secrets, draft.envelope.snapshot, judge_for(draft))


def judge_for(draft: Draft) -> Judge:
    """Who tells what the team's rules say to a draft, at the moment when it is checked."""
    return Judge(draft.envelope.place, parts().rulebook.now, by_template=draft.envelope.template is not None)


def with_page(draft: Draft, pasted: Mapping[str, str] | None) -> dict[str, str]:
    """The fields of a draft with those that belong to one page."""
    return {**draft.typed, **(pasted or {}), "csrf_token": request.form.get("csrf_token", "")}


def whole_form(form: AnyForm) -> RunContainerForm:
    """The whole form, also where answers have filled it in."""
    return form.whole if isinstance(form, AnswersForm) else form
