"""The helper buttons of a template's page: each changes what was typed, none makes anything."""

import re
from collections.abc import Mapping

from webapp.docker.texts import blank
from webapp.forms.action_form.buttons import change
from webapp.forms.action_form.posted import Typed, rows_of, with_rows
from webapp.forms.templates.fillings import with_questions
from webapp.forms.templates.form import ASK, SIDES
from webapp.forms.templates.head import CHOSEN, with_line
from webapp.forms.templates.uses import FIXED

CHECK, PREVIEW, ADD_PLACE = "check", "preview", "add-place"
ROW = re.compile(r"add-(volume_mappings|variables)")
NEW = {"variables": {f"{ASK}use": FIXED}, "volume_mappings": {f"{side}_use": FIXED for side in SIDES}}


def press(button: str, typed: Mapping[str, str]) -> tuple[Typed, str]:
    """Do what a helper button says; gives the fields, and the id of the field to go on with."""
    if button == ADD_PLACE:
        areas = with_line(typed.get("areas", ""), typed.get("known_place", ""))
        return {**typed, "areas": areas, "places": CHOSEN, "known_place": ""}, "areas"
    changed, focus = change(button, typed)
    if match := ROW.fullmatch(button):
        *rows, last = rows_of(changed, match[1])
        changed = with_rows(changed, match[1], [*rows, {**last, **NEW[match[1]]}])
    return with_questions(changed), focus


def without_empty_rows(typed: Mapping[str, str]) -> Typed:
    """Leave out the rows in which nothing is typed."""
    page = dict(typed)
    for kind, names in (("variables", ("key", "value", "kept", "description")), ("volume_mappings", SIDES)):
        rows = [row for row in rows_of(page, kind) if any(not blank(row.get(name)) for name in names) or asks(row)]
        page = with_rows(page, kind, rows)
    return page


def asks(row: Mapping[str, str]) -> bool:
    """Whether anything of a row is asked."""
    return any(row.get(f"{part}use") not in (None, FIXED) for part in (ASK, "source_", "target_"))
