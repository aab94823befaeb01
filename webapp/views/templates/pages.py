"""What the pages of templates show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.buddy.snapshot import Snapshot
from webapp.forms.answers import AnswersForm, linked_answers
from webapp.forms.templates.form import TemplateForm
from webapp.library import CurrentTemplate
from webapp.prepared.changes import Change
from webapp.prepared.hints import hints
from webapp.prepared.options import without_dash
from webapp.prepared.templates import Template
from webapp.store.models import UnfinishedTemplate
from webapp.store.unfinished import MOST_UNFINISHED
from webapp.views.templates.areas import known_places, unknown_places
from webapp.views.templates.keeping import KeptPage, keep_typing, mark_for


@dataclass(frozen=True)
class MakerPage:
    """The page on which a template is made, or `seen` is changed: `focus` is the id of the field to go on with,
    `checked` tells that the form has been validated, `tone` which kind of notice the `notice` is, `left` what could not
    be taken over into it, `conflicts` what somebody else has changed meanwhile: `renewed` says that this page tells so,
    and takes that version as seen; `asked_to_check` that it was drawn for Check. `draft` is what was kept of it,
    `waiting` an earlier one that its person has left."""

    form: TemplateForm
    seen: CurrentTemplate | None = None
    focus: str = ""
    checked: bool = False
    notice: str = ""
    tone: str = "warning"
    left: Sequence[str] = ()
    conflicts: Sequence[Change] = ()
    renewed: bool = False
    asked_to_check: bool = False
    draft: KeptPage | None = None
    waiting: UnfinishedTemplate | None = None

    @property
    def mark(self) -> str:
        """What says whose page it is, when it is posted without a session."""
        return self.draft.mark.sealed() if self.draft else mark_for(self.form, self.seen)

    @property
    def version(self) -> int:
        """The version that its person has seen; 0 for a new template."""
        seen = self.seen.version if self.seen else 0
        return seen if self.renewed else self.form.version or seen

    @cached_property
    def template(self) -> Template:
        """The template, as far as it is typed."""
        return self.form.to_template()

    @cached_property
    def unknown(self) -> Mapping[str, Sequence[str]]:
        """The places that Slipway does not know, told once the form is checked, each with those that may be meant.

        What the version that is there names already is no news.
        """
        known = self.seen.template.areas if self.seen else ()
        return unknown_places(area for area in self.template.areas if area not in known) if self.checked else {}

    @property
    def told_places(self) -> str:
        """The unknown places that its person has been told of, one per line."""
        return "\n".join(self.unknown) or self.form.typed.get("told_places", "")

    @property
    def untold(self) -> bool:
        """Whether there are unknown places that its person has not been told of before."""
        return not self.unknown.keys() <= set(self.form.typed.get("told_places", "").split("\n"))

    @property
    def in_order(self) -> bool:
        """Whether Check has found nothing to mend."""
        return self.asked_to_check and not self.problems and not self.unknown

    @property
    def hints(self) -> Sequence[str]:
        """What its maker may have overlooked in the commands."""
        return hints(self.template)

    @property
    def without_dash(self) -> Sequence[str]:
        """The variables whose answers must not begin with “-”."""
        return without_dash(self.template)

    @property
    def keys(self) -> tuple[str, ...]:
        """The short names of the answers."""
        return tuple(question.key for question in self.template.questions())

    @property
    def live(self) -> AnswersForm | None:
        """What the others will see; None while two questions have the same short name."""
        if len(set(self.keys)) < len(self.keys):
            return None
        return AnswersForm(self.template, linked_answers(self.template, {}), {}, Snapshot(""))

    @property
    def problems(self) -> list[tuple[str, str]]:
        """What the error summary lists."""
        return list(self.form.problems()) if self.checked else []


def addresses(seen: CurrentTemplate | None) -> Mapping[str, str]:
    """Where the form is sent to, and where its helper buttons go."""
    if seen is None:
        return {"send_address": url_for("templates.create"), "helper_address": url_for("templates.redraw")}
    return {
        "send_address": url_for("templates.change", id=seen.id),
        "helper_address": url_for("templates.redraw_change", id=seen.id),
    }


def show_maker(page: MakerPage, status: int = 200) -> Response:
    """Draw the page on which a template is made or changed. What was posted of it is kept as a draft."""
    if request.method == "POST":
        page = replace(page, draft=keep_typing(page.form, page.seen))
    html = render_template(
        "templates/edit.html",
        page=page,
        most_unfinished=MOST_UNFINISHED,
        form=page.form,
        seen=page.seen,
        used=page.form.used(),
        known_places=known_places(),
        **addresses(page.seen),
    )
    return make_response(html, status)


def show_changes(form: TemplateForm, seen: CurrentTemplate, found: Sequence[Change], typed: Sequence[str]) -> Response:
    """Draw what a new version changes, before it is made; `typed` are the secrets that come with it. What was posted
    is kept as a draft."""
    mark = MakerPage(form, seen, draft=keep_typing(form, seen)).mark
    html = render_template(
        "templates/changes.html", form=form, seen=seen, changes=found, typed=typed, mark=mark, **addresses(seen)
    )
    return make_response(html)


def show_question(name: str, seen: CurrentTemplate, **more: Any) -> Response:
    """Draw a question before something is done to a template."""
    return make_response(render_template(f"templates/{name}.html", seen=seen, **more))
