"""How values appear on pages."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from flask_wtf.csrf import generate_csrf

from webapp.auth.people import Role
from webapp.buddy.action_types import deploys, type_in_words
from webapp.buddy.action_types import in_words as code_in_words
from webapp.compiled import KeptTemplates
from webapp.context import parts
from webapp.forms.action_form.images import image_in
from webapp.forms.messages import brief
from webapp.forms.templates.telling import change_term, secret_in_words
from webapp.forms.validators import on_page
from webapp.http.waits import counted, in_words
from webapp.prepared.sending_rules import SWITCHES, TITLES
from webapp.store.models import Submission
from webapp.submissions.states import is_known
from webapp.submissions.words import asked, called, called_by_all, capital, done, ended
from webapp.views.answers.naming import made_from
from webapp.views.browser_names import browser
from webapp.views.drawing import Drawn, Templates, drawn_once
from webapp.views.naming import here
from webapp.views.placed import names_of, workspace_called
from webapp.views.templates.areas import area_called

# In characters. What is sent may be longer, and a draft holds what the form would refuse.
LONGEST_SHOWN = 255


def register(app: Flask) -> None:
    """Give the templates their filters, what things are called, and each form its CSRF token."""
    app.jinja_environment = Templates
    # Without a limit, since all templates have room: with one, each of a page's forty look-ups would take a lock.
    kept = app.jinja_options.get("bytecode_cache") or KeptTemplates(Path(app.root_path, app.template_folder or ""))
    app.jinja_options = {"finalize": showable, "cache_size": -1, "bytecode_cache": kept}
    app.add_template_filter(shown, "shown")
    app.add_template_filter(capital, "capital")
    app.add_template_filter(browser, "browser")
    app.add_template_filter(role_words, "role_words")
    app.add_template_filter(rule_words, "rule_words")
    app.add_template_filter(named, "named")
    app.add_template_filter(brief, "brief")
    app.add_template_filter(secret_in_words, "secret_in_words")
    app.add_template_filter(change_term, "change_term")
    app.add_template_filter(type_in_words, "type_in_words")
    app.add_template_filter(deploys, "deploys")
    app.add_template_filter(code_in_words, "code_in_words")
    app.add_template_filter(in_words, "in_words")
    app.add_template_global(generate_csrf, "csrf_token")
    app.add_template_global(names_of, "names_of")
    app.add_template_global(area_called, "area_called")
    app.add_template_global(workspace_called, "workspace_called")
    app.add_template_global(made_from, "made_from")
    app.add_template_filter(exactly, "exactly")
    app.add_template_filter(here, "here")
    app.add_template_filter(ago, "ago")
    app.add_template_global(Drawn().remembered)
    app.add_template_global(drawn_once)
    for words in (draft_name, asked, called, called_by_all, done, ended, is_known):
        app.add_template_global(words)


def showable(value: Any) -> Any:
    """Replace in a text what HTML can't hold. What is already markup was made of such texts."""
    # Of what Python calls printable nothing is among them, and that is known much sooner.
    return on_page(value) if type(value) is str and not value.isprintable() else value


def rule_words(rule: str) -> str:
    """What a rule for what is sent is called, or one of the switches beside them."""
    return {**SWITCHES, **{str(subject): words for subject, words in TITLES.items()}}.get(rule, capital(rule))


def role_words(role: str) -> str:
    """What a role is called; of one that this version does not know, what it may do here."""
    words = role.capitalize()
    return words if role in list(Role) else f"{words}, of a newer Slipway: reads"


def draft_name(row: Submission) -> str:
    """What a draft is called: by the name of the action, else by the image, else by the pipeline."""
    pipeline: str = row.snapshot.get("pipeline_name") or f"pipeline {row.pipeline}"
    return named(row.name or image_in(row.typed) or pipeline)


def named(name: str | None) -> str:
    """What an action is called in a list: of a name that is longer than anybody reads, the beginning."""
    if not name:
        return "(no name)"
    return name if len(name) <= LONGEST_SHOWN else f"{name[:LONGEST_SHOWN]}…"


def exactly(moment: datetime, seconds: bool = False) -> str:
    """A time as pages write it, in UTC; with `seconds` where they matter."""
    clock = moment.strftime("%H:%M:%S") if seconds else moment.strftime("%H:%M")
    return f"{moment.day} {moment.strftime('%B %Y')}, {clock} UTC"


def ago(moment: datetime) -> str:
    """When something was, as lists say it."""
    return when(moment, parts().clock())


def when(moment: datetime, now: datetime) -> str:
    """How long ago something was, or its day and time when that was no longer today. Both times are in one zone.

    Within an hour it is the minutes, whatever the day. Script says the same in the person's own zone (static/page.js).
    """
    minutes = int((now - moment).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{counted(minutes, 'minute')} ago"
    days = (now.date() - moment.date()).days
    if days == 0:
        return f"{counted(minutes // 60, 'hour')} ago"
    if days == 1:
        return f"Yesterday, {moment:%H:%M}"
    year = "" if moment.year == now.year else f" {moment.year}"
    return f"{moment:%a} {moment.day} {moment:%b}{year}, {moment:%H:%M}"


def shown(value: Any) -> str:
    """A JSON value as people read it: texts as they are, the rest as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
