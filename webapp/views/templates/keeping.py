"""Drafts of templates: what was posted of a maker's page is kept for them, also when their session has ended.

Each page carries a sealed mark that says whose it is, so that a stranger can't keep anything. Secrets are left out: no
draft holds them.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from secrets import token_urlsafe

from flask import request

from webapp.auth.people import Role
from webapp.context import parts, person, would_be_let
from webapp.forms.action_form.posted import Typed
from webapp.forms.action_form.secrets import take_secrets
from webapp.forms.templates.fillings import of_whole_form, with_questions
from webapp.forms.templates.form import CARRIED, STANDS_FOR, TemplateForm, is_kept, read
from webapp.forms.templates.uses import ASKED, LEFT
from webapp.library import CurrentTemplate
from webapp.store.failures import JournalUnavailable
from webapp.store.journal import Mark
from webapp.store.models import UnfinishedTemplate
from webapp.store.unfinished import NoRoom, Unfinished
from webapp.views.templates.posting import KEPT_WITHIN, Posted, stored_of, taken

MARK = "page"


@dataclass(frozen=True)
class PageMark:
    """Which draft it is, whose, when the page was drawn, and which template it changes; none for a new one.

    `begun` tells what the page held when nothing was typed yet. `editor` is the page, and `version` what of the draft
    it knows, as in `Mark`.
    """

    id: str
    owner: str
    at: datetime
    template: str | None = None
    begun: str = ""
    editor: str = ""
    version: int = 0

    def sealed(self) -> str:
        """The text of the hidden field."""
        return parts().vault.seal(json.dumps([*vars(self).values()], default=datetime.isoformat))


@dataclass(frozen=True)
class KeptPage:
    """What became of a page that was posted: `kept` is False where there is no room for it, `apart` tells that it is
    kept as a draft of its own, since another page has kept something newer."""

    mark: PageMark
    kept: bool = True
    apart: bool = False


def mark_for(form: TemplateForm, seen: CurrentTemplate | None) -> str:
    """The mark of a page that is drawn for who asks: the one that it had, of now, or a new one."""
    now, known = parts().clock(), opened(form.typed.get(MARK, ""))
    if known is not None and known.owner == person().id:
        return replace(known, at=now).sealed()
    template = seen.id if seen else None
    return PageMark(token_urlsafe(9), person().id, now, template, begun_as(form), token_urlsafe(9)).sealed()


def begun_as(form: TemplateForm) -> str:
    """Tell what a page holds from what others do."""
    # What is asked or left out has no box on the page.
    absent = {box for box, ask in form.all_uses.items() if ask.use.text in (ASKED, LEFT)}
    held = {name: value for name, value in form.filled.items() if name not in absent.union(CARRIED)}
    return parts().vault.fingerprint(json.dumps(held, sort_keys=True).encode())


def opened(sealed: str) -> PageMark | None:
    """Read a mark; None for anything else."""
    text = parts().vault.open(sealed)
    try:
        id, owner, at, *rest = json.loads(text or "")
        return PageMark(id, owner, datetime.fromisoformat(at), *rest)
    except (ValueError, TypeError):
        # Nothing, or something else that was sealed with the same keys.
        return None


def mark_posted() -> PageMark | None:
    """The mark of the page that was posted. That of the whole form, with “Make a template of this”, is its envelope."""
    envelope = parts().seal.read_anywhere(request.form.get("envelope", ""))
    if envelope is None:
        return opened(request.form.get(MARK, ""))
    at, begun = datetime.fromtimestamp(envelope.issued_at, UTC), begun_as(TemplateForm(of_whole_form({}), {}))
    return PageMark(token_urlsafe(9), envelope.owner, at, begun=begun, editor=token_urlsafe(9))


def keep_page(person_id: str | None = None) -> KeptPage | None:
    """Keep a page that was posted after its person's session had ended, or a role of theirs.

    None when nothing was typed, the person may no longer keep anything or is not the one who is asking (`person_id`),
    or the page is none that Slipway handed out in the last 24 hours. Raises `TooManyRows` and `JournalUnavailable`.
    """
    mark = mark_posted()
    if mark is None or parts().clock() - mark.at > KEPT_WITHIN:
        return None
    # An editor, even where the rules let none make templates: they may again.
    if mark.owner != person_id if person_id else not would_be_let(mark.owner, Role.EDITOR):
        return None
    seen = parts().library.find(mark.template) if mark.template else None
    typed = read(request.form)
    return keep(mark, with_questions(typed) if "name-use" in typed else of_whole_form(typed), seen)


def keep_typing(form: TemplateForm, seen: CurrentTemplate | None) -> KeptPage | None:
    """Keep what its person has posted of a page that is drawn again. None when nothing is typed, the page is none that
    Slipway handed out to them, or the database fails."""
    mark = opened(form.typed.get(MARK, ""))
    if mark is None or mark.owner != person().id:
        return None
    try:
        return keep(mark, form.typed, seen)
    except JournalUnavailable:
        # The page holds it all the same.
        return None


def keep(mark: PageMark, typed: Mapping[str, str], seen: CurrentTemplate | None) -> KeptPage | None:
    """Keep what a page holds; where another page has kept something newer, as a draft of its own.

    None when nothing is typed: then there is no draft of it. Raises `JournalUnavailable`.
    """
    page, dropped = without_typed_secrets(typed, seen)
    if begun_as(TemplateForm(page, {})) == mark.begun and not dropped:
        parts().unfinished.remove(mark.id, mark.owner, Mark(mark.editor, mark.version))
        return None
    held = {name: text for name, text in page.items() if name not in CARRIED or name == "version"}
    for each in (mark, replace(mark, id=token_urlsafe(9))):
        draft = Unfinished(each.id, each.owner, each.template, held, dropped)
        try:
            version = parts().unfinished.keep(draft, Mark(each.editor, each.version))
        except NoRoom:
            return KeptPage(mark, kept=False)
        if version is not None:
            return KeptPage(replace(each, version=version), apart=each is not mark)
    raise AssertionError("a new draft has an id that nobody else has")


def without_typed_secrets(typed: Mapping[str, str], seen: CurrentTemplate | None) -> tuple[Typed, bool]:
    """Leave out the secrets that were typed, and tell whether there were any. The template's own stay named."""
    stored = dict.fromkeys(seen.secrets, STANDS_FOR) if seen else {}
    public, _ = take_secrets(typed, stored)
    gone = {name for name, text in public.items() if is_kept(name) and text and text not in stored}
    rest = {name: text for name, text in public.items() if name not in gone}
    # An empty box is there, so that nothing else is filled in.
    empty = {f"{name.removesuffix('kept')}value": "" for name in gone if name != "password_kept"}
    return rest | empty, bool(gone)


def page_again(row: UnfinishedTemplate, seen: CurrentTemplate | None) -> Posted:
    """What was kept of a page, as if its person had posted it."""
    mark = PageMark(row.id, row.owner, parts().clock(), row.template, editor=token_urlsafe(9), version=row.version)
    return taken({**row.typed, MARK: mark.sealed()}, stored_of(row.typed, seen))


def waiting_page(template: str | None) -> UnfinishedTemplate | None:
    """What who asks has left last of a new template, or of a change of this one; None also while the database fails."""
    try:
        rows = parts().unfinished.of(person().id)
    except JournalUnavailable:
        return None
    return next((row for row in rows if row.template == template), None)


def forget_page(typed: Mapping[str, str]) -> None:
    """Forget what was kept of a page, once there is a template of it."""
    mark = opened(typed.get(MARK, ""))
    if mark is not None and mark.owner == person().id:
        # The template is there: whether this can be forgotten at once is no matter.
        with suppress(JournalUnavailable):
            parts().unfinished.remove(mark.id, mark.owner)
