"""The locks of a template: what is posted all the same, or answered as it can't be, is refused and put on record."""

from collections.abc import Sequence

from werkzeug.wrappers import Response

from webapp.context import actor, asked, parts
from webapp.forms.action_form.form import LABELS
from webapp.forms.action_form.posted import PASTES, ROW_NAME
from webapp.forms.answers import AnswersForm
from webapp.store.events import NewEvent
from webapp.submissions.drafts import Draft
from webapp.views.action_form.binding import AnyForm, bind
from webapp.views.action_form.pages import Page, show_form
from webapp.views.action_form.posting import Posted, keep, renewed_for
from webapp.views.answers.template_status import TemplateStatus

# In characters and in number, of what was posted under names that anybody can make up.
LONGEST_NAME = 60
MOST_NAMES = 20
AT_THIS_MOMENT = (
    "Somebody else was changing the template at this moment. Nothing has been sent: look, and press the button again."
)
PASTED = "A text to fill in boxes from"


def stopped_by_template(posted: Posted, draft: Draft, form: AnyForm) -> Response | None:
    """The form once more where what was posted opens a lock, or the template is not as it was; None else."""
    template_status = posted.template_status
    if template_status is None:
        return None
    if posted.locked:
        return show_locked(keep(draft), form, template_status, posted.locked)
    return (
        show_form(Page(keep(draft), form, template_status=template_status), 409) if template_status.sentence else None
    )


def show_locked(draft: Draft, form: AnyForm, template_status: TemplateStatus, names: Sequence[str]) -> Response:
    """The form once more, with the answers alone, after boxes were posted that the template fixes or leaves out."""
    refuse("locked", template_status, names)
    return show_form(Page(draft, form, template_status=template_status, locked=boxes_named(names)), 422)


def show_moved(draft: Draft) -> Response:
    """The form once more, as the template is now, after it was changed at the very moment of the send."""
    newer, template_status = renewed_for(draft)
    notice = "" if template_status and template_status.sentence else AT_THIS_MOMENT
    return show_form(Page(keep(newer), bind(newer), notice=notice, template_status=template_status), 409)


def refuse_outside(form: AnyForm, template_status: TemplateStatus | None) -> None:
    """Put on record that answers are not what their questions ask for, where any are."""
    keys = form.outside() if isinstance(form, AnswersForm) else []
    if keys and template_status:
        refuse("answers", template_status, keys)


def refuse(what: str, template_status: TemplateStatus, names: Sequence[str]) -> None:
    """Put on record what was refused, and of which template."""
    now = template_status.now
    told = [name[:LONGEST_NAME] for name in names[:MOST_NAMES]]
    details = {**asked(), "template": now.id, "called": now.template.name, "version": now.version, "boxes": told}
    parts().journal.record(NewEvent(actor(), "refused", what, details))


def boxes_named(names: Sequence[str]) -> list[str]:
    """What boxes are called that were posted, each once."""
    called = []
    for name in names[:MOST_NAMES]:
        row = ROW_NAME.fullmatch(name)
        words = PASTED if name in PASTES else LABELS.get(row[1] if row else name, name.removeprefix("answers-"))
        called.append(words[:LONGEST_NAME])
    return list(dict.fromkeys(called))
