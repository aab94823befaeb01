"""The helper buttons of the form: each changes what was typed, none sends anything."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from webapp.docker.references import ReferenceError, check_tag
from webapp.docker.texts import blank
from webapp.forms.action_form.fillings import to_env
from webapp.forms.action_form.images import ACTION
from webapp.forms.action_form.last_paste import FilledIn
from webapp.forms.action_form.posted import Typed, rows_of, with_rows
from webapp.forms.action_form.references import split_image
from webapp.forms.action_form.refused import NotChosen, PasteError
from webapp.forms.action_form.reports import Report

CHECK = "check"
# What Enter in a box presses.
ENTER = "enter"
PREVIEW = "preview"
BACK = "back"
# Followed by the name of a setting: back to its box, or to the first of its rows.
BACK_TO = "back-"
LINK = "link"
# The registry is asked: whether the image is there, on the form or on its review; for its tags; which versions it is.
CHECK_IMAGE, CHECK_REVIEWED, TAGS, PIN = "check-image", "check-reviewed-image", "tags", "pin"
# Followed by a tag, which goes into its box; or the one that is chosen in the list of tags.
USE_TAG, USE_CHOSEN = "use-tag-", "use-tag"
YAML = "yaml"
ROW_BUTTON = re.compile(r"(add|remove|forget)-(volume_mappings|variables)(?:-([0-9]{1,6}))?")
NEW_ROWS: dict[str, Typed] = {
    "volume_mappings": {"source": "", "target": ""},
    "variables": {"key": "", "value": "", "type": "VAR"},
}
# What is empty alone; or in place of what the last paste has filled in, too.
FILL, FILL_AGAIN = "fill-run", "fill-run-again"
FILL_ENV, TO_ENV = "fill-env", "edit-env"
# The boxes of the texts.
RUN, ENV = "run_command", "env_text"
FIRST_FIELDS = {"volume_mappings": "source", "variables": "key"}


@dataclass(frozen=True)
class Pressed:
    """What a button made of the fields; the id of the field to go on with; the pasted texts that stay; what came of
    one, and what it filled in. `refused` is the box of a text that can't be read."""

    typed: Typed
    focus: str = ""
    pasted: Typed = field(default_factory=dict)
    report: Report | None = None
    refused: str = ""
    filled_in: FilledIn | None = None

    def pasted_in(self, typed: Mapping[str, str]) -> Typed:
        """The pasted texts that stay, with the marks of what the last one filled in, in a form that holds `typed`."""
        if self.filled_in is None:
            return self.pasted
        return {**self.pasted, "last_paste": f"{self.pasted['last_paste']} {self.filled_in.marks(typed)}".strip()}


def press(button: str, typed: Mapping[str, str], pasted: Mapping[str, str]) -> Pressed:
    """Do what a helper button says."""
    if button in (FILL, FILL_AGAIN):
        return fill_run(typed, pasted, pasted["last_paste"] if button == FILL_AGAIN else "")
    # A text that could be read has become variables already; one that could not is written over by nothing.
    unread = not blank(pasted["env_text"])
    if button == FILL_ENV or (button == TO_ENV and unread):
        return Pressed(dict(typed), "", dict(pasted), refused=ENV if unread else "")
    if button == TO_ENV:
        rows, text, report = to_env(typed)
        return Pressed(rows, "env_text", {**pasted, "env_text": text}, report)
    changed, focus = change(button, typed)
    return Pressed(changed, focus, dict(pasted))


def fill_run(typed: Mapping[str, str], pasted: Mapping[str, str], marks: str) -> Pressed:
    """Fill in the form from what was pasted, in place of what is marked."""
    # Loaded here for the same reason as in `read_paste`.
    from webapp.forms.action_form.pasted import fill_from_paste

    try:
        filled = fill_from_paste(typed, pasted["run_command"], pasted["run_choice"], marks)
    except NotChosen:
        return Pressed(dict(typed), "run_choice", dict(pasted), refused=RUN)
    except PasteError:
        return Pressed(dict(typed), "run_command", dict(pasted), refused=RUN)
    # What was filled in beside an earlier paste is taken out with that.
    stays = "" if marks else pasted["last_paste"]
    kept = {**pasted, "run_command": "", "run_choice": "", "last_paste": stays}
    return Pressed(filled.typed, "", kept, filled.report, filled_in=filled.filled_in)


def change(button: str, typed: Mapping[str, str]) -> tuple[Typed, str]:
    """Change the fields as a button says. Gives them and the id of the field to go on with.

    An unknown button changes nothing, like "check".
    """
    if button == "forget-password":
        return {name: value for name, value in typed.items() if name not in ("password", "password_kept")}, "password"
    if button == BACK:
        return dict(typed), "preview"
    if button.startswith(BACK_TO):
        return dict(typed), box_of(button.removeprefix(BACK_TO), typed)
    if button.startswith(USE_TAG):
        return use_tag(button.removeprefix(USE_TAG), typed), "docker_image_tag"
    if button == "split-image":
        return split_image(typed), "docker_image_name"
    match = ROW_BUTTON.fullmatch(button)
    if match is None:
        return dict(typed), ""
    verb, kind, number = match[1], match[2], int(match[3] or 0)
    if verb == "add":
        return add_row(typed, kind)
    return remove_row(typed, kind, number) if verb == "remove" else forget_value(typed, kind, number)


def use_tag(tag: str, typed: Mapping[str, str]) -> Typed:
    """Put a tag that was chosen into its box; what is none is left alone."""
    try:
        check_tag(tag)
    except ReferenceError:
        return dict(typed)
    return {**typed, "docker_image_tag": tag}


def box_of(setting: str, typed: Mapping[str, str]) -> str:
    """The id of the box in which a setting is typed: of one with rows that of the first, or of what adds one.

    Of an image built earlier nobody types the name: there it is the choice of the build action.
    """
    if setting in ("docker_image_name", "docker_image_tag") and typed.get("image_source") == ACTION:
        return "docker_build_action_id"
    if setting not in NEW_ROWS:
        return setting
    return f"{setting}-0-{FIRST_FIELDS[setting]}" if rows_of(typed, setting) else f"add-{setting}"


def add_row(typed: Mapping[str, str], kind: str) -> tuple[Typed, str]:
    """Add an empty row at the end."""
    rows = [*rows_of(typed, kind), NEW_ROWS[kind]]
    return with_rows(typed, kind, rows), f"{kind}-{len(rows) - 1}-{FIRST_FIELDS[kind]}"


def remove_row(typed: Mapping[str, str], kind: str, number: int) -> tuple[Typed, str]:
    """Remove a row, and with it the name of its secret; go on with the row that takes its place."""
    rows = rows_of(typed, kind)
    del rows[number : number + 1]
    neighbour = min(number, len(rows) - 1)
    focus = f"{kind}-{neighbour}-{FIRST_FIELDS[kind]}" if rows else f"add-{kind}"
    return with_rows(typed, kind, rows), focus


def forget_value(typed: Mapping[str, str], kind: str, number: int) -> tuple[Typed, str]:
    """Forget the value of a row, be it kept or one that is not known here: it is empty then."""
    rows = rows_of(typed, kind)
    for row in rows[number : number + 1]:
        row.pop("kept", None)
        row.pop("unknown", None)
        row["value"] = ""
    return with_rows(typed, kind, rows), f"{kind}-{number}-value"
