"""Where a template stands when somebody uses it: as it is now, and what of it has changed since its form was opened."""

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.buddy.places import Place
from webapp.context import parts
from webapp.forms.templates.telling import change_for_users
from webapp.library import CurrentTemplate
from webapp.prepared.templates import Template
from webapp.submissions.envelope import FromTemplate
from webapp.views.templates.changed import told_changes

RETIRED = "The template “{name}” was retired: nobody can use it any more."
ELSEWHERE = "The template “{name}” may not be used in this pipeline."
INCOMPLETE = "The template “{name}” lacks a secret that it fills in. Ask whoever makes your templates to type it again."
OUTDATED = "The template “{name}” was changed since this action was added. To use it as it is now, add another one."
# What to do where nothing can be made from it.
ANOTHER = "Choose another one on the home page."
CHANGED = "The template “{name}” was changed since this form was opened."


@dataclass(frozen=True)
class TemplateStatus:
    """A template as it is `now`, for a form that was made from its version `seen`. `before` is what that version says,
    where it is an older one that can be read. `bound` is the version of an action that is there, which other answers
    must not bring to a newer one."""

    now: CurrentTemplate
    place: Place
    seen: int
    before: Template | None = None
    bound: int | None = None

    @property
    def template(self) -> Template:
        """What it says now."""
        return self.now.template

    @property
    def source(self) -> FromTemplate:
        """What a form that is made from it now names."""
        return FromTemplate(self.now.id, self.now.version)

    @property
    def moved(self) -> bool:
        """Whether it was changed since the form was made."""
        return self.seen != self.now.version

    @property
    def why_not(self) -> str:
        """Why nothing can be made from it here, in a sentence; an empty text where something can."""
        name = self.template.name
        if self.now.retired_at is not None:
            return RETIRED.format(name=name)
        if not self.template.usable_in(self.place.workspace, self.place.project, self.place.pipeline):
            return ELSEWHERE.format(name=name)
        if self.bound not in (None, self.now.version):
            return OUTDATED.format(name=name)
        return INCOMPLETE.format(name=name) if self.now.missing else ""

    @property
    def sentence(self) -> str:
        """What has to be told before anything can be sent; an empty text where nothing has."""
        return self.why_not or (CHANGED.format(name=self.template.name) if self.moved else "")

    @property
    def changes(self) -> Sequence[str]:
        """What the newer version changes, in words."""
        before = self.before
        if before is None or not self.moved:
            return ()
        return [
            words
            for each in told_changes(before, self.template)
            for words in change_for_users(each, before, self.template)
        ]


def template_status_of(source: FromTemplate, place: Place, bound: int | None = None) -> TemplateStatus | None:
    """Where the template of a form stands now; None when it can't be read. `bound` is as in `TemplateStatus`."""
    now = parts().library.find(source.id)
    if now is None:
        return None
    before = parts().library.version(source.id, source.version) if source.version != now.version else None
    return TemplateStatus(now, place, source.version, before, bound)
