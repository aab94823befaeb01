"""Filling the page in: from what the whole form holds, from a template, and what of a new question can be guessed."""

from collections.abc import Iterator, Mapping

from webapp.docker.texts import blank
from webapp.forms.action_form.form import DEFAULTS, LABELS
from webapp.forms.action_form.images import SOURCES
from webapp.forms.action_form.posted import Typed, flatten, rows_of, with_rows
from webapp.forms.action_form.registries import RegistryForm
from webapp.forms.action_form.secrets import is_secret
from webapp.forms.action_form.sources import goes_with
from webapp.forms.templates.form import ASK, SIDES
from webapp.forms.templates.head import ANYWHERE, CHOSEN
from webapp.forms.templates.head import line_of as line_of_area
from webapp.forms.templates.uses import (
    ANY_TEXT,
    ASKED,
    CHOICES,
    DAY,
    FIXED,
    LEFT,
    LENGTH,
    MADE,
    PATTERN,
    YES_NO,
    key_of,
    line_of,
)
from webapp.prepared.areas import EVERYWHERE
from webapp.prepared.boxes import BOXES, LEFT_OUT, Asked, Fixed, LeftOut, Made, Sealed, Use
from webapp.prepared.questions import Question
from webapp.prepared.rules import Choices, Day, FreeText, Length, Pattern, YesNo
from webapp.prepared.secrets import PASSWORD, slot_of
from webapp.prepared.templates import PreparedVariable, PreparedVolume, Template

# What has to be filled in, unless it is asked.
NEEDED = ("docker_image_name", "docker_image_tag", "inline_commands")


def of_whole_form(typed: Mapping[str, str]) -> Typed:
    """Make a template's page of what the whole form holds: all that is filled in is fixed, but the name is asked."""
    single = {name: text for name, text in typed.items() if name in BOXES}
    filled = {box for box in BOXES if not blank((DEFAULTS | single).get(box))}
    uses = {f"{box}-use": FIXED if box in filled or of_a_source(box) else LEFT for box in BOXES}
    uses |= {"name-use": ASKED} | {f"{box}-use": FIXED for box in NEEDED}
    first = {"name-default": typed.get("name", ""), "template_name": typed.get("name", ""), "places": ANYWHERE}
    page = {**DEFAULTS, **typed, **uses, **first}
    variables = [{f"{ASK}use": FIXED, **row} for row in rows_of(typed, "variables") if row.get("key")]
    volumes = [{**{f"{side}_use": FIXED for side in SIDES}, **row} for row in rows_of(typed, "volume_mappings")]
    mapped = [row for row in volumes if any(not blank(row.get(side)) for side in SIDES)]
    return with_questions(with_rows(with_rows(page, "variables", variables), "volume_mappings", mapped))


def of_template(template: Template) -> Typed:
    """Make the page of a template. Of its secrets there are the names under which they are kept."""
    anywhere = template.areas == (EVERYWHERE,)
    page: Typed = {
        "template_name": template.name,
        "purpose": template.purpose,
        "places": ANYWHERE if anywhere else CHOSEN,
        "areas": "" if anywhere else "\n".join(map(line_of_area, template.areas)),
    }
    for box in BOXES:
        use = template.use(box)
        page |= {f"{box}-{name}": text for name, text in of_use(use).items()}
        if use == LEFT_OUT and of_a_source(box):
            page[f"{box}-use"] = FIXED
        if isinstance(use, Fixed | Made):
            page[box] = use.value if isinstance(use, Fixed) else use.text
    if isinstance(template.use("password"), Sealed):
        page["password_kept"] = PASSWORD
    page |= flatten("volume_mappings", map(volume_row, template.volumes))
    return page | flatten("variables", map(variable_row, template.variables))


def of_a_source(box: str) -> bool:
    """Whether a box goes with some sources of the image alone. One that is empty is the same as left out there."""
    return not all(goes_with(box, source) for source in SOURCES)


def of_use(use: Use) -> Typed:
    """The fields that say what is done with a box."""
    if isinstance(use, Asked):
        return {"use": ASKED, **of_question(use.question)}
    return {"use": MADE if isinstance(use, Made) else LEFT if isinstance(use, LeftOut) else FIXED}


def of_question(question: Question) -> Typed:
    """The fields of a question."""
    return {
        "label": question.label,
        "key": question.key,
        "help": question.help,
        "example": question.example,
        "default": question.default,
        "allowed": " ".join(question.variables_allowed),
        **ticked("may_be_empty", not question.required),
        **of_rule(question),
    }


def of_rule(question: Question) -> Typed:
    """The fields of its rule."""
    match question.rule:
        case Choices(options):
            return {"rule": CHOICES, "choices": "\n".join(map(line_of, options))}
        case Pattern(pattern, words):
            return {"rule": PATTERN, "pattern": pattern, "words": words}
        case Length(shortest, longest):
            return {"rule": LENGTH, "shortest": str(shortest), "longest": str(longest)}
        case YesNo(yes, no):
            return {"rule": YES_NO, "yes": yes, "no": no, **ticked("ticked", bool(question.default))}
        case Day(first, last):
            return {"rule": DAY, "first": str(first or ""), "last": str(last or "")}
        case FreeText(lines):
            return {"rule": ANY_TEXT, **ticked("lines", lines)}


def ticked(name: str, on: bool) -> Typed:
    """A box that is ticked, or not."""
    return {name: "true"} if on else {}


def variable_row(variable: PreparedVariable) -> Typed:
    """A variable as a row."""
    row = {"key": variable.key, "type": variable.type, "description": variable.description}
    row |= {**ticked("encrypted", variable.encrypted), **ticked("settable", variable.settable)}
    if isinstance(variable.value, Fixed):
        row["value"] = variable.value.value
    if isinstance(variable.value, Sealed):
        row["kept"] = slot_of(variable)
    return row | {f"{ASK}{name}": text for name, text in of_use(variable.value).items()}


def volume_row(volume: PreparedVolume) -> Typed:
    """A volume mapping as a row."""
    row: Typed = {}
    for side, use in zip(SIDES, (volume.source, volume.target), strict=True):
        row |= {f"{side}_{name}": text for name, text in of_use(use).items()}
        if isinstance(use, Fixed):
            row[side] = use.value
    return row


def with_questions(typed: Mapping[str, str]) -> Typed:
    """Begin each question that nothing is typed of yet: with the words of its box, and with what was fixed there."""
    page = {**typed, **from_questions(typed)}
    keys = {text for name, text in typed.items() if name.endswith(("-key", f"{ASK}key")) and f"{name[:-3]}use" in typed}
    for prefix, label, box, hint in asked_boxes(typed):
        if blank(page.get(f"{prefix}label")):
            page[f"{prefix}label"] = label
            if blank(page.get(f"{prefix}default")) and not blank(page.get(box)):
                page[f"{prefix}{'ticked' if box in BOXES and BOXES[box].ticked else 'default'}"] = page[box]
        if blank(page.get(f"{prefix}key")):
            page[f"{prefix}key"] = new_key(key_of(hint), keys)
            keys.add(page[f"{prefix}key"])
        if page.get(f"{prefix}rule") == YES_NO:
            page = {f"{prefix}yes": "yes", f"{prefix}no": "no"} | page if is_new_yes_no(page, prefix) else page
    return page


def is_new_yes_no(page: Mapping[str, str], prefix: str) -> bool:
    """Whether nothing is said yet of what is sent for yes and for no: the two boxes were not on the page."""
    return not {f"{prefix}yes", f"{prefix}no"} & page.keys()


def from_questions(typed: Mapping[str, str]) -> Typed:
    """The boxes that were asked and are fixed now: each has what was filled in at first."""
    uses = {name.removesuffix("use"): text for name, text in typed.items() if name.endswith(("-use", "_use"))}
    boxes = {prefix: prefix.removesuffix(ASK).rstrip("-_") for prefix, use in uses.items() if use in (FIXED, MADE)}
    boxes = {prefix: f"{box}-value" if prefix.endswith(ASK) else box for prefix, box in boxes.items()}
    # A secret that is kept stays.
    absent = {it: box for it, box in boxes.items() if not {box, f"{box.removesuffix('value')}kept"} & typed.keys()}
    found = {box: typed.get(f"{prefix}default", "") for prefix, box in absent.items()}
    return {box: text for box, text in found.items() if text}


def asked_boxes(typed: Mapping[str, str]) -> Iterator[tuple[str, str, str, str]]:
    """What is asked: where the question has its fields, the words of its box, its box, and what makes a good key."""
    for box in BOXES:
        if typed.get(f"{box}-use") == ASKED:
            yield f"{box}-", label_of(box), box, typed.get(f"{box}-label") or box
    for number, row in enumerate(rows_of(typed, "volume_mappings")):
        for side in SIDES:
            if row.get(f"{side}_use") == ASKED:
                words = "Folder in the pipeline" if side == "source" else "Folder in the container"
                name = f"volume_mappings-{number}-{side}"
                yield f"{name}_", words, name, row.get(f"{side}_label") or f"{side}_{number + 1}"
    for number, row in enumerate(rows_of(typed, "variables")):
        if row.get(f"{ASK}use") == ASKED:
            key = row.get("key", "").strip()
            words = key.replace("_", " ").strip().capitalize() or "Value"
            box = "" if is_secret(row) else f"variables-{number}-value"
            yield f"variables-{number}-{ASK}", words, box, key or row.get(f"{ASK}label") or "value"


def label_of(box: str) -> str:
    """What the whole form calls a box."""
    return LABELS.get(box) or str(getattr(RegistryForm, box).args[0])


def new_key(key: str, taken: set[str]) -> str:
    """A key that no other question has."""
    return next(name for name in (key, *(f"{key}_{number}" for number in range(2, 1000))) if name not in taken)
