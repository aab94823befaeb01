"""A maker's page that is posted by somebody who is signed out, or may make no templates any more: it is kept for them.

Each page carries a sealed mark that says whose it is, so that a stranger can't keep anything. Secrets are left out: no
draft holds them.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_urlsafe

from flask import request

from webapp.auth.people import Role
from webapp.context import parts, person
from webapp.forms.action_form.posted import Typed
from webapp.forms.action_form.secrets import take_secrets
from webapp.forms.templates.fillings import of_template, of_whole_form, with_questions
from webapp.forms.templates.form import CARRIED, STANDS_FOR, TemplateForm, is_kept, read
from webapp.library import Shelved
from webapp.store.failures import JournalUnavailable
from webapp.store.models import UnfinishedTemplate
from webapp.store.unfinished import NoRoom
from webapp.views.templates.posting import KEPT_WITHIN, Posted, stored_of, taken

MARK = "page"


@dataclass(frozen=True)
class PageMark:
    """Which page it is, whose, when it was drawn, and which template it changes; none for a new one."""

    id: str
    owner: str
    at: datetime
    template: str | None = None

    def sealed(self) -> str:
        """The text of the hidden field."""
        return parts().vault.seal(json.dumps([self.id, self.owner, self.at.isoformat(), self.template]))


@dataclass(frozen=True)
class KeptPage:
    """A page that was posted too late; `kept` is False where there is no room for it."""

    id: str
    kept: bool = True


def mark_for(sealed: str, seen: Shelved | None) -> str:
    """The mark of a page that is drawn for who asks: the one that it had, of now, or a new one."""
    known = opened(sealed)
    id = known.id if known is not None and known.owner == person().id else token_urlsafe(9)
    return PageMark(id, person().id, parts().clock(), seen.id if seen else None).sealed()


def opened(sealed: str) -> PageMark | None:
    """Read a mark; None for anything else."""
    text = parts().vault.open(sealed)
    try:
        id, owner, at, template = json.loads(text or "")
        return PageMark(id, owner, datetime.fromisoformat(at), template)
    except (ValueError, TypeError):
        # Nothing, or something else that was sealed with the same keys.
        return None


def mark_posted() -> PageMark | None:
    """The mark of the page that was posted. That of the whole form, with “Make a template of this”, is its envelope."""
    envelope = parts().seal.read_anywhere(request.form.get("envelope", ""))
    if envelope is None:
        return opened(request.form.get(MARK, ""))
    return PageMark(token_urlsafe(9), envelope.owner, datetime.fromtimestamp(envelope.issued_at, UTC))


def keep_page(person_id: str | None = None) -> KeptPage | None:
    """Keep a page that was posted after its person's session had ended, or a role of theirs.

    None when nothing was typed, the person may no longer keep anything or is not the one who is asking (`person_id`),
    or the page is none that Slipway handed out of late. Raises `TooManyRows` and `JournalUnavailable`.
    """
    mark = mark_posted()
    if mark is None or parts().clock() - mark.at > KEPT_WITHIN:
        return None
    if mark.owner != person_id if person_id else not may_keep(mark.owner):
        return None
    seen = parts().library.find(mark.template) if mark.template else None
    typed, dropped = without_typed_secrets(posted_page(), seen)
    if untouched(typed, seen) and not dropped:
        return None
    try:
        parts().unfinished.keep(mark.id, mark.owner, mark.template, typed, dropped)
    except NoRoom:
        return KeptPage(mark.id, kept=False)
    return KeptPage(mark.id)


def posted_page() -> Typed:
    """What was typed. What the whole form holds becomes a page first."""
    typed = read(request.form)
    page = with_questions(typed) if "name-use" in typed else of_whole_form(typed)
    return {name: text for name, text in page.items() if name not in CARRIED or name == "version"}


def may_keep(owner: str) -> bool:
    """Whether somebody who is not signed in at the moment is one who may make templates, or may be let again."""
    account = parts().staff.accounts.find(owner)
    return account is not None and account.disabled_at is None and Role.of(account.role).covers(Role.EDITOR)


def without_typed_secrets(typed: Mapping[str, str], seen: Shelved | None) -> tuple[Typed, bool]:
    """Leave out the secrets that were typed, and tell whether there were any. The template's own stay named."""
    stored = dict.fromkeys(seen.secrets, STANDS_FOR) if seen else {}
    public, _ = take_secrets(typed, stored)
    gone = {name for name, text in public.items() if is_kept(name) and text and text not in stored}
    rest = {name: text for name, text in public.items() if name not in gone}
    # An empty box is there, so that nothing else is filled in.
    empty = {f"{name.removesuffix('kept')}value": "" for name in gone if name != "password_kept"}
    return rest | empty, bool(gone)


def untouched(typed: Mapping[str, str], seen: Shelved | None) -> bool:
    """Whether a page is as it was when it was opened."""
    begun = with_questions(of_template(seen.template)) if seen else of_whole_form({})
    return TemplateForm(typed, {}).filled == TemplateForm(begun, {}).filled


def page_again(row: UnfinishedTemplate, seen: Shelved | None) -> Posted:
    """What was kept of a page, as if its person had posted it."""
    mark = PageMark(row.id, row.owner, parts().clock(), row.template).sealed()
    return taken({**row.typed, MARK: mark}, stored_of(row.typed, seen))


def forget_page(typed: Mapping[str, str]) -> None:
    """Forget what was kept of a page, once there is a template of it."""
    mark = opened(typed.get(MARK, ""))
    if mark is not None and mark.owner == person().id:
        # The template is there: whether this can be forgotten at once is no matter.
        with suppress(JournalUnavailable):
            parts().unfinished.remove(mark.id, mark.owner)
