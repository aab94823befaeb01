"""What a maker has posted: read, with the secrets taken out. No draft keeps these: sealed, they stay with the page."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import request

from webapp.context import parts, person
from webapp.forms.action_form.posted import Typed
from webapp.forms.action_form.secrets import take_secrets
from webapp.forms.templates.buttons import without_empty_rows
from webapp.forms.templates.fillings import of_template, with_questions
from webapp.forms.templates.form import STANDS_FOR, TemplateForm, is_kept, read
from webapp.library import CurrentTemplate
from webapp.prepared.secrets import is_templates
from webapp.prepared.templates import Template
from webapp.views.templates.areas import with_addresses

# A page is open for a day at most.
KEPT_WITHIN = timedelta(hours=24)


@dataclass(frozen=True)
class Posted:
    """The public fields, and the secrets that they name, by id."""

    typed: Typed
    secrets: Mapping[str, str]

    def form(self, typed: Typed | None = None) -> TemplateForm:
        """The form of it, or of what a button made of the fields."""
        return TemplateForm(self.typed if typed is None else typed, self.secrets)


def posted(seen: CurrentTemplate | None = None, tidy: bool = True) -> Posted:
    """Read the posted form, of a new template or of the one that was `seen`; without empty rows where it is to be
    `tidy`. Raises `TooManyRows`."""
    typed = with_addresses(read(request.form))
    typed = without_empty_rows(typed) if tidy else typed
    return taken(typed, stored_of(typed, seen))


def page_of(template: Template, seen: CurrentTemplate | None) -> Posted:
    """The page of a template as it is, or as a file has it. Of its secrets those are named that the one that was
    `seen` has."""
    stored = dict.fromkeys(seen.secrets, STANDS_FOR) if seen else {}
    typed = of_template(template)
    return taken({name: text for name, text in typed.items() if not is_kept(name) or text in stored}, stored)


def taken(typed: Typed, stored: Mapping[str, str]) -> Posted:
    """Take the secrets out of what was typed: in their place stand sealed ones, for their person alone."""
    public, secrets = take_secrets(with_questions(typed), stored)
    sealed = {id: id if id in stored else seal(value) for id, value in secrets.items()}
    page = {name: sealed.get(text, text) if is_kept(name) else text for name, text in public.items()}
    return Posted(page, {sealed[id]: value for id, value in secrets.items()})


def stored_of(typed: Mapping[str, str], seen: CurrentTemplate | None) -> dict[str, str]:
    """The secrets that the fields name: sealed ones, and those that the template has already."""
    named = {text for name, text in typed.items() if is_kept(name) and text}
    of_template = seen.secrets if seen else frozenset()
    opened = {id: unsealed(id) for id in named if not is_templates(id)}
    known = {id: value for id, value in opened.items() if value is not None}
    return known | {id: STANDS_FOR for id in named if id in of_template}


def seal(value: str) -> str:
    """Seal a secret for the page of who has typed it."""
    return parts().vault.seal(json.dumps([person().id, parts().clock().isoformat(), value]))


def unsealed(sealed: str) -> str | None:
    """Open what `seal` made for the same person within a day; None otherwise."""
    opened = parts().vault.open(sealed)
    if opened is None:
        return None
    try:
        owner, at, value = json.loads(opened)
        fresh = parts().clock() - datetime.fromisoformat(at) < KEPT_WITHIN
    except (ValueError, TypeError):
        # Something else was sealed with the same keys.
        return None
    return str(value) if owner == person().id and fresh else None
